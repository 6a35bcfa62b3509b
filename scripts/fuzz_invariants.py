"""What holds for every label, whatever document it was read from.

In: a label. Out: nothing, or AssertionError. Used by `fuzz_readers.py` and by the test of what it found.
"""

from typing import Any

from assistant import splitting
from assistant.indexing.saving import dump, load_label
from assistant.label import Label


def is_within(start: int, end: int, label: Label) -> bool:
    """Whether a span lies in the label's text."""
    return 0 <= start <= end <= len(label.text)


def check(label: Label) -> None:
    """The invariants of every label, whatever it was read from."""
    parts: list[Any] = [*label.sections, *label.blocks, *label.tables, *label.definitions]
    parts += [section.heading for section in label.sections]
    parts += [span for finding in label.findings for span in finding.spans]
    for table in label.tables:
        parts += [*table.rows, *table.footnotes, *(cell for row in table.rows for cell in row.cells)]
        assert all(cell.column < len(table.columns) for row in table.rows for cell in row.cells), (
            "a cell without column"
        )
    assert all(is_within(part.start, part.end, label) for part in parts), "a span leaves the text"
    assert all(one.end <= other.start for one, other in zip(label.blocks, label.blocks[1:], strict=False)), (
        "blocks overlap"
    )
    assert all(section.parent is None or section.parent < place for place, section in enumerate(label.sections)), (
        "parents"
    )
    assert load_label(dump(label), "") == label, "a label that isn't kept whole"
    for place, passage in enumerate(splitting.split(label)):
        assert passage.place == place, "a passage out of order"
        assert 0 <= passage.start < passage.end <= len(label.text), "a passage leaves the text"
