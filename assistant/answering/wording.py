"""The assistant's own sentences, from one file that an owner's reviewers sign off.

In: `wording.toml` or the file that the settings name. Out: `Wording.say`. Left out: everything quoted.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import BadSetting

_PACKAGED = Path(__file__).with_name("wording.toml")


class Wording:
    """Fixed sentences by group and name."""

    def __init__(self, sentences: Mapping[str, Mapping[str, str]]) -> None:
        self._sentences = sentences

    @classmethod
    def open(cls, path: Path | None = None) -> "Wording":
        """The packaged sentences, those of another file in their stead where it has them."""
        sentences = _read(_PACKAGED)
        for group, lines in (_read(path) if path else {}).items():
            if group not in sentences or set(lines) - set(sentences[group]):
                raise BadSetting(
                    f"unknown sentence in [{group}]", place=str(path), remedy="Use the names of the packaged file"
                )
            sentences[group] |= lines
        return cls(sentences)

    def say(self, group: str, name: str, **words: str) -> str:
        """A sentence with its braces filled."""
        return self._sentences[group][name].format(**words)


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"can't be read: {error}", place=str(path), remedy="Name an existing TOML file") from error
