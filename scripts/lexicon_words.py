"""How names are compared: what counts as the same name, the same words, plain English.

In: names as the packages spell them. Out: folded and tidied names, and yes or no. Left out: anything that knows a
concept or a file; build_lexicon.py does that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

# A word of this kind on one side only makes two names two conditions.
TELLING = frozenset(
    "severe acute subacute chronic fulminant fatal failure insufficiency malignant benign primary secondary tertiary "
    "congenital neonatal newborn infantile infant juvenile childhood pediatric adult maternal gestational pregnancy "
    "drug induced toxic familial hereditary inherited genetic autosomal dominant recessive linked viral bacterial "
    "fungal parasitic septic aseptic recurrent relapsing refractory resistant persistent transient partial complete "
    "total central peripheral nocturnal diurnal left right bilateral unilateral upper lower anterior posterior "
    "proximal distal with without due and or not non no cancer carcinoma neoplasm tumor tumour sarcoma adenoma "
    "metastatic early late onset stage end terminal experimental animal idiopathic essential symptomatic alcoholic "
    "diabetic postoperative surgical traumatic radiation occupational sex male female senile presenile pulmonary "
    "renal hepatic cardiac cerebral spinal cutaneous nasal oral ocular rectal gastric intestinal esophageal "
    "crisis shock attack bleeding hemorrhagic ischemic thrombotic embolic silent mild moderate major minor "
    "generalized localized focal diffuse multiple single latent active sporadic epidemic tropical atypical typical "
    "classic classical mixed combined isolated first second third fourth".split()
)
NEUTRAL = frozenset("disease syndrome disorder condition illness of the a in".split())
# Words of one meaning inside a name.
SAME = dict(
    pair.split("=")
    for pair in (
        "kidney=renal liver=hepatic lung=pulmonary heart=cardiac stomach=gastric skin=cutaneous bowel=intestinal "
        "intestine=intestinal brain=cerebral blood=hematologic muscle=muscular nerve=neural nose=nasal mouth=oral "
        "tumour=tumor leukaemia=leukemia anaemia=anemia oedema=edema haemorrhage=hemorrhage inherited=hereditary "
        "virus=viral bacterium=bacterial prostate=prostatic uterus=uterine "
        "ovary=ovarian pancreas=pancreatic"
    ).split()
)
NUMBER = re.compile(r"^(\d+\w?|[ivx]+|[a-d]|alpha|beta|gamma|delta)$")


def stem(word: str) -> str:
    """The singular of a regular or Greek plural: `stem("neuropathies")` is `"neuropathy"`."""
    for end, single in (("itides", "itis"), ("omata", "oma"), ("oses", "osis"), ("ies", "y"), ("yses", "ysis")):
        if len(word) > len(end) + 2 and word.endswith(end):
            return word[: -len(end)] + single
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def plain(name: str) -> str:
    """Lower case, straight apostrophes, one space, `a, b` put as `b a`."""
    name = " ".join(name.lower().replace("\u2019", "'").split())
    parts = [part.strip() for part in name.split(", ")]
    return " ".join(reversed(parts)).strip() if 1 < len(parts) <= 3 and " and " not in name else name


def fold(name: str) -> str:
    """Two names with one fold are one name: hyphens, possessives and plurals do not count."""
    name = re.sub(r"'s\b|s'(?= |$)", "", name.lower()).replace("-", " ").replace("/", " / ")
    return " ".join(stem(word) for word in name.split())


def initials(name: str) -> str:
    return "".join(word[0] for word in re.split(r"[ -]", name) if word)


def readable(name: str) -> bool:
    """Plain English spelling, at most eight words."""
    return name.isascii() and re.fullmatch(r"[a-z0-9][a-z0-9' -]*", name) is not None and len(name.split()) <= 8


def paired(word: str, words: set[str]) -> str:
    """The word of `words` that is this one in another form: `paired("infarct", {"infarction"})` is `"infarction"`."""
    for other in sorted(words):
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
        if shared >= 6 and shared * 2 >= max(len(word), len(other)):
            return other
    return ""


def same_words(preferred: str, variant: str) -> bool:
    """True where the two names differ in the form or order of their words, or by a word of `SAME` or `NEUTRAL`."""
    one = {SAME.get(word, word) for word in fold(preferred).split()} - NEUTRAL
    other = {SAME.get(word, word) for word in fold(variant).split()} - NEUTRAL
    if one & other == one == other:
        return True
    if one ^ other & TELLING or any(NUMBER.match(word) for word in one ^ other):
        return False
    left, right = one - other, set(other - one)
    for word in left:
        match = paired(word, right)
        if not match:
            return False
        right.discard(match)
    return not right - ({"infection"} if any(w.endswith(("osis", "iasis")) for w in one) else set())


def one_spelling(preferred: str, names: Iterable[str]) -> list[str]:
    """One name for each way of writing apart from plurals: the one with hyphens and apostrophes."""
    best: dict[str, str] = {}
    for name in sorted(names, key=lambda n: (n.count("-") + n.count("'"), n)):
        best[re.sub(r"'s|[-']", lambda m: " " if m[0] == "-" else "", name)] = name
    best.pop(re.sub(r"'s|[-']", lambda m: " " if m[0] == "-" else "", preferred), None)
    return sorted(best.values())
