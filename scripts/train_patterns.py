"""What in a label's wording tells arms, grades, trials, subjects and sentences that answer nothing.

Out: compiled expressions and word lists for `train_questions`.
"""

import re

COUNTS = re.compile(
    r"\(?\b[nN]\s?=\s?[\d,]+\)?|\bn?\s?\(%\)|%"
    r"|\bPercent(?:age)?(?: \(%\))? of (?:Patients|Subjects)\b|\bIncidence\b"
)
GRADE = re.compile(
    r"(?i)\b(?:all|any)[ -]?grades?\b|\bgrades?\s*\W*\s*\d(?:\s*(?:-|/|to|or|and|&)\s*\d)?"
    r"|\bgrades?\s*(?:≥|>=)\s*\d|\btotal\b"
)
HIGH = re.compile(r"\d")
ABOUT = re.compile(
    r"(?:[Pp]atients|[Ss]ubjects|[Aa]dults|[Cc]hildren|[Mm]en|[Ww]omen)"
    r" (?:[Ww]ith|[Rr]eceiving|[Tt]reated [Ww]ith|[Ww]ho)"
    r" ([\w' -]{4,60})"
    r"|(?:in|for|of) (?:the )?([A-Z][\w -]{3,40}(?:Stud(?:y|ies)|Trials?)(?: [\dIVX]+)?)|((?:Study|Trial) [\dIVX]+)"
)
CHANGED = re.compile(
    r"(?i)^(?:(?P<up>increased?|elevated|high)|(?P<down>decreased?|reduced|low)) (?P<after>.+)$"
    r"|^(?P<before>.+?),? (?:(?P<rise>increased?|elevated|elevations?)|(?P<fall>decreased?|reduced))$"
)
REFERENCE = re.compile(r"\[\s*[Ss]ee [^\]]*\]|\(\s*[Ss]ee [^)]*\)|^\W+")
SUBJECT = re.compile(
    r"^(?:[Ii]n [^,]{5,80}, )?((?:[A-Z][\w/-]*|Grade [\d-]+(?: or \d)?)(?: [\w/-]+){0,5}?)"
    r" (?:was|were|has|have|had|is|are|occurr?ed|can|may|developed)\b"
)
PERCENT_TERM = re.compile(r"([a-z][\w -]{3,40}?) \(\s?[<≤>]?\d[\d.]*\s?%")
PLAIN_TITLES = re.compile(
    r"(?i)warning|adverse|clinical|experience|precaution|stud(?:y|ies)|trial|postmarket"
    r"|boxed|general|other|reactions?$|laborator|^all$|information|immunogen|summary|table"
)
WORD = re.compile(r"[A-Za-z][A-Za-z-]{3,}")
EMPTY = frozenset(
    (
        "with were that this from have been than which patients should treatment during after before more less "
        "than other these those their when also such most reported clinical following including include received "
        "treated study studies trial drug adverse reactions reaction see warnings precautions dose risk into "
        "prior over under between both only some used using based their there they about above below into until "
        "upon within without whether because while where then them each having being been does shown occurred "
        "observed developed due including associated compared respectively"
    ).split()
)
NO_TOPIC = frozenset(
    (
        "patients there it these this in the warning following overall generally treatment therapy subjects "
        "adverse because although events they"
    ).split()
)
NO_ANSWER = re.compile(
    r":$|^See |[Ff]ull [Pp]rescribing"
    r"|discussed (?:in|elsewhere)|described (?:in|elsewhere|below)|may not reflect|1-800|medwatch"
)
