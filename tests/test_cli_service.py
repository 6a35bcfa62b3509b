"""`review`, `keys`, `purge`, `explain`, `verify`, `diff`: the commands of who runs a service, over a real small index."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_swapping import QUESTION, publish

from assistant.assembly import Assistant, open_assistant, open_store
from assistant.cli import main
from assistant.settings import PREFIX, Settings

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A service's settings, which the commands get from the environment."""
    publish(tmp_path, 12)
    (tmp_path / "secret").write_text("s" * 32)
    named = {"index": tmp_path / "index", "database": tmp_path / "kept.db", "secret": tmp_path / "secret"}
    for name, value in named.items():
        monkeypatch.setenv(f"{PREFIX}{name.upper()}", str(value))
    return Settings(index=tmp_path / "index", database=str(tmp_path / "kept.db"), secret=tmp_path / "secret")


@pytest.fixture
def service(settings: Settings) -> Iterator[Assistant]:
    store = open_store(settings)
    yield open_assistant(settings, store)
    store.database.close()


def said(capsys: Capture, *arguments: str, code: int = 0) -> str:
    """What a command prints."""
    capsys.readouterr()
    assert main(arguments) == code
    return capsys.readouterr().out


def test_review_exports_every_turn_as_csv_and_json_lines(service: Assistant, capsys: Capture) -> None:
    service.ask("=1+1 headache rate of Zolvent?")
    told = service.ask("My patient took Zolvent and developed jaundice")
    rows = list(csv.DictReader(io.StringIO(said(capsys, "review", "export"))))
    lines = [json.loads(line) for line in said(capsys, "review", "export", "--format", "jsonl").splitlines()]
    assert [row["turn_id"] for row in rows] == [line["turn_id"] for line in lines]
    assert (rows[0]["turn_id"], rows[0]["flag"]) == (told.turn_id, "open")
    assert rows[1]["question"] == "'=1+1 headache rate of Zolvent?"  # a spreadsheet computes nothing
    assert lines[1]["question"] == "=1+1 headache rate of Zolvent?"


def test_a_flag_is_settled(service: Assistant, capsys: Capture) -> None:
    told = service.ask("My patient took Zolvent and developed jaundice")
    assert said(capsys, "review", "queue").startswith(f"open {told.turn_id} ")
    said(capsys, "review", "settle", told.turn_id, "--status", "reported", "--note", "by phone")
    queue = said(capsys, "review", "queue")
    assert (queue.startswith(f"reported {told.turn_id} "), queue.endswith("by phone\n")) == (True, True)
    said(capsys, "review", "settle", "none", "--status", "open", code=2)


def test_keys_are_made_listed_and_revoked(settings: Settings, capsys: Capture) -> None:
    key = said(capsys, "keys", "add", "portal", "--scope", "ask", "--scope", "review").strip()
    assert key.startswith("la_")
    listed = said(capsys, "keys", "list")
    assert (listed.split()[1:3], listed.split()[-2:]) == (["in", "use"], ["ask,review", "portal"])
    assert key.split("_")[2] not in listed
    said(capsys, "keys", "revoke", "portal")
    assert " revoked " in said(capsys, "keys", "list")


