"""What a message is besides a question: an adverse-event report, an emergency, a wish for advice on one person.

In: a message, the questions before it, the lexicon and the names of drugs. Out: `Listener.hear`, a `Heard`. The turns
of phrase stand in `data/messages.tsv`; here stands how they join: a report is told, not asked, of somebody in
particular whom something befell. What these rules find is weighed with all else that a message holds (`reports`). Left
out: what is shown for it (`answering.alerts`), other subjects (`offtopic`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from assistant import populations
from assistant.patterns import expression
from assistant.understanding import reports
from assistant.understanding.clauses import DRUG, Clause, phrases, split
from assistant.understanding.findings import Finding, Findings
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.products import Mention, Products

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


_USE_FOR: Final = expression(
    r"\b(?:us(?:e|ed|ing)|give|given|prescribe\w*|dos(?:e|ing|age)|work\w*|approved|indicated|licensed|effective|treat)"
    r"\b[^.?]{0,60}?\b(?:for|in (?:patients|people|those) with)\s+(?:[a-z]+\s+)?$"
)
_TOLD: Final = 2  # words beyond the plain ones
_UNNAMED: Final = "something told of a patient"


class Listener:
    """Hears what a message is besides a question."""

    def __init__(self, lexicon: Lexicon, products: Products) -> None:
        self._findings = Findings(lexicon)
        self._products = products

    def hear(self, message: str, history: Sequence[str] = ()) -> Heard:
        """What is recognised in a message after earlier ones."""
        mentions = self._products.mentions(message)
        clauses = split(message, mentions)
        overdose = _is_overdose_now(clauses) or _is_plea(clauses)
        emergency = overdose or self._is_danger_now(clauses)
        reasons = self._reported(clauses, follows=bool(history))
        if not reasons and emergency and any(clause.is_exposed for clause in clauses):
            reasons = ("reaction",)
        return Heard(
            adverse_event=bool(reasons),
            named=tuple(self._named(clauses, mentions, reasons)) if reasons else (),
            emergency=emergency,
            overdose=overdose,
            advice=not emergency and _is_advice(clauses, told=bool(reasons)),
            unlabelled_use=any(
                phrases()["off_label"].search(clause.text) or self._is_for_a_finding(clause) for clause in clauses
            ),
            reasons=reasons,
        )

    def traits(self, message: str, history: Sequence[str] = ()) -> dict[str, float]:
        """What speaks for and against a report in a message (see `reports.traits`)."""
        clauses = split(message, self._products.mentions(message))
        return self._traits(clauses, self._ruled(clauses, bool(history)), follows=bool(history))

    def _reported(self, clauses: Sequence[Clause], *, follows: bool) -> tuple[str, ...]:
        """Why a message counts as a report, nothing where it is none or an order to the assistant."""
        if any(
            phrases()[order].search(clause.text) for clause in clauses for order in ("markup", "injection", "making")
        ):
            return ()
        ruled = self._ruled(clauses, follows)
        if "wish to report" in ruled:
            return ruled
        likely = reports.probability(self._traits(clauses, ruled, follows=follows)) >= reports.threshold()
        return (ruled or (_UNNAMED,)) if likely else ()

    def _ruled(self, clauses: Sequence[Clause], follows: bool) -> tuple[str, ...]:
        """The verdict of the rules."""
        return tuple(dict.fromkeys(self._reasons(clauses, follows)))

    def _traits(self, clauses: Sequence[Clause], ruled: Sequence[str], *, follows: bool) -> dict[str, float]:
        return reports.traits([self._told(clause) for clause in clauses], ruled, follows=follows)

    def _told(self, clause: Clause) -> reports.Told:
        found = self._findings.of(clause.fresh)
        new = any(self._is_new(clause, finding) for finding in found)
        return reports.Told(
            clause=clause, findings=found, new=new, befell=self._befell(clause), of_someone=_is_told_of(clause)
        )

    def _reasons(self, clauses: Sequence[Clause], follows: bool) -> Iterator[str]:
        someone = False  # somebody in particular was spoken of before
        exposed = follows or any(clause.is_exposed for clause in clauses)
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
                yield _UNNAMED

    def _is_reaction(self, clause: Clause, someone: bool) -> bool:
        """Something befell somebody: a person in the clause, or in one before it, or an untold one at a told time."""
        if not self._befell(clause):
            return False
        if clause.of_someone:
            return not (clause.trial and not _is_ours(clause)) and not (clause.asked and clause.trial)
        if not clause.is_told:
            return False
        return clause.has("indefinite") or clause.has("when") or (someone and clause.happened("befell"))

    def _befell(self, clause: Clause) -> bool:
        if clause.happened("befell") or clause.happened("danger"):
            return True
        if phrases()["unexposed"].search(clause.told):
            return False
        if clause.is_told and clause.of_someone and clause.is_exposed and clause.happened("happening"):
            return True
        return any(self._is_new(clause, finding) for finding in self._findings.of(clause.fresh))

    def _is_new(self, clause: Clause, finding: Finding) -> bool:
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
        return phrases()[since].search(clause.fresh, finding.start) is not None and clause.is_exposed

    def _is_for_a_finding(self, clause: Clause) -> bool:
        """Whether the use of a drug for something is asked about; whether the label contains it is not known here."""
        about = DRUG in clause.text or re.search(r"\bit\b", clause.text)
        return bool(about) and any(_USE_FOR.search(clause.text[: one.start]) for one in self._findings.of(clause.text))

    def _is_danger_now(self, clauses: Sequence[Clause]) -> bool:
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
        self, clauses: Sequence[Clause], mentions: Sequence[Mention], reasons: Sequence[str]
    ) -> Iterator[Element]:
        def said(*features: str) -> bool:
            return any(clause.has(feature) for clause in clauses for feature in features)

        if said("person", "self", "indefinite"):
            yield "patient"
        if said("reporter"):
            yield "reporter"
        if mentions:
            yield "product"
        if set(reasons) - {"wish to report"} or any(self._findings.of(clause.told) for clause in clauses):
            yield "event"


def _word_starts(text: str, place: int) -> list[int]:
    """Where the next four words begin."""
    return [place + match.start() for match in re.finditer(r"(?<!\S)\S", text[place : place + 60])][:4]


def _is_ours(clause: Clause) -> bool:
    return re.search(r"\b(?:my|our|ours|mine|we|i|(?:subject|patient|pt|participant) #?\d+)\b", clause.told) is not None


def _others(clause: Clause, clauses: Sequence[Clause], *, someone: bool, exposed: bool) -> Iterator[str]:
    """What is reported though it is no reaction."""
    told = clause.is_told
    if exposed and told and clause.has("ineffective") and (someone or DRUG in clause.told or clause.has("drug")):
        yield "lack of effect"
    if exposed and told and clause.has("error") and clause.has("given"):
        yield "medication error"
    if exposed and told and clause.has("misuse") and someone:
        yield "misuse"
    if told and _is_pregnancy(clause, clauses):
        yield "exposure in pregnancy"
    if told and _is_complaint(clause):
        yield "product complaint"


def _is_told_of(clause: Clause) -> bool:
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


def _is_pregnancy(clause: Clause, clauses: Sequence[Clause]) -> bool:
    """Somebody in particular took the drug while pregnant or nursing."""
    if not clause.has("pregnant") or not any(
        one.of_someone or one.has("indefinite") for one in clauses if not one.asked
    ):
        return False
    return any(one.has("really") and one.is_exposed for one in clauses if not one.asked)


def _is_complaint(clause: Clause) -> bool:
    """A thing that was sold is not as it should be: said of one that somebody holds, not of such things in general."""
    if not (clause.has("definite") and clause.has("asserted")):
        return False
    items = [match.start() for match in phrases()["item"].finditer(clause.told)]
    return any(abs(match.start() - item) < 70 for match in phrases()["defect"].finditer(clause.told) for item in items)


def _is_overdose_now(clauses: Sequence[Clause]) -> bool:
    """Somebody took too much just now."""
    whole = " ".join(clause.told for clause in clauses)
    urgent = any(phrases()["now"].search(clause.text) for clause in clauses)
    unwell = phrases()["unwell_now"].search(whole)  # "too many last night and feel awful" is not over
    if not (urgent or unwell) or (phrases()["long_past"].search(whole) and not unwell):
        return False
    for clause in clauses:
        if clause.asked or clause.trial or not (clause.of_someone or clause.has("indefinite")):
            continue
        if clause.has("swallowed") and (clause.has("excess") or (clause.has("small") and clause.is_exposed)):
            return True
    return False


def _is_plea(clauses: Sequence[Clause]) -> bool:
    """Help is asked for in an overdose or poisoning that nothing else is told of."""
    told = [clause for clause in clauses if not clause.trial]
    taken = any(clause.has("poisoned") or phrases()["just_taken"].search(clause.text) for clause in told)
    return taken and any(phrases()["plea"].search(clause.told) for clause in told)


def _is_advice(clauses: Sequence[Clause], *, told: bool) -> bool:
    """A decision about one person is asked for; who tells of what befell somebody asks about that one."""
    individual = told or any(phrases()["individual"].search(clause.text) for clause in clauses)
    return any(
        (individual and phrases()["decide"].search(clause.text) is not None)
        or phrases()["own_use"].search(clause.text) is not None
        for clause in clauses
        if clause.asked or clause.queried or any(word in clause.text for word in ("would", "advise", "am i "))
    )
