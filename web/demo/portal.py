"""A portal that shows the assistant: its server signs for a token, its pages carry the widget and a frame.

    python web/demo/portal.py http://127.0.0.1:8000 ward-notes SECRET [PORT]

The assistant's file of keys (setting widget_keys) names the portal, the same secret and this portal's origin:

    [portal.ward-notes]
    secret = "at least 32 characters, known to this server alone"
    origins = ["http://127.0.0.1:8001"]
    frames = ["http://127.0.0.1:8001"]

Only the standard library is used. The pages have a strict policy: no inline script or style, Trusted Types, COEP.
"""

import hashlib
import hmac
import json
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).resolve().parent
KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}


def token(assistant: str, portal: str, secret: str, origin: str) -> dict[str, object]:
    """A token for pages of `origin`: {"token": ..., "expires_in": seconds}. All that a portal's server has to do."""
    at = int(time.time())
    signature = hmac.new(secret.encode(), f"{portal}\n{origin}\n{at}".encode(), hashlib.sha256).hexdigest()
    body = {"portal": portal, "origin": origin, "at": at, "signature": signature}
    request = urllib.request.Request(
        f"{assistant}/api/tokens", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        said: dict[str, object] = json.load(response)
        return said


def policy(assistant: str) -> str:
    """The content-security policy of the portal's pages."""
    return (
        f"default-src 'none'; script-src 'self' {assistant}; style-src 'self'; connect-src 'self' {assistant}; "
        f"frame-src {assistant}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def server(assistant: str, portal: str, secret: str, port: int) -> ThreadingHTTPServer:
    """The portal, bound to 127.0.0.1 and ready to serve; port 0 takes a free one."""
    with urllib.request.urlopen(f"{assistant}/widget/integrity.json", timeout=10) as response:
        tag = json.load(response)["tag"]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            origin = f"http://{self.headers['Host']}"
            name = self.path.partition("?")[0].strip("/") or "portal.html"
            if name == "token":
                self.answer(json.dumps(token(assistant, portal, secret, origin)), "application/json")
            elif name in ("portal.html", "launcher.html", "frame.html", "portal.js", "frame.js", "portal.css"):
                text = (HERE / name).read_text("utf-8").replace("{{tag}}", tag).replace("{{assistant}}", assistant)
                text = text.replace("{{portal}}", portal).replace("{{origin}}", origin)
                self.answer(text, KINDS[Path(name).suffix])
            else:
                self.send_error(404)

        def answer(self, text: str, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", policy(assistant))
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *said: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    address, name, key, *rest = sys.argv[1:]
    serving = server(address.rstrip("/"), name, key, int(rest[0]) if rest else 8001)
    print(f"http://127.0.0.1:{serving.server_port}", file=sys.stderr)
    serving.serve_forever()
