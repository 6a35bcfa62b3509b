"""What must be recognised in a message, against the notices of the reply.

In: `Message`s and replies. Out: `Heard`, precision and recall of each kind. A use that the label doesn't contain shows
only as a refusal, which other questions get as well, so it has no precision. Left out: questions (`scoring`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluating.measures import Measure, share
from assistant.evaluating.questions import KINDS, Message
from assistant.reply import Reply

NOTICES = {
    "adverse_event": "report_adverse_event",
    "emergency": "emergency",
    "advice": "professional_advice",
    "comparison": "comparison",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message, its reply, and what the reply shows to have been recognised."""

    message: Message
    reply: Reply
    recognised: frozenset[str]  # of KINDS

    @property
    def is_miss(self) -> bool:
        return self.recognised - {"unlabelled_use"} != _told(self.message) or self.is_unlabelled_missed

    @property
    def is_unlabelled_missed(self) -> bool:
        return "unlabelled_use" in self.message.recognised and "unlabelled_use" not in self.recognised


def hear(message: Message, reply: Reply) -> Heard:
    """What a reply shows to have been recognised."""
    return Heard(message=message, reply=reply, recognised=recognised(reply))


def recognised(reply: Reply) -> frozenset[str]:
    """The kinds that a reply's notices, kind and reason stand for."""
    shown = {notice.kind for notice in reply.notices}
    found = {kind for kind, notice in NOTICES.items() if notice in shown}
    if reply.reason == "not_a_label_question":
        found.add("not_a_label_question")
    elif reply.kind == "no_answer":
        found.add("unlabelled_use")
    return frozenset(found)


def measures(heard: Sequence[Heard]) -> tuple[Measure, ...]:
    """Recall and precision of each kind, and how many innocent messages were left alone."""
    innocent = [one for one in heard if not one.message.recognised]
    return (
        *(measure for kind in KINDS for measure in _of_kind(kind, heard)),
        share("innocent left alone", (not one.recognised - {"unlabelled_use"} for one in innocent)),
    )


def _of_kind(kind: str, heard: Sequence[Heard]) -> list[Measure]:
    found = [share(f"{kind}, recall", (kind in one.recognised for one in heard if kind in one.message.recognised))]
    if kind != "unlabelled_use":
        given = (kind in one.message.recognised for one in heard if kind in one.recognised)
        found.append(share(f"{kind}, precision", given))
    return found


def _told(message: Message) -> frozenset[str]:
    return frozenset(message.recognised) - {"unlabelled_use"}
