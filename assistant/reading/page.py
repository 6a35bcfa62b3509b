"""Reads a flattened web page: the text that "copy all" leaves of it, without any markup.

In: the bytes of such a text. Out: a `Label` whose source text is the decoded file. Menus and a page's words about
itself become boilerplate blocks; short lines before content, questions, all-capital lines, run-in headings
("Myelosuppression: ...") and headings glued to the end of a paragraph become sections. Left out: kinds of sections,
definitions and checks, which `reading.read` adds for every format.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from assistant.label import Block, BlockKind, Label, Section, Span, Table
from assistant.reading import page_notes, page_tables, page_upright
from assistant.reading.decoding import decode, digest
from assistant.reading.page_lines import Line, chunks, lines
from assistant.reading.page_tables import Region, clean_caption, unfused
from assistant.reading.source import Source

_GLUED_HEADING = re.compile(r"(?<=[a-z)\d][.!?])(?=[A-Z][A-Za-z-]+ [^.;:]{4,80}$)")
# subtle: possessive quantifiers, since a line of hyphens can be cut into words in very many ways
_RUN_IN = re.compile(r"(?P<title>[A-Z][\w’'/-]*+(?:[ ,]++(?:[\w’'/-]++|\([\w\s-]{1,60}+\)),?+){0,9}+):\s+(?=[A-Z])")
_PLAIN_RUN_IN = re.compile(r"(?P<title>[A-Z][\w’'/-]{3,}(?:,? [\w’'/-]+){0,4}):\s+(?=[A-Z])")
_DOTTED_RUN_IN = re.compile(r"(?P<title>[A-Z][\w’'/-]{3,}(?:,? [\w’'/-]+){0,4})\.\s+(?=[A-Z])")
# Words that make a sentence of what would else be a title.
_SENTENCE = re.compile(
    r"(?i)\b(?:is|are|was|were|be|been|has|have|had|may|can|should|must|does|did|occurred|reported|include[sd]?|including|following)\b"
    r"|^(?:the|an|in|for|of|to|if|when|at|on|with|from|after|before|during|among|these|this|those|note|references?|study|table|figure|see|"
    r"call|tell|ask|do|stop|use|take|give|start|increase|reduce|discontinue|permanently|monitor|interrupt|administer|advise|avoid|withhold|"
    r"consider|treat|test|measure|obtain|evaluate|assess|premedicate|data on)\b"
)
_BOXED = re.compile(r"^(?:BOXED )?WARNINGS?:")
_CODE = re.compile(r"^(?P<code>[A-Z]{1,5}(?:-[A-Z0-9]{1,8}){1,4})(?:\s\d{1,2}/\d{2,4})?$")
_CODE_AT_END = re.compile(r"\s(?P<code>[A-Z]{1,5}(?:-[A-Z0-9]{1,8}){1,4})(?:\s\d{1,2}/\d{2,4})?$")
_CLOSING = re.compile(r"(?:To report|You may report|Please (?:see|click|read|refer)|See (?:the )?full)\b")
_ASIDES = frozenset({"note", "notes", "important"})
_MINOR = frozenset("a an and as at by for from in of on or the to with including post per".split())


def read_page(content: bytes, source: Source) -> Label:
    """The page as a label; raises UnreadableLabel where the bytes are no text."""
    text = decode(content, source.file)
    name = source.name or _name(text)
    page = _Page(text, name)
    page.read()
    return Label(
        id=source.label_id,
        name=name or source.file.rsplit(".", 1)[0],
        generic=source.generic or _generic(text, name),
        kind=source.kind or "web page",
        format="page",
        effective=source.effective,
        approval_code=source.approval_code or _approval_code(text),
        copyright=source.copyright,
        file=source.file,
        sha256=digest(content),
        text=text,
        sections=tuple(page.finished_sections()),
        blocks=tuple(page.blocks),
        tables=tuple(page.tables),
    )


def _name(text: str) -> str:
    """The word that most often carries a trade mark sign; of glued and plain spellings the shortest that stands alone.

    >>> _name("INDICATIONBESPONSA® and BESPONSA®. BESPONSA helps.")
    'BESPONSA'
    """
    often = Counter(re.findall(r"(?<![\w-])([A-Z][\w-]{2,60})\s?[®™]", text)).most_common(20)
    marked = sorted((name for name, _ in often), key=lambda name: (len(name), name))
    return max(marked, key=lambda name: len(re.findall(rf"\b{re.escape(name)}\b", text)), default="")


def _generic(text: str, name: str) -> str:
    found = re.search(rf"{re.escape(name)}\s?[®™]?\s\(([a-z][\w-]+(?: [a-z][\w-]+){{0,3}})\)", text) if name else None
    return found[1] if found else ""


def _approval_code(text: str) -> str:
    """The code of a line of its own, else the one that ends a copyright line."""
    every = lines(text)
    alone = (code for line in every if (code := _code(line.text)))
    ended = (found["code"] for line in every if "©" in line.text and (found := _CODE_AT_END.search(line.text)))
    return next(alone, next((code for code in ended if _is_code(code)), ""))


def _code(text: str) -> str:
    """The approval code that a line is, as "PP-INO-USA-0658"; empty where it is none."""
    found = _CODE.match(text)
    return found["code"] if found and _is_code(found["code"]) else ""


def _is_code(code: str) -> bool:
    """Whether a name of capitals and digits is a code: three digits, and longer than a study's name."""
    return len(re.findall(r"\d", code)) >= 3 and (code.count("-") >= 2 or re.search(r"\d{4}", code) is not None)


