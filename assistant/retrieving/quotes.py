"""What a quote does, whoever asks: it directs, explains, points elsewhere; and what a question asks for, whatever it is about.

In: the words of a quote or a question. Out: `said` and `put`, each kept, since the same quotes are looked at again and
again. Left out: what that counts (`retrieving.ranking`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.patterns import expression

_INCLUDES = expression(
    r"(?i)\bwhat count(?:s|ed) as\b|\b(?:lumped|rolled|bundled|grouped|put) together\b|\binclud\w+|\bpart of\b|\bcount(?:s|ed)? (?:as|under|toward)|\bcover(?:s|ed)? by\b|\bgrouped\b|\bterms?\b.*\bcombin"
)
_INCLUDING = expression(r"(?i)\bincludes?\b|\bcomprises?\b|\bconsists?\b")
_ANIMAL = expression(r"(?i)\b(?:rats?|rabbits?|mice|mouse|monkeys?|dogs?|animals?|pups|in vitro|hamsters?)\b")
_RECOMMENDS = expression(
    r"(?i)\b(?:recommended|usual|starting|initial|maximum)\b.{0,40}\b(?:dose|dosage|dosing)|\bdose\b.{0,40}\brecommended"
)
_SEE = expression(r"\[?\(?\s*see [^\])]*(?:\([^)]*\)[^\])]*)*[\])]?", re.IGNORECASE)
_DIRECTS = expression(
    r"(?i)\b(?:should|must|recommended|advise|monitor|discontinue|interrupt|withhold|reduce|administer|avoid|consider|obtain|"
    r"instruct|initiate|evaluate|assess|treat|do not|use|perform|premedicate|counsel|inform)\b"
)
# The line that every label has for reporting reactions is near to any question about a patient, and answers none.
_REPORTING = expression(r"(?i)\bto report suspected adverse (?:reactions|events)\b")
_REPORT_ASKED = expression(r"(?i)\breport|phone|\bcall\b|contact|medwatch|\bnumber\b|manufacturer|who makes")
_WHY = expression(r"(?i)\bwhy\b|\breason|\bhow come\b|\bwhat (?:causes|explains|makes)\b|\brationale\b")
_BECAUSE = expression(
    r"(?i)\bbecause\b|\bdue to\b|\bas a result\b|\bcaused by\b|\bsince\b|\battribut\w+ to\b|\bresult\w* (?:from|in)\b|\bexplained by\b|\bmay reflect\b|\bowing to\b"
)


_FULL = expression(r"(?i)^\W*see (?:the )?full prescribing information for (?:the )?complete boxed warning")


def _is_pointer(quote: str) -> bool:
    """Whether a quote does little more than point to another section."""
    if _FULL.search(quote):
        return True
    rest = _SEE.sub(" ", quote)
    return rest != quote and len(rest.split()) <= 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a quote does, whoever asks."""

    directs: bool
    points: bool
    reports: bool
    explains: bool
    animal: bool
    recommends: bool
    includes: bool
    short: bool


@lru_cache(maxsize=50_000)
def said(quote: str) -> Said:
    """What a quote does."""
    return Said(
        directs=_DIRECTS.search(quote) is not None,
        points=_is_pointer(quote),
        reports=_REPORTING.search(quote) is not None,
        explains=_BECAUSE.search(quote) is not None,
        animal=_ANIMAL.search(quote) is not None,
        recommends=_RECOMMENDS.search(quote) is not None,
        includes=_INCLUDING.search(quote) is not None,
        short=len(quote.split()) < 5,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What a question asks for, whatever it is about."""

    reporting: bool
    why: bool
    animal: bool
    includes: bool


@lru_cache(maxsize=256)
def put(question: str) -> Put:
    """What a question asks for."""
    return Put(
        reporting=_REPORT_ASKED.search(question) is not None,
        why=_WHY.search(question) is not None,
        animal=_ANIMAL.search(question) is not None,
        includes=_INCLUDES.search(question) is not None,
    )
