"""Request bodies: strict types, no unknown field, and what is allowed said in words.

In: JSON or form values. Out: `AskRequest`, `FeedbackRequest`, `ChangeRequest`, `check_request`. The description of a field
is the text that an error names as allowed. Left out: the rules of a text (`asked`), what is done with a request (`api`, `pages`).
"""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from assistant.asked import LONGEST, check_question, check_text

Question = Annotated[str, Field(max_length=LONGEST)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


Slot = Literal["product", "topic", "condition", "population", "trial", "arm", "dose", "grade", "measure"]
SLOTS: tuple[Slot, ...] = get_args(Slot)


class AskRequest(BaseModel):
    """A question, with the conversation or the earlier questions that it continues."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: Annotated[str, Field(description="a string of 1 to 2,000 characters", max_length=LONGEST)]
    conversation_id: Annotated[
        str | None, Field(description="the id of a stored conversation, or null", max_length=200)
    ] = None
    history: Annotated[
        list[Question], Field(description="a list of at most 20 earlier questions, oldest first", max_length=20)
    ] = []
    labels: Annotated[
        list[Name] | None,
        Field(
            description="1 to 50 label ids, set ids or product names in a list, or null", min_length=1, max_length=50
        ),
    ] = None
    limit: Annotated[int, Field(description="an integer from 1 to 20", ge=1, le=20)] = 5


class FeedbackRequest(BaseModel):
    """What a reader thought of one turn."""

    model_config = ConfigDict(extra="forbid", strict=True)

    turn_id: Annotated[str, Field(description="the turn_id of a reply", min_length=1, max_length=200)]
    rating: Annotated[Literal["helpful", "not_helpful"], Field(description='"helpful" or "not_helpful"')]
    comment: Annotated[str, Field(description="a string of at most 2,000 characters", max_length=LONGEST)] = ""


class ChangeRequest(BaseModel):
    """One slot of how a turn's question was understood, and what to put there."""

    model_config = ConfigDict(extra="forbid", strict=True)

    slot: Annotated[Slot, Field(description=f"one of {', '.join(SLOTS)}")]
    value: Annotated[
        str, Field(description="a string of at most 200 characters; empty leaves the slot out", max_length=200)
    ]


class TokenRequest(BaseModel):
    """A portal's server asks for a token for its pages."""

    model_config = ConfigDict(extra="forbid", strict=True)

    portal: Annotated[str, Field(description="the portal's name in the file of keys", max_length=200)]
    origin: Annotated[str, Field(description="the origin of the portal's pages", max_length=200)]
    at: Annotated[int, Field(description="seconds since 1970, now")]
    signature: Annotated[str, Field(description="hex HMAC-SHA256 of portal, origin and at", pattern="^[0-9a-f]{64}$")]


_MODELS = (AskRequest, FeedbackRequest, ChangeRequest, TokenRequest)
ALLOWED = {name: field.description or "" for model in _MODELS for name, field in model.model_fields.items()}
FIELDS = {model.__name__: ", ".join(model.model_fields) for model in _MODELS}


def check_request(request: AskRequest, longest: int) -> None:
    """Raise FieldError for the first text of a request that can't be asked."""
    check_question(request.question, longest)
    for place, question in enumerate(request.history):
        check_text(question, f"history.{place}")