@dataclass
class _Page:
    """What is known so far while the lines are gone through in order."""

    text: str
    name: str
    sections: list[Section] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    started: bool = False  # content has begun: what comes before is menus
    lists: int = 0
    lead: int | None = None  # place of the last block that is no list item
    above: int | None = None  # place of the table that a legend here belongs to: only legends and menus since
    has_code: bool = False  # the page's own approval code stands above
    last: dict[int, int] = field(default_factory=dict)  # level to the last section of it
    current: int = 0  # place of the section that blocks belong to
    levels: dict[str, int] = field(default_factory=dict)  # of headings on lines of their own, by how they look
    line_level: int = 0  # level of the last heading that stands on a line of its own
    is_boxed: bool = False  # whether that is the heading of a boxed warning
    is_run_in: bool = False  # whether the current section's heading is a run-in one
    dotted: int = 0  # how many lines of the page begin as run-in headings that end in a full stop
    closed: dict[int, int] = field(default_factory=dict)  # section to where it ends, if before the next heading

    def read(self) -> None:
        every = page_upright.folded(lines(self.text), page_tables.is_value)
        self.dotted = sum(_dotted(line.text) is not None for line in every if not line.bullet)
        regions = {every[region.head].start: region for region in page_tables.find(every)}
        for region in regions.values():
            if region.caption is not None:
                regions = {**regions, every[region.caption].start: region}
        runs = chunks(every)
        skip = 0
        for place, run in enumerate(runs):
            following = runs[place + 1] if place + 1 < len(runs) else []
            self._chunk([line for line in run if line.start >= skip], following, every, regions)
            skip = max(skip, self.blocks[-1].end if self.blocks else 0)

    def _chunk(self, run: list[Line], following: list[Line], every: list[Line], regions: dict[int, Region]) -> None:
        if not run:
            return
        if self._is_chrome(run, following, regions):
            self._add("boilerplate", run[0].start, run[-1].end)
            return
        is_table = any(line.start in regions for line in run)
        if all(line.is_short for line in run) and not is_table and not _has_number(run):
            self._own_heading(Line(self.text[run[0].start : run[-1].end], run[0].start, run[-1].end), alone=True)
            return
        self.started = True
        skip = 0
        for place, line in enumerate(run):
            if line.start < skip:
                continue
            if line.start in regions:
                self._close_run_in(line, first=place == 0)
                skip = self._table(every, regions[line.start])
            else:
                self._line(line, run[place + 1] if place + 1 < len(run) else None, first=place == 0)

    def _is_chrome(self, run: list[Line], following: list[Line], regions: dict[int, Region]) -> bool:
        if any(line.start in regions for line in run):
            return False
        if all(line.is_chrome or line.is_menu for line in run):
            return True
        if any(line.is_menu for line in run):
            return _is_menu(run)
        if _code(run[0].text) and len(run) == 1:
            return False
        if not all(line.is_short for line in run):
            return any(line.is_chrome for line in run) and len(run) == 1
        if _has_number(run):
            return False
        if any(line.is_chrome for line in run):
            return True
        return not following or self._is_chrome_ahead(following, regions)

    def _is_chrome_ahead(self, following: list[Line], regions: dict[int, Region]) -> bool:
        """Short lines lead on to content; short lines before more short lines are a menu, until content has begun."""
        if any(line.start in regions for line in following):
            return False
        if _is_menu(following) or all(line.is_chrome for line in following):
            return True
        return all(line.is_short for line in following) and not self.started

    def _line(self, line: Line, following: Line | None, *, first: bool) -> None:
        if line.is_chrome or (line.is_menu and not line.bullet):
            self._add("boilerplate", line.start, line.end)
        elif _code(line.text):
            self._code(line)
        elif page_notes.is_legend(line.text, self._table_above()):
            self._legend(line)
        elif line.bullet:
            self._item(line)
        elif glued := _GLUED_HEADING.search(line.text):
            self._line(_part(line, 0, glued.start()), None, first=first)
            self._own_heading(_part(line, glued.start(), len(line.text)))
        elif _is_heading(line, following):
            self._own_heading(line)
        else:
            self._paragraph(line, first=first)

    def _code(self, line: Line) -> None:
        """An approval code: the page's own, or, right after a page's word about itself, the code of that word."""
        after_chrome = bool(self.blocks) and self.text[: line.start].rstrip() and self._last_kind() == "boilerplate"
        self._add("boilerplate" if after_chrome and self.has_code else "paragraph", line.start, line.end)
        self.has_code = True

    def _last_kind(self) -> str:
        return self.blocks[-1].kind

    def _paragraph(self, line: Line, *, first: bool) -> None:
        if glued := self._glued_title(line.text):
            self._heading(_part(line, 0, glued.end("title")), level=1)
            self._add("paragraph", line.start + glued.end(), line.end)
        elif run_in := self._run_in(line.text):
            level = max(self.line_level + (not self.is_boxed), 2)
            self._heading(_part(line, 0, run_in.end("title")), level=level)
            self.is_run_in = True
            self._add("paragraph", line.start + run_in.end(), line.end)
        else:
            if _CLOSING.match(line.text):
                self._close_run_in(line, first=first)
            self._add("paragraph", line.start, line.end)

    def _run_in(self, text: str) -> re.Match[str] | None:
        """A heading that opens a paragraph: "Myelosuppression: ...", or "Rash. ..." where a page has several."""
        if (titled := _RUN_IN.match(text)) and _is_title(titled["title"]) and titled["title"].lower() not in _ASIDES:
            return titled
        if (plain := _PLAIN_RUN_IN.match(text)) and not _SENTENCE.search(plain["title"]):
            return plain
        return _dotted(text) if self.dotted >= 2 else None

    def _close_run_in(self, line: Line, *, first: bool) -> None:
        """A table or a closing word after a blank line belongs to the section around a run-in heading."""
        parent = self.sections[self.current].parent if self.sections else None
        if first and self.is_run_in and parent is not None:
            self.closed[self.current] = line.start
            self.current, self.is_run_in = parent, False

    def _own_heading(self, line: Line, *, alone: bool = False) -> None:
        """A heading on a line of its own: of level 1 between blank lines, else as the first of its look.

        Those in capitals stand below others; those with text right below or above them stand below those between blank
        lines, if one came first.
        """
        text = " ".join(line.text.split())
        look = "alone" if alone else "capitals" if _is_capitals(text) else "plain"
        outer = set(self.levels) & ({"alone"} if look == "plain" else {"alone", "plain"})
        self.line_level = self.levels.setdefault(look, 2 if outer and not alone else 1)
        self.is_boxed = bool(_BOXED.match(text))
        self._heading(line, self.line_level)

    def _glued_title(self, text: str) -> re.Match[str] | None:
        """A title in capitals glued to the product's name: "INDICATIONBESPONSA® (inotuzumab ozogamicin) is ..."."""
        pattern = rf"(?P<title>[A-Z][A-Z &/-]{{3,}}?):?\s*(?={re.escape(self.name)}\b)"
        return re.match(pattern, text) if self.name else None

    def _heading(self, line: Line, level: int) -> None:
        title = self._title(" ".join(line.text.split()))
        parent = max((place for other, place in self.last.items() if other < level), default=None)
        self.sections.append(
            Section(
                title=title,
                level=level if parent is not None else 1,
                parent=parent,
                heading=Span(start=line.start, end=line.end),
                start=line.start,
                end=line.end,
            )
        )
        self.current, self.is_run_in = len(self.sections) - 1, False
        self.last[self.sections[-1].level] = self.current
        self._add("heading", line.start, line.end)

    def _title(self, text: str) -> str:
        """A heading without its colon and without the reference number fused to it."""
        return unfused(clean_caption(text.rstrip(": ")), self.text)

    def _item(self, line: Line) -> None:
        previous = self.blocks[-1] if self.blocks else None
        if previous is None or previous.kind != "list_item":
            self.lists += 1
        self._add("list_item", line.start + line.bullet, line.end, list=self.lists, level=1, lead=self.lead)

    def _legend(self, line: Line) -> None:
        notes = page_notes.notes(line.text, line.start)
        if self.above is not None:
            self.tables[self.above] = page_notes.attach(self.tables[self.above], notes, self.text)
        for note in notes:
            self._add("legend", note.start, note.end)

    def _table_above(self) -> Table | None:
        return None if self.above is None else self.tables[self.above]

    def _table(self, every: list[Line], region: Region) -> int:
        table = page_tables.build(self.text, every, region, self.current)
        if not table.caption and self.sections:
            table = _captioned(table, self.sections[self.current])
        self._add("table", table.start, table.end, table=len(self.tables))
        self.above = len(self.tables)
        self.tables.append(table)
        return table.end

    def _add(self, kind: BlockKind, start: int, end: int, **more: int | None) -> None:
        self.lead = self.lead if kind == "list_item" else len(self.blocks)
        self.above = self.above if kind in ("legend", "boilerplate") else None
        if not self.sections:
            self.sections.append(Section(title="", heading=Span(start=0, end=0), start=0, end=len(self.text)))
        if kind in ("paragraph", "list_item"):
            end = start + len(clean_caption(self.text[start:end]))
        self.blocks.append(Block(kind=kind, start=start, end=end, section=self.current, **more))  # type: ignore[arg-type]  # mypy can't see the names in **more

    def finished_sections(self) -> list[Section]:
        """The sections with their ends: up to the next section of the same or an outer level."""
        finished = []
        for place, section in enumerate(self.sections):
            ends = (later.start for later in self.sections[place + 1 :] if later.level <= section.level)
            end = min(next(ends, len(self.text)), self.closed.get(place, len(self.text)))
            finished.append(replace(section, end=max(len(self.text[:end].rstrip()), section.heading.end)))
        return finished


