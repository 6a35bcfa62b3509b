"""Asks every question, scores every reply, and puts the report together.

In: a loaded assistant and the sets. Out: `Report`. Questions about a label that is not indexed are left out and counted
in the report by label. Left out: showing it (`page`, `cli`).
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.errors import AssistantError, BadQuestionSet, UnknownLabel
from assistant.evaluating import measures, messages
from assistant.evaluating.engine import Encoding, Engine, Ranking
from assistant.evaluating.measures import Measure
from assistant.evaluating.messages import Heard
from assistant.evaluating.questions import Message, Question, Sets, names
from assistant.evaluating.scoring import Outcome, score
from assistant.label import Label
from assistant.reply import Citation, Reply, as_json

LIMIT = 5  # citations asked for
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that an evaluation found."""

    index_id: str
    outcomes: tuple[Outcome, ...]
    heard: tuple[Heard, ...]
    left_out: Mapping[str, int]  # questions about labels that aren't indexed, by label
    measures: tuple[Measure, ...]
    by_tag: Mapping[str, tuple[Measure, ...]]
    by_label: Mapping[str, tuple[Measure, ...]]
    baselines: Mapping[str, tuple[Measure, ...]]
    messages: tuple[Measure, ...]

    @property
    def misses(self) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if one.is_miss)


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def run(
    engine: Engine, sets: Sets, *, baselines: bool = False, all_labels: bool = False, progress: Progress = silent
) -> Report:
    """Ask everything once; with `all_labels` no question says which label it means."""
    labels, left_out = _labels(engine, sets.questions)
    asked = [question for question in sets.questions if question.label in labels]
    asker = _Asker(engine, labels, all_labels)
    outcomes = tuple(_each(asked, asker.outcome, "questions", progress))
    heard = tuple(_each(sets.messages, asker.heard, "messages", progress))
    return Report(
        index_id=engine.index_id,
        outcomes=outcomes,
        heard=heard,
        left_out=left_out,
        measures=measures.measures(outcomes) if outcomes else (),
        by_tag=measures.by_tag(outcomes),
        by_label=measures.by_label(outcomes),
        baselines=_baselines(engine, asked, labels, outcomes, progress) if baselines and asked else {},
        messages=messages.measures(heard) if heard else (),
    )


def as_plain(report: Report) -> dict[str, Any]:
    """The report as plain values for JSON: figures, and each question with what became of it."""
    return {
        "index_id": report.index_id,
        "questions": len(report.outcomes),
        "left_out": dict(report.left_out),
        "measures": as_json(report.measures),
        "by_tag": as_json(dict(report.by_tag)),
        "by_label": as_json(dict(report.by_label)),
        "baselines": as_json(dict(report.baselines)),
        "messages": as_json(report.messages),
        "outcomes": [_plain(one) for one in report.outcomes],
        "heard": [
            {"id": one.message.id, "recognised": sorted(one.recognised), "gold": list(one.message.recognised)}
            for one in report.heard
        ],
    }


def _plain(one: Outcome) -> dict[str, Any]:
    return {
        "id": one.question.id,
        "kind": one.reply.kind,
        "shown": one.shown,
        "ranked": one.ranked,
        "standalone": one.standalone,
        "headline": one.reply.headline.text if one.reply.headline else None,
        "figure": one.figure,
        "wrong_figure": one.has_wrong_figure,
        "verbatim": one.is_verbatim,
        "confidence": one.confidence,
        "elapsed_ms": round(one.elapsed_ms, 3),
        "faults": list(one.faults),
    }


def _labels(engine: Engine, questions: Sequence[Question]) -> tuple[dict[str, Label], dict[str, int]]:
    """Each label asked about under the name it is asked by, and how many questions lack theirs."""
    counts = Counter(question.label for question in questions)
    found: dict[str, Label] = {}
    for name in names(questions):
        try:
            found[name] = engine.label(name)
        except UnknownLabel:
            continue  # counted below
    left_out = {name: count for name, count in counts.items() if name not in found}
    if questions and not found:
        raise BadQuestionSet(
            f"asks only about labels that aren't indexed: {', '.join(left_out)}",
            place="question set",
            remedy="Index them: label-assistant index --corpus DIR",
        )
    return found, left_out


def _each(items: Sequence[Any], step: Callable[[Any], Any], stage: str, progress: Progress) -> list[Any]:
    done = []
    for item in items:
        done.append(step(item))
        progress(stage, len(done), len(items))
    return done


class _Asker:
    def __init__(self, engine: Engine, labels: Mapping[str, Label], all_labels: bool) -> None:
        self._engine = engine
        self._labels = labels
        self._all_labels = all_labels
        self._texts = {label.id: label.text for label in engine.labels()}

    def outcome(self, question: Question) -> Outcome:
        label = self._labels[question.label].id
        within = None if self._all_labels else (label,)
        started = time.perf_counter()
        reply = self._ask(question.id, question.question, question.history, within)
        elapsed = (time.perf_counter() - started) * 1000
        alone = self._ask(question.id, question.standalone, (), within) if question.standalone else None
        return score(
            question,
            reply,
            self._texts,
            candidates=self._candidates(question, within),
            label=label,
            elapsed_ms=elapsed,
            standalone=alone,
        )

    def heard(self, message: Message) -> Heard:
        within = (message.label,) if message.label else None
        return messages.hear(message, self._ask(message.id, message.message, message.history, within))

    def _ask(self, id: str, question: str, history: Sequence[str], labels: Sequence[str] | None) -> Reply:
        try:
            return self._engine.ask(question, history=history, labels=labels, limit=LIMIT)
        except AssistantError as error:
            raise BadQuestionSet(f"can't be asked: {error.message}", place=id, remedy=error.remedy) from error

    def _candidates(self, question: Question, labels: Sequence[str] | None) -> tuple[Citation, ...] | None:
        if not isinstance(self._engine, Ranking):
            return None
        return tuple(self._engine.candidates(question.question, question.history, labels, limit=LIMIT))


def _baselines(
    engine: Engine,
    questions: Sequence[Question],
    labels: Mapping[str, Label],
    outcomes: Sequence[Outcome],
    progress: Progress,
) -> dict[str, tuple[Measure, ...]]:
    """Plain retrieval, then what understanding and ranking add to it, then what abstaining takes away."""
    from assistant.evaluating import baselines

    encode = engine.encode if isinstance(engine, Encoding) else None
    found = baselines.ranks(questions, labels, encode, progress)
    able = [one for one in outcomes if one.question.answerable]
    if isinstance(engine, Ranking):
        found["with understanding"] = [one.ranked for one in able]
    found["and abstaining"] = [one.shown for one in able]
    return {name: measures.ranking(ranks) for name, ranks in found.items()}


def chosen(sets: Sets, *, tag: str | None = None, limit: int | None = None) -> Sets:
    """The questions with this tag, and the first so many of each kind."""
    questions = [one for one in sets.questions if tag is None or tag in one.tags]
    if tag is not None and not questions:
        known = ", ".join(sorted({name for one in sets.questions for name in one.tags}))
        raise BadQuestionSet(f"no question has the tag {tag!r}", place="--tag", remedy=f"Tags are: {known}")
    return replace(sets, questions=tuple(questions[:limit]), messages=() if tag else tuple(sets.messages[:limit]))
