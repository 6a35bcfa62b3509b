"""What a page says about itself: the product's names, set id, version, date and labeler.

In: the title of a page, its headings and its text. Out: `Facts`. Patterns in order: "BRAND® (generic)", DailyMed's
"BRAND- generic form", "BRAND (generic)" and a name before ®. Left out: names within the text (`understanding`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

_NAME = (
    r"(?!(?:About|The|For|Why|What|How|Using|Taking|With|When|See|Visit|Welcome|In|Is)\b)"
    r"[A-Z][\w’'-]{0,30}(?:[ -](?:[A-Z][\w’'-]{0,30}|[A-Z]{2,4}))?"
)
_BRANDED = re.compile(rf"\b(?P<name>{_NAME})\s?[®™℠]\s?\(\s*(?P<generic>[a-z][^()\n]{{3,80}}?)\s*\)")
_DAILYMED = re.compile(
    r"(?:dailymed\s*-\s*|label:\s*)?(?P<name>[A-Z][A-Z0-9][\w ]*?)-\s(?P<generic>[a-z][\w, -]+)", re.IGNORECASE
)
_CAPITALS = re.compile(
    r"\b(?P<name>[A-Z][A-Z0-9-]{2,30}(?: [A-Z]{2,30})?)\s?\(\s*(?P<generic>[a-z][^()\n]{3,80}?)\s*\)"
)
_MARKED = re.compile(rf"\b(?P<name>{_NAME})\s?®")
_FORM = re.compile(
    r"[,\s]+(?:(?:extended|delayed|modified)[- ]release|tablets?|capsules?|injection|solution|kit|cream|ointment|"
    r"suspension|powder|film|gel|spray|patch|implant|liquid|granules?|syrup|aerosol|inhalant|emulsion|lotion|concentrate)\b.*$",
    re.IGNORECASE,
)
_NO_GENERIC = re.compile(r"\b(?:see|mg|and the|with|or|continued|formerly|in|the|for|of)\b", re.IGNORECASE)
_SET_ID = re.compile(r"set\s?-?id\s*[:=]?\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_VERSION = re.compile(r"(?:\bversion|\bver\.?)\s*(?:number)?\s*[:=]\s*(\d{1,4})\b", re.IGNORECASE)
_EFFECTIVE = re.compile(r"effective\s*(?:time|date)\s*[:=]?\s*((?:19|20)\d{2}[01]\d[0-3]\d)", re.IGNORECASE)
_DATED = re.compile(
    r"(?:effective(?: date)?|updated|revised|last revised)\s*[:=]?\s*(?P<date>(?:[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})|"
    r"(?:\d{1,2}/\d{1,2}/\d{4})|(?:\d{1,2}/\d{4})|(?:\d{4}-\d{2}-\d{2}))",
    re.IGNORECASE,
)
_LABELER = re.compile(r"(?:packager|labeler|manufacturer)\s*:\s*([A-Z][^\n]{2,80})", re.IGNORECASE)
_DAYS = (
    ("%B %d, %Y", "%Y-%m-%d"),
    ("%b %d, %Y", "%Y-%m-%d"),
    ("%m/%d/%Y", "%Y-%m-%d"),
    ("%m/%Y", "%Y-%m"),
    ("%Y-%m-%d", "%Y-%m-%d"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a label's first fields are filled from; empty where the source doesn't say."""

    name: str = ""
    generic: str = ""
    names: tuple[str, ...] = ()
    set_id: str = ""
    version: str = ""
    effective: str = ""
    labeler: str = ""


def facts(titles: Sequence[str], text: str, ids: str = "") -> Facts:
    """What titles and text say; `ids` is text that is no part of the label but may name set id, version and date."""
    name, generic = _named(titles, text)
    everything = f"{text}\n{ids}"
    labeler = _LABELER.search(everything)
    return Facts(
        name=name,
        generic=generic,
        set_id=_first(_SET_ID, everything).lower(),
        version=_first(_VERSION, everything),
        effective=_effective(everything),
        labeler=" ".join(labeler[1].split()) if labeler else "",
    )


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _named(titles: Sequence[str], text: str) -> tuple[str, str]:
    """The product's brand and generic name; the first pattern that fits, titles before the text."""
    for pattern in (_BRANDED, _DAILYMED, _CAPITALS):
        for title in (*titles, *((text,) if pattern is not _DAILYMED else ())):
            for found in pattern.finditer(title):
                if generic := _generic(found["generic"]):
                    return found["name"].strip(" -"), generic
                if pattern is _DAILYMED:
                    break
    return _most_marked([*titles, text]) or _opening(titles), ""


def _generic(words: str) -> str:
    """A generic name without its form; empty for what is none.

    >>> _generic("adalimumab injection, solution"), _generic("see section 5")
    ('adalimumab', '')
    """
    bare = _FORM.sub("", " ".join(words.split())).strip(" ,")
    return "" if _NO_GENERIC.search(bare) or len(bare) < 4 or len(bare.split()) > 6 else bare


def _most_marked(texts: Iterable[str]) -> str:
    counted = Counter(found["name"] for text in texts for found in _MARKED.finditer(text))
    return min(counted, key=lambda name: (-counted[name], name), default="")


def _opening(titles: Sequence[str]) -> str:
    """The first title up to a bar or dash."""
    return next((part for title in titles if (part := re.split(r"\s[|–—-]\s", title)[0].strip())), "")


def _effective(text: str) -> str:
    """The date as ISO 8601, as far as it is given.

    >>> _effective("Revised: 12/2021"), _effective("Effective Time: 20211203"), _effective("Updated October 5, 2023")
    ('2021-12', '2021-12-03', '2023-10-05')
    """
    if stamp := _first(_EFFECTIVE, text):
        return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:]}"
    found = _DATED.search(text)
    return iso_date(found["date"]) if found else ""


def iso_date(printed: str) -> str:
    """A printed American date; empty for what is none."""
    for form, iso in _DAYS:
        try:
            return datetime.strptime(printed.replace(".", "").strip(), form).strftime(iso)  # noqa: DTZ007  # a day, no time
        except ValueError:
            continue
    return ""
