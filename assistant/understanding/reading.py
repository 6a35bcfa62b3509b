"""One question as a `Query`: its slots, its subject, and the misspellings taken for a known word.

In: a question and an `Understander`'s lexicon and vocabulary. Out: `Understander.read`. Left out: what earlier questions
add (`understanding.followups`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant import figures, grades, populations, sentences, trials
from assistant.patterns import expression
from assistant.query import Concept, Query
from assistant.understanding.asking import asking, section_words
from assistant.understanding.lexicon import Lexicon, class_names, classes, findings, related_tests
from assistant.understanding.naming import misspelt_products, named_products
from assistant.understanding.quantities import AGE, AGE_GROUP, CLOCK, GRADE_WORDS, SEX, named_in
from assistant.understanding.shorthand import spelled_out
from assistant.understanding.subject import Vocabulary, concepts, respell
from assistant.words import terms

_FIGURES = 20  # that a question may name; each is looked for in every passage


@dataclass(frozen=True, slots=True)
class Understander:
    """What it takes to read a question about some labels."""

    lexicon: Lexicon
    vocabulary: Vocabulary
    names: Mapping[str, str]  # folded product names to label ids
    trials: tuple[str, ...] = ()  # names that the labels give their trials

    def read(self, question: str, labels: Sequence[str]) -> Query:
        """The question by itself, as a query on these labels."""
        typed, question, respelled = (
            question,
            *respell(spelled_out(question, self.vocabulary), self.lexicon, self.vocabulary),
        )
        main = question[lead_up(question) :]
        asked = asking(main)
        offset = len(question) - len(main)
        soft = [(start + offset, end + offset) for start, end in asked.soft] + list(asking(question[:offset]).soft)
        soft += section_words(question)
        who = _populations(main) or tuple(slug for slug in _populations(question) if slug not in ("male", "female"))
        products = named_products(question, self.names, self._is_word)
        if len(labels) == 1:
            products += misspelt_products(question, self.names, labels[0])
        tried = trials.asked(question, self.trials)
        numbers = named_in(question, offset)
        taken = [
            *((start, end) for slug, start, end in populations.places(question) if slug not in _ALSO_SUBJECT),
            *(match.span() for match in GRADE_WORDS.finditer(question)),
            *(match.span() for match in AGE.finditer(question)),
            *(match.span() for match in CLOCK.finditer(question)),
            *((start, end) for _, start, end in products),
            *((start, end) for _, start, end in numbers),
            *((start + offset, end + offset) for start, end in asked.taken),
        ]
        subject, corrected = concepts(question, self.lexicon, self.vocabulary, taken=taken, soft=soft)
        graded = grades.named(question)
        subject = tuple(_of_a_trial(question, concept, tried) for concept in subject)
        subject = _explained(question, [_placed(question, _plain(concept, graded), offset) for concept in subject])
        if any(not one.known and _KIDNEYS.fullmatch(one.name) for one in subject):
            who = tuple(dict.fromkeys((*who, "renal impairment")))  # what labels call patients with kidney disease
        subject = tuple(_impaired(concept, who) for concept in _without_reasons(question, subject))
        changes = {(match["verb"] or match.group()).lower() for match in _CHANGE.finditer(question)}
        subject = tuple(replace(one, soft=True) if one.text.lower() in changes else one for one in subject)
        if _IN_A_LABORATORY.search(question):
            subject = tuple(self._tested(concept) for concept in subject)
        measure, answer = asked.measure, asked.answer_type
        if measure is None and answer == "text" and _names_only(main, subject, graded, asked.arms, who, bool(numbers)):
            measure, answer = "rate", "figure"
        if measure == "dose" and _names_an_arm(main, subject):
            measure = "rate"
        others = [] if measure == "value" else _doses_of_others(question, subject)
        made_up = answer == "action" or measure == "frequency"
        subject = tuple(self._clinical(concept, made_up=made_up) for concept in subject)
        if answer in ("action", "yes_no", "text") or measure == "dose":
            subject = tuple(self._of_a_class(concept) for concept in subject)
        if answer != "figure" or measure in ("dose", "time", "duration"):
            subject = tuple(self._classed(concept) for concept in subject)
        if measure == "dose":
            subject = tuple(map(_beside, subject))
        return Query(
            question=typed,
            standalone=typed,
            labels=tuple(labels),
            concepts=subject,
            populations=who,
            grades=graded,
            trials=tuple(name for name, start, _ in tried if start >= offset),
            arms=asked.arms,
            numbers=tuple(dict.fromkeys(text for text, *place in numbers if not _is_of(place, others)))[:_FIGURES],
            measure=measure,
            answer_type=answer,
            sections=asked.sections,
            corrected=(*respelled, *corrected),
        )

    def _is_word(self, one: str) -> bool:
        """Whether a stem is a word of the labels or of everyday English."""
        return one in self.lexicon.ordinary or self.vocabulary.holds((one,)) or (one,) in self.lexicon.by_form

    def _tested(self, concept: Concept) -> Concept:
        """A reaction with what a laboratory calls it, for a question about laboratory values."""
        return self._named_also(concept, findings().get(concept.name, ()))

    def as_tested(self, query: Query) -> Query | None:
        """The question about what a laboratory calls its reactions, where a grade is asked, as tests have: "neutrophils decreased"; None where that is the same."""
        if not query.grades or query.answer_type != "figure" or query.measure not in ("rate", "count"):
            return None
        concepts = tuple(self._tested(one) if one.essential else one for one in query.concepts)
        return replace(query, concepts=concepts) if concepts != query.concepts else None

    def with_members(self, query: Query, members: Mapping[tuple[str, ...], Sequence[str]]) -> Query | None:
        """The question about the medicines of the classes that it names, as the labels name them: "the pill" is levonorgestrel;
        None where they name none."""
        concepts = tuple(
            self._named_by(
                concept,
                [
                    one
                    for form in dict.fromkeys((concept.forms[0], tuple(terms(concept.name))))
                    for one in members.get(form, ())
                ],
            )
            for concept in query.concepts
        )
        return replace(query, concepts=concepts) if concepts != query.concepts else None

    def _named_by(self, concept: Concept, names: Sequence[str]) -> Concept:
        found = {form: name for name in names if (form := tuple(terms(name))) and form not in concept.forms}
        if concept.soft or not found:
            return concept
        return replace(
            concept,
            kind="drug",
            forms=(*concept.forms, *found),
            synonyms=(*concept.synonyms, *found.values()),
            weight=max(concept.weight, min(self.vocabulary.rarity(form) for form in found)),
            known=True,
        )

    def _clinical(self, concept: Concept, *, made_up: bool) -> Concept:
        """A laboratory finding of which the labels hold no word, with the reaction that it is: "low neutrophil count".

        `made_up`: a test is to be done, and those that it is made up of count even where the labels know its name.
        """
        if concept.kind != "lab" or (concept.known and not made_up):
            return concept
        if concept.known:
            return self._named_also(concept, related_tests().get(concept.name, ()))
        names = [name for name, labs in findings().items() if concept.name in labs]
        return self._named_also(concept, (*names, *related_tests().get(concept.name, ())))

    def _named_also(self, concept: Concept, names: Iterable[str]) -> Concept:
        groups = [group for name in names for group in self.lexicon.by_form.get(tuple(terms(name)), ())]
        found = {
            form: name
            for group in groups
            for form, name in zip(group.forms, group.names, strict=True)
            if self.vocabulary.holds(form) and form not in concept.forms
        }
        known = concept.known or bool(found)
        synonyms = (*concept.synonyms, *found.values())
        return replace(concept, forms=(*concept.forms, *found), synonyms=synonyms, known=known)

    def _of_a_class(self, concept: Concept) -> Concept:
        """A medicine that the labels name, with what they call its class: what is to be done with one is often told of all."""
        if not concept.known or concept.kind != "drug":
            return concept
        found = {tuple(terms(name)): name for name in classes(concept.text)}
        held = {form: name for form, name in found.items() if len(form) > 1 and self.vocabulary.holds(form)}
        held = {form: name for form, name in held.items() if not any(set(form) < set(other) for other in held)}
        return replace(
            concept,
            forms=(*concept.forms, *(form for form in held if form not in concept.forms)),
            synonyms=tuple(dict.fromkeys((*concept.synonyms, *held.values()))),
        )

    def _classed(self, concept: Concept) -> Concept:
        """A medicine that no label names, with what labels call its class: "Januvia" is one of the DPP-4 inhibitors.

        It stays unknown: a passage that doesn't name its class either is about something else.
        """
        if concept.known or concept.kind not in ("drug", "condition"):
            return concept
        found = {tuple(terms(name)): name for name in classes(concept.text)}
        held = {form: name for form, name in found.items() if self.vocabulary.holds(form)}
        if not held:
            return concept
        weight = min(self.vocabulary.rarity(form) for form in held)
        return replace(
            concept,
            kind="drug",
            forms=(*concept.forms, *held),
            synonyms=(*concept.synonyms, *held.values()),
            weight=weight,
        )


def _doses_of_others(question: str, subject: Sequence[Concept]) -> list[tuple[int, int]]:
    """Where the doses of other medicines stand, half-open: "on omeprazole 20 daily"."""
    return [
        (match.start("dose"), match.end("dose"))
        for concept in subject
        if concept.kind == "drug"
        for match in re.finditer(
            rf"(?i)(?<!\w){re.escape(concept.text)}\s+(?P<dose>\d[\d.,]*(?:\s?(?:mg|mcg|g|units?))?)(?![\w/%])",
            question,
        )
    ]


def _is_of(place: Sequence[int], stretches: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place[0] < end for start, end in stretches)


_ARM_BY_DOSE = expression(r"(?i)\b(?:low|lower|lowest|medium|middle|mid|high|higher|highest|top)[ -]dose\b")
_DOSE_ASKED = expression(
    r"(?i)\b(?:what|which|how|when|recommended|starting|initial|usual|max\w*|min\w*|should|can|need|adjust\w*|reduc\w+|give|for)\b"
)


def _names_an_arm(question: str, subject: Sequence[Concept]) -> bool:
    """Whether a dose only tells the arm in which a reaction is asked about: "aggression, top dose"."""
    named = any(concept.essential and concept.kind in _REACTIONS for concept in subject)
    return named and _ARM_BY_DOSE.search(question) is not None and not _DOSE_ASKED.search(question)


def names_a_class(query: Query) -> bool:
    """Whether a question speaks of a class of medicines: "the pill", "a macrolide"."""
    known = class_names()
    return any(not known.isdisjoint((one.text, f"{one.text}s", one.name)) for one in query.concepts if not one.soft)


_IN_A_LABORATORY = expression(r"(?i)\b(?:labs?|laborator(?:y|ies)|lab(?:oratory)? values?|by counts?)\b")


def _plain(concept: Concept, graded: Sequence[str]) -> Concept:
    """A word of severity beside a grade only says the grade again: "severe (grade 3/4)"."""
    return replace(concept, soft=True) if graded and concept.kind == "severity" else concept


def _of_a_trial(question: str, concept: Concept, tried: Sequence[tuple[str, int, int]]) -> Concept:
    """A word of a trial's name is no subject of its own: "RE-LY", "studies 102 and 103"."""
    place = question.lower().find(concept.text.lower())
    inside = any(start <= place and place + len(concept.text) <= end for _, start, end in tried)
    return replace(concept, kind="trial") if inside and not concept.soft else concept


