"""The chat page and the forms that work without JavaScript.

In: a `Desk` and the templates. Out: an `APIRouter`. A question is never part of an address. With the header
`X-Part: turn` the page's own script asks for one turn instead of the whole page. Left out: what a page looks like, and
the source view (`sourcing`).
"""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Header, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from assistant.asked import FieldError, check_text
from assistant.errors import BadRequest, UnknownConversation
from assistant.http.asking import SLOTS, AskRequest, FeedbackRequest
from assistant.http.calling import caller_of
from assistant.http.chips import reworded
from assistant.http.desk import Desk, turn_in
from assistant.http.gating import Gate
from assistant.http.outline import about_label, asked_about, example_questions, examples_of
from assistant.http.rendering import Pages
from assistant.http.turns import Turn, turn_of
from assistant.label import Label
from assistant.reply import Reply

_OFFERED = 100  # products that the question form lists
_TOPICS = 60  # proposed while a topic is typed


def router(desk: Desk, pages: Pages, gate: Gate) -> APIRouter:
    """The chat page's routes."""
    routes = APIRouter(include_in_schema=False, dependencies=[Depends(gate.require)])
    chat = _Chat(desk, pages)
    _add_showing(routes, chat)
    _add_asking(routes, chat)
    _add_feedback(routes, chat)
    return routes


class _AskForm:
    """What the question form or a chip of a turn posts."""

    def __init__(
        self,
        question: Annotated[str, Form()] = "",
        conversation_id: Annotated[str, Form()] = "",
        label: Annotated[str, Form()] = "",
        turn: Annotated[str, Form()] = "",
        slot: Annotated[str, Form()] = "",
        value: Annotated[str, Form()] = "",
    ) -> None:
        self.question = question
        self.conversation_id = conversation_id
        self.label = label
        self.turn = turn
        self.slot = slot
        self.value = value.strip()


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
        return turn_of(reply, {label.id: label for label in self.desk.engine.labels()}, self.base_url(request))

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
            address=request.url.path,
            status=error.status if error else 200,
            turns=[self.turn(reply, request) for reply in replies],
            conversation_id=conversation_id,
            question=question,
            error=error,
            thanks=thanks,
            chosen=chosen,
            labels=labels[:_OFFERED] if len(labels) > 1 else (),
            examples=example_questions(label) if label else examples_of(labels),
            topics=_topics(label) if label else (),
            longest=self.desk.settings.question_length,
            **about_label(label),
        )


def _add_showing(routes: APIRouter, chat: _Chat) -> None:
    @routes.get("/")
    def home(request: Request, label: str = "") -> Response:
        """An empty conversation, about one label where it is named."""
        return chat.page(request, chosen=chat.desk.engine.label(label).id if label else "")

    @routes.get("/c/{conversation_id}")
    def conversation(request: Request, conversation_id: str, thanks: str = "", label: str = "") -> Response:
        """A stored conversation."""
        replies = chat.desk.engine.conversation(conversation_id, caller_of(request).owner)
        return chat.page(request, replies=replies, conversation_id=conversation_id, thanks=thanks, chosen=label)

    @routes.get("/c/{conversation_id}/{turn_id}")
    def turn(request: Request, conversation_id: str, turn_id: str) -> Response:
        """One turn alone, once its reply has come as events."""
        replies = chat.desk.engine.conversation(conversation_id, caller_of(request).owner)
        return chat.part(request, turn_in(replies, turn_id))


def _add_asking(routes: APIRouter, chat: _Chat) -> None:
    @routes.post("/ask")
    async def ask(
        request: Request, form: Annotated[_AskForm, Depends()], x_part: Annotated[str, Header()] = ""
    ) -> Response:
        """Ask from the form or a chip; on to the turn, or back to the form with what was wrong."""
        owner = caller_of(request).owner
        try:
            asked = await run_in_threadpool(_form_request, chat, form, owner)
            reply = await chat.desk.answer(asked, owner)
        except BadRequest as error:
            return await run_in_threadpool(_refused, chat, request, error, form, x_part)
        if x_part == "turn":
            return await run_in_threadpool(chat.part, request, reply)
        return RedirectResponse(turn_url(reply, form.label), 303)


def _add_feedback(routes: APIRouter, chat: _Chat) -> None:
    @routes.post("/feedback")
    def feedback(
        request: Request,
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
        chat.desk.engine.feedback(said.turn_id, said.rating, said.comment, caller_of(request).owner)
        turn = quote(said.turn_id, safe="")
        return RedirectResponse(f"/c/{quote(conversation_id, safe='')}?thanks={turn}#t-{turn}", 303)


def _topics(label: Label) -> tuple[str, ...]:
    """What a reader may want to change a topic to: the rows of the label's tables and its warnings."""
    rows = (row.label for table in label.tables if table.resolved for row in table.rows)
    titles = (section.title for section in label.sections if asked_about(section))
    return tuple(dict.fromkeys((*titles, *rows)))[:_TOPICS]


def turn_url(reply: Reply, chosen: str = "") -> str:
    """Where a turn stands, with the product that the reader chose."""
    query = f"?label={quote(chosen, safe='')}" if chosen else ""
    return f"/c/{quote(reply.conversation_id, safe='')}{query}#t-{quote(reply.turn_id, safe='')}"


def _form_request(chat: _Chat, form: _AskForm, owner: str) -> AskRequest:
    if len(form.conversation_id) > 200 or len(form.label) > 200:
        raise FieldError("conversation_id", form.conversation_id, "the id of a stored conversation")
    question, label = form.question.replace("\r\n", "\n"), form.label
    if form.slot:
        if form.slot not in SLOTS or len(form.value) > 200:
            raise FieldError("slot", form.slot, f"one of {', '.join(SLOTS)}, with a value of at most 200 characters")
        turn = turn_in(chat.desk.engine.conversation(form.conversation_id, owner), form.turn)
        question = reworded(turn, form.slot, form.value)
        label = form.value if form.slot == "product" else label
    # subtle: the desk measures the question, so that the reader is told its length and keeps the text
    return AskRequest.model_construct(
        question=question,
        conversation_id=form.conversation_id or None,
        history=[],
        labels=[label] if label else None,
        limit=5,
    )


def _refused(chat: _Chat, request: Request, error: BadRequest, form: _AskForm, part: str) -> Response:
    if part == "turn":
        return chat.pages.show("part.html", request, status=error.status, turn=None, error=error)
    conversation = form.conversation_id
    try:
        replies = chat.desk.engine.conversation(conversation, caller_of(request).owner) if conversation else ()
    except UnknownConversation:
        replies, conversation = (), ""
    return chat.page(request, replies=replies, conversation_id=conversation, question=form.question, error=error)


def _current(labels: Sequence[Label], replies: Sequence[Reply]) -> Label | None:
    """The label that a conversation is about: the last one that answered, else the only one."""
    for reply in reversed(replies):
        ids = [reply.understood.label, *(citation.label.id for citation in reply.citations)]
        found = next((label for id in ids for label in labels if label.id == id), None)
        if found:
            return found
    return labels[0] if len(labels) == 1 else None
