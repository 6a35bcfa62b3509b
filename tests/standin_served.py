"""A real uvicorn and a real chromium for the browser tests.

Out: `serve`, `CHROMIUM`, `Served`, `launched`, a browser, `pages`, what opens watched pages in it, `ask`, and `findings`, what axe-core (`vendor/axe.min.js`, MPL-2.0,
https://github.com/dequelabs/axe-core) finds on a page. Left out: the tests and their fixtures.
"""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import APIRouter
from standin import Standin

from assistant.http.app import create_app
from assistant.http.engine import Engine
from assistant.settings import Settings

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OpenPage = Callable[..., Any]
AXE = Path(__file__).with_name("vendor") / "axe.min.js"


@dataclass
class Served:
    """A running server."""

    url: str
    engine: Standin


@contextmanager
def serve(engine: Standin, settings: Settings | None = None, *more: APIRouter) -> Iterator[Served]:
    """The application of an engine on a free port, until the block ends."""
    checked: Engine = engine
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        app = create_app(checked, settings or Settings(), more=more)
        config = uvicorn.Config(app, log_level="warning", lifespan="on" if more else "off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            yield Served(url=f"http://127.0.0.1:{listening.getsockname()[1]}", engine=engine)
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def launched() -> Iterator[Any]:
    """A chromium, until the block ends."""
    from playwright.sync_api import sync_playwright  # where it isn't installed, no browser test runs

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def pages(chromium: Any, width: int = 1280, height: int = 860, *, here_only: bool = False) -> Iterator[OpenPage]:
    """What opens pages of a size; fails at the end where one logged an error, broke a policy or, `here_only`, asked another host."""
    contexts = []
    problems: list[str] = []
    size = (width, height)

    def opened(url: str, width: int = size[0], height: int = size[1], **options: object) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Security Policy" in said.text else None)
        if here_only:
            page.on(
                "request", lambda sent: None if sent.url.startswith("http://127.0.0.1") else problems.append(sent.url)
            )
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def ask(page: Any, question: str) -> Any:
    """Ask with the keyboard and wait for the new turn."""
    turns = page.locator(".turn")
    before = turns.count()
    page.fill("#question", question)
    page.keyboard.press("Enter")
    turns.nth(before).wait_for()
    return turns.nth(before)


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def findings(page: Any) -> list[str]:
    """The serious and critical findings of axe-core, one line each."""
    page.evaluate(_axe() + "\n;undefined")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((result) => result.violations)")
    return [
        f"{one['impact']} {one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
