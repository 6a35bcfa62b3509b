"""Reactions, conditions and laboratory findings that a clause names.

In: the lexicon and a text. Out: `Findings.of`, each a `Finding` with its place. Left out: whether it befell somebody
(`messages`).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant import populations
from assistant.patterns import expression
from assistant.understanding.clauses import DRUG
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.listed import Form, Group
from assistant.words import STOP_WORDS, stem, tokens

# Endings of the names of conditions, for those that no word list has.
_SUFFIX: Final = expression(
    r"(?:itis|aemia|emia|algia|rrh?oea|rrhea|rrhage|penia|megaly|opathy|plegia|oedema|edema|uria|phagia|pnea|osis)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A reaction, condition or laboratory finding at a half-open place of a text."""

    start: int
    end: int
    lasting: bool  # a condition that a person may have had before, as diabetes


class Findings:
    """Finds them by the words that a lexicon knows."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._kept = lru_cache(maxsize=256)(self._of)

    def of(self, text: str) -> tuple[Finding, ...]:
        """What a text names, in its order."""
        return self._kept(text)

    def _of(self, text: str) -> tuple[Finding, ...]:
        words = [token for token in tokens(text) if token.text not in STOP_WORDS and token.text != DRUG]
        stems = [self._stem(word.text) for word in words]
        found, place = list[Finding](), 0
        while place < len(words):
            length, groups = self._lexicon.at(stems, place)
            kinds = {group.kind for group in groups if self._is_finding(group, tuple(stems[place : place + length]))}
            start, end = words[place].start, words[place + max(length, 1) - 1].end
            if (kinds or _SUFFIX.search(words[place].text)) and not populations.named(text[start:end]):
                lasting = bool(kinds) and not kinds & {"symptom", "lab"}
                found.append(Finding(start=start, end=end, lasting=lasting))
            place += max(length, 1)
        return tuple(found)

    def _is_finding(self, group: Group, form: Form) -> bool:
        """Whether a wording means a reaction or a test; "all" is no leukemia where nobody typed capitals."""
        everyday = len(form) == 1 and form[0] in self._lexicon.ordinary
        kinds = ("symptom", "lab") if everyday else ("symptom", "lab", "condition", "abbreviation")
        return group.kind in kinds and form not in group.capitals

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
