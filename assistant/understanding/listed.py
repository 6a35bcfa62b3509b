"""The groups of the word lists as an index keeps them: columns of text, of which a question looks at a few lines.

In: groups as `lexicon` compiles them. Out: `packed`, JSON-ready columns; `Listed`, which has them open: a group is made when
one of its wordings is looked up. Groups that share no wording with another stand by themselves, whatever the labels; only
the others have to be joined for each label (`lexicon.load`). Left out: what the lists say (`lexicon`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

Form = tuple[str, ...]  # the stems of one wording
Row = tuple[str, str, Sequence[Form], Sequence[str], Sequence[Form]]  # kind, name, forms, wordings, those in capitals
_COLUMNS: Final = ("kinds", "names", "forms", "wordings", "capitals")


@dataclass(frozen=True, slots=True)
class Group:
    """Wordings that mean the same."""

    kind: str
    name: str  # as labels call it
    forms: tuple[Form, ...]
    names: tuple[str, ...]  # the wordings as printed, one a form
    capitals: frozenset[Form] = frozenset()  # forms that count only when typed in capitals


def packed(rows: Sequence[Row]) -> dict[str, str]:
    """A column a field, a line a group; several forms or wordings stand between bars."""
    columns: dict[str, list[str]] = {name: [] for name in _COLUMNS}
    for kind, name, forms, wordings, capitals in rows:
        columns["kinds"].append(kind)
        columns["names"].append(name)
        columns["forms"].append(_barred(forms))
        columns["wordings"].append("|".join(wordings))
        columns["capitals"].append(_barred(capitals))
    columns["shared"] = list(_shared(rows))
    return {name: "\n".join(lines) for name, lines in columns.items()}


def _barred(forms: Iterable[Form]) -> str:
    return "|".join(" ".join(form) for form in forms)


def _shared(rows: Sequence[Row]) -> Iterator[str]:
    """A mark for each group: x where it has a wording in common with another, or where labels decide whether it counts."""
    owners = Counter(form for row in rows for form in set(row[2]))
    yield from ("x" if row[0] == "abbreviation" or any(owners[form] > 1 for form in row[2]) else "" for row in rows)


class Listed:
    """The groups of the lists, and the words that they know."""

    def __init__(self, columns: Mapping[str, str], medical: str, ordinary: str) -> None:
        self._columns = {name: columns[name].split("\n") if columns["kinds"] else [] for name in (*_COLUMNS, "shared")}
        self.medical = frozenset(medical.split())
        self.ordinary = frozenset(ordinary.split())
        lines = zip(self._columns["forms"], self._columns["shared"], strict=True)
        self._alone = {
            form: place for place, (forms, shared) in enumerate(lines) if not shared for form in forms.split("|")
        }
        self._made: dict[int, Group] = {}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Listed":
        """As `lexicon.compile_lexicon` wrote it."""
        return cls(values["groups"], values["medical"], values["ordinary"])

    @cached_property
    def parts(self) -> frozenset[str]:
        """Every stem that stands in a wording of a group that stands alone."""
        return frozenset(" ".join(self._alone).split())

    @cached_property
    def longest(self) -> dict[str, int]:
        """How many stems the longest wording has that begins with a stem, of the groups that stand alone."""
        found: dict[str, int] = {}
        for form in self._alone:
            first, *others = form.split(" ")
            found[first] = max(found.get(first, 0), 1 + len(others))
        return found

    @cached_property
    def _shared(self) -> tuple[int, ...]:
        return tuple(place for place, shared in enumerate(self._columns["shared"]) if shared)

    def alone(self, form: Form) -> Group | None:
        """The group by itself that has this wording."""
        place = self._alone.get(" ".join(form))
        return None if place is None else self.group(place)

    def to_join(self, own: Collection[Form]) -> list[Group]:
        """The groups that share wordings with one another or with these, in the order of the lists."""
        touched = {place for form in own if (place := self._alone.get(" ".join(form))) is not None}
        return [self.group(place) for place in sorted({*self._shared, *touched})]

    def group(self, place: int) -> Group:
        """The group on a line."""
        if place not in self._made:
            kind, name, forms, wordings, capitals = (self._columns[one][place] for one in _COLUMNS)
            self._made[place] = Group(
                kind, name, _forms(forms), tuple(wordings.split("|")), frozenset(_forms(capitals))
            )
        return self._made[place]


def _forms(barred: str) -> tuple[Form, ...]:
    return tuple(tuple(form.split(" ")) for form in barred.split("|")) if barred else ()
