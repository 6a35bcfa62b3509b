"""Labels of drugs that don't exist, for sections that the readable labels lack: dosing, pharmacology, storage.

In: a random source. Out: `pairs`. Each row of `train_invented.tsv` is a section, what a label says there and how people
ask for it; all was written for this product. Figures and names are drawn anew for every label.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from train_pair import Pair, table
from train_wording import styled

ITEMS = Path(__file__).with_name("train_invented.tsv")
_LABELS = 12  # invented
_NAMES = (
    "ZOLVANTRA|zolvantinib",
    "MIRECTA|mirectamab",
    "TALOVEX|talovexine",
    "ORBIQUEN|orbiquentide",
    "CARDEXIL|cardexilast",
    "NUVERIO|nuveriostat",
    "PELTORA|peltoravir",
    "HEXAMYL|hexamylone",
    "VASCOTRI|vascotripril",
    "LUMENDA|lumendazole",
    "KORVIPTA|korvigliptin",
    "SEROLIX|serolixetine",
)
_DISEASES = (
    "hypertension",
    "relapsed lymphoma",
    "partial-onset seizures",
    "type 2 diabetes",
    "rheumatoid arthritis",
    "chronic hepatitis C",
    "asthma",
    "psoriasis",
)
_TARGETS = (
    "tyrosine kinase",
    "phosphodiesterase",
    "dipeptidyl peptidase",
    "HMG-CoA reductase",
    "factor Xa",
    "integrase",
)


def pairs(rng: random.Random) -> list[Pair]:
    """Two questions on every item of every invented label."""
    return [pair for number in range(_LABELS) for pair in _label(number, rng)]


def _label(number: int, rng: random.Random) -> Iterator[Pair]:
    brand, generic = _NAMES[number % len(_NAMES)].split("|")
    dose = rng.choice((5, 10, 20, 25, 50, 100))
    figures = {
        "D": brand,
        "d": generic,
        "dis": rng.choice(_DISEASES),
        "oth": rng.choice(_DISEASES),
        "tgt": rng.choice(_TARGETS),
    }

    def drawn() -> dict[str, object]:
        return figures | {
            "a": dose,
            "b": dose * 4,
            "c": dose // 2,
            "f": rng.randint(1, 20),
            "h": rng.randint(2, 24),
            "m": rng.choice((15, 30, 60, 90)),
            "n": rng.randint(120, 900),
            "p": rng.randint(40, 98),
            "q": rng.randint(10, 39),
        }

    said = [
        (row["section"].format(**figures), row["sentence"].format(**drawn()), row["wordings"]) for row in table(ITEMS)
    ]
    for place, (section, sentence, asked) in enumerate(said):
        beside = said[place - 1] if rng.random() < 0.5 or place + 1 == len(said) else said[place + 1]
        for wording in rng.sample(asked.split(";"), 2):
            question = wording.format(**figures)
            if rng.random() < 0.25 and "{d}" not in wording:
                question = f"{question.rstrip('?')} {rng.choice((brand.capitalize(), generic))}"
            passage, wrong = f"{brand} {section}. {sentence}", f"{brand} {beside[0]}. {beside[1]}"
            yield Pair("invented", f"invented-{number}", styled(question, rng), passage, wrong, f"{place}")
