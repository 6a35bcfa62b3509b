"""Labels and passages survive being saved, and nothing else passes for one."""

import dataclasses
import json
import time
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import IndexDamaged
from assistant.indexing.saving import dump, load_label, load_passages
from assistant.label import Block, Cell, Column, Label, Row, Section, Span, Table
from assistant.passage import Passage


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type, every field of a dataclass drawn."""
    origin, arguments = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind):
        return st.builds(kind, **{name: values(hint) for name, hint in get_type_hints(kind).items()})  # type: ignore[arg-type]
    if origin is tuple:
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if origin is Literal:
        return st.sampled_from(arguments)
    if arguments:
        return st.one_of([values(argument) for argument in arguments])
    return {int: st.integers(0, 2**40), str: st.text(max_size=8), bool: st.booleans(), type(None): st.none()}[kind]


@settings(max_examples=60, deadline=None)
@given(values(Label))
def test_a_label_comes_back_as_it_was(label: Label) -> None:
    raw = dump(label)
    assert b"\n" not in raw
    assert load_label(raw, "labels.jsonl") == label
    assert repr(load_label(raw, "labels.jsonl")) == repr(label)


@settings(max_examples=60, deadline=None)
@given(st.lists(values(Passage), max_size=3))
def test_passages_come_back_as_they_were(passages: list[Passage]) -> None:
    raw = b"".join(dump(passage) + b"\n" for passage in passages)
    assert load_passages(raw, "passages.jsonl") == passages


def test_union_types_are_drawn_too() -> None:
    assert get_origin(get_type_hints(Passage)["table"]) is Union or get_args(get_type_hints(Passage)["table"])


LEAST: dict[str, Any] = {"id": "a", "name": "A", "format": "text", "sha256": "0", "text": "A"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"sections": [{"title": "x", "heading": {"start": 1, "end": 2, "hue": 3}, "start": 0, "end": 1}]}, "hue"),
        ({"text": None}, "text"),
        ({"version": 7}, "version"),
        ({"names": "A"}, "names"),
        ({"sections": [{"title": "x", "heading": {"start": "1", "end": 2}, "start": 0, "end": 1}]}, "start"),
        ({"blocks": [{"kind": "chapter", "start": 0, "end": 1, "section": 0}]}, "kind"),
    ],
)
def test_what_is_no_label_is_refused_and_its_field_named(change: dict[str, Any], field: str) -> None:
    assert load_label(json.dumps(LEAST).encode(), "here").text == "A"
    with pytest.raises(IndexDamaged, match=field) as trouble:
        load_label(json.dumps(LEAST | change).encode(), "index/labels.jsonl")
    assert trouble.value.place == "index/labels.jsonl"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b'{"id": "a"}'])
def test_bytes_that_are_no_label_are_refused(raw: bytes) -> None:
    with pytest.raises(IndexDamaged):
        load_label(raw, "here")


def test_a_label_of_five_thousand_spans_loads_quickly() -> None:
    span = Span(start=1, end=2)
    cells = tuple(Cell(text="1", start=1, end=2, column=0) for _ in range(4))
    rows = tuple(Row(label="r", start=1, end=4, cells=cells) for _ in range(30))
    table = Table(caption="c", start=1, end=2, section=0, columns=(Column(header=("a", "b")),), rows=rows)
    label = Label(
        id="big",
        name="BIG",
        format="spl",
        sha256="0",
        text="x yé " * 80_000,
        sections=tuple(Section(title="t", heading=span, start=1, end=2) for _ in range(300)),
        blocks=tuple(Block(kind="paragraph", start=1, end=2, section=0) for _ in range(2500)),
        tables=(table,) * 20,
    )
    raw = dump(label)
    assert load_label(raw, "here") == label
    start = time.process_time()
    load_label(raw, "here")
    assert time.process_time() - start < 0.150  # seconds; 0.012 measured
