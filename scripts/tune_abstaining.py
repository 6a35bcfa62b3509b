"""Fits the probability that a hit is a right answer, and the threshold from where on it may answer.

In: an index and development question sets, answerable and not. Out: `assistant/answering/confidence.json`. Each question
gives its first five hits that no gap forbids; a hit is right where it supports an answerable question. The logistic
regression is drawn towards 0; the threshold is the least one at which the upper bound of the wrong answers among all
questions stays below the wanted rate (conformal risk control, Angelopoulos et al. 2022, https://arxiv.org/abs/2208.02814,
measured on folds that the fit didn't see). Test questions are never read.

    python scripts/tune_abstaining.py --set INDEX eval/questions/labels-dev.jsonl --set INDEX eval/questions/besponsa-dev.jsonl
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from assistant import settings as settings_room
from assistant.answering.choosing import _checked, may_answer
from assistant.answering.citing import cite
from assistant.answering.confidence import evidence
from assistant.assembly import Assistant, open_assistant
from assistant.evaluating.matching import supports
from assistant.evaluating.questions import Question, load

OUT = Path(__file__).parents[1] / "assistant" / "answering" / "confidence.json"
LOOKED_AT = 6


def examples(assistant: Assistant, question: Question) -> list[tuple[dict[str, float], bool]]:
    """Features and rightness of the first hits of a question."""
    label = assistant.label(question.label)
    before = assistant._before(question.history, [label.id])
    query, _ = assistant.answerer.consider(assistant._readings(question.question, before, (label.id,)))
    hits = assistant.answerer.ranker.rank(query)[:LOOKED_AT]
    found = []
    for hit in hits:
        item = _checked(query, hit, label)
        if may_answer(item):
            citation = cite(hit.passage, label, item.picked, number=1)
            right = question.answerable and supports(question, citation.quote, citation.table)
            found.append((evidence(query, item, hits[0].score), right))
    return found


def fit(rows: np.ndarray, right: np.ndarray, weight: np.ndarray, pull: float) -> tuple[np.ndarray, float]:
    """Coefficients and intercept of a logistic regression with an L2 pull."""
    x, y, w = torch.tensor(rows), torch.tensor(right, dtype=torch.float64), torch.tensor(weight)
    coefficients = torch.zeros(rows.shape[1], dtype=torch.float64, requires_grad=True)
    intercept = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([coefficients, intercept], max_iter=200)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = (w * torch.nn.functional.binary_cross_entropy_with_logits(x @ coefficients + intercept, y, reduction="none")).mean()
        loss = loss + pull * (coefficients**2).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return coefficients.detach().numpy(), float(intercept)


def main() -> None:
    """Read, fit on folds, choose the threshold, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs=2, action="append", metavar=("INDEX", "FILE"), required=True)
    parser.add_argument("--wrong", type=float, default=0.06, help="most wrong answers, as a share of all questions")
    arguments = parser.parse_args()
    asked: list[tuple[bool, list[tuple[dict[str, float], bool]]]] = []
    for index, file in arguments.set:
        assistant = open_assistant(settings_room.load(index=Path(index)))
        asked += [(question.answerable, examples(assistant, question)) for question in load([Path(file)])]
    names = list(next(found for _, found in asked if found)[0][0])
    matrix = [np.array([[features[name] for name in names] for features, _ in found]).reshape(-1, len(names)) for _, found in asked]
    rights = [np.array([right for _, right in found], dtype=bool) for _, found in asked]
    best = None
    for pull in (0.0003, 0.001, 0.003, 0.01):
        chance = crossed(matrix, rights, pull)
        result = curve([answerable for answerable, _ in asked], rights, chance, arguments.wrong)
        print(f"pull {pull}: " + "  ".join(f"{key} {value:.3f}" for key, value in result.items()))
        if best is None or result["good"] > best[1]["good"]:
            best = (pull, result)
    assert best is not None
    pull, result = best
    coefficients, intercept = fit(np.vstack(matrix), np.concatenate(rights), np.ones(sum(map(len, rights))), pull)
    model = {
        "intercept": round(intercept, 4),
        "coefficients": {name: round(float(value), 4) for name, value in zip(names, coefficients, strict=True)},
        "threshold": round(result["threshold"], 3),
    }
    OUT.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(model, indent=1))


def crossed(matrix: list[np.ndarray], rights: list[np.ndarray], pull: float) -> list[np.ndarray]:
    """Each question's probabilities from a fit on the other four fifths."""
    chances: list[np.ndarray] = [np.zeros(0)] * len(matrix)
    for fold in range(5):
        train = [place for place in range(len(matrix)) if place % 5 != fold]
        rows, right = np.vstack([matrix[p] for p in train]), np.concatenate([rights[p] for p in train])
        coefficients, intercept = fit(rows, right, np.ones(len(right)), pull)
        for place in range(fold, len(matrix), 5):
            chances[place] = 1 / (1 + np.exp(-(matrix[place] @ coefficients + intercept)))
    return chances


def curve(answerable: list[bool], rights: list[np.ndarray], chances: list[np.ndarray], most: float) -> dict[str, float]:
    """What a threshold does: the one with the most good ends among those that keep false answers below `most`."""
    best: dict[str, float] = {}
    for cut in np.arange(0.05, 0.95, 0.01):
        right = wrong = refused = answered = 0
        for able, good, chance in zip(answerable, rights, chances, strict=True):
            if len(chance) and chance.max() >= cut:
                answered += able
                right += bool(good[chance.argmax()])
                wrong += not able
            else:
                refused += not able
        total, silent = len(answerable), answerable.count(False)
        # The bound of conformal risk control: (n * risk + 1) / (n + 1) <= most.
        bound = (wrong + 1) / (total + 1)
        found = {
            "threshold": float(cut), "right": right / (total - silent), "answered": answered / (total - silent),
            "refused": refused / silent, "false": wrong / total, "good": (right + refused) / total,
        }  # fmt: skip
        if bound <= most and (not best or found["good"] > best["good"]):
            best = found
    return best or found


if __name__ == "__main__":
    main()
