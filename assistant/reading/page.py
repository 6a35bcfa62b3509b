"""Reads a flattened web page: the text that "copy all" leaves of it, without any markup.

In: the bytes of such a text. Out: a `Label` whose source text is the decoded file. Menus and a page's words about
itself become boilerplate blocks; short lines before content, all-capital lines, run-in headings ("Myelosuppression: ...")
and headings glued to the end of a paragraph become sections. Left out: kinds of sections, definitions and checks, which
`reading.read` adds for every format.
"""

import re
from dataclasses import dataclass, field, replace

from assistant.label import Block, BlockKind, Label, Section, Span, Table
from assistant.reading import page_notes, page_tables
from assistant.reading.decoding import decode, digest
from assistant.reading.page_lines import Line, chunks, lines
from assistant.reading.page_tables import Region, clean_caption
from assistant.reading.source import Source

_GLUED_HEADING = re.compile(r"(?<=[a-z)\d][.!?])(?=[A-Z][A-Za-z-]+ [^.;:]{4,80}$)")
_RUN_IN = re.compile(r"^(?P<title>(?:[A-Z][\w’'/-]*|QT)(?:[ ,-]+(?:[\w’'/-]+|\([\w\s-]+\)),?){0,9}):\s+(?=[A-Z])")
_CAPITALS = re.compile(r"^(?:BOXED )?WARNINGS?:|^[^a-z]*[A-Z]{3}[^a-z]*$")
_CODE = re.compile(r"^[A-Z]{2}-[A-Z0-9]{2,}(?:-[A-Z0-9]{2,4})*-\d{3,}$")
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
    """The word that most often carries a trade mark sign; of glued and plain spellings the shortest that stands alone."""
    marked = sorted(set(re.findall(r"\b([A-Z][\w-]{2,})\s?[®™]", text)), key=lambda name: (len(name), name))
    return max(marked, key=lambda name: len(re.findall(rf"\b{re.escape(name)}\b", text)), default="")


def _generic(text: str, name: str) -> str:
    found = re.search(rf"{re.escape(name)}\s?[®™]?\s\(([a-z][\w-]+(?: [a-z][\w-]+){{0,3}})\)", text) if name else None
    return found[1] if found else ""


