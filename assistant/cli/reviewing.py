"""`review`, `keys` and `purge`: what a service kept, looked at and looked after.

In: the database of the settings. Out: CSV or JSON lines on standard output, the queue of adverse-event flags, keys. A key
is printed once, when it is made. Left out: reading and writing (`storing`).
"""

import csv
import json
import sys
from argparse import Namespace
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.cli import screen

if TYPE_CHECKING:
    from assistant.storing.opening import Database
    from assistant.storing.reviewing import Kept

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute a cell that begins so


def export(arguments: Namespace) -> int:
    """Carry out `review export`: every turn, flagged conversations first."""
    from assistant.storing import reviewing

    rows = reviewing.export(_database(arguments))
    (_as_csv if arguments.format == "csv" else _as_lines)(rows)
    return 0


def queue(arguments: Namespace) -> int:
    """Carry out `review queue`: the flagged turns, open ones first."""
    from assistant.storing import reviewing

    for one, note in reviewing.queue(_database(arguments)):
        print(screen.line(f"{one.flag} {one.turn_id} {one.asked} {one.label or '-'} {one.question} {note}"))
    return 0


def settle(arguments: Namespace) -> int:
    """Carry out `review settle`: another status for a flag."""
    from assistant.storing import reviewing

    reviewing.settle(_database(arguments), arguments.turn, arguments.status, arguments.note)
    screen.note(f"{arguments.turn}: {arguments.status}")
    return 0


def add_key(arguments: Namespace) -> int:
    """Carry out `keys add`: the new key on standard output, once."""
    from assistant.storing.keyring import Keyring

    print(Keyring(_database(arguments)).add(arguments.name, arguments.scope or ["ask"]))
    screen.note("Keep it now: only its hash is stored, so it can't be shown again.")
    return 0


def list_keys(arguments: Namespace) -> int:
    """Carry out `keys list`."""
    from assistant.storing.keyring import Keyring

    for key in Keyring(_database(arguments)).all():
        state = "revoked" if key.revoked is not None else "in use"
        made = datetime.fromtimestamp(key.created, UTC).date().isoformat()
        print(screen.line(f"{key.id} {state} {made} {','.join(key.scopes)} {key.name}"))
    return 0


def revoke_key(arguments: Namespace) -> int:
    """Carry out `keys revoke`."""
    from assistant.storing.keyring import Keyring

    Keyring(_database(arguments)).revoke(arguments.name)
    screen.note(f"{arguments.name}: revoked")
    return 0


def purge(arguments: Namespace) -> int:
    """Carry out `purge`: what is older than the retention goes."""
    from assistant.storing.purging import purge as purged

    settings = screen.settings(arguments)
    days = arguments.days if arguments.days is not None else settings.keep_days
    done = purged(_database(arguments), days)
    print(f"{done.turns} turns and {done.conversations} conversations older than {days:g} days removed")
    if done.open_flags:
        screen.note(f"{done.open_flags} older turns stay: their adverse-event flags are open. See review queue.")
    return 0


def _database(arguments: Namespace) -> "Database":
    from assistant.assembly import open_store

    return open_store(screen.settings(arguments)).database


def _as_csv(rows: "Iterable[Kept]") -> None:
    from dataclasses import fields

    from assistant.storing.reviewing import Kept

    names = [field.name for field in fields(Kept)]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in names])


def _as_lines(rows: "Iterable[Kept]") -> None:
    from assistant.reply import as_json

    for row in rows:
        print(json.dumps(as_json(row), ensure_ascii=False))


def _cell(value: object) -> str:
    text = "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    text = screen.clean(text)
    return f"'{text}" if text.startswith(_FORMULA) else text
