"""The text of one SPL section as blocks: paragraphs, list items, tables, pictures' words, notes, run-in headings.

In: a `text` element (or a highlight's) and the section it belongs to. Out: blocks, tables and sections in the draft.
Left out: the order of sections (`spl_body`) and the words within a paragraph (`spl_text`).
"""

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from assistant.reading.spl_draft import Draft
from assistant.reading.spl_grids import CELLS, rows_of
from assistant.reading.spl_style import is_emphasised, is_heading, run_in
from assistant.reading.spl_tables import Tables
from assistant.reading.spl_text import Line, Notes, add_inline, flat, lines, one_line
from assistant.reading.spl_titles import PACKAGE, titled
from assistant.reading.spl_xml import NAMESPACE

_PARAGRAPH, _LIST, _TABLE, _IMAGE, _ITEM, _CAPTION, _FOOTNOTE = (
    NAMESPACE + name for name in ("paragraph", "list", "table", "renderMultiMedia", "item", "caption", "footnote")
)
_BLOCKS = frozenset((_PARAGRAPH, _LIST, _TABLE, _IMAGE))
_BLANK = Line("", "", ())
_BULLETS = "•·▪◦●○■□"
_TABLE_TITLE = re.compile(r"table\s*\d", re.IGNORECASE)
_FILE = re.compile(r"\S+\.(?:jpe?g|png|gif|tiff?|bmp)", re.IGNORECASE)
_WORDLESS = re.compile(r"(?:figure|image|picture|photo|logo|structure|chart)\W*\w?\d*", re.IGNORECASE)
_LEADER = re.compile(r"-{4,}|\.{5,}|_{4,}")


@dataclass(frozen=True, slots=True)
class Document:
    """What the text of a section may point to."""

    images: dict[str, str]  # words for a picture by its ID
    footnotes: dict[str, etree._Element]  # by ID
    tables: Tables


@dataclass
class _Item:
    """An item of a list while it is written."""

    bullet: str
    number: int  # of the list
    level: int
    lead: int | None
    tight: bool  # stands right under the line above
    last: int | None = None  # place of its last block


