"""Bytes to text, and the hash that names them: the first step of every reader."""

import hashlib

from assistant.errors import UnreadableLabel


def decode(content: bytes, file: str) -> str:
    """UTF-8 text without a byte order mark; raises UnreadableLabel naming the byte that is none."""
    if not content.strip():
        raise UnreadableLabel("is empty", place=file, remedy="Put the label's text into it or remove the file")
    if b"\x00" in content[:65536]:
        raise UnreadableLabel(
            f"is a binary file (a zero byte at {content.index(0)})", place=file, remedy="Save it as UTF-8 text"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableLabel(
            f"is not UTF-8: byte {content[error.start]:#04x} at offset {error.start}",
            place=file,
            remedy="Save it as UTF-8 text",
        ) from error


def digest(content: bytes) -> str:
    """SHA-256 of the source file's bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()