_REACTIONS = frozenset({"symptom", "condition", "lab", "abbreviation"})
_NO_BARE = expression(
    r"(?i)\b(?:what|how|when|where|why|who|which|does|should|can|start\w*|begin\w*|hold|stop\w*|continue|resume|restart|manage\w*|management|monitor\w*|check\w*|"
    r"reduce|give|avoid|treat|interrupt|withhold|discontinue|action|allowed|ok|safe|safety|contraindicat\w*|interact\w*|mechanism|stor\w+|months?|"
    r"indicat\w+|approved|use|warning|counsel\w*|risk factors?|symptoms?|signs|most|common|may|carry|is|are|was|were|did|has|suspected|new|antidote|overdose|contraception|history|prior|pre-?existing)\b"
)
_OF_A_TABLE = expression(r"(?i)\b(?:arm|group|pooled|pool|table|trials?|stud(?:y|ies)|all doses|overall|combined)\b")


def _names_only(
    question: str,
    subject: Sequence[Concept],
    graded: Sequence[str],
    arms: Sequence[str],
    who: Sequence[str],
    dosed: bool,
) -> bool:
    """Whether a question only names a reaction and among whom: "Diarrhea on placebo?" asks for its rate."""
    named = any(concept.essential and concept.kind in _REACTIONS for concept in subject)
    if set(who) & {"pregnant", "lactating"}:
        return False
    among = bool(graded or arms or dosed or set(who) & {"adult", "pediatric", "elderly", "male", "female"})
    return named and (among or _OF_A_TABLE.search(question) is not None) and not _NO_BARE.search(question)


