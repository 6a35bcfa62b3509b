"""What a cell's text looks like: a figure, a unit, an "N=", a footnote mark.

In: the text of one cell or header. Out: whether it is one of these, and which. Left out: where the cell stands.
"""

import re

SYMBOLS = "*†‡§¶‖"
_LONGEST = 80  # characters of a figure with all that belongs to it
_LONGEST_HEAD = 400  # characters
_LONGEST_CELL = 2000  # characters of a cell in which marks are looked for
_ATOM = (
    r"(?:%|°[CF]|µmol|μmol|mmol|nmol|pmol|mol|mEq|mIU|IU|units?|U|mcg|µg|μg|ug|ng|pg|mg|kg|g|µL|μL|mL|ml|dL|L|mm ?Hg|"
    r"mm|cm|m\^?2|m²|m\^?3|m|bpm|kcal|msec|ms|seconds?|sec|minutes?|min|hours?|hrs?|hr|h|days?|weeks?|wk|months?|years?|"
    r"degrees|cells|copies|10\^9|x ?10\^9)"
)
_UNIT = rf"{_ATOM}(?:\s?(?:/|·|•|\*|×|per)\s?(?:\d[\d.]*\s?)?{_ATOM})*"
_PEOPLE = r"(?:patients|subjects|responders|adults|children|participants)"
_COUNT_SHARE = rf"(?:n/N|n|N|no\.|No\.|[Nn]umber(?: of {_PEOPLE})?)\s?,?\s*\(?%\)?(?: of {_PEOPLE})?"
_SHARE = rf"(?:%|[Pp]ercent(?:age)?)(?:\s+of\s+(?:\w+\s+)?{_PEOPLE})?"
_N = re.compile(r"\b[Nn]\s*=\s*(\d[\d,]*)")
_N_PHRASE = re.compile(r"\(?\s*(?:\bTotal\s+)?\b[Nn]\s*=\s*\d[\d,]*\s*\)?")
_N_ONLY = re.compile(r"\(?\s*(?:Total\s+)?[Nn]\s*=\s*\d[\d,]*\s*\)?\s*(?:%|\(%\)|n \(%\))?")
_N_HEAD = re.compile(r"\(?(?:[nN]|No\.)\)?")
_WHOLE = re.compile(rf"[(\[]?\s*(?P<unit>{_COUNT_SHARE}|{_SHARE}|{_UNIT}|n|N)\s*[)\]]?")
_TAIL = re.compile(
    rf"(?:^|[\s,;:)])(?P<both>{_COUNT_SHARE})$|[(\[](?P<round>{_COUNT_SHARE}|{_SHARE}|{_UNIT})[)\]]$|"
    rf",\s*(?P<after>{_SHARE}|{_UNIT})$|(?:^|\s)(?P<share>%(?:\s+of\s+\w+)?)$|(?P<change>(?:%|\bpercent(?:age)?)\s+change)|"
    r",\s*(?P<inner>n\s?\(%\))(?=\s)",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    rf"\((?P<both>{_COUNT_SHARE})\)|(?P<number>[Nn]umber of \w+ \(%\))|\((?P<share>{_SHARE})\)|"
    r"(?P<change>(?:%|\bpercent(?:age)?)\s+change)",
    re.IGNORECASE,
)
# subtle: possessive quantifiers, since "1,2,3,..." can be split in exponentially many ways
_NUMBER = r"[<>≤≥=~±+\-–−↑↓]*+\s*+\d++(?:,\d{3}(?!\d))*+(?:\.\d++)?+"
_FIGURE = re.compile(
    rf"[(\[]?{_NUMBER}(?:\s?(?:{_UNIT}|-?\s?fold))?+[)\]]?"
    rf"(?:\s*(?:[-–−/,;±]|to|\()\s*{_NUMBER}(?:\s?{_UNIT})?+[)\]]?)*+(?:\s*\([^()]*\d[^()]*\))?[{SYMBOLS}#]*"
)
_DATE = re.compile(r"\d{1,2}/(?:\d{1,2}/)?\d{4}")
_PERIOD = re.compile(r"\d+\s?(?:hours?|days?|weeks?|wks?|months?|years?)", re.IGNORECASE)
_NOTHING = re.compile(r"(?:-+|–|—|−|N/?A\.?|ND|NR|NE|NS|\.\.\.|…)[*†‡§]*", re.IGNORECASE)
_SYMBOL = re.compile(f"[{SYMBOLS}#]")
_TRAILING = re.compile(rf"\s*((?:[{SYMBOLS}]|(?<=[^\s#])#)+)$")
_INNER = re.compile(rf"(?<=[^\W_]|[%)®™])([{SYMBOLS}]+)(?=[\s,/)])")
_LEADING = re.compile(rf"^([{SYMBOLS}]+)\s*(?=\w)")
_MARK = re.compile(r"\d+|[^\W\d_]|([^\w\s,;^().\-–])\1*")


