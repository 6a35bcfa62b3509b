"""What a question meets in a passage and no question changes: looked at once, kept for the next question.

In: a `Passage` of a `Label`. Out: `Seen`. It holds no label, since a kept passage would keep its whole label in memory.
Left out: what a question makes of it (`matching`, `ranking`).
"""

from dataclasses import dataclass
from functools import lru_cache

from assistant import figures
from assistant.label import Label
from assistant.passage import Passage
from assistant.patterns import expression
from assistant.retrieving.matching import PassageWords, passage_words
from assistant.retrieving.quotes import Said, said
from assistant.understanding.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Seen:
    """A passage with what is told by its own words and its place."""

    passage: Passage
    words: PassageWords
    quote: str
    says: Said
    kinds: frozenset[str]  # of the sections that it stands in
    opens: float  # 1 for what opens a section, halved every 300 characters on
    is_of_package: float  # 1 for what a package says; so are those below
    is_footnote: float
    is_definition: float
    is_short: float
    is_highlighted: float
    is_for_patients: float
    points: float


def seen(passage: Passage, label: Label, lexicon: Lexicon) -> Seen:
    """Looks at a passage."""
    quote, section = label.text[passage.start : passage.end], label.sections[passage.section]
    says = said(quote)
    return Seen(
        passage=passage,
        words=passage_words(passage, label, lexicon),
        quote=quote,
        says=says,
        kinds=frozenset(label.sections[place].kind for place in label.lineage(passage.section)),
        opens=float(0.5 ** ((passage.start - section.start) / 300)),
        is_of_package=float(section.kind == "package_label"),
        is_footnote=float(passage.kind == "footnote"),
        is_definition=float(passage.kind == "definition"),
        is_short=float(says.short and passage.kind == "passage"),
        is_highlighted=float(passage.highlights),
        is_for_patients=float(passage.patient),
        points=float(says.points),
    )


@lru_cache(maxsize=50_000)
def figure_kinds(quote: str) -> frozenset[str]:
    """The kinds of the figures in a quote."""
    return frozenset(figure.kind for figure in figures.find(quote))


_SCHEDULE = expression(
    r"(?i)\b(?:every|each|daily|weekly|monthly|prior to|before|after|during|until|once|twice|within|periodic\w*|first|then|baseline|at least|regular\w*)\b"
)


@lru_cache(maxsize=50_000)
def tells_when(quote: str) -> bool:
    """Whether a quote says when or how often something is done."""
    return _SCHEDULE.search(quote) is not None
