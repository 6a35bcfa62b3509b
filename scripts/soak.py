"""A service under steady load for a long time: `make soak`, an hour or as many minutes as told.

In: an index and question sets. Out: each minute a line with answers, times, memory and open files; exit code 1 where the
service ended, logged a traceback, answered anything but 200 and 503, showed a quote that isn't its label's text, or
where memory or open files of the last third of the time are above those of the second. Readers come at random, for half of what
the service can give; every other minute the index is opened anew. Left out: what more than that does to it (`load.py`).

    python scripts/soak.py --minutes 60 [--index INDEX] [QUESTIONS...]
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

from load import OWN, READERS
from under_load import Watched, asked, questions, service

GROWTH = 1.05  # of memory from the second to the last third
MORE_FILES = 8  # connections of readers come and go


def soak(watched: Watched, files: list[Path], minutes: int) -> list[str]:
    """Minute after minute; what went wrong."""
    requests = questions(files)
    first = asked(watched, requests, 20, readers=READERS)
    capacity, statuses = first.rate, first.statuses
    watched.memory.clear()
    watched.files.clear()
    print(f"capacity {capacity:.1f} answers/s; half of it for {minutes} minutes", flush=True)
    wrong = len(first.wrong)
    begun = time.monotonic()
    for minute in range(1, minutes + 1):
        if minute % 2 == 0:
            watched.swap()
        told = asked(watched, requests, max(1.0, begun + 60 * minute - time.monotonic()), rate=capacity / 2)
        statuses += told.statuses
        wrong += len(told.wrong)
        print(f"minute {minute}: {told}; {watched.memory[-1]:.0f} MB, {watched.files[-1]} open files", flush=True)
        if not watched.is_up:
            return ["the service has ended"]
    print(f"all in all {statuses.total()} questions: {dict(statuses)}")
    return [*_judged(statuses, wrong, watched), *_grown(watched)]


def _judged(statuses: Counter[str], wrong: int, watched: Watched) -> list[str]:
    found = []
    if strange := set(statuses) - {"200", "503"}:
        found.append(f"answers that are neither 200 nor 503: {strange}")
    if wrong:
        found.append(f"{wrong} replies with a quote that isn't its label's text")
    if watched.tracebacks:
        found.append(f"{watched.tracebacks} tracebacks in the log")
        said = watched.log.read_text(encoding="utf-8", errors="replace")
        print(said[max(0, said.find("Traceback") - 500) :][:4000], flush=True)  # the log goes with the service
    return found


def _grown(watched: Watched) -> list[str]:
    third = max(1, len(watched.memory) // 3)
    memory = median(watched.memory[third : 2 * third]), median(watched.memory[-third:])
    files = median(watched.files[third : 2 * third]), median(watched.files[-third:])
    print(
        f"memory {memory[0]:.0f} MB in the second third, {memory[1]:.0f} MB in the last, {max(watched.memory):.0f} at most"
    )
    print(f"open files {files[0]:.0f} in the second third, {files[1]:.0f} in the last, {max(watched.files)} at most")
    found = [f"memory grows from {memory[0]:.0f} to {memory[1]:.0f} MB"] if memory[1] > GROWTH * memory[0] else []
    return [*found, *(["open files grow"] if files[1] > files[0] + MORE_FILES else [])]


def main() -> int:
    """Soak, and say what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", type=Path, default=OWN)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--minutes", type=int, default=60)
    arguments = parser.parse_args()
    with service(arguments.index) as watched:
        found = soak(watched, arguments.questions, arguments.minutes)
    for failure in found:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
