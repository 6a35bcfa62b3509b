"""A label's canonical text while it is written: sections and blocks get their places as the text grows.

In: sections entered and left, blocks of text in order. Out: `text`, `sections`, `blocks` and `tables` for a `Label`.
Blocks are parted by a blank line, items of a list and rows of a table by a line end. Left out: what is written.
"""

from dataclasses import dataclass, replace

from assistant.label import Block, BlockKind, Section, Span, Table


@dataclass(frozen=True, slots=True)
class Mark:
    """A state of the draft to go back to."""

    parts: int
    length: int
    newlines: int
    blocks: int
    last: str


class Draft:
    """The text so far and what stands in it."""

    def __init__(self) -> None:
        self.length = 0  # characters
        self.sections: list[Section] = []
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.last = ""  # the text of the last block
        self._parts: list[str] = []
        self._newlines = 2  # line ends at the end of the text so far

    @property
    def text(self) -> str:
        return "".join(self._parts).rstrip("\n")

    def part(self, newlines: int = 2) -> int:
        """Ends the line, and leaves a blank one for 2; returns the place where writing goes on."""
        if self._newlines < newlines:
            self._parts.append("\n" * (newlines - self._newlines))
            self.length += newlines - self._newlines
            self._newlines = newlines
        return self.length

    def write(self, text: str) -> int:
        """Adds text; returns the place where it starts."""
        start = self.length
        if text:
            self._parts.append(text)
            self.length += len(text)
            self._newlines = 1 if text.endswith("\n") else 0
        return start

    def mark(self) -> Mark:
        return Mark(len(self._parts), self.length, self._newlines, len(self.blocks), self.last)

    def rewind(self, mark: Mark) -> None:
        """Forgets what was written since the mark; sections entered since then must not exist."""
        del self._parts[mark.parts :]
        del self.blocks[mark.blocks :]
        self.length, self._newlines, self.last = mark.length, mark.newlines, mark.last

    def enter(self, section: Section, heading: str) -> int:
        """Begins a section, with a heading block where one is printed; returns its place."""
        start = self.part()
        place = len(self.sections)
        self.sections.append(replace(section, start=start, end=start, heading=Span(start=start, end=start)))
        if heading:
            self.block("heading", heading, place)
            self.sections[place] = replace(self.sections[place], heading=Span(start=start, end=self.length))
        return place

    def leave(self, place: int) -> None:
        """Ends a section where the last block ends, not in the blank line after it; one that holds nothing vanishes."""
        end = self.blocks[-1].end if self.blocks else 0
        section = self.sections[place]
        if end <= section.start and place == len(self.sections) - 1:
            self.sections.pop()
            return
        self.sections[place] = replace(section, end=max(section.start, end))

    def block(
        self,
        kind: BlockKind,
        text: str,
        section: int,
        *,
        bullet: str = "",
        tight: bool = False,
        number: int | None = None,
        level: int = 0,
        lead: int | None = None,
        table: int | None = None,
    ) -> int:
        """Adds a block of text on a line of its own; returns its place. The bullet stands before it, not in it."""
        self.part(1 if tight else 2)
        self.write(bullet)
        start = self.write(text)
        self.add(kind, start, section, number=number, level=level, lead=lead, table=table)
        self.last = text
        return len(self.blocks) - 1

    def add(
        self,
        kind: BlockKind,
        start: int,
        section: int,
        *,
        number: int | None = None,
        level: int = 0,
        lead: int | None = None,
        table: int | None = None,
    ) -> None:
        """Makes a block of what was written since `start`."""
        self.blocks.append(
            Block(
                kind=kind,
                start=start,
                end=self.length,
                section=section,
                list=number,
                level=level,
                lead=lead,
                table=table,
                highlights=self.sections[section].highlights,
            )
        )
