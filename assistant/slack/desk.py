"""Where Slack asks: a question of a thread to an arranged answer, in a worker thread and in the thread's order.

In: questions as plain text, with the thread and message that they stand in. Out: `Arranged`. A conversation is a team, a
channel and a thread, and belongs to the team; a message that comes late is answered after the questions before it, not after those after it.
What can't be asked is said, never raised. Left out: who may see the answer (`listening`) and Slack itself.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar
from weakref import WeakValueDictionary

from assistant.answering.wording import Wording
from assistant.errors import AssistantError, BadRequest, UnknownConversation, UnknownLabel
from assistant.label import Label
from assistant.reply import Reply
from assistant.settings import Settings
from assistant.slack import limits, saying
from assistant.slack.arranging import Arranged, Arranger
from assistant.slack.blocks import Piece, Run, paragraph
from assistant.slack.engine import Engine
from assistant.slack.keeping import Earlier, Threads
from assistant.slack.pressing import Rest
from assistant.slack.showing import boxed_text
from assistant.slack.texts import asked

log = logging.getLogger(__name__)
_WORKERS = 2  # questions answered at once; more would only take the processor from one another
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message that asks; without a thread it stands alone."""

    text: str  # as Slack gives it
    team: str  # where the app is installed
    thread: str = ""  # team/channel/thread
    ts: str = ""


class Desk:
    """The engine behind its checks; its methods never raise for what a person wrote."""

    def __init__(self, engine: Engine, settings: Settings, threads: Threads) -> None:
        self._engine = engine
        self._longest = settings.question_length
        self._threads = threads
        self._arranger = Arranger(engine.label, Wording.open(settings.wording), settings.base_url)
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="slack-ask")
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._prompts: tuple[str, ...] = ()

    async def ask(self, message: Asked) -> Arranged:
        """The answer to a message, after those that came before it in its thread."""
        lock = self._locks.setdefault(message.thread or secrets.token_hex(8), asyncio.Lock())
        async with lock:
            return await self._in_worker(lambda: self._safely(lambda: self._answer(message)))

    async def rest(self, pressed: Rest, team: str) -> tuple[Piece, ...]:
        """What "Show more" adds; where the answer is no longer kept, it is asked again."""
        return (await self._in_worker(lambda: self._safely(lambda: self._again(pressed, _owner(team))))).more

    async def boxed(self, label: str) -> tuple[Piece, ...]:
        """The boxed warning of a label."""
        return (await self._in_worker(lambda: self._safely(lambda: self._boxed(label)))).first

    async def rate(self, turn: str, rating: str, team: str) -> str:
        """Keep a rating; what to say about it."""
        return await self._in_worker(lambda: self._rated(turn, rating, _owner(team)))

    async def prompts(self) -> tuple[str, ...]:
        """Questions to start with."""
        if not self._prompts:
            self._prompts = await self._in_worker(lambda: tuple(_examples(self._engine.labels()[:2])))
        return self._prompts

    def close(self) -> None:
        """Take no more questions."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def _in_worker(self, work: Callable[[], _Found]) -> _Found:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)

    def _safely(self, work: Callable[[], Arranged]) -> Arranged:
        """What was found, or what to say where it couldn't be."""
        try:
            return work()
        except BadRequest as error:
            return _said(saying.WRONG.format(problem=str(error)))
        except Exception as error:
            id = secrets.token_hex(4)
            if isinstance(error, AssistantError):
                log.error("fault %s in Slack: %s", id, error)
            else:
                log.exception("fault %s in Slack", id)
            return _said(saying.FAILED.format(id=id))

    def _answer(self, message: Asked) -> Arranged:
        question = asked(message.text)
        if not question:
            return _said(saying.NOTHING_ASKED.format(example=saying.EXAMPLE))
        if len(question) > self._longest:
            return _said(saying.TOO_LONG.format(most=self._longest))
        if not message.thread:
            return self._arranger.arrange(self._engine.ask(question, owner=_owner(message.team)))
        reply = self._go_on(question, self._threads.earlier(message.thread, message.ts), _owner(message.team))
        self._threads.add(message.thread, message.ts, question, reply.conversation_id)
        return self._arranger.arrange(reply)

    def _go_on(self, question: str, earlier: Earlier, owner: str) -> Reply:
        if earlier.conversation:
            try:
                return self._engine.ask(question, conversation_id=earlier.conversation, owner=owner)
            except UnknownConversation:
                log.info("a conversation is no longer kept; its questions are asked anew")
        return self._engine.ask(question, history=earlier.questions, owner=owner)

    def _again(self, pressed: Rest, owner: str) -> Arranged:
        try:
            turns = self._engine.conversation(pressed.conversation, owner)
            reply = next((turn for turn in turns if turn.turn_id == pressed.turn), None)
        except UnknownConversation:
            reply = None
        if reply is None and not pressed.question:
            return _said(saying.FORGOTTEN)
        return self._arranger.arrange(reply or self._engine.ask(pressed.question, owner=owner))

    def _boxed(self, label: str) -> Arranged:
        try:
            pieces = tuple(boxed_text(self._engine.label(label)))
        except UnknownLabel:
            pieces = ()
        return Arranged(first=pieces, more=(), is_beyond_label=False) if pieces else _said(saying.FORGOTTEN)

    def _rated(self, turn: str, rating: str, owner: str) -> str:
        try:
            self._engine.feedback(turn, rating, "", owner)
        except BadRequest:
            return saying.FORGOTTEN
        return saying.RATED


def _owner(team: str) -> str:
    """Who owns the conversations of a team."""
    return f"slack:{team}"


def _said(text: str) -> Arranged:
    """A sentence of our own, for the asker alone."""
    pieces = tuple(paragraph(Run(text=text)))
    return Arranged(first=pieces, more=pieces, is_beyond_label=True)


def _examples(labels: Sequence[Label]) -> Iterator[str]:
    """Questions made from the labels' own tables, at most as many as Slack shows."""
    several = len(labels) > 1
    named = [(label, f" ({label.name})?" if several else "?") for label in labels]
    found = [saying.BOXED_QUESTION.rstrip("?") + end for label, end in named if _has_boxed(label)]
    for label, end in named:
        rows = [row.label for table in label.tables[:1] if table.resolved for row in table.rows if row.cells]
        found += [saying.COMMON_QUESTION.format(reaction=row.lower()).rstrip("?") + end for row in rows[:2]]
    yield from (found or [saying.EXAMPLE])[: limits.PROMPTS]


def _has_boxed(label: Label) -> bool:
    return any(section.kind == "boxed_warning" for section in label.sections)
