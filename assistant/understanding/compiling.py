"""The word lists as an index needs them, compiled when it is built: reading the lists takes longer than a question.

In: the vocabulary of an index and the abbreviations that its labels define. Out: `compiled`, JSON-ready values to keep
with the index under `NAME`, and `Compiled`, which opens them: the lexicon and the drugs. Left out: what the lists say (`lexicon`,
`products`).
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from assistant.label import Definition
from assistant.understanding.drugs import Drugs, listed_drugs
from assistant.understanding.lexicon import Lexicon, compile_lexicon, load, words_version
from assistant.understanding.listed import Listed

NAME: Final = "lexicon.json"


@dataclass(frozen=True, slots=True)
class Legend:
    """The abbreviations of all labels together, each pair once."""

    definitions: tuple[Definition, ...]


def compiled(vocabulary: Collection[str], definitions: Iterable[Definition]) -> dict[str, Any]:
    """All that the word lists and the labels' own abbreviations give an index with this vocabulary."""
    pairs = dict.fromkeys((definition.short, definition.long) for definition in definitions)
    return {
        "version": words_version(),
        "lexicon": compile_lexicon(vocabulary),
        "own": [list(pair) for pair in pairs],
        "drugs": listed_drugs(),
    }


def written(vocabulary: Mapping[str, int], definitions: Iterable[Definition]) -> dict[str, bytes]:
    """The file to lay beside an index."""
    return {NAME: json.dumps(compiled(vocabulary, definitions), ensure_ascii=False).encode()}


@dataclass(frozen=True, slots=True)
class Compiled:
    """The word lists of an index, open."""

    own: Legend
    listed: Listed
    drugs: Drugs

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Compiled":
        """As `compiled` gave them."""
        own = tuple(Definition(short=short, long=long, start=0, end=0) for short, long in values["own"])
        return cls(Legend(own), Listed.of(values["lexicon"]), Drugs(values["drugs"]))

    def lexicon(self, vocabulary: Collection[str]) -> Lexicon:
        """The lexicon of all labels together, which have this vocabulary."""
        return load(self.listed, (self.own,), vocabulary)
