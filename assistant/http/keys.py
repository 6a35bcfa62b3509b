"""Portals' keys and the short-lived tokens that a portal's server gets with one.

In: a TOML file, a table for each portal:

    [portal.ward-notes]
    secret = "at least 32 characters, known to the portal's server alone"
    origins = ["https://notes.example"]   # may call the API from a page (CORS)
    frames = ["https://notes.example"]    # may show /embed in a frame (frame-ancestors)

Out: `Keys`: `sign` proves knowledge of a secret without sending it, `issue` and `check` make and read a token. All are
HMAC-SHA256 (https://www.rfc-editor.org/rfc/rfc2104) and nothing is stored. What the file doesn't name is refused.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import AssistantError, BadSetting

LIFETIME = 900  # seconds that a token is good for
SKEW = 120  # seconds by which a portal's clock may differ
_Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.\-\[\]:]+$", max_length=200)]


class Portal(BaseModel):
    """One portal's entry in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: Annotated[str, Field(min_length=32)]
    origins: tuple[_Origin, ...] = ()
    frames: tuple[_Origin, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    portal: dict[str, Portal]


class Refused(AssistantError):
    """A key, signature, token or origin that opens nothing."""

    status = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a token says."""

    portal: str
    origin: str
    expires: int  # seconds since 1970


class Keys:
    """The portals that may embed the assistant."""

    def __init__(self, portals: Mapping[str, Portal]) -> None:
        self._portals = dict(portals)

    @classmethod
    def open(cls, path: Path | None) -> "Keys":
        """The keys of a file, none without one; raises BadSetting."""
        if path is None:
            return cls({})
        try:
            return cls(_File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).portal)
        except OSError as error:
            raise BadSetting("can't be read", place=str(path), remedy="Name an existing file of keys") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadSetting(f"is not TOML: {error}", place=str(path), remedy="Mend the line named") from error
        except ValidationError as error:
            first = error.errors(include_input=False)[0]  # subtle: the input is a secret
            where = ".".join(str(part) for part in first["loc"])
            raise BadSetting(f"{where}: {first['msg']}", place=str(path), remedy=_SHAPE) from error

    def may_call(self, origin: str) -> bool:
        """Whether some portal's pages of this origin may call the API."""
        return any(origin in portal.origins for portal in self._portals.values())

    def may_frame(self, name: str, origin: str) -> bool:
        """Whether this portal may show the assistant in a frame on that origin."""
        portal = self._portals.get(name)
        return portal is not None and origin in portal.frames

    def issue(self, name: str, origin: str, at: int, signature: str) -> tuple[str, int]:
        """A token for pages of `origin`, and the seconds it is good for; raises Refused."""
        portal = self._portals.get(name)
        expected = sign(portal.secret if portal else "-", name, origin, at)
        if not hmac.compare_digest(expected, signature) or portal is None:
            raise Refused("The key or its signature is wrong", place="signature", remedy="See web/demo/portal.py")
        if abs(time.time() - at) > SKEW:
            raise Refused(f"The request was signed at {at}", place="at", remedy=f"Sign within {SKEW} seconds")
        if origin not in portal.origins:
            raise Refused(
                f"The origin {origin!r} is not allowed", place="origin", remedy="Add it to the portal's origins"
            )
        said = {"portal": name, "origin": origin, "expires": int(time.time()) + LIFETIME}
        body = _encoded(json.dumps(said, separators=(",", ":")).encode())
        return f"{body}.{_seal(portal.secret, body)}", LIFETIME

    def check(self, token: str, origin: str) -> Token:
        """What a token says, where it is genuine, in time and for this origin; raises Refused."""
        body, _, seal = token.partition(".")
        try:
            said = Token(**json.loads(base64.urlsafe_b64decode(body + "==")))
            portal = self._portals.get(said.portal)
        except (binascii.Error, ValueError, TypeError) as error:
            raise _no_token() from error
        if portal is None or not hmac.compare_digest(_seal(portal.secret, body).encode(), seal.encode()):
            raise _no_token()
        if (
            not time.time() <= said.expires <= time.time() + LIFETIME
            or said.origin != origin
            or origin not in portal.origins
        ):
            raise _no_token()
        return said


def sign(secret: str, name: str, origin: str, at: int) -> str:
    """The signature of a request for a token: hex HMAC-SHA256 of portal, origin and time, a line each."""
    return hmac.new(secret.encode(), f"{name}\n{origin}\n{at}".encode(), hashlib.sha256).hexdigest()


def _seal(secret: str, body: str) -> str:
    """The second half of a token; "token" keeps it apart from a request's signature."""
    return _encoded(hmac.new(secret.encode(), f"token\n{body}".encode(), hashlib.sha256).digest())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _no_token() -> Refused:
    error = Refused("The token is missing, expired or for another origin", place="token", remedy="Get a new one")
    error.status = 401
    return error


_SHAPE = (
    "A portal has a secret of at least 32 characters, and lists of origins and frames such as https://notes.example"
)
