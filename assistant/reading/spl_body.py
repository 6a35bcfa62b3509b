"""The sections of an SPL document, written one after the other into the canonical text.

In: the `structuredBody`. Out: Highlights first (every `excerpt`, under the title of the section it summarises), then
the sections in document order, nested as they are. An untitled section takes its heading from its first emphasised
words; without any, a section with a LOINC code of its own is named by it and prints no heading, and an unclassified one
is part of its parent. Left out: the product data (`spl_names`).
"""

from collections.abc import Iterator

from lxml import etree

from assistant.label import Section, Span
from assistant.reading.spl_blocks import Document, Text, opening
from assistant.reading.spl_draft import Draft
from assistant.reading.spl_text import Line, Notes, flat, lines
from assistant.reading.spl_titles import BOXED_WARNING, PACKAGE, UNCLASSIFIED, Title, display_title, is_patient, titled
from assistant.reading.spl_xml import NAMESPACE

_SECTION, _COMPONENT, _TITLE, _TEXT, _CODE, _EXCERPT, _HIGHLIGHT = (
    NAMESPACE + name for name in ("section", "component", "title", "text", "code", "excerpt", "highlight")
)
_HIGHLIGHTS = "HIGHLIGHTS OF PRESCRIBING INFORMATION"
_OMISSION = "these highlights do not include"
_BARE = Section(title="", heading=Span(start=0, end=0), start=0, end=0)


class Body:
    """Writes the sections of one document."""

    def __init__(self, draft: Draft, document: Document) -> None:
        self._draft = draft
        self._document = document
        self._lists = [0]

    def read(self, root: etree._Element) -> None:
        """The document's title, Highlights and sections."""
        tops = list(_tops(root))
        self._opening(
            root.find(_TITLE), [section for top in tops for section in top.iter(_SECTION) if _has_excerpt(section)]
        )
        for top in tops:
            self._section(top, None, False)

    def _opening(self, title: etree._Element | None, excerpts: list[etree._Element]) -> None:
        """Highlights where there are any; the document's title stands in them, or is a section of its own."""
        found = self._lines(title) if title is not None else []
        if excerpts:
            place = self._enter(
                Title(number="", title=_HIGHLIGHTS.title().replace(" Of ", " of ")), _HIGHLIGHTS, "", None, True
            )
        elif found:
            place = self._enter(titled(found[:1]), found[0].shown, "", None, False)
            found = found[1:]
        else:
            return
        for line in found:
            omission = line.shown.lower().startswith(_OMISSION)
            self._draft.block("boilerplate" if omission else "paragraph", line.shown, place)
        for section in excerpts:
            self._excerpt(section, place)
        self._draft.leave(place)

    def _excerpt(self, section: etree._Element, parent: int) -> None:
        heading = self._title(section)
        title = titled(heading) if heading else Title(number="", title=_display(section))
        place = self._enter(
            Title(number="", title=title["title"]), title["title"] if heading else "", _code(section), parent, True
        )
        for excerpt in section.findall(_EXCERPT):
            for text in excerpt.iterfind(f"{_HIGHLIGHT}/{_TEXT}"):
                self._text(text, place, None)
        self._draft.leave(place)

    def _section(self, section: etree._Element, parent: int | None, patient: bool) -> None:
        """One section with all under it."""
        text = section.find(_TEXT)
        inner = [child for component in section.iterchildren(_COMPONENT) for child in component.iterchildren(_SECTION)]
        heading = self._title(section)
        if not heading and not inner and (text is None or not _has_content(text)):
            return
        found = opening(text) if text is not None and not heading and _code(section) != PACKAGE else None
        title, printed = self._named(section, heading, found)
        level = self._draft.sections[parent].level + 1 if parent is not None else 1
        patient = patient or is_patient(_code(section), title["title"], level)
        place = parent
        if printed or place is None or not _is_unnamed(_code(section)):
            place = self._enter(title, printed, _code(section), parent, False, patient)
        if text is not None:
            self._text(text, place, found)
        for child in inner:
            self._section(child, place, patient)
        if place != parent:
            self._draft.leave(place)

    def _named(
        self,
        section: etree._Element,
        heading: list[Line],
        found: tuple[etree._Element, etree._Element | None] | None,
    ) -> tuple[Title, str]:
        """A section's title and the heading that it prints, which may be none."""
        if not heading and found is not None:
            heading = self._lines(found[0] if found[1] is None else found[1])
        if not heading:
            return Title(number="", title=_display(section)), ""
        return titled(heading), " ".join(line.shown for line in heading if line.shown)

    def _text(
        self, text: etree._Element, place: int, found: tuple[etree._Element, etree._Element | None] | None
    ) -> None:
        notes = Notes(text, self._document.footnotes)
        writer = Text(self._draft, self._document, place, notes, place, lists=self._lists)
        if found is not None and found[1] is not None:
            writer.paragraph(*found)
        writer.read(text, found[0] if found is not None else None)

    def _enter(
        self, title: Title, heading: str, code: str, parent: int | None, highlights: bool, patient: bool = False
    ) -> int:
        level = self._draft.sections[parent].level + 1 if parent is not None else 1
        return self._draft.enter(
            Section(
                title=title["title"],
                number=title["number"],
                code=code,
                level=level,
                parent=parent,
                heading=_BARE.heading,
                start=0,
                end=0,
                patient=patient,
                highlights=highlights,
            ),
            heading,
        )

    def _title(self, section: etree._Element) -> list[Line]:
        title = section.find(_TITLE)
        return self._lines(title) if title is not None else []

    def _lines(self, element: etree._Element) -> list[Line]:
        return [line for line in lines(flat(element, Notes(element, self._document.footnotes))) if line.shown]


def _tops(root: etree._Element) -> Iterator[etree._Element]:
    """The outermost sections."""
    for body in root.iterfind(f"{_COMPONENT}/{NAMESPACE}structuredBody"):
        yield from body.iterfind(f"{_COMPONENT}/{_SECTION}")


def _has_excerpt(section: etree._Element) -> bool:
    return any(_has_content(text) for text in section.iterfind(f"{_EXCERPT}/{_HIGHLIGHT}/{_TEXT}"))


def _has_content(text: etree._Element) -> bool:
    return len(text) > 0 or bool(text.text and text.text.strip())


def _code(section: etree._Element) -> str:
    code = section.find(_CODE)
    return code.get("code", "") if code is not None else ""


def _is_unnamed(code: str) -> bool:
    """Whether a section of this code, without a heading and within another, is only a part of that one.

    A box around some lines of a section is coded as a boxed warning, too.
    """
    return code in ("", UNCLASSIFIED, BOXED_WARNING)


def _display(section: etree._Element) -> str:
    code = section.find(_CODE)
    return display_title(code.get("displayName", "")) if code is not None else ""