def _approval_code(text: str) -> str:
    return next((line.text for line in lines(text) if _CODE.match(line.text)), "")


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

    def read(self) -> None:
        every = lines(self.text)
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
        if all(line.is_short for line in run) and not any(line.start in regions for line in run) and not _has_number(run):
            self._heading(Line(self.text[run[0].start : run[-1].end], run[0].start, run[-1].end), level=1)
            return
        self.started = True
        skip = 0
        for place, line in enumerate(run):
            if line.start < skip:
                continue
            if line.start in regions:
                skip = self._table(every, regions[line.start])
            else:
                self._line(line, run[place + 1] if place + 1 < len(run) else None)

    def _is_chrome(self, run: list[Line], following: list[Line], regions: dict[int, Region]) -> bool:
        if any(line.start in regions for line in run):
            return False
        if all(line.is_chrome or line.is_menu for line in run) or any(line.is_menu for line in run):
            return True
        if _CODE.match(run[0].text) and len(run) == 1:
            return False
        if not all(line.is_short for line in run):
            return any(line.is_chrome for line in run) and len(run) == 1
        if _has_number(run):
            return False
        return not following or self._is_chrome_ahead(following, regions)

    def _is_chrome_ahead(self, following: list[Line], regions: dict[int, Region]) -> bool:
        """Short lines lead on to content; short lines before more short lines are a menu, until content has begun."""
        if any(line.start in regions for line in following):
            return False
        if any(line.is_menu for line in following) or all(line.is_chrome for line in following):
            return True
        return all(line.is_short for line in following) and not self.started

    def _line(self, line: Line, following: Line | None) -> None:
        if line.is_chrome:
            self._add("boilerplate", line.start, line.end)
        elif _CODE.match(line.text):
            self._code(line)
        elif page_notes.is_legend(line.text):
            self._legend(line)
        elif line.bullet:
            self._item(line)
        elif glued := _GLUED_HEADING.search(line.text):
            self._line(_part(line, 0, glued.start()), None)
            self._heading(_part(line, glued.start(), len(line.text)), level=1)
        elif _is_heading(line, following):
            self._heading(line, level=2 if _CAPITALS.match(line.text) and self.sections else 1)
        else:
            self._paragraph(line)

    def _code(self, line: Line) -> None:
        """An approval code: the page's own, or, right after a page's word about itself, the code of that word."""
        after_chrome = bool(self.blocks) and self.text[: line.start].rstrip() and self._last_kind() == "boilerplate"
        first = not any(_CODE.match(self.text[block.start : block.end]) for block in self.blocks)
        self._add("boilerplate" if after_chrome and not first else "paragraph", line.start, line.end)

    def _last_kind(self) -> str:
        return self.blocks[-1].kind

    def _paragraph(self, line: Line) -> None:
        if glued := self._glued_title(line.text):
            self._heading(_part(line, 0, glued.end("title")), level=1)
            self._add("paragraph", line.start + glued.end(), line.end)
        elif (run_in := _RUN_IN.match(line.text)) and _is_title(run_in["title"]):
            self._heading(_part(line, 0, run_in.end("title")), level=2)
            self._add("paragraph", line.start + run_in.end(), line.end)
        else:
            self._add("paragraph", line.start, line.end)

    def _glued_title(self, text: str) -> re.Match[str] | None:
        """A title in capitals glued to the product's name: "INDICATIONBESPONSA® (inotuzumab ozogamicin) is ..."."""
        return re.match(rf"(?P<title>[A-Z][A-Z &/-]{{3,}}?):?\s*(?={re.escape(self.name)}\b)", text) if self.name else None

    def _heading(self, line: Line, level: int) -> None:
        title = self._title(" ".join(line.text.split()))
        parent = next((p for p in range(len(self.sections) - 1, -1, -1) if self.sections[p].level < level), None)
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
        self._add("heading", line.start, line.end)

    def _title(self, text: str) -> str:
        """A heading without its colon and without the reference number fused to it.

        subtle: "NRM1" loses its digit because "NRM" stands elsewhere on the page; "CD22" keeps its own.
        """
        title = clean_caption(text.rstrip(": "))
        if fused := re.search(r"\b([A-Z]{2,})(\d{1,2})$", title):
            alone = len(re.findall(rf"\b{fused[1]}\b", self.text))
            if alone > len(re.findall(rf"\b{fused.group()}\b", self.text)):
                title = title[: fused.start(2)]
        return title

    def _item(self, line: Line) -> None:
        previous = self.blocks[-1] if self.blocks else None
        if previous is None or previous.kind != "list_item":
            self.lists += 1
        lead = next((p for p in range(len(self.blocks) - 1, -1, -1) if self.blocks[p].kind != "list_item"), None)
        self._add("list_item", line.start + line.bullet, line.end, list=self.lists, level=1, lead=lead)

    def _legend(self, line: Line) -> None:
        notes = page_notes.notes(line.text, line.start)
        for note in notes:
            self._add("legend", note.start, note.end)
        last = self.blocks[-1 - len(notes)] if len(self.blocks) > len(notes) else None
        if last is not None and last.table is not None:
            self.tables[last.table] = page_notes.attach(self.tables[last.table], notes)

    def _table(self, every: list[Line], region: Region) -> int:
        table = page_tables.build(self.text, every, region, max(len(self.sections) - 1, 0))
        if not table.caption and self.sections:
            table = _captioned(table, self.sections[-1])
        self._add("table", table.start, table.end, table=len(self.tables))
        self.tables.append(table)
        return table.end

    def _add(self, kind: BlockKind, start: int, end: int, **more: int | None) -> None:
        if not self.sections:
            self.sections.append(Section(title="", heading=Span(start=0, end=0), start=0, end=len(self.text)))
        if kind in ("paragraph", "list_item"):
            end = start + len(clean_caption(self.text[start:end]))
        self.blocks.append(Block(kind=kind, start=start, end=end, section=len(self.sections) - 1, **more))  # type: ignore[arg-type]  # mypy can't see the names in **more

    def finished_sections(self) -> list[Section]:
        """The sections with their ends: up to the next section of the same or an outer level."""
        finished = []
        for place, section in enumerate(self.sections):
            ends = (later.start for later in self.sections[place + 1 :] if later.level <= section.level)
            end = next(ends, len(self.text))
            finished.append(replace(section, end=max(len(self.text[:end].rstrip()), section.heading.end)))
        return finished


def _captioned(table: Table, section: Section) -> Table:
    return replace(table, caption=section.title, caption_span=section.heading)


def _part(line: Line, start: int, end: int) -> Line:
    return Line(line.text[start:end], line.start + start, line.start + end)


def _has_number(run: list[Line]) -> bool:
    """A phone number or an approval code says something; a menu doesn't."""
    return any(re.search(r"\d{3}-\d{3,4}", line.text) or _CODE.match(line.text) for line in run)


def _is_heading(line: Line, following: Line | None) -> bool:
    """A line that ends like no sentence and has content right below it, or that is all capitals."""
    if re.search(r"\d{3}-\d{3,4}", line.text):
        return False
    if _CAPITALS.match(line.text) and len(line.text.split()) <= 40:
        return True
    if following is None and line.is_short:
        return True
    ends_open = not re.search(r"[.!?;,]['”\")\]]*$", line.text)
    return ends_open and len(line.text.split()) <= 12 and following is not None and not following.is_chrome


def _is_title(text: str) -> bool:
    """Whether the long words of a run-in heading are capitalised, as titles are."""
    words = [word for word in re.findall(r"[A-Za-z][\w’-]*", text) if word.lower() not in _MINOR]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.75 * len(words)
