"""Pictures of every state of the pages and the widget, at 1280 and 360 pixels, light and dark, into ./screenshots;
two of them, small, for the README, into web/pictures.

    python scripts/screenshots.py [--index DIR] [--only NAME]

States that need a label's own words come from the built index where there is one; those that an index may not bring
about (every notice, a comparison, an error) from the tests' stand-in engine. Chromium is the one on the machine.
"""

import argparse
import importlib.util
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from standin import Standin  # noqa: E402
from standin_label import LABEL, OTHER  # noqa: E402
from standin_served import FLAGS, serve  # noqa: E402

from assistant import paths  # noqa: E402
from assistant.assembly import open_assistant  # noqa: E402
from assistant.errors import AssistantError  # noqa: E402
from assistant.settings import Settings, load  # noqa: E402

OUT = ROOT / "screenshots"
PICTURES = paths.web() / "pictures"
README = {"chat": ("answer", 1280, 800, 1), "phone": ("table", 360, 740, 2)}  # state, width, height, dots a pixel
SIZES = ((1280, 860), (360, 740))
SECRET = "for the pictures alone, 32 letters"
REAL = {
    "answer": ("VOD rate after HSCT in children?",),
    "follow-up": ("VOD rate after HSCT in children?", "and in adults?"),
    "table": ("How common was fever in children?",),
    "no": ("How does metformin interact?",),
    "list": ("risk factors for VOD",),
    "adverse-event": ("My patient developed severe bleeding after the second dose of BESPONSA",),
}
STAND_IN = {
    "clarification": ("what LI",),
    "notices": ("notices",),
    "comparison": ("compare",),
    "severe": ("how severe?",),
    "no-answer": ("starting dose?",),
}


def main() -> int:
    """Take the pictures; 0 when all were taken."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--index", type=Path, default=None, help="built index for the pictures of real answers")
    options.add_argument("--only", default="", help="pictures whose name holds this")
    chosen = options.parse_args()
    from playwright.sync_api import sync_playwright

    OUT.mkdir(exist_ok=True)
    with ExitStack() as stack:
        states = dict(_states(stack, chosen.index))
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        for name, (address, act) in states.items():
            if chosen.only in name:
                _picture(browser, name, address, act)
        for name, (state, *size) in README.items():
            if state in states and not chosen.only:
                _small(browser, name, *states[state], *size)
        browser.close()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.name}/")
    return 0


Act = Callable[[Any], None]


def _states(stack: ExitStack, index: Path | None) -> Iterator[tuple[str, tuple[str, Act]]]:
    """Each state's name, the address to open and what to do there."""
    try:
        real = stack.enter_context(serve(open_assistant(load(index=index))))  # type: ignore[arg-type]
        yield "home", (real.url, lambda page: None)
        yield from ((name, (real.url, _asking(questions))) for name, questions in REAL.items())
        yield "source", (real.url, _source)
        label = real.engine.labels()[0].id
        yield "label", (f"{real.url}/labels/{label}", _scrolled)
    except AssistantError as error:
        print(f"no pictures of real answers: {error}", file=sys.stderr)
    own = stack.enter_context(serve(Standin(LABEL, OTHER)))
    gated = stack.enter_context(serve(Standin(), Settings(gate=True)))
    yield from ((name, (own.url, _asking(questions))) for name, questions in STAND_IN.items())
    yield "home-of-several", (own.url, lambda page: None)
    yield "chip", (own.url, _chip)
    yield "too-long", (own.url, _too_long)
    yield "offline", (own.url, _offline)
    yield "gate", (gated.url, lambda page: None)
    yield "missing", (f"{own.url}/nope", lambda page: None)
    yield "labels", (f"{own.url}/labels", lambda page: None)
    yield "print", (own.url, _printed)
    portal = stack.enter_context(_portal())
    yield "widget", (portal, _widget)
    yield "widget-source", (portal, _widget_source)
    yield "widget-row", (portal, _widget_row)
    yield "widget-chip", (portal, _widget_chip)
    yield "widget-report", (portal, _widget_report)
    yield "frame", (f"{portal}/frame.html", _frame)
    yield "widget-launcher", (f"{portal}/launcher.html", _launcher)


