"""What a question asks for: a figure, a list, an action; of which measure, population, grade, trial, arm and section.

In: a question. Out: the slots of a `Query` that can be told from the question's own wording, with the stretches of it
that they take up, so that what remains is the subject. Left out: the subject itself (`understanding.subject`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from assistant import standard
from assistant.query import AnswerType, Measure
from assistant.words import fold

# The wording of questions, by what it asks to be told. The first that fits wins.
_MEASURES: Final[tuple[tuple[Measure, str], ...]] = (
    (
        "phone",
        r"phone|telephone|what(?:'s| is) the (?!.{0,40}number of)(?:\w+ ){0,3}number|hot ?line|(?:what|which) number|number (?:do i|to) call|who (?:do|should|can) (?:i|we) (?:call|contact|notify)|contact number",
    ),
    (
        "time",
        r"time to|time from|how soon|how quickly|how early|how late|when (?:do|does|did|is|are|was|were|after)|onset|tmax|t max|time of onset"
        r"|how (?:many days|many weeks|many months|many hours|long) (?:after|before|until|following|post|from|into|does it take|till|prior)",
    ),
    (
        "duration",
        r"how long|duration|how many (?:days|weeks|months|years|hours|minutes|cycles)|for what (?:length|period)|half[- ]?li(?:fe|ves)|t1/2|t½",
    ),
    ("grade", r"(?:what|which) (?:severity )?grades?"),
    ("frequency", r"how (?:often|frequently)"),
    (
        "rate",
        r"rates?|incidences?|frequenc(?:y|ies)|percent(?:age)?s?|%|pct|proportions?|prevalences?|how (?:common|frequent|commonly|likely)"
        r"|how many|number of|what (?:share|fraction|part)|odds|chances?|likelihood|probability",
    ),
    (
        "value",
        r"how (?:high|low|large|big|far)|by how much|how much (?:does|do|did|is|was|were|of a|higher|lower|more|less)|what (?:\w+ ){0,2}(?:level|threshold|cut-?off|temperature|temp|age|value|concentration)s?|thresholds?|cut-?offs?|storage temp\w*|hazard ratio|relative risk|odds ratio|longest|shortest|mean|median|average|auc|cmax|clearance|bioavailability|volume of distribution",
    ),
    (
        "dose",
        r"doses?|dosage|dosing|how much (?:should|do i|do we|to|can)|how many (?:mg|tablets|capsules|vials|units)|mg/kg|titrat\w+|strengths?",
    ),
)
_MEASURE: Final = [
    (name, re.compile(rf"(?<![\w/-])(?:{pattern})(?![\w/])", re.IGNORECASE)) for name, pattern in _MEASURES
]
_ANSWERS: Final[tuple[tuple[AnswerType, str], ...]] = (
    (
        "definition",
        r"what (?:does|do) .{1,40}\b(?:stand for|mean)|stands? for|abbreviation|meaning of|\bdefine\b|definition of|spell(?:ed)? out|what'?s .{1,12} short for",
    ),
    (
        "yes_no",
        r"^(?:so |and |ok |but |or )?(?:is|are|was|were|do|does|did|can|could|has|have|had|should|will|would|may|might|any)\b",
    ),
    (
        "list",
        r"\b(?:list|which|what are|what were|name the|what kinds?|what types?|what (?:signs|symptoms|causes|risk factors|reactions|events|drugs|conditions|terms)|examples?)\b",
    ),
    (
        "action",
        r"\bwhat (?:should|to do|do (?:i|we|you) do|must|can be done|action|management|monitoring|is recommended)|\b(?:manage|managed|management|handle|monitor(?:ing|ed)?|premed\w*"
        r"|prevent\w*|avoid|precautions?|how (?:should|do|to|is|are)|when should|need to|recommend\w*)\b",
    ),
)
_ANSWER: Final = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _ANSWERS]
# Words of asking and of reporting, that an answer needn't contain.
_SOFT: Final = re.compile(
    r"(?i)(?<![\w-])(?:rates?|incidences?|frequenc\w+|percent\w*|proportion|prevalence|common(?:ly|est)?|often|frequent(?:ly)?|likely|likelihood|odds|chances?|many|"
    r"much|numbers?|figures?|values?|data|info|information|stats?|statistics|details?|results?|reports?|reported|reporting|occur\w*|happen\w*|see|seen|saw|observed?|"
    r"noted|experienc\w+|develop\w*|ha[sd]|having|get(?:s|ting)?|got|gets|suffer\w*|show\w*|involv\w+|patients?|pts?|people|persons?|subjects?|participants?|"
    r"individuals?|cases?|treated|treatment|therapy|taking|takes?|took|taken|receiv\w+|given|giving|gives?|using|used|uses?|on|label\w*|pi|drugs?|medic(?:ine|ation)s?|meds?|"
    r"product|please|pls|plz|thx|asap|fyi|btw|re|approx|etc|incl|w|wo|dx|hx|rx|tx|sx|know|say|says|said|state[sd]?|mention\w*|describ\w+|according|list\w*|name|names|which|overall|total|typical\w*|usual\w*|"
    r"generally|approximately|about|around|roughly|exactly|specific\w*|actual\w*|long|soon|quick\w*|fast|start\w*|begin\w*|begun|onset|time|times|timing|when|"
    r"after|before|during|following|post|since|until|without|within|between|versus|vs|compar\w+|than|how|why|long|there|here|it|its|thing|things|stuff|kind|kinds|type|types|"
    r"need\w*|want\w*|should|recommend\w*|advis\w+|suggest\w*|do|doing|done|make|made|go|going|goes|come|comes|look\w*|find|found|tell|ask\w*|question\w*|answer\w*|mean|means|"
    r"stand|stands|call\w*|ok|okay|hi|hello|hey|thanks|thank|regarding|concerning|relat\w+|associated|due|because|caus\w+|lead\w*|result\w*|affect\w*|effect|effects|"
    r"happened|possible|possibly|potential\w*|risk|risks|chance|problem\w*|issue\w*|event|events|reactions?|adverse|side|aes?|ars?|adrs?|sae|teaes?|clinical|trials?|study|studies|"
    r"group|groups|arm|arms|labs?|laboratory|wks?|hrs?|yrs?|mos?|ms|msec|column|row|table|section|rest|other|others|else|also|too|both|either|same|different|difference|one|ones|first|second|last|next|new|quick|brief|"
    r"mg|mcg|ml|kg|percentages?|pct|approx|max|min|maximum|minimum|highest|lowest|higher|lower|more|less|fewer|most|least|greater|above|below|over|under|up|down|"
    r"grade|grades|i{1,3}|iv|vi*|any|all|each|every|total|level|levels|currently|now|today|still|already|ever|never|yes|no|not|none)(?![\w-])"
)
_TRIAL: Final = re.compile(
    r"\b(?:[Ss]tud(?:y|ies)|[Tt]rials?) ([A-Z]{0,3}-?[IVX\d][\w-]*)\b|\b([A-Z]{3,}(?:-[A-Z0-9]+)+)\b"
)
_PLACEBO: Final = re.compile(
    r"(?i)\b(?:placebo|pbo|sham|vehicle)\b(?![- ]?(?:controlled|subtracted|adjusted|corrected|run-?in))"
)
_VERSUS: Final = re.compile(
    r"(?i)\b(?:vs\.?|versus|compared (?:to|with)|than|against|or)\s+(?:the )?(?:placebo|pbo|sham|vehicle|control|comparator)|\bplacebo\s+(?:vs\.?|versus)"
)
_CONTROL: Final = re.compile(
    r"(?i)\b(?:control(?:s| arm| group)|comparator|standard (?:chemo\w*|therapy|of care)|investigator\S* choice|(?:chemo\w*|soc) (?:control )?(?:arm|group)|controls)\b"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked for, and where the question says so."""

    measure: Measure | None
    answer_type: AnswerType
    sections: tuple[str, ...]
    trials: tuple[str, ...]
    arms: tuple[str, ...]
    soft: tuple[tuple[int, int], ...]  # half-open stretches of words of asking
    taken: tuple[tuple[int, int], ...] = ()  # half-open stretches that name an arm


