"""The command line, over a stand-in engine: exit codes, streams, JSON, batches, chat."""

import io
import json
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from standin import Standin
from standin_label import LABEL, OTHER

from assistant.cli import main
from assistant.errors import IndexDamaged, UnreadableLabel
from assistant.indexing import opening
from assistant.indexing.building import BuildReport
from assistant.indexing.manifest import LabelEntry, NearEntry
from assistant.reply import as_json

ENTRY = LabelEntry(
    id="examplor", name="Examplor", newer="examplor-2", file="examplor.xml", sha256="", content="",
    first=0, count=20, offset=0, length=1,
)  # fmt: skip
REPORT = BuildReport(
    index="index-1",
    up_to_date=False,
    labels=1,
    passages=20,
    encoded=20,
    read=("examplor",),
    entries=(ENTRY,),
    near=NearEntry(lists=900, probes=8, recall=0.981),
    precision="bfloat16",
    seconds=1.5,
)
VARYING = {"conversation_id", "turn_id", "elapsed_ms"}


@pytest.fixture
def engine() -> Standin:
    return Standin(LABEL, OTHER)


@pytest.fixture
def built() -> list[Any]:
    return []


@pytest.fixture(autouse=True)
def assembly(monkeypatch: pytest.MonkeyPatch, engine: Standin, built: list[Any]) -> types.ModuleType:
    """`assistant.assembly` that opens the stand-in."""
    module = types.ModuleType("assistant.assembly")

    def build_index(settings: Any, workers: int, progress: Any, *_: Any) -> BuildReport:
        built.append((settings.corpus, workers))
        progress("reading", 1, 1)
        return REPORT

    def open_assistant(settings: Any, index: Any = None) -> Standin:
        assert index in (None, "the index")
        return engine

    module.open_assistant = open_assistant  # type: ignore[attr-defined]
    module.build_index = build_index  # type: ignore[attr-defined]
    module.read_file = lambda path, settings: LABEL  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "assistant.assembly", module)
    monkeypatch.setattr(opening, "begin", lambda settings: "the index")
    return module


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(argv)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def stripped(reply: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in reply.items() if name not in VARYING}


def test_ask_prints_the_whole_reply_as_json(capsys: pytest.CaptureFixture[str], engine: Standin) -> None:
    code, out, err = run(capsys, "ask", "nausea?", "--json", "--label", "examplor", "--history", "a", "--history", "b")
    assert (code, err) == (0, "")
    assert json.loads(out) == as_json(engine.conversation("talk-1")[0])
    assert engine.asked == [{"conversation_id": None, "history": ["a", "b"], "labels": ["examplor"], "limit": 5}]


def test_ask_prints_a_plain_answer_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "ask", "nausea in adults?")
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    assert out.splitlines()[1:6] == [
        "19% (31/164) [1]",
        "nausea · adult · Study A",
        "",
        "[1] “In Study A, nausea occurred in 31/164 adult patients (19%).”",
        "    EXAMPLOR, version 3, 2025-06-01 › Adverse reactions (253-312)",
    ]


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        ((), "COMMAND: is missing. See label-assistant --help."),
        (("ask",), "question: there is no question. See label-assistant ask --help."),
        (("ask", " "), "question: The question is empty. Give 1 to 2,000 characters."),
        (("ask", "a" * 2001), "question: The question has 2,001 characters. Give 1 to 2,000 characters."),
        (("ask", "a\x00b"), "question: The text has a control character, U+0000, at position 1."),
        (
            ("ask", "a", "--limit", "21"),
            "--limit: '21' is no whole number from 1 to 20. See label-assistant ask --help.",
        ),
        (("ask", "a", "--jsonl", "-"), "question: 'a' stands beside --jsonl, whose lines say it."),
        (("ask", "--jsonl", "none.jsonl"), "--jsonl: 'none.jsonl' can't be read: No such file or directory."),
        (("ask", "a", "--config", "none.toml"), "none.toml: can't be read. Name an existing TOML file."),
        (
            ("eval", "none.jsonl"),
            "none.jsonl: can't be read: No such file or directory. Name an existing question set.",
        ),
        (("serve", "--port", "70000"), "--port: '70000' is no whole number from 0 to 65,535."),
        (("serve", "--host", "no such host"), "host: host 'no such host' is no address of this machine"),
    ],
)
def test_bad_use_is_one_line_on_standard_error_and_exit_2(
    capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], line: str
) -> None:
    code, out, err = run(capsys, *argv)
    assert (code, out) == (2, "")
    assert err.startswith(f"label-assistant: {line}")
    assert err.count("\n") == 1


def test_every_error_of_the_tree_is_one_line_with_its_exit_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(settings: Any) -> None:
        raise IndexDamaged("was\naltered", place="index/x", remedy="Build it anew")

    monkeypatch.setattr(opening, "begin", damaged)
    assert run(capsys, "ask", "a") == (1, "", "label-assistant: index/x: was altered. Build it anew.\n")


