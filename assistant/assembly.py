"""Settings in, a working assistant out: the only place where the real parts are built.

Out: `open_assistant`, `build_index`, `read_file` and `Assistant`, which answers questions. Left out: every surface.
"""

import json
import re
import time
import unicodedata
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import reading, splitting
from assistant.answering import Answerer
from assistant.answering.composing import nearest, no_answer, understood
from assistant.answering.wording import Wording
from assistant.conversing import Conversations, Turn, last
from assistant.errors import BadRequest, UnknownLabel, UnreadableLabel
from assistant.indexing.building import BuildReport, Candidate, build
from assistant.indexing.store import Index
from assistant.label import Label
from assistant.query import Query
from assistant.reading import archive
from assistant.reading.corpus import sources
from assistant.reading.decoding import digest
from assistant.reading.source import Source
from assistant.reply import Choice as ReplyChoice
from assistant.reply import Citation, Reply
from assistant.retrieving.ranking import Ranker
from assistant.settings import Settings
from assistant.understanding import followups
from assistant.understanding.lexicon import compile_lexicon, load, words_version
from assistant.understanding.reading import Understander
from assistant.understanding.subject import Vocabulary, named_products
from assistant.words import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_HISTORY = 20  # earlier questions


def read_file(path: Path, settings: Settings | None = None) -> Label:
    """One document as a Label."""
    del settings
    return reading.read(path)


def build_index(
    settings: Settings, workers: int = 1, progress: Callable[[str, int, int], None] = lambda stage, done, total: None
) -> BuildReport:
    """Bring the index up to date with the corpus; what didn't change is neither read nor encoded again."""
    from assistant.indexing.exporting import BuildEncoder, find_model  # subtle: torch, only where an index is built

    del workers
    found = sources(settings.corpus)
    candidates = [_candidate(path, source) for path, source in found]
    model = BuildEncoder(find_model(settings.model), settings.threads)
    version = f"reading {reading.VERSION} splitting {splitting.VERSION}"
    return build(candidates, splitting.split, settings.index, model=model, version=version, progress=progress)


def _candidate(path: Path, source: Source) -> Candidate:
    """A label file, which may stand in an archive; one that can't be read has its trouble told when it is read."""
    try:
        content = f"{digest(archive.content(path))} {source!r}"
    except UnreadableLabel as error:
        content = f"unreadable: {error}"
    return Candidate(id=source.label_id, content=content, read=lambda: reading.read(path, source))


def open_assistant(settings: Settings) -> "Assistant":
    """The assistant on the index in service; raises IndexMissing, IndexDamaged or IndexStale."""
    return Assistant(Index.open(settings.index, threads=settings.threads, model=settings.model), settings)


