"""The word lists as an index needs them, compiled when it is built: reading the lists takes longer than a question.

In: the vocabulary of an index and the abbreviations that its labels define. Out: `compiled`, JSON-ready values to keep
with the index under `NAME`, and `opened`, the lexicon and the drugs in them. Left out: what the lists say (`lexicon`,
`products`).
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from assistant.label import Definition
from assistant.understanding.lexicon import Lexicon, compile_lexicon, load, words_version
from assistant.understanding.products import Drugs, listed_drugs

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
        "drugs": asdict(listed_drugs()),
    }


def written(vocabulary: Mapping[str, int], definitions: Iterable[Definition]) -> dict[str, bytes]:
    """The file to lay beside an index."""
    return {NAME: json.dumps(compiled(vocabulary, definitions), ensure_ascii=False).encode()}


def opened(values: Mapping[str, Any], vocabulary: Collection[str]) -> tuple[Lexicon, Drugs]:
    """The lexicon and the drugs of what was compiled for an index with this vocabulary."""
    own = tuple(Definition(short=short, long=long, start=0, end=0) for short, long in values["own"])
    return load(values["lexicon"], (Legend(own),), vocabulary), Drugs(**values["drugs"])
