"""A question to the ways to read it: in the words of the labels in scope, and within its conversation.

In: an open index and a question. Out: `Questions`, which reads it by itself (`read`) or after another (`readings`). Left out: which
reading answers, and which labels are in scope (`assembly`).
"""

import contextlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering.picking_arms import other_arms, own_names
from assistant.indexing.opened import Store
from assistant.passage import Passage
from assistant.patterns import expression
from assistant.query import Place, Query
from assistant.retrieving import whom
from assistant.retrieving.ranking import settings_of
from assistant.trials import bare, is_proper
from assistant.understanding import compiling
from assistant.understanding.lexicon import Lexicon, classes, load, words_version
from assistant.understanding.products import Products
from assistant.understanding.reading import Understander, names_a_class
from assistant.understanding.subject import Vocabulary
from assistant.words import fold, terms

if TYPE_CHECKING:
    from assistant.understanding.pieces import Arms

_MEDICINE = expression(r"[a-z]{5,}")
_SCOPES_KEPT = 64  # labels whose words are kept at hand


class Questions:
    """Reads questions about the labels of one index; safe to share between threads."""

    def __init__(self, index: Store, folder: Path) -> None:
        self.index = index
        self._compiled = compiling.Compiled.of(_compiled(index, folder))
        self.lexicon: Lexicon = self._compiled.lexicon(index.vocabulary)
        self.products = Products(
            index.entries, self.lexicon, self.holds, lambda label: index.labels[label].text, self._compiled.drugs
        )
        tried = _trials(index.passages) if len(index.labels) == 1 else ()
        self._understander = Understander(self.lexicon, Vocabulary(index.vocabulary, len(index.passages)), {}, tried)
        self._understanders = lru_cache(maxsize=_SCOPES_KEPT)(self._understander_of)
        self._named = lru_cache(maxsize=_SCOPES_KEPT)(self._named_of)
        self._pairs = lru_cache(maxsize=_SCOPES_KEPT)(self._pairs_of)
        self._members = lru_cache(maxsize=_SCOPES_KEPT)(self._members_of)

    def holds(self, stem: str) -> bool:
        """Whether a stem stands in the indexed labels."""
        return self.index.vocabulary.get(stem, 0) > 0

    def read(self, question: str, scope: Sequence[str]) -> Query:
        """A question by itself; the names of other labels than those in scope belong to its subject."""
        names = dict(self.products.spans(self.products.mentions(question), scope))
        if len(scope) == 1:  # then a shortened or misspelt name can mean no other label
            names |= {name: scope[0] for name, owners in self._named(scope[0]).items() if owners == (scope[0],)}
        return replace(self._understanders(tuple(scope)), names=names).read(question, scope)

    def _understander_of(self, scope: tuple[str, ...]) -> Understander:
        """What it takes to read a question about some labels: their words and abbreviations, not those of all others."""
        if len(scope) != 1 or len(self.index.labels) == 1:
            return self._understander
        passages = self.index.passages_of(scope[0])
        frequency = Counter(stem for one in passages for stem in {*terms(one.search), *terms(one.context)})
        lexicon = load(self._compiled.listed, [self.index.labels[scope[0]]], frequency)
        return Understander(lexicon, Vocabulary(frequency, len(passages)), {}, _trials(passages))

    def readings(self, question: str, before: Query | None, scope: Sequence[str]) -> list[Query]:
        """The ways to read a question after another, likeliest first."""
        return self.resolved(self.read(question, scope), before)

    def resolved(self, query: Query, before: Query | None) -> list[Query]:
        """The same for a question that was read by itself."""
        found = self._followed(query, before) if before else [query]
        reader = self._understanders(query.labels)
        named = len(query.labels) == 1 and names_a_class(found[0])
        members = self._members(query.labels[0]) if named else {}
        further = (reader.as_tested(found[0]), reader.with_members(found[0], members) if members else None)
        return [*found, *(one for one in further if one)]

    def _followed(self, query: Query, before: Query) -> list[Query]:
        from assistant.understanding import followups  # subtle: a first question follows nothing

        arms = [self._arms(query.labels[0])] if len(query.labels) == 1 else []
        if arms and before.cited:
            arms = [replace(arms[0], elsewhere=self._elsewhere(before.cited))]
        return followups.resolve(query, before, lambda text: self.read(text, query.labels), *arms)

    def _arms(self, label: str) -> "Arms":
        """What a label calls the arms of its trials."""
        from assistant.understanding.pieces import Arms

        one = self.index.labels[label]
        names = tuple(dict.fromkeys([*own_names(one), *self._named(label)]))
        settings = whom.named(one) | settings_of(one)
        return Arms(names, other_arms(one), settings, self._pairs(label), whom.indicated(one))

    def _elsewhere(self, cited: Place) -> tuple[str, ...]:
        """The trials of a label that tells them apart by number or name, but those of the passage at a place."""
        label, start, _ = cited
        passages = self.index.passages_of(label)
        own = {trial for one in passages if one.start == start for trial in one.facets.trials}
        every = dict.fromkeys(trial for one in passages if one.kind == "table_row" for trial in one.facets.trials)
        return tuple(trial for trial in every if trial not in own) if own else ()

    def _pairs_of(self, label: str) -> frozenset[tuple[str, str]]:
        """The stems that stand side by side in a label."""
        from assistant.understanding.word_for_word import pairs_of

        return pairs_of(self.index.labels[label].text)

    def _members_of(self, label: str) -> dict[tuple[str, ...], list[str]]:
        """The stems of each class of medicines with those of it that a label names."""
        found: dict[tuple[str, ...], list[str]] = {}
        for word in dict.fromkeys(_MEDICINE.findall(fold(self.index.labels[label].text))):
            for one in classes(word) if word in self.products.drugs else ():
                found.setdefault(tuple(terms(one)), []).append(word)
        return found

    def _named_of(self, label: str) -> dict[str, tuple[str, ...]]:
        """The names that mean a label, each with every label that it means."""
        return {name: owners for name, owners in self.products.names.items() if label in owners}


def _trials(passages: Iterable[Passage]) -> tuple[str, ...]:
    """The names that a label gives its trials."""
    named = dict.fromkeys(name for one in passages for name in one.facets.trials)
    return tuple(dict.fromkeys(called for name in named if (called := name if is_proper(name) else bare(name))))


def _compiled(index: Store, folder: Path) -> dict[str, Any]:
    """The compiled word lists of an index; beside it where it was built without them or with others."""
    with contextlib.suppress(KeyError):
        if (kept := dict(json.loads(index.extra(compiling.NAME))))["version"] == words_version():  # nosec B610: not Django
            return kept
    path = folder / f"lexicon-{index.id}-{words_version()}.json"
    with contextlib.suppress(OSError, ValueError):
        return dict(json.loads(path.read_text(encoding="utf-8")))
    definitions = (definition for label in index.labels.values() for definition in label.definitions)
    compiled = compiling.compiled(index.vocabulary, definitions)
    with contextlib.suppress(OSError):  # a read-only index folder: compiled anew at each start
        for old in folder.glob("lexicon-*.json"):
            old.unlink()
        path.write_text(json.dumps(compiled, ensure_ascii=False), encoding="utf-8")
    return compiled