def stated_n(text: str) -> str:
    """The N that a header prints, as printed; empty where it prints none.

    >>> stated_n("BESPONSA monotherapy (n=53)")
    '53'
    """
    found = _N.findall(text)
    return found[-1].rstrip(",") if found else ""


def is_n(text: str) -> bool:
    """Whether a cell says nothing but an N: "(N=705)"."""
    return bool(_N_ONLY.fullmatch(text))


def is_n_head(text: str) -> bool:
    """Whether a column is headed by a bare "n"."""
    return bool(_N_HEAD.fullmatch(text))


def is_unit(text: str) -> bool:
    """Whether a cell says nothing but a unit: "(%)", "n", "n (%)", "mg/dL"."""
    return bool(_WHOLE.fullmatch(text))


def unit_of(header: str) -> str:
    """The unit that a header prints, without brackets of its own; empty where it prints none.

    >>> unit_of("All grades, %"), unit_of("Median at Baseline (mg/dL)"), unit_of("Week (26 weeks)"), unit_of("(%)")
    ('%', 'mg/dL', '', '%')
    """
    text = " ".join(_N_PHRASE.sub(" ", header[-_LONGEST_HEAD:]).split()).strip(" ,;")
    if whole := _WHOLE.fullmatch(text):
        return _clean(whole["unit"])
    tail = _TAIL.search(text)
    return _clean(next(group for group in tail.groups() if group)) if tail else ""


def unit_of_caption(caption: str) -> str:
    """The unit that a caption prints for the whole table, "%" or "n (%)"; empty where it prints none."""
    found = _CAPTION.search(caption)
    if found is None:
        return ""
    return "n (%)" if found["both"] or found["number"] else "%"


def _clean(unit: str) -> str:
    if re.fullmatch(_COUNT_SHARE, unit, re.IGNORECASE):
        return "n (%)"
    if re.match(r"%|percent", unit, re.IGNORECASE):
        return "%"
    return "n" if unit in ("n", "N") else unit


def is_date(text: str) -> bool:
    """Whether a cell holds a date, as lists of recent changes do: "08/2017"."""
    return bool(_DATE.fullmatch(text))


def is_period(text: str) -> bool:
    """Whether a cell names a time rather than a value: "24 weeks"."""
    return bool(_PERIOD.fullmatch(text))


def is_figure(text: str) -> bool:
    """Whether a cell holds a value: a number with whatever belongs to it, or what stands in its place ("-", "NA").

    >>> is_figure("0.78 (0.69, 0.89)"), is_figure("NA"), is_figure("08/2017"), is_figure("Week 24")
    (True, True, False, False)
    """
    if len(text) > _LONGEST or _DATE.fullmatch(text):
        return False
    return bool(_FIGURE.fullmatch(text) or _NOTHING.fullmatch(text))


def without_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """A cell's text without plain footnote symbols, and the symbols.

    >>> without_marks("46%*"), without_marks("Change* in score"), without_marks("*")
    (('46%', ('*',)), ('Change in score', ('*',)), ('*', ()))
    """
    if text.isalnum() or len(text) > _LONGEST_CELL or not _SYMBOL.search(text):
        return text, ()
    marks = [match[1] for match in _INNER.finditer(text)]
    bare = _INNER.sub("", text)
    for pattern in (_LEADING, _TRAILING):
        if (found := pattern.search(bare)) and pattern.sub("", bare).strip():
            marks.append(found[1])
            bare = pattern.sub("", bare)
    return (bare, split_marks("".join(marks))) if bare.strip() else (text, ())


def split_marks(run: str) -> tuple[str, ...]:
    """Marks printed side by side, one by one: "a,b*" is a, b and *; "**" is one.

    >>> split_marks("a,b**")
    ('a', 'b', '**')
    """
    return tuple(match.group() for match in _MARK.finditer(run))
