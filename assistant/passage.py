"""A passage: the smallest piece of a label that a reader would quote, and what it is about.

In: nothing. Out: `Passage` and `Facets`; `text_to_encode`, what a model reads of one. The text to quote is `label.text[start:end]`; `search` is the text to search,
with product, headings, caption and column heads around it. Left out: how passages are made (`splitting`).
"""

from dataclasses import dataclass
from typing import Literal

PassageKind = Literal["passage", "table_row", "footnote", "definition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What a passage says it is about; empty means that it doesn't say."""

    populations: tuple[str, ...] = ()  # slugs that the quote itself or its table names, as "adult", "pediatric"
    carried: tuple[str, ...] = ()  # slugs that the sentences before it or its headings name, where it names none
    trials: tuple[str, ...] = ()  # as "INO-VATE ALL"
    arms: tuple[str, ...] = ()  # as "BESPONSA", "placebo"
    grades: tuple[str, ...] = ()  # as "3/4", "≥3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One sentence, list item, table row, footnote or definition."""

    label: str  # id of its label
    place: int  # order within the label, 0-based
    kind: PassageKind
    start: int
    end: int  # half-open, into the label's source text
    section: int  # place in Label.sections
    block: int  # place in Label.blocks
    search: str  # text to search: the words of the quote, spelled out
    context: str  # text around it to search at lower weight: product, section path, caption, column heads, lead
    table: int | None = None  # place in Label.tables
    row: int | None = None  # place in Table.rows
    facets: Facets = Facets()
    highlights: bool = False
    patient: bool = False


_CONTEXT_WORDS = 90  # so that of the encoder's 256 tokens more than half are left for the passage itself


def text_to_encode(passage: Passage) -> str:
    """What the encoder sees of a passage: the words around it, cut short, then its own."""
    around = " ".join(passage.context.split()[:_CONTEXT_WORDS]).rstrip(" .")
    return f"{around}. {passage.search}" if around else passage.search
