"""`serve`: web chat and API on one address, with Slack where its keys are given; builds the index first where it is missing.

In: the command's options. Out: the address on standard error, then requests until Ctrl-C. The port is taken before
anything is built, so that a taken one is told at once. Left out: the application (`assistant.http`).
"""

import errno
import socket
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from assistant.cli import building, screen
from assistant.errors import AddressInUse, BadSetting, IndexMissing

if TYPE_CHECKING:
    from assistant.settings import Settings


def serve(arguments: Namespace) -> int:
    """Carry out `serve`; Ctrl-C is its usual end."""
    settings = screen.settings(arguments)
    with listening(settings.host, settings.port) as taken:
        try:
            _run(engine(settings), settings, taken)
        except KeyboardInterrupt:
            screen.note("stopped")
    return 0


def engine(settings: "Settings") -> Any:
    """The assistant, its index built first where there is none."""
    from assistant.assembly import open_assistant

    try:
        return open_assistant(settings)
    except IndexMissing:
        screen.note(f"{settings.index}: no index yet, building it from {settings.corpus}")
        screen.note(building.summary(building.build(settings, 1), settings))
        return open_assistant(settings)


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to this address; AddressInUse where another program has it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _no_address(host, error) from error
    # Without it a restart fails for a minute while the last connections end; on Windows it would share the port.
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(address)
        taken.listen(2048)  # as uvicorn's own backlog
    except OSError as error:
        taken.close()
        raise _refused(host, port, error) from error
    return taken


def address(taken: socket.socket) -> str:
    """Where a bound socket is reached, as a browser takes it."""
    host, port = taken.getsockname()[:2]
    named = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{named}:{port}"


def _run(assistant: Any, settings: "Settings", taken: socket.socket) -> None:
    import uvicorn

    from assistant.cli.slacking import routes
    from assistant.http.app import create_app

    # uvicorn takes uvloop where it is installed; without it, requests wait up to 44 ms.
    config = uvicorn.Config(
        create_app(assistant, settings, more=routes(assistant, settings)),
        log_level="warning",
        access_log=False,
        loop="auto",
    )
    screen.note(f"label-assistant: {address(taken)}  (Ctrl-C ends it)")
    uvicorn.Server(config).run(sockets=[taken])


def _refused(host: str, port: int, error: OSError) -> AddressInUse | BadSetting:
    if error.errno == errno.EADDRINUSE:
        remedy = "Stop the other program, or take another port: --port N (0 takes a free one)"
        return AddressInUse("the port is taken by another program", place=f"{host}:{port}", remedy=remedy)
    if error.errno == errno.EACCES:
        message = f"port {port} may not be taken by this user"
        return BadSetting(message, place=f"{host}:{port}", remedy="Take one from 1024 up: --port N")
    return _no_address(host, error)


def _no_address(host: str, error: OSError) -> BadSetting:
    message = f"host {host!r} is no address of this machine: {error.strerror or error}"
    return BadSetting(message, place="host", remedy="Take 127.0.0.1, or 0.0.0.0 for every address")
