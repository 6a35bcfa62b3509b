"""Labels and passages in, one immutable index on disk out; a question needs no torch to search it.

Building: `building` (which labels changed, what is reused), `gathering` (reading, by several processes), `writing` (the
parts), `resuming` (what a killed build had encoded), `exporting` (sentence-transformers, ONNX), `publishing` (lock,
aside, rename). Asking: `store` (the opened index), `encoder`, `vectors`, `near`, `keywords`. Shared: `manifest`,
`checking`, `saving`. Nothing is imported here, so that a question loads only what it uses.
"""
