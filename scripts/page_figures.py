"""Figures of the chat page over the built index: Lighthouse, bytes on the wire, milliseconds from reply to paint.

    python scripts/page_figures.py [--index DIR] [--reports DIR] [--without-lighthouse]

Lighthouse comes by `npx`, which fetches it once; it audits the empty page and an answer, as a phone (its own default: a
slow connection and processor are simulated) and as a desktop. Its category SEO is left out, since the pages ask not to
be indexed. Bytes are what the browser received, compressed. A reply is there when its last byte has come, and painted
in the frame after the answer stands in the page. Chromium is the one on the machine.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from standin_served import FLAGS, ask, serve  # noqa: E402

from assistant.assembly import open_assistant  # noqa: E402
from assistant.settings import load  # noqa: E402

LIGHTHOUSE = "lighthouse@12.8.2"  # the last for Node.js 20
CATEGORIES = ("performance", "accessibility", "best-practices")
QUESTION = "VOD rate after HSCT in children?"
TIMES = 20  # answers timed
WATCH = """() => {
  window.replied = window.painted = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries())
    if (one.name.endsWith("/api/ask/stream")) window.replied = one.responseEnd }).observe({type: "resource"});
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => { window.painted = performance.now() })))
    .observe(document.querySelector("#log"), {childList: true});
}"""


def main() -> int:
    """Measure and print; 0 when all was measured."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--index", type=Path, default=None, help="built index")
    options.add_argument("--reports", type=Path, default=None, help="folder for Lighthouse's own reports")
    options.add_argument("--without-lighthouse", action="store_true", help="only bytes and milliseconds")
    chosen = options.parse_args()
    from playwright.sync_api import sync_playwright

    with serve(open_assistant(load(index=chosen.index))) as served, sync_playwright() as playwright:  # type: ignore[arg-type]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        empty, answered, address = _bytes(browser, served.url)
        print(f"bytes on the wire: {empty:,} the empty page, {answered:,} with an answer and the label beside it")
        waits = _waits(browser, served.url)
        print(f"reply to paint, {TIMES} answers: median {statistics.median(waits):.0f} ms, most {max(waits):.0f} ms")
        browser.close()
        if not chosen.without_lighthouse:
            for name, url in (("empty page", served.url), ("an answer", address)):
                for form in ("mobile", "desktop"):
                    print(f"{name}, {form}: {_audit(url, form, name, chosen.reports)}")
    return 0


def _bytes(browser: Any, url: str) -> tuple[int, int, str]:
    """What the empty page took, what it took with an answer, and the answer's address."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    loaded: list[int] = []
    wire.on("Network.loadingFinished", lambda said: loaded.append(int(said["encodedDataLength"])))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    empty = sum(loaded)
    ask(page, QUESTION)
    page.locator("#source-text mark.cited").first.wait_for()
    page.wait_for_load_state("networkidle")
    address = page.url
    page.context.close()
    return empty, sum(loaded), address


def _waits(browser: Any, url: str) -> list[float]:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    waits = []
    for _ in range(TIMES):
        page.goto(url)
        page.evaluate(WATCH)
        ask(page, QUESTION)
        page.wait_for_function("window.painted && window.replied")
        waits.append(page.evaluate("painted - replied"))
    page.context.close()
    return waits


def _audit(url: str, form: str, name: str, reports: Path | None) -> str:
    """Lighthouse's scores, of 100, and what it holds against the page."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={out}"]
        command += [f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox"]
        command += ["--preset=desktop"] if form == "desktop" else []
        environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        report = json.loads(out.read_text(encoding="utf-8"))
        if reports:
            reports.mkdir(parents=True, exist_ok=True)
            shutil.copy(out, reports / f"{name.replace(' ', '-')}-{form}.json")
    scores = [f"{category} {report['categories'][category]['score'] * 100:.0f}" for category in CATEGORIES]
    return ", ".join(scores)


if __name__ == "__main__":
    sys.exit(main())
