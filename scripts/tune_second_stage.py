"""Fits what a reading by the cross-encoder is worth beside the first stage, and the threshold.

In: an index and question sets that neither the encoder, the judging nor the cross-encoder was trained on. Out:
`assistant/answering/second_stage.json`. Each passage that would be read is one example; it is right where it supports the
question and its figure is the one asked for. Logistic regression; questions are judged by weights fitted on the other five sixths.
Printed are, for some shares of refused unanswerable questions, how many of the others are answered, and rightly, by the first
stage alone and by both. The threshold is the one that refuses `--refused` of the unanswerable ones. Test questions are never
read. Needs scikit-learn.

    python scripts/tune_second_stage.py --index INDEX eval/questions/{labels-ninth,whole-ninth,followups-fifth,followups-sixth}-dev.jsonl
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from tune_judging import _is_right

from assistant import settings as settings_room
from assistant.answering import second_stage
from assistant.answering.choosing import LOOKED_AT, _checked
from assistant.answering.citing import cite
from assistant.answering.judging import may_answer, probabilities, signs
from assistant.assembly import Assistant, open_assistant
from assistant.evaluating.matching import supports
from assistant.evaluating.questions import Question, load
from assistant.passage import text_to_encode

OUT = Path(__file__).parents[1] / "assistant" / "answering" / "second_stage.json"
_FOLDS = 6
_TOGETHER = 12  # questions that stand side by side in a file go into one fold: conversations stay whole


@dataclass(slots=True)
class Asked:
    """A question with what would be read for it."""

    answerable: bool
    group: int
    rows: list[tuple[float, float, float]] = field(default_factory=list)  # log-odds, score, behind the best
    right: list[bool] = field(default_factory=list)


def asked(assistant: Assistant, question: Question, group: int) -> Asked:
    """What every reading of a question would have read."""
    label = assistant.label(question.label)
    found = Asked(question.answerable, group)
    before = assistant._before(question.history, [label.id])
    for query in assistant.questions.readings(question.question, before, (label.id,)):
        checked = [_checked(query, hit, label) for hit in assistant.answerer.ranker.rank(query)[:LOOKED_AT]]
        chances = [
            chance if may_answer(item) else 0.0
            for item, chance in zip(checked, probabilities(signs(query, checked)), strict=True)
        ]
        read = second_stage.chosen(chances)
        if not read:
            continue
        scores = assistant.index.pairs_scores(
            query.standalone, [text_to_encode(checked[place].hit.passage) for place in read]
        )
        for place, score in zip(read, scores, strict=True):
            item = checked[place]
            citation = cite(item.hit.passage, label, item.picked, number=1)
            held = question.answerable and supports(question, citation.quote, citation.table)
            text = item.picked.text if item.picked else ""
            found.rows.append((second_stage.odds(chances[place]), score, score - max(scores)))
            found.right.append(held and (not question.headline or _is_right(question, text)))
    return found


def fitted(questions: Sequence[Asked]) -> LogisticRegression:
    """The weights from some questions."""
    rows = np.array([row for one in questions for row in one.rows])
    return LogisticRegression(max_iter=1000).fit(rows, [right for one in questions for right in one.right])


def held_out(questions: Sequence[Asked]) -> list[np.ndarray]:
    """The probabilities of each question's passages by weights from other questions."""
    found = [np.zeros(0)] * len(questions)
    for part in range(_FOLDS):
        model = fitted([one for one in questions if one.group % _FOLDS != part])
        for place, one in enumerate(questions):
            if one.group % _FOLDS == part and one.rows:
                found[place] = model.predict_proba(np.array(one.rows))[:, 1]
    return found


def told(name: str, questions: Sequence[Asked], chances: Sequence[np.ndarray]) -> None:
    """A line of figures."""
    able = np.array([one.answerable for one in questions])
    best = np.array([chance.max() if len(chance) else -99.0 for chance in chances])
    right = np.array([bool(len(c)) and one.right[int(c.argmax())] for one, c in zip(questions, chances, strict=True)])
    cells = []
    for share in (0.75, 0.8, 0.85, 0.9):
        over = best > np.quantile(best[~able], share)
        cells.append(f"refused {share}: answered {over[able].mean():.3f} right {(over & right)[able].mean():.3f}")
    print(f"{name} ({len(questions)}): " + "; ".join(cells))


def main() -> None:
    """Read, fit, choose the threshold, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--refused", type=float, default=0.82, help="share of the unanswerable questions to refuse")
    options = parser.parse_args()
    assistant = open_assistant(settings_room.load(index=options.index))
    questions = [
        asked(assistant, question, number // _TOGETHER)
        for file in options.files
        for number, question in enumerate(load([file]))
    ]
    told("first stage", questions, [np.array([row[0] for row in one.rows]) for one in questions])
    chances = held_out(questions)
    told("both stages", questions, chances)
    silent = [
        chance.max() if len(chance) else 0.0
        for one, chance in zip(questions, chances, strict=True)
        if not one.answerable
    ]
    model = fitted(questions)
    names = ("odds", "score", "behind")
    weights = {name: round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)}
    content = {"start": round(float(model.intercept_[0]), 4)} | weights
    content["threshold"] = round(float(np.quantile(silent, options.refused)), 2)
    OUT.write_text(json.dumps(content) + "\n", encoding="utf-8")
    print(content)


if __name__ == "__main__":
    main()
