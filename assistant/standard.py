"""Where U.S. labels put things: the kinds of sections that 21 CFR 201.56 and 201.57 fix.

In: `sections.tsv`. Out: `section_kind`, the kind of a section from its number, LOINC code and title, and `kinds`, every
kind with the words in a question that mean it. Left out: how a label is cut into sections (`reading`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant import paths
from assistant.words import fold

_UNCLASSIFIED = {"42229-5", ""}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of section."""

    slug: str
    numbers: tuple[str, ...]
    codes: tuple[str, ...]
    titles: tuple[str, ...]  # folded, as they stand in headings
    cues: tuple[str, ...]  # folded, as they stand in questions


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """Every kind by its slug."""
    rows = [
        line.split("\t")
        for line in (paths.data() / "sections.tsv").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return {row[0]: Kind(row[0], _parts(row[1]), _parts(row[2]), _parts(row[3]), _parts(row[4])) for row in rows[1:]}


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(fold(part.strip()) for part in cell.split("|") if part.strip())


@lru_cache(maxsize=4096)
def section_kind(number: str, code: str, title: str) -> str:
    """The kind's slug, empty where none fits; the LOINC code first, then the number, then the title.

    A number tells only together with numbered sections' usual titles or where no other number stands below it: "5.3"
    means nothing of itself, "8.6" does.
    """
    if code not in _UNCLASSIFIED:
        for kind in kinds().values():
            if code in kind.codes:
                return kind.slug
    words = fold(title)
    best = max(
        ((len(pattern), kind.slug) for kind in kinds().values() for pattern in kind.titles if _stands(pattern, words)),
        default=(0, ""),
    )
    if best[1]:
        return best[1]
    return next((kind.slug for kind in kinds().values() if number and number in kind.numbers), "")


def _stands(pattern: str, title: str) -> bool:
    return re.match(rf"{re.escape(pattern)}(?!\w)", title) is not None