def lead_up(question: str) -> int:
    """Where the sentence that asks begins: what stands before it only leads up to it. 0 where the
    question is short or has no sentence in front.

    >>> lead_up("A 6-year-old after two cycles, before transplant. What is the VOD rate?")
    50
    """
    spans = sentences.split(question)
    asking_spans = [start for start, end in spans if question[start:end].rstrip().endswith("?")]
    if len(spans) < 2 or len(question) < 60:
        return 0
    return asking_spans[-1] if asking_spans else 0


_WITHOUT = expression(
    r"(?i)\b(?:without|no|not|never|didn'?t|did not|weren'?t|were not|wasn'?t)\b[\s-]*(?:\w+[\s-]+){0,3}$"
)


_RIGHT_WITHOUT = expression(
    r"(?i)\b(?:without|not|never|didn'?t|weren'?t)\s+(?:an?\s+|any\s+|have\s+|having\s+|had\s+|undergo\w*\s+|receiv\w+\s+|get\s+|been\s+)*$"
)


# "It never came back", "did not wear off": what is denied is what someone does, and no patients are without it.
_NOT_DONE = expression(r"(?i)\b(?:never|not|didn'?t|does(?:n'?t| not)|did not|do(?:n'?t| not))\s+$")
_CHANGE = expression(
    r"(?i)\b(?:fall|falls|drop|drops|rise|rises|dip)\b(?=\s+(?:in|of|from|at)\b)"
    r"|\b(?:levels?|concentrations?|exposures?|pressures?|counts?|clearance|AUC|Cmax)\s+(?:also\s+)?(?P<verb>fall|falls|fell|drop|drops|rise|rises|rose|dip)\b"
)


