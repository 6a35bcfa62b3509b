"""What a message is besides a question: an adverse-event report, an emergency, a wish for advice on one person.

In: a message, the questions before it, the lexicon and the names of drugs. Out: `Listener.hear`, a `Heard`. The turns
of phrase stand in `data/messages.tsv`; here stands how they join: a report is told, not asked, of somebody in
particular whom something befell. Left out: what is shown for it (`answering.alerts`), other subjects (`offtopic`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from assistant import populations
from assistant.understanding.lexicon import Form, Group, Lexicon, rows
from assistant.understanding.products import Mention, Products
from assistant.words import STOP_WORDS, fold, stem, tokens

Element = Literal["patient", "reporter", "product", "event"]
ELEMENTS: Final[tuple[Element, ...]] = ("patient", "reporter", "product", "event")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was recognised in a message."""

    adverse_event: bool = False
    named: tuple[Element, ...] = ()  # which of the four elements of a valid report the message names
    emergency: bool = False
    overdose: bool = False  # an emergency by a dose taken
    advice: bool = False
    unlabelled_use: bool = False  # a use, dose or population is asked about that the label may not contain
    reasons: tuple[str, ...] = ()  # as "reaction", "medication error", in a fixed order


@cache
def phrases() -> Mapping[str, re.Pattern[str]]:
    """The turns of phrase by feature, each bounded by words."""
    found: dict[str, list[str]] = {}
    for row in rows("messages.tsv"):
        found.setdefault(row["feature"], []).append(row["pattern"])
    return {feature: re.compile(rf"(?<![\w])(?:{'|'.join(patterns)})(?![\w])") for feature, patterns in found.items()}


_SENTENCE: Final = re.compile(
    r"(?<=[.!?])\s+|[\n;]+|[,:]\s*(?:-\s*)?(?=(?:so |and |but |or )?"
    r"(?:what|which|who|how|should|shall|can|could|is|are|do|does|would|may|any|or should)\b)"
    r"|\s-+\s|\s(?=and what (?:do|should)\b)"
)
_USE_FOR: Final = re.compile(
    r"\b(?:us(?:e|ed|ing)|give|given|prescribe\w*|dos(?:e|ing|age)|work\w*|approved|indicated|licensed|effective|treat)"
    r"\b[^.?]{0,60}?\b(?:for|in (?:patients|people|those) with)\s+(?:[a-z]+\s+)?$"
)
_TOLD: Final = 2  # words beyond the plain ones
# Endings of the names of conditions, for those that no word list has.
_SUFFIX: Final = re.compile(
    r"(?:itis|aemia|emia|algia|rrh?oea|rrhea|rrhage|penia|megaly|opathy|plegia|oedema|edema|uria|phagia|pnea|osis)$"
)
_DRUG: Final = "drugname"  # stands for every drug that is named


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """A reaction, condition or laboratory finding at a half-open place of a clause."""

    start: int
    end: int
    lasting: bool  # a condition that a person may have had before, as diabetes


@dataclass(frozen=True, slots=True)
class _Clause:
    """A part of a message, folded, drugs replaced by one word; what is only supposed or of the past is blanked out."""

    text: str  # as written
    told: str  # without what is only supposed
    fresh: str  # without what was there before, either
    asked: bool  # begins as a question does
    queried: bool  # ends with a question mark
    trial: bool  # speaks of trials, rates or the label

    def has(self, feature: str) -> bool:
        return phrases()[feature].search(self.told) is not None

    def happened(self, feature: str) -> bool:
        return phrases()[feature].search(self.fresh) is not None

    @property
    def of_someone(self) -> bool:
        """Whether it speaks of somebody in particular."""
        return self.has("person") or self.has("self")

    @property
    def is_told(self) -> bool:
        return not self.asked and not self.trial and not (self.queried and not self.of_someone)


