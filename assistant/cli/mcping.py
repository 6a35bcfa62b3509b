"""`mcp`: labels for agents, on standard input and output or as streamable HTTP.

In: the command's options. Out: the protocol on standard output, everything else on standard error, until the client ends
it or Ctrl-C. Left out: the tools (`assistant.mcp_server`).
"""

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from assistant.cli import screen, serving
from assistant.cli.slacking import need_extra

if TYPE_CHECKING:
    from assistant.settings import Settings


def mcp(arguments: Namespace) -> int:
    """Carry out `mcp`; Ctrl-C, or the end of input, is its usual end."""
    need_extra("mcp", "mcp")
    settings = screen.settings(arguments)
    try:
        if arguments.http:
            _http(settings)
        else:
            from assistant.mcp_server import serve_stdio

            serve_stdio(serving.engine(settings))
    except KeyboardInterrupt:
        screen.note("stopped")
    return 0


def _http(settings: "Settings") -> None:
    import uvicorn

    from assistant.mcp_server import http_app

    with serving.listening(settings.host, settings.port) as taken:
        app: Any = http_app(serving.engine(settings), settings.host, settings.base_url)
        screen.note(f"label-assistant: {serving.address(taken)}/mcp  (Ctrl-C ends it)")
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[taken])