@dataclass
class Text:
    """The text of one section while it is written to the draft."""

    draft: Draft
    document: Document
    owner: int  # place of the section
    notes: Notes
    section: int  # place of the innermost section: the owner or a run-in heading's
    noted: int = 0  # how many notes stand in the draft already
    depth: int = 0  # of the list that is being written
    lists: list[int] = field(default_factory=lambda: [0])  # how many lists so far, shared by the whole label

    def read(self, element: etree._Element, skip: etree._Element | None = None) -> None:
        """Everything in the element but `skip`, a heading that stands already."""
        self._container(element, skip)
        self._leave_run_in()

    def _leave_run_in(self) -> None:
        """Ends a run-in heading's part, the notes first that were met in it."""
        for mark, footnote in self.notes.met[self.noted :]:
            self._note(mark, footnote)
        self.noted = len(self.notes.met)
        if self.section != self.owner:
            self.draft.leave(self.section)
            self.section = self.owner

    def _note(self, mark: str, footnote: etree._Element) -> None:
        line = one_line(footnote, self.notes)
        if line.shown:
            self.draft.block("legend", f"{mark} {line.shown}", self.section)

    def _container(self, element: etree._Element, skip: etree._Element | None = None) -> None:
        """Blocks and the running text between them."""
        pieces = [element.text or ""]
        for child in element:
            if child is not skip and child.tag in _BLOCKS:
                self._paragraph_of(pieces)
                pieces = []
                self._block(child)
            elif child is not skip:
                add_inline(child, self.notes, pieces)
            if child.tail:
                pieces.append(child.tail)
        self._paragraph_of(pieces)

    def _block(self, element: etree._Element) -> None:
        if element.tag == _PARAGRAPH:
            self.paragraph(element)
        elif element.tag == _LIST:
            self._list(element, 1, self._lead())
        elif element.tag == _TABLE:
            self._table(element)
        else:
            self._image(element)

    def paragraph(self, element: etree._Element, skip: etree._Element | None = None) -> None:
        """A paragraph; one that is nothing but an emphasised short text is a heading."""
        if any(child.tag in _BLOCKS for child in element):
            self._container(element, skip)
            return
        pieces = flat(element, self.notes) if skip is None else _rest(element, skip, self.notes)
        found = lines(pieces)
        if skip is None and self._is_heading(element, found):
            self._run_in_heading(found)
        elif not self._is_table_title(element, found):
            self._lines(found)

    def _paragraph_of(self, pieces: list[str]) -> None:
        if found := lines(pieces):
            self._lines(found)

    def _is_heading(self, element: etree._Element, found: list[Line]) -> bool:
        shown = " ".join(line.shown for line in found if line.shown)
        owner = self.draft.sections[self.owner]
        if owner.highlights or owner.code == PACKAGE or not is_heading(shown) or not is_emphasised(element):
            return False
        following = element.getnext()
        return following is not None and (following.tag != _LIST or not shown.endswith(":"))

    def _run_in_heading(self, found: list[Line]) -> None:
        self._leave_run_in()
        owner = self.draft.sections[self.owner]
        self.section = self.draft.enter(
            replace(owner, **titled(found), code="", level=owner.level + 1, parent=self.owner),
            " ".join(line.shown for line in found if line.shown),
        )

    def _is_table_title(self, element: etree._Element, found: list[Line]) -> bool:
        """Whether a paragraph is the caption of the table right after it, which has none; `_table` writes it then."""
        following = element.getnext()
        if following is None or following.tag != _TABLE or not found or not _TABLE_TITLE.match(found[0].shown):
            return False
        return following.find(_CAPTION) is None and len(found) < 4

    def _lines(self, found: list[Line]) -> None:
        """One paragraph a blank line apart; lines that begin with a bullet are items of a list."""
        bulleted = any(line.shown[:1] in _BULLETS for line in found if line.shown)
        ruled = any(_LEADER.search(line.shown) for line in found)
        run: list[str] = []
        number: int | None = None
        lead: int | None = None
        for line in [*found, _BLANK]:
            is_item = bulleted and line.shown[:1] in _BULLETS and bool(line.shown)
            if run and (is_item or not line.shown or (ruled and _LEADER.search(run[-1]))):
                self._piece(" ".join(run), number, lead)
                run = []
            if is_item and number is None:
                number, lead = self._next_list(), self._lead()
            elif line.shown and not is_item and not run:
                number = None
            shown = line.shown.lstrip(_BULLETS + " ") if is_item else line.shown
            run.extend([shown] if shown else [])

    def _piece(self, text: str, number: int | None, lead: int | None) -> None:
        if number is not None:
            level = self.depth + 1
            tight = level > 1 or (bool(self.draft.blocks) and self.draft.blocks[-1].list == number)
            self.draft.block(
                "list_item",
                text,
                self.section,
                bullet=_indented("• ", level),
                tight=tight,
                number=number,
                level=level,
                lead=lead,
            )
        elif not self.document.tables.adopt(text, self.section):
            self.draft.block("paragraph", text, self.section)

    def _next_list(self) -> int:
        self.lists[0] += 1
        return self.lists[0] - 1

    def _lead(self) -> int | None:
        """The place of the sentence right above that introduces a list."""
        if not self.draft.blocks:
            return None
        last = self.draft.blocks[-1]
        if last.section != self.section or last.kind not in ("paragraph", "list_item"):
            return None
        words = self.draft.last.rstrip("”\"’')]")
        leads = words.endswith(":") or (last.kind == "paragraph" and words[-1:] not in ".!?")
        return len(self.draft.blocks) - 1 if leads else None

    def _list(self, element: etree._Element, level: int, lead: int | None) -> None:
        caption = element.find(_CAPTION)
        if caption is not None and (line := one_line(caption, self.notes)).shown:
            lead = self.draft.block("paragraph", line.shown, self.section)
        number = self._next_list()
        for ordinal, item in enumerate((child for child in element if child.tag == _ITEM), 1):
            bullet = _bullet(element, item, ordinal, self.notes)
            self._item(item, bullet, number, level, lead, ordinal > 1 or level > 1)

    def _item(
        self, element: etree._Element, bullet: str, number: int, level: int, lead: int | None, tight: bool
    ) -> None:
        """An item's running text, paragraphs and pictures as blocks of the list; lists in it one level further in."""
        outer, self.depth = self.depth, level
        item = _Item(bullet, number, level, lead, tight)
        pieces = [element.text or ""]
        for child in element:
            if child.tag in _BLOCKS:
                self._item_text(pieces, item)
                pieces = []
                self._item_block(child, item)
            elif child.tag != _CAPTION:
                add_inline(child, self.notes, pieces)
            pieces.append(child.tail or "")
        self._item_text(pieces, item)
        self.depth = outer

    def _item_block(self, child: etree._Element, item: _Item) -> None:
        if child.tag == _PARAGRAPH and not any(inner.tag in _BLOCKS for inner in child):
            self._item_text(flat(child, self.notes), item)
        elif child.tag == _LIST:
            self._list(child, item.level + 1, item.lead if item.last is None else item.last)
        else:
            self._block(child)

    def _item_text(self, pieces: list[str], item: _Item) -> None:
        """A piece of an item; only the first has the bullet."""
        found = [line.shown for line in lines(pieces) if line.shown]
        if found:
            item.last = self.draft.block(
                "list_item",
                " ".join(found).lstrip(_BULLETS + " ") or found[0],
                self.section,
                bullet=_indented(item.bullet, item.level) if item.last is None else "",
                tight=item.tight or item.last is not None,
                number=item.number,
                level=item.level,
                lead=item.lead,
            )

    def _image(self, element: etree._Element) -> None:
        caption = element.find(_CAPTION)
        words = one_line(caption, self.notes).shown if caption is not None else ""
        if words:
            self.draft.block("paragraph", words, self.section)
        picture = self.document.images.get(element.get("referencedObject", ""), "")
        if picture and picture != words and not _FILE.fullmatch(picture) and not _WORDLESS.fullmatch(picture):
            self.draft.block("boilerplate", f"[Picture: {picture}]", self.section)

    def _table(self, element: etree._Element) -> None:
        """A table as data, or its cells as paragraphs where it only arranges text."""
        notes = Notes(element, self.document.footnotes)
        caption = self._caption(element, notes)
        if not self.document.tables.add(element, notes, caption, self.section):
            if caption.shown:
                self.draft.block("paragraph", caption.shown, self.section)
            self._arranged(element)

    def _caption(self, element: etree._Element, notes: Notes) -> Line:
        caption = element.find(_CAPTION)
        if caption is not None:
            return one_line(caption, notes)
        above = element.getprevious()
        if (
            above is not None
            and above.tag == _PARAGRAPH
            and self._is_table_title(above, lines(flat(above, self.notes)))
        ):
            return one_line(above, notes)
        return _BLANK

    def _arranged(self, element: etree._Element) -> None:
        """A layout table: bullets are one list, a cell with blocks stands for itself, any other row is a paragraph."""
        elements = [[cell for cell in row if cell.tag in CELLS] for row, _ in rows_of(element)]
        if any(child.tag != _PARAGRAPH for row in elements for cell in row for child in cell.iter(*_BLOCKS)):
            for cell in (cell for row in elements for cell in row):
                self._container(cell)
            return
        rows = [[lines(flat(cell, self.notes)) for cell in row] for row in elements]
        every = [line for row in rows for cell in row for line in (*cell, _BLANK)]
        if any(line.shown and line.shown[0] in _BULLETS for line in every):
            self._lines(every)
            return
        for row in rows:
            self._lines([Line(" ".join(line.shown for cell in row for line in cell if line.shown), "", ())])


