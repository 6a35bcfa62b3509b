"""Engine and settings in, FastAPI application out.

The order of the gates: `Guard` outermost, then `Doorway`, then `BodyCap`, then the routes. The interactive
documentation pages of FastAPI are left out, since they load scripts from other hosts; /openapi.json describes
everything.
"""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

import assistant.paths as paths
from assistant.http import api, downloading, embedding, gating, pages, sourcing
from assistant.http.admitting import Doorway
from assistant.http.counting import Counts
from assistant.http.desk import Desk
from assistant.http.engine import Engine
from assistant.http.failing import handlers
from assistant.http.guarding import BodyCap, Guard
from assistant.http.keys import Keys
from assistant.http.rendering import Pages
from assistant.settings import Settings


def create_app(engine: Engine, settings: Settings, *, more: Sequence[APIRouter] = ()) -> FastAPI:
    """The application that serves this engine, with the routes of other surfaces at the same address."""
    templates = Pages(paths.web())
    counts = Counts(engine.index_id)
    desk = Desk(engine, settings, counts)
    app = FastAPI(
        title="label-assistant",
        description=_DESCRIPTION,
        version=_version(),
        docs_url=None,
        redoc_url=None,
        exception_handlers=handlers(templates) | {gating.NotConfirmed: gating.to_gate},
    )
    gate, keys = gating.Gate(settings), Keys.open(settings.widget_keys)
    app.include_router(api.router(desk))
    app.include_router(embedding.router(desk, keys, templates))
    app.include_router(gating.router(templates))
    app.include_router(downloading.router(desk, templates, gate))
    app.include_router(pages.router(desk, templates, gate))
    app.include_router(sourcing.router(desk, templates, gate))
    for routes in more:
        app.include_router(routes)
    app.mount("/static", StaticFiles(directory=templates.static), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)  # event streams pass as they are
    app.add_middleware(BodyCap, pages=templates)
    app.add_middleware(Doorway, keys=keys, base_url=settings.base_url)
    app.add_middleware(Guard, pages=templates, counts=counts)
    return app


_DESCRIPTION = (
    "Answers questions about U.S. drug labels by quoting them. Offsets are half-open and count Unicode code points of "
    "the text that /api/labels/{label_id}/text returns."
)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("label-assistant")
    except PackageNotFoundError:  # a bare checkout that was never installed
        return "0"
