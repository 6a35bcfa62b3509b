"""Which product a question means: names of indexed labels, names of other drugs, and names that only look alike.

In: the labels, the lexicon and a question. Out: `Products.mentions`, every drug that the question names;
`Products.settle`, the labels to answer from, or why that can't be told (`Settled`). A name is never corrected
silently, and a drug that only interacts with the product asked about belongs to the subject. Left out: the sentences
that ask back (`answering.asking_back`).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal, Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.patterns import expression
from assistant.query import Query
from assistant.understanding.drugs import FORMS, Drugs, listed_drugs, normal
from assistant.understanding.findings import Findings
from assistant.understanding.lexicon import Lexicon, classes
from assistant.words import STOP_WORDS, Token, fold, stem, terms, tokens

Trouble = Literal["", "which_product", "unknown_product", "which_meaning"]

_LONGEST: Final = 10  # words of one name
# What a drug is a partner in, rather than the one that is asked about.
_PARTNER_BEFORE: Final = expression(
    r"(?:\b(?:interact\w*|combin\w+|co-?admin\w+|co-?prescri\w+|co-?medicat\w+|concomitant\w*|concurrent\w*|together"
    r"|contraindicat\w+|mix\w*|add(?:ed|ing)?|compatible)\b[^.?!]{0,40}?\b(?:with|to|and|of|on|by|between)"
    r"|\b(?:tak(?:e|es|en|ing)|given?|giving|us(?:e|es|ed|ing)|safe\w*|doses?|dosing|dosage|levels?|exposure|auc|cmax"
    r"|clearance|adjust\w*|reduc\w+|premedicat\w+|pretreat\w*|prophyla\w+|along|ok|okay|allowed)"
    r"\b[^.?!]{0,40}?\b(?:with|plus|alongside)"
    r"|\b(?:concomitant|concurrent|prior|previous|co-?administered|adding|plus|add|also (?:on|taking)"
    r"|already (?:on|taking)|needs?|needed|required?s?|switch(?:ed|ing)? from|coming off|inhibitors?(?: such as| like)?"
    r"|inducers?(?: such as| like)?|such as|like|from|after|without|prophylactic))\s+(?:[a-z-]+\s+)?$"
)
_PARTNER_AFTER: Final = expression(
    r"^\W*(?:interact\w*|co-?admin\w+|combination|co-?medication|co-?treatment|concomitant\w*"
    r"|(?:dose |doses |use )?(?:as |for |in )?(?:premedication|prophylaxis|rescue)"
    r"|(?:doublet|triplet|backbone|comparator|control|arm|trial|study)\b)"
)
# A drug that a patient gets besides, told before a question that names no drug: "rasburicase ordered. What rate of ...?"
_BESIDE: Final = expression(
    r"^\W*(?:(?:is|was|has been) )?(?:ordered|charted|on board|running|hung|arranged|planned|prescribed|given|started)\b"
    r"[^.;?!]*[.;!]\s+(?P<rest>.+)$",
    re.DOTALL,
)


class Named(Protocol):
    """A label, or what an index keeps of one."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def generic(self) -> str: ...
    @property
    def names(self) -> Sequence[str]: ...
    @property
    def set_id(self) -> str: ...
    @property
    def newer(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A drug named in a text, at a half-open place."""

    text: str  # as typed
    start: int
    end: int
    labels: tuple[str, ...] = ()  # ids of the indexed labels that go by this name
    kin: tuple[str, ...] = ()  # ids of labels that share its active ingredient under another name
    names: tuple[str, ...] = ()  # every name of the drug, folded
    partner: bool = False  # named as taken with, before or against another drug


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The labels to answer from; where `trouble` says why they can't be told, those to choose from or searched."""

    labels: tuple[str, ...]
    trouble: Trouble = ""
    mention: Mention | None = None  # the name that troubles
    given: bool = False  # the labels are the request's own
    mentions: tuple[Mention, ...] = ()


_ANTIBODIES: Final = expression(r"\banti-([a-z]{6,})(?:-[a-z]{4})? (?:ig[a-z] )?antibod")


class Products:
    """The names of the indexed labels and of other drugs."""

    def __init__(
        self,
        labels: Sequence[Named],
        lexicon: Lexicon,
        holds: Callable[[str], bool],
        text_of: Callable[[str], str],
        drugs: Drugs | None = None,
    ) -> None:
        """`holds` says whether a stem stands in the labels, `text_of` gives a label's text, `drugs` are those listed."""
        self._lexicon = lexicon
        self._findings = Findings(lexicon)
        self._holds = holds
        self._mentioned = lru_cache(maxsize=256)(self._mentions)
        self._folded = lru_cache(maxsize=8)(lambda label: fold(text_of(label)))
        self._all = tuple(label.id for label in labels if not label.newer)
        self.drugs = drugs or Drugs(listed_drugs())
        self.names: dict[str, tuple[str, ...]] = {}  # normal name to label ids
        self._kin: dict[int, list[str]] = {}  # drug to ids of the labels that contain it
        for label in labels:
            self._enter(label)

    def _enter(self, label: Named) -> None:
        if label.newer:  # an older version of its set answers only where it is asked for by its id
            self.names.setdefault(normal(label.id), (label.id,))
            return
        names = list(_label_names(label, self.drugs, self._lexicon))
        if not label.generic:
            names += self._raised_against(label.id)
        drugs = {drug for name in names for drug in self.drugs.named(name)}
        names += [name for drug in sorted(drugs) for name in _shortened(self.drugs.main(drug), self._lexicon)]
        for name in dict.fromkeys([*names, normal(label.id), normal(label.set_id)]):
            if name and label.id not in self.names.get(name, ()):
                self.names[name] = (*self.names.get(name, ()), label.id)
        for drug in sorted(drugs):
            self._kin.setdefault(drug, []).append(label.id)

    def _raised_against(self, label: str) -> list[str]:
        """The drugs that patients made antibodies to, in a label that doesn't give its generic name: "anti-ecallantide antibodies"."""
        found = dict.fromkeys(_ANTIBODIES.findall(self._folded(label)))
        return [name for name in found if name in self.drugs]

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every drug named in a text, the longest name at each place, in text order.

        >>> [mention.labels for mention in products.mentions("VOD rate with Besponsa and Mylotarg")]  # doctest: +SKIP
        [('besponsa',), ()]
        """
        return self._mentioned(text)

    def _mentions(self, text: str) -> tuple[Mention, ...]:
        words = tokens(text)
        found: list[Mention] = []
        place = 0
        while place < len(words):
            length = next(
                (n for n in range(min(_LONGEST, len(words) - place), 0, -1) if self._is_name(words[place : place + n])),
                0,
            )
            if length:
                found.append(self._mention(text, words[place].start, words[place + length - 1].end))
            place += length or 1
        return tuple(found)

    def _is_name(self, words: Sequence[Token]) -> bool:
        name = " ".join(word.text for word in words)
        return name in self.names or (name in self.drugs and _tells(name, self._lexicon))

    def _mention(self, text: str, start: int, end: int) -> Mention:
        name = normal(text[start:end])
        drugs = self.drugs.named(name)
        labels = self.names.get(name, ())
        kin = tuple(dict.fromkeys(label for drug in drugs for label in self._kin.get(drug, ()) if label not in labels))
        names = tuple(dict.fromkeys([name, *(other for drug in drugs for other in self.drugs.names(drug))]))
        folded = fold(text)
        before, after = folded[:start], folded[end:]
        partner = bool(_PARTNER_BEFORE.search(before) or _PARTNER_AFTER.match(after) or self._is_beside(after))
        return Mention(text=text[start:end], start=start, end=end, labels=labels, kin=kin, names=names, partner=partner)

    def _is_beside(self, after: str) -> bool:
        """Whether what follows a drug says that it was ordered and then asks about a reaction of its own."""
        beside = _BESIDE.match(after)
        return beside is not None and bool(self._findings.of(beside["rest"])) and not self.mentions(beside["rest"])

    def near(self, text: str) -> tuple[Mention, ...]:
        """Words that are no word at all but within a slip or two of an indexed product's name."""
        taken = [(mention.start, mention.end) for mention in self.mentions(text)]
        found = []
        for token in tokens(text):
            if any(start <= token.start < end for start, end in taken) or self._is_word(token.text):
                continue
            if label := self._nearest(token.text):
                found.append(
                    Mention(
                        text=text[token.start : token.end],
                        start=token.start,
                        end=token.end,
                        labels=self.names[label],
                        names=(label,),
                    )
                )
        return tuple(found)

    def _is_word(self, word: str) -> bool:
        root = stem(word)
        return (
            len(word) < 5
            or not word.isalpha()
            or word in STOP_WORDS
            or self._holds(root)
            or root in self._lexicon.ordinary
            or (root,) in self._lexicon.by_form
        )

    def _nearest(self, word: str) -> str:
        """The indexed name a slip (two from seven letters on) away, empty where another drug's is nearer."""
        slips = 1 if len(word) < 7 else 2
        single = [name for name in self.names if " " not in name and len(name) > 4]
        near = process.extractOne(word, single, scorer=OSA.distance, score_cutoff=slips)
        if near is None or (near[1] > 1 and near[0][0] != word[0]):
            return ""
        other = (
            process.extractOne(word, self.drugs.single, scorer=OSA.distance, score_cutoff=max(near[1] - 1, 0))
            if near[1]
            else None
        )
        return "" if other else str(near[0])

    def settle(self, question: str, given: Sequence[str], before: Query | None = None) -> Settled:
        """The labels to answer a question from: those given, else those named, the conversation's, or the only one.

        After a question about two drugs together, another drug takes the place of the second.
        """
        found = self.mentions(question)
        if before and any(concept.kind == "drug" for concept in before.subject):
            found = tuple(replace(mention, partner=mention.partner or not mention.labels) for mention in found)
        settled = self._within(found, given) if given else self._open(question, found, before.labels if before else ())
        return Settled(
            labels=settled.labels, trouble=settled.trouble, mention=settled.mention, given=bool(given), mentions=found
        )

    def _within(self, found: Sequence[Mention], given: Sequence[str]) -> Settled:
        """Within the labels of the request: narrowed to those named, never left."""
        asked = _narrowest([mention for mention in found if mention.labels and not mention.partner])
        named = [label for mention in asked for label in mention.labels if label in given]
        if named:
            return Settled(labels=tuple(dict.fromkeys(named)))
        if any(label in given for mention in found for label in mention.labels):
            return Settled(labels=tuple(given))
        if stranger := self._stranger(found, given):
            return Settled(labels=tuple(given), trouble="unknown_product", mention=stranger)
        return Settled(labels=tuple(given))

    def _open(self, question: str, found: Sequence[Mention], before: Sequence[str]) -> Settled:
        """Among all labels: those named, the conversation's, the only one, or a question back."""
        settled = self._named(found, before)
        if settled is not None:
            return settled
        if near := self.near(question):
            return Settled(labels=near[0].labels, trouble="which_meaning", mention=near[0])
        if kin := next(
            (mention for mention in found if mention.kin and not mention.labels and not mention.partner), None
        ):
            if not before or not self.stands(kin, before):
                return Settled(labels=kin.kin, trouble="which_meaning", mention=kin)
        scope = tuple(before) or self._all
        if stranger := self._stranger(found, scope if len(scope) == 1 or before else ()):
            return Settled(labels=self._all, trouble="unknown_product", mention=stranger)
        return Settled(labels=scope, trouble="which_product" if len(scope) > 1 else "")

    def _named(self, found: Sequence[Mention], before: Sequence[str]) -> Settled | None:
        """The labels of the product that a question names; its partners in an interaction don't count beside it."""
        named = [mention for mention in found if mention.labels]
        asked = _narrowest([mention for mention in named if not mention.partner] or named)
        if not asked or (before and all(mention.partner for mention in asked)):
            return None
        ids = tuple(dict.fromkeys(label for mention in asked for label in mention.labels))
        if kept := tuple(label for label in ids if label in before):
            return Settled(
                labels=kept if len(asked) == 1 else ids,
                trouble="which_product" if len(asked) > 1 and len(ids) > 1 else "",
            )
        return Settled(labels=ids, trouble="which_product" if len(ids) > 1 else "", mention=asked[0])

    def _stranger(self, found: Sequence[Mention], scope: Sequence[str]) -> Mention | None:
        """A drug that is asked about though none of the labels in scope is its own or speaks of it."""
        strange = [mention for mention in found if not mention.partner and not self.stands(mention, scope)]
        inside = [mention for mention in found if set(mention.labels) & set(scope)]
        return strange[0] if strange and not inside else None

    def stands(self, mention: Mention, labels: Sequence[str]) -> bool:
        """Whether one of the drug's names, or what labels call its class, stands in the text of one of the labels."""
        every = (*mention.names, *classes(mention.text))
        usable = [fold(name) for name in every if any(self._holds(part) for part in terms(name))]
        return any(
            re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self._folded(label)) for label in labels for name in usable
        )

    def spans(self, mentions: Sequence[Mention], scope: Sequence[str]) -> Mapping[str, str]:
        """The names in a question that only say which label is meant: folded name to label id."""
        return {fold(mention.text): mention.labels[0] for mention in mentions if set(mention.labels) & set(scope)}


