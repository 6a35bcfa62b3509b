"""Value objects to JSON bytes and back, exactly: tuples stay tuples, defaults are left out and filled in again.

In: a dataclass and its value, or bytes. Out: bytes, or the value. A missing key or a value of another type is
refused. Left out: where the bytes lie (`store`) and whether they are whole (`checking`).
"""

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from assistant.errors import IndexDamaged
from assistant.label import Label
from assistant.passage import Passage

if TYPE_CHECKING:
    from pydantic import TypeAdapter

REMEDY = "Build it anew: label-assistant index"
Value = TypeVar("Value")

_WRITERS: dict[type, "TypeAdapter[Any]"] = {}


def dump(value: Any) -> bytes:
    """One line of JSON, UTF-8, fields at their default left out.

    >>> from assistant.label import Span
    >>> dump(Span(start=3, end=7))
    b'{"start":3,"end":7}'
    """
    return _writer(type(value)).dump_json(value, exclude_defaults=True)


def load(kind: type[Value], raw: bytes, place: str) -> Value:
    """The value whose `dump` the bytes are; anything else is IndexDamaged at `place`."""
    try:
        value = msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"holds no {kind.__name__}: {error}", place=place, remedy=REMEDY) from error
    return value


def load_label(raw: bytes, place: str) -> Label:
    """A label of its line."""
    return load(Label, raw, place)


def load_passages(lines: bytes, place: str) -> list[Passage]:
    """The passages of consecutive lines, in order, 3 microseconds each."""
    # JSON never holds a bare line feed inside a string, so the lines join into one array.
    return load(list[Passage], b"[" + lines.strip().replace(b"\n", b",") + b"]", place)


def _writer(kind: type) -> "TypeAdapter[Any]":
    """What writes a dataclass, made at its first use (Label: 60 ms)."""
    # subtle: only it can leave out the defaults of a dataclass, but a question, which only reads, starts faster without
    from pydantic import TypeAdapter

    if kind not in _WRITERS:
        _WRITERS[kind] = TypeAdapter(kind)
    return _WRITERS[kind]
