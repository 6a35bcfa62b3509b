"""A corpus: folders, archives in archives, lists of results; ids, duplicates, versions; hostile archives."""

import io
import logging
import stat
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import UnreadableLabel
from assistant.label import Label
from assistant.reading import archive, read
from assistant.reading.corpus import newer, sources
from assistant.reading.source import Source

SAMPLES = Path(__file__).parent / "samples"
SPL = (SAMPLES / "spl" / "plr.xml").read_bytes()


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def dailymed(folder: Path) -> Path:
    """A zip of zips as DailyMed publishes it, beside a damaged one."""
    path = folder / "part1.zip"
    inner = packed({"aaaa-bbbb.xml": SPL, "picture.jpg": b"\xff\xd8"})
    path.write_bytes(
        packed({
            "prescription/20240229_1.zip": inner,
            "prescription/20240301_2.zip": packed({"cccc-dddd.xml": SPL.replace(b"Testovir", b"Othervir")}),
            "prescription/bad.zip": b"PK\x03\x04 damaged",
            "README.md": b"about",
        })
    )  # fmt: skip
    return path


def found(corpus: Path) -> list[tuple[str, str]]:
    folder = corpus if corpus.is_dir() else corpus.parent
    return [(path.relative_to(folder).as_posix(), source.label_id) for path, source in sources(corpus)]


def refused(path: Path) -> str:
    with pytest.raises(UnreadableLabel) as caught:
        archive.members(path)
    return str(caught.value).replace(f"{path.parent}/", "")


def test_a_folder_is_searched_through_and_other_files_are_left(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "One Label.xml").write_bytes(SPL)
    (tmp_path / "two.html").write_text("<html><p>x</p></html>")
    (tmp_path / "picture.jpg").write_bytes(b"\xff")
    (tmp_path / ".hidden.xml").write_bytes(SPL)
    assert found(tmp_path) == [("deep/er/One Label.xml", "one-label"), ("two.html", "two")]


def test_the_labels_of_a_zip_of_zips_are_read_from_where_they_lie(tmp_path: Path) -> None:
    path = dailymed(tmp_path)
    expected = [
        ("part1.zip/prescription/20240229_1.zip/aaaa-bbbb.xml", "aaaa-bbbb"),
        ("part1.zip/prescription/20240301_2.zip/cccc-dddd.xml", "cccc-dddd"),
        ("part1.zip/prescription/bad.zip", "bad"),
    ]
    assert found(tmp_path) == found(path) == expected
    (first, source), (second, other), (bad, last) = sources(path)
    assert (read(first, source).name, read(second, other).name) == ("Testovir", "Othervir")
    with pytest.raises(UnreadableLabel, match=r"bad\.zip: is a damaged archive: .*\. Download the archive again\."):
        read(bad, last)


