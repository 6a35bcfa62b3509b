"""A question with the passage that answers it and one that nearly does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """One training example; passages are as `text_to_encode` makes them."""

    source: str  # "row", "sentence", "mention", "footnote", "definition", or the name of a set
    group: str  # the label or document that both passages come from
    question: str
    passage: str
    wrong: str  # "" where none was found
    key: str  # what is asked about: passages of pairs that share it are never held against each other
