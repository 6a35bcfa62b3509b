"""The command line: `label-assistant COMMAND`.

    parsing     every command and option; imports nothing but argparse
    screen      output, progress bars, text made safe for a terminal
    asking      ask, chat
    batching    ask --jsonl
    showing     a reply for a reader
    rows        a cited table row for a reader
    serving     serve
    working     serve --workers
    slacking    slack, and Slack's routes for serve
    mcping      mcp
    building    index
    publishing  publish
    listing     labels
    outlining   read
    evaluating  eval
    benching    bench
    checking    check
    diffing     diff
    reviewing   review, keys, purge
    explaining  explain, verify

In: arguments. Out: answers on standard output, everything else on standard error; exit code 0 for success, 2 for bad
use or input, 1 where something failed. Each command imports what it needs when it runs, so `ask` loads neither
torch nor FastAPI.
"""

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from assistant import patterns
from assistant.cli.parsing import parser
from assistant.errors import AssistantError

_INTERRUPTED = 130  # 128 + SIGINT, as shells count
_OBJECTS = 100_000  # made before garbage is looked for; nearly all that a command makes is no garbage until it ends


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    gc.set_threshold(_OBJECTS)
    atexit.register(patterns.keep)
    atexit.register(gc.freeze)  # else Python looks for garbage once more in all that ends with it anyway: 120 ms
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks through every installed package
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a label's "≥" must not stop a Latin-1 terminal
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return code
    except AssistantError as error:
        return _say(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader has what it wanted, as in `label-assistant labels | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _say(f"{place}{error.strerror or error}. Check path, space and permissions.", 1)


def _run(argv: Sequence[str]) -> int:
    arguments = parser().parse_args(argv)
    module, _, command = arguments.run.partition(":")
    return int(getattr(import_module(module), command)(arguments))


def _say(message: str, code: int) -> int:
    print(f"label-assistant: {' '.join(message.split())}", file=sys.stderr)
    return code
