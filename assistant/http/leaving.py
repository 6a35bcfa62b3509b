"""Links that leave: the same text where its publisher keeps it, down to the words.

In: a `Label` and a `Citation`. Out: an address with a text fragment
(https://wicg.github.io/scroll-to-text-fragment/), which a browser may scroll to. Nothing is fetched from there.
"""

import re
from urllib.parse import quote

from assistant.label import Label
from assistant.reply import Citation

_SET_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DAILYMED = "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid="
_WORDS = 5  # from each end of a quote: enough to be found, few enough to survive another line break


def official_url(label: Label, citation: Citation | None = None) -> str:
    """The label at DailyMed, at the cited words; empty where the label has no set id."""
    if not _SET_ID.fullmatch(label.set_id):
        return ""
    return f"{_DAILYMED}{label.set_id.lower()}{text_fragment(_words(citation)) if citation else ''}"


def text_fragment(text: str) -> str:
    """The fragment that names a stretch by its first and last words.

    >>> text_fragment("a-b, c")
    '#:~:text=a%2Db%2C%20c'
    """
    words = text.split()
    ends = [words] if len(words) <= 2 * _WORDS else [words[:_WORDS], words[-_WORDS:]]
    return "#:~:text=" + ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)


def _words(citation: Citation) -> str:
    return citation.table.row_label if citation.table else citation.quote