def _captioned(table: Table, section: Section) -> Table:
    return replace(table, caption=section.title, caption_span=section.heading)


def _part(line: Line, start: int, end: int) -> Line:
    return Line(line.text[start:end], line.start + start, line.start + end)


def _is_menu(run: list[Line]) -> bool:
    """Whether some lines are glued entries and none says anything."""
    return any(line.is_menu for line in run) and not any(line.bullet or line.ends_sentence for line in run)


def _has_number(run: list[Line]) -> bool:
    """A phone number or an approval code says something; a menu doesn't."""
    return any(re.search(r"\d{3}-\d{3,4}", line.text) or _code(line.text) for line in run)


def _dotted(text: str) -> re.Match[str] | None:
    """A run-in heading that ends in a full stop, before at least one whole sentence."""
    found = _DOTTED_RUN_IN.match(text)
    return found if found and not _SENTENCE.search(found["title"]) and len(text[found.end() :].split()) >= 6 else None


def _is_heading(line: Line, following: Line | None) -> bool:
    """A line that ends like no sentence and has content right below it, that is all capitals, or that asks."""
    if re.search(r"\d{3}-\d{3,4}", line.text) or page_tables.values_of(line):
        return False
    if line.text.endswith("?") and line.text[0].isupper() and len(line.text.split()) <= 14:
        return True
    if len(line.text.split()) <= 40 and _is_capitals(line.text):
        return True
    if following is None and line.is_short:
        return True
    ends_open = not re.search(r"[.!?;,]['”\")\]]*$", line.text)
    return ends_open and len(line.text.split()) <= 12 and following is not None and not following.is_chrome


def _is_capitals(text: str) -> bool:
    """Whether a heading is in capitals, or at least says in capitals that it warns."""
    return bool(_BOXED.match(text)) or (not re.search("[a-z]", text) and re.search("[A-Z]{3}", text) is not None)


def _is_title(text: str) -> bool:
    """Whether the long words of a run-in heading are capitalised, as titles are."""
    words = [word for word in re.findall(r"[A-Za-z][\w’-]*", text) if word.lower() not in _MINOR]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.75 * len(words)
