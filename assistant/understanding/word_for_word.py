"""One word of a question for another: "and motor?" after "peripheral sensory neuropathy" is "peripheral motor neuropathy".

In: a follow-up, the earlier question and the pairs of words that stand side by side in the label. Out: `exchanged`, where in the
earlier question the word goes; `turned`, `for_another_cause` and `directed`, which put "with" for "without", one cause for
any, a test with its direction. Left out: reactions, arms, doses and other names that stand for themselves
(`understanding.rewording`).
"""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from assistant.patterns import expression
from assistant.query import Query
from assistant.words import STOP_WORDS, Token, stem, tokens

Pairs = Collection[tuple[str, str]]  # stems of two words with nothing but a blank or a hyphen between them

_BESIDE: Final = expression(r"[ \t\n\u00a0-]*")
# Words that go before any other: with them two words side by side mean nothing by themselves.
_NO_HEAD: Final = frozenset(
    stem(word) for word in "patients subjects group arm dose rate study trial time % mg".split()
)


def pairs_of(text: str) -> frozenset[tuple[str, str]]:
    """The pairs of stems that stand side by side in a text.

    >>> sorted(pairs_of("Motor neuropathy, severe"))
    [('motor', 'neuropathi')]
    """
    found = tokens(text)
    return frozenset(
        (stem(one.text), stem(other.text))
        for one, other in pairwise(found)
        if _BESIDE.fullmatch(text, one.end, other.start)
    )


def exchanged(word: str, earlier: str, before: Query, pairs: Pairs) -> tuple[int, int] | None:
    """The half-open place in the earlier question of the word that a follow-up's word stands for, None where none does.

    A word takes the place of the one in front of a word that the label has it in front of; where nothing stands there that
    could give way, the place is empty and lies in front of that word.
    """
    said = stem(tokens(word)[0].text)
    found = tokens(earlier)
    for one, other in reversed(list(pairwise(found))):
        if not any((said, head) in pairs for head in _heads(other, before)):
            continue
        if stem(one.text) == said:
            return None
        if any((said, head) in pairs for head in _heads(one, before)):
            return one.start, one.start  # "fatal hemorrhagic stroke"
        if one.text in STOP_WORDS or not one.text.isalpha() or not _BESIDE.fullmatch(earlier, one.end, other.start):
            return other.start, other.start
        return one.start, one.end
    return None


def _heads(token: Token, before: Query) -> Sequence[str]:
    """The stems that a word of the earlier question may have in the label: its own and that of each wording that means it."""
    own = stem(token.text)
    if token.text in STOP_WORDS or own in _NO_HEAD or not token.text.isalpha():
        return ()
    others = (form[-1] for concept in before.subject for form in concept.forms if concept.forms[0] == (own,))
    first = (
        form[0]
        for concept in before.subject
        for form in concept.forms
        if " " in concept.text and concept.text.split()[0].lower() == token.text
    )
    return own, *others, *first


_WITH_IT: Final = expression(
    r"(?i)^\W*(?:(?:and|but|or|what about|how about)\s+)*(?P<how>with(?:out)?)\s+(?:it|that|them|one|those)\W*$"
)
_OTHER_WAY: Final = {"with": expression(r"(?i)\bwithout\b(?=\s+\w)"), "without": expression(r"(?i)\bwith\b(?=\s+\w)")}


def turned(question: str, earlier: str) -> str:
    """ "And with it?" after "in RA without methotrexate": the one for the other."""
    asked = _WITH_IT.match(question)
    found = list(_OTHER_WAY[asked["how"].lower()].finditer(earlier)) if asked else []
    if asked is None or len(found) != 1:
        return ""
    return f"{earlier[: found[0].start()]}{asked['how'].lower()}{earlier[found[0].end() :]}?"


_CAUSE: Final = expression(
    r"(?i)^(?:because of|due to|owing to|from)\s+(?P<what>(?!(?:week|month|day|year)s?\b|\d)[^,;]{3,60})$"
)
_ANY_CAUSE: Final = expression(
    r"(?i)\b(?P<how>because of|due to|owing to|from|with)\s+(?:an?\s+|any\s+)?(?:AEs?|ADRs?|TEAEs?|(?:adverse|side)\s+(?:events?|effects?|(?:drug )?reactions?|experiences?)|toxicit(?:y|ies))(?!\w)"
)


def for_another_cause(text: str, earlier: str) -> str:
    """ "Because of pneumonia?" after "how many stopped because of side effects": the cause that is named for any cause."""
    mine, theirs = _CAUSE.match(text), _ANY_CAUSE.search(earlier)
    if mine is None or theirs is None:
        return ""
    said = f"{theirs['how']} {mine['what']}"
    return f"{earlier[: theirs.start()]}{said}{earlier[theirs.end() :]}?"


_DIRECTION: Final = expression(
    r"(?i)\b(?:increase[sd]?|increasing|raised|elevat(?:ed|ions?)|high|decrease[sd]?|reduced|low|lowered|rise|drop|fall)\b"
)


def directed(said: str, earlier: str) -> str:
    """A laboratory test with the direction asked about before: "raised AST" for "AST" after "raised ALT"."""
    if not re.fullmatch(r"[A-Z]{2,5}", said) or not _DIRECTION.search(earlier):
        return said
    whole, count = re.subn(r"(?<![\w-])[A-Z]{2,5}(?![\w-])", said, earlier)
    return whole if count else said
