"""Files of questions and messages, one JSON object a line, read strictly.

In: files. Out: `Question`s and `Message`s, their ids unique; a file is one or the other. Any wrong line stops reading:
BadQuestionSet names file, line, field and value. Left out: scoring.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import paths
from assistant.errors import BadQuestionSet

KINDS = ("adverse_event", "emergency", "advice", "comparison", "unlabelled_use", "not_a_label_question")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldRow:
    """The table row that answers, and the column that answers in it."""

    label: str
    column: str
    cells: tuple[str, ...]  # any one is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and what a right reply to it holds."""

    id: str
    label: str  # id of the label asked about
    question: str
    history: tuple[str, ...] = ()  # earlier questions, oldest first
    answerable: bool
    evidence: tuple[str, ...] = ()  # any one must stand in a cited quote
    row: GoldRow | None = None
    headline: tuple[str, ...] = ()  # figures the headline must carry, all of them
    wrong: tuple[str, ...] = ()  # figures it must not carry
    section: str = ""
    tags: tuple[str, ...] = ()
    standalone: str = ""  # the same question asked without its history, where somebody wrote it

    @property
    def is_followup(self) -> bool:
        return bool(self.history) or "followup" in self.tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message and what must be recognised in it."""

    id: str
    message: str
    history: tuple[str, ...] = ()
    recognised: tuple[str, ...] = ()  # of KINDS
    why: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """All that was read."""

    questions: tuple[Question, ...] = ()
    messages: tuple[Message, ...] = ()


def default_files(folder: Path | None = None) -> tuple[Path, ...]:
    """The sets that are reported: those ending in -test.jsonl; a dev set is read only when it is named."""
    where = folder or paths.questions()
    files = tuple(sorted(where.glob("*-test.jsonl")))
    if not files:
        raise BadQuestionSet("holds no file ending in -test.jsonl", place=str(where), remedy="Name a question set")
    return files


def load(files: Iterable[Path]) -> list[Question]:
    """The questions of several files; raises BadQuestionSet, also for a file of messages."""
    sets = load_sets(files)
    if sets.messages:
        remedy = "Name files of questions, with a field 'question'"
        raise BadQuestionSet("is a message, not a question", place=sets.messages[0].id, remedy=remedy)
    return list(sets.questions)


def load_sets(files: Iterable[Path]) -> Sets:
    """The questions and messages of several files, told apart by their fields."""
    read = [item for file in files for item in _read(file)]
    return Sets(
        questions=tuple(item for item in read if isinstance(item, Question)),
        messages=tuple(item for item in read if isinstance(item, Message)),
    )


def _read(file: Path) -> list[Question | Message]:
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError as error:
        message = f"can't be read: {error.strerror}"
        raise BadQuestionSet(message, place=str(file), remedy="Name an existing question set") from error
    read = [_line(raw, f"{file}:{number}") for number, raw in enumerate(lines, 1) if raw.strip()]
    if not read:
        raise BadQuestionSet("is empty", place=str(file), remedy="Give one JSON object a line")
    _check_ids(read, file)
    return read


def _check_ids(read: Sequence[Question | Message], file: Path) -> None:
    seen: set[str] = set()
    for item in read:
        if item.id in seen:
            raise BadQuestionSet(
                f"the id {item.id!r} stands twice", place=str(file), remedy="Give each line its own id"
            )
        seen.add(item.id)


def _line(raw: bytes, place: str) -> Question | Message:
    try:
        values = json.loads(raw)
    except ValueError as error:
        remedy = "Give one JSON object a line, in UTF-8"
        raise BadQuestionSet(f"is not JSON: {error}", place=place, remedy=remedy) from error
    if not isinstance(values, dict):
        raise BadQuestionSet(f"is {raw[:40]!r}", place=place, remedy="Give one JSON object a line")
    fields = _Fields(values, place)
    return _message(fields) if "message" in values else _question(fields)


def _question(fields: "_Fields") -> Question:
    question = Question(
        id=fields.text("id"),
        label=fields.text("label"),
        question=fields.text("question"),
        history=fields.texts("history"),
        answerable=fields.flag("answerable"),
        evidence=fields.texts("evidence"),
        row=_row(fields),
        headline=fields.texts("headline"),
        wrong=fields.texts("wrong"),
        section=fields.text("section", required=False),
        tags=fields.texts("tags"),
        standalone=fields.text("standalone", required=False),
    )
    fields.finish()
    if question.answerable and not (question.evidence or question.row):
        raise fields.wrong("evidence", list(question.evidence), "at least one verbatim substring, or a row")
    if not question.answerable and (question.evidence or question.row or question.headline):
        raise fields.wrong("answerable", False, "true where evidence, row or headline is given")
    return question


def _row(fields: "_Fields") -> GoldRow | None:
    values = fields.take("row", None)
    if values is None:
        return None
    if not isinstance(values, dict):
        raise fields.wrong("row", values, "null or an object with label, column and cells")
    inner = _Fields(values, fields.place, "row.")
    row = GoldRow(label=inner.text("label"), column=inner.text("column", required=False), cells=inner.texts("cells"))
    inner.finish()
    return row


def _message(fields: "_Fields") -> Message:
    message = Message(
        id=fields.text("id"),
        message=fields.text("message"),
        history=fields.texts("history"),
        recognised=fields.texts("recognised"),
        why=fields.text("why", required=False),
        label=fields.text("label", required=False),
    )
    fields.finish()
    for kind in message.recognised:
        if kind not in KINDS:
            raise fields.wrong("recognised", kind, ", ".join(KINDS))
    return message


_MISSING: Any = object()


class _Fields:
    """The fields of one object, each taken once; what is left at the end is unknown."""

    def __init__(self, values: dict[str, Any], place: str, prefix: str = "") -> None:
        self._values = dict(values)
        self._prefix = prefix
        self.place = place

    def take(self, name: str, default: Any = _MISSING) -> Any:
        value = self._values.pop(name, default)
        if value is _MISSING:
            raise BadQuestionSet(f"the field {self._prefix + name!r} is missing", place=self.place, remedy="Add it")
        return value

    def text(self, name: str, required: bool = True) -> str:
        value = self.take(name, _MISSING if required else "")
        return str(self._checked(name, value, "a string", lambda: isinstance(value, str) and (value or not required)))

    def flag(self, name: str) -> bool:
        value = self.take(name)
        return bool(self._checked(name, value, "true or false", lambda: isinstance(value, bool)))

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.take(name, [])
        is_right = isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
        return tuple(self._checked(name, value, "a list of strings, none empty", lambda: is_right))

    def finish(self) -> None:
        """Raise BadQuestionSet where a field is left that nobody took."""
        for name in self._values:
            raise BadQuestionSet(
                f"there is no field {self._prefix + name!r}", place=self.place, remedy="Mend the name or leave it out"
            )

    def wrong(self, name: str, value: Any, allowed: str) -> BadQuestionSet:
        return BadQuestionSet(f"{self._prefix}{name} is {value!r}", place=self.place, remedy=f"Give {allowed}")

    def _checked(self, name: str, value: Any, allowed: str, holds: Callable[[], Any]) -> Any:
        if not holds():
            raise self.wrong(name, value, allowed)
        return value


def names(questions: Iterable[Question]) -> Iterator[str]:
    """The labels that questions ask about, each once, in order."""
    yield from dict.fromkeys(question.label for question in questions)
