"""Every command and option.

In: nothing. Out: `parser()`, whose result names in `run` the function that carries the command out. argparse is all
that is imported, so that --help is there at once. A wrong option is one line, as every error.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from assistant.errors import BadRequest

_QUESTION = "VOD rate after HSCT in children?"


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises BadRequest instead of printing usage."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        place, _, what = message.removeprefix("argument ").partition(": ")
        if place == "the following arguments are required":
            place, what = what, "is missing"
        elif not what:
            place, what = "", message
        raise BadRequest(what, place=place, remedy=f"See {self.prog} --help")


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = _Parser(
        prog="label-assistant",
        description="Answers questions about U.S. drug labels by quoting them, each figure with its exact place.",
        epilog=f'Example: label-assistant ask "{_QUESTION}"',
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = top.add_subparsers(metavar="COMMAND", required=True, dest="command")
    for add in (_ask, _chat, _serve, _slack, _mcp, _index, _labels, _read, _eval, _bench, _check):
        add(commands)
    for add in (_publish, _diff, _review, _explain, _verify, _keys, _purge):
        add(commands)
    return top


def _ask(commands: Any) -> None:
    ask = _command(commands, "ask", "asking:ask", "answer one question, or many from a file")
    _settings(ask)
    ask.add_argument("question", nargs="?", metavar="QUESTION", help="1 to 2,000 characters")
    ask.add_argument("--label", action="append", metavar="ID", help="look only in this label (repeatable)")
    ask.add_argument("--history", action="append", metavar="Q", help="an earlier question, oldest first (repeatable)")
    ask.add_argument("--limit", type=_number(1, 20), default=5, metavar="N", help="most citations, 1 to 20 (default 5)")
    ask.add_argument("--json", action="store_true", help="print the reply as JSON")
    ask.add_argument("--jsonl", metavar="FILE", help="one request a line in, one reply a line out; - is standard input")


def _chat(commands: Any) -> None:
    chat = _command(commands, "chat", "asking:chat", "a conversation in the terminal")
    _settings(chat)
    chat.add_argument("--label", action="append", metavar="ID", help="look only in this label (repeatable)")
    chat.add_argument(
        "--limit", type=_number(1, 20), default=5, metavar="N", help="most citations, 1 to 20 (default 5)"
    )


def _serve(commands: Any) -> None:
    serve = _command(commands, "serve", "serving:serve", "web chat and API; builds the index first where it is missing")
    _settings(serve)
    serve.add_argument("--host", metavar="ADDRESS", help="address to serve on (default 127.0.0.1)")
    serve.add_argument("--port", type=_number(0, 65535), metavar="N", help="port (default 8000; 0 takes a free one)")
    serve.add_argument("--workers", type=_number(1, 64), default=1, metavar="N", help="processes (default 1)")


def _slack(commands: Any) -> None:
    slack = _command(commands, "slack", "slacking:slack", "answer in Slack, by Socket Mode")
    _settings(slack)
    slack.add_argument("--manifest", action="store_true", help="print the app manifest to paste at Slack, and end")


def _mcp(commands: Any) -> None:
    mcp = _command(commands, "mcp", "mcping:mcp", "serve agents by the Model Context Protocol, on standard input")
    _settings(mcp)
    mcp.add_argument("--http", action="store_true", help="serve streamable HTTP at /mcp instead")
    mcp.add_argument("--host", metavar="ADDRESS", help="address to serve on (default 127.0.0.1)")
    mcp.add_argument("--port", type=_number(0, 65535), metavar="N", help="port (default 8000; 0 takes a free one)")


def _index(commands: Any) -> None:
    index = _command(commands, "index", "building:index", "read the corpus and bring the index up to date")
    _settings(index)
    index.add_argument("--workers", type=_number(1, 64), default=1, metavar="N", help="processes that read (default 1)")
    index.add_argument("--shard", metavar="I/N", help="only the labels of this part of N, the same on every machine")
    index.add_argument(
        "--take", action="append", type=Path, metavar="DIR", help="take over what another index has read (repeatable)"
    )
    index.add_argument("--json", action="store_true", help="print the report as JSON")


def _publish(commands: Any) -> None:
    publish = _command(commands, "publish", "publishing:publish", "bring the index into Milvus and have it served")
    _settings(publish)
    publish.add_argument("--shard", metavar="I/N", help="write only this part of its labels, and switch nothing")
    publish.add_argument(
        "--keep", type=_number(1, 100), default=2, metavar="N", help="versions that stay in Milvus (default 2)"
    )
    publish.add_argument(
        "--replicas", type=_number(1, 100), default=1, metavar="N", help="copies in Milvus' memory (default 1)"
    )
    publish.add_argument("--json", action="store_true", help="print the report as JSON")


def _labels(commands: Any) -> None:
    labels = _command(commands, "labels", "listing:labels", "what is indexed")
    _settings(labels)
    labels.add_argument("--json", action="store_true", help="print as JSON")


def _read(commands: Any) -> None:
    read = _command(commands, "read", "outlining:read", "how one document is understood: outline, tables, warnings")
    _settings(read)
    read.add_argument("file", type=Path, metavar="FILE", help="a label document")
    read.add_argument("--json", action="store_true", help="print the whole label but its text as JSON")


def _eval(commands: Any) -> None:
    evaluate = _command(commands, "eval", "evaluating:evaluate", "ask question sets and report what is right")
    _settings(evaluate)
    evaluate.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="question sets (default: eval/questions/*-test.jsonl)"
    )
    evaluate.add_argument("--html", type=Path, metavar="REPORT", help="write a self-contained report")
    evaluate.add_argument(
        "--json", type=Path, metavar="FILE", help="write every figure and outcome as JSON; - prints it"
    )
    evaluate.add_argument(
        "--baselines",
        action=argparse.BooleanOptionalAction,
        help="plain baselines on the same questions (default: yes, but not with --misses, --tag or --limit)",
    )
    evaluate.add_argument("--all-labels", action="store_true", help="don't say which label a question is about")
    evaluate.add_argument("--misses", action="store_true", help="print each miss in a few lines")
    evaluate.add_argument("--tag", metavar="T", help="only questions with this tag")
    evaluate.add_argument("--limit", type=_number(1, 10**6), metavar="N", help="only the first N")


def _bench(commands: Any) -> None:
    bench = _command(commands, "bench", "benching:bench", "how fast it is here, and against what")
    _settings(bench)
    bench.add_argument("--json", action="store_true", help="print as JSON")
    bench.add_argument("--markdown", type=Path, metavar="FILE", help="write the figures as Markdown, too")
    bench.add_argument("--svg", type=Path, metavar="FILE", help="write a plot of cost against size")
    bench.add_argument(
        "--size",
        action="append",
        type=_number(1000, 10**7),
        metavar="N",
        help="also with an index of N passages, generated from those indexed (repeatable)",
    )
    bench.add_argument(
        "--rounds", type=_number(1, 1000), default=100, metavar="N", help="questions timed (default 100)"
    )


def _check(commands: Any) -> None:
    check = _command(
        commands, "check", "checking:check", "every problem of environment, corpus and index, with its remedy"
    )
    _settings(check)


def _diff(commands: Any) -> None:
    diff = _command(commands, "diff", "diffing:diff", "which answers a new index changes")
    _settings(diff)
    diff.add_argument("old", type=Path, metavar="OLD", help="folder of the old index")
    diff.add_argument("new", type=Path, metavar="NEW", help="folder of the new index")
    diff.add_argument(
        "--questions", nargs="+", type=Path, metavar="FILE", help="question sets (default: what a service kept)"
    )
    diff.add_argument("--json", action="store_true", help="print as JSON")


def _review(commands: Any) -> None:
    about = "what a service kept: export it, look at the adverse-event queue, settle a flag"
    parts = _group(commands, "review", about)
    export = _command(parts, "export", "reviewing:export", "every turn, flagged conversations first")
    export.add_argument("--format", choices=("csv", "jsonl"), default="csv", help="default csv")
    queue = _command(parts, "queue", "reviewing:queue", "turns that read like the report of an adverse event")
    settle = _command(parts, "settle", "reviewing:settle", "give a flag another status")
    settle.add_argument("turn", metavar="TURN", help="the turn's id")
    settle.add_argument(
        "--status", required=True, choices=("open", "reviewed", "reported", "dismissed"), help="the status"
    )
    settle.add_argument("--note", default="", metavar="TEXT", help="why")
    for part in (export, queue, settle):
        _settings(part)


def _explain(commands: Any) -> None:
    explain = _command(commands, "explain", "explaining:explain", "why a turn was answered as it was")
    _settings(explain)
    explain.add_argument("turn", metavar="TURN", help="the turn's id")
    explain.add_argument("--json", action="store_true", help="print as JSON")
    explain.add_argument("--bundle", type=Path, metavar="FILE", help="write it signed, with the setting secret")


def _verify(commands: Any) -> None:
    verify = _command(commands, "verify", "explaining:verify", "whether a signed bundle is genuine")
    _settings(verify)
    verify.add_argument("file", type=Path, metavar="FILE", help="what explain --bundle wrote")


def _keys(commands: Any) -> None:
    parts = _group(commands, "keys", "API keys: make, list and revoke them")
    add = _command(parts, "add", "reviewing:add_key", "make a key and print it, once")
    add.add_argument("name", metavar="NAME", help="whose it is")
    add.add_argument(
        "--scope", action="append", choices=("ask", "review", "admin"), help="what it opens (repeatable; default ask)"
    )
    every = _command(parts, "list", "reviewing:list_keys", "every key, without its secret")
    revoke = _command(parts, "revoke", "reviewing:revoke_key", "make a key useless at once")
    revoke.add_argument("name", metavar="NAME", help="whose it is")
    for part in (add, every, revoke):
        _settings(part)


def _purge(commands: Any) -> None:
    purge = _command(commands, "purge", "reviewing:purge", "remove what is older than the retention")
    _settings(purge)
    purge.add_argument(
        "--days", type=_number(0, 36_500), metavar="N", help="keep N days (default: the setting keep_days)"
    )


def _group(commands: Any, name: str, about: str) -> Any:
    made = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    return made.add_subparsers(metavar="COMMAND", required=True, dest="part")


def _command(commands: Any, name: str, run: str, about: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=about[0].upper() + about[1:] + "."
    )
    made.set_defaults(run=f"assistant.cli.{run}")
    return made


def _settings(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("settings", "also as LABEL_ASSISTANT_CORPUS, LABEL_ASSISTANT_INDEX, ...")
    group.add_argument("--corpus", type=Path, metavar="DIR", help="folder of labels")
    group.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    group.add_argument("--milvus", metavar="ADDRESS", help="Milvus that holds the index")
    group.add_argument("--config", type=Path, metavar="FILE", help="TOML file of settings")


def _number(low: int, high: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} to {high:,}")
        return value

    return number


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"label-assistant {version('label-assistant')}")
        except PackageNotFoundError:  # a bare checkout that was never installed
            print("label-assistant, not installed")
        parser.exit()
