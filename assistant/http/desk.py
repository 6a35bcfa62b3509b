"""Where both the API and the pages ask: checks a request, calls the engine, counts the reply.

In: an `AskRequest`. Out: a `Reply`. Synchronous: FastAPI calls it in a worker thread.
"""

import time

from assistant.errors import UnknownLabel
from assistant.http.asking import AskRequest, FieldError, check_request
from assistant.http.counting import Counts
from assistant.http.engine import Engine
from assistant.reply import Reply
from assistant.settings import Settings


class Desk:
    """The engine behind its checks."""

    def __init__(self, engine: Engine, settings: Settings, counts: Counts) -> None:
        self.engine = engine
        self.settings = settings
        self.counts = counts

    def ask(self, request: AskRequest) -> Reply:
        """The reply to a checked request; raises the errors of `assistant.errors`."""
        check_request(request, self.settings.question_length)
        for place, name in enumerate(request.labels or ()):
            self._check_label(name, place)
        began = time.perf_counter()
        reply = self.engine.ask(
            request.question,
            conversation_id=request.conversation_id,
            history=request.history,
            labels=request.labels,
            limit=request.limit,
        )
        self.counts.reply(reply.kind, time.perf_counter() - began)
        return reply

    def _check_label(self, name: str, place: int) -> None:
        try:
            self.engine.label(name)
        except UnknownLabel as error:
            known = ", ".join(label.id for label in self.engine.labels()[:20])
            raise FieldError(f"labels.{place}", name, f"one of {known}", message=error.message) from error
