"""stub"""
from assistant.label import Label
from assistant.reading.source import Source
def is_pdf(content: bytes) -> bool:
    return content[:1024].lstrip().startswith(b"%PDF-")
def read_pdf(content: bytes, source: Source) -> Label:
    raise NotImplementedError
