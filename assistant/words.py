"""Text to words: what counts as one word and when two words are the same.

Out: `tokens`, words with their places in the text; `terms`, the stems that are indexed and searched; `fold`, one
spelling for letters that only look different. Left out: which words mean the same thing (`understanding.lexicon`).
"""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from snowballstemmer.english_stemmer import EnglishStemmer

from assistant.patterns import expression

_NUMBER = expression(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")
_TOKEN = expression(rf"{_NUMBER.pattern}|[^\W\d_]+(?:['’][^\W\d_]+)?(?:\d+)?|[≥≤<>=%]")
_FOLDED = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "−": "-", "\u00a0": " ", "\u00ad": None}
)

STOP_WORDS = frozenset(
    "a an and any are as at be been being but by can could did do does for from had has have he her hers him his how i "
    "if in into is it its itself may me might more most must my no not of on or our ours per shall she should so "
    "some such than that the their theirs them then there these they this those to too very via was we were what when "
    "where which while who whom whose why will with would you your yours about also please tell give given show me "
    "there's what's it's i'm don't didn't doesn't us just get got like "
    "he's she's that's they're we're you're i've they've we've isn't aren't wasn't weren't can't won't couldn't wouldn't shouldn't haven't hasn't hadn't "
    "dont didnt doesnt isnt arent wasnt werent cant couldnt wouldnt shouldnt havent hasnt hadnt whats hes shes thats im ive teh".split()
)


class Token(NamedTuple):  # a tuple, since a label has tens of thousands
    """A word or number with its half-open place in the text."""

    text: str  # folded and lower case
    start: int
    end: int


def fold(text: str) -> str:
    """Typographic quotes, dashes and blanks to plain ones, accents dropped, lower case; the length may change.

    >>> fold("Ménière’s")
    "meniere's"
    """
    if text.isascii():
        return text.lower()
    plain = text.translate(_FOLDED)
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return plain.lower()


def tokens(text: str) -> tuple[Token, ...]:
    """Words, numbers and comparison signs in text order, places into the text as given.

    >>> [token.text for token in tokens("QTcF ≥60 msec, 1,200 mg")]
    ['qtcf', '≥', '60', 'msec', '1,200', 'mg']
    """
    return _kept_tokens(text) if len(text) <= _KEPT else _tokens(text)


_KEPT = 2000  # characters of a text that is likely to be asked for again: a question, a passage


def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(Token(fold(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(text))


_kept_tokens = lru_cache(maxsize=2048)(_tokens)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The English Snowball stem of a folded word.

    >>> stem("reactions")
    'reaction'
    """
    if not word.isalpha():
        return word.removesuffix("'s")
    # subtle: a stemmer holds the word that it works on, so a shared one mixes up the words of two threads.
    return str(EnglishStemmer().stemWord(word))


def terms(text: str) -> tuple[str, ...]:
    """The stems of a text in order, stop words and comparison signs left out: what BM25 counts.

    >>> terms("The rates of infections")
    ('rate', 'infect')
    """
    return _kept_terms(text) if len(text) <= _KEPT else _terms(text)


def _terms(text: str) -> tuple[str, ...]:
    words = [fold(word) for word in _TOKEN.findall(text)]
    return tuple(stem(word) for word in words if word not in STOP_WORDS and word not in "≥≤<>=%")


_kept_terms = lru_cache(maxsize=8192)(_terms)
