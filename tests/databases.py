"""Real databases for the tests of storage: SQLite in a folder, and a PostgreSQL of our own where Debian's is installed.

Out: `POSTGRES`, the folder of its programs or None; `postgres`, a server on a socket of its own, started once a run;
`fresh`, the place of an empty database. Left out: the tests and their fixtures.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from functools import cache
from itertools import count
from pathlib import Path

_numbers = count(1)


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


POSTGRES = _programs()


def fresh(kind: str, folder: Path) -> str:
    """The place of a new database, as the setting `database` takes it."""
    if kind == "sqlite":
        return str(folder / f"kept-{next(_numbers)}.db")
    socket, name = postgres(), f"kept_{os.getpid()}_{next(_numbers)}"
    _run("createdb", "-h", str(socket), "-U", "keeper", name)
    return f"postgresql://keeper@/{name}?host={socket}"


@cache
def postgres() -> Path:
    """The folder of the socket of a running server, which ends with the process."""
    folder = Path(tempfile.mkdtemp(prefix="label-assistant-pg-"))
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
    _run("initdb", "-D", str(folder / "data"), "-U", "keeper", "-A", "trust", "-E", "UTF8", "--no-locale")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    _run("pg_ctl", "-D", str(folder / "data"), "-o", options, "-l", str(folder / "log"), "-w", "start")
    atexit.register(_stop, folder)
    return folder


def _stop(folder: Path) -> None:
    _run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
    time.sleep(0.1)
    shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *arguments: str) -> None:
    assert POSTGRES is not None
    command = [str(POSTGRES / program), *arguments]
    if os.getuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
