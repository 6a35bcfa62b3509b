"""Shards of a corpus by label: which machine reads, encodes or publishes what, without anyone to hand it out.

In: a label's id. Out: `Shard`: the same labels on every machine, since only the id decides.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from assistant.errors import BadRequest

_SHARD: Final = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of so many parts."""

    number: int  # from 1
    of: int

    @classmethod
    def read(cls, text: str) -> "Shard":
        """The shard that a text as "2/8" names."""
        found = _SHARD.fullmatch(text)
        if not found or int(found[1]) > int(found[2]):
            raise BadRequest(
                f"{text!r} is no shard", place="--shard", remedy="Give I/N, as 2/8 for the second of eight"
            )
        return cls(int(found[1]), int(found[2]))

    def holds(self, label: str) -> bool:
        """Whether a label is of this shard."""
        return int.from_bytes(hashlib.sha256(label.encode()).digest()[:8]) % self.of == self.number - 1
