"""BM25 over words and their surroundings, against a worked example."""

import math
from pathlib import Path

import pytest

from assistant.errors import IndexDamaged
from assistant.indexing.keywords import Keywords, KeywordsWriter, read_vocabulary

PASSAGES = [
    ("besponsa", "fatal liver injury", "besponsa boxed warning"),
    ("besponsa", "liver injury liver failure bilirubin", "besponsa"),
    ("besponsa", "neutropenia", "besponsa liver"),
    ("humira", "liver injury", "humira warning"),
    ("humira", "psoriasis", "humira"),
    ("humira", "psoriasis", "humira"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    writer = KeywordsWriter(folder / "keywords")
    for number, (label, search, context) in enumerate(PASSAGES):
        writer.add(number, label, search, context)
    writer.write()
    writer.write_vocabulary(folder / "vocabulary.tsv")
    return folder


@pytest.fixture(scope="module")
def keywords(folder: Path) -> Keywords:
    return Keywords.open(folder / "keywords")


def bm25(stem: str, text: str, texts: list[str]) -> float:
    """Robertson's formula as Lucene and tantivy count it, https://en.wikipedia.org/wiki/Okapi_BM25."""
    k1, b = 1.2, 0.75
    N = len(texts)
    n = sum(stem in other.split() for other in texts)
    f = text.split().count(stem)
    length, average = len(text.split()), sum(len(other.split()) for other in texts) / N
    idf = math.log(1 + (N - n + 0.5) / (n + 0.5))
    return idf * f * (k1 + 1) / (f + k1 * (1 - b + b * length / average))


# Stems of the texts above, as words.terms gives them.
SEARCH = ["fatal liver injuri", "liver injuri liver failur bilirubin", "neutropenia", "liver injuri", *["psoriasi"] * 2]
CONTEXT = ["besponsa box warn", "besponsa", "besponsa liver", "humira warn", "humira", "humira"]


def expected(weighted: dict[str, float], context_weight: float) -> dict[int, float]:
    scores = {
        number: sum(
            weight * (bm25(stem, SEARCH[number], SEARCH) + context_weight * bm25(stem, CONTEXT[number], CONTEXT))
            for stem, weight in weighted.items()
        )
        for number in range(len(PASSAGES))
    }
    return {number: score for number, score in scores.items() if score > 0}


@pytest.mark.parametrize("context_weight", [0.0, 0.4, 1.0])
@pytest.mark.parametrize(
    "weighted", [{"liver": 1.0}, {"liver": 1.0, "injuri": 0.5, "besponsa": 0.2}, {"psoriasi": 2.0}]
)
def test_scores_are_those_of_the_worked_example(
    keywords: Keywords, weighted: dict[str, float], context_weight: float
) -> None:
    numbers, scores = keywords.search(weighted, 10, context_weight=context_weight)
    wanted = expected(weighted, context_weight)
    assert sorted(numbers.tolist()) == sorted(wanted)
    assert scores.tolist() == pytest.approx([wanted[number] for number in numbers.tolist()], rel=1e-5)
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_a_worked_score_by_hand(keywords: Keywords) -> None:
    # "neutropenia" stands once, in one passage of six; that passage has 1 stem, the average is 13 / 6:
    # idf = ln(1 + 5.5 / 1.5) = 1.5404, tf = 2.2 / (1 + 1.2 * (0.25 + 0.75 * 6 / 13)) = 2.2 / 1.7154 = 1.2825
    numbers, scores = keywords.search({"neutropenia": 1.0}, 10)
    assert numbers.tolist() == [2]
    assert scores.tolist() == pytest.approx([1.5404 * 1.2825], abs=1e-3)


def test_a_label_filter_leaves_scores_as_they_are(keywords: Keywords) -> None:
    everywhere = dict(zip(*(values.tolist() for values in keywords.search({"liver": 1.0}, 10)), strict=True))
    numbers, scores = keywords.search({"liver": 1.0}, 10, ["humira"])
    assert numbers.tolist() == [3]
    assert scores.tolist() == [everywhere[3]]
    both, _ = keywords.search({"liver": 1.0}, 10, {"humira", "besponsa"})
    assert sorted(both.tolist()) == sorted(everywhere)


def test_ties_stand_in_the_order_of_their_numbers(keywords: Keywords) -> None:
    numbers, scores = keywords.search({"psoriasi": 1.0}, 10)
    assert numbers.tolist() == [4, 5]
    assert scores[0] == scores[1]
    assert keywords.search({"psoriasi": 1.0}, 1)[0].tolist() == [4]


@pytest.mark.parametrize(
    ("weighted", "k", "labels"),
    [
        ({}, 5, None),
        ({"absent": 1.0}, 5, None),
        ({"liver": 0.0}, 5, None),
        ({"liver": -1.0}, 5, None),
        ({"liver": 1.0}, 0, None),
        ({"liver": 1.0}, 5, []),
        ({"liver": 1.0}, 5, ["absent"]),
        ({"Liver": 1.0, "a b": 1.0, "": 1.0}, 5, None),
    ],
)
def test_what_matches_nothing_finds_nothing(
    keywords: Keywords, weighted: dict[str, float], k: int, labels: list[str] | None
) -> None:
    numbers, scores = keywords.search(weighted, k, labels)
    assert (numbers.shape, scores.shape) == ((0,), (0,))


def test_the_vocabulary_counts_passages_that_hold_a_stem(folder: Path, keywords: Keywords) -> None:
    vocabulary = read_vocabulary(folder / "vocabulary.tsv")
    assert vocabulary == {
        "besponsa": 3,
        "bilirubin": 1,
        "box": 1,
        "failur": 1,
        "fatal": 1,
        "humira": 3,
        "injuri": 3,
        "liver": 4,
        "neutropenia": 1,
        "psoriasi": 2,
        "warn": 2,
    }
    assert {stem: keywords.document_frequency(stem) for stem in vocabulary} == vocabulary
    assert keywords.document_frequency("absent") == 0
    assert len(keywords) == len(PASSAGES)


def test_a_folder_that_may_not_be_written_is_searched_all_the_same(
    folder: Path, keywords: Keywords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    before = sorted(path.name for path in (folder / "keywords").iterdir())
    other = Keywords.open(folder / "keywords")
    question = {"liver": 1.0, "warn": 0.5}
    assert [values.tolist() for values in other.search(question, 9)] == [
        values.tolist() for values in keywords.search(question, 9)
    ]
    assert sorted(path.name for path in (folder / "keywords").iterdir()) == before


def test_a_folder_that_tantivy_cannot_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="tantivy") as trouble:
        Keywords.open(tmp_path / "nothing")
    assert trouble.value.place == str(tmp_path / "nothing")


def test_a_garbled_vocabulary_is_named(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.tsv"
    path.write_text("liver\tmany\n", encoding="utf-8")
    with pytest.raises(IndexDamaged, match="vocabulary"):
        read_vocabulary(path)
