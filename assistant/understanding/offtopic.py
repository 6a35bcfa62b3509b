"""Messages that ask nothing a label could answer: greetings, orders to the assistant, code, other subjects, languages.

In: a message, the lexicon and what the labels hold. Out: `asks_something`; `is_off_topic` by its wording;
`is_unheard_of` by what it speaks of. Left out: what is answered (`answering`).
"""

import re
import unicodedata
from collections.abc import Callable

from assistant.patterns import expression
from assistant.query import Query
from assistant.understanding.clauses import phrases
from assistant.understanding.lexicon import Lexicon
from assistant.words import STOP_WORDS, fold, stem, tokens

_CLINICAL = frozenset({"symptom", "condition", "lab", "abbreviation", "drug", "procedure", "organ", "route"})


def asks_something(message: str, *, alone: bool) -> bool:
    """Whether a message holds words; a bare number asks only after another question.

    >>> asks_something("100 mg", alone=True), asks_something("7", alone=True), asks_something("\U0001f600", alone=True)
    (True, False, False)
    """
    letters = sum(char.isalpha() for char in message)
    return letters > 1 or (not alone and any(char.isdigit() for char in message))


_POINTS = expression(r"(?i)\b(?:it|that|this|they|those|these)\b")


def points_at_nothing(query: Query) -> bool:
    """Whether a first question asks of "it" what is asked of an event, and names none: "Is it reversible?"."""
    of_event = phrases()["of_an_event"]
    others = [concept for concept in query.concepts if not of_event.search(fold(concept.text))]
    named = any(concept.kind != "ordinary" and not concept.soft for concept in others)
    told = (
        (query.sections and query.measure != "rate")
        or query.populations
        or query.grades
        or query.trials
        or query.numbers
        or query.arms
    )
    if named or told or not _POINTS.search(query.question):
        return False
    return of_event.search(fold(query.question)) is not None


def is_off_topic(
    message: str, query: Query, lexicon: Lexicon, holds: Callable[[str], bool], *, names_drug: bool
) -> bool:
    """Whether a message is no question about a label; `holds` says whether a stem stands in the labels."""
    text = fold(message)
    if any(phrases()[feature].search(text) for feature in ("markup", "injection", "making")):
        return True
    if _is_greeting(text) or _is_foreign(message, text, lexicon, holds):
        return True
    return not names_drug and not _is_clinical(query) and phrases()["elsewhere"].search(text) is not None


def _is_clinical(query: Query) -> bool:
    """Whether a question has anything of a label's: a clinical concept, a section, a population, a grade."""
    clinical = any(concept.kind in _CLINICAL for concept in query.subject)
    return clinical or bool(query.sections or query.populations or query.grades)


def is_unheard_of(query: Query) -> bool:
    """Whether a question has nothing of a label's and half of what it speaks of stands in none."""
    if _is_clinical(query) or query.measure or phrases()["label_talk"].search(fold(query.question)):
        return False
    unknown = sum(not concept.known for concept in query.subject)
    return len(query.subject) > 1 and 2 * unknown >= len(query.subject)


def _is_greeting(text: str) -> bool:
    rest = phrases()["greeting"].sub(" ", text)
    return rest != text and not re.search(
        r"\w\w",
        re.sub(
            r"\b(?:you|there|to|very|much|so|all|everyone|team|assistant|please|for|the|again|a|doing|today|that|it|this|was|is|really|useful|helpful|perfect|nice|all|good)\b",
            " ",
            rest,
        ),
    )


def _is_foreign(message: str, text: str, lexicon: Lexicon, holds: Callable[[str], bool]) -> bool:
    """Whether a message is in another script or language, or in no language at all."""
    letters = [char for char in message if char.isalpha()]
    if sum("LATIN" not in unicodedata.name(char, "") for char in letters) * 2 > len(letters):
        return True
    words = [token.text for token in tokens(text) if token.text.isalpha()]
    strange = [word for word in words if phrases()["foreign"].fullmatch(word) and word not in STOP_WORDS]
    if len(strange) >= 2 and len(strange) > sum(word in STOP_WORDS for word in words):
        return True
    known = [
        word
        for word in words
        if word in STOP_WORDS
        or holds(stem(word))
        or stem(word) in lexicon.ordinary
        or (stem(word),) in lexicon.by_form
        or stem(word) in lexicon.medical
    ]
    return len(words) >= 2 and not known and min(map(len, words)) > 2