def _as_typed(text: str) -> str:
    """A pattern of a concept's words however they were parted: "t2 dm" in "T2DM"."""
    return r"(?i)" + r"\W*".join(re.escape(word) for word in text.split())


def _beside(concept: Concept) -> Concept:
    """Another medicine that a patient takes and of which the labels speak: it may change the dose, so it is no mere background."""
    return (
        replace(concept, background=False)
        if concept.kind == "drug" and (concept.known or concept.synonyms)
        else concept
    )


# "No, I meant cyclosporine" denies no cyclosporine.
_CORRECTS = expression(
    r"(?i)^\W*(?:(?:sorry|oops|ah|oh|wait|hmm)\W+)*(?:no|nope|not that)\b(?=\W*(?:,|[-–—]|i\b|we\b|sorry|wait|the\b|for\b|in\b|on\b|with\b))"
)
_EXPLAINED = expression(r"[\s-]*(?:\w+\s?)?[(\[]|/")


def _explained(question: str, subject: Sequence[Concept]) -> tuple[Concept, ...]:
    """The concepts, an unheard-of one being soft where brackets after it say what is meant: "swelled up (angioedema)"."""
    return tuple(
        replace(concept, soft=True) if not concept.known and _is_explained(question, concept, subject) else concept
        for concept in subject
    )


def _is_explained(question: str, concept: Concept, subject: Sequence[Concept]) -> bool:
    match = re.search(_as_typed(concept.text), question)
    opening = _EXPLAINED.match(question, match.end()) if match else None
    return opening is not None and any(
        other.known and re.match(_as_typed(other.text), question[opening.end() :]) for other in subject
    )


_ORGANS: Final = {
    "hepatic impairment": frozenset({"liver", "hepat", "cirrhosi", "cirrhot"}),
    "renal impairment": frozenset({"kidney", "renal", "nephropathi"}),
}


