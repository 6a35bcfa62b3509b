"""The source view: the whole label, marked where a citation stands.

In: a `Desk` and the templates. Out: an `APIRouter`. Left out: how a label is cut into what is shown (`source`).
"""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import RedirectResponse

from assistant.http.desk import Desk
from assistant.http.gating import Gate
from assistant.http.leaving import official_url
from assistant.http.marking import Marks, place
from assistant.http.outline import about_label, version_line
from assistant.http.rendering import Pages, label_url
from assistant.http.source import groups


def router(desk: Desk, pages: Pages, gate: Gate) -> APIRouter:
    """The source view and the list of labels."""
    routes = APIRouter(include_in_schema=False, dependencies=[Depends(gate.require)])

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
            official=official_url(label),
            back=_conversation(request, desk.settings.base_url),
            **about_label(label),
        )

    return routes


def _conversation(request: Request, base_url: str) -> str:
    """The conversation that the reader comes from, empty where the reader comes from elsewhere."""
    came = urlsplit(request.headers.get("referer", ""))
    ours = came.netloc in (request.url.netloc, urlsplit(base_url).netloc)
    return came.path if ours and came.path.startswith("/c/") else ""
