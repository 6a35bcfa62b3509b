"""Makes the sample PDFs of this folder, with nothing but the standard fonts: `python tests/samples/pdf/make.py`.

A page is a list of drawing commands; text is set line by line in one or two columns, so that the samples have what
printed labels have: running heads, hyphens at line ends, ligatures, raised marks, ruled tables, columns without rules.
"""

import zlib
from itertools import pairwise
from pathlib import Path

from pdfminer.fontmetrics import FONT_METRICS

FOLDER = Path(__file__).parent
FONTS = {"R": "Helvetica", "B": "Helvetica-Bold", "I": "Helvetica-Oblique"}
CODES = {"ﬁ": 1, "ﬂ": 2, "≥": 3, "•": 4, "®": 174, "–": 5, "≤": 6}
NAMES = {1: "fi", 2: "fl", 3: "greaterequal", 4: "bullet", 5: "endash", 6: "lessequal"}
WIDTH, HEIGHT = 612, 792


class Page:
    """Drawing commands of one page."""

    def __init__(self) -> None:
        self.commands: list[str] = []

    def text(self, x: float, y: float, said: str, font: str = "R", size: float = 9) -> float:
        """Sets text from the top left; returns where it ends."""
        codes = "".join(f"{CODES.get(char, ord(char)):02x}" for char in said)
        self.commands.append(f"BT /{font} {size} Tf {x:.2f} {HEIGHT - y:.2f} Td <{codes}> Tj ET")
        return x + width(said, font, size)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.commands.append(f"0.5 w {x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S")

    def column(self, x: float, y: float, lines: list[str], pitch: float = 11, size: float = 9) -> float:
        """Sets lines under one another; "B|" sets in bold, "^...^" raises, "" leaves a gap. Returns the next place."""
        for line in lines:
            font, said = line.split("|", 1) if line[1:2] == "|" else ("R", line)
            place = x
            for number, part in enumerate(said.split("^")):
                raised = number % 2
                place = self.text(place, y - 3.5 * raised, part, font, size * (0.65 if raised else 1))
            y += pitch if line else pitch * 0.8
        return y

    def table(
        self, xs: list[float], ys: list[float], cells: dict[tuple[int, int], str], spans: frozenset[int] = frozenset()
    ) -> None:
        """A ruled table: edges of columns and rows, texts by row and column; rows in `spans` have one cell."""
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        for row, (top, bottom) in enumerate(pairwise(ys)):
            for x in xs if row not in spans else (xs[0], xs[-1]):
                self.rule(x, top, x, bottom)
        for (row, column), said in cells.items():
            self.column(xs[column] + 3, ys[row] + 10, said.split("\n"))


def width(said: str, font: str, size: float) -> float:
    metrics = FONT_METRICS[FONTS[font]][1]
    return sum(metrics.get(char, 556) for char in said) * size / 1000


def written(pages: list[Page]) -> bytes:
    """The pages as a PDF."""
    differences = " ".join(f"{code} /{name}" for code, name in NAMES.items())
    encoding = f"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [{differences}] >>"
    fonts = " ".join(
        f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding {encoding} >>"
        for key, name in FONTS.items()
    )
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()]
    for number, page in enumerate(pages):
        packed = zlib.compress("\n".join(page.commands).encode("ascii"), 9)
        box = f"/MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources << /Font << {fonts} >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {4 + 2 * number} 0 R >>".encode())
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        objects.append(head + packed + b"\nendstream")
    return assembled(objects)


def assembled(objects: list[bytes]) -> bytes:
    """Objects numbered from 1, the first the catalog, as a PDF."""
    done, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(done))
        done += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(done)
    done += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    done += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    done += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(done)


def furniture(page: Page, number: int) -> None:
    page.text(50, 40, "TESTOVIR Prescribing Information", "I", 8)
    page.text(300, 760, str(number), "R", 8)


