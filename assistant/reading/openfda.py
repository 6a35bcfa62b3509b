"""Reads label JSON as the openFDA interface gives it: one result, or an answer that holds one.

In: the bytes of one file. Out: a `Label` whose canonical text is made here: a heading for each field, numbered
subsections found in its text, tables from the `*_table` HTML in the place where the text repeats their words. openFDA
gives each field as one line of text, so paragraphs within it can't be told apart. The steps: `openfda_fields` (which
fields, in which order), `openfda_text` (subsections, tables), `html_elements` (tables), `html_outline` (sections). Left
out: a file of several labels (`results` cuts it, `corpus` reads each).
"""

import json
import re
from typing import Any

from assistant.errors import UnreadableLabel
from assistant.label import Label
from assistant.reading.decoding import decode
from assistant.reading.html import label_of
from assistant.reading.html_names import Facts
from assistant.reading.html_outline import outlined
from assistant.reading.openfda_fields import MOST_FIELDS, fields, strings
from assistant.reading.openfda_text import pieces
from assistant.reading.source import Source
from assistant.reading.spl_names import iso_date, unique

__all__ = ["is_openfda", "read_openfda", "results"]

LARGEST = 64 * 1024 * 1024  # bytes of one label; its tables are HTML
_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[{\]])")


def is_openfda(content: bytes) -> bool:
    """Whether the bytes begin as a JSON object or a list of them does.

    >>> is_openfda(b'{"results": []}'), is_openfda(b"[see Warnings]")
    (True, False)
    """
    return bool(_OPENING.match(content[:4096]))


def read_openfda(content: bytes, source: Source) -> Label:
    """The file's one label; raises UnreadableLabel naming file, trouble and remedy."""
    if len(content) > LARGEST:
        raise _unreadable(f"is {len(content)} bytes long, more than {LARGEST}", source.file, "Split the file")
    found = results(content, source.file)
    if len(found) != 1:
        raise _unreadable(
            f"holds {len(found)} labels",
            source.file,
            "Index the file as a corpus, or save each of its results as a file of its own",
        )
    result = found[0]
    draft = outlined(pieces(fields(result), source.file), source.file)
    return label_of(draft, _facts(result), content, source, "openfda")


def results(content: bytes, file: str) -> list[dict[str, Any]]:
    """The labels in a file of openFDA JSON; raises UnreadableLabel for what is none."""
    try:
        loaded = json.loads(decode(content, file))
    except (ValueError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else str(error)
        raise _unreadable(f"is no JSON: {reason}", file, "Download it again") from error
    found = loaded.get("results", [loaded]) if isinstance(loaded, dict) else loaded
    if not isinstance(found, list) or not found:
        raise _unreadable("holds no label", file, 'Give openFDA label JSON: {"results": [...]}')
    for number, result in enumerate(found):
        if isinstance(result, dict) and len(result) > 2 * MOST_FIELDS:
            raise _unreadable(f"has {len(result)} fields in result {number}", file, "Give openFDA label JSON")
        if not isinstance(result, dict) or not fields(result):
            raise _unreadable(f"holds no label as result {number}", file, "Give openFDA label JSON with its sections")
    return found


def _facts(result: dict[str, Any]) -> Facts:
    about = result.get("openfda")
    about = about if isinstance(about, dict) else {}
    brands, generics = strings(about.get("brand_name")), strings(about.get("generic_name"))
    ids = strings(result.get("set_id")) or strings(about.get("spl_set_id"))
    return Facts(
        name=next(iter(brands), next(iter(generics), "")),
        generic=next(iter(generics), ""),
        names=unique((*brands, *generics, *strings(about.get("substance_name")))),
        set_id=next(iter(ids), ""),
        version=next(iter(strings(result.get("version"))), ""),
        effective=iso_date(next(iter(strings(result.get("effective_time"))), "")),
        labeler=next(iter(strings(about.get("manufacturer_name"))), ""),
    )


def _unreadable(message: str, file: str, remedy: str) -> UnreadableLabel:
    return UnreadableLabel(message, place=file, remedy=remedy)
