"""What buttons carry, from an answer to the press and back.

Out: the buttons of a reply, and `Rest`, what "Show more" needs to find its answer again. Left out: what a press does
(`listening`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.label import Label
from assistant.reply import Choice, Reply
from assistant.slack import limits, saying
from assistant.slack.blocks import Button

MORE, BOXED, CHOICE, FEEDBACK = "more", "boxed", "choice", "feedback"  # the actions


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Which answer "Show more" belongs to; asking again gives the same answer."""

    conversation: str
    turn: str
    question: str


def more_button(reply: Reply) -> Button:
    """Show more."""
    named = (reply.conversation_id, reply.turn_id)
    value = json.dumps((*named, reply.standalone_question or reply.question), ensure_ascii=False)
    value = value if len(value) <= limits.VALUE else json.dumps((*named, ""))
    return Button(action=MORE, text=saying.MORE[0], value=value, label=saying.MORE[1])


def rest_of(value: str) -> Rest:
    """What a press of "Show more" carries."""
    conversation, turn, question = json.loads(value)
    return Rest(conversation=conversation, turn=turn, question=question)


def read_button(label: Label) -> Button:
    """Read the boxed warning."""
    return Button(action=BOXED, text=saying.BOXED[0], value=label.id, label=f"{saying.BOXED[1]} of {label.name}")


def choice_buttons(reply: Reply) -> Iterator[Button]:
    """A button for each meaning; it carries the question that choosing it asks."""
    for choice in reply.choices:
        if fits(choice):
            yield Button(action=CHOICE, text=choice.text, value=choice.question, label=choice.text)


def fits(choice: Choice) -> bool:
    """Whether a button can carry the question of a choice."""
    return len(choice.question) <= limits.VALUE


def rating_of(value: str) -> tuple[str, str]:
    """The rating and the turn that a press of "Helpful" or "Not helpful" carries."""
    rating, _, turn = value.partition(" ")
    return rating, turn
