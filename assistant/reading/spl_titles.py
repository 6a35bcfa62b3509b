"""Section headings: number and title as printed, and titles for sections that print none.

In: the lines of a heading, a section's LOINC code and display name. Out: number and cleaned title.
"""

import re
from typing import TypedDict

from assistant.reading.spl_text import Line

UNCLASSIFIED, BOXED_WARNING, PACKAGE = "42229-5", "34066-1", "51945-4"
_NUMBER = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,3}|\d{1,2}(?=\.?\s+[A-Z\[(“\"]))\.?\s+(?=\S)")
_REFERENCE = re.compile(r"\s*[\[(]\s*(?:see\s[^\])]*|\d{1,2}(?:\.\d{1,2})?(?:,\s*\d{1,2}(?:\.\d{1,2})?)*)\s*[\])]:?$")
_PATIENT_CODES = frozenset(("42230-3", "42231-1", "38056-8", "59845-8", "68498-5"))
_PATIENT_TITLE = re.compile(
    r"(?:patient(?:’s|'s|s)? (?:information|package insert|(?:medication )?leaflet|medication information)|"
    r"medication guide|instructions for use|patient instructions)\b",
    re.IGNORECASE,
)


class Title(TypedDict):
    number: str
    title: str


def titled(lines: list[Line]) -> Title:
    """A heading's number and title, marks and references off.

    >>> titled([Line("8.6 Renal Impairment*", "8.6 Renal Impairment*", ())])
    {'number': '8.6', 'title': 'Renal Impairment'}
    """
    text = " ".join(line.text for line in lines if line.text)
    found = _NUMBER.match(text)
    title = text[found.end() :] if found else text
    title = _REFERENCE.sub("", title).rstrip(" *†‡:").strip()
    return Title(number=found["number"] if found else "", title=title or text)


def display_title(name: str) -> str:
    """A LOINC display name as a title.

    >>> display_title("BOXED WARNING SECTION"), display_title("SPL UNCLASSIFIED SECTION")
    ('BOXED WARNING', 'UNCLASSIFIED')
    """
    return re.sub(r"(?i)^spl\s+|\s+section$", "", " ".join(name.split())).strip()


def is_patient(code: str, title: str, level: int) -> bool:
    """Whether a section is a document for patients, by its code or, outermost, by its title."""
    return code in _PATIENT_CODES or (level == 1 and bool(_PATIENT_TITLE.match(title)))
