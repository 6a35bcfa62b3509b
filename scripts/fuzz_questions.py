"""Asks 100,000 made-up questions, which must never raise, take long, or get a quote that isn't its label's text.

In: an index and question sets to begin with. Out: figures on standard output, each failure with its number; exit code 1
where there was any. Questions are those of the sets, changed, cut and joined; pieces of the labels; words of both in any
order; figures, marks and letters of every script; some with earlier questions, some far too long or with control
characters, which must be refused by name. The number of a question decides all of it, so that `--first N --count 1` asks
it again. What was done stands in a file, and the next run goes on there. Left out: labels (`fuzz_readers.py`), HTTP.

    python scripts/fuzz_questions.py --index INDEX --count 100000 --kept fuzzed.json [QUESTIONS...]
"""

import argparse
import json
import random
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from assistant.assembly import Assistant, open_assistant
from assistant.errors import BadRequest
from assistant.reply import Reply, as_json
from assistant.settings import Settings

QUESTIONS = Path(__file__).parents[1] / "eval" / "questions"
BATCH = 250  # questions of one piece of work
SLOW = 5.0  # seconds of CPU time, for one question with its history
LONGEST = 2000  # characters
LETTERS = "aeioun stVOD%≥≤<>/()[].,;:'\"“”’–—-+=*†‡§#@&|\\{}_~^\u00a0\u200b\u200d\ufeff\t\n0123456789½µαβéßİıſ中ا😀𝟙"
MARKS = (
    "≥3",
    "<1%",
    "23/164",
    "14%",
    "1.8 mg/m2",
    "N=53",
    "n (%)",
    "5.1",
    "99999999999",
    "0/0",
    "1e309",
    "-0",
    "½",
    "٣",
)
WORDS = (
    *(
        "what",
        "is",
        "the",
        "rate",
        "of",
        "in",
        "and",
        "or",
        "not",
        "without",
        "versus",
        "compared with",
        "who",
        "how often",
    ),
    *("adults", "children", "placebo", "grade", "dose", "day", "weeks", "respectively", "my patient", "should I stop"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What questions are made of."""

    assistant: Assistant
    asked: tuple[str, ...]
    texts: tuple[str, ...]  # of the labels


@cache
def material(index: str, files: tuple[str, ...]) -> Material:
    """The assistant and what to make questions of, once a process."""
    assistant = open_assistant(Settings(index=Path(index), conversations=100, threads=1))
    lines = [json.loads(line) for file in files for line in Path(file).read_text(encoding="utf-8").splitlines()]
    asked = [line.get("question") or line["message"] for line in lines]
    return Material(assistant=assistant, asked=tuple(asked), texts=tuple(label.text for label in assistant.labels()))


def question(chance: random.Random, made_of: Material) -> str:
    """One made-up question."""
    way = chance.choice((_changed, _changed, _joined, _words, _piece, _letters, _long, _template))
    return way(chance, made_of)


def _changed(chance: random.Random, made_of: Material) -> str:
    letters = list(chance.choice(made_of.asked))
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(letters) + 1)
        how = chance.random()
        if how < 0.3:
            letters.insert(at, chance.choice(LETTERS))
        elif how < 0.5:
            letters.insert(at, f" {chance.choice(MARKS)} ")
        elif how < 0.7:
            del letters[at : at + chance.randint(1, 6)]
        elif how < 0.85:
            letters[at:] = list("".join(letters[at:]).swapcase())
        else:
            letters[at : at + 2] = reversed(letters[at : at + 2])
    return "".join(letters)


def _joined(chance: random.Random, made_of: Material) -> str:
    first, second = (chance.choice(made_of.asked).split() for _ in range(2))
    return " ".join(first[: chance.randint(0, len(first))] + second[chance.randint(0, len(second)) :])


def _words(chance: random.Random, made_of: Material) -> str:
    pool = [*WORDS, *MARKS, *chance.choice(made_of.asked).split(), *_piece(chance, made_of).split()]
    return " ".join(chance.choices(pool, k=chance.randint(1, 25)))


def _piece(chance: random.Random, made_of: Material) -> str:
    text = chance.choice(made_of.texts)
    at = chance.randrange(len(text))
    return text[at : at + chance.randint(1, 300)]


def _letters(chance: random.Random, made_of: Material) -> str:
    del made_of
    if chance.random() < 0.5:
        return "".join(chance.choices(LETTERS, k=chance.randint(1, 80)))
    return "".join(chr(chance.randrange(chance.choice((0x80, 0x3000, 0x110000)))) for _ in range(chance.randint(1, 60)))


def _long(chance: random.Random, made_of: Material) -> str:
    part = chance.choice((_changed, _words, _letters))(chance, made_of) or "a"
    return (part * LONGEST)[: chance.randint(200, LONGEST + 20)]


def _template(chance: random.Random, made_of: Material) -> str:
    words = [word for word in _piece(chance, made_of).split() if word.isalpha()] or ["headache"]
    what, who = chance.choice(words), chance.choice((*WORDS, *words))
    ask = (
        "rate of {0} in {1}?",
        "{0} vs {1}?",
        "and in {1}?",
        "what does {0} mean?",
        "{1} with {0} {2}, dose?",
        "no {0}?",
    )
    return chance.choice(ask).format(what, who, chance.choice(MARKS))


def fuzz(index: str, files: tuple[str, ...], numbers: range) -> dict[str, Any]:
    """Ask the questions of these numbers: how they ended, the longest time, and what failed."""
    made_of, counts = material(index, files), Counter[str]()
    failed: list[str] = []
    slowest = 0.0
    for number in numbers:
        begun = time.process_time()
        try:
            counts[_one(made_of, random.Random(number))] += 1
        except Exception:  # noqa: BLE001  that none comes here is what is shown
            failed.append(f"{number}: {traceback.format_exc(limit=-3)}")
        took = time.process_time() - begun
        slowest = max(slowest, took)
        if took > SLOW:
            failed.append(f"{number}: took {took:.1f} s")
    return {"asked": len(numbers), "counts": counts, "failed": failed, "slowest": slowest}


def _one(made_of: Material, chance: random.Random) -> str:
    """How one question ended."""
    history = [question(chance, made_of) for _ in range(chance.choice((0, 0, 0, 0, 1, 2)))]
    asked, limit = question(chance, made_of), chance.choice((1, 5, 5, 20))
    if any(len(one) > LONGEST or _is_refused(one) for one in (asked, *history)) or not asked.strip():
        try:
            made_of.assistant.ask(asked, history=history, limit=limit)
        except BadRequest as error:
            return "refused by name" if error.place.startswith(("question", "history")) else "refused"
        raise AssertionError("a wrong request was not refused")
    reply = made_of.assistant.ask(asked, history=history, limit=limit)
    _verify(reply, made_of.assistant)
    return reply.kind


def _is_refused(text: str) -> bool:
    return any(
        (char < " " and char not in "\t\n\r") or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff"
        for char in text
    )


def _verify(reply: Reply, assistant: Assistant) -> None:
    """Every quote, figure and number of a reply is its label's."""
    quotes = {one.number: one.quote for one in reply.citations}
    heads = {one.number: " ".join(chain(*one.table.columns)) if one.table else "" for one in reply.citations}
    for one in (*reply.citations, *reply.nearest):
        text = assistant.label(one.label.id).text
        assert text[one.start : one.end] == one.quote, "a quote that isn't its label's text"
    if reply.headline:
        place = reply.headline.citation  # a column's head may hold a number, too, as "Grades ≥3"
        assert _figure(reply.headline.text) <= _figure(f"{quotes[place]} {heads[place]}"), "a figure that isn't quoted"
    for statement in reply.statements:
        assert statement.citations, "a statement without a citation"
        assert any(
            statement.text in quotes[number] or quotes[number] in statement.text for number in statement.citations
        )
    json.dumps(as_json(reply), allow_nan=False)


def _figure(text: str) -> set[str]:
    """The digits of a text, figure by figure."""
    return set("".join(char if char.isdigit() else " " for char in text).split())


def main() -> int:
    """Ask as many as told, from where the last run ended; say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", type=Path, default=sorted(QUESTIONS.glob("*-dev.jsonl")))
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--first", type=int, help="number of the first; else where the last run ended")
    parser.add_argument("--count", type=int, default=100_000, help="up to this number, or as many with --first")
    parser.add_argument("--kept", type=Path, help="file of what was done")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    kept = _kept(arguments.kept)
    first = kept["asked"] if arguments.first is None else arguments.first
    end = arguments.count if arguments.first is None else first + arguments.count
    files = tuple(str(file) for file in arguments.questions)
    with ProcessPoolExecutor(arguments.processes) as pool:
        batches = [range(at, min(at + BATCH, end)) for at in range(first, end, BATCH)]
        for done, at in enumerate(range(0, len(batches), arguments.processes), 1):
            works = [
                pool.submit(fuzz, str(arguments.index), files, batch)
                for batch in batches[at : at + arguments.processes]
            ]
            for work in as_completed(works):
                _add(kept, work.result())
            if arguments.kept:
                arguments.kept.write_text(json.dumps(kept), encoding="utf-8")
            if done % 10 == 0:
                print(_told(kept), flush=True)
    print(_told(kept))
    for failure in kept["failed"]:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if kept["failed"] else 0


def _kept(file: Path | None) -> dict[str, Any]:
    if file and file.exists():
        return dict(json.loads(file.read_text(encoding="utf-8")))
    return {"asked": 0, "counts": {}, "failed": [], "slowest": 0.0}


def _add(kept: dict[str, Any], found: dict[str, Any]) -> None:
    kept["asked"] += found["asked"]
    kept["counts"] = dict(Counter(kept["counts"]) + found["counts"])
    kept["failed"] += found["failed"]
    kept["slowest"] = max(kept["slowest"], found["slowest"])


def _told(kept: dict[str, Any]) -> str:
    ended = ", ".join(f"{count} {kind}" for kind, count in sorted(kept["counts"].items()))
    return f"{kept['asked']} questions: {ended}; {len(kept['failed'])} failures; slowest {kept['slowest']:.2f} s"


if __name__ == "__main__":
    sys.exit(main())
