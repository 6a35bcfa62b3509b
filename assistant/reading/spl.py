"""Reads SPL XML (HL7 v3, `urn:hl7-org:v3`), the form in which FDA publishes labels.

In: the bytes of one document. Out: a `Label` whose canonical source text is made here, the same for the same bytes: a
heading on a line of its own, a blank line between blocks, "• " before an item, a table row a line with its cells parted
by " | ", white space folded. A superscript power reads "10^9". The steps: `spl_xml` (a hardened parser), `spl_body`
(sections), `spl_blocks` (paragraphs, lists), `spl_tables` over `spl_grids`, `spl_text` (words), `spl_style` (emphasis),
`spl_titles`, `spl_names` (ids, names, products).
Left out: kinds of sections, definitions and checks, which `reading.read` adds for every format; pictures.
"""

from lxml import etree

from assistant.label import Label, Section, Span
from assistant.reading.decoding import digest
from assistant.reading.source import Source
from assistant.reading.spl_blocks import Document
from assistant.reading.spl_body import Body
from assistant.reading.spl_draft import Draft
from assistant.reading.spl_names import DATA_ELEMENTS, Heading, heading, product_lines, unique
from assistant.reading.spl_tables import Tables
from assistant.reading.spl_xml import NAMESPACE, is_spl, parse

__all__ = ["is_spl", "read_spl"]


def read_spl(content: bytes, source: Source) -> Label:
    """The document as a label; raises UnreadableLabel naming file, trouble and remedy."""
    root = parse(content, source.file)
    draft = Draft()
    Body(draft, _document(root, draft, source.file)).read(root)
    _add_products(draft, product_lines(root))
    facts = heading(root)
    name = source.name or next(iter(facts.names), "")
    generic = source.generic or next(iter(facts.generics), "")
    return Label(
        id=source.label_id,
        name=name or source.file.rsplit(".", 1)[0],
        generic=generic,
        names=_others(facts, name, generic),
        kind=source.kind or facts.kind,
        format="spl",
        set_id=facts.set_id,
        version=facts.version,
        effective=source.effective or facts.effective,
        labeler=facts.labeler,
        approval_code=source.approval_code,
        copyright=source.copyright,
        file=source.file,
        sha256=digest(content),
        text=draft.text,
        sections=tuple(draft.sections),
        blocks=tuple(draft.blocks),
        tables=tuple(draft.tables),
    )


def _document(root: etree._Element, draft: Draft, file: str) -> Document:
    """What text may refer to: pictures' words and footnotes, by ID."""
    images = {}
    for media in root.iter(f"{NAMESPACE}observationMedia"):
        words = media.find(f"{NAMESPACE}text")
        if words is not None:
            images[media.get("ID", "")] = " ".join("".join(map(str, words.itertext())).split())
    footnotes = {note.get("ID", ""): note for note in root.iter(f"{NAMESPACE}footnote") if note.get("ID")}
    return Document(images, footnotes, Tables(draft, file))


def _add_products(draft: Draft, lines: tuple[str, ...]) -> None:
    """The product data elements as a last section, without a heading since the label prints none."""
    if not lines:
        return
    nowhere = Span(start=0, end=0)
    place = draft.enter(Section(title="Product data elements", code=DATA_ELEMENTS, heading=nowhere, start=0, end=0), "")
    for line in lines:
        draft.block("paragraph", line, place)
    draft.leave(place)


def _others(facts: Heading, name: str, generic: str) -> tuple[str, ...]:
    """Every name but the two that have fields of their own, each once."""
    found = unique((*facts.names, *facts.generics, *facts.ingredients))
    return tuple(other for other in found if other.casefold() not in (name.casefold(), generic.casefold()))