class Listener:
    """Hears what a message is besides a question."""

    def __init__(self, lexicon: Lexicon, products: Products) -> None:
        self._lexicon = lexicon
        self._products = products

    def hear(self, message: str, history: Sequence[str] = ()) -> Heard:
        """What is recognised in a message after earlier ones."""
        mentions = self._products.mentions(message)
        clauses = [_clause(part) for part in _parts(message, mentions)]
        reasons = tuple(dict.fromkeys(self._reasons(clauses, bool(history))))
        overdose = _is_overdose_now(clauses)
        emergency = overdose or self._is_danger_now(clauses)
        reported = bool(reasons) or emergency
        return Heard(
            adverse_event=reported,
            named=tuple(self._named(clauses, mentions, reasons or ("reaction",) * emergency)) if reported else (),
            emergency=emergency,
            overdose=overdose,
            advice=not emergency and _is_advice(clauses),
            unlabelled_use=any(
                phrases()["off_label"].search(clause.text) or self._is_for_a_finding(clause) for clause in clauses
            ),
            reasons=reasons,
        )

    def _reasons(self, clauses: Sequence[_Clause], follows: bool) -> Iterator[str]:
        someone = False  # somebody in particular was spoken of before
        exposed = follows or any(_is_exposed(clause) for clause in clauses)
        held = exposed or any(clause.has("item") for clause in clauses)
        for clause in clauses:
            someone = someone or clause.of_someone
            if clause.has("wish") and not clause.asked and not clause.has("how_to"):
                yield "wish to report"
            exact = tuple(_others(clause, clauses, someone=someone, exposed=exposed))
            yield from exact
            taken = exposed or (clause.of_someone and clause.happened("befell"))
            if not exact and taken and self._is_reaction(clause, someone):
                yield "reaction"
            elif not exact and held and _is_told_of(clause):
                yield "something told of a patient"

    def _is_reaction(self, clause: _Clause, someone: bool) -> bool:
        """Something befell somebody: a person in the clause, or in one before it, or an untold one at a told time."""
        if not self._befell(clause):
            return False
        if clause.of_someone:
            return not (clause.trial and not _is_ours(clause)) and not (clause.asked and clause.trial)
        if not clause.is_told:
            return False
        return clause.has("indefinite") or clause.has("when") or (someone and clause.happened("befell"))

    def _befell(self, clause: _Clause) -> bool:
        if clause.happened("befell") or clause.happened("danger"):
            return True
        if phrases()["unexposed"].search(clause.told):
            return False
        if clause.is_told and clause.of_someone and _is_exposed(clause) and clause.happened("happening"):
            return True
        return any(self._is_new(clause, finding) for finding in self._findings(clause.fresh))

    def _is_new(self, clause: _Clause, finding: _Finding) -> bool:
        """Whether a finding is told as come up: a value that changed, words for its beginning, a drug before it."""
        if any(phrases()["changed"].match(clause.fresh, at) for at in _word_starts(clause.fresh, finding.end)):
            return True
        before = " ".join(clause.fresh[: finding.start].split()[-7:])
        began = "began" if finding.lasting else "onset"
        if phrases()[began].search(before) and (clause.of_someone or clause.has("indefinite")):
            return True
        if clause.asked and not (clause.of_someone and phrases()["definite_event"].search(before)):
            return False
        since = "since" if finding.lasting else "exposed"
        return phrases()[since].search(clause.fresh, finding.start) is not None and _is_exposed(clause)

    def _findings(self, text: str) -> list[_Finding]:
        """Reactions, conditions and laboratory findings named in a text."""
        words = [token for token in tokens(text) if token.text not in STOP_WORDS and token.text != _DRUG]
        stems = [self._stem(word.text) for word in words]
        found, place = [], 0
        while place < len(words):
            length, groups = self._lexicon.at(stems, place)
            kinds = {group.kind for group in groups if self._is_finding(group, tuple(stems[place : place + length]))}
            start, end = words[place].start, words[place + max(length, 1) - 1].end
            if (kinds or _SUFFIX.search(words[place].text)) and not populations.named(text[start:end]):
                lasting = bool(kinds) and not kinds & {"symptom", "lab"}
                found.append(_Finding(start=start, end=end, lasting=lasting))
            place += max(length, 1)
        return found

    def _is_finding(self, group: Group, form: Form) -> bool:
        """Whether a wording means a reaction or a test; "all" is no leukemia where nobody typed capitals."""
        everyday = len(form) == 1 and form[0] in self._lexicon.ordinary
        kinds = ("symptom", "lab") if everyday else ("symptom", "lab", "condition", "abbreviation")
        return group.kind in kinds and form not in group.capitals

    def _is_for_a_finding(self, clause: _Clause) -> bool:
        """Whether the use of a drug for something is asked about; whether the label contains it is not known here."""
        about = _DRUG in clause.text or re.search(r"\bit\b", clause.text)
        return bool(about) and any(_USE_FOR.search(clause.text[: one.start]) for one in self._findings(clause.text))

    def _stem(self, word: str) -> str:
        """The stem, of the American spelling where only that is known."""
        root = stem(word)
        if (root,) in self._lexicon.by_form:
            return root
        return next(
            (
                other
                for american in self._lexicon.americans(word)
                if ((other := stem(american)),) in self._lexicon.by_form
            ),
            root,
        )

    def _is_danger_now(self, clauses: Sequence[_Clause]) -> bool:
        """Somebody is in danger as this is written."""
        whole = " ".join(clause.told for clause in clauses)
        if phrases()["long_past"].search(whole):
            return False
        for clause in clauses:
            if clause.trial or (clause.asked and not clause.of_someone):
                continue
            for match in phrases()["danger"].finditer(clause.told):
                window = clause.told[max(0, match.start() - 20) : match.end() + 25]
                present = phrases()["acute"].search(window) or phrases()["now"].search(whole)
                if present and (clause.of_someone or clause.has("indefinite") or phrases()["now"].search(clause.told)):
                    return True
        return False

    def _named(
        self, clauses: Sequence[_Clause], mentions: Sequence[Mention], reasons: Sequence[str]
    ) -> Iterator[Element]:
        def said(*features: str) -> bool:
            return any(clause.has(feature) for clause in clauses for feature in features)

        if said("person", "self", "indefinite"):
            yield "patient"
        if said("reporter"):
            yield "reporter"
        if mentions:
            yield "product"
        if set(reasons) - {"wish to report"} or any(self._findings(clause.told) for clause in clauses):
            yield "event"


