"""The rules of a question's text, the same on every surface, and the error that says which field is wrong.

In: texts as they were sent. Out: `FieldError`, `check_question`, `check_text`, `short`. Left out: the other fields of a request
(`http.asking`).
"""

import unicodedata
from typing import Any

from assistant.errors import BadRequest

LONGEST = 2000  # characters of a question, as the reply contract caps it
_WHITE_SPACE = "\t\n\r"
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SHOWN = 200  # characters of a wrong value that an error repeats
_PLAIN_TEXT = "text without control characters"


class FieldError(BadRequest):
    """A request field is wrong: which, its value and what is allowed."""

    def __init__(self, field: str, value: Any, allowed: str, *, message: str = "") -> None:
        super().__init__(message or f"{field} is {short(value)!r}", place=field, remedy=f"Give {allowed}")
        self.field = field
        self.value = value
        self.allowed = allowed


def check_question(question: str, longest: int) -> None:
    """Raise FieldError for a question that is empty, over `longest` characters or carries control characters."""
    allowed = f"1 to {longest:,} characters"
    if not question.strip():
        raise FieldError("question", question, allowed, message="The question is empty")
    if len(question) > longest:
        raise FieldError("question", question, allowed, message=f"The question has {len(question):,} characters")
    check_text(question, "question")


def check_text(text: str, field: str) -> None:
    """Raise FieldError at the first control or direction character; tab and line break are white space."""
    for place, letter in enumerate(text):
        if letter in _DIRECTION or (letter not in _WHITE_SPACE and unicodedata.category(letter) in ("Cc", "Cs")):
            message = f"The text has a control character, U+{ord(letter):04X}, at position {place}"
            raise FieldError(field, f"U+{ord(letter):04X} at {place}", _PLAIN_TEXT, message=message)


def short(value: Any) -> Any:
    """A wrong value as an error may repeat it: plain, encodable and at most some 200 characters."""
    if value is None or isinstance(value, bool | int | float):
        return value if value == value else "NaN"
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text):,} characters)"
