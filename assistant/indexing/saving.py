"""Value objects to JSON bytes and back, exactly: tuples stay tuples, defaults are left out and filled in again.

In: a dataclass and its value, or bytes. Out: bytes, or the value. An unknown key, a missing one or a value of another
type is refused. Left out: where the bytes lie (`store`) and whether they are whole (`checking`).
"""

from dataclasses import MISSING, fields, is_dataclass
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from assistant.errors import IndexDamaged
from assistant.label import Label
from assistant.passage import Passage

if TYPE_CHECKING:
    from pydantic import TypeAdapter

REMEDY = "Build it anew: label-assistant index"
Value = TypeVar("Value")

_WRITERS: dict[type, "TypeAdapter[Any]"] = {}
_READERS: dict[Any, Any] = {}


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
        msgspec.json.decode(raw, type=_reader(kind))
        value = msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"holds no {kind.__name__}: {error}", place=place, remedy=REMEDY) from error
    return value


def _strict(kind: Any) -> Any:
    """The type with structures in the place of its dataclasses, which alone can refuse an unknown key."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        optional = {item.name for item in fields(kind) if (item.default, item.default_factory) != (MISSING, MISSING)}
        parts = [
            (name, _strict(hint), None) if name in optional else (name, _strict(hint)) for name, hint in hints.items()
        ]
        return msgspec.defstruct(kind.__name__, parts, kw_only=True, forbid_unknown_fields=True)
    origin, inner = get_origin(kind), tuple(map(_strict, get_args(kind)))
    if origin is None or origin is Literal:
        return kind
    return Union[inner] if origin in (Union, UnionType) else origin[inner]  # noqa: UP007 - built from a tuple


def _reader(kind: Any) -> Any:
    """What a type is checked by before it is read, made at its first use (Label: 2 ms)."""
    if kind not in _READERS:
        _READERS[kind] = _strict(kind)
    return _READERS[kind]


def load_label(raw: bytes, place: str) -> Label:
    """A label of its line."""
    return load(Label, raw, place)


def load_passages(lines: bytes, place: str) -> list[Passage]:
    """The passages of consecutive lines, in order, 5 microseconds each."""
    # JSON never holds a bare line feed inside a string, so the lines join into one array.
    return load(list[Passage], b"[" + lines.strip().replace(b"\n", b",") + b"]", place)


def _writer(kind: type) -> "TypeAdapter[Any]":
    """What writes a dataclass, made at its first use (Label: 60 ms)."""
    # subtle: only it can leave out the defaults of a dataclass, but a question, which only reads, starts faster without
    from pydantic import TypeAdapter

    if kind not in _WRITERS:
        _WRITERS[kind] = TypeAdapter(kind)
    return _WRITERS[kind]
