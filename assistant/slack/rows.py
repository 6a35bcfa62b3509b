"""A cited table row: as Slack's table block with its heads, or in words where that isn't to be had.

In: a `CitedRow`. Out: `Piece`s. Values stand as printed; what answers is bold. Words take the table's place where the row
is wider than Slack allows or another table stands in the message already, since a message takes one.
"""

from collections.abc import Iterator

from assistant.reply import CitedFootnote, CitedRow
from assistant.slack import limits
from assistant.slack.blocks import Block, Piece, Run, paragraph, small
from assistant.slack.saying import UNCERTAIN
from assistant.slack.texts import folded, visible

_BLANK = " "  # Slack takes no empty cell


def row(cited: CitedRow, *, as_block: bool) -> Iterator[Piece]:
    """Caption, the row under its heads, and its notes."""
    if cited.caption:
        yield from paragraph(Run(text=folded(cited.caption), bold=True))
    if as_block and fits(cited):
        yield Piece(
            block={"type": "table", "rows": _rows(cited), "column_settings": _settings(cited)}, text=said(cited)
        )
    else:
        yield from paragraph(*_runs(cited))
    yield from small(*_notes(cited))


def fits(cited: CitedRow) -> bool:
    """Whether Slack takes the row as a table."""
    cells = [cell for line in _lines(cited) for cell in line]
    return len(cited.columns) < limits.COLUMNS and sum(map(len, cells)) <= limits.CELLS


def said(cited: CitedRow) -> str:
    """The row in words: each value with its whole header path."""
    return "".join(run.text for run in _runs(cited)).rstrip("\n")


def _lines(cited: CitedRow) -> list[list[str]]:
    """The texts of the table: heads, the group that the row stands in, the row."""
    blanks = [_BLANK] * len(cited.columns)
    group = [[folded(cited.row_group), *blanks]] if cited.row_group else []
    heads = [folded(cited.row_head) or _BLANK, *(" › ".join(map(folded, path)) or _BLANK for path in cited.columns)]
    values = [_cell(value) for value in _padded(cited)]
    return [heads, *group, [folded(cited.row_label) or _BLANK, *values]]


def _rows(cited: CitedRow) -> list[list[Block]]:
    lines = _lines(cited)
    bold = None if cited.answering_column is None else cited.answering_column + 1
    return [
        [_raw(cell, bold=column == bold and place in (0, len(lines) - 1)) for column, cell in enumerate(line)]
        for place, line in enumerate(lines)
    ]


def _raw(text: str, *, bold: bool) -> Block:
    if not bold:
        return {"type": "raw_text", "text": text}
    element = {"type": "text", "text": text, "style": {"bold": True}}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


def _settings(cited: CitedRow) -> list[Block]:
    return [{"align": "left", "is_wrapped": True}, *({"align": "right", "is_wrapped": True} for _ in cited.columns)]


def _runs(cited: CitedRow) -> Iterator[Run]:
    lead = " › ".join(folded(part) for part in (cited.row_group, cited.row_label) if part)
    yield Run(text=f"{lead}\n" if lead else "")
    for place, (path, value) in enumerate(zip(cited.columns, _padded(cited), strict=True)):
        heads = " › ".join(map(folded, path))
        answers = place == cited.answering_column
        yield Run(text=f"{heads}: " if heads else "", bold=answers)
        yield Run(text=f"{_cell(value)}\n", bold=answers)


def _padded(cited: CitedRow) -> tuple[str, ...]:
    """A value a column."""
    missing = len(cited.columns) - len(cited.values)
    return (*cited.values, *("" for _ in range(missing)))[: len(cited.columns)]


def _cell(value: str) -> str:
    """A value as printed, its line breaks kept, a blank for none."""
    return visible(value).strip() or _BLANK


def _notes(cited: CitedRow) -> Iterator[str]:
    yield from (_note(note) for note in cited.footnotes)
    if cited.n:
        yield f"n={folded(cited.n)}"


def _note(note: CitedFootnote) -> str:
    return f"{folded(note.mark)} {folded(note.text)}{'' if note.certain else UNCERTAIN}".strip()
