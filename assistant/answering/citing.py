"""Citations: verbatim stretches of a label with all that a reader needs to trust them.

In: a passage, its label and the figure picked from it. Out: `cite`, a `Citation`; `verified`, which raises where a quote
isn't the label's text. Left out: which passages are cited.
"""

from assistant.answering.picking import Pick
from assistant.errors import IndexDamaged
from assistant.label import Footnote, Label, Table
from assistant.passage import Passage
from assistant.reply import Citation, CitedFootnote, CitedLabel, CitedRow, Highlight


def cite(passage: Passage, label: Label, picked: Pick | None, *, number: int, score: float = 0.0) -> Citation:
    """The passage as a citation; its quote is checked against the label's text.

    A cell that spans several rows stands in the first of them: then the quote begins there, so that the figure is in it.
    """
    spans = picked.spans if picked else ()
    start = min((passage.start, *(one for one, _ in spans))) if passage.kind == "table_row" else passage.start
    end = max((passage.end, *(other for _, other in spans))) if passage.kind == "table_row" else passage.end
    return verified(
        Citation(
            number=number,
            kind=passage.kind,
            label=CitedLabel(
                id=label.id, name=label.name, version=label.version, effective=label.effective, sha256=label.sha256
            ),
            section=tuple(part for part in label.path(passage.section) if part),
            quote=label.text[start:end],
            start=start,
            end=end,
            highlights=tuple(Highlight(start=one, end=other) for one, other in spans),
            table=_row(label, passage, picked),
            about=about(passage),
            page=label.blocks[passage.block].page,
            url=f"/labels/{label.id}#c-{start}-{end}",
            score=round(score, 4),
        ),
        label,
    )


def verified(citation: Citation, label: Label) -> Citation:
    """The citation, if its quote and highlights are the label's text; IndexDamaged else: nothing unverified is shown."""
    whole = label.text[citation.start : citation.end] == citation.quote
    inside = all(citation.start <= mark.start <= mark.end <= citation.end for mark in citation.highlights)
    if not (whole and inside and citation.quote):
        raise IndexDamaged(
            f"the quote at {citation.start}-{citation.end} is not the label's text",
            place=label.id,
            remedy="Build the index anew: label-assistant index",
        )
    return citation


def about(passage: Passage) -> tuple[str, ...]:
    """What a passage says it is about: populations, trials, grades."""
    facets = passage.facets
    return (
        *(facets.populations or facets.carried),
        *facets.trials,
        *(f"grade {grade}" for grade in facets.grades if passage.kind != "table_row"),
    )


def _row(label: Label, passage: Passage, picked: Pick | None) -> CitedRow | None:
    if passage.table is None or passage.row is None:
        return None
    table = label.tables[passage.table]
    row = table.rows[passage.row]
    column = picked.column if picked else None
    values = {cell.column: cell.text for cell in row.cells}
    return CitedRow(
        caption=table.caption,
        columns=tuple(column.header for column in table.columns),
        row_head=table.row_head,
        row_group=" / ".join(row.group),
        row_label=row.label,
        values=tuple(values.get(place, "") for place in range(len(table.columns))),
        answering_column=column,
        footnotes=tuple(_footnote(note) for note in _notes(table, passage.row)),
        n=row.n or (table.columns[column].n if column is not None else ""),
        unit=table.columns[column].unit if column is not None else "",
    )


def _notes(table: Table, row: int) -> list[Footnote]:
    """The row's own notes and those of the whole table; where a note of the legend leads to no row, the whole legend."""
    own = [note for note in table.footnotes if row in note.rows]
    general = [note for note in table.footnotes if not note.rows]
    if not own and any(note.mark and not note.certain for note in general):
        return list(table.footnotes)
    return [*own, *general]


def _footnote(note: Footnote) -> CitedFootnote:
    return CitedFootnote(mark=note.mark, text=note.text, certain=note.certain)
