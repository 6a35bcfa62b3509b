"""Fits what a message must hold to count as an adverse-event report, and from which probability on it does.

In: an index, whose lexicon and drug names are used, messages of development sets and, as innocent ones, questions of
development sets, those left out in which the rules hear a report since nobody judged them. Out:
`assistant/understanding/data/reports.json`. Printed, from tenths that the fit didn't see: recall and precision of the
rules, of logistic regressions on traits, on the encoder's vector of the message and on both, and of the trees that are
written, each at the threshold that keeps recall. With `--held FILE` the fit is tried on messages that it didn't see at all. Test sets are never read.

    python scripts/tune_messages.py --index INDEX --messages FILE... --questions FILE... [--held FILE]
"""

import argparse
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from assistant import settings as settings_room
from assistant.assembly import Assistant, open_assistant
from assistant.evaluating.questions import load_sets
from assistant.understanding import reports

OUT = Path(reports.__file__).with_name("data") / "reports.json"
FOLDS, SEED = 10, 1
INNOCENT = 0.3  # weight of a question beside a message

Example = tuple[str, dict[str, float], bool, bool]  # text, traits, is a report, is a message


def examples(assistant: Assistant, files: Sequence[Path]) -> list[Example]:
    """Each message and each question with its traits."""
    sets = load_sets(files)
    found: list[Example] = []
    for one in sets.messages:
        traits = assistant.listener.traits(one.message, one.history)
        found.append((one.message, traits, "adverse_event" in one.recognised, True))
    for asked in sets.questions:
        traits = assistant.listener.traits(asked.question, asked.history)
        if not traits["rules"]:
            found.append((asked.question, traits, False, False))
    return found


Fit = Callable[[], LogisticRegression | GradientBoostingClassifier]


def logistic() -> LogisticRegression:
    """A logistic regression that gives most traits no weight."""
    return LogisticRegression(l1_ratio=1, solver="liblinear", random_state=SEED, max_iter=5000)


def boosted() -> GradientBoostingClassifier:
    """Trees of at most three questions each, every one fitted to what those before it leave."""
    return GradientBoostingClassifier(
        n_estimators=150, learning_rate=0.07, max_depth=3, subsample=0.7, max_features=0.3, random_state=SEED
    )


def crossed(make: Fit, rows: np.ndarray, told: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Each example's probability from a fit on the other nine tenths."""
    chances = np.zeros(len(rows))
    fold = np.random.default_rng(SEED).integers(0, FOLDS, len(rows))
    for number in range(FOLDS):
        seen = fold != number
        model = make().fit(rows[seen], told[seen], sample_weight=weight[seen])
        chances[~seen] = model.predict_proba(rows[~seen])[:, 1]
    return chances


def written(model: GradientBoostingClassifier, names: Sequence[str]) -> dict[str, Any]:
    """The start and the trees, rounded."""
    prior = float(model.init_.class_prior_[1])
    trees = [_tree(one[0].tree_, 0, names, model.learning_rate) for one in model.estimators_]
    return {"start": round(math.log(prior / (1 - prior)), 4), "trees": trees}


def _tree(tree: Any, place: int, names: Sequence[str], rate: float) -> Any:
    if tree.children_left[place] == -1:
        return round(rate * float(tree.value[place][0][0]), 4)
    less, more = (_tree(tree, side[place], names, rate) for side in (tree.children_left, tree.children_right))
    return [names[tree.feature[place]], round(float(tree.threshold[place]), 2), less, more]


def cut(chances: np.ndarray, told: np.ndarray, recall: float) -> float:
    """The highest threshold that keeps that recall."""
    return float(np.sort(chances[told])[int((1 - recall) * told.sum())])


def line(heard: np.ndarray, told: np.ndarray, message: np.ndarray) -> str:
    right = (heard & told).sum()
    precision = right / max(1, (heard & message).sum())
    return f"recall {right / told.sum():.3f} precision {precision:.3f} questions taken for reports {(heard & ~message).sum()}"


def main() -> None:
    """Read, fit on folds, choose the threshold, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--messages", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--held", type=Path, nargs="*", default=[])
    parser.add_argument("--recall", type=float, default=0.96, help="recall that the threshold keeps")
    parser.add_argument("--misses", action="store_true", help="name what the folds get wrong")
    arguments = parser.parse_args()
    assistant = open_assistant(settings_room.load(index=arguments.index))
    found = examples(assistant, [*arguments.messages, *arguments.questions])
    names = sorted({name for _, traits, _, _ in found for name in traits})
    rows = np.array([[traits.get(name, 0.0) for name in names] for _, traits, _, _ in found])
    told, message = np.array([one[2] for one in found]), np.array([one[3] for one in found])
    weight = np.where(message, 1.0, INNOCENT)
    print(f"{message.sum()} messages, {told.sum()} of them reports; {(~message).sum()} questions; {len(names)} traits")
    print(f"{'rules':27}", line(rows[:, names.index("rules")] > 0, told, message))
    vectors = assistant.encode([text for text, *_ in found])
    tried = (
        ("traits, logistic", logistic, rows),
        ("message's vector, logistic", logistic, 3 * vectors),
        ("both, logistic", logistic, np.hstack([rows, 3 * vectors])),
        ("traits, trees", boosted, rows),
    )
    for name, make, columns in tried:
        chances = crossed(make, columns, told, weight)
        threshold = cut(chances, told, arguments.recall)
        print(f"{name:27}", line(chances >= threshold, told, message), f"from {threshold:.2f} on")
    if arguments.misses:
        for place in sorted(range(len(found)), key=lambda place: chances[place]):
            if (chances[place] >= threshold) != told[place]:
                print(f"{chances[place]:.2f} {'missed' if told[place] else 'wrong '} {found[place][0]}")
    model = written(boosted().fit(rows, told, sample_weight=weight), names)
    trees = ",\n".join(json.dumps(tree) for tree in model["trees"])
    OUT.write_text(
        f'{{"threshold": {threshold:.2f}, "start": {model["start"]}, "trees": [\n{trees}\n]}}\n', encoding="utf-8"
    )
    print(f"{len(model['trees'])} trees, threshold {threshold:.2f}")
    if arguments.held:
        reports._fitted.cache_clear()
        held = examples(assistant, arguments.held)
        chances = np.array([reports.probability(traits) for _, traits, _, _ in held])
        truth = np.array([one[2] for one in held])
        rules = np.array([one[1]["rules"] > 0 for one in held])
        everything = np.ones(len(held), dtype=bool)
        print("held, rules", line(rules, truth, everything))
        print("held, fit  ", line(chances >= reports.threshold(), truth, everything))


if __name__ == "__main__":
    main()
