"""The hand-made label that the tests of the surfaces ask about: a drug that doesn't exist.

Out: `LABEL`, its pieces of text by name, `OTHER`, and `hostile()`, a label whose text tries to do harm.
"""

from dataclasses import replace

from assistant.label import Block, Cell, Column, Finding, Footnote, Label, Row, Section, Span, Table
from assistant.reply import CitedLabel

MENU = "Home | Dosing | Safety | Menu"
BOXED = "WARNING: LIVER INJURY and LOW BLOOD COUNTS:"
BOXED_TEXT = "Fatal liver injury occurred in patients who received EXAMPLOR. Monitor liver tests weekly."
REACTIONS = "Adverse reactions"
INTRO = "Safety was reported in 80 adults (Study A) and 40 children (Study B)."
ADULT = "In Study A, nausea occurred in 31/164 adult patients (19%)."
CHILD = "In Study B, nausea occurred in 6/40 (15%) of pediatric patients."
WRONG = "QT prolongation occurred in 4/162 adult patients (3%)."
ITEM_ONE = "Interrupt EXAMPLOR for grade 3 nausea"
ITEM_TWO = "Discontinue EXAMPLOR for grade 4 nausea"
CAPTION = "Table 2. Adverse reactions (≥5%) in pediatric patients (N=40), Study B"
TABLE_HEAD = "Adverse reaction EXAMPLOR (n=40) Placebo (n=38)\nAll grades, % Grade ≥3, % All grades, % Grade ≥3, %"
GROUP_ONE = "Gastrointestinal disorders"
ROW_ONE = "Nausea* 15 2 8 0"
ROW_TWO = "Vomiting 12 <1 5 0"
GROUP_TWO = "General disorders"
ROW_THREE = "Pyrexia 49 4 20 1"
LEGEND = "* Includes retching. † Includes chills."
WARNINGS = "Warnings"
LIVER = "Liver injury"
LIVER_TEXT = "Monitor liver tests before each dose. The median time to onset was 15 days."
INDICATION = "Indication"
INDICATION_TEXT = "EXAMPLOR is indicated for adults with relapsed examplitis."
REPORT = "To report an adverse event, please call 1-800-555-0100"

TEXT = "\n".join(
    (
        MENU,
        BOXED,
        BOXED_TEXT,
        REACTIONS,
        INTRO,
        ADULT,
        CHILD,
        WRONG,
        ITEM_ONE,
        ITEM_TWO,
        CAPTION,
        TABLE_HEAD,
        GROUP_ONE,
        ROW_ONE,
        ROW_TWO,
        GROUP_TWO,
        ROW_THREE,
        LEGEND,
        WARNINGS,
        LIVER,
        LIVER_TEXT,
        INDICATION,
        INDICATION_TEXT,
        REPORT,
    )
)


def span(piece: str, text: str = TEXT) -> Span:
    """Where a piece stands in the text."""
    start = text.index(piece)
    return Span(start=start, end=start + len(piece))


def _section(title: str, end: str, kind: str = "", level: int = 1, parent: int | None = None) -> Section:
    heading = span(title)
    return Section(
        title=title.rstrip(":"),
        kind=kind,
        level=level,
        parent=parent,
        heading=heading,
        start=heading.start,
        end=span(end).end,
    )


def _block(kind: str, piece: str, section: int, **more: int) -> Block:
    place = span(piece)
    return Block(kind=kind, start=place.start, end=place.end, section=section, **more)  # type: ignore[arg-type]


def _row(line: str, label: str, group: str, marks: tuple[str, ...] = ()) -> Row:
    start = span(line).start
    cells = []
    at = start + len(label) + sum(map(len, marks)) + 1
    for column, value in enumerate(line.split()[1:]):
        cells.append(Cell(text=value, start=at, end=at + len(value), column=column))
        at += len(value) + 1
    end = start + len(line)
    return Row(label=label, start=start, end=end, group=(group,), cells=tuple(cells), marks=marks)


_ARMS = ("EXAMPLOR (n=40)", "Placebo (n=38)")
COLUMNS = tuple(
    Column(header=(arm, grade), unit="%", n=arm[-3:-1]) for arm in _ARMS for grade in ("All grades, %", "Grade ≥3, %")
)


def _footnote(mark: str, text: str, certain: bool) -> Footnote:
    place = span(f"{mark} {text}")
    return Footnote(
        mark=mark, text=text, start=place.start, end=place.end, certain=certain, rows=(0,) if certain else ()
    )