def test_purge_tells_what_went_and_what_stays(service: Assistant, capsys: Capture) -> None:
    service.ask(QUESTION)
    service.ask("My patient took Zolvent and developed jaundice")
    assert said(capsys, "purge") == "0 turns and 0 conversations older than 365 days removed\n"
    assert main(["purge", "--days", "0"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "1 turns and 1 conversations older than 0 days removed\n"
    assert shown.err.startswith("1 older turns stay")


def test_explain_makes_the_reply_again_and_shows_the_candidates(service: Assistant, capsys: Capture) -> None:
    first = service.ask(QUESTION)
    reply = service.ask("and in children?", conversation_id=first.conversation_id)
    bundle = json.loads(said(capsys, "explain", reply.turn_id, "--json"))
    assert bundle["reproduced"] is True
    assert bundle["earlier"][0]["question"] == QUESTION
    assert bundle["origin"]["model_sha256"] == service.index.manifest.model.sha256
    assert bundle["labels"] == {"zolvent": reply.citations[0].label.sha256}
    assert bundle["citations"][0]["quote"] == reply.citations[0].quote
    scores = [one["score"] for one in bundle["candidates"]]
    assert len(scores) >= 3
    assert list(bundle["stages_ms"]) == [
        "understanding",
        "retrieving",
        "ranking",
        "composing",
        "storing",
    ]
    assert min(bundle["stages_ms"].values()) >= 0
    shown = said(capsys, "explain", reply.turn_id)
    assert "reproduced: yes" in shown
    assert f"model_sha256: {service.index.manifest.model.sha256}" in shown
    said(capsys, "explain", "none", code=2)


def test_explain_says_where_another_index_serves(service: Assistant, capsys: Capture, tmp_path: Path) -> None:
    turn = service.ask(QUESTION).turn_id
    publish(tmp_path, 15)
    bundle = json.loads(said(capsys, "explain", turn, "--json"))
    assert (bundle["reproduced"], bundle["reply"]["headline"]["text"]) == (None, "12% (24/200)")
    assert bundle["why"].startswith("the index in service is ")


def test_a_signed_bundle_is_genuine_until_a_letter_changes(service: Assistant, capsys: Capture, tmp_path: Path) -> None:
    turn = service.ask(QUESTION).turn_id
    file = tmp_path / "bundle.json"
    said(capsys, "explain", turn, "--bundle", str(file))
    assert said(capsys, "verify", str(file)) == f"{file}: genuine; turn {turn}, index {service.index_id}\n"
    file.write_text(file.read_text().replace("12% (24/200)", "13% (24/200)"))
    said(capsys, "verify", str(file), code=2)
    for wrong in ("{}", "[]", "nonsense", '{"bundle": [], "signature": 1}'):
        file.write_text(wrong)
        said(capsys, "verify", str(file), code=2)


def test_a_bundle_of_another_secret_is_not_genuine(
    service: Assistant, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bundle.json"
    said(capsys, "explain", service.ask(QUESTION).turn_id, "--bundle", str(file))
    (tmp_path / "other").write_text("t" * 32)
    monkeypatch.setenv(f"{PREFIX}SECRET", str(tmp_path / "other"))
    said(capsys, "verify", str(file), code=2)
    monkeypatch.delenv(f"{PREFIX}SECRET")
    said(capsys, "verify", str(file), code=2)


def test_diff_lists_the_answers_that_a_revised_label_changes(
    service: Assistant, capsys: Capture, tmp_path: Path
) -> None:
    first = service.ask(QUESTION)
    service.ask("and in children?", conversation_id=first.conversation_id)
    (tmp_path / "revised").mkdir()
    publish(tmp_path / "revised", 15)
    old, new = str(tmp_path / "index"), str(tmp_path / "revised" / "index")
    told = json.loads(said(capsys, "diff", old, new, "--json"))
    assert (told["asked"], len(told["changed"])) == (2, 1)
    (changed,) = told["changed"]
    assert (changed["question"], changed["old"]["headline"], changed["new"]["headline"]) == (
        QUESTION,
        "12% (24/200)",
        "15% (30/200)",
    )
    assert said(capsys, "diff", old, new).splitlines()[-1].startswith("1 of 2 answers changed")
    assert said(capsys, "diff", old, old).startswith("0 of 2 answers changed")
    sets = tmp_path / "set.jsonl"
    line = {"id": "q1", "label": "zolvent", "question": QUESTION, "answerable": True, "evidence": ["Headache"]}
    sets.write_text(json.dumps(line | {"section": "", "tags": []}) + "\n")
    assert said(capsys, "diff", old, new, "--questions", str(sets)).splitlines()[-1].startswith("1 of 1")
