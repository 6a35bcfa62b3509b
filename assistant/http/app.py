"""Engine and settings in, FastAPI application out.

The order of the gates: `Guard` outermost, then the proxies that are believed, `Doorway`, `Callers`, `Rates`, `BodyCap`,
then the routes. Without a database nobody has a key and there are no reports. The interactive
documentation pages of FastAPI are left out, since they load scripts from other hosts; /openapi.json describes
everything.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

import assistant.paths as paths
from assistant.http import api, downloading, embedding, gating, pages, reporting, signing_in, sourcing
from assistant.http.admitting import Doorway
from assistant.http.calling import Callers, Keyring, Sessions
from assistant.http.counting import Counts
from assistant.http.desk import Desk
from assistant.http.engine import Engine
from assistant.http.failing import handlers
from assistant.http.guarding import BodyCap, Guard
from assistant.http.keys import Keys
from assistant.http.pacing import Rates
from assistant.http.rendering import Pages
from assistant.http.tracing import Tracing
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.storing.opening import Database


def create_app(
    engine: Engine,
    settings: Settings,
    database: "Database | None" = None,
    *,
    more: Sequence[APIRouter] = (),
    tracing: Tracing | None = None,
) -> FastAPI:
    """The application that serves this engine, with the routes of other surfaces; keys and reports are the database's."""
    templates = Pages(paths.web())
    counts = Counts(lambda: engine.index_id, lambda: engine.repeats)
    tracing = tracing or Tracing.open(settings.traces)
    desk = Desk(engine, settings, counts, tracing)
    app = FastAPI(
        title="label-assistant",
        description=_DESCRIPTION,
        version=_version(),
        docs_url=None,
        redoc_url=None,
        lifespan=tracing.lasting,
        exception_handlers=handlers(templates)
        | {gating.NotConfirmed: gating.to_gate, reporting.NotSignedIn: reporting.to_sign_in},
    )
    gate, keys = gating.Gate(settings), Keys.open(settings.widget_keys)
    keyring, sessions = _keyring(database), Sessions.open(settings.secret)
    app.include_router(api.router(desk))
    app.include_router(embedding.router(desk, keys, templates))
    app.include_router(gating.router(templates))
    app.include_router(signing_in.router(keyring, sessions, templates))
    if database is not None:
        app.include_router(reporting.router(database, desk, templates))
    app.include_router(downloading.router(desk, templates, gate))
    app.include_router(pages.router(desk, templates, gate))
    app.include_router(sourcing.router(desk, templates, gate))
    for routes in more:
        app.include_router(routes)
    app.mount("/static", StaticFiles(directory=templates.static), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)  # event streams pass as they are
    app.add_middleware(BodyCap, pages=templates, seconds=settings.time_limit)
    app.add_middleware(Rates, pages=templates, settings=settings)
    app.add_middleware(Callers, pages=templates, keyring=keyring, sessions=sessions, required=settings.require_key)
    app.add_middleware(Doorway, keys=keys, base_url=settings.base_url)
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)
    app.add_middleware(Guard, pages=templates, counts=counts, tracing=tracing)
    return app


_DESCRIPTION = (
    "Answers questions about U.S. drug labels by quoting them. Offsets are half-open and count Unicode code points of "
    "the text that /api/labels/{label_id}/text returns."
)


def _keyring(database: "Database | None") -> Keyring | None:
    if database is None:
        return None
    from assistant.storing.keyring import Keyring as Kept

    return Kept(database)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("label-assistant")
    except PackageNotFoundError:  # a bare checkout that was never installed
        return "0"