def label() -> bytes:
    """Four pages: Highlights and contents in two columns, the full text in two columns, a wide table, plain columns."""
    first, second, third, fourth = Page(), Page(), Page(), Page()
    for number, page in enumerate((first, second, third, fourth), 1):
        furniture(page, number)
    left = [
        "B|HIGHLIGHTS OF PRESCRIBING INFORMATION",
        "These highlights do not include all the information",
        "needed to use TESTOVIR safely.",
        "",
        "B|TESTOVIR® (testovir mesylate) tablets, for oral use",
        "",
        "B|------INDICATIONS AND USAGE------",
        "TESTOVIR is a test indicated for adults. (1)",
        "",
        "B|------ADVERSE REACTIONS------",
        "Most common (≥10%) were nausea and rash. (6.1)",
    ]
    right = [
        "B|FULL PRESCRIBING INFORMATION: CONTENTS*",
        "B|1 INDICATIONS AND USAGE",
        "B|5 WARNINGS AND PRECAUTIONS",
        "5.1 Hepatotoxicity",
        "B|6 ADVERSE REACTIONS",
        "6.1 Clinical Trials Experience",
        "* Sections or subsections omitted from the full",
        "prescribing information are not listed.",
        "Revised: 2/2024",
    ]
    first.column(50, 70, left)
    first.column(320, 70, right)
    second.column(50, 70, ["B|FULL PRESCRIBING INFORMATION"], size=10)
    left = [
        "B|1 INDICATIONS AND USAGE",
        "TESTOVIR is indicated for the treatment of failing",
        "tests in adults with counts of at least 10^9^/L. Its ef-",
        "ﬁcacy in children is unknown.",
        "",
        "B|2 DOSAGE AND ADMINISTRATION",
        "Give 10 mg once daily, as follows:",
        "• with food, at about the same time of each",
        "   day",
        "• with water",
        "   – cold water",
        "   – warm water",
        "• not at night",
        "A missed dose is left out. The post-",
        "HSCT dose is lower; so is the low-",
        "dose schedule.",
    ]
    right = [
        "B|5 WARNINGS AND PRECAUTIONS",
        "B|5.1 Hepatotoxicity, Including Veno-",
        "B|occlusive Disease",
        "Severe hepato-",
        "toxicity occurred [see Adverse Reactions (6.1)].",
        "Monitor liver tests^a^ weekly; hepatotoxicity may",
        "come late. Rates were low-dose dependent and",
        "",
        "B|5.2 Inﬂammation",
        "Inﬂammation was rare.",
    ]
    second.column(50, 90, left)
    second.column(320, 90, right)
    second.text(50, 700, "Reference ID: 1234567", "R", 8)
    third.column(
        50,
        70,
        [
            "B|6 ADVERSE REACTIONS",
            "B|6.1 Clinical Trials Experience",
            "Because trials vary widely, rates in one trial cannot be compared with rates in another one.",
        ],
    )
    third.column(50, 110, ["B|Table 1: Reactions in ≥5% of Patients"])
    cells = {
        (0, 0): "B|Reaction", (0, 1): "B|TESTOVIR^a^\nB|(N=100)\nB|%", (0, 2): "B|Placebo\nB|(N=50)\nB|%",
        (1, 0): "B|Gastrointestinal disorders",
        (2, 0): "Nausea", (2, 1): "12", (2, 2): "<1",
        (3, 0): "Abdominal pain,\nupper", (3, 1): "5", (3, 2): "-",
    }  # fmt: skip
    third.table([50, 250, 400, 550], [115, 155, 170, 185, 210], cells, frozenset({1}))
    third.column(50, 222, ["^a^ Given with food.", "", "Rash was seen later."])
    fourth.column(50, 70, ["B|Table 2: Laboratory Abnormalities"])
    for row, (name, ours, theirs) in enumerate(
        [("Test", "TESTOVIR (n=98), %", "Placebo (n=49), %"), ("ALT increased", "21", "4"),
         ("AST increased", "18", "3"), ("Platelet count decreased", "7", "<1")]
    ):  # fmt: skip
        for x, said in ((50, name), (250, ours), (400, theirs)):
            fourth.text(x, 84 + 12 * row, said)
    fourth.column(
        50,
        145,
        ["Laboratory values were taken every week of the trial and for a month after the last dose."],
    )
    fourth.column(50, 170, ["B|17 PATIENT COUNSELING INFORMATION", "Tell patients to keep to the schedule."])
    return written([first, second, third, fourth])


def picture() -> bytes:
    """A page without any text."""
    page = Page()
    page.rule(50, 50, 500, 700)
    return written([page])


def main() -> None:
    """Writes the samples."""
    (FOLDER / "label.pdf").write_bytes(label())
    (FOLDER / "picture.pdf").write_bytes(picture())


if __name__ == "__main__":
    main()
