"""The sections, blocks and tables of a plain-text label, line by line.

In: the text's lines. Out: `Blocks` with `sections`, `blocks` and `tables` filled, ready for a `Label`. Every line that
isn't blank stands in a block. Left out: which lines are tables (`plain_regions`) or headings (`plain_headings`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.label import Block, BlockKind, Section, Span, Table
from assistant.reading.fixed_width import read_tables
from assistant.reading.plain_headings import Heading, clean, goes_on, heading
from assistant.reading.plain_lines import Line
from assistant.reading.plain_regions import Region, find_regions

_PATIENT = re.compile(r"(?:Patient (?:Package )?(?:Information|Insert)|Medication Guide|Instructions for Use)", re.I)
_EXCERPT = re.compile(r"\s*EXCERPT:\s*")
_WORD = re.compile(r"[^\W\d_]+")
_DONE = re.compile(r"[.:;!?)\]}]\s*$")
_LEAD = re.compile(r":\s*$|\bfollowing\b")
_SHORT = 80  # characters of a title over its text
_NEAR = 300  # sections looked back for a parent
_BOILERPLATE = re.compile(r"[}\s]+")


class Blocks:
    """What a label's lines are; `read` fills it once."""

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.sections: list[Section] = []
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self._text = text
        self._known: set[str] = set()
        self._in_prose: set[str] = set()
        self._boxed = False  # the last heading is the title of a boxed warning that may go on
        self._lists = 0
        self._patient = False  # in a patient document, which goes on to the end of its outermost section
        self._outer = 0  # place of the last section of level 1
        self._highlights = False
        self._last: Line | None = None  # the line of the last block, None after a heading or table
        self._open = True  # a heading may stand here

    def read(self) -> None:
        regions = {region.first: region for region in find_regions(self.lines)}
        inside = {place for region in regions.values() for place in range(region.first, region.last + 1)}
        self._known = {word.lower() for word in _WORD.findall(self._text)}
        self._in_prose = {
            word.lower()
            for place, line in enumerate(self.lines)
            if place not in inside
            for word in _WORD.findall(line.text)
        }
        place = 0
        while place < len(self.lines):
            region = regions.get(place)
            if region:
                self._region(region)
                place = max(region.last, *region.notes, 0) + 1
            else:
                self._line(place)
                place += 1
        self._close()

    def _line(self, place: int) -> None:
        line = self.lines[place]
        if not line.stripped:
            self._open = True
            return
        if line.marker is not None:
            self._marker(line)
            return
        self._highlights = self._highlights and not line.stripped.startswith("BOXED WARNING:")
        found = self._heading(place)
        if found:
            self._section(line, found)
        elif self._title_goes_on(line):
            return
        elif self._glued_heading(line):
            return
        elif _BOILERPLATE.fullmatch(line.text):
            self._add("boilerplate", line.first, line.last)
        else:
            self._prose(line)

    def _heading(self, place: int) -> Heading | None:
        line = self.lines[place]
        before = self.lines[place - 1] if place else None
        after = next((other for other in self.lines[place + 1 : place + 5] if other.stripped), None)
        alone = place + 1 >= len(self.lines) or not self.lines[place + 1].stripped
        apart = self._open or line.indent >= 5
        found = heading(line, before, after, open_=apart or alone)
        if found and not (found.number or found.boxed):
            alone = alone or (apart and _stands_over(line, self.lines[place + 1]))
            return found if alone and apart and not self._highlights else None
        return found

    def _marker(self, line: Line) -> None:
        self._highlights = False
        title = (line.marker or "").strip().capitalize() or "Section"
        self._add("boilerplate", line.first, line.last, of_next=True)
        self._open_section(line, Heading(title), 1, None)

    def _section(self, line: Line, found: Heading) -> None:
        self._highlights = False
        outer = self.sections[self._outer] if self.sections else None
        if outer and found.number and "." not in found.number and not outer.number and _same(outer.title, found.title):
            heading_span = Span(start=line.first, end=line.last)
            self.sections[self._outer] = replace(outer, number=found.number, title=found.title, heading=heading_span)
        elif self.sections and not self._has_text() and _repeats(found, self.sections[-1].title):
            self._boxed = False
        else:
            self._open_section(line, found, *self._level(found))
            self._boxed = found.boxed
        self._add("heading", line.first, line.last)

    def _glued_heading(self, line: Line) -> bool:
        """Cut off the next numbered heading where it stands at the end of another line."""
        last = line.pieces[-1]
        number = next((section.number for section in reversed(self.sections[-_NEAR:]) if "." in section.number), "")
        if len(line.pieces) < 2 or not number or not last.text.startswith(_following(number) + " "):
            return False
        rest = Line(last.text, last.start)
        found = heading(rest, None, None, open_=True)
        if not found or line.pieces[-2].text.endswith(("(", "see", "See", "Section")):
            return False
        self._prose(Line(line.text[: line.pieces[-2].end - line.start], line.start))
        self._section(rest, found)
        return True

    def _title_goes_on(self, line: Line) -> bool:
        """Take a line into the title of a boxed warning that is broken over lines."""
        last = self.blocks[-1] if self.blocks else None
        if last is None or last.kind != "heading" or not self.sections or not goes_on(line):
            return False
        section = self.sections[-1]
        if not section.title.upper().startswith("WARNING"):
            return False
        self.blocks[-1] = replace(last, end=line.last)
        if self._boxed:
            span = Span(start=section.heading.start, end=line.last)
            title = clean(
                f"{section.title} {line.stripped}" if section.title != "WARNING" else f"WARNING: {line.stripped}"
            )
            self.sections[-1] = replace(section, title=title, heading=span)
        return True

    def _has_text(self) -> bool:
        last = len(self.sections) - 1
        return any(block.section == last and block.kind not in ("heading", "boilerplate") for block in self.blocks[-8:])

    def _level(self, found: Heading) -> tuple[int, int | None]:
        """Level and parent: under the section whose number begins this one's, titles under the last number."""
        if not self.sections:
            return 1, None
        outer = self._outer
        if found.number:
            for place in range(len(self.sections) - 1, max(outer, len(self.sections) - _NEAR) - 1, -1):
                number = self.sections[place].number
                if number and found.number.startswith(number + "."):
                    return self.sections[place].level + 1, place
            return (
                (2, outer)
                if "." in found.number or self.sections[outer].heading.start == self.sections[outer].start
                else (1, None)
            )
        for place in range(len(self.sections) - 1, max(outer, len(self.sections) - _NEAR) - 1, -1):
            if self.sections[place].number or place == outer:
                return self.sections[place].level + 1, place
        return 2, outer

    def _open_section(self, line: Line, found: Heading, level: int, parent: int | None) -> None:
        self._outer = len(self.sections) if level == 1 else self._outer
        self._patient = (self._patient and level > 1) or bool(_PATIENT.match(found.title) and not found.number)
        self.sections.append(
            Section(
                title=found.title,
                number=found.number,
                level=level,
                parent=parent,
                heading=Span(start=line.first, end=line.last),
                start=line.first,
                end=line.last,
                patient=self._patient,
            )
        )
        self._last, self._open = None, True

    def _prose(self, line: Line) -> None:
        start = line.first
        found = _EXCERPT.match(line.text)
        if found:
            self._highlights = True
            self._add("boilerplate", start, line.start + len(found.group().rstrip()))
            start = line.start + found.end()
            if start >= line.last:
                return
        rest = Line(line.text[start - line.start :], start) if found else line
        if rest.bullet and rest.stripped[rest.bullet - rest.indent :].strip():
            self._item(rest)
        elif self._goes_on(line) and not found:
            self.blocks[-1] = replace(self.blocks[-1], end=line.last)
        else:
            self._add("paragraph", start, line.last)
        self._last, self._open = line, False

    def _goes_on(self, line: Line) -> bool:
        """Whether a line goes on the last block: the first of a block is always indented."""
        if self._last is None or not self.blocks or self.blocks[-1].kind not in ("paragraph", "list_item"):
            return False
        if line.indent == 0 and self._last.text:
            return True
        if line.stripped[0] in "(,;])" or line.stripped.startswith("see "):
            return not _DONE.search(self._last.text) or self._last.stripped.endswith(("[", "("))
        return line.stripped[0].islower() and not _DONE.search(self._last.text) and not self._open

    def _item(self, line: Line) -> None:
        last = self.blocks[-1] if self.blocks else None
        fresh = last is None or last.kind != "list_item" or last.section != len(self.sections) - 1
        lead = None
        if fresh:
            self._lists += 1
            lead = self._lead()
        elif last is not None:
            lead = last.lead
        self._add("list_item", line.first, line.last, listed=self._lists, lead=lead)

    def _lead(self) -> int | None:
        if not self.blocks or self.blocks[-1].kind != "paragraph" or self.blocks[-1].section != len(self.sections) - 1:
            return None
        block = self.blocks[-1]
        return len(self.blocks) - 1 if _LEAD.search(self._text[block.start : block.end]) else None

    def _region(self, region: Region) -> None:
        if not self.sections:
            self._front(self.lines[region.first])
        section = len(self.sections) - 1
        tables = read_tables(region, self.lines, section, self._is_glued)
        ends = [table.start for table in tables[1:]] + [self.lines[region.last].last]
        for table, end in zip(tables, ends, strict=True):
            stop = table.start + len(self._text[table.start : end].rstrip())
            self.tables.append(replace(table, end=stop))
            self._add("table", table.start, stop, table=len(self.tables) - 1)
        for place in region.notes:
            self._add("legend", self.lines[place].first, self.lines[place].last, table=len(self.tables) - 1)
        self._last, self._open = None, True

    def _is_glued(self, word: str, printed: str) -> bool:
        return word.lower() in self._known and printed.lower() not in self._in_prose

    def _front(self, line: Line) -> None:
        """The section of what stands before the first heading."""
        self._open_section(line, Heading("Label"), 1, None)

    def _add(
        self,
        kind: BlockKind,
        start: int,
        end: int,
        *,
        listed: int | None = None,
        lead: int | None = None,
        table: int | None = None,
        of_next: bool = False,
    ) -> None:
        if not self.sections and not of_next:
            self._open_section(Line(self._text[start:end], start), Heading("Label"), 1, None)
        self.blocks.append(
            Block(
                kind=kind,
                start=start,
                end=end,
                section=len(self.sections) - (0 if of_next else 1),
                list=listed,
                level=1 if listed else 0,
                lead=lead,
                table=table,
                highlights=self._highlights,
            )
        )

    def _close(self) -> None:
        """Ends of sections: where the next one of the same or an outer level begins."""
        stop = len(self._text)
        ends = [stop] * (max((section.level for section in self.sections), default=0) + 2)
        for place in range(len(self.sections) - 1, -1, -1):
            section = self.sections[place]
            end = min(ends[: section.level + 1])
            self.sections[place] = replace(section, end=end)
            ends[section.level] = section.start
            for deeper in range(section.level + 1, len(ends)):
                ends[deeper] = section.start


def _stands_over(line: Line, after: Line) -> bool:
    """Whether a title has its text right in the next line: a short line, set in, over a long one."""
    short = line.indent >= 5 and len(line.stripped) <= _SHORT
    return short and after.indent > 0 and not after.bullet and len(after.stripped) > 2 * _SHORT


def _following(number: str) -> str:
    """The section number after one: "6.1" is followed by "6.2"."""
    outer, _, last = number.rpartition(".")
    return f"{outer}.{int(last) + 1}"


def _repeats(found: Heading, title: str) -> bool:
    """Whether a heading prints the last one again, as boxed warnings do; the rest of its title may follow."""
    return found.title == title or (found.boxed and title.startswith(found.title))


def _same(title: str, other: str) -> bool:
    """Whether two titles have the same words."""
    return _WORD.findall(clean(title).lower()) == _WORD.findall(clean(other).lower())