def asking(question: str) -> Asking:
    """What a question asks for.

    >>> found = asking("VOD rate after HSCT in children?")
    >>> found.measure, found.answer_type
    ('rate', 'figure')
    """
    if _COUNTED.search(question):
        return replace(_asking(question), measure="count", answer_type="figure")
    return _asking(question)


_COUNTED: Final = re.compile(
    r"(?i)\b(?:how many|number of)\b.*\b(?:measured|tested|assessed|evaluated|evaluable|assay\w*|checked|denominator)\b|\bn\s?=\s?\?|\bdenominator\b|^n for\b"
)


# "Dose" as the name of an arm or a point in time, not what is asked for: "rash on the 1200 mg dose", "after the last dose".
_DOSE_AS_NAME: Final = re.compile(
    r"(?i)\d[\d,.]*\s?(?:mg|mcg|g|units)?(?:/\w+)?[\s-]+dos(?:es?|ing)|\b(?:fixed|flexible|single|multiple|last|final|each|every|per|first|by|across|all|any|both|missed|prior)[\s-]+(?:the )?dos(?:es?|ing)|"
    r"\bdos(?:e|ing)[\s-]+(?:response|groups?|levels?|arms?|stud(?:y|ies)|related|trials?|dependent)"
)


def _asking(question: str) -> Asking:
    plain = _DOSE_AS_NAME.sub(" ", question)
    measure = next((name for name, pattern in _MEASURE if pattern.search(plain if name == "dose" else question)), None)
    answer = next((name for name, pattern in _ANSWER if pattern.search(question)), None)
    if _asks_action(question, measure) or (measure is None and _ADVICE.search(question)):
        answer = "action"
    elif measure is not None and answer not in ("yes_no", "definition"):
        answer = "figure"
    return Asking(
        measure=measure,
        answer_type=answer or "text",
        sections=tuple(_sections(question)),
        trials=tuple(match[1] or match[2] for match in _TRIAL.finditer(question)),
        arms=tuple(_arms(question)),
        soft=tuple(_soft(question)),
        taken=tuple(match.span() for pattern in (_PLACEBO, _CONTROL) for match in pattern.finditer(question)),
    )


