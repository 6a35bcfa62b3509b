"""`bench`: what it compares with, labels that it generates, and how it tells."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from assistant.assembly import Assistant
from assistant.cli import benching_floors as floors
from assistant.cli.benching_reading import reading_rates
from assistant.cli.benching_report import markdown, svg
from assistant.cli.benching_sizes import generated, grown

CORPUS = Path(__file__).parents[1] / "corpus" / "labels"
TIMES = {"p50_ms": 10.0, "p95_ms": 20.0, "p99_ms": 30.0, "n": 3}
SIZE = {
    "passages": 1000, "within": TIMES, "nearest_of_all": TIMES | {"p50_ms": 4.0}, "peak_mb": 200.4, "disk_mb": 91.2,
    "split_and_written_per_second": 5000,
}  # fmt: skip
FIGURES: dict[str, Any] = {
    "machine": {"cpus": 2, "processor": "x86_64", "python": "3.11.7"},
    "index_id": "abc",
    "labels": 1,
    "cold": {"ask_ms": 600.0, "python_ms": 20.0, "encoder_ms": 300.0, "n": 5, "peak_mb": 180.0},
    "warm": TIMES,
    "encoder": {"p50_ms": 5.0, "p95_ms": 5.0, "p99_ms": 5.0, "per_second": 200.0, "passages_per_second": 80.0},
    "plain": {"cold_ms": 6000.0, "p50_ms": 20.0},
    "faiss_ms": 0.5,
    "memory_gb_per_second": 10.0,
    "reading": {"mb_per_second": {"spl": 5.5}, "documents": 1, "peak_mb": {"after_a_third": 80.0, "after_all": 80.0}},
    "served": TIMES
    | {"per_second": {1: 90.0, 4: 150.0}, "by_processes": {"processes": 2, "per_second": {1: 95.0, 4: 180.0}}},
    "sizes": [SIZE, SIZE | {"passages": 100_000}],
}


def test_every_figure_stands_beside_what_it_is_compared_with() -> None:
    lines = markdown(FIGURES).splitlines()
    assert lines[6:9] == [
        "| cold `ask` | 600.0 ms | an empty Python 20.0 ms | 30.00 |",
        "| cold `ask` | 600.0 ms | bare encoder process 300.0 ms | 2.00 |",
        "| cold `ask` | 600.0 ms | sentence-transformers + FAISS 6000.0 ms | 0.10 |",
    ]
    assert "| question p95 | 20.0 ms | bare encoder p95 5.0 ms | 4.00 |" in lines
    assert "| answers a second, 4 at once | 150.0 | bare encoder 200.0 | 0.75 |" in lines
    assert "| answers a second, 4 at once, 2 processes | 180.0 | bare encoder 200.0 | 0.90 |" in lines
    assert lines[-1] == "| 100,000 | 10.0 / 20.0 ms | 4.0 / 20.0 ms | 200 MB | 91 MB | 5,000/s |"


def test_the_plot_is_an_image_with_every_point() -> None:
    root = ElementTree.fromstring(svg(FIGURES["sizes"]))
    assert len(root.findall("{*}circle")) == 4
    assert [line.text for line in root.findall("{*}text")][-1] == "nearest of all"


def test_documents_are_read_and_memory_is_told() -> None:
    found = reading_rates(CORPUS)
    assert (found["documents"], list(found["mb_per_second"])) == (1, ["page"])
    assert found["mb_per_second"]["page"] > 0


def test_processes_run_as_an_installed_package_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert floors.python("import json, sys; print(json.dumps(sys.dont_write_bytecode))") is False


@pytest.mark.slow
def test_generated_labels_keep_every_place_of_the_text(real_assistant: Assistant) -> None:
    index = real_assistant.index
    made = [one.read() for one in generated(index, 400)]
    seed = "besponsa-pediatric-safety"
    assert [label.id for label in made] == [seed, f"{seed}-1", f"{seed}-2"]
    first, second = made[:2]
    assert (first, second.name, len(second.text)) == (index.labels[first.id], "CFTQPOTB", len(first.text))
    assert (second.text == first.text, second.blocks == first.blocks) == (False, True)


@pytest.mark.slow
def test_a_grown_index_answers_about_the_real_label(real_assistant: Assistant) -> None:
    found = grown(real_assistant.index, 1000, [("VOD rate in adults?", ["besponsa-pediatric-safety"])])
    assert (found["passages"] >= 1000, found["labels"], found["near"]) == (True, 7, None)
    assert (len(found["within"]), len(found["nearest_of_all"])) == (1, 1)


@pytest.mark.slow
def test_floors_are_measured(real_assistant: Assistant) -> None:
    index = real_assistant.index
    assert floors.bare_encoder(index.folder / "encoder", "VOD?", 1) > floors.empty_python() > 0
    assert floors.bare_faiss(index.vectors.at(range(len(index.passages))), 1) > 0
    assert floors.memory() > 0


@pytest.mark.slow
def test_ask_loads_only_what_it_needs(real_index: Path) -> None:
    script = (
        "import contextlib, io, json, sys\n"
        "from assistant.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    main(['ask', 'VOD rate in adults?', '--json', '--index', sys.argv[1]])\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    modules = set(floors.python(script, str(real_index)))
    loaded = {name.split(".")[0] for name in modules}
    heavy = {
        *("torch", "transformers", "sentence_transformers", "safetensors", "onnx", "pandas", "scipy", "sklearn"),
        *("fastapi", "starlette", "uvicorn", "jinja2", "sqlalchemy", "lxml", "bs4", "pdfplumber", "pdfminer", "faiss"),
        *("rich", "asyncio", "httpx", "anyio", "pydantic"),
    }
    assert loaded & heavy == set()
    assert modules & {"numpy.ma", "numpy.random", "numpy.testing", "assistant.reading", "assistant.splitting"} == set()
    needed = {"msgspec", "numpy", "onnxruntime", "rapidfuzz", "snowballstemmer", "tantivy", "tokenizers"}
    assert needed <= loaded
