"""`ask` and `chat`: questions to replies, for a reader or as JSON.

In: the command's options. Out: the reply on standard output. Left out: files of requests (`batching`) and what a reply
looks like (`showing`).
"""

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from assistant.asked import check_question
from assistant.cli import screen
from assistant.errors import BadRequest

if TYPE_CHECKING:
    from assistant.evaluating.engine import Engine
    from assistant.http.asking import AskRequest
    from assistant.reply import Reply

_HELP = "Ask about a label; a follow-up may leave out what stays the same. /new starts afresh, /quit or Ctrl-D ends."
_ENDS = ("/quit", "/exit")
_REMEMBERED = 20  # earlier questions, as the reply contract caps them


def ask(arguments: Namespace) -> int:
    """Carry out `ask`."""
    _check_use(arguments)
    settings = screen.settings(arguments)
    if arguments.jsonl is not None:
        from assistant.assembly import open_assistant
        from assistant.cli import batching

        with batching.lines(arguments.jsonl) as lines:
            return batching.answer(lines, open_assistant(settings), settings.question_length, arguments.jsonl)
    _check_request(arguments, settings.question_length)
    from assistant.indexing.opening import begin

    index = begin(settings)
    # subtle: this import takes as long as the encoder, which is loaded meanwhile
    from assistant.assembly import open_assistant

    reply = open_assistant(settings, index=index).ask(
        arguments.question,
        history=tuple(arguments.history or ()),
        labels=arguments.label,
        limit=arguments.limit,
    )
    _print(reply, as_json=arguments.json)
    return 0


def _check_request(arguments: Namespace, longest: int) -> None:
    """Raise FieldError as every surface does."""
    if not arguments.history and not arguments.label:
        check_question(arguments.question, longest)  # subtle: all there is to check, and pydantic would take 80 ms
        return
    from assistant.cli import batching

    values = {"question": arguments.question, "history": arguments.history or [], "labels": arguments.label}
    batching.request(values, longest)


def _check_use(arguments: Namespace) -> None:
    remedy = "See label-assistant ask --help"
    if arguments.jsonl is None and arguments.question is None:
        raise BadRequest("there is no question", place="question", remedy=remedy)
    if arguments.jsonl is not None:
        given = {"question": arguments.question, "--history": arguments.history, "--label": arguments.label}
        for name, value in given.items():
            if value is not None:
                raise BadRequest(f"{value!r} stands beside --jsonl, whose lines say it", place=name, remedy=remedy)


def _print(reply: "Reply", *, as_json: bool) -> None:
    if as_json:
        from assistant.reply import as_json as plain

        screen.print_json(plain(reply))
        return
    from assistant.cli.showing import show

    show(reply, screen.out())


def chat(arguments: Namespace) -> int:
    """Carry out `chat`: until the input ends."""
    from assistant.assembly import open_assistant

    settings = screen.settings(arguments)
    talk = Talk(open_assistant(settings), arguments.label, arguments.limit, settings.question_length)
    if sys.stdin.isatty():
        import readline  # noqa: F401  input() then has editing and history

        screen.note(_HELP)
    while (said := _next()) is not None and said.strip() not in _ENDS:
        talk.hear(said)
    return 0


def _next() -> str | None:
    try:
        return input("\n> ") if sys.stdin.isatty() else input()
    except (EOFError, KeyboardInterrupt):
        return None


class Talk:
    """A conversation: what was said so far and how it goes on."""

    def __init__(self, engine: "Engine", labels: list[str] | None, limit: int, longest: int) -> None:
        self._engine = engine
        self._labels = labels
        self._limit = limit
        self._longest = longest
        self._start()

    def _start(self) -> None:
        self._history: list[str] = []
        self._choices: tuple[str, ...] = ()
        self._conversation: str | None = None

    def hear(self, said: str) -> None:
        """Answer one line; a wrong one is named and the conversation goes on."""
        said = said.strip()
        if said == "/new":
            self._start()
        elif said.startswith("/"):
            screen.note(_HELP)
        elif said:
            self._answer(self._chosen(said))

    def _answer(self, question: str) -> None:
        from assistant.cli import batching

        try:
            reply = batching.reply(self._engine, self._request(question))
        except BadRequest as error:
            screen.note(f"label-assistant: {error}")
            return
        self._history = [*self._history, question][-_REMEMBERED:]
        self._conversation = reply.conversation_id or None
        self._choices = tuple(choice.question for choice in reply.choices)
        _print(reply, as_json=False)

    def _request(self, question: str) -> "AskRequest":
        from assistant.cli import batching

        values = {"question": question, "labels": self._labels, "limit": self._limit}
        goes_on = {"conversation_id": self._conversation} if self._conversation else {"history": self._history}
        return batching.request(values | goes_on, self._longest)

    def _chosen(self, said: str) -> str:
        """The question of a choice that was picked by its number."""
        if said.isdecimal() and 1 <= int(said) <= len(self._choices):
            return self._choices[int(said) - 1]
        return said
