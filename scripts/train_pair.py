"""A question with the passage that answers it and one that nearly does; and the tables that questions are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pair:
    """One training example; passages are as `text_to_encode` makes them."""

    source: str  # "row", "sentence", "mention", "footnote", "definition", or the name of a set
    group: str  # the label or document that both passages come from
    question: str
    passage: str
    wrong: str  # "" where none was found
    key: str  # what is asked about: passages of pairs that share it are never held against each other


def table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a tab-separated file, by column; lines that begin with "#" are comments."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    heads = lines[0].split("\t")
    return (dict(zip(heads, line.split("\t"), strict=True)) for line in lines[1:])
