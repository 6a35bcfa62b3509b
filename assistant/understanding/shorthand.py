"""Shorthand of a question spelled out, so that its words are those of labels: enzymes, ordinal numbers, routes, units.

In: a question as typed. Out: `spelled_out`. Left out: misspellings (`understanding.subject`) and abbreviations that the lists
hold (`understanding.lexicon`).
"""

import re
from typing import Final

from assistant.understanding.subject import Vocabulary
from assistant.words import terms


def spelled_out(question: str, vocabulary: Vocabulary) -> str:
    """The question with its shorthand in words."""
    return _plainly(_ages(_ordinals(_enzymes(question, vocabulary))))


_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_YOUNG = re.compile(
    r"(?i)\b(?P<who>(?:babies|infants|toddlers|children|kids|girls|boys) (?:under|over|below|above|younger than|older than)) "
    rf"(?P<age>{'|'.join(_NUMBERS)})\b(?! (?:days?|weeks?|months?|years?|or|to)\b)"
)


def _ages(question: str) -> str:
    """The question with ages in figures.

    >>> _ages("in babies under two?")
    'in babies under 2 years?'
    """
    return _YOUNG.sub(lambda one: f"{one['who']} {_NUMBERS.index(one['age'].lower()) + 1} years", question)


_ENZYME = re.compile(r"(?i)(?<![\w-])(2D6|3A4/5|3A4|3A5|3A|2C19|2C9|2C8|2B6|1A2|2E1)(?!\w)")


def _enzymes(question: str, vocabulary: Vocabulary) -> str:
    """The question with enzymes by their whole name, where the label has that: "2D6 PM" is about CYP2D6."""

    def whole(match: re.Match[str]) -> str:
        name = f"CYP{match[1].upper()}"
        return name if vocabulary.holds(tuple(terms(name))) else match.group()

    named = _ENZYME.sub(whole, question)
    return re.sub(r"\b(CYP\w+) PM(s?)\b", r"\1 poor metabolizer\2", named)


_NTH = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


def _ordinals(question: str) -> str:
    """The question with ordinal numbers in words: "her 2nd injection", but "2nd-degree" as it is.

    >>> _ordinals("late for the 2nd shot, the 11th of May")
    'late for the second shot, the 11th of May'
    """
    return re.sub(
        r"(?i)(?<![\w.])([1-9]|10)(?:st|nd|rd|th)\b(?![- ]degree)", lambda match: _NTH[int(match[1]) - 1], question
    )


_ORGANS: Final = (
    "breast|lung|thyroid|prostate|ovarian|colon|colorectal|rectal|bladder|kidney|renal|renal cell|liver|pancreatic|gastric|stomach|cervical|endometrial|skin|cell|"
    "esophageal|testicular|urothelial|medullary|papillary"
)
_SHORTHAND: Final = (
    (re.compile(r"(?i)\bq\s?(?P<n>\d+(?:-\d+)?)\s?(?:w|wks?|weeks?)\b"), r"every \g<n> weeks"),
    (re.compile(r"(?i)\bq\s?(?P<n>\d+(?:-\d+)?)\s?(?:d|days?)\b"), r"every \g<n> days"),
    (re.compile(r"(?i)\bq\s?(?P<n>\d+(?:-\d+)?)\s?(?:h|hrs?|hours?)\b"), r"every \g<n> hours"),
    (re.compile(r"(?i)\bq\s?(?P<n>\d+(?:-\d+)?)\s?(?:mo|months?)\b"), r"every \g<n> months"),
    (re.compile(r"(?i)\bevery-(?P<n>\d+)-(?P<unit>week|day|month|hour)s?\b"), r"every \g<n> \g<unit>s"),
    (re.compile(r"(?i)\bqw(?:k|eek)?\b"), "once weekly"),
    (re.compile(r"(?i)\b(?P<n>\d+(?:\.\d+)?)[\s-]?hourly\b"), r"every \g<n> hours"),
    (re.compile(r"(?i)\b(?:t|T)\s?(?:1/2|½)(?!\w)"), "half-life"),
    (re.compile(r"(?i)\b(?:milligrams?|mg) (?:per|a) kilo(?:gram)?s?\b"), "mg/kg"),
    (re.compile(r"(?i)(?<=\d)[\s-]?kilo(?:gram)?s?\b"), " kg"),
    (re.compile(r"(?i)\brxns?\b"), "reactions"),
    (re.compile(r"(?i)\btab(s?)\b(?!\.)"), r"tablet\1"),
    (re.compile(r"\b[Cc]aps\b"), "capsules"),
    (re.compile(r"(?i)\bavg\b\.?"), "average"),
    (re.compile(r"(?i)\b(?:b/c|bc)\b(?= of\b)"), "because"),
    (re.compile(r"(?i)\bs/p\b"), "after"),
    (re.compile(r"(?i)\bh/o\b"), "history of"),
    (re.compile(r"(?i)\bper m(?:2|²)(?!\w)"), ""),
    (re.compile(r"(?i)\bwks?\.? (?=\d)"), "week "),
    (re.compile(r"(?i)\byrs?\.? (?=\d)"), "year "),
    (re.compile(r"(?i)\bmo\.? (?=\d)"), "month "),
    (re.compile(r"(?i)(?<=\d)[\s-]?wks?\b\.?(?! ?old)"), " weeks"),
    (re.compile(r"(?i)(?<=\d)[\s-]?yrs?\b\.?(?![\s-]?olds?)"), " years"),
    (re.compile(r"(?i)\bkeep (?:on )?(?=\w{3,}ing\b)"), ""),  # "keep monitoring" stores nothing
    (re.compile(r"(?i)\bsev\b\.?"), "severe"),
    (re.compile(r"(?i)\bcreat(?= clearance\b)"), "creatinine"),
    (re.compile(rf"(?i)\b(?P<organ>{_ORGANS}) ca\b(?! ?(?:level|channel|\d|[-+(/]))"), r"\g<organ> cancer"),
    (re.compile(r"(?i)\bthe (?![2-9]0'?s)(\d+(?:\.\d+)?)'?s\b"), r"the \1"),
    (re.compile(r"(?i)\b(\d\d) (?:and|or) (?:up|upwards?|above)\b(?! to\b)"), r"\1 years and older"),
    (
        re.compile(
            r"(?<![\w-])(?<!grade )(?<!Grade )(?<!class )(?<!Class )(?<!stage )(?<!Stage )(?<!phase )(?<!Phase )(?<!type )(?<!factor )(?<!/)(?:IV|i\.v\.)(?![\w/-])"
        ),
        "intravenous",
    ),
    (re.compile(r"(?<![\w-])(?:PO|p\.o\.|po)(?![\w-])"), "by mouth"),
    (re.compile(r"(?<![\w-])(?:SC|SQ|s\.c\.|subq|SubQ|sub-q)(?![\w-])"), "subcutaneous"),
    (re.compile(r"(?i)\bfrom (\d\d) (?:on|onwards?|up|upwards?)\b"), r"\1 years and older"),
)


def _plainly(question: str) -> str:
    """The question with some shorthand spelled out.

    >>> _plainly("t1/2 in a 40-kilo child?")
    'half-life in a 40 kg child?'
    """
    for pattern, whole in _SHORTHAND:
        question = pattern.sub(whole, question)
    return question
