"""The chat page, the source view and the forms that work without JavaScript.

In: a `Desk` and the templates. Out: an `APIRouter`. A question is never part of an address. With the header
`X-Part: turn` the page's own script asks for one turn instead of the whole page. Left out: what a page looks like.
"""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Header, Query, Request, Response
from pydantic import ValidationError
from starlette.responses import RedirectResponse

from assistant.errors import BadRequest, UnknownConversation
from assistant.http.asking import AskRequest, FeedbackRequest, FieldError, check_text
from assistant.http.desk import Desk
from assistant.http.marking import Marks, place
from assistant.http.outline import (
    boxed_warning,
    example_questions,
    reporting_number,
    version_line,
    warning_title,
)
from assistant.http.rendering import Pages, label_url
from assistant.http.source import groups
from assistant.http.turns import Turn, turn_of
from assistant.label import Label, Span
from assistant.reply import Reply

_OFFERED = 100  # products that the question form lists


def router(desk: Desk, pages: Pages) -> APIRouter:
    """Every route for readers."""
    routes = APIRouter(include_in_schema=False)
    chat = _Chat(desk, pages)
    _add_chat(routes, chat)
    _add_source(routes, desk, pages)
    return routes


class _Chat:
    """The chat page in its states."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self.desk = desk
        self.pages = pages

    def base_url(self, request: Request) -> str:
        """The public address of the service."""
        return self.desk.settings.base_url or str(request.base_url)

    def turn(self, reply: Reply, request: Request) -> Turn:
        """One reply arranged for the page."""
        names = {label.id: label.name for label in self.desk.engine.labels()}
        return turn_of(reply, names, self.base_url(request))

    def part(self, request: Request, reply: Reply) -> Response:
        """One turn alone, for the page's own script."""
        label = _current(self.desk.engine.labels(), (reply,))
        return self.pages.show(
            "part.html", request, turn=self.turn(reply, request), path=turn_url(reply), error=None, **about_label(label)
        )

    def page(
        self,
        request: Request,
        *,
        replies: Sequence[Reply] = (),
        conversation_id: str = "",
        question: str = "",
        error: BadRequest | None = None,
        thanks: str = "",
        chosen: str = "",
    ) -> Response:
        """The page with these turns, the question that failed and why, and the product that the reader chose."""
        labels = self.desk.engine.labels()
        label = _current(labels, replies) or next((label for label in labels if label.id == chosen), None)
        return self.pages.show(
            "chat.html",
            request,
            status=error.status if error else 200,
            turns=[self.turn(reply, request) for reply in replies],
            conversation_id=conversation_id,
            question=question,
            error=error,
            thanks=thanks,
            chosen=chosen,
            labels=labels[:_OFFERED] if len(labels) > 1 else (),
            examples=example_questions(label) if label else (),
            longest=self.desk.settings.question_length,
            **about_label(label),
        )


def _add_chat(routes: APIRouter, chat: _Chat) -> None:
    @routes.get("/")
    def home(request: Request, label: str = "") -> Response:
        """An empty conversation, about one label where it is named."""
        return chat.page(request, chosen=chat.desk.engine.label(label).id if label else "")

    @routes.get("/c/{conversation_id}")
    def conversation(request: Request, conversation_id: str, thanks: str = "", label: str = "") -> Response:
        """A stored conversation."""
        replies = chat.desk.engine.conversation(conversation_id)
        return chat.page(request, replies=replies, conversation_id=conversation_id, thanks=thanks, chosen=label)

    @routes.post("/ask")
    def ask(
        request: Request,
        question: Annotated[str, Form()] = "",
        conversation_id: Annotated[str, Form()] = "",
        label: Annotated[str, Form()] = "",
        x_part: Annotated[str, Header()] = "",
    ) -> Response:
        """Ask from the form; on to the turn, or back to the form with what was wrong."""
        try:
            reply = chat.desk.ask(_form_request(question, conversation_id, label))
        except BadRequest as error:
            return _refused(chat, request, error, question, conversation_id, x_part)
        if x_part == "turn":
            return chat.part(request, reply)
        return RedirectResponse(turn_url(reply, label), 303)

    @routes.post("/feedback")
    def feedback(
        turn_id: Annotated[str, Form()] = "",
        rating: Annotated[str, Form()] = "",
        conversation_id: Annotated[str, Form()] = "",
        comment: Annotated[str, Form()] = "",
    ) -> Response:
        """Keep a rating and go back to its turn."""
        try:
            said = FeedbackRequest.model_validate({"turn_id": turn_id, "rating": rating, "comment": comment})
        except ValidationError as error:
            raise FieldError("rating", rating, '"helpful" or "not_helpful", with the turn_id of a reply') from error
        check_text(said.comment, "comment")
        chat.desk.engine.feedback(said.turn_id, said.rating, said.comment)
        turn = quote(said.turn_id, safe="")
        return RedirectResponse(f"/c/{quote(conversation_id, safe='')}?thanks={turn}#t-{turn}", 303)


