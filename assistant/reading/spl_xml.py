"""SPL bytes to an element tree, with everything dangerous about XML turned off.

In: the bytes of a file. Out: the root element of an SPL document. A document type declaration, an entity, more than
`LARGEST` bytes, `MOST_TAGS` tags or `DEEPEST` levels are refused by name; nothing is ever fetched. Left out: what the
elements mean.
"""

import re

from lxml import etree

from assistant.errors import UnreadableLabel

NAMESPACE = "{urn:hl7-org:v3}"
LARGEST = 64 * 1024 * 1024  # bytes; the largest labels that FDA publishes have a tenth of it
MOST_TAGS = 3_000_000
DEEPEST = 120  # levels of elements; real labels have about 25
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_HEAD = 65536  # bytes that are looked at to recognise the format


def is_spl(content: bytes) -> bool:
    """Whether the bytes look like an SPL document: XML whose root says `urn:hl7-org:v3`.

    >>> is_spl(b'<?xml version="1.0"?><document xmlns="urn:hl7-org:v3"/>')
    True
    """
    head = content[:_HEAD].replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"urn:hl7-org:v3" in head


def parse(content: bytes, file: str) -> etree._Element:
    """The root of an SPL document; raises UnreadableLabel naming file, trouble and remedy."""
    _check_size(content, file)
    _check_prolog(content, file)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise _unreadable(f"is no well-formed XML: {error}", file, "Download the label again") from error
    _check_tree(root, file)
    return root


def _check_size(content: bytes, file: str) -> None:
    if not content.strip():
        raise _unreadable("is empty", file, "Put the label's XML into it or remove the file")
    if len(content) > LARGEST:
        raise _unreadable(f"is {len(content)} bytes long, more than {LARGEST}", file, "Split the file")
    if (tags := content.count(b"<")) > MOST_TAGS:
        raise _unreadable(f"has about {tags} tags, more than {MOST_TAGS}", file, "Split the file")


def _check_prolog(content: bytes, file: str) -> None:
    """Refuses a document type declaration before a parser sees it, in any encoding that keeps ASCII recognisable."""
    plain = content[:_HEAD].replace(b"\x00", b"").lstrip(b"\xff\xfe")
    prolog = _PROLOG.match(plain)
    if plain[prolog.end() if prolog else 0 :].startswith(b"<!"):
        raise _unreadable("has a document type declaration", file, "Remove it: SPL documents have none")


def _check_tree(root: etree._Element, file: str) -> None:
    document = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise _unreadable("has a document type declaration", file, "Remove it: SPL documents have none")
    if root.tag != f"{NAMESPACE}document":
        raise _unreadable(
            f"has the root element {str(root.tag)[:100]!r}",
            file,
            "Give an SPL document: <document xmlns='urn:hl7-org:v3'>",
        )
    if root.xpath("boolean(/" + "/*" * (DEEPEST + 1) + ")"):
        raise _unreadable(f"is nested more than {DEEPEST} levels deep", file, "Download the label again")


def _unreadable(message: str, file: str, remedy: str) -> UnreadableLabel:
    return UnreadableLabel(message, place=file, remedy=remedy)
