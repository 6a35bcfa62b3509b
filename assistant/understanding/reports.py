"""How likely a message reports something that befell somebody: small decision trees on what its clauses hold.

In: clauses with what was found in them. Out: `traits` of the message and `probability`, 0 to 1. The trees lie in
`data/reports.json`, fitted by `scripts/tune_messages.py` on development messages; the threshold there is set for recall.
Left out: the rules whose verdict is one trait among the others (`messages`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from assistant.boosting import Model
from assistant.patterns import expression
from assistant.understanding.clauses import DRUG, Clause
from assistant.understanding.findings import Finding

_FILE: Final = Path(__file__).with_name("data") / "reports.json"
_VALUE: Final = expression(r"\W*(?:of |at |is |was |to |now |up |down |x |today |still )*[<>~]?\d(?!\d* ?(?:mg|mcg))")
# Features of data/messages.tsv that are read from a clause; the others tell what is asked or of what else is spoken.
_READ: Final = tuple(
    "person self generic indefinite definite_event unexposed exposed befell happening ahead began since onset changed "
    "ineffective given error misuse pregnant really item defect asserted definite wish now long_past when danger "
    "swallowed excess small decide dose_time since_then past perfect going_on first_person ours count move modal "
    "whenever rate_words label_words lately planned wellness news "
    "dosing_words hearsay harm withdrawn from_to steady".split()
)
_FRESH: Final = frozenset({"befell", "happening", "danger"})  # looked for where nothing of the past is left
_VERBLESS: Final = ("past", "perfect", "going_on", "first_person", "lately", "since_then", "person", "happening")
_LONG: Final = 12  # words that are told, from where on more of them say no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A clause with what the rules made of it."""

    clause: Clause
    findings: Sequence[Finding]
    new: bool  # a finding is told as come up
    befell: bool  # something befell somebody
    of_someone: bool  # more is told of somebody than what is plain


@cache
def _fitted() -> Model:
    return Model.of(_FILE.read_text(encoding="utf-8"))


def traits(message: Sequence[Told], reasons: Collection[str], *, follows: bool) -> dict[str, float]:
    """What speaks for and against a report, by name, 0 to 1; `reasons` are those of the rules."""
    found = {f"reason:{reason}": 1.0 for reason in reasons}
    found |= {"rules": float(bool(reasons)), "follows": float(follows)}
    found |= {f"{_kind(one.clause)}:{name}": 1.0 for one in message for name in _of(one)}
    words = sum(len(one.clause.text.split()) for one in message if _kind(one.clause) == "told")
    return found | {"length": min(1.0, words / _LONG)}


def _kind(clause: Clause) -> str:
    return "asked" if clause.asked or clause.queried else "told"


def _of(one: Told) -> Iterator[str]:
    """The names of what one clause holds."""
    clause = one.clause
    held = {name for name in _READ if (clause.happened(name) if name in _FRESH else clause.has(name))}
    yield from ("any", *held)
    short = [finding for finding in one.findings if not finding.lasting]
    valued = any(_VALUE.match(clause.fresh, finding.end) for finding in one.findings)
    told = {
        "finding": bool(one.findings), "short": bool(short), "findings": len(one.findings) > 1,
        "new": one.new, "befallen": one.befell, "more": one.of_someone, "valued": valued,
        "drug": DRUG in clause.text, "trial": clause.trial, "exposed to": clause.is_exposed,
        "found on": clause.is_exposed and bool(one.findings),
        "bare": not valued and not held.intersection(_VERBLESS),
        "query": clause.queried and not clause.asked,
        "lasting": bool(one.findings) and not short,
        "harmed": bool(short) or "harm" in held,
    }  # fmt: skip
    yield from (name for name, holds in told.items() if holds)


def probability(found: Mapping[str, float]) -> float:
    """How likely a message of some traits is a report, 0 to 1."""
    return _fitted().probabilities([found])[0]


def threshold() -> float:
    """From where on a message is a report."""
    return _fitted().threshold
