"""Question sets are read strictly: what is wrong is named with file, line, field and value."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import paths
from assistant.errors import BadQuestionSet
from assistant.evaluating.questions import GoldRow, Message, Question, Sets, default_files, load, load_sets

LINE: dict[str, Any] = {
    "id": "b1",
    "label": "examplor",
    "question": "Pyrexia?",
    "history": ["in children"],
    "answerable": True,
    "evidence": ["Pyrexia 49 4"],
    "row": {"label": "Pyrexia", "column": "All grades", "cells": ["49"]},
    "headline": ["49"],
    "wrong": ["4"],
    "section": "Common ARs",
    "tags": ["table"],
}


def write(folder: Path, *lines: object) -> Path:
    file = folder / "set.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return file


def test_a_line_becomes_a_whole_question(tmp_path: Path) -> None:
    assert load([write(tmp_path, LINE, "")]) == [
        Question(
            id="b1",
            label="examplor",
            question="Pyrexia?",
            history=("in children",),
            answerable=True,
            evidence=("Pyrexia 49 4",),
            row=GoldRow(label="Pyrexia", column="All grades", cells=("49",)),
            headline=("49",),
            wrong=("4",),
            section="Common ARs",
            tags=("table",),
        )
    ]


def test_messages_are_told_from_questions_by_their_field(tmp_path: Path) -> None:
    message = {
        "id": "m1",
        "message": "I fainted",
        "history": [],
        "recognised": ["adverse_event"],
        "why": "first person",
    }
    expected = Message(id="m1", message="I fainted", recognised=("adverse_event",), why="first person")
    assert load_sets([write(tmp_path, message)]) == Sets(messages=(expected,))
    with pytest.raises(BadQuestionSet, match="m1: is a message, not a question"):
        load([tmp_path / "set.jsonl"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answerable": "yes"}, "answerable is 'yes'. Give true or false."),
        ({"evidence": [1]}, "evidence is [1]. Give a list of strings, none empty."),
        ({"evidence": [], "row": None}, "evidence is []. Give at least one verbatim substring, or a row."),
        ({"answerable": False}, "answerable is False. Give true where evidence, row or headline is given."),
        (
            {"row": {"label": "x", "cells": [], "colum": "y"}},
            "there is no field 'row.colum'. Mend the name or leave it out.",
        ),
        ({"row": 3}, "row is 3. Give null or an object with label, column and cells."),
        ({"question": ""}, "question is ''. Give a string."),
        ({"answer": "49"}, "there is no field 'answer'. Mend the name or leave it out."),
    ],
)
def test_a_wrong_value_is_named_with_its_place(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    file = write(tmp_path, LINE, {**LINE, "id": "b2", **change})
    with pytest.raises(BadQuestionSet) as caught:
        load([file])
    assert str(caught.value) == f"{file}:2: {message}"


def test_a_missing_field_a_line_that_is_no_json_and_a_doubled_id_are_named(tmp_path: Path) -> None:
    for lines, message in (
        (({"id": "b1"},), ":1: the field 'label' is missing. Add it."),
        (("{",), ":1: is not JSON"),
        (("[1]",), ":1: is b'[1]'. Give one JSON object a line."),
        ((LINE, LINE), ": the id 'b1' stands twice. Give each line its own id."),
        (("",), ": is empty. Give one JSON object a line."),
    ):
        file = write(tmp_path, *lines)
        with pytest.raises(BadQuestionSet) as caught:
            load([file])
        assert str(caught.value).startswith(f"{file}{message}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadQuestionSet, match="can't be read: No such file"):
        load([tmp_path / "none.jsonl"])


def test_only_test_sets_are_read_by_default(tmp_path: Path) -> None:
    for name in ("a-test.jsonl", "a-dev.jsonl", "notes.txt"):
        (tmp_path / name).touch()
    assert default_files(tmp_path) == (tmp_path / "a-test.jsonl",)
    with pytest.raises(BadQuestionSet, match="holds no file ending in"):
        default_files(tmp_path / "none")


def test_every_question_set_of_the_product_reads() -> None:
    sets = load_sets(sorted(paths.questions().glob("*.jsonl")))
    assert len(sets.questions) > 1000
    assert len(sets.messages) >= 120
