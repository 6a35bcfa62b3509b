"""Whom a stretch of a label is about: the patients that the sentences before it say a trial took in.

In: a `Label`. Out: `before`, the stems of "patients with progressive medullary thyroid carcinoma" that stand before a place
in its section and those that hold it; `named`, the stems of all such sentences. Left out: age, sex and impairment
(`populations`), arms and trials' names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.label import Label
from assistant.patterns import expression
from assistant.words import terms

_REACH: Final = 700  # characters: sentences as near to one another tell of one trial
_PEOPLE: Final = r"(?:patients|subjects|adults|men|women|children|adolescents|participants|recipients|volunteers|individuals|infants)"
_TAKEN_IN: Final = expression(
    rf"(?i)\b{_PEOPLE}\s+(?:\([^)]*\)\s+)?(?:\w+\s+){{0,3}}?(?:with|who (?:had|have)|undergoing|receiving|treated for|suffering from)\s+(?P<what>[^.;%\d]{{3,120}})"
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
