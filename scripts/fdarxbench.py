"""Asks the shared questions of FDARxBench, with all their passages in one index, and says how often the gold one is found.

In: FDARxBench's JSON lines (https://github.com/xiongbetty/FDARxBench, Apache-2.0), which are not part of this repository; rows
whose source is "highlights" are left out, their gold answers are noisy. Each set id becomes a plain-text label of the sections
given with its questions. Out: recall@1 and @5 of the ranking and of what is shown, beside plain baselines, and the refusals.
A citation is the gold passage where it lies in a passage given with its question (the first of `context` where several are told apart by `has_answer`); no question says which label it means.

    python scripts/fdarxbench.py fdarxbench_share.jsonl
"""

import argparse
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant import settings as settings_room
from assistant.assembly import Assistant, build_index, open_assistant
from assistant.evaluating.baselines import Bm25, Cosine, Fused, pieces
from assistant.evaluating.measures import wilson

_DEEPEST = 5


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["source"] != "highlights"]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        _written(rows, corpus)
        settings = settings_room.load(corpus=corpus, index=Path(folder) / "index")
        build_index(settings)
        _told(open_assistant(settings), rows)


def _written(rows: Sequence[dict[str, Any]], corpus: Path) -> None:
    """One text file a label: its sections in the order of their numbers."""
    sections: dict[str, dict[str, str]] = defaultdict(dict)
    names: dict[str, str] = {}
    for row in rows:
        names[row["set_id"]] = row["drug_name"]
        for one in row["context"]:
            held = sections[row["set_id"]]
            title = one["section_title"].strip()
            if one["text"] not in held.get(title, ""):
                held[title] = "\n".join(filter(None, (held.get(title, ""), one["text"])))
    entries = []
    for set_id, held in sections.items():
        ordered = sorted(held, key=_number)
        text = "\n\n".join(f"{title}\n\n{held[title]}" for title in ordered)
        (corpus / f"{set_id}.txt").write_text(f"{names[set_id]}\n\n{text}\n", encoding="utf-8")
        name = json.dumps(names[set_id])
        entries.append(f'["{set_id}"]\nfile = "{set_id}.txt"\nname = {name}\n')
    (corpus / "labels.toml").write_text("\n".join(entries), encoding="utf-8")


def _number(title: str) -> tuple[float, ...]:
    found = re.match(r"\d+(?:\.\d+)*", title)
    return tuple(float(part) for part in found.group().split(".")) if found else (999.0,)


def _told(assistant: Assistant, rows: Sequence[dict[str, Any]]) -> None:
    able = [row for row in rows if row["question_type"] != "refusal"]
    ranked, shown, answered = [], [], 0
    for row in able:
        found = assistant.candidates(row["question"], limit=_DEEPEST)
        ranked.append(_place([(one.label.id, one.quote) for one in found], row))
        reply = assistant.ask(row["question"], limit=_DEEPEST)
        answered += reply.kind == "answer"
        cited = [(one.label.id, one.quote) for one in reply.citations]
        shown.append(_place(cited, row) if reply.kind == "answer" else None)
    print(
        f"{len(able)} questions with an answer, {len(rows) - len(able)} without, {len(assistant.labels())} labels together"
    )
    for name, places in (*_baselines(assistant, able), ("ranked", ranked), ("shown", shown)):
        print(f"{name:22} {_shares(places)}")
    refused = [assistant.ask(row["question"]).kind for row in rows if row["question_type"] == "refusal"]
    print(f"answered {answered} of {len(able)}; refused {sum(kind != 'answer' for kind in refused)} of {len(refused)}")


def _shares(places: Sequence[int | None]) -> str:
    parts = []
    for k in (1, _DEEPEST):
        held = sum(place is not None and place <= k for place in places)
        low, high = wilson(held, len(places))
        parts.append(f"@{k} {held / len(places):.3f} ({low:.3f} to {high:.3f})")
    return "  ".join(parts)


def _gold(row: dict[str, Any]) -> list[str]:
    return [_folded(one["text"]) for one in row["context"] if one.get("has_answer", True)]


def _place(cited: Sequence[tuple[str, str]], row: dict[str, Any]) -> int | None:
    """The place, from 1, of the first quote of the row's label that stands in a gold passage."""
    gold = _gold(row)
    places = (
        place
        for place, (label, quote) in enumerate(cited, 1)
        if row["set_id"] in label and any(_folded(quote) in text or text in _folded(quote) for text in gold)
    )
    return next(places, None)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _baselines(assistant: Assistant, rows: Sequence[dict[str, Any]]) -> list[tuple[str, list[int | None]]]:
    cut = [(label.id, text) for label in assistant.labels() for text in pieces(label.text)]
    texts = [text for _, text in cut]
    words, vectors = Bm25(texts), Cosine(texts, assistant.encode)
    found = []
    for name, ranker in (("500, words", words), ("500, vectors", vectors), ("500, both", Fused(words, vectors))):
        places = []
        for row in rows:
            best = np.argsort(-ranker.scores(row["question"]), kind="stable")[:_DEEPEST]
            places.append(_overlapping([cut[place] for place in best], row))
        found.append((name, places))
    return found


def _overlapping(best: Sequence[tuple[str, str]], row: dict[str, Any]) -> int | None:
    """The place of the first piece of the row's label half of whose words or more stand in a row in a gold passage."""
    gold = _gold(row)
    for place, (label, text) in enumerate(best, 1):
        words = _folded(text).split()
        half = max(1, len(words) // 2)
        runs = (" ".join(words[start : start + half]) for start in (0, len(words) - half, len(words) // 4))
        if label == row["set_id"] and any(run in one for run in runs for one in gold):
            return place
    return None


if __name__ == "__main__":
    main()
