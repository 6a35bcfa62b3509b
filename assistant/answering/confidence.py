"""How likely a label is to answer a question: a logistic function of what speaks for and against its best passage.

In: a `Query` and a checked hit. Out: `evidence`, the features, and `probability`, 0 to 1. The coefficients lie in
`confidence.json`, fitted by `scripts/tune_abstaining.py` on development questions and near misses; the threshold there
bounds the share of wrong answers. Left out: gaps that forbid an answer whatever the probability (`answering.abstaining`).
"""

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.query import Query

if TYPE_CHECKING:
    from assistant.answering.choosing import Checked

_FILE = Path(__file__).with_name("confidence.json")


@lru_cache(maxsize=1)
def fitted() -> Mapping[str, Any]:
    """The coefficients, the intercept and the threshold."""
    return dict(json.loads(_FILE.read_text(encoding="utf-8")))


def evidence(query: Query, item: "Checked", best: float) -> dict[str, float]:
    """The features of one checked hit; `best` is the score of the first hit."""
    hit, gaps = item.hit, [gap.kind for gap in item.gaps]
    subject = query.subject
    open_ = [c for c, covered in zip(subject, hit.match.covered, strict=True) if covered < 0.75]
    essential = [concept for concept in subject if concept.essential]
    values = {
        "coverage": hit.match.coverage,
        "inner": hit.match.inner,
        "open_share": len([c for c in open_ if c.essential]) / max(1, len(essential)),
        "open_weight": max((c.weight for c in open_ if c.essential and c.known), default=0.0),
        "unknown": float(any(c.essential and not c.known for c in open_)),
        "unknown_clinical": float(
            any(c.essential and not c.known and c.kind not in ("word", "ordinary") for c in open_)
        ),
        "ordinary_open": sum(c.weight for c in open_ if c.kind == "ordinary"),
        "essential": float(bool(essential)),
        "vector": hit.vector,
        "words": hit.words,
        "precision": hit.match.precision,
        "behind": best - hit.score,
        "score": hit.score,
        "figure": float(item.picked is not None),
        "row": float(hit.passage.kind == "table_row"),
        "uncertain_column": float(item.picked is not None and not item.picked.certain),
        "absent": float("absent" in gaps),
        "absent_share": len([g for g in gaps if g == "absent"]) / max(1, len(essential)),
        "covered_any": float(any(c >= 0.75 for c, k in zip(hit.match.covered, subject, strict=True) if k.essential)),
        "section": hit.section,
        "section_only": 0.0 if essential else hit.section,
        "fit": hit.fit,
        "long": min(1.0, len(query.question.split()) / 30),
        "inherited": float(bool(query.history)),
        "wants_figure": float(query.answer_type == "figure"),
    }
    for name in ("coverage", "inner", "open_share", "ordinary_open", "vector", "precision", "unknown", "absent"):
        values[f"figure_{name}"] = values["wants_figure"] * values[name]
    return values


def probability(query: Query, item: "Checked", best: float) -> float:
    """The probability that the label answers the question: 1 / (1 + exp(-(intercept + sum of coefficient times feature)))."""
    model = fitted()
    total = model["intercept"] + sum(
        model["coefficients"].get(name, 0.0) * value for name, value in evidence(query, item, best).items()
    )
    return 1 / (1 + math.exp(-total))


def threshold() -> float:
    """From where on a hit may answer."""
    return float(fitted()["threshold"])
