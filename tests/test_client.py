"""The package as a library: light to import, one call to open, the reply contract's types."""

import subprocess
import sys
from pathlib import Path

import pytest

import assistant
from assistant.errors import BadSetting, IndexMissing

ROOT = Path(__file__).parents[1]


def loaded_by(source: str) -> set[str]:
    """The modules that a program has loaded at its end."""
    command = [sys.executable, "-c", f"{source}\nimport sys; print(*sys.modules)"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return set(printed.splitlines()[-1].split())


def test_importing_the_package_loads_nothing_of_it_and_no_library() -> None:
    found = {name for name in loaded_by("import assistant") if not name.startswith("_")}
    assert {name for name in found if name.partition(".")[0] == "assistant"} == {"assistant"}
    assert {"numpy", "pydantic", "faiss", "onnxruntime", "lxml", "torch", "fastapi"} & found == set()


def test_the_public_names_are_the_classes_themselves() -> None:
    from assistant.assembly import Assistant
    from assistant.reply import Reply

    assert (assistant.Assistant, assistant.Reply) == (Assistant, Reply)


def test_a_name_that_is_not_there_is_told_as_python_does() -> None:
    with pytest.raises(AttributeError, match="module 'assistant' has no attribute 'Zap'"):
        _ = assistant.Zap  # type: ignore[attr-defined]


def test_opening_a_folder_without_an_index_names_it(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=str(tmp_path)):
        assistant.Assistant.open(str(tmp_path))


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(BadSetting, match="setting 'zap'"):
        assistant.Assistant.open("index", zap=1)


@pytest.mark.slow
def test_three_lines_give_an_answer_without_torch_or_the_web(real_index: Path) -> None:
    found = loaded_by(
        "from assistant import Assistant\n"
        f"reply = Assistant.open({str(real_index)!r}).ask('VOD rate after HSCT in children?')\n"
        "assert reply.headline.text == '19% (n=5)', reply\n"
    )
    assert {
        "torch",
        "transformers",
        "fastapi",
        "starlette",
        "uvicorn",
        "slack_bolt",
        "mcp",
        "pdfplumber",
    } & found == set()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"port": "70000"}, "setting 'port' is '70000': Expected `int` <= 65535"),
        ({"address_rate": "often"}, "setting 'address_rate' is 'often': Expected `str` matching regex"),
        ({"gate": "maybe"}, "setting 'gate' is 'maybe': Expected `bool`"),
        ({"zap": 1}, "setting 'zap' is 1: there is no such setting"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed(values: dict[str, object], said: str) -> None:
    from assistant.settings import load

    with pytest.raises(BadSetting) as caught:
        load(**values)
    assert said in str(caught.value)
    assert "Settings are: corpus, index, " in str(caught.value)


def test_settings_in_the_environment_are_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.settings import load

    for key, value in {"PORT": "0", "GATE": "true", "KEEP_DAYS": "1.5", "SECRET": "/a/b", "KEY_RATE": "5/hour"}.items():
        monkeypatch.setenv(f"LABEL_ASSISTANT_{key}", value)
    found = load(index="somewhere")
    assert (found.port, found.gate, found.keep_days, found.key_rate) == (0, True, 1.5, "5/hour")
    assert (found.secret, found.index) == (Path("/a/b"), Path("somewhere"))
