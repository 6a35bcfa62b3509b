"""Slack's markup off what a person wrote, and onto what is said in `mrkdwn`.

In: the text of an event, command or message (https://docs.slack.dev/messaging/formatting-message-text). Out: `asked`, the
question in plain text; `escaped`, text that Slack shows as it stands and that calls nobody; `visible` and `folded`.
Left out: blocks, whose rich text is never parsed and needs no escaping.
"""

import re
import unicodedata

_MENTION = re.compile(r"<@[UW][A-Z0-9]*(?:\|[^>]*)?>|<!(?:subteam\^|here|channel|everyone)[^>]*>")
_DATE = re.compile(r"<!date\^[^>|]*\|([^>]*)>")
_NAMED = re.compile(r"<(?:#[CG][A-Z0-9]*|(?:https?|mailto|tel):[^>|]*)\|([^>]*)>")
_BARE = re.compile(r"<(?:mailto:|tel:)?((?:#|https?:)?[^>|!@]*)>")
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_WHITE = re.compile(r"\s+")


def asked(text: str) -> str:
    """The question that a message asks: no mentions, links by their text, characters as they were typed.

    >>> asked("<@U1> rate of <https://x.example/a|VOD> in kids &lt;5?")
    'rate of VOD in kids <5?'
    """
    text = _NAMED.sub(r"\1", _DATE.sub(r"\1", _MENTION.sub(" ", text)))
    text = _BARE.sub(r"\1", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    text = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char for char in text)
    return _WHITE.sub(" ", text).strip(" *_~`")


def escaped(text: str) -> str:
    """Text for a `mrkdwn` field that is `verbatim`, or for a message's `text`: nothing in it is markup or calls anyone.

    >>> escaped("<!channel> p<0.05 & @here")
    '&lt;!channel&gt; p&lt;0.05 &amp; @\\u200bhere'
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"@(?=(?:here|channel|everyone|group)\b)", "@\u200b", text)


def visible(text: str) -> str:
    """Text with every character that can't be seen, as one that turns the direction, written as its name."""
    return _UNSEEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def folded(text: str) -> str:
    """Text on one line, for reading."""
    return _WHITE.sub(" ", visible(text)).strip()
