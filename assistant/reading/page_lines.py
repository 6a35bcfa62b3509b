"""The lines of a flattened web page, and what a single line looks like.

In: the text that a browser's "copy all" leaves of a page: menus, headings, bullets and tables without any markup.
Out: `Line`s with their places, and `chunks`, runs of lines without a blank line. Left out: what they mean (`page`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BULLET = re.compile(r"^\s*(?:[•◦▪‣●○·*–—-]|\d{1,2}[.)])\s+(?=\S)")
_GLUED = re.compile(r"[a-z)][A-Z][a-z]")  # "Sign InLog Out"
_SENTENCE_END = re.compile(r"[.!?;:]['”\")\]]*\s*$")
# What web pages say about themselves. Wording of pages, never of labels.
_CHROME = re.compile(
    r"^(?:menu|close|search|home|back to top|skip to .*|sign (?:in|out|up)|log ?(?:in|out)|share|print|download"
    r"|scroll (?:left|right|down|to|for).*|swipe .*|tap .*|click .*|tab number \d+|references?|footnotes?|read more|"
    r"learn more|expand(?: all)?|collapse(?: all)?|(?:show|view) (?:more|less|all)|loading.*|next|previous)$"
    r"|\bcookies?\b"
    r"|^(?:accept|reject|allow|manage|customi[sz]e)(?: all| cookies?| preferences| settings| choices| consent)+$"
    r"|^(?:contact us|site ?map|careers|english|español|request a rep(?:resentative)?)$"
    r"|\b(?:web ?)?(?:site|page|content|information) is intended (?:only |solely |exclusively )?for\b"
    r"|^(?:please )?(?:see|click here for|refer to) (?:the )?(?:accompanying |full |u\.?s\.? )+prescribing information\b[^.]*\.?$"
    r"|you are now leaving|is not responsible for the content|accepts no responsibility|all rights reserved"
    r"|intended (?:only )?for u\.?s\.? (?:healthcare|residents)|different product labeling in different countries"
    r"|privacy policy|terms of use",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its half-open place in the text, outer blanks left out."""

    text: str
    start: int
    end: int

    @property
    def bullet(self) -> int:
        """How many characters the bullet takes, 0 where there is none."""
        match = _BULLET.match(self.text)
        return match.end() if match else 0

    @property
    def ends_sentence(self) -> bool:
        """Whether the line ends as a sentence does."""
        return bool(_SENTENCE_END.search(self.text))

    @property
    def is_menu(self) -> bool:
        """Whether several words are glued, or set apart by bars, as the entries of a menu are.

        >>> Line("Sign InLog OutTherapy AreasProducts", 0, 35).is_menu
        True
        """
        if self.ends_sentence:
            return False
        return len(_GLUED.findall(self.text)) >= 2 or (self.text.count(" | ") >= 2 and not re.search(r"\d", self.text))

    @property
    def is_chrome(self) -> bool:
        """Whether the line is a page's word about itself."""
        return bool(_CHROME.search(self.text.strip())) and len(self.text) < 600

    @property
    def is_short(self) -> bool:
        """Whether the line is no more than a name: few words, no end of a sentence, no bullet."""
        return len(self.text.split()) <= 8 and not self.ends_sentence and not self.bullet


def lines(text: str) -> list[Line]:
    """The lines in order, blank ones with an empty text."""
    return list(_lines(text))


def _lines(text: str) -> Iterator[Line]:
    place = 0
    for raw in text.split("\n"):
        body = raw.strip()
        start = place + len(raw) - len(raw.lstrip()) if body else place
        yield Line(body, start, start + len(body))
        place += len(raw) + 1


def chunks(every: list[Line]) -> list[list[Line]]:
    """Runs of lines without a blank line between them."""
    runs: list[list[Line]] = [[]]
    for line in every:
        if line.text:
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
