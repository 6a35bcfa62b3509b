"""Pieces into messages that Slack takes: at most 50 blocks, one table and about 12,000 characters each.

In: `Piece`s in reading order. Out: `Message`s. Nothing is dropped: what doesn't fit goes into the next message. Left out:
sending them (`delivering`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.slack import limits
from assistant.slack.blocks import Block, Piece, cut, in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is posted at once; `words` says all of it without blocks."""

    blocks: tuple[Block, ...]
    words: str

    @property
    def text(self) -> str:
        """The text beside the blocks: for notifications and screen readers, at most 3,900 characters."""
        return next(cut(self.words, limits.TEXT), "")

    def without_blocks(self) -> Iterator["Message"]:
        """The same in text alone, where Slack refuses the blocks."""
        yield from (Message(blocks=(), words=part) for part in cut(self.words, limits.TEXT))


def messages(pieces: Sequence[Piece]) -> tuple[Message, ...]:
    """As few messages as hold all pieces, in order."""
    return tuple(Message(blocks=tuple(one.block for one in some), words=in_words(some)) for some in _packed(pieces))


def _packed(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    some: list[Piece] = []
    for piece in pieces:
        if some and not _fits(piece, some):
            yield some
            some = []
        some.append(piece)
    if some:
        yield some


def _fits(piece: Piece, some: Sequence[Piece]) -> bool:
    tables = piece.block["type"] == "table" and any(one.block["type"] == "table" for one in some)
    size = sum(one.size + 2 for one in some) + piece.size
    return not tables and len(some) < limits.BLOCKS and size <= limits.MESSAGE
