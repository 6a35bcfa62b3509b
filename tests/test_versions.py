"""Several versions of one label: the newest answers, an older one only where it is asked for, and says so."""

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from small_labels import LABELS
from test_indexing_model import HashModel

from assistant import reading, splitting
from assistant.assembly import Assistant
from assistant.indexing.building import build
from assistant.indexing.store import Index
from assistant.reading.corpus import newer
from assistant.reply import Reply
from assistant.settings import Settings

_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@cache
def two_versions() -> Assistant:
    """One product in two versions of one set, the older with another rate, beside another product."""
    _KEPT.append(tempfile.TemporaryDirectory())
    folder = Path(_KEPT[-1].name)
    labels = []
    for id, text, version, date in (
        ("zolvent-old", LABELS["zolvent"][2].replace("12% (24/200)", "7% (14/200)"), "3", "2019-02-01"),
        ("zolvent-new", LABELS["zolvent"][2], "4", "2024-05-01"),
        ("pramolex", LABELS["pramolex"][2], "1", "2020-01-01"),
    ):
        path = folder / f"{id}.txt"
        path.write_text(text, encoding="utf-8")
        name, set_id = ("PRAMOLEX", "set-p") if id == "pramolex" else ("ZOLVENT", "set-z")
        label = replace(reading.read(path), id=id, name=name, generic="", set_id=set_id, version=version)
        labels.append(replace(label, effective=date))
    build(labels, splitting.split, folder / "index", model=HashModel(), version="1", newer=newer)
    return Assistant(Index.open(folder / "index"), Settings(index=folder / "index"))


def currency(reply: Reply) -> str:
    return next(notice.text for notice in reply.notices if notice.kind == "label_currency")


def test_the_newest_version_answers() -> None:
    reply = two_versions().ask("Headache rate in adults with Zolvent?")
    assert (reply.searched, reply.headline and reply.headline.text) == (("zolvent-new",), "12% (24/200)")
    assert currency(reply) == "The text shown may differ from the latest FDA-approved labeling."


def test_an_older_version_answers_on_request_and_says_so() -> None:
    reply = two_versions().ask("Headache rate in adults?", labels=["zolvent-old"])
    assert (reply.searched, reply.headline and reply.headline.text) == (("zolvent-old",), "7% (14/200)")
    assert currency(reply) == (
        "ZOLVENT, version 3, 2019-02-01 is superseded here by ZOLVENT, version 4, 2024-05-01. "
        "The text shown may differ from the latest FDA-approved labeling."
    )


def test_an_older_version_may_be_asked_for_by_its_id() -> None:
    reply = two_versions().ask("Headache rate in adults in zolvent-old?")
    assert (reply.searched, reply.headline and reply.headline.text) == (("zolvent-old",), "7% (14/200)")


def test_a_choice_of_products_offers_no_older_version() -> None:
    reply = two_versions().ask("How often does headache occur?")
    assert sorted(choice.text for choice in reply.choices) == ["PRAMOLEX", "ZOLVENT"]