def _parts(message: str, mentions: Sequence[Mention]) -> list[str]:
    """The message in clauses, every drug replaced by one word, folded."""
    text, place = "", 0
    for mention in mentions:
        text += f"{message[place : mention.start]}{_DRUG}"
        place = mention.end
    folded = fold(text + message[place:]).replace("drugname's", _DRUG)
    return [part for part in _SENTENCE.split(folded) if part and part.strip()]


def _clause(text: str) -> _Clause:
    told = phrases()["hypothetical"].sub(" ", text)
    return _Clause(
        text=text,
        told=told,
        fresh=phrases()["before"].sub(" ", told),
        asked=phrases()["asking"].match(text.strip()) is not None,
        queried=text.rstrip().endswith("?"),
        trial=phrases()["trial"].search(text) is not None,
    )


def _word_starts(text: str, place: int) -> list[int]:
    """Where the next four words begin."""
    return [place + match.start() for match in re.finditer(r"(?<!\S)\S", text[place : place + 60])][:4]


def _is_ours(clause: _Clause) -> bool:
    return re.search(r"\b(?:my|our|ours|mine|we|i|(?:subject|patient|pt|participant) #?\d+)\b", clause.told) is not None


def _is_exposed(clause: _Clause) -> bool:
    """Whether a drug was taken, named or not."""
    if phrases()["unexposed"].search(clause.told):
        return False
    return _DRUG in clause.told or clause.has("drug")


def _others(clause: _Clause, clauses: Sequence[_Clause], *, someone: bool, exposed: bool) -> Iterator[str]:
    """What is reported though it is no reaction."""
    told = clause.is_told
    if exposed and told and clause.has("ineffective") and (someone or _DRUG in clause.told or clause.has("drug")):
        yield "lack of effect"
    if exposed and told and clause.has("error") and clause.has("given"):
        yield "medication error"
    if exposed and told and clause.has("misuse") and someone:
        yield "misuse"
    if told and _is_pregnancy(clause, clauses):
        yield "exposure in pregnancy"
    if told and _is_complaint(clause):
        yield "product complaint"


def _is_told_of(clause: _Clause) -> bool:
    """Whether more is told of somebody than that they have a condition, take a drug or want to.

    Wordings of harm have no end, so what is told of one person on a drug counts unless it is plain.
    """
    if not (clause.is_told and clause.of_someone) or phrases()["ahead"].search(clause.text):
        return False
    rest = clause.fresh
    for _, start, end in populations.places(rest):
        rest = f"{rest[:start]}{' ' * (end - start)}{rest[end:]}"
    for feature in ("person", "plain"):
        rest = phrases()[feature].sub(" ", rest)
    return len(re.findall(r"[a-z]{3,}", rest)) >= _TOLD


def _is_pregnancy(clause: _Clause, clauses: Sequence[_Clause]) -> bool:
    """Somebody in particular took the drug while pregnant or nursing."""
    if not clause.has("pregnant") or not any(
        one.of_someone or one.has("indefinite") for one in clauses if not one.asked
    ):
        return False
    return any(one.has("really") and _is_exposed(one) for one in clauses if not one.asked)


def _is_complaint(clause: _Clause) -> bool:
    """A thing that was sold is not as it should be: said of one that somebody holds, not of such things in general."""
    if not (clause.has("definite") and clause.has("asserted")):
        return False
    items = [match.start() for match in phrases()["item"].finditer(clause.told)]
    return any(abs(match.start() - item) < 70 for match in phrases()["defect"].finditer(clause.told) for item in items)


def _is_overdose_now(clauses: Sequence[_Clause]) -> bool:
    """Somebody took too much just now."""
    whole = " ".join(clause.told for clause in clauses)
    urgent = any(phrases()["now"].search(clause.text) for clause in clauses)
    if not urgent or phrases()["long_past"].search(whole):
        return False
    for clause in clauses:
        if clause.asked or clause.trial or not (clause.of_someone or clause.has("indefinite")):
            continue
        if clause.has("swallowed") and (clause.has("excess") or (clause.has("small") and _is_exposed(clause))):
            return True
    return False


def _is_advice(clauses: Sequence[_Clause]) -> bool:
    """A decision about one person is asked for."""
    individual = any(phrases()["individual"].search(clause.text) for clause in clauses)
    return any(
        (individual and phrases()["decide"].search(clause.text) is not None)
        or phrases()["own_use"].search(clause.text) is not None
        for clause in clauses
        if clause.asked or clause.queried or "would" in clause.text or "advise" in clause.text
    )
