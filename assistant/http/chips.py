"""What a question was understood as, in chips that can be changed or removed, and the question that a change asks.

In: a `Reply` and the labels by id. Out: `chips_of`, `reworded`. A change keeps the reader's own words where the slot's
words stand among them; else the question is worded anew from what was understood. Left out: the look (`turn.html`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant import populations
from assistant.http.asking import SLOTS
from assistant.label import Label
from assistant.reply import Reply, Understood

_NAMES = {"condition": "circumstance", "dose": "figure", "arm": "study arm", "trial": "study", "measure": "asked for"}
_GRADES = ("3 or higher", "3", "4")
_GRADE = re.compile(
    r",?\s*\b(?:severe|grades?\s*(?:≥|>=?|at least)?\s*(?:[1-5]|I{1,3}|IV|V)\b(?:\s*(?:or|and|to|/|-|–)\s*"
    r"(?:[1-5]|IV|V|higher|greater|above|more|worse)\b)?\+?)",
    re.IGNORECASE,
)
_ARM = re.compile(
    r"\s*\b(?:(?:in|on|with|for|than|vs\.?|versus)\s+)?(?:the\s+)?(?:placebo|pbo|sham|vehicle|control|comparator)s?\b(?:\s+(?:arm|group))?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\s*\b(?:(?:in|for|among|of|with)\s+)?(?:the\s+)?$", re.IGNORECASE)
_PREPOSITION = re.compile(r"\s*(?:in|for|among|of|with)\b", re.IGNORECASE)
_AFTER = re.compile(r"\s*\b(?:patients?|population|people)\b", re.IGNORECASE)
_MEASURES = {"count": "number of patients", "time": "time to onset", "value": "level", "phone": "phone number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that a chip can be changed to."""

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One slot of how the question was understood."""

    slot: str
    name: str  # of the slot, for a reader
    text: str
    options: tuple[Option, ...] = ()
    removable: bool = False
    typed: bool = False  # can be changed to anything


def chips_of(reply: Reply, labels: Mapping[str, Label]) -> tuple[Chip, ...]:
    """The chips of a reply, in a fixed order."""
    return tuple(_chips(reply.understood, labels))


def _chips(understood: Understood, labels: Mapping[str, Label]) -> Iterator[Chip]:
    label = labels.get(understood.label or "")
    if label and len(labels) > 1:
        others = [Option(value=one.id, text=one.name) for one in labels.values() if one is not label]
        yield Chip(slot="product", name="product", text=label.name, options=tuple(others), removable=True)
    for slot in SLOTS[1:]:
        value = getattr(understood, slot)
        if value:
            yield Chip(
                slot=slot,
                name=_NAMES.get(slot, slot),
                text=_shown(slot, value),
                options=tuple(_options(slot, value, label)),
                removable=slot not in ("topic", "measure"),
                typed=slot == "topic",
            )


def _shown(slot: str, value: str) -> str:
    """A slot's value as a chip says it: "grade ≥3", "study 2", a trial's own name as it is."""
    is_number = slot == "trial" and re.fullmatch(r"[\dIVX]+(?:, [\dIVX]+)*", value) is not None
    return f"grade {value}" if slot == "grade" else f"study {value}" if is_number else value


def _options(slot: str, value: str, label: Label | None) -> Iterator[Option]:
    if slot == "population" and label:
        not_offered = {"healthy", *value.split(", ")}
        yield from (Option(value=slug, text=slug) for slug in populations.named(label.text) if slug not in not_offered)
    elif slot == "grade":
        yield from (Option(value=grade, text=f"grade {grade}") for grade in _GRADES if grade != value)
    elif slot == "arm" and value != "placebo":
        yield Option(value="placebo", text="placebo")


def reworded(reply: Reply, slot: str, value: str) -> str:
    """The question that a reply answered, with one slot changed; an empty value removes the slot."""
    question = reply.standalone_question.rstrip(" ?.")
    if slot == "product":
        return f"{question}?"
    changed = None
    if slot == "population":
        places = _population_places(question)
        preposition = " in" if places and _PREPOSITION.match(question, *places[0]) else ""
        changed = _replaced(question, places, f"{preposition} {_patients(value)}" if value else "")
    elif slot in ("grade", "arm"):
        pattern, text = (_GRADE, f", grade {value}") if slot == "grade" else (_ARM, f" with {value}")
        changed = _replaced(question, [match.span() for match in pattern.finditer(question)], text if value else "")
    return f"{changed or composed(reply.understood, {slot: value})}?"


def composed(understood: Understood, changes: Mapping[str, str]) -> str:
    """What was understood, worded as a question without its mark.

    >>> composed(Understood(topic="anemia", population="pediatric", measure="rate"), {"topic": "pyrexia"})
    'pyrexia rate in pediatric patients'
    """
    slots = {slot: changes.get(slot, getattr(understood, slot, None) or "") for slot in SLOTS}
    parts = [slots["topic"], _MEASURES.get(slots["measure"], slots["measure"])]
    parts += [f"with {slots['condition']}"] if slots["condition"] else []
    parts += [slots["dose"], f"grade {slots['grade']}" if slots["grade"] else ""]
    parts += [f"with {slots['arm']}"] if slots["arm"] else []
    parts += [f"in {_patients(slots['population'])}"] if slots["population"] else []
    parts += [f"in study {slots['trial']}"] if slots["trial"] else []
    return " ".join(part for part in parts if part) or "label"


def _patients(population: str) -> str:
    *first, last = (part.strip() for part in population.split(","))
    said = f"{', '.join(first)} and {last}" if first else last
    return f"patients with {said}" if "impairment" in said else f"{said} patients"


def _population_places(question: str) -> list[tuple[int, int]]:
    """Where a question names a population, with the words that go with the name; half-open, in order, apart."""
    found: list[tuple[int, int]] = []
    for _, start, end in populations.places(question):
        before = _BEFORE.search(question[:start])
        after = _AFTER.match(question, end)
        start, end = before.start() if before else start, after.end() if after else end
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _replaced(question: str, places: Sequence[tuple[int, int]], text: str) -> str:
    """The first place replaced and the others dropped; empty where there is none or nothing is left."""
    if not places:
        return ""
    for number, (start, end) in reversed(list(enumerate(places))):
        question = f"{question[:start]}{text if number == 0 else ''}{question[end:]}"
    return " ".join(question.split()).strip(" ,")
