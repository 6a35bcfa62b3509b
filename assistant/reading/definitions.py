"""Abbreviations as the label itself gives them.

In: a label's text and blocks. Out: `find`, its `Definition`s: legends ("VOD=veno-occlusive disease") and long forms
followed by their short form in brackets, matched as in Schwartz and Hearst, "A simple algorithm for identifying
abbreviation definitions in biomedical text", 2003, https://psb.stanford.edu/psb-online/proceedings/psb03/schwartz.pdf,
and "(also known as ...)". Left out: general lists of abbreviations (`understanding.lexicon`).
"""

import re
from collections.abc import Iterator, Sequence

from assistant.label import Block, Definition

_EQUATION = re.compile(
    r"(?<![A-Za-z=])(?P<short>[A-Z][\w/+-]{1,11}|[A-Z]{2,}[\w ]{0,4}?|[A-MO-Z](?=\s?[:=]\s?[a-z]{6,}\s*(?:[;.,\n]|$)))\s?(?:=|:(?= [a-z]))\s?"
    r"(?P<long>[A-Za-z][^;=.\n]{3,90}?)(?=[;.,\n]|\s+[A-Z][\w/-]{1,9}\s?=|$)"
)
_PAIR = re.compile(r"(?<![^\s;])(?P<short>[A-Z][\w/+-]{1,11}), (?P<long>[A-Za-z][^;,=.\n]{3,90})(?=[;.\n]|$)")
_BRACKET = re.compile(r"\((?P<short>[A-Za-z][\w/.+-]{1,11})(?:[;,][^()]{0,60})?\)")
_ALSO = re.compile(
    r"(?i)\((?P<short>[A-Za-z][\w/+-]{1,11})\)\s*\((?:also )?(?:known as|called|referred to as)\s+"
    r"(?P<long>[^()]{3,80})\)"
)
_WORD = re.compile(r"[A-Z][a-z]{3,}(?<!max)(?<!min)")  # "Tablets: store at 20°C" explains no abbreviation
_SENTENCE_END = re.compile(r"\w{3,}[.;]\s")
_MUTATION = re.compile(r"[A-Z]\d{2,4}[A-Z]")  # "Q148R = Q148H with ..."
_MINOR = frozenset("a an and by for from in of on or the to with".split())  # not counted against a long form
_QUANTITY = re.compile(r"(?:m?c?g|mL|units?)\b")  # "150 mg twice daily (MTC)" explains no MTC
_LONG_BEFORE = 100  # characters looked back for a long form


def find(text: str, blocks: Sequence[Block]) -> tuple[Definition, ...]:
    """Each abbreviation once, at its first definition, in text order."""
    found: dict[tuple[str, str], Definition] = {}
    for block in blocks:
        if block.kind == "boilerplate":
            continue
        for definition in _in_block(text, block):
            found.setdefault((definition.short, definition.long.lower()), definition)
    return tuple(sorted(found.values(), key=lambda definition: definition.start))


def _in_block(text: str, block: Block) -> Iterator[Definition]:
    if block.kind in ("legend", "table", "paragraph"):
        yield from _equations(text, block)
    for match in _ALSO.finditer(text, block.start, block.end):
        yield Definition(short=match["short"], long=_plain(match["long"]), start=match.start(), end=match.end())
    for match in _BRACKET.finditer(text, block.start, block.end):
        start = long_form(match["short"], text[max(block.start, match.start() - _LONG_BEFORE) : match.start()])
        if start is not None:
            begin = match.start() - start
            yield Definition(
                short=match["short"], long=_plain(text[begin : match.start()]), start=begin, end=match.end()
            )


def _equations(text: str, block: Block) -> Iterator[Definition]:
    """ "VOD=veno-occlusive disease" and, in legends, "VOD, veno-occlusive disease;".

    subtle: the block is cut out of the text first, since "References" may be glued to the first of them.
    """
    body = text[block.start : block.end]
    found = [(match, _fits(match["short"].strip(), match["long"])) for match in _EQUATION.finditer(body)]
    if block.kind == "legend":
        pairs = _PAIR.finditer(body)
        found += [(match, long_form(match["short"], match["long"]) == len(match["long"])) for match in pairs]
    for match, fits in found:
        if fits:
            yield Definition(
                short=match["short"].strip(),
                long=_plain(match["long"]),
                start=block.start + match.start(),
                end=block.start + match.end("long"),
            )


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" ,")


def _fits(short: str, long: str) -> bool:
    """Whether the short form's first letter begins a word of the long form: "ULN=upper limit of normal"."""
    return (
        not _WORD.fullmatch(short)
        and not _MUTATION.fullmatch(short)
        and bool(re.search(rf"(?i)\b{re.escape(short[0])}", long))
        and len(long) > len(short)
        and bool(re.search("[A-Z]", short))
    )


def long_form(short: str, before: str) -> int | None:
    """How many characters before the bracket the long form begins, None where there is none.

    >>> long_form("VOD", "including veno-occlusive disease ")
    23
    """
    letters = [char.lower() for char in short if char.isalnum()]
    if len(letters) < 2 or not any(char.isupper() for char in short) or short.isdigit():
        return None
    if (initials := _spelled(letters, before)) is not None:
        return initials
    place = len(before)
    for nth in range(len(letters) - 1, -1, -1):
        place -= 1
        while place >= 0 and not _begins_here(before, place, letters[nth], first=nth == 0):
            place -= 1
        if place < 0:
            return None
    long = before[place:]
    if _QUANTITY.match(long) or _SENTENCE_END.search(long):
        return None
    words = [word for word in long.split() if word.lower() not in _MINOR]
    if len(words) > min(len(letters) + 5, len(letters) * 2) or long.strip().lower() == short.lower():
        return None
    return len(before) - place if long.count("(") == long.count(")") else None


def _spelled(letters: Sequence[str], before: str) -> int | None:
    """How many characters before the bracket words begin whose first letters are the short form's; None where they don't.

    Tried first: the shortest match of "time in therapeutic range (TTR)" would begin at "therapeutic".

    >>> _spelled("ttr", "the time in therapeutic range ")
    26
    """
    words = [word for word in re.finditer(r"[^\W_]+", before) if word.group().lower() not in _MINOR]
    last = words[-len(letters) :]
    if [word.group()[0].lower() for word in last] != list(letters):
        return None
    long = before[last[0].start() :]
    return len(long) if long.count("(") == long.count(")") else None


def _begins_here(before: str, place: int, letter: str, *, first: bool) -> bool:
    if before[place].lower() != letter:
        return False
    return not first or (
        (place == 0 or not before[place - 1].isalnum())
        and re.split(r"\W", before[place:], maxsplit=1)[0].lower() not in _MINOR
    )
