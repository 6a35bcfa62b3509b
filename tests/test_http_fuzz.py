"""The API by its own description: schemathesis makes requests of it, right and wrong ones; none gets an answer that the
description doesn't know. A few each by default, FUZZ each in `make fuzz`."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from small_labels import small

from assistant.assembly import Assistant
from assistant.http.app import create_app
from assistant.settings import Settings
from assistant.storing.keeping import Store
from assistant.storing.keyring import Keyring
from assistant.storing.opening import Database

EACH = int(os.environ.get("FUZZ", "10"))
WANTED = 5000  # cases, where FUZZ says how many each
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_folder = TemporaryDirectory()
_database = Database(Path(_folder.name) / "kept.db")
_key = Keyring(_database).add("fuzz", ["ask", "review", "admin"])
_counts = {"cases": 0}


def _app() -> Any:
    assistant = Assistant(small().index, small().settings, Store(_database))
    often = "1000000/second"
    return create_app(assistant, Settings(address_rate=often, key_rate=often, time_limit=60), _database)


schema = schemathesis.openapi.from_asgi("/openapi.json", _app())


@schema.parametrize()
@hypothesis.settings(max_examples=EACH, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
def test_every_answer_is_one_that_the_description_knows(case: schemathesis.Case) -> None:
    _counts["cases"] += 1
    headers = {"Authorization": f"Bearer {_key}"} if _counts["cases"] % 2 else {}
    case.call_and_validate(headers=headers, checks=CHECKS)


def test_enough_was_asked() -> None:
    if "FUZZ" not in os.environ:
        pytest.skip("a few cases only; make fuzz asks 5,000 and more")
    assert _counts["cases"] >= WANTED
