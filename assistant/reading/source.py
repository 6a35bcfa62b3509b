"""What a reader gets beside the bytes: the file's name and what `labels.toml` says about it."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a label comes from; what is empty is taken from the document itself."""

    file: str  # name of the file, without folders
    id: str = ""
    name: str = ""
    generic: str = ""
    kind: str = ""
    effective: str = ""
    approval_code: str = ""
    copyright: str = ""
    sha256: str = ""  # expected; empty: any

    @property
    def label_id(self) -> str:
        """The given id, else the file's stem as a slug.

        >>> Source(file="test__KADCYLA.txt").label_id
        'test-kadcyla'
        """
        return self.id or slug(self.file.rsplit(".", 1)[0])


def slug(text: str) -> str:
    """Lower-case letters and digits, everything else one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "label"