def _rest(element: etree._Element, skip: etree._Element, notes: Notes) -> list[str]:
    """The pieces of a paragraph without its run-in heading and the colon after it."""
    pieces: list[str] = []
    for child in element:
        if child is not skip:
            add_inline(child, notes, pieces)
        pieces.append((child.tail or "").lstrip(": ") if child is skip else child.tail or "")
    return pieces


def _bullet(element: etree._Element, item: etree._Element, ordinal: int, notes: Notes) -> str:
    """What stands before an item: its own caption, its number, or a bullet."""
    caption = item.find(_CAPTION)
    if caption is not None and (line := one_line(caption, notes)).shown:
        return f"{line.shown} "
    style = element.get("styleCode", "").lower()
    if element.get("listType") != "ordered" or style in ("disc", "circle", "square"):
        return "• "
    if "alpha" in style and ordinal <= 26:
        letter = "abcdefghijklmnopqrstuvwxyz"[ordinal - 1]
        return f"{letter.upper() if 'big' in style else letter}. "
    return f"{ordinal}. "


def _indented(bullet: str, level: int) -> str:
    return "  " * (level - 1) + bullet


def opening(element: etree._Element) -> tuple[etree._Element, etree._Element | None] | None:
    """The heading that an untitled section's text begins with: a paragraph of its own, or one and its run-in part."""
    first = next((child for child in element), None)
    if first is None or first.tag != _PARAGRAPH or (element.text and element.text.strip()):
        return None
    words = " ".join("".join(str(text) for text in first.itertext()).split())
    if is_heading(words) and is_emphasised(first):
        return first, None
    part = run_in(first)
    return (first, part) if part is not None else None
