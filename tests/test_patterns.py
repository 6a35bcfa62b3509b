"""Expressions that are compiled when they are first used."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant
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


def test_every_expression_of_the_product_compiles() -> None:
    names = [one.name for room in ASKED for one in pkgutil.iter_modules([str(ROOM / room)], f"assistant.{room}.")]
    held = [value for name in names for value in vars(importlib.import_module(name)).values()]
    patterns = [value.pattern for value in held if type(value).__module__ == "assistant.patterns"]
    assert len([re.compile(pattern) for pattern in patterns]) > 100
