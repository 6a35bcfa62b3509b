"""The clauses of a message and the turns of phrase that are looked for in them.

In: a message and the places of the drugs that it names. Out: `split`, the clauses as `Clause`s; `phrases`, the patterns of
`data/messages.tsv` by feature. Left out: what follows from them (`messages`, `reports`, `offtopic`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from assistant.patterns import expression
from assistant.understanding.lexicon import rows
from assistant.words import fold

if TYPE_CHECKING:
    from assistant.understanding.products import Mention  # subtle: which looks for findings itself

DRUG: Final = "drugname"  # stands for every drug that is named
_SENTENCE: Final = expression(
    r"(?<=[.!?])\s+|[\n;]+|[,:]\s*(?:-\s*)?(?=(?:so |and |but |or )?"
    r"(?:what|which|who|how|should|shall|can|could|is|are|do|does|would|may|any|or should)\b)"
    r"|\s-+\s|\s(?=and what (?:do|should)\b)"
)


@cache
def phrases() -> Mapping[str, re.Pattern[str]]:
    """The turns of phrase by feature, each bounded by words."""
    found: dict[str, list[str]] = {}
    for row in rows("messages.tsv"):
        found.setdefault(row["feature"], []).append(row["pattern"])
    return {feature: expression(rf"(?<![\w])(?:{'|'.join(patterns)})(?![\w])") for feature, patterns in found.items()}


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message, folded, drugs replaced by one word; what is only supposed or of the past is blanked out."""

    text: str  # as written
    told: str  # without what is only supposed
    fresh: str  # without what was there before, either
    asked: bool  # begins as a question does
    queried: bool  # ends with a question mark
    trial: bool  # speaks of trials, rates or the label

    def has(self, feature: str) -> bool:
        return phrases()[feature].search(self.told) is not None

    def happened(self, feature: str) -> bool:
        return phrases()[feature].search(self.fresh) is not None

    @property
    def of_someone(self) -> bool:
        """Whether it speaks of somebody in particular."""
        return self.has("person") or self.has("self")

    @property
    def is_told(self) -> bool:
        return not self.asked and not self.trial and not (self.queried and not self.of_someone)

    @property
    def is_exposed(self) -> bool:
        """Whether a drug was taken, named or not."""
        if phrases()["unexposed"].search(self.told):
            return False
        return DRUG in self.told or self.has("drug")


def split(message: str, mentions: Sequence["Mention"]) -> list[Clause]:
    """The message in clauses, every drug replaced by one word."""
    text, place = "", 0
    for mention in mentions:
        text += f"{message[place : mention.start]}{DRUG}"
        place = mention.end
    folded = fold(text + message[place:]).replace(f"{DRUG}'s", DRUG)
    return [_clause(part) for part in _SENTENCE.split(folded) if part and part.strip()]


def _clause(text: str) -> Clause:
    told = phrases()["hypothetical"].sub(" ", text)
    return Clause(
        text=text,
        told=told,
        fresh=phrases()["before"].sub(" ", told),
        asked=phrases()["asking"].match(text.strip()) is not None,
        queried=text.rstrip().endswith("?"),
        trial=phrases()["trial"].search(text) is not None,
    )
