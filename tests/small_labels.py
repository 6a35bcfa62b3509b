"""A real assistant on a small index: three short labels of made-up drugs and one label of a second labeler.

Out: `small`, built once a run with the stand-in encoder, `anew`; `LABELS`, the texts. Left out: the real model.
"""

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from test_indexing_model import HashModel

from assistant import reading, splitting
from assistant.assembly import Assistant
from assistant.indexing.building import build
from assistant.indexing.store import Index
from assistant.settings import Settings

ZOLVENT = """HIGHLIGHTS OF PRESCRIBING INFORMATION
ZOLVENT (zolventinib) tablets, for oral use

To report SUSPECTED ADVERSE REACTIONS, contact Acme Inc. at 1-800-555-0123 or FDA at 1-800-FDA-1088.

1 INDICATIONS AND USAGE

ZOLVENT is indicated for the treatment of hypertension.

6 ADVERSE REACTIONS

Headache occurred in 12% (24/200) of adult patients.

Headache occurred in 9% (9/100) of pediatric patients.

7 DRUG INTERACTIONS

Ketoconazole increases the exposure of ZOLVENT.

10 OVERDOSAGE

There is no specific antidote for ZOLVENT. In the event of an overdose, give supportive care.
"""
PRAMOLEX = """HIGHLIGHTS OF PRESCRIBING INFORMATION
PRAMOLEX (pramolexine) capsules, for oral use

1 INDICATIONS AND USAGE

PRAMOLEX is indicated for the treatment of migraine.

6 ADVERSE REACTIONS

Headache occurred in 5% (10/200) of patients.
"""
GLUMETRA = """HIGHLIGHTS OF PRESCRIBING INFORMATION
GLUMETRA (glumetride) tablets, for oral use

6 ADVERSE REACTIONS

Dizziness occurred in {rate}% of patients.
"""
LABELS = {
    "zolvent": ("ZOLVENT", "zolventinib", ZOLVENT, "Acme"),
    "pramolex": ("PRAMOLEX", "pramolexine", PRAMOLEX, "Beta"),
    "glumetra-one": ("GLUMETRA", "glumetride", GLUMETRA.format(rate=3), "One Pharma"),
    "glumetra-two": ("GLUMETRA", "glumetride", GLUMETRA.format(rate=4), "Two Pharma"),
}
_KEPT: list[tempfile.TemporaryDirectory[str]] = []  # lives as long as the run


@cache
def small() -> Assistant:
    """An assistant on the four labels."""
    _KEPT.append(tempfile.TemporaryDirectory())
    folder = Path(_KEPT[-1].name)
    labels = []
    for id, (name, generic, text, labeler) in LABELS.items():
        path = folder / f"{id}.txt"
        path.write_text(text, encoding="utf-8")
        labels.append(replace(reading.read(path), id=id, name=name, generic=generic, labeler=labeler))
    build(labels, splitting.split, folder / "index", model=HashModel(), version="1")
    return Assistant(Index.open(folder / "index"), Settings(index=folder / "index"))


def anew() -> Assistant:
    """Another assistant on the same index, asked nothing yet."""
    return Assistant(small().index, Settings())