def test_a_file_of_several_results_holds_several_labels(tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    path.write_bytes((SAMPLES / "openfda" / "many.json").read_bytes())
    assert found(tmp_path) == [("many.json/0", "many-0"), ("many.json/1", "many-1")]
    assert [read(member, source).name for member, source in sources(tmp_path)] == ["ALPHA", "BETA"]


def test_one_id_twice_gets_a_suffix_and_the_same_file_twice_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for folder, content in (("a", SPL), ("b", SPL.replace(b"Testovir", b"Othervir")), ("c", SPL), ("d", SPL + b"\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "label.xml").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert found(tmp_path) == [("a/label.xml", "label"), ("b/label.xml", "label-2"), ("d/label.xml", "label-3")]
    assert [record.getMessage().replace(f"{tmp_path}/", "") for record in caplog.records] == [
        "c/label.xml is left out: it is the same file as a/label.xml"
    ]


def test_an_id_of_the_catalog_is_kept_from_other_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.xml").write_bytes(SPL)
    (tmp_path / "named.xml").write_bytes(SPL + b" ")
    (tmp_path / "labels.toml").write_text('[x]\nfile = "named.xml"\n')
    assert found(tmp_path) == [("a/x.xml", "x-2"), ("named.xml", "x")]


def label(id: str, set_id: str, version: str = "", effective: str = "") -> Label:
    return Label(id=id, name="X", format="spl", set_id=set_id, version=version, effective=effective, sha256="", text="")


def test_older_versions_of_a_set_name_the_newest() -> None:
    labels = [
        label("a1", "s", "1"),
        label("a10", "S", "10"),
        label("a9", "s", "9"),
        label("b", "t", "1"),
        label("c", "", "1"),
    ]
    assert newer(labels) == {"a1": "a10", "a9": "a10"}


def test_dates_decide_as_far_as_they_are_known_where_versions_do_not() -> None:
    labels = [label("old", "s", "", "2012"), label("new", "s", "", "2024-02"), label("same", "s", "", "2024-02-29")]
    assert newer(labels) == {"old": "new"}
    assert newer(replace(one, version="3") for one in labels) == {}


# --- hostile


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLabel, match=r"none\.xml: can't be read: No such file"):
        read(tmp_path / "none.xml")
    path = dailymed(tmp_path)
    with pytest.raises(UnreadableLabel, match=r"part1\.zip: holds no 'x/y\.xml'\. Name a file of the archive\."):
        read(path / "x" / "y.xml", Source(file="y.xml"))
    with pytest.raises(UnreadableLabel, match=r"part1\.zip: is an archive of 3 label files\. Index it as a corpus"):
        read(path)


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("../out.xml", "leads out of the archive"),
        ("/etc/out.xml", "leads out of the archive"),
        ("a/../../out.xml", "leads out of the archive"),
        ("c:out.xml", "leads out of the archive"),
        ("a//b.xml", "is no proper name"),
        ("a\x07.xml", "is no proper name"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str, trouble: str) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(packed({name: SPL}))
    assert refused(path) == f"bad.zip: holds {name!r}, which {trouble}. Unpack the archive yourself and check it."


def test_links_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    assert refused(tmp_path / "bad.zip") == (
        "bad.zip: holds 'link.xml', which is a link. Unpack the archive yourself and check it."
    )


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(packed({"bomb.xml": b" " * 50_000_000}))
    started = time.process_time()
    assert refused(path) == (
        "bad.zip: holds 'bomb.xml', which unpacks to more than 250 times its size. "
        "Unpack the archive yourself and check it."
    )
    assert time.process_time() - started < 1


def test_archives_nested_too_deep_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    inner = packed({"x.xml": SPL})
    for _ in range(5):
        inner = packed({"in.zip": inner}, zipfile.ZIP_STORED)
    (tmp_path / "bad.zip").write_bytes(packed({"deep.zip": inner, "good.xml": SPL}))
    assert found(tmp_path) == [("bad.zip/deep.zip/in.zip", "in"), ("bad.zip/good.xml", "good")]
    with pytest.raises(UnreadableLabel, match=r"in\.zip: is an archive nested more than 2 deep\. Unpack it first\."):
        read(tmp_path / "bad.zip" / "deep.zip" / "in.zip")


def test_an_archive_without_labels_is_named_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "empty.zip").write_bytes(packed({"picture.jpg": b"x"}))
    (path, source), *_ = sources(tmp_path)
    with pytest.raises(UnreadableLabel, match=r"empty\.zip: is an archive without label files\. It may hold \.htm, "):
        read(path, source)


def test_a_member_that_is_not_what_it_says_is_named(tmp_path: Path) -> None:
    content = bytearray(packed({"a.xml": SPL}, zipfile.ZIP_STORED))
    content[100] ^= 0xFF
    (tmp_path / "bad.zip").write_bytes(content)
    (path, source), *_ = sources(tmp_path)
    with pytest.raises(
        UnreadableLabel, match=r"a\.xml: can't be unpacked: Bad CRC-32.*\. Download the archive again\."
    ):
        read(path, source)


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=30))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_archive_is_read_or_refused(tmp_path: Path, place: int, damage: bytes) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir(exist_ok=True)
    content = dailymed(folder).read_bytes()
    place %= len(content)
    (folder / "part1.zip").write_bytes(content[:place] + damage + content[place + len(damage) :])
    for path, source in sources(folder):
        try:
            read(path, source)
        except UnreadableLabel:
            continue
