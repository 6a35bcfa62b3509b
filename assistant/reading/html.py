"""Reads HTML pages: labels as DailyMed shows them, and company pages about a product.

In: the bytes of one page. Out: a `Label` whose canonical text is made here as that of SPL XML is (`spl`), the same for
the same bytes. The steps: `html_parse` (a real parser, bounded), `html_names` (names, ids, dates), `html_panels` (tabs,
accordions), `html_prune` (menus, banners), `html_pieces` over `html_elements` (headings, paragraphs, tables),
`html_outline` (sections). Left out: kinds of sections, definitions and checks, which `reading.read` adds; scripts are
never run, so that what a page fetches later isn't there.
"""

from lxml import etree

from assistant.label import Label
from assistant.reading.decoding import digest
from assistant.reading.html_names import Facts, facts
from assistant.reading.html_outline import outlined, words
from assistant.reading.html_panels import panels
from assistant.reading.html_parse import is_html, parse
from assistant.reading.html_pieces import Walk, with_legends
from assistant.reading.html_prune import prune
from assistant.reading.source import Source
from assistant.reading.spl_draft import Draft

__all__ = ["is_html", "label_of", "read_html"]

_MOST_TITLES = 5
_LONGEST_TITLE = 500  # characters


def read_html(content: bytes, source: Source) -> Label:
    """The page as a label; raises UnreadableLabel naming file, trouble and remedy."""
    root = parse(content, source.file)
    titles, printed = _titles(root), "\n".join(map(str, root.itertext()))
    opened = panels(root)
    prune(root)
    walk = Walk(opened)
    walk.container(root)
    draft = outlined(with_legends(walk.pieces), source.file)
    return label_of(draft, facts(titles, draft.text, printed), content, source, "html")


def _titles(root: etree._Element) -> list[str]:
    """The page's title and first headings."""
    found = [words(element) for element in (*root.iter("title"), *root.iter("h1"))]
    found += [element.get("content", "") for element in root.iter("meta") if element.get("property") == "og:title"]
    return [title[:_LONGEST_TITLE] for title in found if title][:_MOST_TITLES]


def label_of(draft: Draft, said: Facts, content: bytes, source: Source, format: str) -> Label:
    """A label from its draft and what its source says about itself."""
    name = source.name or said.name or source.file.rsplit(".", 1)[0]
    generic = source.generic or said.generic
    others = dict.fromkeys((said.name, said.generic, *said.names))
    return Label(
        id=source.label_id,
        name=name,
        generic=generic,
        names=tuple(
            other for other in others if other and other.casefold() not in (name.casefold(), generic.casefold())
        ),
        kind=source.kind or "prescription label",
        format=format,
        set_id=said.set_id,
        version=said.version,
        effective=source.effective or said.effective,
        labeler=said.labeler,
        approval_code=source.approval_code,
        copyright=source.copyright,
        file=source.file,
        sha256=digest(content),
        text=draft.text,
        sections=tuple(draft.sections),
        blocks=tuple(draft.blocks),
        tables=tuple(draft.tables),
    )
