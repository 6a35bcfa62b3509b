"""A plain-text label: numbered headings, section markers, lists and fixed-width tables.

In: bytes. Out: a `Label` whose text is the file decoded, with sections, blocks and tables at their exact places.
Sections come from "##### SECTION:" lines and headings; what an "EXCERPT:" opens belongs to Highlights until the next
heading of the full text. Left out: the flattened web page (`page`), kinds of sections and checks (`reading.finish`).
"""

import re
from itertools import islice

from assistant.label import Label
from assistant.reading.decoding import decode, digest
from assistant.reading.plain_blocks import Blocks
from assistant.reading.plain_lines import split_lines
from assistant.reading.source import Source

_MARKER = re.compile(r"^[ \t]*#{3,}[ \t]*SECTION:", re.MULTILINE)
_NUMBERED = re.compile(
    r"^[ \t]*(\d{1,2})(?:\.\d{1,2})?[ \t]+(?:INDICATIONS|DOSAGE|CONTRAINDICATIONS|WARNINGS|ADVERSE|"
    r"DRUG INTERACTIONS|USE IN|OVERDOSAGE|DESCRIPTION|CLINICAL|NONCLINICAL|REFERENCES|HOW SUPPLIED|PATIENT COUNSELING)",
    re.MULTILINE,
)
_WIDE_ROW = re.compile(
    r"^[ \t]{0,8}\S[^\n]{2,80}?[ ]{3,}[<>-]?\d[\d.,]*%?(?: \([^()\n]{1,12}\))?[ ]{3,}[<>-]?\d", re.MULTILINE
)
_MARKUP = re.compile(r"\s*(?:<[!?a-zA-Z]|[\[{])")
_NO_NAME = re.compile(r"\b(?:see|mg|and|or|the|in|with|than)\b")
_MENTIONS = 50  # of the product's name that are looked at for other names
_ENOUGH = 3  # numbered headings or rows


def is_plain_label(text: str) -> bool:
    """Whether a text is a label with section markers, numbered headings in capitals or fixed-width tables."""
    if _MARKUP.match(text[:200]) and "SECTION:" not in text[:200]:
        return False
    if _MARKER.search(text):
        return True
    numbered = {match.group(1) for match in _NUMBERED.finditer(text)}
    return len(numbered) >= _ENOUGH or len(_WIDE_ROW.findall(text[:500_000])) >= _ENOUGH


def read_plain(content: bytes, source: Source) -> Label:
    """The label in a text file; raises UnreadableLabel for an empty file or one that isn't UTF-8."""
    text = decode(content, source.file)
    blocks = Blocks(text, split_lines(text))
    blocks.read()
    name = source.name or _name(source.file)
    return Label(
        id=source.label_id,
        name=name,
        generic=source.generic,
        names=_names(text, name, source.generic),
        kind=source.kind or "prescription label",
        format="text",
        effective=source.effective,
        approval_code=source.approval_code,
        copyright=source.copyright,
        file=source.file,
        sha256=digest(content),
        text=text,
        sections=tuple(blocks.sections),
        blocks=tuple(blocks.blocks),
        tables=tuple(blocks.tables),
    )


def _name(file: str) -> str:
    """The product's name in a file name.

    >>> _name("train__ADCETRIS.txt")
    'ADCETRIS'
    """
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return stem.rsplit("__", 1)[-1].replace("_", " ").strip() or stem


def _names(text: str, name: str, generic: str) -> tuple[str, ...]:
    """Other names that the text itself gives, as in "DUAVEE (conjugated estrogens/bazedoxifene)"."""
    found = [generic] if generic else []
    lower = text.lower()
    pattern = re.compile(rf"\b{re.escape(name)}\s*(?:\(r\)|®|™)?\s*\(([a-z][a-z \-/,]{{4,60}})\)", re.IGNORECASE)
    for match in islice(pattern.finditer(text), _MENTIONS):
        words = " ".join(match.group(1).split())
        known = " " not in words or lower.count(words) > 1  # subtle: "(gastric hemorrhage)" stands in brackets too
        if known and words.islower() and words not in found and not _NO_NAME.search(words):
            found.append(words)
    return tuple(found)
