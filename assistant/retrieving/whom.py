"""Whom a stretch of a label is about: the patients that the sentences before it say a trial took in.

In: a `Label`. Out: `before`, the stems of "patients with progressive medullary thyroid carcinoma" that stand before a place
in its section and those that hold it; `of_trials`, of whom the trials that a text names took in; `named`, the stems of all such
sentences; `trials_of`, the trials' names. Left out: age, sex and impairment (`populations`), and arms.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant import trials
from assistant.label import Label
from assistant.patterns import expression
from assistant.words import terms

_TITLED: Final = 12  # characters of a section's number before its title
_REACH: Final = 700  # characters: sentences as near to one another tell of one trial
_PEOPLE: Final = r"(?:patients|subjects|adults|men|women|children|adolescents|participants|recipients|volunteers|individuals|infants)"
_TAKEN_IN: Final = expression(
    rf"(?i)\b{_PEOPLE}\s+(?:\([^)]*\)\s+)?(?:\w+\s+){{0,5}}?(?:with|who (?:had|have)|undergoing|receiving|treated for|suffering from)\s+(?P<what>[^.;%\d]{{3,120}})"
    r"|\b(?:trial|study|studies|trials)\s+(?:\([^)]*\)\s+)?(?:of|in|on)\s+(?P<topic>[^.;%\d]{3,80})"
)
_TRIAL: Final = expression(
    r"(?i)\b(?:trials?|stud(?:y|ies)|evaluated|exposure|enrolled|randomi[sz]ed)\b(?!.*\banother drug\b)"
)
_LONGEST: Final = 600  # characters of a sentence: of a longer one its last count
_SENTENCE: Final = expression(r"[^.;\n]{20,}+(?P<end>\.(?=\s)|\n|$)?")


@dataclass(frozen=True, slots=True)
class _Told:
    place: int
    section: int
    stems: frozenset[str]


def before(label: Label, section: int, place: int) -> frozenset[str]:
    """The stems of whom the nearest such sentences before a place are about; empty where none stand there."""
    around = set(label.lineage(section))
    told = [one for one in _told(label) if one.place < place and one.section in around]
    near = [one for one in told if one.place >= told[-1].place - _REACH] if told else []
    return frozenset(stem for one in near for stem in one.stems)


@lru_cache(maxsize=256)
def named(label: Label) -> frozenset[str]:
    """The stems of everyone whom the label's trials took in, and of what the product is for."""
    return frozenset(stem for one in _told(label) for stem in one.stems) | indicated(label)


@lru_cache(maxsize=256)
def trials_of(label: Label) -> tuple[str, ...]:
    """The proper names of a label's trials."""
    return trials.proper(label.text, frozenset({label.name, *label.names}))


def of_trials(label: Label, text: str) -> frozenset[str]:
    """The stems of whom the trials took in that a text names: of patients with schizophrenia for "HARBOR-1"."""
    found = _of_each(label)
    return frozenset(
        stem
        for name, stems in found.items()
        if name in text and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
        for stem in stems
    )


@lru_cache(maxsize=256)
def _of_each(label: Label) -> Mapping[str, frozenset[str]]:
    """The trials by name, each with whom the titles and sentences that name it alone say it took in."""
    names = trials_of(label)
    found: dict[str, set[str]] = {name: set() for name in names}
    if not names:
        return {}
    for said, start, end in _telling(label):
        named = [name for name in names if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", label.text[start:end])]
        if len(named) == 1:
            found[named[0]] |= set(terms(said))
    own = {stem for name in (label.name, label.generic, *label.names, *names) for stem in terms(name)}
    return {name: frozenset(stems - own) for name, stems in found.items()}


def _telling(label: Label) -> Iterator[tuple[str, int, int]]:
    """What the label's titles and sentences say of whom they are about, with their half-open places."""
    for place, section in enumerate(label.sections):
        if any(label.sections[one].kind == "clinical_studies" for one in label.lineage(place)):
            yield section.title, section.start, section.start + len(section.title) + _TITLED
        for start, sentence in _ended(label.text, section.start, section.end):
            taken = [one["what"] or one["topic"] for one in _TAKEN_IN.finditer(sentence)]
            if taken:
                yield " ".join(taken), start, start + len(sentence)


@lru_cache(maxsize=256)
def indicated(label: Label) -> frozenset[str]:
    """The stems of what the label says that the product is for."""
    return frozenset(
        stem
        for section in label.sections
        if section.kind == "indications"
        for stem in terms(label.text[section.start : section.end])
    )


@lru_cache(maxsize=256)
def _told(label: Label) -> tuple[_Told, ...]:
    innermost = {one.place: one for one in _sentences(label)}  # a section follows its parent
    return tuple(innermost[place] for place in sorted(innermost))


def _sentences(label: Label) -> Iterator[_Told]:
    own = frozenset(stem for name in (label.name, label.generic, *label.names) for stem in terms(name))
    for place, section in enumerate(label.sections):
        for start, sentence in _ended(label.text, section.start, section.end):
            if _TRIAL.search(sentence) and "%" not in sentence:
                said = " ".join(one["what"] or one["topic"] for one in _TAKEN_IN.finditer(sentence))
                if stems := frozenset(terms(said)) - own:
                    yield _Told(start, place, stems)


def _ended(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The sentences and lines of a stretch of text that come to an end there, each with its place."""
    for match in _SENTENCE.finditer(text, start, end):
        if match["end"] is not None:
            begins = max(match.start(), match.start("end") - _LONGEST)
            yield begins, text[begins : match.end()]
