"""The owner's reports: what was not answered, what did not help, adverse-event flags, traffic, findings in the labels.

In: the database of a service, a `Desk`, the templates. Out: an `APIRouter` for callers with the scope review. All of it
only reads; a turn can be taken away as a line of a question set. Left out: what is counted (`storing.reviewing`).
"""

import json
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import RedirectResponse

from assistant.http.calling import NoKey, caller_of
from assistant.http.desk import Desk
from assistant.http.rendering import Pages

if TYPE_CHECKING:
    from assistant.storing.opening import Database

Days = Annotated[int, Query(ge=1, le=3650)]
_USUAL = 30  # days that a report looks back


class NotSignedIn(Exception):
    """A reader of reports has to say first who they are."""


def to_sign_in(request: Request, error: Exception) -> Response:
    """On to the page that asks for a key."""
    del request, error
    return RedirectResponse("/sign-in", 303)


def router(database: "Database", desk: Desk, pages: Pages) -> APIRouter:
    """Every report."""
    from assistant.storing import reviewing

    routes = APIRouter(include_in_schema=False, dependencies=[Depends(_require)])

    @routes.get("/reports")
    def unanswered(request: Request, days: Days = _USUAL) -> Response:
        """Questions without an answer, by topic."""
        found = reviewing.unanswered(database, days)
        return pages.show("reports.html", request, part="unanswered", found=found, days=days)

    @routes.get("/reports/not-helpful")
    def not_helpful(request: Request, days: Days = _USUAL) -> Response:
        """Turns that did not help."""
        found = reviewing.not_helpful(database, days)
        return pages.show("reports.html", request, part="not_helpful", found=found, days=days)

    @routes.get("/reports/adverse-events")
    def adverse_events(request: Request) -> Response:
        """Turns that read like the report of an adverse event, with their status."""
        found = reviewing.queue(database)
        return pages.show("reports.html", request, part="adverse_events", found=found, days=0)

    @routes.get("/reports/traffic")
    def traffic(request: Request, days: Days = _USUAL) -> Response:
        """Questions and times by day."""
        found = reviewing.traffic(database, days)
        return pages.show("reports.html", request, part="traffic", found=found, days=days)

    @routes.get("/reports/labels")
    def labels(request: Request) -> Response:
        """What the labels contradict in themselves."""
        found = [(label, label.findings) for label in desk.engine.labels()]
        return pages.show("reports.html", request, part="labels", found=found, days=0)

    @routes.get("/reports/tests/{turn_id}")
    def as_test(turn_id: str) -> Response:
        """A turn as a line of a question set, to complete and to keep."""
        line = json.dumps(reviewing.question_line(database, turn_id), ensure_ascii=False) + "\n"
        named = {"Content-Disposition": f'attachment; filename="kept-{turn_id[:12]}.jsonl"'}
        return Response(line, media_type="application/jsonl", headers=named)

    return routes


def _require(request: Request) -> None:
    """Send to the page that asks for a key who showed none; NotAllowed for one without the scope."""
    try:
        caller_of(request).require("review")
    except NoKey as error:
        raise NotSignedIn from error