def _impaired(concept: Concept, who: Sequence[str]) -> Concept:
    """A disease of the liver or kidney that the labels don't name, where its impairment is asked about: "cirrhosis, Child-Pugh C"."""
    if concept.known or concept.kind not in (*_REACTIONS, "word"):
        return concept
    named = any(slug in who and concept.stems & organ for slug, organ in _ORGANS.items())
    named = named or ("renal impairment" in who and _KIDNEYS.fullmatch(concept.name) is not None)
    return replace(concept, background=True) if named else concept


_KIDNEYS = expression(r"(?:chronic |end[- ]stage )?(?:kidney|renal) (?:disease|failure)")
_FOR = expression(
    r"(?i)\W*(?:\w+\W+){0,2}(?:for|because of|due to)\W+(?:(?:an?|the|his|her|their|my|acute|chronic|recent)\s+)*"
)


def _without_reasons(question: str, subject: Sequence[Concept]) -> tuple[Concept, ...]:
    """The concepts, what another medicine is taken for only leading up where no label speaks of it: "on Tegretol for seizures"."""
    places = {id(one): match for one in subject if (match := re.search(_as_typed(one.text), question))}
    ends = [places[id(one)].end() for one in subject if one.kind == "drug" and id(one) in places]

    def is_reason(concept: Concept) -> bool:
        if concept.known or concept.kind not in _REACTIONS or id(concept) not in places:
            return False
        start = places[id(concept)].start()
        return any(end < start and _FOR.fullmatch(question, end, start) for end in ends)

    return tuple(replace(one, background=True) if is_reason(one) else one for one in subject)


def _placed(question: str, concept: Concept, offset: int) -> Concept:
    """The concept, marked where the question asks for what is without it or only leads up with it."""
    places = _places(question.lower(), concept.text.lower())
    places = places or [match.start() for match in re.finditer(_as_typed(concept.text), question)]
    place = places[0] if places else -1
    before = _CORRECTS.sub("", question[:place])[-40:] if place > 0 else ""
    near = bool(_RIGHT_WITHOUT.search(before)) and concept.text not in ("otherwise", "specified", "only", "yet")
    near = near and not (concept.kind in ("ordinary", "word") and bool(_NOT_DONE.search(before)))
    negated = not concept.soft and (near or (concept.kind != "ordinary" and bool(_WITHOUT.search(before))))
    background = 0 <= place < offset and max(places) < offset
    return replace(concept, negated=negated, background=background)


def _places(text: str, words: str) -> list[int]:
    """Where words stand in a text, as they are."""
    found, at = list[int](), text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _populations(question: str) -> tuple[str, ...]:
    """The populations named, an age in years or a range of ages being one of them."""
    found = list(populations.named(question))
    for match in AGE.finditer(question):
        age = figures.number(match.group())
        slug = "pediatric" if age < 18 or "month" in match.group().lower() else "elderly" if age >= 65 else "adult"
        if slug not in found:
            found.append(slug)
    if {"pregnant", "lactating"} & set(found) and "female" in found:
        found.remove("female")  # subtle: what is said of pregnancies needn't name women
    if {"male", "female"} & set(found) and not _SEXES.search(_ONE_PATIENT.sub(" ", question)):
        found = [
            slug for slug in found if slug not in ("male", "female")
        ]  # "in a 90 kg man": whom it is for, not told by sex
    shorthand = SEX.search(question)  # "68F"
    if shorthand and not {"male", "female"} & set(found):
        found.append("female" if shorthand["sex"] == "F" else "male")
    for match in AGE_GROUP.finditer(question):
        if match["high"] and int(match["high"]) < 18 and "pediatric" not in found:
            found.append("pediatric")
    return tuple(found)


_ONE_PATIENT = expression(
    r"(?i)\b(?:an?|this|my|our|his|her|another)\s+(?:(?!(?:in|of|for|on|with|and)\b)[\w.-]+\s+){0,4}(?:m[ae]n|wom[ae]n|males?|females?|lady|gentleman|boy|girl)\b(?!\s+(?:patients|subjects|population|arm|group))"
)
_SEXES = expression(r"(?i)\b(?:(?:fe)?males?|m[ae]n|wom[ae]n|girls|boys|lady|ladies)\b")
_ALSO_SUBJECT = frozenset({"pregnant", "lactating", "renal impairment", "hepatic impairment"})
