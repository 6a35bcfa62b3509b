"""Reads PDF: prescribing information as companies print it, in one or two columns.

In: the bytes of one file. Out: a `Label` whose canonical text is made here as that of SPL XML is (`spl`), with the page
of each block. Words that a line's end cuts are joined, ligatures and symbols put right, running heads and feet left
out. The steps: `pdf_pages` (words, ruled tables; bounded by `pdf_bounds`), `pdf_columns` (reading order),
`pdf_furniture`, `pdf_pieces` over `pdf_lines`, `pdf_words` and `pdf_tables`, `html_outline` (sections). Left out:
pictures, and text in them; more than two columns; rotated text.
"""

from assistant.label import Label
from assistant.reading.html import label_of
from assistant.reading.html_names import facts
from assistant.reading.html_outline import outlined
from assistant.reading.html_pieces import with_legends
from assistant.reading.pdf_columns import read_order
from assistant.reading.pdf_furniture import without_furniture
from assistant.reading.pdf_lines import Line
from assistant.reading.pdf_pages import pages
from assistant.reading.pdf_pieces import Pieces
from assistant.reading.source import Source

__all__ = ["is_pdf", "read_pdf"]


def is_pdf(content: bytes) -> bool:
    """Whether the bytes begin as a PDF does.

    >>> is_pdf(b"%PDF-1.7"), is_pdf(b"PDF")
    (True, False)
    """
    return content[:1024].lstrip().startswith(b"%PDF-")


def read_pdf(content: bytes, source: Source) -> Label:
    """The document as a label; raises UnreadableLabel naming file, trouble and remedy."""
    found = pages(content, source.file)
    items = without_furniture(found, [read_order(page) for page in found])
    every = [item for page in items for item in page]
    draft = outlined(with_legends(Pieces(every).read()), source.file)
    printed = "\n".join(item.text for item in every if isinstance(item, Line))
    return label_of(draft, facts((), draft.text, printed), content, source, "pdf")
