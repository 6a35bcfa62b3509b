"""What a service bears on two cores: `make load`.

In: an index and question sets. Out: the capacity (answers a second to readers who never pause), times at 80% of it, and
what happens at twice as much: figures on standard output, exit code 1 where the 99th percentile at 80% is ten times the
median or more, or where at 200% the service ends, its memory grows, or it answers anything but 200, 429 and 503. The
readers run on the same machine and take some of its time. Left out: networks.

    python scripts/load.py --seconds 60 [--index INDEX] [QUESTIONS...]
"""

import argparse
import sys
from pathlib import Path
from statistics import median

from under_load import HONEST, Told, Watched, asked, questions, service

QUESTIONS = Path(__file__).parents[1] / "eval" / "questions"
OWN = [QUESTIONS / name for name in ("besponsa-dev.jsonl", "besponsa-more-dev.jsonl")]
READERS = 8  # who never pause, to find the capacity
GROWTH = 1.05  # of memory from the first to the last third of a time at 200%, and no more


def measure(watched: Watched, files: list[Path], seconds: float) -> list[str]:
    """Each part of it, told; what was not good enough."""
    requests = questions(files)
    asked(watched, requests, max(5.0, seconds / 4), readers=READERS)  # to warm up
    capacity = asked(watched, requests, seconds, readers=READERS)
    _tell("capacity", capacity, watched)
    usual = asked(watched, requests, seconds, rate=0.8 * capacity.rate)
    _tell("80%", usual, watched)
    watched.memory.clear()
    twice = asked(watched, requests, seconds, rate=2 * capacity.rate)
    _tell("200%", twice, watched)
    return [*_judged(capacity, usual, twice), *_of_service(watched)]


def _tell(name: str, told: Told, watched: Watched) -> None:
    print(f"{name}: {told}; {watched.memory[-1]:.0f} MB, {watched.files[-1]} open files", flush=True)


def _judged(capacity: Told, usual: Told, twice: Told) -> list[str]:
    found = []
    if usual.p99 >= 10 * usual.p50:
        found.append(f"at 80% the 99th percentile is {usual.p99 / usual.p50:.1f} times the median")
    if set(usual.statuses) != {"200"}:
        found.append(f"at 80% not all was answered: {dict(usual.statuses)}")
    for told in (capacity, usual, twice):
        if strange := set(told.statuses) - set(HONEST):
            found.append(f"answers that are none of {HONEST}: {strange}")
        if told.wrong:
            found.append(f"quotes that aren't their label's text: {told.wrong[:5]}")
    if twice.rate < 0.8 * capacity.rate:
        found.append(f"at 200% only {twice.rate:.1f} answers/s are given")
    return found


def _of_service(watched: Watched) -> list[str]:
    if not watched.is_up:
        return ["the service has ended"]
    third = max(1, len(watched.memory) // 3)
    first, last = median(watched.memory[:third]), median(watched.memory[-third:])
    print(f"memory at 200%: {first:.0f} MB in the first third, {last:.0f} MB in the last")
    found = [f"memory grows from {first:.0f} to {last:.0f} MB"] if last > GROWTH * first else []
    return [*found, *([f"{watched.tracebacks} tracebacks in the log"] if watched.tracebacks else [])]


def main() -> int:
    """Measure, and say what was not good enough."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", type=Path, default=OWN)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--seconds", type=float, default=60, help="of each part")
    arguments = parser.parse_args()
    with service(arguments.index) as watched:
        found = measure(watched, arguments.questions, arguments.seconds)
    for failure in found:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
