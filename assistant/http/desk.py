"""Where both the API and the pages ask: checks a request, calls the engine, counts the reply.

In: an `AskRequest` and its owner. Out: a `Reply`, by a worker thread of `pacing`, its stages measured and traced.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Future

from assistant.asked import FieldError, short
from assistant.errors import UnknownConversation, UnknownLabel
from assistant.http.asking import AskRequest, check_request
from assistant.http.counting import Counts
from assistant.http.engine import Engine
from assistant.http.pacing import Pace
from assistant.http.tracing import Tracing
from assistant.reply import Reply
from assistant.settings import Settings
from assistant.stages import measured


class Desk:
    """The engine behind its checks."""

    def __init__(self, engine: Engine, settings: Settings, counts: Counts, tracing: Tracing) -> None:
        self.engine = engine
        self.settings = settings
        self.counts = counts
        self.tracing = tracing
        self.pace = Pace(settings, counts)

    async def answer(self, request: AskRequest, owner: str) -> Reply:
        """The reply to a request, from a worker; raises the errors of `assistant.errors` and of `pacing`."""
        return await self.pace.finish(self.begin(request, owner))

    def begin(self, request: AskRequest, owner: str) -> "Future[Reply]":
        """Take a request in hand; raises Busy at once where no hand is free."""
        return self.pace.begin(lambda: self.ask(request, owner))

    def ask(self, request: AskRequest, owner: str = "") -> Reply:
        """The reply to a checked request; raises the errors of `assistant.errors`."""
        check_request(request, self.settings.question_length)
        for place, name in enumerate(request.labels or ()):
            self._check_label(name, place)
        began = time.perf_counter()
        with measured(self.tracing.stage) as spent:
            reply = self.engine.ask(
                request.question,
                conversation_id=request.conversation_id,
                history=request.history,
                labels=request.labels,
                limit=request.limit,
                owner=owner,
            )
        self.counts.reply(reply.kind, reply.reason or "", time.perf_counter() - began)
        for stage, seconds in spent.seconds.items():
            self.counts.stage(stage, seconds)
        return reply

    def _check_label(self, name: str, place: int) -> None:
        try:
            self.engine.label(name)
        except UnknownLabel as error:
            known = ", ".join(label.id for label in self.engine.labels()[:20])
            raise FieldError(f"labels.{place}", name, f"one of {known}", message=error.message) from error


def turn_in(replies: Sequence[Reply], turn_id: str) -> Reply:
    """One turn of a conversation; raises UnknownConversation where it has none of that id."""
    found = next((reply for reply in replies if reply.turn_id == turn_id), None)
    if found is None:
        raise UnknownConversation(f"no turn goes by {short(turn_id)!r}", place="turn", remedy="Ask the question again")
    return found
