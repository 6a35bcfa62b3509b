"""A follow-up in the words of the question before it: "and in adults?" after "VOD rate in children?" is "VOD rate in adults?".

In: a follow-up and the question before it, both understood. Out: `reworded`, the earlier question with what the follow-up names in
the place of what it replaces, or None where the follow-up says more than a name or replaces nothing that can be told. Left
out: what else a follow-up takes over (`understanding.followups`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant import figures, populations, trials
from assistant.query import Concept, Query
from assistant.understanding.asking import arm_places
from assistant.understanding.number_for_number import in_one, replaced_place
from assistant.understanding.reading import AGE, AGE_GROUP, BY_DEGREE, GRADE_WORDS
from assistant.understanding.word_for_word import Pairs, directed, exchanged
from assistant.words import stem, tokens

_WORDS: Final = 10  # of a fragment at most
_OPENING: Final = re.compile(
    r"(?i)^\W*(?:(?:and|but|or|so|ok(?:ay)?|also|what about|how about|what if it'?s|(?:what )?if (?:it'?s|it is|they'?re|they are|he'?s|he is|she'?s|she is)(?: only| just| being| given| taken)*|what (?:is|was|were) (?:it|they|that)(?= (?:in|on|for|with|at|after|among)\b)|same for|same|the same for|no|nope|sorry|i meant?|then|just|only|now)\b[\s,:]*)+"
)
_PLACED: Final = re.compile(
    r"(?i)^(?:(?P<how>in|for|with|on|at|by|among|after|during|before|without|on top of)\s+)?"
    r"(?:(?:(?:those|people|patients|pts|women|men|children|subjects)\s+)?(?:with(?: a history of)?|on|who(?:'?d|'?ve)? (?:had|have|have had|got|took|take)|who'?d had|also (?:on|taking|given|receiving)|taking|given|receiving)\s+|(?:the|those)\s+)*"
)
_CLOSING: Final = re.compile(
    r"(?i),?\s+(?:only|then|specifically|instead|as well|too|alone\?|(?:in |at |over |for )?(?:the )?same (?:period|time|dose|arm|group|trial|study|patients|population))?\W*$"
)
_NO_FRAGMENT: Final = re.compile(
    r"(?i)\b(?:is|are|was|were|do|does|did|can|could|should|would|will|may|must|has|have|had|what|which|who|when|where|why|how|tell|give|show|list|explain|define|"
    r"it|its|that|those|these|this|they|them|their|he|she|same|both|either|other|others|rest|each|vs|versus|compared|average|mean|median|onset|duration)\b"
)
_BEFORE: Final = re.compile(
    r"(?i)\b(?P<how>also taking|also on|taking|in|for|with|on|at|by|among|after|during|before|without)\s+(?:the\s+|those\s+)?$"
)
_NOUN: Final = re.compile(r"(?i)\s+(?:group|arm|patients?|pts|people|subjects|recipients|folks)\b")
_POINT: Final = re.compile(
    r"(?i)\b(?:(?:from|after|since|until|up to)\s+)?(?:weeks?|months?|days?|years?|cycles?)\s+\d+(?:\s?(?:-|–|to)\s?\d+)?(?:\s+on(?:wards?)?(?!\s+\w))?\b"
)
_SPAN: Final = re.compile(r"(?i)(?:from|after|since|until|up to)\s+\w+\s+\d")
_IN_TIME: Final = re.compile(r"(?i)\b(?:from|after|since|until|up to|during|in|at|by|over)\s+(?:the\s+)?$")
_THRESHOLD: Final = re.compile(
    r"(?i)(?:(?:[≥>]=?|above|over|at least|more than)\s*)?\d+(?:\.\d+)?(?:%?\s?(?:-|–|to)\s?\d+(?:\.\d+)?)?\s?(?:(?:x|×|times)(?:\s+(?:the )?(?:uln|upper limit))?|%)(?:\s+or (?:more|greater|higher|over))?(?!\w)"
)
_REGIMEN: Final = re.compile(
    r"(?i)\b(?:(?:as (?:a )?)?(?:single[- ]agent|mono-?therapy)|alone|combo|(?:in )?combination(?: therapy)?(?! (?:with|of)\b))\b"
)
_DRUG: Final = re.compile(r"(?i)\b(?:the (?:study |active )?|study |active )(?:drug|product)(?: arm| group)?\b")
_VERSUS: Final = re.compile(r"(?i)\b(?:against|versus|vs\.?|compared)(?=\W|$)")
_ONES: Final = re.compile(
    r"(?i)\s+(?:ones?|group|arm|patients?|pts|people|subjects|trials?|stud(?:y|ies)|folks|population)$"
)
_HOW: Final = {
    "arm": "on",
    "trial": "in",
    "setting": "in",
    "dose": "at",
    "time": "at",
    "every": "given",
    "drug": "with",
    "procedure": "after",
}
_LOOSE: Final = frozenset(
    {"arm", "trial", "setting", "dose", "drug", "procedure", "grade", "threshold", "regimen", "time", "every"}
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something that a question names: its family, within which one replaces another, and its half-open place."""

    family: str
    start: int
    end: int


