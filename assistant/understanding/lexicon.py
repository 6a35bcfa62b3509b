"""Words that mean the same: from open word lists, cut down to what the indexed labels can answer about.

In: the word lists in `data/` and the vocabulary of an index. Out: `compile_lexicon`, the groups of wordings of which at
least one stands in the labels, as plain values to keep with the index; `Lexicon`, which finds the longest wording at a
place in a question. The label's own abbreviations come first and win over any list. Left out: what a question asks for
(`understanding.asking`).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from assistant import paths
from assistant.label import Definition
from assistant.patterns import expression
from assistant.words import STOP_WORDS, fold, stem, terms

Form = tuple[str, ...]  # the stems of one wording


class Defining(Protocol):
    """What abbreviations are taken from: a label."""

    @property
    def definitions(self) -> Sequence[Definition]: ...


@dataclass(frozen=True, slots=True)
class Group:
    """Wordings that mean the same."""

    kind: str
    name: str  # as labels call it
    forms: tuple[Form, ...]
    names: tuple[str, ...]  # the wordings as printed, one a form
    capitals: frozenset[Form] = frozenset()  # forms that count only when typed in capitals


@dataclass(slots=True, eq=False)
class Lexicon:
    """Groups by the stems of their wordings."""

    groups: list[Group]
    spelling: dict[str, str] = field(default_factory=dict)  # British word to American word
    rules: list[tuple[str, str, str]] = field(default_factory=list)  # kind, British part, American part
    ordinary: frozenset[str] = frozenset()  # stems of words of everyday English
    medical: frozenset[str] = frozenset()  # single-word stems that the lists know as conditions or drugs
    by_form: dict[Form, list[Group]] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()  # every stem that stands in some wording

    def __post_init__(self) -> None:
        for group in self.groups:
            for form in group.forms:
                found = self.by_form.setdefault(form, [])
                if group not in found:
                    found.append(group)
        self.parts = frozenset(part for form in self.by_form for part in form)

    def at(self, stems: Sequence[str], place: int) -> tuple[int, list[Group]]:
        """The length of the longest wording that begins at `place`, and its groups; (0, []) where there is none."""
        for length in range(min(6, len(stems) - place), 0, -1):
            if groups := self.by_form.get(tuple(stems[place : place + length])):
                return length, groups
        return 0, []

    def americans(self, word: str) -> Iterator[str]:
        """The American spellings that a folded word may have; rules overreach, so only what the labels hold counts."""
        if word in self.spelling:
            yield self.spelling[word]
        for kind, british, american in self.rules:
            if (kind == "prefix" and word.startswith(british)) or (kind == "suffix" and word.endswith(british)):
                yield american + word[len(british) :] if kind == "prefix" else word[: -len(british)] + american
            elif kind == "infix" and british in word:
                yield word.replace(british, american)


def rows(name: str, folder: Path | None = None) -> Iterator[dict[str, str]]:
    """The rows of a word list as dictionaries by its header; nothing where the list is missing."""
    path = (folder or paths.data()) / name
    if not path.is_file():
        return
    head: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not head:
            head = cells
        else:
            yield dict(zip(head, cells, strict=False))


@lru_cache(maxsize=1)
def _lay_terms() -> Mapping[str, dict[str, str]]:
    """The rows of the lay terms by id."""
    return {row["id"]: row for row in rows("lay_terms.tsv")}


@lru_cache(maxsize=1)
def findings() -> Mapping[str, tuple[str, ...]]:
    """What a laboratory calls a reaction: "neutropenia" is "neutrophil count decreased" there. By preferred names."""
    listed = _lay_terms()
    found = {}
    for row in listed.values():
        related = [one for one in _split(row.get("related")) if re.search("_(?:de|in)creased$", one) and one in listed]
        if row["kind"] == "symptom" and related:
            found[row["preferred"]] = tuple(listed[one]["preferred"] for one in related)
    return found


@lru_cache(maxsize=1)
def related_tests() -> Mapping[str, tuple[str, ...]]:
    """What a laboratory test is made up of or measures: "liver function test" asks for transaminases. By preferred names."""
    listed = _lay_terms()
    return {
        row["preferred"]: tuple(listed[one]["preferred"] for one in _split(row.get("related")) if one in listed)
        for row in listed.values()
        if row["kind"] == "lab" and row.get("related")
    }


@lru_cache(maxsize=1)
def _generics() -> Mapping[str, str]:
    """Folded names of medicines, brands included, to the generic name."""
    return {
        fold(wording): row["name"]
        for row in rows("drugs.tsv")
        for wording in (row["name"], *_split(row.get("variants")))
    }


@lru_cache(maxsize=1)
def _classes() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    return tuple((expression(row["pattern"]), tuple(_split(row["classes"]))) for row in rows("classes.tsv"))


def classes(name: str) -> tuple[str, ...]:
    """What labels call the class of a medicine, by its generic name or a brand; empty where none is known.

    >>> classes("Januvia")[0]
    'dpp-4 inhibitors'
    """
    generic = fold(_generics().get(fold(name), name))
    found = (one for pattern, named in _classes() if pattern.fullmatch(generic) for one in named)
    return tuple(dict.fromkeys(found))


def compile_lexicon(vocabulary: Collection[str]) -> dict[str, Any]:
    """The groups that an index with this vocabulary (stems) can use, as JSON-ready values.

    A group stays if one of its wordings can stand in the labels; its other wordings stay since a question may use them.
    """
    known = set(vocabulary)
    groups = [*_lay(known), *_conditions(known), *_drugs(known), *_abbreviations(known)]
    return {"groups": groups, "medical": sorted(_medical()), "ordinary": sorted(_ordinary())}


_KEPT = frozenset({"symptom", "lab", "condition", "procedure"})  # kept even where no label speaks of them


_COMPILED = 3  # what compiling makes of the lists


def words_version() -> str:
    """A short hash of the word lists' sizes and times: another one means compiling anew."""
    lists = sorted(paths.data().glob("*.tsv"))
    stamp = "|".join(f"{path.name} {path.stat().st_size}" for path in lists)
    return hashlib.sha256(f"{_COMPILED} {stamp}".encode()).hexdigest()[:8]