def test_a_batch_answers_in_order_and_reports_bad_lines_in_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, engine: Standin
) -> None:
    file = tmp_path / "requests.jsonl"
    lines = ['{"question": "dose?"}', "{", '{"question": "a", "limit": "5"}', '{"query": 1}', '{"question": "nausea?"}']
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, out, err = run(capsys, "ask", "--jsonl", str(file))
    replies = [json.loads(line) for line in out.splitlines()]
    assert [reply.get("kind") for reply in replies] == ["no_answer", None, None, None, "answer"]
    assert [reply.get("line") for reply in replies] == [None, 2, 3, 4, None]
    assert stripped(replies[4]) == stripped(as_json(engine.ask("nausea?")))
    assert replies[2]["error"] == {
        "message": "limit is '5'",
        "place": "limit",
        "remedy": "Give an integer from 1 to 20",
        "field": "limit",
        "value": "5",
        "allowed": "an integer from 1 to 20",
    }
    assert (code, err) == (
        2,
        f"label-assistant: {file}: bad lines: 2, 3, 4. The replies say what is wrong with each.\n",
    )


def test_a_batch_reads_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"question": "nausea?"}\n')))
    code, out, err = run(capsys, "ask", "--jsonl", "-")
    assert (code, json.loads(out)["kind"], err) == (0, "answer", "")


def test_a_chat_goes_on_takes_choices_and_starts_afresh(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: Standin
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("what is LI\n1\na\x01b\n/new\nnausea?\n/quit\nnever\n"))
    code = main(["chat"])
    captured = capsys.readouterr()
    assert code == 0
    assert [reply.question for reply in engine.conversation("talk-1")] == [
        "what is LI",
        "What is the rate of nausea in adults?",
    ]
    assert [reply.question for reply in engine.conversation("talk-2")] == ["nausea?"]
    assert captured.err.count("\n") == 1
    assert "control character" in captured.err


def test_index_reports_what_was_done_and_names_what_failed(
    capsys: pytest.CaptureFixture[str], assembly: types.ModuleType, built: list[Any], tmp_path: Path
) -> None:
    options = ("--index", "out", "--corpus", str(tmp_path), "--workers", "3")
    done = "out: 1 label, 20 passages; 1 read, 20 passages encoded in bfloat16 in 1.5 s"
    code, out, err = run(capsys, "index", *options)
    assert (code, err) == (0, "")
    assert [" ".join(line.split()) for line in out.splitlines() if line.strip(" ─")] == [
        "label file",
        "examplor examplor.xml 20 passages, superseded by examplor-2",
        done,
        "search over all labels: 8 of 900 lists, 98.1% of the 10 nearest on a sample; within labels exact",
    ]
    assert built == [(tmp_path, 3)]
    failed = BuildReport(
        index="i",
        up_to_date=True,
        labels=1,
        passages=2,
        seconds=0,
        failed=(UnreadableLabel("is empty", place="a.txt"),),
    )
    assembly.build_index = lambda *_: failed  # type: ignore[attr-defined]
    code, out, err = run(capsys, "index", "--index", "out")
    assert (code, err) == (1, "label-assistant: a.txt: is empty.\n")
    assert [" ".join(line.split()) for line in out.splitlines() if line.strip(" ─")] == [
        "label file",
        "not read a.txt is empty",
        "out: up to date: 1 label, 2 passages; 1 not read",
    ]


def test_read_prints_outline_tables_and_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "read", "label.txt")
    assert (code, err) == (0, "")
    assert out.startswith(f"{LABEL.name}")
    assert f"Sections ({len(LABEL.sections)})" in out
    assert "    Vomiting | 12 | <1 | 5 | 0" in out.splitlines()
    assert f"Warnings ({len(LABEL.findings)})" in out
    values = json.loads(run(capsys, "read", "label.txt", "--json")[1])
    assert values == {**json.loads(json.dumps(as_json(LABEL))), "text": f"{len(LABEL.text)} characters left out"}


def test_eval_prints_figures_and_writes_reports(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file, page, figures = tmp_path / "set.jsonl", tmp_path / "r.html", tmp_path / "r.json"
    question = {"id": "q", "label": "examplor", "question": "dose?", "answerable": True, "evidence": ["nausea"]}
    file.write_text(json.dumps(question), encoding="utf-8")
    code, out, err = run(capsys, "eval", str(file), "--html", str(page), "--json", str(figures), "--misses")
    assert (code, err) == (0, f"report: {page}\nfigures: {figures}\n")
    assert out.splitlines()[:3] == ["q refused", "  asked      dose?", "  gold       nausea"]
    assert json.loads(figures.read_text(encoding="utf-8"))["outcomes"][0]["faults"] == ["refused"]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads(run(capsys, "eval", str(file), "--json", "-")[1])["questions"] == 1


def test_help_is_there_at_once_and_loads_nothing() -> None:
    script = "import sys; from assistant.cli import main\ntry: main(['--help'])\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"rich", "pydantic", "numpy", "torch", "fastapi"} & set(done.stdout.split())


@pytest.mark.parametrize("module", ["asking", "batching", "showing", "screen"])
def test_asking_loads_no_heavy_package(module: str) -> None:
    script = f"import sys, assistant.cli.{module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"torch", "fastapi", "sentence_transformers", "sqlalchemy", "uvicorn"} & set(done.stdout.split())


def test_a_reader_that_leaves_early_gets_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "assistant.cli", "read", "corpus/labels/besponsa-pediatric-safety.txt", "--json"]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, cwd=root, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
def test_a_question_that_fails_at_once_ends_with_its_code_though_the_encoder_is_still_loading(real_index: Path) -> None:
    script = f"from assistant.cli import main; raise SystemExit(main(['ask', '--index', {str(real_index)!r}, '--label', 'nope', 'VOD?']))"
    ended = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode for _ in range(6)
    ]
    assert ended == [2] * 6
