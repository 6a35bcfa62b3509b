"""Expressions that are compiled when they are first used."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant
from assistant import patterns
from assistant.patterns import expression

ROOM = Path(assistant.__file__).parent
ASKED = ("answering", "retrieving", "understanding")  # what every question imports
GROUND = ("ages", "figures", "grades", "moments", "populations", "ranges", "sentences", "trials", "words")


def modules() -> Iterator[Path]:
    yield from (ROOM / f"{name}.py" for name in GROUND)
    yield from (path for name in ASKED for path in (ROOM / name).glob("*.py"))


def compiled_at_import(path: Path) -> list[str]:
    """The calls of re.compile that run when a module is imported."""
    found: list[str] = []

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            return
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            found.append(f"{path.name}:{node.lineno}")
        for child in ast.iter_child_nodes(node):
            look(child)

    look(ast.parse(path.read_text(encoding="utf-8")))
    return found


def test_what_every_question_imports_compiles_no_expression_at_import() -> None:
    """Use `expression` of assistant/patterns.py in place of `re.compile`: compiling all of them takes 160 ms."""
    assert [one for path in modules() for one in compiled_at_import(path)] == []


def test_an_expression_does_what_a_compiled_one_does() -> None:
    lazy, compiled = expression(r"(?P<n>\d+)x", re.IGNORECASE), re.compile(r"(?P<n>\d+)x", re.IGNORECASE)
    assert [match.group() for match in lazy.finditer("1X 22x")] == ["1X", "22x"]
    assert (lazy.pattern, lazy.flags, lazy.groupindex) == (compiled.pattern, compiled.flags, compiled.groupindex)
    assert (lazy.sub("-", "1x"), lazy.split("a1xb"), lazy.match("x")) == ("-", ["a", "1", "b"], None)


def test_an_expression_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError, match="searched"):
        expression("a").searched  # type: ignore[attr-defined]  # noqa: B018


def of_the_product() -> list[tuple[str, int]]:
    """Every expression that stands by itself in a module, with its flags."""
    names = [one.name for room in ASKED for one in pkgutil.iter_modules([str(ROOM / room)], f"assistant.{room}.")]
    held = [value for name in names for value in vars(importlib.import_module(name)).values()]
    return [(one.pattern, one._flags) for one in held if type(one).__module__ == "assistant.patterns"]


def test_every_expression_of_the_product_compiles() -> None:
    assert len([re.compile(pattern) for pattern, _ in of_the_product()]) > 100


def test_what_was_found_is_found_again() -> None:
    lazy = expression(r"(?P<n>\d+)x")
    for _ in range(2):
        found = lazy.search("1x 22x")
        assert found is not None
        assert (found["n"], lazy.search("none"), lazy.match("1x", 1)) == ("1", None, None)
        each = lazy.finditer("1x 22x")
        assert [next(each)["n"], *(match["n"] for match in each)] == ["1", "22"]
        assert [match["n"] for match in lazy.finditer("1x 22x", 1)] == ["22"]
        assert (lazy.sub("-", "1x 22x"), lazy.sub("-", "1x 22x", count=1)) == ("- -", "- 22x")
        assert lazy.sub(lambda match: match["n"], "1x 22x") == "1 22"


def test_an_expression_of_kept_parts_is_the_compiled_one() -> None:
    for pattern, flags in of_the_product():
        assert patterns._made(pattern, patterns._taken_apart(pattern, flags)) == re.compile(pattern, flags)


@pytest.fixture
def kept_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for bytecode in place of the real one."""
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path))
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr(patterns, "_new", [])
    patterns._kept.cache_clear()
    yield tmp_path
    patterns._kept.cache_clear()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_compiled_is_kept_for_the_next_process(kept_in: Path) -> None:
    lazy = [expression(r"(?P<one>a+)|b"), expression("c", re.IGNORECASE)]
    assert [bool(one.search("AAC")) for one in lazy] == [False, True]
    patterns.keep()
    patterns._kept.cache_clear()  # as a new process begins
    again = [expression(r"(?P<one>a+)|b"), expression("c", re.IGNORECASE)]
    assert [one.search("xaaC") for one in again] != [None, None]
    assert (again[0].groupindex, again[1].flags) == ({"one": 1}, lazy[1].flags)
    assert (len(files(kept_in)), patterns._new) == (1, [])  # nothing was compiled anew


def test_later_ones_are_kept_beside_the_earlier(kept_in: Path) -> None:
    for pattern in ("one", "two"):
        assert expression(pattern).search(pattern)
        patterns.keep()
        patterns._kept.cache_clear()
    assert {pattern for pattern, _ in patterns._kept()} == {"one", "two"}


@pytest.mark.parametrize(
    "damage", [b"", b"no marshal", patterns.marshal.dumps({("a+", 0): (32, b"\0\0\0\0", 0, {}, (None,))})]
)
def test_a_damaged_file_is_not_believed(kept_in: Path, damage: bytes) -> None:
    assert expression("a+").search("aa")
    patterns.keep()
    files(kept_in)[0].write_bytes(damage)
    patterns._kept.cache_clear()
    found = expression("a+").search("baa")
    assert found is not None
    assert found.group() == "aa"


def test_nothing_is_kept_where_bytecode_is_not(kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert expression("a").search("a")
    patterns.keep()
    assert files(kept_in) == []