def _split(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split("|") if part.strip()]


# subtle: "no periods" without its stop word would be "periods", which is the contrary.
_NEGATED = expression(r"(?i)\b(?:no|not|without|can't|cannot|\w+n't)\b")


def _group(
    kind: str, name: str, wordings: Iterable[str], known: set[str], upper: Collection[str] = ()
) -> list[Any] | None:
    forms: dict[Form, str] = {}
    for wording in wordings:
        form = tuple(terms(wording))
        if form and len(form) <= 6 and not (len(form) == 1 and _NEGATED.search(wording)):
            forms.setdefault(form, wording)
    if not forms or not (kind in _KEPT or any(all(stem in known for stem in form) for form in forms)):
        return None
    capitals = [list(form) for form, wording in forms.items() if wording in upper]
    return [kind, name, [list(form) for form in forms], list(forms.values()), capitals]


def _lay(known: set[str]) -> Iterator[list[Any]]:
    for row in rows("lay_terms.tsv"):
        name = row.get("preferred", "")
        if row.get("kind") != "population" and (
            group := _group(
                row.get("kind", ""), name, [name, *_split(row.get("variants"))], known, _split(row.get("upper_only"))
            )
        ):
            yield group


def _conditions(known: set[str]) -> Iterator[list[Any]]:
    for row in rows("conditions.tsv"):
        name = row.get("preferred", "")
        wordings = [name, *_split(row.get("variants"))]
        wordings += [short for one in wordings if (short := _SYNDROME.sub("", one)) != one and len(short.split()) > 1]
        if group := _group("condition", name, wordings, known):
            yield group


_SYNDROME = expression(r"(?i)\s+syndromes?$")  # "Lennox-Gastaut" for "Lennox-Gastaut syndrome"


def _drugs(known: set[str]) -> Iterator[list[Any]]:
    heads = {stem[:4] for stem in known}  # a cheap test before a wording is stemmed
    for row in rows("drugs.tsv"):
        name = row.get("name", "")
        wordings = [name, *_split(row.get("variants"))]
        common = set(_split(row.get("common")))
        wordings = [wording for wording in wordings if wording not in common]
        if any(wording.split()[0][:4].lower() in heads for wording in wordings if wording) and (
            group := _group("drug", name, wordings, known)
        ):
            yield group


def _abbreviations(known: set[str]) -> Iterator[list[Any]]:
    ordinary = _ordinary()
    for row in rows("abbreviations.tsv"):
        short = row.get("short", "")
        if len(short) < 2 or fold(short) in STOP_WORDS:
            continue
        expansions = _split(row.get("expansions"))
        usable = [long for long in expansions if (t := terms(long)) and all(stem in known for stem in t)]
        if not usable and len(expansions) == 1 and _is_short(short, ordinary) and terms(short)[0] in known:
            usable = expansions  # a label that has "LGS" alone
        for long in usable:  # which of several is meant, the labels asked about decide
            if group := _group("abbreviation", long, [long, short], known):
                yield group


