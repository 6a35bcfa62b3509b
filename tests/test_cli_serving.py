"""`serve`, `check` and `bench`: ports, problems, times."""

import signal
import sys
import threading
import types
from pathlib import Path
from typing import Any

import pytest
from standin import Standin

from assistant.cli import benching, checking, serving
from assistant.errors import AddressInUse, IndexMissing
from assistant.settings import Settings


def test_a_taken_port_is_told_with_its_address() -> None:
    with serving.listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressInUse) as caught:
            serving.listening("127.0.0.1", port)
    assert str(caught.value) == (
        f"127.0.0.1:{port}: the port is taken by another program. "
        "Stop the other program, or take another port: --port N (0 takes a free one)."
    )


def test_the_address_is_one_that_a_browser_takes() -> None:
    with serving.listening("0.0.0.0", 0) as taken:
        assert serving.address(taken) == f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_missing_index_is_built_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from assistant.indexing.building import BuildReport

    opened: list[Any] = []

    def open_assistant(settings: Settings, keeper: Any) -> Standin:
        opened.append((settings, keeper))
        if len(opened) == 1:
            raise IndexMissing("there is no index", place=str(tmp_path))
        assistant = Standin()
        assistant.index = types.SimpleNamespace(warm=lambda: None)  # type: ignore[attr-defined]
        return assistant

    module = types.ModuleType("assistant.assembly")
    module.open_assistant = open_assistant  # type: ignore[attr-defined]
    report = BuildReport(index="i", up_to_date=False, labels=1, passages=2, encoded=2, read=("a",), seconds=0)
    module.build_index = lambda *_: report  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "assistant.assembly", module)
    served = serving.engine(Settings(index=tmp_path, corpus=tmp_path), "the keeper")
    assert (served.index_id, opened[1][1]) == ("index-1", "the keeper")
    assert capsys.readouterr().err.splitlines() == [
        f"{tmp_path}: no index yet, building it from {tmp_path}",
        f"{tmp_path}: 1 label, 2 passages; 1 read, 2 passages encoded in 0.0 s",
    ]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_each_hangup_swaps_whatever_became_of_the_one_before() -> None:
    swapped = [threading.Event() for _ in range(3)]
    wrong = iter((IndexMissing("there is no index"), RuntimeError("unforeseen"), None))
    done = iter(swapped)

    def swap() -> None:
        next(done).set()
        if error := next(wrong):
            raise error

    before = signal.getsignal(signal.SIGHUP)
    try:
        serving.on_hangup(swap)
        for one in swapped:
            signal.raise_signal(signal.SIGHUP)
            assert one.wait(60)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_check_names_every_bad_file_of_the_corpus(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 8)
    problems = list(checking.corpus(Settings(corpus=tmp_path)))
    assert [Path(problem.place).name for problem in problems] == ["binary.txt", "empty.txt"]
    assert all(problem.remedy for problem in problems)


def test_check_finds_a_missing_corpus_and_index(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path / "none", index=tmp_path / "none")
    assert [type(problem).__name__ for problem in checking.corpus(settings)] == ["UnreadableLabel"]
    assert isinstance(next(checking.index(settings)), IndexMissing)
    assert list(checking.environment()) == []


def test_bench_times_questions_against_the_encoder() -> None:
    def silent(stage: str, done: int, total: int) -> None:
        """Nobody watches."""

    asked = benching.questions(Standin(), 7)
    assert len(asked) == 7
    found = benching.warm(Standin(), asked, silent)
    assert (list(found), found["n"]) == (["p50_ms", "p95_ms", "p99_ms", "n"], 7)
    assert benching.encoder(Standin(), ["a"]) == {}
    figures = {"cold": {"ask_ms": 300, "python_ms": 20}, "warm": {"p50_ms": 9}, "encoder": {"p50_ms": 3}}
    assert benching.ratios(figures) == {"cold ask / python": 15.0, "question p50 / encoder p50": 3.0}
