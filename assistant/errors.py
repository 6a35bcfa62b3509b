"""Every error that the assistant raises on purpose.

    AssistantError                 message, place, remedy; the base of all
    ├── BadRequest                 a question, option or request field is wrong        exit 2, HTTP 422
    │   ├── UnknownLabel           no label goes by that id, set id or product name    exit 2, HTTP 422
    │   ├── UnknownConversation    no conversation goes by that id                     exit 2, HTTP 404
    │   └── NotSwappable           what serves takes no newer index                    exit 2, HTTP 409
    ├── BadSetting                 a setting or configuration file is wrong            exit 2
    ├── UnreadableLabel            a label file is missing, empty, damaged or unknown  exit 2
    ├── BadQuestionSet             a question set line is wrong                        exit 2
    ├── IndexTrouble               the index can't serve
    │   ├── IndexMissing           there is none                                       exit 2, HTTP 503
    │   ├── IndexDamaged           a file is missing, truncated or altered             exit 1, HTTP 503
    │   ├── IndexStale             other schema, model or corpus                       exit 1, HTTP 503
    │   └── IndexUnreachable       Milvus, which holds it, doesn't answer              exit 1, HTTP 503
    ├── StorageTrouble             conversations can't be kept or read                 exit 1, HTTP 503
    │   └── StorageDamaged         what was kept was altered or can't be read back     exit 1, HTTP 503
    └── AddressInUse               the port is taken                                   exit 1

A message says what was wrong with the value, `place` where it stands, `remedy` what to do next.
Third-party errors are mapped once, where they enter, and chained with `raise ... from`.
"""

from collections.abc import Mapping
from typing import ClassVar


class AssistantError(Exception):
    """Something the assistant can name: what, where and what to do about it."""

    exit_code = 1
    status = 500  # HTTP
    sent: ClassVar[Mapping[str, str]] = {}  # HTTP headers

    def __init__(self, message: str, *, place: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy
        self.headers: Mapping[str, str] = type(self).sent

    def __str__(self) -> str:
        parts = [f"{self.place}: {self.message}" if self.place else self.message]
        if self.remedy:
            parts.append(self.remedy)
        return ". ".join(part.rstrip(".") for part in parts) + "."


class BadRequest(AssistantError):
    """A question, option or request field is wrong; `place` is the field's name."""

    exit_code = 2
    status = 422


class UnknownLabel(BadRequest):
    """No indexed label goes by that id, set id or product name."""


class UnknownConversation(BadRequest):
    """No conversation goes by that id."""

    status = 404


class NotSwappable(BadRequest):
    """What serves takes no newer index."""

    status = 409


class BadSetting(AssistantError):
    """A setting or a configuration file is wrong."""

    exit_code = 2


class UnreadableLabel(AssistantError):
    """A label file is missing, empty, damaged or of an unknown format; `place` is the file."""

    exit_code = 2


class BadQuestionSet(AssistantError):
    """A line of a question set is wrong; `place` is file and line."""

    exit_code = 2


class IndexTrouble(AssistantError):
    """The index can't serve; `place` is the folder or file."""

    status = 503


class IndexMissing(IndexTrouble):
    """There is no index in the folder."""

    exit_code = 2


class IndexDamaged(IndexTrouble):
    """A file of the index is missing, truncated or altered."""


class IndexStale(IndexTrouble):
    """The index was built with another schema, model or corpus."""


class IndexUnreachable(IndexTrouble):
    """Milvus, which holds the index, doesn't answer; `place` is its address, without a password."""


class StorageTrouble(AssistantError):
    """Conversations can't be kept or read; `place` is the database, without its password."""

    status = 503


class StorageDamaged(StorageTrouble):
    """What was kept was altered, or can't be read back."""


class AddressInUse(AssistantError):
    """The port is taken by another program."""
