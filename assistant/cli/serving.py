"""`serve`: web chat and API on one address, with Slack where its keys are given; builds the index first where it is missing.

In: the command's options. Out: the address on standard error, then requests until Ctrl-C or SIGTERM. The port is taken
before anything is built, so that a taken one is told at once. SIGHUP swaps the index for a newer one. Left out: the
application (`assistant.http`), several processes (`working`).
"""

import errno
import logging
import signal
import socket
import threading
from argparse import Namespace
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from assistant import logs
from assistant.cli import building, screen
from assistant.errors import AddressInUse, AssistantError, BadSetting, IndexMissing

if TYPE_CHECKING:
    from assistant.settings import Settings

log = logging.getLogger(__name__)

# Seconds that a connection may rest; longer than a proxy's (60), which would otherwise ask on one just closed.
_IDLE = 75
LAST = 20  # seconds that a stopping service has for what is in hand
_HEADERS = 16 * 1024  # bytes of a request's head


def serve(arguments: Namespace) -> int:
    """Carry out `serve`; Ctrl-C is its usual end, a SIGTERM lets what is in hand come to its end first."""
    settings = screen.settings(arguments)
    logs.configure(settings.log)
    with listening(settings.host, settings.port) as taken:
        try:
            if arguments.workers > 1:
                from assistant.cli import working

                working.run(settings, taken, arguments.workers)
            else:
                answer(settings, taken, lambda: screen.note(f"label-assistant: {address(taken)}  (Ctrl-C ends it)"))
        except KeyboardInterrupt:
            screen.note("stopped")
    return 0


def engine(settings: "Settings", keeper: Any = None, spread: Callable[[], object] = lambda: None) -> Any:
    """The assistant, its index built first where there is none; `spread` has other processes swap theirs, too."""
    from assistant.assembly import open_assistant
    from assistant.swapping import Swapping

    try:
        return Swapping(lambda: open_assistant(settings, keeper), spread)
    except IndexMissing:
        if settings.milvus:
            raise  # what is published is not for a server to build
        screen.note(f"{settings.index}: no index yet, building it from {settings.corpus}")
        screen.note(building.summary(building.build(settings, 1), settings))
        return Swapping(lambda: open_assistant(settings, keeper), spread)


def prepare(settings: "Settings") -> None:
    """Bring database and index to where several processes can open them; raises what is wrong with either."""
    from assistant.assembly import open_store

    open_store(settings).database.close()
    engine(settings)


def on_hangup(swap: Callable[[], object]) -> None:
    """Swap the index at SIGHUP, beside what is being answered; what is wrong with it is logged by the swap itself."""
    asked: SimpleQueue[int] = SimpleQueue()

    def swapping() -> None:
        while True:
            asked.get()
            try:
                swap()
            except AssistantError:
                continue
            except Exception:
                log.exception("the index is not swapped")

    if hasattr(signal, "SIGHUP"):  # Windows has none
        threading.Thread(target=swapping, name="swapping", daemon=True).start()
        # subtle: a handler may interrupt whoever holds a lock that starting a thread takes; this queue needs none.
        signal.signal(signal.SIGHUP, lambda number, _: asked.put(number))


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
    named = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(  # nosec B104: how it is shown, not where it binds
        host, f"[{host}]" if ":" in host else host
    )
    return f"http://{named}:{port}"


def answer(
    settings: "Settings",
    taken: socket.socket,
    begun: Callable[[], object],
    spread: Callable[[], object] = lambda: None,
) -> None:
    """Answer requests until a signal ends it; `begun` is called once the index is open."""
    import uvicorn

    from assistant.assembly import open_store
    from assistant.cli.slacking import routes
    from assistant.http.app import create_app

    store = open_store(settings)
    opened: Future[Any] = Future()
    on_hangup(lambda: opened.result().renew())  # one that comes before the index is open waits for it
    assistant = engine(settings, store, spread)
    opened.set_result(assistant)
    # uvicorn takes uvloop where it is installed; without it, requests wait up to 44 ms. Proxies are the app's matter.
    config = uvicorn.Config(
        create_app(assistant, settings, store.database, more=routes(assistant, settings)),
        log_config=None,
        access_log=False,
        loop="auto",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=LAST,
        timeout_keep_alive=_IDLE,
        h11_max_incomplete_event_size=_HEADERS,
    )
    begun()
    uvicorn.Server(config).run(sockets=[taken])
    store.database.close()


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
