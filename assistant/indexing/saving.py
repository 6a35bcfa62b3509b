"""Value objects to JSON bytes and back, exactly: tuples stay tuples, defaults are left out and filled in again.

In: a dataclass and its value, or bytes. Out: bytes, or the value. An unknown key, a missing one or a value of another
type is refused. Left out: where the bytes lie (`store`) and whether they are whole (`checking`).
"""

from dataclasses import is_dataclass
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from assistant import label, passage
from assistant.errors import IndexDamaged
from assistant.label import Label
from assistant.passage import Passage

REMEDY = "Build it anew: label-assistant index"
Value = TypeVar("Value")

_STRICT = ConfigDict(extra="forbid", strict=True)
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}
_PARTS: tuple[type, ...] = (
    label.Span,
    label.Section,
    label.Block,
    label.Cell,
    label.Column,
    label.Footnote,
    label.Row,
    label.Table,
    label.Definition,
    label.Finding,
    label.Label,
    passage.Facets,
    passage.Passage,
)


def dump(value: Any) -> bytes:
    """One line of JSON, UTF-8, fields at their default left out.

    >>> from assistant.label import Span
    >>> dump(Span(start=3, end=7))
    b'{"start":3,"end":7}'
    """
    return adapter(type(value)).dump_json(value, exclude_defaults=True)


def load(kind: type[Value], raw: bytes, place: str) -> Value:
    """The value whose `dump` the bytes are; anything else is IndexDamaged at `place`."""
    try:
        value: Value = adapter(kind).validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        message = f"holds no {kind.__name__}: {field} {first['msg'].lower()}"
        raise IndexDamaged(message, place=place, remedy=REMEDY) from error
    return value


def load_label(raw: bytes, place: str) -> Label:
    """A label of its line."""
    return load(Label, raw, place)


def load_passages(lines: bytes, place: str) -> list[Passage]:
    """The passages of consecutive lines, in order, 3 microseconds each."""
    # JSON never holds a bare line feed inside a string, so the lines join into one array.
    return load(list[Passage], b"[" + lines.strip().replace(b"\n", b",") + b"]", place)


def adapter(kind: Any) -> TypeAdapter[Any]:
    """The converter of a dataclass, made at its first use (Label: 60 ms)."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = _made(kind)
    return _ADAPTERS[kind]


def _made(kind: Any) -> TypeAdapter[Any]:
    for part in (*_PARTS, kind):
        # The value objects know nothing of pydantic, so their strictness is set from here:
        # https://docs.pydantic.dev/latest/concepts/config/#configuration-on-standard-library-dataclasses
        if is_dataclass(part):
            part.__pydantic_config__ = _STRICT  # type: ignore[union-attr]
    return TypeAdapter(kind)
