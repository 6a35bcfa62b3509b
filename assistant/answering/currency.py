"""Whether a reply is drawn from a label version that a newer one has superseded, and the words that say so.

In: a `Reply`, for each superseded label the newest of its set, and the labels. Out: `marked`, the reply with its notice on how current
it is naming both versions. Left out: which version answers (`understanding.products`).
"""

from collections.abc import Mapping
from dataclasses import replace

from assistant.answering.wording import Wording
from assistant.label import Label
from assistant.reply import Reply


def marked(reply: Reply, newer: Mapping[str, str], labels: Mapping[str, Label], wording: Wording) -> Reply:
    """The reply, saying of each superseded label that it cites which version is newer."""
    cited = dict.fromkeys(one.label.id for one in (*reply.citations, *reply.nearest))
    said = " ".join(
        wording.say("notices", "superseded", here=_edition(labels[old]), newest=_edition(labels[newer[old]]))
        for old in cited
        if newer.get(old) in labels
    )
    if not said:
        return reply
    notices = tuple(
        replace(notice, text=f"{said} {notice.text}") if notice.kind == "label_currency" else notice
        for notice in reply.notices
    )
    return replace(reply, notices=notices)


def _edition(label: Label) -> str:
    """A label as its version and date tell it from others of its set."""
    version = f"version {label.version}" if label.version else ""
    return ", ".join(part for part in (label.name, version, label.effective) if part)
