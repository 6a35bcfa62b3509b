"""Question sets that others licensed for reuse, as pairs for the encoder.

In: the folder of the sets. Out: `pairs`: question, passage that answers, passage of the same document that doesn't.
MedQuAD (CC BY 4.0), TAT-QA (CC BY 4.0), AIT-QA (CDLA-Sharing-1.0), PubMedQA (MIT). FeTaQA is left out: its share-alike
terms don't fit weights under another licence.
"""

import json
import random
import re
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from train_pair import Pair

_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")
_MEDQUAD = 1000  # pairs taken of each set at most, so that labels stay in the lead
_OTHERS = 400


def pairs(folder: Path, questions: Path, rng: random.Random) -> list[Pair]:
    """Pairs of all sets; a set that isn't there gives none."""
    found: list[Pair] = []
    for source, most in (
        (medquad(folder / "medquad_repo_snapshot.tar.gz", rng), _MEDQUAD),
        (tatqa(folder / "tatqa" / "tatqa_dataset_dev.json", rng), _OTHERS),
        (aitqa(questions, rng), _OTHERS),
        (pubmedqa(folder / "pubmedqa" / "ori_pqal.json", rng), _OTHERS),
    ):
        of_set = list(source)
        rng.shuffle(of_set)
        found += of_set[:most]
    return found


def medquad(path: Path, rng: random.Random) -> Iterator[Pair]:
    """Question, first telling sentence of the answer, a sentence that answers another question on the same subject."""
    if not path.is_file():
        return
    with tarfile.open(path) as packed:
        for member in packed:
            file = packed.extractfile(member) if member.name.endswith(".xml") else None
            if file:
                yield from _medquad_page(ElementTree.fromstring(file.read()), rng)  # a pinned local file


def _medquad_page(page: ElementTree.Element, rng: random.Random) -> Iterator[Pair]:
    focus = page.findtext("Focus") or ""
    asked = [(pair.findtext("Question") or "", _told(pair.findtext("Answer") or "")) for pair in page.iter("QAPair")]
    asked = [(question, told) for question, told in asked if told]
    if len(asked) < 2:
        return
    place = rng.randrange(len(asked))
    question, told = asked[place]
    wrong = rng.choice(asked[place - 1][1])
    if told[0] != wrong:
        yield Pair(
            "medquad",
            focus,
            " ".join(question.split()).replace(" ?", "?"),
            f"{focus}. {told[0]}",
            f"{focus}. {wrong}",
            focus,
        )


def _told(answer: str) -> list[str]:
    said = _SENTENCE.split(" ".join(answer.split()))
    return [one[:600] for one in said if len(one) > 40 and not one.endswith("?") and "Ontology" not in one][:4]


def tatqa(path: Path, rng: random.Random) -> Iterator[Pair]:
    """Questions on one cell of a table."""
    if not path.is_file():
        return
    for entry in json.loads(path.read_text(encoding="utf-8")):
        grid = entry["table"]["table"]
        heads = [row for row in grid[:3] if not row[0]]
        body = [row for row in grid[len(heads) :] if row[0] and any(row[1:])]
        names = [" ".join(row[column] for row in heads).strip() for column in range(len(grid[0]))]
        for asked in entry["questions"]:
            if (
                asked["answer_type"] == "span"
                and asked["answer_from"].startswith("table")
                and len(asked["answer"]) == 1
            ):
                yield from _cell_pair(
                    "tatqa", entry["table"]["uid"], asked["question"], asked["answer"][0], names, body, rng
                )


def aitqa(folder: Path, rng: random.Random) -> Iterator[Pair]:
    """Questions on one cell of a table with headers of several levels."""
    if not (folder / "aitqa_tables.jsonl").is_file():
        return
    tables = {table["id"]: table for table in _lines(folder / "aitqa_tables.jsonl")}
    for asked in _lines(folder / "aitqa_questions.jsonl"):
        table = tables[asked["table_id"]]
        heads = table["row_header"] or [[]] * len(table["data"])
        body = [[" / ".join(head), *row] for head, row in zip(heads, table["data"], strict=False)]
        names = ["", *(" ".join(column) for column in table["column_header"])]
        yield from _cell_pair("aitqa", table["id"], asked["question"], asked["answers"][0], names, body, rng)


def _cell_pair(
    source: str,
    group: str,
    question: str,
    answer: str,
    names: Sequence[str],
    body: Sequence[Sequence[str]],
    rng: random.Random,
) -> Iterator[Pair]:
    holding = [row for row in body if str(answer) in row[1:]]
    others = [row for row in body if row not in holding]
    if len(holding) == 1 and others:
        yield Pair(source, group, question, _row(names, holding[0]), _row(names, rng.choice(others)), holding[0][0])


def _row(names: Sequence[str], row: Sequence[str]) -> str:
    values = "; ".join(f"{name} {value}".strip() for name, value in zip(names[1:], row[1:], strict=False) if value)
    return f"{row[0]}: {values}"[:900]


def pubmedqa(path: Path, rng: random.Random) -> Iterator[Pair]:
    """A study's question, its conclusion, a sentence of its background."""
    if not path.is_file():
        return
    for key, entry in json.loads(path.read_text(encoding="utf-8")).items():
        wrong = rng.choice(_SENTENCE.split(rng.choice(entry["CONTEXTS"])))
        yield Pair("pubmedqa", key, entry["QUESTION"], entry["LONG_ANSWER"][:600], wrong[:600], key)


def _lines(path: Path) -> list[dict[str, list[list[str]]]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
