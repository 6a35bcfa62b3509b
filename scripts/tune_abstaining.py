"""Fits the probability that a label answers a question, from where on the assistant may answer.

In: an index and development question sets, answerable and not. Out: `assistant/answering/confidence.json`. Each question
gives the features of its best hit that no gap forbids; what is predicted is whether the label answers it at all. Printed
for each pull towards 0 and each threshold: how many answerable questions are answered and how many others are refused,
on tenths that the fit didn't see. Test questions are never read.

    python scripts/tune_abstaining.py --set INDEX eval/questions/labels-dev.jsonl --set INDEX eval/questions/besponsa-dev.jsonl
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from assistant import settings as settings_room
from assistant.answering.choosing import LOOKED_AT, _checked, leading
from assistant.answering.confidence import evidence
from assistant.assembly import Assistant, open_assistant
from assistant.evaluating.questions import Question, load

OUT = Path(__file__).parents[1] / "assistant" / "answering" / "confidence.json"


def example(assistant: Assistant, question: Question) -> dict[str, float] | None:
    """Features of the best hit that may answer, None where none may."""
    label = assistant.label(question.label)
    before = assistant._before(question.history, [label.id])
    best: dict[str, float] | None = None
    for query in assistant._readings(question.question, before, (label.id,)):
        hits = assistant.answerer.ranker.rank(query)[:LOOKED_AT]
        first = leading([_checked(query, hit, label) for hit in hits])
        if first is not None:
            found = evidence(query, first, hits[0].score)
            best = best or found
    return best


def fit(rows: np.ndarray, right: np.ndarray, pull: float) -> tuple[np.ndarray, float]:
    """Coefficients and intercept of a logistic regression with an L2 pull."""
    x, y = torch.tensor(rows), torch.tensor(right, dtype=torch.float64)
    coefficients = torch.zeros(rows.shape[1], dtype=torch.float64, requires_grad=True)
    intercept = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([coefficients, intercept], max_iter=200)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ coefficients + intercept, y)
        loss = loss + pull * (coefficients**2).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return coefficients.detach().numpy(), float(intercept.detach())


def main() -> None:
    """Read, fit on folds, choose the threshold, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs=2, action="append", metavar=("INDEX", "FILE"), required=True)
    parser.add_argument("--pull", type=float, default=0.003, help="L2 pull of the fit that is written")
    parser.add_argument("--threshold", type=float, default=0.6, help="least probability of an answer")
    arguments = parser.parse_args()
    asked: list[tuple[bool, dict[str, float] | None]] = []
    for index, file in arguments.set:
        assistant = open_assistant(settings_room.load(index=Path(index)))
        asked += [(question.answerable, example(assistant, question)) for question in load([Path(file)])]
    open_ = [(able, found) for able, found in asked if found is not None]
    names = list(open_[0][1])
    rows = np.array([[found[name] for name in names] for _, found in open_])
    able = np.array([able for able, _ in open_])
    closed = [able for able, found in asked if found is None]
    print(
        f"{len(asked)} questions; forbidden by gaps: {closed.count(False)} unanswerable, {closed.count(True)} answerable"
    )
    for pull in (0.0003, 0.001, 0.003, 0.01, 0.03):
        chances = crossed(rows, able, pull)
        order = np.argsort(np.argsort(chances))
        ranks = order[able].sum() - able.sum() * (able.sum() - 1) / 2
        area = ranks / (able.sum() * (~able).sum())
        cells = []
        for cut in (0.4, 0.5, 0.55, 0.6, 0.65, 0.7):
            answered = (chances[able] >= cut).sum() / (able.sum() + closed.count(True))
            refused = ((chances[~able] < cut).sum() + closed.count(False)) / ((~able).sum() + closed.count(False))
            cells.append(f"{cut}: answered {answered:.3f} refused {refused:.3f}")
        print(f"pull {pull}: AUROC {area:.3f}  " + "  ".join(cells))
    coefficients, intercept = fit(rows, able, arguments.pull)
    model = {
        "intercept": round(intercept, 4),
        "coefficients": {name: round(float(value), 4) for name, value in zip(names, coefficients, strict=True)},
        "threshold": arguments.threshold,
    }
    OUT.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


def crossed(rows: np.ndarray, able: np.ndarray, pull: float) -> np.ndarray:
    """Each question's probability from a fit on the other nine tenths."""
    chances = np.zeros(len(rows))
    for fold in range(10):
        held = np.arange(len(rows)) % 10 == fold
        coefficients, intercept = fit(rows[~held], able[~held], pull)
        chances[held] = 1 / (1 + np.exp(-(rows[held] @ coefficients + intercept)))
    return chances


if __name__ == "__main__":
    main()
