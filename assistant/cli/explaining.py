"""`explain` and `verify`: why a turn was answered as it was, and whether a bundle that says so is genuine.

In: a turn's id, or a signed bundle. Out: what was kept of the turn and, where the same index still stands, the reply
made again, what each stage of it took, and the candidates with their scores. Left out: what is kept (`storing.auditing`).
"""

import json
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli import screen
from assistant.errors import AssistantError, BadRequest, BadSetting
from assistant.stages import STAGES, measured

if TYPE_CHECKING:
    from assistant.assembly import Assistant
    from assistant.settings import Settings

_OF_ONE_ASKING = ("conversation_id", "turn_id", "elapsed_ms")
_CANDIDATES = 10


def explain(arguments: Namespace) -> int:
    """Carry out `explain`."""
    from assistant.assembly import open_store
    from assistant.storing.auditing import evidence, sign

    settings = screen.settings(arguments)
    bundle = evidence(open_store(settings).database, arguments.turn)
    bundle |= _again(bundle, settings)
    if arguments.bundle:
        signed = json.dumps(sign(bundle, _secret(settings)), ensure_ascii=False, indent=1)
        Path(arguments.bundle).write_text(signed + "\n", encoding="utf-8")
        screen.note(f"{arguments.bundle}: signed")
    elif arguments.json:
        screen.print_json(bundle)
    else:
        _show(bundle)
    return 0


def verify(arguments: Namespace) -> int:
    """Carry out `verify`."""
    from assistant.storing.auditing import verify as verified

    try:
        signed = json.loads(arguments.file.read_bytes())
    except (OSError, ValueError) as error:
        remedy = "Name a file that explain --bundle wrote"
        raise BadRequest("can't be read as JSON", place=str(arguments.file), remedy=remedy) from error
    bundle = verified(signed, _secret(screen.settings(arguments)))
    print(screen.line(f"{arguments.file}: genuine; turn {bundle['turn_id']}, index {bundle['origin'].get('index_id')}"))
    return 0


def _secret(settings: "Settings") -> bytes:
    from assistant.http.calling import read_secret

    if settings.secret is None:
        raise BadSetting("is not set", place="secret", remedy="Name a file: openssl rand -hex 32 > FILE")
    return read_secret(settings.secret)


def _again(bundle: dict[str, Any], settings: "Settings") -> dict[str, Any]:
    """The same conversation asked again on the index in service, and whether its reply is the one that was kept."""
    from assistant.assembly import open_assistant
    from assistant.reply import as_json

    try:
        assistant = open_assistant(settings)
    except AssistantError as error:
        return {"reproduced": None, "why": str(error), "candidates": []}
    if assistant.index_id != bundle["origin"].get("index_id"):
        return {"reproduced": None, "why": f"the index in service is {assistant.index_id}", "candidates": []}
    if not bundle["question"]:
        return {"reproduced": None, "why": "the words of the question are not kept", "candidates": []}
    replayed, seconds = _replayed(bundle, assistant)
    fresh = as_json(replayed)
    same = _plain(fresh, bundle) == _plain(bundle["reply"], bundle)
    asked = bundle["request"]
    history = [*asked["history"], *(one["question"] for one in bundle["earlier"])][-20:]
    found = assistant.candidates(bundle["question"], history, asked["labels"], _CANDIDATES)
    candidates = [{"score": one.score, "label": one.label.id, "start": one.start, "end": one.end} for one in found]
    why = "the reply to the redacted words differs" if "[" in bundle["question"] else "the reply made again differs"
    stages = {stage: round(seconds[stage] * 1000, 2) for stage in STAGES if stage in seconds}
    return {"reproduced": same, "why": "" if same else why, "candidates": candidates, "stages_ms": stages}


def _replayed(bundle: dict[str, Any], assistant: "Assistant") -> tuple[Any, dict[str, float]]:
    """The last reply of the conversation asked again, and what each of its stages took, in seconds."""
    conversation: str | None = None
    for one in (*bundle["earlier"], bundle):
        asked = one["request"]
        with measured() as spent:
            reply = assistant.ask(
                one["question"],
                conversation_id=conversation,
                history=asked["history"],
                labels=asked["labels"],
                limit=asked["limit"],
            )
        conversation = reply.conversation_id
    return reply, spent.seconds


def _plain(reply: dict[str, Any], bundle: dict[str, Any]) -> dict[str, Any]:
    from assistant.storing.redacting import redacted_values

    kept = {name: value for name, value in reply.items() if name not in _OF_ONE_ASKING}
    return kept if bundle["words"] == "verbatim" else dict(redacted_values(kept))


def _show(bundle: dict[str, Any]) -> None:
    reply = bundle["reply"]
    said = [
        f"turn {bundle['turn_id']}, number {bundle['number']} of conversation {bundle['conversation_id']}",
        f"question: {bundle['question'] or '(not kept)'} ({bundle['words']})",
        *(f"earlier: {one['question']}" for one in bundle["earlier"]),
        f"reply: {reply['kind']}{' ' + reply['reason'] if reply['reason'] else ''}",
        f"headline: {reply['headline']['text']}" if reply["headline"] else "no headline",
        *(
            f"  [{one['number']}] {one['label']} {one['first']}-{one['end']}: {one['quote']}"
            for one in bundle["citations"]
        ),
        *(f"{name}: {value}" for name, value in bundle["origin"].items() if value),
        *(f"label {label}: sha256 {sha256}" for label, sha256 in bundle["labels"].items()),
        *(f"understood {name}: {value}" for name, value in reply["understood"].items() if value),
        f"reproduced: {({True: 'yes', False: 'no', None: 'not tried'})[bundle['reproduced']]} {bundle['why']}".rstrip(),
        *(f"{stage}: {took:.2f} ms, asked again" for stage, took in bundle.get("stages_ms", {}).items()),
        *(f"  {one['score']:.3f} {one['label']} {one['start']}-{one['end']}" for one in bundle["candidates"]),
    ]
    for text in said:
        print(screen.line(text))