Family = Callable[[Concept, str], str]


@dataclass(frozen=True, slots=True)
class Arms:
    """What a label calls the arms of its trials."""

    own: tuple[str, ...] = ()  # the product's names, lower case
    others: frozenset[str] = frozenset()  # stems of the words of other arms
    settings: frozenset[str] | None = None  # stems of whom its trials took in and of its headings; None where unknown
    pairs: Pairs = frozenset()  # stems that stand side by side in it
    indicated: frozenset[str] = frozenset()  # stems of what its indications say


@dataclass(frozen=True, slots=True)
class Rewording:
    """The earlier question about what the follow-up names."""

    text: str
    is_sure: bool  # whether all that the follow-up names takes the place of something


def reworded(query: Query, before: Query, family: Family, arms: Arms) -> Rewording | None:
    """A follow-up in the words of the earlier question; `family` tells what a concept is replaced by."""
    text = _fragment(query.question)
    earlier = before.standalone.rstrip(" ?.!")
    if _MERGED.search(earlier):
        return None
    whole, is_sure = in_one(query.question, text, earlier)
    if whole or not text:
        return Rewording(whole, is_sure) if whole else None
    theirs = _pieces(earlier, before, family, arms)
    mine = _outer([_with_strength(text, piece) for piece in _pieces(text, query, family, arms)])
    if combines := _COMBINES.search(earlier) is not None:
        mine = [
            replace(one, family="drug") if one.family in ("event", "own") and not _how(one, text) else one
            for one in mine
        ]
    earlier, text, theirs, mine, narrowed = _narrowed(earlier, text, theirs, mine, before, arms.pairs)
    if _says_more(text, mine):
        whole = replaced_place(text, earlier)
        return Rewording(whole, is_sure=False) if whole else None
    is_sure = True
    for piece in mine:
        found = _replaced(piece, theirs, text, earlier, combines=combines, settings=arms.settings)
        if found is None and piece.family not in _LOOSE and not piece.family.startswith("population"):
            return None
        if found is None and piece.family == "drug" and not _ADDED_TO.search(text[: piece.start]):
            return None
        is_sure &= found is not None
        start, end, said = _put(piece, found, earlier, text)
        earlier = f"{earlier[:start]}{said}{earlier[end:]}"
        theirs = [_moved(one, start, end, len(said)) for one in theirs if one is not found]
    return Rewording(f"{earlier}?", is_sure and not narrowed) if mine or narrowed else None


_ONLY_WORDS: Final = frozenset({"event", "severity", "other", "organ"})
_BARE: Final = re.compile(r"(?i)(?:(?:the|those|any)\s+)?(?P<word>[a-z]+(?:-[a-z]+)?)(?=\s+ones?\b|\W*$|,)")


def _narrowed(
    earlier: str, text: str, theirs: list[_Piece], mine: list[_Piece], before: Query, pairs: Pairs
) -> tuple[str, str, list[_Piece], list[_Piece], bool]:
    """The earlier question with the first word of a follow-up in place of one of its own; what is left of the follow-up."""
    word = _BARE.match(text)
    at = next((piece for piece in mine if word and piece.start <= word.start("word") < piece.end), None)
    if word is None or not pairs or (at and (at.family not in _ONLY_WORDS or at.end > word.end())):
        return earlier, text, theirs, mine, False
    place = exchanged(word["word"], earlier, before, pairs)
    if place is None:
        return earlier, text, theirs, mine, False
    start, end = place
    said = word["word"] if end > start else f"{word['word']} "
    rest = " " * word.end() + text[word.end() :]
    left = [piece for piece in mine if piece is not at]
    whole = f"{earlier[:start]}{said}{earlier[end:]}"
    return whole, rest, [_moved(one, start, end, len(said)) for one in theirs], left, True


