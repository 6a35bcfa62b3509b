"""HTML bytes to an element tree, whatever encoding they say they are in.

In: the bytes of a file. Out: the root of lxml's tree. More than `LARGEST` bytes, `MOST_TAGS` tags or `DEEPEST` levels
are refused by name; nothing is ever fetched. Left out: what the elements mean.
"""

import codecs
import re

from bs4.dammit import EncodingDetector
from lxml import etree
from lxml import html as lxml_html

from assistant.errors import UnreadableLabel

LARGEST = 32 * 1024 * 1024  # bytes
MOST_TAGS = 400_000  # opening and closing ones
DEEPEST = 150  # levels of elements
_HEAD = 65536  # bytes that are looked at to recognise the format
_OPENING = re.compile(
    rb"(?:\s+|<\?[^>]*>|<!--.*?-->)*<(?:!doctype\s+html|"
    rb"(?:html|head|body|title|meta|main|article|section|div|table|h[1-6]|p)(?=[\s>/]))",
    re.DOTALL | re.IGNORECASE,
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # in XML


def is_html(content: bytes) -> bool:
    """Whether the bytes begin as an HTML page does, or as a part of one.

    >>> is_html(b"<!DOCTYPE html><p>x"), is_html(b"<document/>"), is_html(b"p < 0.05")
    (True, False, False)
    """
    head = content[:_HEAD].replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n")
    return bool(_OPENING.match(head))


def parse(content: bytes, file: str) -> etree._Element:
    """The root of a page; raises UnreadableLabel naming file, trouble and remedy."""
    if len(content) > LARGEST:
        raise UnreadableLabel(f"is {len(content)} bytes long, more than {LARGEST}", place=file, remedy="Split the file")
    if (tags := content.count(b"<")) > MOST_TAGS:
        raise UnreadableLabel(f"has about {tags} tags, more than {MOST_TAGS}", place=file, remedy="Split the file")
    return parse_text(_decoded(content, file), file)


def parse_text(text: str, file: str) -> etree._Element:
    """The root of a page or of a part of one that is text already."""
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    clean = printable(text).encode("utf-8")
    try:
        root = lxml_html.document_fromstring(clean, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableLabel(f"is no HTML: {error}", place=file, remedy="Save the page again") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" and "depth" not in entry.message for entry in parser.error_log):
        raise UnreadableLabel("has a text or attribute of more than 10 MB", place=file, remedy="Split the file")
    if root.xpath("boolean(/" + "/*" * (DEEPEST + 1) + ")"):
        raise UnreadableLabel(
            f"is nested more than {DEEPEST} levels deep", place=file, remedy="Save only the label's part of the page"
        )
    _clean(root)
    return root


def printable(text: str) -> str:
    """Text without the characters that no XML may hold, a blank for each."""
    return text if text.isascii() and text.isprintable() else _FORBIDDEN.sub(" ", text)


def _clean(root: etree._Element) -> None:
    """Takes forbidden characters out of the text, which a page may give by their numbers: "&#1;"."""
    for element in root.iter():
        if element.text and isinstance(element.tag, str):
            element.text = printable(element.text)
        if element.tail:
            element.tail = printable(element.tail)


def _decoded(content: bytes, file: str) -> str:
    """By its byte order mark, as UTF-8, as the page says, or as browsers take it that says nothing."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded_as(content[len(mark) :], encoding, file)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        said = EncodingDetector.find_declared_encoding(content[:_HEAD], is_html=True) or "windows-1252"
    known = said if _is_known(said) else "windows-1252"
    return _decoded_as(content, known if codecs.lookup(known).name != "utf-8" else "windows-1252", file)


def _is_known(encoding: str) -> bool:
    try:
        b"x".decode(encoding, "ignore")  # subtle: also refuses codecs that make no text, as "hex"
    except (LookupError, ValueError):
        return False
    return True


def _decoded_as(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeError as error:
        raise UnreadableLabel(
            f"is neither UTF-8 nor {encoding}: {error}", place=file, remedy="Save the page as UTF-8"
        ) from error
