"""Block Kit, as far as answers need it: each block with the same words as plain text.

Out: `Piece`s. What is quoted stands in rich text, which Slack never parses, so that a label's "*", "_" or "<!channel>" is
shown as printed. A text over a limit becomes several pieces, cut between words and never inside a figure. Left out:
what an answer consists of (`arranging`), and how pieces become messages (`packing`).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.slack import limits
from assistant.slack.texts import escaped, visible

Block = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One block, and what it says where blocks can't be shown."""

    block: Block
    text: str = ""

    @property
    def size(self) -> int:
        """Characters of the block as JSON, as Slack seems to count them."""
        return len(json.dumps(self.block, ensure_ascii=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of rich text that looks the same from end to end."""

    text: str
    bold: bool = False
    italic: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to press: what stands on it, what it means for a screen reader, what it carries."""

    action: str
    text: str
    value: str
    label: str = ""
    primary: bool = field(default=False)


def header(text: str) -> Iterator[Piece]:
    """A large line; one that is too long for that is bold instead."""
    if len(text) > limits.HEADER:
        yield from paragraph(Run(text=text, bold=True))
        return
    yield Piece(block={"type": "header", "text": plain(text, limits.HEADER)}, text=text)


def paragraph(*runs: Run) -> Iterator[Piece]:
    """Rich text."""
    yield from _rich("rich_text_section", runs)


def quote(*runs: Run) -> Iterator[Piece]:
    """Rich text set off as a quote."""
    yield from _rich("rich_text_quote", runs)


def to_copy(text: str) -> Iterator[Piece]:
    """Text of fixed width, to be copied."""
    yield from _rich("rich_text_preformatted", [Run(text=text)])


def small(*texts: str) -> Iterator[Piece]:
    """Small print, a line each."""
    lines = [line for text in texts if text for line in cut(text, limits.SMALL)]
    for first in range(0, len(lines), limits.CONTEXT):
        some = lines[first : first + limits.CONTEXT]
        elements = [{"type": "plain_text", "text": visible(line), "emoji": False} for line in some]
        yield Piece(block={"type": "context", "elements": elements}, text="\n".join(some))


def divider() -> Piece:
    """A thin line."""
    return Piece(block={"type": "divider"})


def buttons(*some: Button) -> Iterator[Piece]:
    """Buttons side by side."""
    for first in range(0, len(some), limits.BUTTONS):
        elements = [_button(one, place) for place, one in enumerate(some[first : first + limits.BUTTONS], first)]
        yield Piece(block={"type": "actions", "elements": elements})


def feedback(action: str, value: str, good: tuple[str, str], bad: tuple[str, str]) -> Piece:
    """Two buttons that rate, each with its text and its label for a screen reader."""
    element = {
        "type": "feedback_buttons",
        "action_id": action,
        "positive_button": _rating(*good, f"helpful {value}"),
        "negative_button": _rating(*bad, f"not_helpful {value}"),
    }
    return Piece(block={"type": "context_actions", "elements": [element]})


def plain(text: str, most: int) -> Block:
    """A plain text object, whose colons are no emoji; cut between words where it is over the limit."""
    said = visible(text).strip() or "–"
    return {"type": "plain_text", "text": said if len(said) <= most else shortened(said, most), "emoji": False}


def shortened(text: str, most: int) -> str:
    """The beginning of a text, cut between words, with "…"."""
    return f"{next(cut(text, most - 2))} …"


def cut(text: str, most: int) -> Iterator[str]:
    """A text in parts of at most `most` characters, cut at line ends, sentences or blanks, never inside a figure.

    >>> list(cut("VOD in 14% (23/164). None in 5", 24))
    ['VOD in 14% (23/164).', 'None in 5']
    """
    while len(text) > most:
        at = _break(text, most)
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    if text:
        yield text


def _break(text: str, most: int) -> int:
    """Where to cut: after the last line, else sentence, else clause, else word that fits and leaves no figure in two."""
    for mark in ("\n", ". ", "; ", ", ", " "):
        at = text.rfind(mark, most // 3, most)
        while at > 0 and mark != "\n" and _in_figure(text, at + len(mark) - 1):
            at = text.rfind(mark, most // 3, at)
        if at > 0:
            return at + len(mark)
    blank = text.rfind(" ", 1, most)
    return blank if blank > 0 else most


def _in_figure(text: str, blank: int) -> bool:
    """Whether a blank stands inside something that is read as one, as "14 (23/164)", "≥ 3" or "* Includes"."""
    before, after = text[blank - 1], text[blank + 1 : blank + 2]
    digits = before.isdigit() and (after.isdigit() or after in "(%/–-±")
    return digits or before in "<>≤≥=±×*†‡§¶#" or after in "*†‡§¶"


def _rich(kind: str, runs: Sequence[Run]) -> Iterator[Piece]:
    for part in _fitting(runs):
        elements: list[Block] = [{"type": kind, "elements": [_element(run, kind) for run in part]}]
        yield Piece(block={"type": "rich_text", "elements": elements}, text="".join(run.text for run in part).strip())


def _fitting(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Runs in groups that each fit one text."""
    group: list[Run] = []
    room = limits.SECTION
    for run in runs:
        parts = [run.text] if len(run.text) <= room else list(cut(run.text, limits.SECTION))
        for part in filter(None, parts):
            if len(part) > room and group:
                yield group
                group, room = [], limits.SECTION
            group.append(Run(text=part, bold=run.bold, italic=run.italic, url=run.url))
            room -= len(part)
    if group:
        yield group


def _element(run: Run, kind: str) -> Block:
    linked = bool(run.url) and len(run.url) <= limits.URL and kind != "rich_text_preformatted"
    said: Block = {"type": "link", "url": run.url} if linked else {"type": "text"}
    said["text"] = visible(run.text)
    style = {name: True for name, on in (("bold", run.bold), ("italic", run.italic)) if on}
    return said | ({"style": style} if style else {})


def _button(one: Button, place: int) -> Block:
    said: Block = {
        "type": "button",
        "action_id": f"{one.action}:{place}",  # must differ from its neighbours'
        "text": plain(one.text, limits.BUTTON),
        "value": one.value,
    }
    if one.label:
        said["accessibility_label"] = plain(one.label, limits.LABEL)["text"]
    return said | ({"style": "primary"} if one.primary else {})


def _rating(text: str, label: str, value: str) -> Block:
    return {"text": plain(text, limits.BUTTON), "value": value, "accessibility_label": label}


def in_words(pieces: Sequence[Piece]) -> str:
    """What pieces say, as the text of a message: for notifications, and where blocks can't be shown."""
    return escaped("\n".join(visible(piece.text) for piece in pieces if piece.text))
