"""One question as a `Query`: its slots, its subject, and the misspellings taken for a known word.

In: a question and an `Understander`'s lexicon and vocabulary. Out: `Understander.read`. Left out: what earlier questions
add (`understanding.followups`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant import figures, grades, populations
from assistant.query import Query
from assistant.understanding.asking import asking
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.subject import Vocabulary, concepts, named_products

_GRADE_WORDS = re.compile(
    r"(?i)\b(?:grades?|gr\.?)\s*(?:[≥≤<>]=?)?\s*[1-5](?:\s*(?:/|-|–|or|to|and)\s*[1-5](?!\d))?(?:\s*(?:or|and)?\s*(?:higher|above|greater|more|worse|plus)|\+)?|\b[1-5]\s*(?:\+|or (?:higher|above|greater|worse))"
    r"|\b(?:all|any)[ -]?grades?\b|\bg[1-5](?:/[1-5])?\+?\b"
)
_AGE = re.compile(r"(?i)\b\d+(?:\.\d+)?\s*-?\s*(?:years?|yrs?|yo|y/o|months?)[\s-]*(?:old|of age)\b|\b\d+\s?(?:yo|y/o)\b|\baged? \d+\b")


@dataclass(frozen=True, slots=True)
class Understander:
    """What it takes to read a question about some labels."""

    lexicon: Lexicon
    vocabulary: Vocabulary
    names: Mapping[str, str]  # folded product names to label ids

    def read(self, question: str, labels: Sequence[str]) -> Query:
        """The question by itself, as a query on these labels."""
        asked = asking(question)
        who = _populations(question)
        products = named_products(question, self.names)
        numbers = _numbers(question)
        taken = [
            *((start, end) for _, start, end in populations.places(question)),
            *(match.span() for match in _GRADE_WORDS.finditer(question)),
            *(match.span() for match in _AGE.finditer(question)),
            *((start, end) for _, start, end in products),
            *((start, end) for _, start, end in numbers),
        ]
        subject, corrected = concepts(question, self.lexicon, self.vocabulary, taken=taken, soft=asked.soft)
        return Query(
            question=question,
            standalone=question,
            labels=tuple(labels),
            concepts=subject,
            populations=who,
            grades=grades.named(question),
            trials=asked.trials,
            arms=asked.arms,
            numbers=tuple(text for text, _, _ in numbers),
            measure=asked.measure,
            answer_type=asked.answer_type,
            sections=asked.sections,
            corrected=corrected,
        )


def _populations(question: str) -> tuple[str, ...]:
    """The populations named, an age in years being one of them."""
    found = list(populations.named(question))
    for match in _AGE.finditer(question):
        age = figures.number(match.group())
        slug = "pediatric" if age < 18 or "month" in match.group().lower() else "elderly" if age >= 65 else "adult"
        if slug not in found:
            found.append(slug)
    return tuple(found)


def _numbers(question: str) -> list[tuple[str, int, int]]:
    """Figures that the question itself names: thresholds and doses, no ages and no grades."""
    barred = [match.span() for pattern in (_AGE, _GRADE_WORDS) for match in pattern.finditer(question)]
    found = []
    for figure in figures.find(question):
        if not any(start < figure.end and figure.start < end for start, end in barred) and figure.kind != "phone":
            found.append((figure.text, figure.start, figure.end))
    return found