def _add_source(routes: APIRouter, desk: Desk, pages: Pages) -> None:
    @routes.get("/labels")
    def labels(request: Request) -> Response:
        """Every indexed label."""
        shown = [(label, version_line(label)) for label in desk.engine.labels()]
        return pages.show("labels.html", request, labels=shown)

    @routes.get("/labels/{label_id}")
    def source(
        request: Request,
        label_id: str,
        cite: str = "",
        figure: Annotated[list[str], Query(max_length=8)] = [],  # noqa: B006
    ) -> Response:
        """The whole label, marked at `cite` and `figure`."""
        label = desk.engine.label(label_id)
        if label.id != label_id:
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{label_url(label)}{query}", 307)
        cited = place(cite, len(label.text)) if cite else None
        figures = tuple(span for value in figure if (span := place(value, len(label.text))))
        marks = Marks(cited=cited, figures=figures)
        return pages.show(
            "label.html",
            request,
            groups=groups(label, marks),
            lost=cite if cite and cited is None else "",
            marks=marks,
            **about_label(label),
        )


def about_label(label: Label | None) -> dict[str, Any]:
    """What header, warning line and footer say about a label."""
    boxed = boxed_warning(label) if label else None
    return {
        "label": label,
        "version": version_line(label) if label else "",
        "boxed": warning_title(label, boxed) if label and boxed else "",
        "boxed_span": Span(start=boxed.heading.start, end=boxed.heading.end) if boxed else None,
        "reporting": reporting_number(label),
    }


def turn_url(reply: Reply, chosen: str = "") -> str:
    """Where a turn stands, with the product that the reader chose."""
    query = f"?label={quote(chosen, safe='')}" if chosen else ""
    return f"/c/{quote(reply.conversation_id, safe='')}{query}#t-{quote(reply.turn_id, safe='')}"


def _form_request(question: str, conversation_id: str, label: str) -> AskRequest:
    if len(conversation_id) > 200 or len(label) > 200:
        raise FieldError("conversation_id", conversation_id, "the id of a stored conversation")
    # subtle: the desk measures the question, so that the reader is told its length and keeps the text
    return AskRequest.model_construct(
        question=question.replace("\r\n", "\n"),
        conversation_id=conversation_id or None,
        history=[],
        labels=[label] if label else None,
        limit=5,
    )


def _refused(
    chat: _Chat, request: Request, error: BadRequest, question: str, conversation_id: str, part: str
) -> Response:
    if part == "turn":
        return chat.pages.show("part.html", request, status=error.status, turn=None, error=error)
    try:
        replies = chat.desk.engine.conversation(conversation_id) if conversation_id else ()
    except UnknownConversation:
        replies, conversation_id = (), ""
    return chat.page(request, replies=replies, conversation_id=conversation_id, question=question, error=error)


def _current(labels: Sequence[Label], replies: Sequence[Reply]) -> Label | None:
    """The label that a conversation is about: the last one that answered, else the only one."""
    for reply in reversed(replies):
        ids = [reply.understood.label, *(citation.label.id for citation in reply.citations)]
        found = next((label for id in ids for label in labels if label.id == id), None)
        if found:
            return found
    return labels[0] if len(labels) == 1 else None
