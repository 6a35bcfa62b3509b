"""Labels and passages in, one immutable index on disk out; a question needs no torch to search it.

Building: `building` (which labels changed, what is reused), `gathering` (reading, by several processes), `writing` (the
parts), `resuming` (what a killed build had encoded), `exporting` (sentence-transformers, ONNX), `publishing` (lock,
aside, rename). Asking: `opening`, `opened` (any open index), `store` (in a folder), `encoder`, `vectors`, `near`, `keywords`.
In Milvus: `milvus` (open), `milvus_publishing`, `milvus_files`, `milvus_rows`, `milvus_calls`, `sparse` (words). Shared:
`manifest`, `checking`, `saving`, `sharding`. Nothing is imported here, so that a question loads only what it uses.
"""