class Assistant:
    """Answers questions from one index; safe to share between threads."""

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        self.settings = settings
        self.conversations = Conversations(settings.conversations)
        self.wording = Wording.open(settings.wording)
        self._names = _product_names(self.labels())
        vocabulary = Vocabulary(index.vocabulary, len(index.passages))
        lexicon = load(_lexicon(index, settings.index), self.labels())
        self.understander = Understander(lexicon, vocabulary, self._names)
        self.answerer = Answerer(Ranker(index, lexicon), index.labels, self.wording)

    @property
    def index_id(self) -> str:
        """Which index answers."""
        return self.index.id

    def labels(self) -> Sequence[Label]:
        """Every indexed label."""
        return tuple(self.index.labels.values())

    def label(self, label: str) -> Label:
        """The label of that id, set id or unambiguous product name; raises UnknownLabel."""
        if label in self.index.labels:
            return self.index.labels[label]
        named = [one for one in self.labels() if label and fold(label) in _goes_by(one)]
        if len(named) == 1:
            return named[0]
        known = ", ".join(list(self.index.labels)[:5])
        what = "names several labels" if named else "is not indexed"
        raise UnknownLabel(f"label {label!r} {what}", place="labels", remedy=f"Use one of {known}")

    def conversation(self, conversation_id: str) -> Sequence[Reply]:
        """The replies of a conversation, oldest first; raises UnknownConversation."""
        return tuple(turn.reply for turn in self.conversations.turns(conversation_id))

    def feedback(self, turn_id: str, rating: str, comment: str = "") -> None:
        """Keep what a reader thought of a turn."""
        self.conversations.rate(turn_id, rating, comment)

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Texts to vectors: (texts, dimension) float32, unit length."""
        return self.index.encoder.encode(texts)

    def ask(
        self,
        question: str,
        *,
        conversation_id: str | None = None,
        history: Sequence[str] = (),
        labels: Sequence[str] | None = None,
        limit: int = 5,
    ) -> Reply:
        """One question to one reply; raises BadRequest naming the field, the value and what is allowed."""
        started = time.perf_counter()
        self._check(question, history, limit)
        turns = self.conversations.turns(conversation_id) if conversation_id else ()
        before = self._before(history, labels) if history else last(turns)
        query, reply = self._answered(question, before, labels, limit)
        conversation = conversation_id or self.conversations.start()
        reply = replace(
            reply,
            conversation_id=conversation,
            turn_id=uuid.uuid4().hex,
            index_id=self.index.id,
            elapsed_ms=round((time.perf_counter() - started) * 1000, 2),
        )
        self.conversations.add(conversation, Turn(query=query, reply=reply))
        return reply

    def candidates(
        self, question: str, history: Sequence[str] = (), labels: Sequence[str] | None = None, limit: int = 5
    ) -> tuple[Citation, ...]:
        """The best passages for a question, whether or not they may answer it."""
        self._check(question, history, limit)
        before = self._before(history, labels) if history else None
        query, choice = self.answerer.consider(self._readings(question, before, self._scope(question, before, labels)))
        first = choice.answers
        return nearest((*first, *(item for item in choice.others if item not in first)), self.index.labels, limit)

    def _answered(self, question: str, before: Query | None, labels: Sequence[str] | None, limit: int) -> tuple[Query, Reply]:
        scope = self._scope(question, before, labels)
        if not re.search(r"[A-Za-z]{2}|\d", question):
            query = self.understander.read(question, scope)
            return query, self._unclear(query)
        if len(scope) > 1 and labels is None:
            query = self.understander.read(question, scope)
            return query, self._which_product(query)
        query, choice = self.answerer.consider(self._readings(question, before, scope))
        if not choice.answers and self._is_off_topic(query):
            message = self.wording.say("no_answer", "not_a_label_question")
            reply = no_answer(query, None, self.index.labels, self.wording, reason="not_a_label_question", message=message)
            return query, reply
        return query, self.answerer.reply(query, choice, limit)

    def _is_off_topic(self, query: Query) -> bool:
        """Whether nothing in the question is a word of labels."""
        listed = any(concept.known or concept.kind not in ("word", "ordinary") for concept in query.subject)
        return not (listed or query.sections or query.populations or query.measure or query.grades)

    def _readings(self, question: str, before: Query | None, scope: Sequence[str]) -> list[Query]:
        return followups.resolve(self.understander.read(question, scope), before)

    def _before(self, history: Sequence[str], labels: Sequence[str] | None) -> Query | None:
        """The query that the last question of a history was understood as."""
        before: Query | None = None
        for question in history:
            scope = self._scope(question, before, labels)
            before, _ = self.answerer.consider(self._readings(question, before, scope))
        return before

    def _scope(self, question: str, before: Query | None, labels: Sequence[str] | None) -> tuple[str, ...]:
        """The ids of the labels to answer from: those given, else those named, the conversation's, or all."""
        if labels:
            return tuple(dict.fromkeys(self.label(label).id for label in labels))
        if named := named_products(question, self._names):
            return tuple(dict.fromkeys(label for label, _, _ in named))
        return before.labels if before else tuple(self.index.labels)

    def _which_product(self, query: Query) -> Reply:
        choices = tuple(
            ReplyChoice(text=label.name, question=f"{query.question.rstrip(' ?')} ({label.name})?") for label in self.labels()[:20]
        )
        return Reply(
            kind="clarification", question=query.question, standalone_question=query.standalone,
            understood=understood(query, None), reason="which_product",
            message=self.wording.say("clarification", "which_product"), choices=choices, searched=query.labels,
        )  # fmt: skip

    def _unclear(self, query: Query) -> Reply:
        return Reply(
            kind="clarification", question=query.question, standalone_question=query.standalone,
            understood=understood(query, None), reason="unclear",
            message=self.wording.say("clarification", "unclear"), searched=query.labels,
        )  # fmt: skip

    def _check(self, question: str, history: Sequence[str], limit: int) -> None:
        if not question.strip():
            raise BadRequest("is empty", place="question", remedy="Ask something, in 1 to 2,000 characters")
        for place, text in [("question", question), *((f"history.{nth}", text) for nth, text in enumerate(history))]:
            if len(text) > self.settings.question_length:
                raise BadRequest(
                    f"is {len(text):,} characters long", place=place, remedy=f"Allowed are 1 to {self.settings.question_length:,}"
                )
            for at, char in enumerate(text):
                if unicodedata.category(char) == "Cc" and char not in "\t\n\r":
                    raise BadRequest(f"holds the control character {char!r} at {at}", place=place, remedy="Remove it")
        if len(history) > _MOST_HISTORY:
            raise BadRequest(f"has {len(history)} questions", place="history", remedy=f"Allowed are {_MOST_HISTORY}")
        if not 1 <= limit <= 20:
            raise BadRequest(f"is {limit!r}", place="limit", remedy="Allowed are 1 to 20")


def _lexicon(index: Index, folder: Path) -> dict[str, Any]:
    """The compiled word lists of an index, kept beside it since compiling takes longer than a question."""
    path = folder / f"lexicon-{index.id}-{words_version()}.json"
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        compiled = compile_lexicon(index.vocabulary)
    try:
        for old in folder.glob("lexicon-*.json"):
            old.unlink()
        path.write_text(json.dumps(compiled, ensure_ascii=False), encoding="utf-8")
    except OSError:
        pass  # a read-only index folder: compiled anew at each start
    return compiled


def _goes_by(label: Label) -> set[str]:
    names = {label.set_id, label.name, label.generic, *label.names}
    return {fold(name) for name in names if name}


def _product_names(labels: Sequence[Label]) -> dict[str, str]:
    """Folded product names to the one label that goes by them."""
    owners: dict[str, set[str]] = {}
    for label in labels:
        for name in (label.name, label.generic, *label.names):
            for one in (name, *(word for word in name.split() if len(word) > 6 and word.isalpha())):
                if len(one) > 2:
                    owners.setdefault(fold(one), set()).add(label.id)
    return {name: min(ids) for name, ids in owners.items() if len(ids) == 1}
