"""Obvious identifiers of people out of what is kept: names after a title, dates, numbers, addresses.

In: text, or plain values of a turn. Out: the same with `[name]`, `[date]`, `[number]` and the like in their place. Words
of a label (quotes and what is told of them) are never touched, nor are toll-free numbers, which labels print. It misses
what is not obvious: a name without a title stays. Left out: whether to redact at all (`keeping`).
"""

import re
from typing import Any

from assistant.words import STOP_WORDS, fold, stem

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_TOLL_FREE = r"(?:\+?1[-. ]?)?\(?8(?:00|33|44|55|66|77|88)\)?[-. ]"
_PATTERNS = (
    ("e-mail", r"(?i)\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    ("address", r"(?i)https?://\S+|\bwww\.\S+"),
    ("number", r"\b\d{3}-\d{2}-\d{4}\b"),  # social security
    ("number", rf"(?<![\d/])(?!{_TOLL_FREE})(?:\+?1[-. ]?)?(?:\(\d{{3}}\) ?|\d{{3}}[-. ])\d{{3}}[-. ]\d{{4}}\b"),
    (
        "number",
        r"(?i)\b(?:mrn|medical record(?: number)?|patient (?:id|no|number)|account|policy|ssn|case (?:id|no|number)|nhs|"
        r"lot|npi|dea)\b[ .:#]*(?:no\.?|number)?[ .:#]*(?=[\w-]*\d)[\w-]{4,}",
    ),
    ("number", r"(?<![\w./])\d{7,}(?![\w/]|\.\d)"),
    ("date", r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}\b|\b(?:19|20)\d{2}-\d{2}-\d{2}\b"),
    ("date", rf"(?i)\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?:19|20)\d{{2}}\b"),
    ("date", rf"(?i)\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d{{2}}\b"),
    ("name", r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sr|Sra)\.? [A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"),
    ("name", r"(?<=named )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"),
    ("name", r"(?i:\b(?:name|initials)(?: is| are|:) )[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]+){0,2}"),
    ("street", r"\b\d{1,5} (?:[A-Z]\w+ ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b\.?"),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _PATTERNS)
_OF_THE_LABEL = frozenset({"citations", "nearest", "statements", "headline", "close", "index_id", "turn_id"})
_IDS = frozenset({"conversation_id", "label", "labels", "searched", "kind", "reason", "measure"})
_WORD = re.compile(r"[\w'’]+")
_PLAIN = frozenset("account case date id initials lot medical name no number patient policy record".split())


def redacted(text: str) -> str:
    """Text without obvious identifiers.

    >>> redacted("Mrs. Jane Roe, born 03/04/1961, MRN 884213, had a seizure at 45 mg/m2")
    '[name], born [date], [number], had a seizure at 45 mg/m2'
    """
    for name, pattern in _COMPILED:
        text = pattern.sub(f"[{name}]", text)
    return text


def identifying(text: str) -> frozenset[str]:
    """The stems of the words that `redacted` takes out of a text.

    >>> sorted(identifying("Mrs. Jane Roe has a rash"))
    ['jane', 'mrs', 'roe']
    """
    found = (word for _, pattern in _COMPILED for match in pattern.finditer(text) for word in _WORD.findall(match[0]))
    return frozenset(stem(fold(word)) for word in found if fold(word) not in _PLAIN | STOP_WORDS)


def redacted_values(value: Any, taken: frozenset[str] = frozenset()) -> Any:
    """Plain values with every text of theirs redacted but those of the label; `taken` are stems that go as well."""
    if isinstance(value, str):
        return _without(redacted(value), taken)
    if isinstance(value, list):
        return [redacted_values(item, taken) for item in value]
    if isinstance(value, dict):
        kept = _OF_THE_LABEL | _IDS
        return {key: item if key in kept else redacted_values(item, taken) for key, item in value.items()}
    return value


def _without(text: str, taken: frozenset[str]) -> str:
    """Text without single words of an identifier, as what was understood of a question repeats them."""
    if not taken:
        return text
    return _WORD.sub(lambda word: "[removed]" if stem(fold(word[0])) in taken else word[0], text)
