"""Gathers what `train_on_questions.py` trains on, so that it can run where nothing else of the product is installed.

In: an index, development question sets, and the folders that `train_encoder.py` makes questions from. Out: one JSON file,
gzipped: `passages`, as the encoder sees them, in the order of the index, with `owners`, their labels; `questions`, each reading
of each question with its candidates, best first by the ranking in use, and which of them support it; `pairs`, the questions
made before, so that what was learned of them isn't lost. Questions on labels that measure the product (`HELD_OUT` in
`train_encoder.py`) are left out, whatever their set.

    python scripts/train_examples.py --index INDEX --labels DIR --training DIR --annotations DIR --out FILE eval/questions/*-dev.jsonl
"""

import argparse
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from held_out import encoded, fingerprint
from train_encoder import HELD_OUT, gathered

from assistant import settings as settings_room
from assistant.answering.citing import cite
from assistant.assembly import Assistant, open_assistant
from assistant.evaluating.matching import supports
from assistant.evaluating.questions import Question, load


def main() -> None:
    """Read, rank, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True, help="folder with text/*.txt and spl/*.xml")
    parser.add_argument("--training", type=Path, required=True, help="folder of MedQuAD, TAT-QA and PubMedQA")
    parser.add_argument("--annotations", type=Path, required=True, help="folder of spl_adr_train_mentions.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=8)
    options = parser.parse_args()
    options.no_invented = False
    assistant = open_assistant(settings_room.load(index=options.index))
    index = assistant.answerer.ranker.index
    measured = {name.replace("__", "-").replace("_", "-").lower() for name in HELD_OUT}
    asked = [
        (file.stem, question) for file in options.files if "messages" not in file.stem for question in load([file])
    ]
    made = gathered(options, random.Random(options.seed))
    passages = encoded(index)
    content = {
        "fingerprint": fingerprint(passages),
        "passages": passages,
        "owners": [passage.label for passage in index.passages],
        "questions": [
            {"set": name, "id": question.id, "label": question.label} | reading
            for name, question in asked
            if question.label not in measured
            for reading in readings(assistant, question)
        ],
        "pairs": [[one.question, one.passage, one.wrong, one.key] for one in made],
    }
    with gzip.open(options.out, "wt", encoding="utf-8", compresslevel=6) as target:
        json.dump(content, target)
    print(f"{len(content['questions'])} readings of questions, {len(passages)} passages")


def readings(assistant: Assistant, question: Question) -> Iterator[dict[str, Any]]:
    """What each reading of a question is encoded as, with its candidates by number."""
    label = assistant.label(question.label)
    before = assistant._before(question.history, [label.id])
    for query in assistant.questions.readings(question.question, before, (label.id,)):
        hits = assistant.answerer.ranker.rank(query)
        cited = [cite(hit.passage, label, None, number=1) for hit in hits]
        yield {
            "text": query.standalone,
            "answerable": question.answerable,
            "candidates": [hit.number for hit in hits],
            "supports": [question.answerable and supports(question, one.quote, one.table) for one in cited],
        }


if __name__ == "__main__":
    main()
