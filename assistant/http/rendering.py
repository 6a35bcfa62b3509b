"""Templates to pages. Autoescape is always on: a label's or a reader's text reaches a page only as text, and a
character in it that can't be seen, as one that turns the direction, by its name.

In: a template's name and values. Out: HTML. Static files are named by their content, so that browsers may keep them.
Left out: security headers (`guarding`).
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from assistant.http.marking import Marks, dial, numbers, pieces, visible
from assistant.http.outline import MEDWATCH
from assistant.label import Label, Span
from assistant.reply import Citation


class Pages:
    """The templates of one `web/` folder."""

    def __init__(self, web: Path) -> None:
        self.static = web / "static"
        self.widget = web / "widget"
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(web / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=visible,
        )
        self._environment.globals |= {"static": cache(self._static_url), "medwatch": MEDWATCH, "dial": dial}
        self._environment.filters |= {
            "numbers": numbers,
            "pieces": quoted_pieces,
            "source_url": source_url,
            "label_url": label_url,
        }

    def show(self, template: str, request: Request, *, status: int = 200, **values: Any) -> HTMLResponse:
        """One page, with what every page needs."""
        values = {"label": None, "path": request.url.path} | values
        return HTMLResponse(self._environment.get_template(template).render(values), status)

    def _static_url(self, name: str) -> str:
        digest = hashlib.sha256((self.static / name).read_bytes()).hexdigest()[:12]
        return f"/static/{name}?v={digest}"


def quoted_pieces(citation: Citation) -> Any:
    """A quote in pieces, the words that answer marked."""
    figures = tuple(Span(start=figure.start, end=figure.end) for figure in citation.highlights)
    return pieces(citation.quote, citation.start, Marks(figures=figures))


def source_url(citation: Citation) -> str:
    """Where a citation stands, marked with and without JavaScript."""
    place = f"{citation.start}-{citation.end}"
    figures = "".join(f"&figure={figure.start}-{figure.end}" for figure in citation.highlights[:8])
    return f"/labels/{quote(citation.label.id, safe='')}?cite={place}{figures}#c-{place}"


def label_url(label: Label) -> str:
    """A label's source view."""
    return f"/labels/{quote(label.id, safe='')}"