def _is_short(short: str, ordinary: Collection[str]) -> bool:
    """Whether an abbreviation is no other word even in small letters: three capitals at least."""
    return len(short) > 2 and short.isalpha() and short.isupper() and stem(fold(short)) not in ordinary


def _medical() -> set[str]:
    """Single words that name a condition or a drug: unknown to a label, they are what it is silent about."""
    words: set[str] = set()
    for name in ("conditions.tsv", "drugs.tsv"):
        for row in rows(name):
            for wording in [row.get("preferred") or row.get("name", ""), *_split(row.get("variants"))]:
                if " " not in wording and wording.isalpha() and len(wording) > 3:
                    words.add(terms(wording)[0] if terms(wording) else wording)
    return words


def _ordinary() -> frozenset[str]:
    return frozenset(row.get("stem", "") for row in rows("ordinary_words.tsv"))


def load(compiled: Mapping[str, Any], labels: Sequence[Defining], vocabulary: Collection[str]) -> Lexicon:
    """The lexicon of some labels: their own abbreviations, then the groups of the lists.

    A listed abbreviation counts where these labels hold the words of just one of its meanings.
    """
    own = own_groups(labels)
    shorts = {form for group in own for form in group.forms if len(form) == 1}
    ordinary = frozenset(compiled["ordinary"])
    listed_meanings = Counter(names[-1] for kind, _, _, names, _ in compiled["groups"] if kind == "abbreviation")
    listed = [
        Group(
            kind, name, tuple(tuple(form) for form in forms), tuple(names), frozenset(tuple(form) for form in capitals)
        )
        for kind, name, forms, names, capitals in compiled["groups"]
        if kind != "abbreviation"
        or all(stem in vocabulary for stem in forms[0])
        or (_is_short(names[-1], ordinary) and forms[-1][0] in vocabulary and listed_meanings[names[-1]] == 1)
    ]
    settled = shorts | {form for group in listed if group.kind not in _READ_LISTS for form in group.forms}
    meanings = Counter(group.forms[-1] for group in listed if group.kind == "abbreviation")
    kept = [
        group
        for group in listed
        if group.kind != "abbreviation" or not (group.forms[-1] in settled or meanings[group.forms[-1]] > 1)
    ]
    spelling, rules = _spelling()
    return Lexicon(merged([*own, *kept]), spelling, rules, ordinary, frozenset(compiled["medical"]))


_READ_LISTS = frozenset({"abbreviation", "condition", "drug"})  # the other kinds are written by hand and come first


def own_groups(labels: Sequence[Defining]) -> list[Group]:
    """The abbreviations that the labels define, several long forms of one short form together."""
    longs: dict[str, list[str]] = {}
    for label in labels:
        for definition in label.definitions:
            if definition.long.lower() not in [long.lower() for long in longs.setdefault(definition.short, [])]:
                longs[definition.short].append(definition.long)
    groups = []
    for short, wordings in longs.items():
        forms = {form: wording for wording in [short, *wordings] if (form := tuple(terms(wording)))}
        if len(forms) >= 2:
            groups.append(Group("abbreviation", wordings[0].lower(), tuple(forms), tuple(forms.values())))
    return groups


def merged(groups: Sequence[Group]) -> list[Group]:
    """Groups of the lists joined to a label's abbreviation where they share a wording of two or more words.

    "VOD = veno-occlusive disease" of a legend meets "veno-occlusive disease = sinusoidal obstruction syndrome" of a list.
    """
    owner: dict[Form, int] = {}
    done: list[Group] = []
    for group in groups:
        place = next(
            (owner[form] for form in group.forms if form in owner and (len(form) > 1 or len(form[0]) > 4)), None
        )
        if place is None:
            owner |= {form: len(done) for form in group.forms if form not in owner}
            done.append(group)
            continue
        first = done[place]
        extra = [(form, name) for form, name in zip(group.forms, group.names, strict=True) if form not in first.forms]
        kind = group.kind if first.kind == "abbreviation" else first.kind
        done[place] = Group(
            kind,
            first.name,
            (*first.forms, *(form for form, _ in extra)),
            (*first.names, *(name for _, name in extra)),
            first.capitals | (group.capitals - set(first.forms)),
        )
        owner |= {form: place for form, _ in extra if form not in owner}
    return done


def _spelling() -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    words: dict[str, str] = {}
    rules: list[tuple[str, str, str]] = []
    for row in rows("spelling.tsv"):
        kind, british, american = row.get("kind", ""), row.get("british", ""), row.get("american", "")
        if kind in ("word", "name"):
            words[british] = american
        else:
            rules.append((kind, british, american))
    return words, rules
