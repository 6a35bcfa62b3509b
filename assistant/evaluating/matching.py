"""Whether a quote holds what the question set asks for.

In: a question, a quote and, where the quote is a table row, the row. Out: `supports`. White space and the bars between
cells are folded on both sides, so a row may be quoted in any arrangement. Left out: where the quote ranks (`scoring`).
"""

import re

from assistant.evaluating.questions import GoldRow, Question
from assistant.reply import Citation, CitedRow
from assistant.words import fold

_GAP = re.compile(r"[|\s]+")
_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
_MARKS = re.compile(r"[*†‡§¶#^%]")


def flat(text: str) -> str:
    """Folded, with white space and cell bars as single blanks.

    >>> flat("Pyrexia*\\n49 | 4")
    'pyrexia* 49 4'
    """
    return _GAP.sub(" ", fold(text)).strip()


def is_support(question: Question, citation: Citation, label: str) -> bool:
    """Whether a citation of this label holds the evidence or the row."""
    return citation.label.id == label and supports(question, citation.quote, citation.table)


def supports(question: Question, quote: str, table: CitedRow | None = None) -> bool:
    """Whether a quote contains any evidence string, or is the row that answers."""
    said = flat(quote)
    if any(flat(evidence) in said for evidence in question.evidence if not _only_names(question.row, evidence)):
        return True
    if question.row is None:
        return False
    return is_row(question.row, table) if table else _spells_out(question.row, said)


def is_row(gold: GoldRow, table: CitedRow) -> bool:
    """Whether a cited row has the label, one of the values and the column that the question set names."""
    return (
        plain(table.row_label) == plain(gold.label)
        and any(_stands(cell, value) for cell in gold.cells for value in table.values)
        and _has_column(gold, table)
    )


def plain(text: str) -> str:
    """A row label or value without marks, blanks folded.

    >>> plain("Hemorrhage*"), plain("28 %")
    ('hemorrhage', '28')
    """
    return flat(_MARKS.sub("", flat(text)))


def _only_names(row: GoldRow | None, evidence: str) -> bool:
    # subtle: "Headache" as evidence of a row would credit every sentence that names headache
    return row is not None and plain(evidence) == plain(row.label)


def _stands(cell: str, text: str) -> bool:
    pattern = rf"(?<![\w.<>≤≥-]){re.escape(plain(cell))}(?![\w]|\.\d)"
    return re.search(pattern, plain(text)) is not None


def _has_column(gold: GoldRow, table: CitedRow) -> bool:
    around = (table.caption, table.row_head, table.row_group, table.n and f"n {table.n}", table.unit)
    return any(_says(gold.column, " ".join((*column, *around))) for column in table.columns or ((),))


def _says(asked: str, heads: str) -> bool:
    """Whether heads hold every word asked for, also where a label's text runs words together ("AnyGrade").

    >>> _says("AnyGrade", "Any Grade [%]"), _says("grade 3", "Any Grade [%]")
    (True, False)
    """
    # subtle: only a run of letters and digits that parts differently is looked for in the heads without blanks
    words, joined = _words(heads), re.sub(r"\W", "", fold(heads))
    return all(word in words or (len(word) > 5 and word in joined) for word in _words(asked))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(text)))


def _spells_out(gold: GoldRow, said: str) -> bool:
    """A quote that is no row in the reply: prose, or a table that was not resolved."""
    label = re.search(rf"(?<!\w){re.escape(plain(gold.label))}(?!\w)", said)
    rest = f"{said[: label.start()]} ; {said[label.end() :]}" if label else ""
    return bool(label) and any(_stands(cell, rest) for cell in gold.cells)