# As `followups` words what it can't put into the earlier question: "in UC (alt, rate)".
_MERGED: Final = re.compile(r" \([^()]*\)$")


def _fragment(question: str) -> str:
    """A follow-up that is no more than a name or two, without what opens and closes it; else empty."""
    opening = _OPENING.match(question)
    text = question[opening.end() if opening else 0 :]
    text = _CLOSING.sub("", f"{text} ").strip(" ?.!,")
    bare = _PLACED.sub("", text, count=1)
    if len(text.split()) > _WORDS or _NO_FRAGMENT.search(bare) or _VERSUS.search(question):
        return ""
    return text


def _outer(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Without those that lie within another."""
    return [
        one for one in pieces if not any(other.start <= one.start < other.end and other is not one for other in pieces)
    ]


# What may stand beside the names in a fragment.
_BESIDE: Final = frozenset(
    "in for with on at by among after during before without top of the a an and board only those that who had people patients patient pts subjects recipients folks "
    "also given history ones one group groups arm arms dose doses trial trials study studies population taking receiving treated given getting any from women men children adults d ve have had got took take".split()
)


_COMBINES: Final = re.compile(
    r"(?i)\b(?:combin\w*|tak(?:e|es|ing|en)|us(?:e|ed|ing)|giv(?:e|en|ing)|mix\w*|add\w*|co-?admin\w*|interact\w*|together|concomitant\w*)\b.*\b(?:with|and|to)\b"
)


def _says_more(text: str, pieces: Sequence[_Piece]) -> bool:
    """Whether a fragment has words that no piece holds: "the lower trametinib dose"."""
    rest = "".join(" " if any(one.start <= at < one.end for one in pieces) else char for at, char in enumerate(text))
    return any(word.lower() not in _BESIDE for word in re.findall(r"[^\W_]+", rest))


_EVERY: Final = re.compile(
    r"(?i)\s*,?\s*(?:/\s?(?:day|d|week)\b|(?:(?:once|twice|three times|\d+ times)\s+)?(?:a day|per day|daily|weekly|monthly|a week|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|qd|eow|"
    r"q\s?\d\s?(?:h|d|w|hours?|days?|weeks?)|every (?:other |\d+ )?(?:day|week|month|hour)s?)\b\.?)"
)
_OFTEN: Final = re.compile(
    r"(?i)(?<!\w)(?:(?:once|twice|three times)[- ](?:a[- ]day|daily|a[- ]week|weekly)|every[- ]other[- ](?:day|week|month)|every[- ](?:\d+[- ])?(?:day|week|month|hour)s?|(?:once[- ])?(?:daily|weekly|monthly)|"
    r"b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|qd|eow)(?: (?:dose|dosing|schedule))?(?!\w)"
)
_STRENGTH: Final = re.compile(
    r"(?i)\s+\d[\d.,]*(?:\s?(?:/|-|–|to)\s?\d[\d.]*)*(?:\s?(?:mg|mcg|µg|g|units?|iu|ml)\b(?:/kg\b)?)?(?!\w)"
)


_MORE_TRIALS: Final = re.compile(r"(?i)(?:\s*(?:,|/|&|and|or)\s*(?:\d+|[IVX]+)\b)+")


def _with_strength(text: str, piece: _Piece) -> _Piece:
    """A drug with its strength, a dose with how often it is given: another takes the place of both."""
    end = piece.end
    if piece.family == "trial" and (more := _MORE_TRIALS.match(text, end)):
        end = more.end()
    if piece.family in ("own", "drug") and (strength := _STRENGTH.match(text, end)):
        end = strength.end()
    if piece.family in ("own", "drug", "dose") and (every := _EVERY.match(text, end)):
        end = every.end()
    return replace(piece, end=end)


def _put(piece: _Piece, found: _Piece | None, earlier: str, text: str) -> tuple[int, int, str]:
    """Where in the earlier question, half-open, a piece goes, and in which words."""
    if found is not None:
        said = directed(text[piece.start : piece.end], earlier[found.start : found.end])
        whole = _with_strength(earlier, found)
        narrow = (piece.family == "own" and not _STRENGTH.search(said)) or (
            piece.family == "dose" and not _EVERY.search(said)
        )
        twice = _IN_TIME.search(earlier[: found.start]) if _SPAN.match(said) else None
        return twice.start() if twice else found.start, found.end if narrow else whole.end, said
    noun = _NOUN.match(text, piece.end)
    said = text[piece.start : noun.end() if noun else piece.end]
    if piece.family == "regimen":
        return len(earlier), len(earlier), f" {said}"
    if piece.family in ("grade", "threshold"):
        return len(earlier), len(earlier), f", {said}"
    how = _how(piece, text) or _HOW.get(piece.family, "in")
    return len(earlier), len(earlier), f" {how} {said}"


def _moved(piece: _Piece, start: int, end: int, length: int) -> _Piece:
    """A piece where the words at half-open `start`, `end` before it got longer or shorter."""
    by = length - (end - start) if piece.start >= end else 0
    return replace(piece, start=piece.start + by, end=piece.end + by)


_WHO: Final = re.compile(
    r"(?i)\b(?:those|people|patients|pts|women|men|children|subjects|ones)\s+(?:with|who)\b|\bhistory of\s+$"
)
_ADDED: Final = frozenset({"with", "taking", "also taking", "also on"})  # to the product
_ADDED_TO: Final = re.compile(r"(?i)\b(?:with|taking|on top of|plus|after)\s+(?:the\s+)?$")
_AMONG: Final = frozenset({"in", "for", "with", "among"})


def _replaced(
    piece: _Piece,
    theirs: Sequence[_Piece],
    text: str,
    earlier: str,
    *,
    combines: bool,
    settings: frozenset[str] | None = None,
) -> _Piece | None:
    """What a piece of the follow-up takes the place of; `combines` where drugs taken together were asked about."""
    family, how = piece.family, _how(piece, text)
    stems = {stem(token.text) for token in tokens(text[piece.start : piece.end])}
    is_setting = settings is None or bool(stems & settings)  # "and for sore joints?" is another reaction
    among = (
        (how in _AMONG and (is_setting or how not in ("for", "with")))
        or _ONES.search(text)
        or _WHO.search(text[: piece.start])
    )
    if family in ("event", "setting") and among:
        family = "setting"
    order = [family]
    if family == "arm":
        order = ["arm", "own", "drug"]
    elif family == "own":
        order = ["own", "arm"]
    elif family == "drug" and combines:
        order = ["drug", "event"]
    elif family == "drug" and not (how in _ADDED and not _own_with(theirs, earlier)):
        order = ["drug", "arm", "own"]
    if family == "event" and settings and stems <= settings:
        order = ["event", "setting"]
    found = next((one for wanted in order for one in theirs if one.family == wanted), None)
    if found is None and how and family in ("setting", "organ"):
        found = next((one for one in theirs if one.family in _PLACES and _how(one, earlier) == how), None)
    return found


def _own_with(theirs: Sequence[_Piece], earlier: str) -> bool:
    """Whether the product is named as what patients were treated with: "sinusitis with Breo"."""
    return any(one.family == "own" and _how(one, earlier) == "with" for one in theirs)


_PLACES: Final = frozenset({"organ", "event", "setting", "procedure"})


def _how(piece: _Piece, text: str) -> str:
    """The preposition in front of a piece, lower case; empty where there is none."""
    before = _BEFORE.search(text[: piece.start])
    return before["how"].lower() if before else ""


def _pieces(text: str, query: Query, family: Family, arms: Arms) -> list[_Piece]:
    """What a text names in its order, each stretch once; neighbours of one family are one."""
    found: list[_Piece] = []
    for piece in _candidates(text, query, family, arms):
        if not any(piece.start < other.end and other.start < piece.end for other in found):
            found.append(piece)
    joined: list[_Piece] = []
    for piece in sorted(found, key=lambda one: one.start):
        last = joined[-1] if joined else None
        if last and last.end < piece.start and _are_one(last.family, piece.family, text[last.end : piece.start]):
            joined[-1] = replace(last, end=piece.end)
        else:
            joined.append(piece)
    return joined


_COORDINATED: Final = re.compile(r"\s*(?:,|/|&|,?\s*\band\b|,?\s*\bor\b)\s*")


def _are_one(first: str, second: str, between: str) -> bool:
    """Whether neighbours are replaced together: parts of a name, or "RA, PsA and AS"."""
    alike = first == second or (first, second) == ("setting", "event")
    listed = alike and first in ("setting", "event") and _COORDINATED.fullmatch(between) is not None
    return listed or (first == second and not between.strip(" -"))


_AND_OVER: Final = re.compile(
    r"(?i)\b\d+ (?:(?:years|months)(?: of age| old)? )?(?:and|or) (?:over|older|above|up|under|younger|below)\b|\bover[- ]\d\ds\b"
)
# One replaces another of its sort: a kidney that fails isn't asked about where a liver is.
_SORTS: Final = {
    **dict.fromkeys(("adult", "pediatric", "elderly", "adolescent"), "age"),
    **dict.fromkeys(("male", "female"), "sex"),
    **dict.fromkeys(("renal impairment", "hepatic impairment"), "impairment"),
}


def _candidates(text: str, query: Query, family: Family, arms: Arms) -> Iterator[_Piece]:
    """What a text may name, the surest first."""
    yield from (_Piece("trial", start, end) for _, start, end in trials.asked(text, query.trials))
    yield from (_Piece("grade", *match.span()) for match in GRADE_WORDS.finditer(text))
    yield from (_Piece("degree", *match.span()) for match in BY_DEGREE.finditer(text))
    yield from (_Piece("arm", start, end) for start, end in arm_places(text))
    for pattern in (AGE_GROUP, _AND_OVER, AGE):
        yield from (_Piece("population age", *match.span()) for match in pattern.finditer(text))
    for slug, start, end in populations.places(text):
        sort = _SORTS.get(slug, slug)
        yield _Piece(f"population {sort}", start, end)
    yield from (_Piece("every", *match.span()) for match in _OFTEN.finditer(text))
    yield from (_Piece("regimen", *match.span()) for match in _REGIMEN.finditer(text))
    yield from (_Piece("time", *match.span()) for match in _POINT.finditer(text))
    yield from (_Piece("threshold", *match.span()) for match in _THRESHOLD.finditer(text))
    yield from _own(text, arms.own)
    for figure in figures.find(text):
        if figure.kind in ("dose", "time"):
            yield _Piece(figure.kind, figure.start, figure.end)
    for concept in query.concepts:
        if concept.soft or concept.kind == "ordinary":
            continue
        if found := re.search(rf"(?i)(?<!\w){re.escape(concept.text)}(?!\w)", text):
            arm = _ARM.match(text, found.end())
            stems = {stem(token.text) for token in tokens(concept.text)}
            is_arm = arm or (arms.others and any(arms.others.issuperset(form) for form in (stems, *concept.forms)))
            named = "arm" if is_arm else family(concept, text)
            if named == "setting" and arms.settings and not _is_setting(found, text, arms.settings):
                named = "event"
            yield _Piece(named, found.start(), arm.end() if arm else found.end())


def _is_setting(found: re.Match[str], text: str, settings: frozenset[str]) -> bool:
    """Whether what follows "for" is what the label's trials treated: "and for sore joints?" is another reaction."""
    how = _BEFORE.search(text[: found.start()])
    stems = {stem(token.text) for token in tokens(found.group())}
    return how is None or how["how"].lower() != "for" or bool(stems & settings)


_ARM: Final = re.compile(r"(?i)\s+(?:arm|group)\b")


_OF_A_TRIAL: Final = re.compile(
    r"(?i)(?:\s+(?!(?:in|of|with|on|and|or|for|at|from|by|vs|to)\b)[\w-]+){0,3}\s+(?:trials?|stud(?:y|ies)|label|program|pool)\b"
)


def _own(text: str, names: Sequence[str]) -> Iterator[_Piece]:
    """Where the product is named."""
    for name in sorted(names, key=len, reverse=True):
        for match in re.finditer(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", text):
            if not _OF_A_TRIAL.match(text, match.end()):
                yield _Piece("own", *match.span())
    yield from (_Piece("own", *match.span()) for match in _DRUG.finditer(text))
