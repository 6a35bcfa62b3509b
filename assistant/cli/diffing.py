"""`diff OLD NEW`: which answers a new index changes.

In: the folders of two indexes, and questions: those that a service kept, or question sets. Out: each question whose
reply differs, with both sides; as lines or JSON. The exit code is 0 either way. Left out: whether the new answer is right.
"""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from assistant.cli import screen
from assistant.errors import BadRequest

if TYPE_CHECKING:
    from assistant.assembly import Assistant
    from assistant.reply import Reply
    from assistant.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with what came before it."""

    question: str
    history: tuple[str, ...] = ()
    label: str = ""


def diff(arguments: Namespace) -> int:
    """Carry out `diff`."""
    from assistant.assembly import open_assistant

    settings = screen.settings(arguments)
    old, new = (open_assistant(replace(settings, index=folder, milvus="")) for folder in (arguments.old, arguments.new))
    asked = list(dict.fromkeys(_questions(arguments, settings)))
    if not asked:
        raise BadRequest("there is no question to ask again", place="questions", remedy="Name question sets")
    found = list(changes(old, new, asked))
    if arguments.json:
        screen.print_json({"asked": len(asked), "old": old.index_id, "new": new.index_id, "changed": found})
        return 0
    for one in found:
        print(screen.line(f"{one['question']}"))
        print(screen.line(f"  old: {_line(one['old'])}"))
        print(screen.line(f"  new: {_line(one['new'])}"))
    print(f"{len(found)} of {len(asked)} answers changed, from index {old.index_id} to {new.index_id}")
    return 0


def changes(old: "Assistant", new: "Assistant", asked: Sequence[Asked]) -> Iterator[dict[str, Any]]:
    """Each question whose reply says something else."""
    for one in asked:
        before, after = _said(old, one), _said(new, one)
        if before != after:
            yield {"question": one.question, "history": list(one.history), "old": before, "new": after}


def _said(assistant: "Assistant", asked: Asked) -> dict[str, Any]:
    """What a reply says, without where it stands; an error is said too."""
    try:
        labels = [asked.label] if asked.label else None
        reply = assistant.ask(asked.question, history=asked.history, labels=labels)
    except BadRequest as error:
        return {"kind": "error", "message": error.message}
    return _plain(reply)


def _plain(reply: "Reply") -> dict[str, Any]:
    return {
        "kind": reply.kind,
        "reason": reply.reason,
        "headline": reply.headline.text if reply.headline else None,
        "statements": [" ".join(one.text.split()) for one in reply.statements],
        "labels": sorted({one.label.id for one in reply.citations}),
    }


def _questions(arguments: Namespace, settings: "Settings") -> Iterator[Asked]:
    if arguments.questions:
        from assistant.evaluating.questions import load

        for one in load(arguments.questions):
            yield Asked(question=one.question, history=one.history, label=one.label)
        return
    from assistant.assembly import open_store
    from assistant.storing import reviewing

    history: list[str] = []
    for kept in reviewing.export(open_store(settings).database):
        history = history if kept.number > 1 else []
        if kept.question:
            yield Asked(question=kept.question, history=tuple(history[-20:]), label="")
        history.append(kept.question)


def _line(said: dict[str, Any]) -> str:
    parts = [said["kind"], said.get("reason"), said.get("headline"), " | ".join(said.get("statements", ()))]
    return ", ".join(part for part in parts if part) or said.get("message", "")