def _narrowest(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions without those that a narrower one tells apart: "Lipitor (lipitor-pfizer)" means one label."""
    return [one for one in mentions if not any(set(other.labels) < set(one.labels) for other in mentions)]


_OTHER_KINDS: Final = frozenset(
    {"lab", "symptom", "condition", "organ", "population", "section", "measure", "procedure"}
)


def _tells(name: str, lexicon: Lexicon) -> bool:
    """Whether a name by itself tells a drug: no everyday word, no test, no finding."""
    parts = terms(name)
    if len(parts) != 1:
        return bool(parts)
    known = lexicon.by_form.get((parts[0],), [])
    return len(name) > 3 and parts[0] not in lexicon.ordinary and not any(group.kind in _OTHER_KINDS for group in known)


def _label_names(label: Named, drugs: Drugs, lexicon: Lexicon) -> Iterator[str]:
    """What a label goes by; a part of a lesser name, as of the swabs in a kit, only where it is a known drug."""
    for name in (label.name, label.generic):
        yield from _shortened(name, lexicon)
        if (listed := normal(name)) in drugs:  # "Intelence", whose stem is an everyday word's
            yield listed
    for name in label.names:
        yield from (part for place, part in enumerate(_shortened(name, lexicon)) if place == 0 or part in drugs)


def _shortened(name: str, lexicon: Lexicon) -> Iterator[str]:
    """A printed name, without form and salt, its components and the word that leads each."""
    for part in (name, *re.split(r"\s*(?:,|;|/|\band\b|\bwith\b)\s*", name)):
        words = normal(part).split()
        bare = [word for word in words if word not in FORMS and not word[0].isdigit()]
        if not bare or not _tells(" ".join(words), lexicon):
            continue
        yield " ".join(words)
        if " ".join(bare) != " ".join(words) and _tells(" ".join(bare), lexicon):
            yield " ".join(bare)
        if len(bare) > 1 and len(bare[0]) > 5 and bare[0].isalpha() and _tells(bare[0], lexicon):
            yield bare[0]