_MUST: Final = re.compile(
    r"(?i)\b(?:should|must|need to|needs to|have to|has to|monitor\w*|check\w*)\b|\bwhen (?:do|can|must) (?:we|you|i|one|patients)\b"
)


_ADVICE: Final = re.compile(
    r"(?i)\bshould (?:i|we|the|this|my|our|she|he|they|it|treatment|patients?)\b|\b(?:do|can|must|may) (?:i|we) (?:stop|continue|hold|restart|resume|give|start|keep)\b"
)


def _asks_action(question: str, measure: Measure | None) -> bool:
    """ "How often should liver tests be checked?" asks what to do, not how many patients had something."""
    return measure in ("rate", "time", "frequency") and _MUST.search(question) is not None


def _arms(question: str) -> Iterator[str]:
    if _VERSUS.search(question):
        yield "drug"
    if _PLACEBO.search(question):
        yield "placebo"
    elif _CONTROL.search(question):
        yield "comparator"


def _soft(question: str) -> Iterator[tuple[int, int]]:
    for match in _SOFT.finditer(question):
        yield match.span()
    for name, pattern in _MEASURE:
        for match in pattern.finditer(question):
            if name != "value" and not match.group().lower().startswith(("half", "t1", "t½", "tmax", "t max")):
                yield match.span()


_WORKS: Final = re.compile(r"(?i)\bhow (?:does|do) .{1,40}\bwork\b")


# Kinds of sections that are asked for as such: their cue is all that the question is about.
_AS_SUCH: Final = ("boxed_warning", "contraindications", "indications")


def section_words(question: str) -> list[tuple[int, int]]:
    """Half-open stretches that name a section as such ("boxed warning"): no passage need repeat them."""
    words = fold(question)
    cues = [cue for slug in _AS_SUCH if slug in standard.kinds() for cue in standard.kinds()[slug].cues]
    return [match.span() for cue in cues for match in re.finditer(rf"(?<!\w){re.escape(cue)}\w*", words)]


def _sections(question: str) -> Iterator[str]:
    """Kinds of sections whose cue words stand in the question, the longest cue first."""
    words = fold(question)
    if _WORKS.search(question):
        yield "mechanism"
    found: list[tuple[int, str]] = []
    for kind in standard.kinds().values():
        lengths = [len(cue) for cue in kind.cues if re.search(rf"(?<!\w){re.escape(cue)}", words)]
        if lengths:
            found.append((max(lengths), kind.slug))
    yield from (slug for _, slug in sorted(found, key=lambda item: (-item[0], item[1])))
