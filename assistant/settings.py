"""The assistant's settings, read once: from a TOML file, then LABEL_ASSISTANT_... in the environment.

Out: `Settings`, `load`. An unknown key is an error. Left out: what the parts do with them.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant import paths
from assistant.errors import BadSetting

PREFIX = "LABEL_ASSISTANT_"
_RATE = re.compile(r"[1-9]\d{0,6}/(?:second|minute|hour|day)")


class Settings(BaseModel):
    """Every setting with its unit and the reason for its default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    corpus: Path = Field(default_factory=paths.corpus, description="folder (or file) of labels")
    index: Path = Field(default_factory=paths.index, description="folder of the built index")
    milvus: str = Field(default="", description="address of the Milvus that holds the index; empty: the folder alone")
    model: str = Field(default="", description="sentence-transformers model to encode with; empty: the packaged MiniLM")
    threads: int = Field(default=2, ge=1, le=64, description="threads of the encoder and of FAISS, set once at start")
    host: str = Field(default="127.0.0.1", description="address to serve on; only this machine unless told otherwise")
    port: int = Field(default=8000, ge=0, le=65535, description="port to serve on; 0 takes a free one")
    base_url: str = Field(default="", description="public address, for links in replies; empty: relative links")
    question_length: int = Field(default=2000, ge=1, le=2000, description="characters, as the reply contract caps it")
    conversations: int = Field(default=10_000, ge=1, description="conversations in memory, where none is kept on disk")
    gate: bool = Field(default=False, description="ask once a browser whether a health-care professional reads")
    widget_keys: Path | None = Field(default=None, description="TOML file of portals' keys; empty: no portal may embed")
    slack_store: Path = Field(
        default=Path("slack.sqlite3"), description="SQLite file of Slack's installations, seen events and threads"
    )
    wording: Path | None = Field(default=None, description="file of fixed sentences; empty: the packaged one")
    database: str = Field(default="", description="file or URL where a service keeps conversations; empty: kept/")
    questions: Literal["redacted", "verbatim", "none"] = Field(
        default="redacted", description="how the words of a question are kept: some readers type a patient's name"
    )
    keep_days: float = Field(default=365, gt=0, le=36_500, description="days until a turn is purged")
    require_key: bool = Field(default=False, description="ask every caller for a key with the scope ask")
    address_rate: str = Field(default="120/minute", description="requests that write or ask, for one address")
    key_rate: str = Field(default="600/minute", description="requests that write or ask, for one key or portal")
    concurrency: int = Field(default=32, ge=1, le=1000, description="questions in hand at once; more are told to wait")
    time_limit: float = Field(default=10, gt=0, le=600, description="seconds for a reply or a request's body")
    trusted_proxies: str = Field(default="", description="addresses and networks whose X-Forwarded-For is believed")
    secret: Path | None = Field(default=None, description="file of 32 bytes or more that signs sessions and bundles")
    traces: str = Field(default="", description="OTLP address of an OpenTelemetry collector; empty: no traces")
    log: Literal["text", "json"] = Field(default="text", description="form of the log on standard error")

    @field_validator("address_rate", "key_rate")
    @classmethod
    def _is_rate(cls, rate: str) -> str:
        if not _RATE.fullmatch(rate):
            raise ValueError("give a number and a time, as 120/minute")
        return rate


def load(config: Path | None = None, **changes: Any) -> Settings:
    """Settings from a file, the environment and explicit changes, the later winning; None changes nothing."""
    values: dict[str, Any] = _from_file(config) if config else {}
    values |= {key[len(PREFIX) :].lower(): value for key, value in os.environ.items() if key.startswith(PREFIX)}
    values |= {key: value for key, value in changes.items() if value is not None}
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        known = ", ".join(Settings.model_fields)
        raise BadSetting(
            f"setting {key!r} is {values.get(key)!r}: {first['msg']}",
            place=str(config or "settings"),
            remedy=f"Settings are: {known}",
        ) from error


def _from_file(config: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(config.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSetting("can't be read", place=str(config), remedy="Name an existing TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"is not TOML: {error}", place=str(config), remedy="Mend the line named") from error
