"""The assistant's settings, read once: from a TOML file, then LABEL_ASSISTANT_... in the environment.

Out: `Settings`, `load`. An unknown key is an error. Left out: what the parts do with them.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta, Struct, field

from assistant import paths
from assistant.errors import BadSetting

PREFIX = "LABEL_ASSISTANT_"

Rate = Annotated[str, Meta(pattern=r"^[1-9]\d{0,6}/(second|minute|hour|day)$")]


class Settings(Struct, frozen=True, kw_only=True):
    """Every setting with its unit and the reason for its default."""

    corpus: Path = field(default_factory=paths.corpus)  # folder (or file) of labels
    index: Path = field(default_factory=paths.index)  # folder of the built index
    milvus: str = ""  # address of the Milvus that holds the index; empty: the folder alone
    model: str = ""  # sentence-transformers model to encode with; empty: the packaged MiniLM
    threads: Annotated[int, Meta(ge=1, le=64)] = 2  # of the encoder and of FAISS, set once at start
    host: str = "127.0.0.1"  # address to serve on; only this machine unless told otherwise
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000  # to serve on; 0 takes a free one
    base_url: str = ""  # public address, for links in replies; empty: relative links
    question_length: Annotated[int, Meta(ge=1, le=2000)] = 2000  # characters, as the reply contract caps it
    conversations: Annotated[int, Meta(ge=1)] = 10_000  # in memory, where none is kept on disk
    gate: bool = False  # ask once a browser whether a health-care professional reads
    widget_keys: Path | None = None  # TOML file of portals' keys; empty: no portal may embed
    slack_store: Path = Path("slack.sqlite3")  # SQLite file of Slack's installations, seen events and threads
    wording: Path | None = None  # file of fixed sentences; empty: the packaged one
    database: str = ""  # file or URL where a service keeps conversations; empty: kept/
    questions: Literal["redacted", "verbatim", "none"] = "redacted"  # as kept: some readers type a patient's name
    keep_days: Annotated[float, Meta(gt=0, le=36_500)] = 365  # days until a turn is purged
    require_key: bool = False  # ask every caller for a key with the scope ask
    address_rate: Rate = "120/minute"  # requests that write or ask, for one address
    key_rate: Rate = "600/minute"  # the same for one key or portal
    concurrency: Annotated[int, Meta(ge=1, le=1000)] = 32  # questions in hand at once; more are told to wait
    time_limit: Annotated[float, Meta(gt=0, le=600)] = 10  # seconds for a reply or a request's body
    trusted_proxies: str = ""  # addresses and networks whose X-Forwarded-For is believed
    secret: Path | None = None  # file of 32 bytes or more that signs sessions and bundles
    traces: str = ""  # OTLP address of an OpenTelemetry collector; empty: no traces
    log: Literal["text", "json"] = "text"  # form of the log on standard error


def load(config: Path | None = None, **changes: Any) -> Settings:
    """Settings from a file, the environment and explicit changes, the later winning; None changes nothing."""
    values: dict[str, Any] = _from_file(config) if config else {}
    values |= {key[len(PREFIX) :].lower(): value for key, value in os.environ.items() if key.startswith(PREFIX)}
    values |= {key: value for key, value in changes.items() if value is not None}
    kinds = get_type_hints(Settings, include_extras=True)
    place = str(config or "settings")
    checked = {key: _checked(key, value, kinds.get(key), place) for key, value in values.items()}
    return Settings(**checked)


def _checked(key: str, value: Any, kind: Any, place: str) -> Any:
    known = f"Settings are: {', '.join(Settings.__struct_fields__)}"
    if kind is None:
        raise BadSetting(f"setting {key!r} is {value!r}: there is no such setting", place=place, remedy=known)
    try:
        # The environment holds texts, so "8000" is a number and "true" a truth.
        return msgspec.convert(value, kind, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise BadSetting(f"setting {key!r} is {value!r}: {error}", place=place, remedy=known) from error


def _path(kind: type, value: Any) -> Path:
    return Path(value)


def _from_file(config: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(config.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSetting("can't be read", place=str(config), remedy="Name an existing TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"is not TOML: {error}", place=str(config), remedy="Mend the line named") from error
