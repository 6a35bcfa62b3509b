"""How people type: lay words for the label's, British spelling, shorthand, typos and terse manners.

In: a question in the label's own words and a random source. Out: the same question as a clinician in a hurry, a nurse
or a patient would type it. Synonyms: `assistant/understanding/data`. Left out: what is asked (`train_questions`).
"""

import random
import re
from functools import lru_cache

from assistant.understanding.lexicon import rows

_WORD = re.compile(r"[A-Za-z0-9'-]+")
_LONGEST = 5  # words of a term
_KINDS = frozenset({"symptom", "lab", "procedure", "organ"})
_BRITISH = (
    (r"(?<=[a-z])emi(?=a|c)(?!ng)", "aemi"),
    (r"\bhem(?=o|a)", "haem"),
    (r"edema", "oedema"),
    (r"rrhea", "rrhoea"),
    (r"pnea", "pnoea"),
    (r"tumor", "tumour"),
    (r"esoph", "oesoph"),
    (r"pediatric", "paediatric"),
    (r"color", "colour"),
    (r"(?<=[a-z]{3})iz(?=e|ing|ation)", "is"),
    (r"\bfet(?=us|al)", "foet"),
    (r"leuk(?=o|e)", "leuc"),
)
_SHORT = (
    ("patients", "pts"),
    ("patient", "pt"),
    ("with", "w/"),
    ("without", "w/o"),
    ("history", "hx"),
    ("treatment", "tx"),
    ("percentage", "%"),
    ("percent", "%"),
    ("adverse reactions", "AEs"),
    ("adverse reactions", "ADRs"),
    ("and", "&"),
    ("discontinue", "d/c"),
    ("grade 3/4", "G3/4"),
    ("grade 3-4", "gr 3-4"),
    ("grade 3 or 4", "grade 3/4"),
    ("increase", "↑"),
    ("decrease", "↓"),
    ("infection", "infxn"),
    ("children", "kids"),
    ("pediatric", "peds"),
    ("symptoms", "sx"),
    ("blood pressure", "BP"),
    ("heart rate", "HR"),
    ("liver function tests", "LFTs"),
    ("placebo", "pbo"),
    ("versus", "vs"),
    ("contraindicated", "CI"),
    ("diagnosis", "dx"),
    ("therapy", "tx"),
    ("administration", "admin"),
    ("prescription", "Rx"),
    ("all grades", "any grade"),
    ("year old", "yo"),
    ("electrocardiogram", "ECG"),
    ("months", "mo"),
    ("weeks", "wks"),
)
_BEFORE = (
    "Quick question: ",
    "Pharmacist here. ",
    "Hi, ",
    "pls check: ",
    "For a patient on this: ",
    "According to the PI, ",
    "per label, ",
    "My patient asks: ",
    "In the label, ",
    "Just checking - ",
    "I need to know: ",
    "Can you tell me ",
    "what does the label say: ",
)
_AFTER = (
    " - what does the label say",
    " please",
    " per PI",
    " (label)",
    " any data",
    " thanks",
    " - %",
    " according to the label",
)


@lru_cache(maxsize=1)
def synonyms() -> dict[str, tuple[str, ...]]:
    """Each wording, in small letters, with the other wordings of its group."""
    groups = [
        [row["preferred"], *filter(None, row["variants"].split("|"))]
        for row in rows("lay_terms.tsv")
        if row["kind"] in _KINDS
    ]
    groups += [[row["preferred"], *filter(None, row["variants"].split("|"))] for row in rows("conditions.tsv")]
    found: dict[str, tuple[str, ...]] = {}
    for row in rows("abbreviations.tsv"):  # subtle: one way only, "mild" and "grade" are abbreviations too
        if row["ambiguous"] == "no" and "|" not in row["expansions"] and len(row["expansions"].split()) > 1:
            found.setdefault(row["expansions"].lower(), (row["short"],))
    for group in groups:
        for word in group:
            others = tuple(other for other in group if other.lower() != word.lower())
            if others:
                found.setdefault(word.lower(), others)
    return found


@lru_cache(maxsize=65536)
def terms(text: str) -> tuple[tuple[int, int], ...]:
    """Places of known terms, longest first come, half-open, not overlapping."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    known = synonyms()
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(words):
        for count in range(min(_LONGEST, len(words) - place), 0, -1):
            start, end = words[place][0], words[place + count - 1][1]
            if text[start:end].lower() in known:
                found.append((start, end))
                place += count - 1
                break
        place += 1
    return tuple(found)


def reworded(text: str, rng: random.Random, chance: float) -> str:
    """The text with some known terms in other words."""
    for start, end in reversed(terms(text)):
        if rng.random() < chance:
            text = text[:start] + rng.choice(synonyms()[text[start:end].lower()]) + text[end:]
    return text


def british(text: str) -> str:
    """American spelling to British.

    >>> british("pediatric anemia with diarrhea")
    'paediatric anaemia with diarrhoea'
    """
    for pattern, spelling in _BRITISH:
        text = re.sub(pattern, spelling, text)
    return text


def shorthand(text: str, rng: random.Random) -> str:
    """Some words as they stand in notes."""
    for long, short in _SHORT:
        if rng.random() < 0.6:
            text = re.sub(rf"\b{re.escape(long)}\b", short, text)
    return text


def mistyped(text: str, rng: random.Random) -> str:
    """One longer word with two letters swapped, one lost or one doubled."""
    words = [match for match in _WORD.finditer(text) if match.end() - match.start() >= 5]
    if not words:
        return text
    match = rng.choice(words)
    place = rng.randrange(match.start() + 1, match.end() - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + text[place + 1 :] if kind == 1 else text[:place] + text[place] + text[place:]


def styled(question: str, rng: random.Random) -> str:
    """A question as somebody would type it."""
    question = reworded(question, rng, 0.4)
    if rng.random() < 0.08:
        question = british(question)
    if rng.random() < 0.25:
        question = shorthand(question, rng)
    question = _manner(" ".join(question.split()), rng)
    return mistyped(question, rng) if rng.random() < 0.07 else question


def _manner(question: str, rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.05:
        question = rng.choice(_BEFORE) + question
    elif draw < 0.08:
        question = question.rstrip("?") + rng.choice(_AFTER)
    if rng.random() < 0.35:
        return question.rstrip("?").lower()
    if rng.random() < 0.3:
        question = question.rstrip("?")
    return question[:1].upper() + question[1:] if rng.random() < 0.7 else question