def _picture(browser: Any, name: str, address: str, act: Act) -> None:
    for width, height in SIZES:
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
            )
            page = context.new_page()
            page.goto(address)
            act(page)
            page.wait_for_timeout(300)  # until the pane beside the answer has scrolled
            page.screenshot(path=str(OUT / f"{name}-{width}-{scheme}.png"))
            context.close()


def _small(browser: Any, name: str, address: str, act: Act, width: int, height: int, dots: int) -> None:
    """A picture for the README, as WebP."""
    from PIL import Image

    page = browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=dots, reduced_motion="reduce"
    )
    page.goto(address)
    act(page)
    page.wait_for_timeout(300)
    PICTURES.mkdir(exist_ok=True)
    Image.open(BytesIO(page.screenshot())).save(PICTURES / f"{name}.webp", quality=82, method=6)
    page.context.close()


def _asking(questions: tuple[str, ...]) -> Act:
    def act(page: Any) -> None:
        for place, question in enumerate(questions):
            page.fill("#question", question)
            page.keyboard.press("Enter")
            page.locator(".turn").nth(place).wait_for()

    return act


def _source(page: Any) -> None:
    _asking(REAL["answer"])(page)
    page.locator(".headline a.number").click()
    page.locator("#source-text mark.cited").first.wait_for()


def _scrolled(page: Any) -> None:
    page.mouse.wheel(0, 1600)


def _chip(page: Any) -> None:
    _asking(("nausea rate?",))(page)
    page.get_by_label("adult, change the population").click()


def _too_long(page: Any) -> None:
    page.fill("#question", "x" * 2001)
    page.keyboard.press("Enter")


def _offline(page: Any) -> None:
    page.context.set_offline(True)
    page.fill("#question", "nausea rate?")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()


def _printed(page: Any) -> None:
    _asking(("notices",))(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")


def _widget(page: Any) -> None:
    page.locator("#inline textarea").fill("nausea rate?")
    page.keyboard.press("Enter")
    page.locator("#inline article").wait_for()


def _widget_source(page: Any) -> None:
    _widget(page)
    page.get_by_label("Source 1").first.click()
    page.locator("#inline dialog :is(mark, .cited)").first.wait_for()


def _widget_row(page: Any) -> None:
    page.locator("#inline textarea").fill("how severe?")
    page.keyboard.press("Enter")
    page.get_by_label("Source 1").first.click()
    page.locator("#inline dialog tr.cited").wait_for()


def _widget_chip(page: Any) -> None:
    _widget(page)
    page.get_by_label("nausea, change the topic").click()


def _widget_report(page: Any) -> None:
    page.locator("#inline textarea").fill("notices")
    page.keyboard.press("Enter")
    page.locator("#inline article").wait_for()


def _frame(page: Any) -> None:
    frame = page.frame_locator("#frame")
    frame.locator("textarea").fill("how severe?")
    page.keyboard.press("Enter")
    frame.locator("article").wait_for()


def _launcher(page: Any) -> None:
    page.locator("#launcher .launcher").click()
    page.locator("#launcher textarea").fill("how severe?")
    page.keyboard.press("Enter")
    page.locator("#launcher article").wait_for()


@contextmanager
def _portal() -> Iterator[str]:
    """The demo portal over the stand-in engine."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    spec = importlib.util.spec_from_file_location("portal", paths.web() / "demo" / "portal.py")
    assert spec is not None
    assert spec.loader is not None
    portal = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(portal)
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys.toml"
        keys.write_text(f'[portal.demo]\nsecret = "{SECRET}"\norigins = ["{origin}"]\nframes = ["{origin}"]\n', "utf-8")
        with serve(Standin(), Settings(widget_keys=keys)) as served:
            server = portal.server(served.url, "demo", SECRET, port)
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield origin
            server.shutdown()
            server.server_close()
            thread.join()


if __name__ == "__main__":
    sys.exit(main())