TABLE = Table(
    caption=CAPTION,
    caption_span=span(CAPTION),
    start=span(CAPTION).start,
    end=span(LEGEND).end,
    section=1,
    row_head="Adverse reaction",
    columns=COLUMNS,
    rows=(
        _row(ROW_ONE, "Nausea", GROUP_ONE, ("*",)),
        _row(ROW_TWO, "Vomiting", GROUP_ONE),
        _row(ROW_THREE, "Pyrexia", GROUP_TWO),
    ),
    footnotes=(
        _footnote("*", "Includes retching.", True),
        _footnote("†", "Includes chills.", False),
    ),
)

LABEL = Label(
    id="examplor",
    name="EXAMPLOR",
    generic="examplimab",
    kind="prescription label",
    format="page",
    set_id="11111111-2222-3333-4444-555555555555",
    version="3",
    effective="2025-06-01",
    labeler="Example Pharma",
    copyright="© 2025 Example Pharma",
    file="examplor.txt",
    sha256="ab" * 32,
    text=TEXT,
    sections=(
        _section(BOXED, BOXED_TEXT, kind="boxed_warning"),
        _section(REACTIONS, LEGEND, kind="adverse_reactions"),
        _section(WARNINGS, LIVER_TEXT, kind="warnings"),
        _section(LIVER, LIVER_TEXT, kind="warnings", level=2, parent=2),
        _section(INDICATION, INDICATION_TEXT, kind="indications"),
    ),
    blocks=(
        _block("boilerplate", MENU, 0),
        _block("heading", BOXED, 0),
        _block("paragraph", BOXED_TEXT, 0),
        _block("heading", REACTIONS, 1),
        _block("paragraph", INTRO, 1),
        _block("paragraph", ADULT, 1),
        _block("paragraph", CHILD, 1),
        _block("paragraph", WRONG, 1),
        _block("list_item", ITEM_ONE, 1, list=0, level=1),
        _block("list_item", ITEM_TWO, 1, list=0, level=1),
        Block(kind="table", start=TABLE.start, end=TABLE.end, section=1, table=0),
        _block("heading", WARNINGS + "\n", 2),
        _block("heading", LIVER, 3),
        _block("paragraph", LIVER_TEXT, 3),
        _block("heading", INDICATION, 4),
        _block("paragraph", INDICATION_TEXT, 4),
    ),
    tables=(TABLE,),
    findings=(
        Finding(
            kind="figure_mismatch",
            message="4/162 is 2.5%, printed as 3%",
            spans=(span("4/162 adult patients (3%)"),),
        ),
    ),
)
CITED_LABEL = CitedLabel(id="examplor", name="EXAMPLOR", version="3", effective="2025-06-01", sha256="ab" * 32)
OTHER = replace(LABEL, id="otherex", name="OTHEREX", names=(), set_id="", generic="otherimab", findings=())

ATTACK = (
    "<script>window.hurt=1</script><img src=x onerror='window.hurt=1'> "
    "<svg onload=window.hurt=1></svg> <a href='javascript:window.hurt=1'>go</a> \"' }} {{ 7*7 }} "
    "rate \u202e%14\u202c 1\u200b9\ufeff% &lt;b&gt;"
)


def hostile() -> Label:
    """A label whose every printable field tries to be markup, with direction characters and one beyond the BMP."""
    text = f"𝔘 heading {ATTACK}\nParagraph {ATTACK}\nItem {ATTACK}"
    heading, paragraph, item = (
        Span(start=text.index(line), end=text.index(line) + len(line)) for line in text.split("\n")
    )
    return Label(
        id="hostile",
        name=f"EVIL {ATTACK}",
        generic=ATTACK,
        kind=ATTACK,
        format="text",
        version=ATTACK,
        effective=ATTACK,
        labeler=ATTACK,
        copyright=ATTACK,
        sha256=ATTACK,
        text=text,
        sections=(Section(title=f"WARNING: {ATTACK}", kind="boxed_warning", heading=heading, start=0, end=len(text)),),
        blocks=(
            Block(kind="heading", start=heading.start, end=heading.end, section=0),
            Block(kind="paragraph", start=paragraph.start, end=paragraph.end, section=0),
            Block(kind="list_item", start=item.start, end=item.end, section=0, list=0),
        ),
        findings=(Finding(kind="contradiction", message=ATTACK, spans=(paragraph,)),),
    )
