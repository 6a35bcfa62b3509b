"""How many of what: the number of the things that a question counts, and of all who took part in a trial.

In: a `Query` and the `Figure`s of a sentence. Out: `of_counted`, those in front of what is counted, "987 attacks"; `counts_all`, whether
all who took part are asked for, and `of_all`, their numbers. Left out: shares of them (`answering.picking_kinds`).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from assistant.answering.units import asked_unit
from assistant.figures import Figure
from assistant.patterns import expression
from assistant.query import Query
from assistant.understanding.families import family_of
from assistant.words import stem

_COUNTED: Final = expression(
    r"(?i)\b(?:how many|number of)\s+(?:of (?:the |these |those )?)?(?P<words>[a-z][\w-]*(?:\s+[a-z][\w-]*){0,2})"
)
_PEOPLE: Final = frozenset(
    stem(word)
    for word in "patients pts people persons subjects participants women men males females children kids adults infants babies "
    "adolescents teens volunteers boys girls individuals users recipients".split()
)
# Words that end what is counted, and units, which have rules of their own.
_NO_THINGS: Final = frozenset(
    "of the a an in on with to for at by from after before during over per and or were was are is did do does had have has can could may should must would will if when than "
    "percent times fold points who that which got get took went came needed stopped quit developed had died left more extra fewer other total overall altogether".split()
)
_WORDS_ON: Final = 3  # between a number and what it counts: "2 major birth defects"
_AFTER: Final = expression(rf"(?:[\s-]+[A-Za-z][\w-]*){{1,{_WORDS_ON}}}")
_NO_COUNT: Final = frozenset({"percent", "rate", "limit", "phone", "temperature", "name"})


def of_counted(every: Sequence[Figure], text: str, query: Query, end: int) -> list[Figure]:
    """The numbers in front of what the question counts, in its words or others for it."""
    things = _things(query)
    if not things or asked_unit(query.question):
        return []
    found = []
    for figure in every:
        if figure.kind in _NO_COUNT or (figure.kind == "time" and not figure.text.endswith("doses")):
            continue
        words = re.findall(r"[A-Za-z]+$", figure.text)  # "3 doses", whose unit is counted
        if after := _AFTER.match(text[figure.end : min(end, figure.end + 60)]):
            words += re.findall(r"[A-Za-z][\w-]*", after.group())[:_WORDS_ON]
        if any(stem(word.lower()) in things for word in words):
            found.append(figure)
    return found


def _things(query: Query) -> frozenset[str]:
    """The stems of what the question counts, people apart."""
    counted = _nouns(query.question)
    if not counted or counted & _PEOPLE:
        return frozenset()
    named = (one for one in query.concepts if not counted.isdisjoint(one.forms[0]))
    return (counted | {form[-1] for one in named for form in one.forms}) - _PEOPLE


@lru_cache(maxsize=1024)
def _nouns(question: str) -> frozenset[str]:
    found = _COUNTED.search(question)
    if found is None:
        return frozenset()
    words = []
    for word in found["words"].lower().split():
        if word in _NO_THINGS:
            break
        words.append(stem(word))
    return frozenset(words)


_HOW_MANY: Final = expression(r"(?i)\b(?:how many|number of|how (?:big|large))\b")
_OUTCOME: Final = expression(
    r"(?i)\b(?:stop\w*|quit\w*|discontinu\w*|withdr[ae]w\w*|drop(?:ped|s)? out|gave up|come off|came off|died|die|dead|deaths?|respon[ds]\w*|remission|relaps\w*|surviv\w*|improv\w*|"
    r"worse\w*|progress\w*|recover\w*|resolv\w*|hospitali[sz]\w*|admitted|need\w*|require\w*|side effects?|adverse|reaction\w*|events?|antibod\w*|abnormal\w*|elevat\w*|develop\w*|experienc\w*|reduc\w*|interrupt\w*|"
    r"reach\w*|achiev\w*|fell|falls?|fail\w*|bled|bleed\w*|sick|ill|complain\w*|report\w*|had|have|has|get|getting|suffer\w*|%|percent\w*|share|proportion)\b"
)


def counts_all(query: Query) -> bool:
    """Whether all who took part are asked for: people are counted, and nothing is named that befell them."""
    if query.measure not in ("rate", "count") or not _HOW_MANY.search(query.question):
        return False
    if not _nouns(query.question) & _PEOPLE or _OUTCOME.search(query.question):
        return False
    return all(
        family_of(one, query.question) == "setting" or one.kind == "drug" for one in query.subject if one.essential
    )


_IN_FRONT: Final = expression(
    r"(?i)^\s+(?:(?:were |was )?(?:with|on|to|received|given|in|randomi[sz]ed|assigned|treated|of (?:these|whom)|for at least)\b|(?:[a-z-]+\s+){0,4}?(?:patients|subjects|participants|adults|children|women|men|people|infants)\b)"
)
_SIZE: Final = expression(r"(?i)\bn\s?=\s?$")


def of_all(every: Sequence[Figure], text: str) -> list[Figure]:
    """The numbers of people that a sentence tells."""
    return [
        one
        for one in every
        if one.kind == "count"
        or (one.kind in ("number", "rate") and "%" not in one.text and _IN_FRONT.match(text, one.end, one.end + 80))
        or (one.kind == "number" and _SIZE.search(text, max(0, one.start - 6), one.start))
    ]
