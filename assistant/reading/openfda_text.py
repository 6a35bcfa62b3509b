"""The text of openFDA fields as headings, paragraphs, items and tables.

In: `Field`s, each one line of text. Out: `Piece`s. A heading is the number and the words in capitals, or in title
case, that a field or subsection begins with; a number begins a subsection only where it goes on counting. A table
stands where the text repeats its words, which are left out there. Left out: sections (`html_outline`).
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from assistant.reading.html_elements import table as table_of
from assistant.reading.html_outline import Heading, Part, Piece, made, words
from assistant.reading.html_parse import parse_text
from assistant.reading.openfda_fields import Field, bare, titles

_SUBSECTION = re.compile(r"(?:(?<=\s)|^)(?P<number>\d{1,2}\.\d{1,2})\.?\s+(?=[A-Z])")
_NUMBER = re.compile(r"\s*(?P<number>\d{1,2}(?:\.\d{1,2})?)\.?\s+(?=[A-Z])")
_STANDARD = re.compile(rf"(?:{'|'.join(sorted(titles(), key=len, reverse=True))})(?=\s|$)", re.IGNORECASE)
_CAPITALS = re.compile(
    r"(?:[A-Z][A-Z’'/&,():-]*|[&/-])(?:\s+(?:[A-Z][A-Z’'/&,():-]+|[&/-]|[A-Z](?=\s[A-Z]{2})))*(?=\s|$)"
)
_TITLE_WORD = re.compile(
    r"(?:[A-Z0-9(“\"][\w®’'/&,()-]*|of|and|or|in|with|to|for|the|on|from|by|due|than|a|an|as|after)(?=[\s:]|$)"
)
_MINOR = re.compile(r"(?:of|and|or|in|with|to|for|the|on|from|by|due|than|a|an|as|after)$")
_MOST_WORDS = 12
_MOST_COMPARED = 100_000_000  # characters gone through to find tables in a text
_WIDEST_GAP = 4  # from one subsection's number to the next
_BULLET = re.compile(r"\s*[•●▪■◦]\s*")


def pieces(fields: Iterable[Field], file: str) -> Iterator[Piece]:
    """Everything that the fields say, in order."""
    for field in fields:
        heading, text = _headed(field.text, field)
        yield Heading(element=made("title", heading), rank=1, code=field.code)
        yield from _body(text, field, file)


def _headed(text: str, field: Field) -> tuple[str, str]:
    """A field's heading and the text after it; the field's own name where the text prints none."""
    number = _NUMBER.match(text)
    place = number.end() if number else len(text) - len(text.lstrip())
    named = re.compile(r"\W*".join(map(re.escape, field.title.split())) + r"(?=\s|$)", re.IGNORECASE).match(text, place)
    capitals = _CAPITALS.match(text, place)
    found = named if named and not (capitals and capitals.end() > named.end()) else capitals
    if found is None or len(found.group()) < 4:
        return (text[:place].strip() + " " + field.title).strip(), text[place:] if number else text
    if capitals is found and text[found.end() :].lstrip()[:1].islower():
        # subtle: the last word in capitals begins the first sentence: "6 ADVERSE REACTIONS HUMIRA was studied"
        cut = found.group().rfind(" ")
        return (text[: place + cut].strip(), text[place + cut :]) if cut > 0 else (field.title, text)
    return text[: found.end()].strip(), text[found.end() :]


def _body(text: str, field: Field, file: str) -> Iterator[Piece]:
    """Subsections, with the tables in their places."""
    tables = [
        element for html in field.tables for element in parse_text(html, file).iter("table") if not _is_inner(element)
    ]
    left = list(tables)
    place = 0
    for start, end in [*_subsections(text), (len(text), len(text))]:
        yield from _said(text[place:start], left)
        if start < len(text):
            cut = _title_end(text, end)
            yield Heading(element=made("title", " ".join(text[start:cut].split())), rank=2)
            place = cut
    for element in left:
        yield Part(element=table_of(element))


def _is_inner(element: etree._Element) -> bool:
    return any(True for _ in element.iterancestors("table"))


def _subsections(text: str) -> list[tuple[int, int]]:
    """Where each numbered subsection begins and its title does; numbers count on."""
    found: list[tuple[int, int]] = []
    last: tuple[int, int] | None = None
    for match in _SUBSECTION.finditer(text):
        whole, part = (int(number) for number in match["number"].split("."))
        if (last is None and part == 1) or (
            last is not None and whole == last[0] and last[1] < part <= last[1] + _WIDEST_GAP
        ):
            found.append((match.start(), match.end()))
            last = (whole, part)
    return found


def _title_end(text: str, start: int) -> int:
    """Where a subsection's title ends: a standard one, or its words in title case less that which begins a sentence."""
    if standard := _STANDARD.match(text, start):
        return standard.end()
    place, ends = start, [start]
    while len(ends) <= _MOST_WORDS and (found := _TITLE_WORD.match(text, place)):
        ends.append(found.end())
        place = found.end()
        while place < len(text) and text[place].isspace():
            place += 1
    following = text[ends[-1] :].lstrip()
    if len(ends) > 2 and following[:1].islower():
        ends.pop()
    while len(ends) > 2 and _MINOR.search(text[ends[-2] : ends[-1]].strip()):
        ends.pop()
    return ends[-1]


def _said(text: str, left: list[etree._Element]) -> Iterator[Piece]:
    """A stretch of text; each table whose words stand in it takes their place."""
    for element in left if len(left) * len(text) < _MOST_COMPARED else ():
        if place := _place_of(words(element), text):
            left.remove(element)
            yield from _said(text[: place[0]], left)
            yield Part(element=table_of(element))
            yield from _said(text[place[1] :], left)
            return
    yield from _paragraphs(text)


def _place_of(said: str, text: str) -> tuple[int, int] | None:
    """Where the text repeats a table's words, whatever the white space between them."""
    sought, places = bare(said), [place for place, char in enumerate(text) if not char.isspace()]
    if not sought:
        return None
    found = "".join(text[place] for place in places).find(sought)
    return (places[found], places[found + len(sought) - 1] + 1) if found >= 0 else None


def _paragraphs(text: str) -> Iterator[Piece]:
    """Lines as paragraphs; what stands between bullets as items."""
    for line in text.split("\n"):
        first, *items = (" ".join(part.split()) for part in _BULLET.split(line))
        if first:
            yield Part(element=made("paragraph", first))
        if found := [item for item in items if item]:
            element = made("list")
            element.extend(made("item", item) for item in found)
            yield Part(element=element)
