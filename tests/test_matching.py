"""How far a passage covers what was asked, and what speaks against it."""

import pytest
from seed import seed, understander, understood

from assistant.passage import Passage
from assistant.query import Concept
from assistant.retrieving.matching import Match, cover, kin, match, passage_words
from assistant.splitting import split


def passage(words: str) -> Passage:
    found = (one for one in split(seed()) if one.kind != "definition")
    return next(one for one in found if words in seed().text[one.start : one.end])


def matched(question: str, words: str) -> Match:
    """How a question meets the passage of the owner's page that quotes some words."""
    found = passage(words)
    return match(understood(question), found, passage_words(found, seed(), understander().lexicon))


@pytest.mark.parametrize(
    ("question", "words", "covered"),
    [
        ("febrile neutropenia rate", "Febrile neutropenia 28", (1.0,)),
        ("neutropenia rate", "Febrile neutropenia 28", (0.1,)),
        ("neutropenia rate", "Febrile neutropenia was reported in 43/164", (0.1,)),
        ("pain rate", "Pain 15 2", (1.0,)),
        ("pain rate", "Back pain 6 0", (0.1,)),
        ("pain", "Abdominal pain* 25 2", (0.1,)),
        ("fever rate", "Pyrexia 49 4", (0.95,)),
        ("stroke rate", "Headache* 21 0", (0.0,)),
        ("VOD rate after HSCT", "Among the 26 pediatric patients who underwent HSCT, VOD occurred in 19%", (1.0, 1.0)),
        ("VOD rate after HSCT", "VOD occurred in 15% (8/53)", (1.0, 0.0)),
    ],
)
def test_a_wording_is_covered_by_itself_a_synonym_or_not_at_all(question, words, covered):
    assert tuple(round(share, 2) for share in matched(question, words).covered) == covered


def test_one_of_several_circumstances_is_no_circumstance():
    found = matched("VOD rate after HSCT", "occurred in 23/164 patients (14%) during or following treatment")
    assert found.covered[1] < 0.1


def test_what_is_asked_for_as_absent_must_be_named_as_absent():
    assert matched("VOD time after last dose without HSCT", "VOD was reported up to 56 days").covered == (1.0, 1.0)
    assert matched("VOD without HSCT", "Among the 26 pediatric patients who underwent HSCT").covered[1] < 0.1


@pytest.mark.parametrize(
    ("question", "words", "conflicts"),
    [
        ("VOD rate in adults", "VOD occurred in 15% (8/53)", ("population",)),
        ("fever in adults", "Pyrexia 49 4", ("population",)),
        ("fever in kids", "Pyrexia 49 4", ()),
        ("VOD rate in kids", "occurred in 23/164 patients (14%)", ("population",)),
        ("post-HSCT NRM in children", "The rate of post-HSCT NRM was 31/79", ("population",)),
        ("grade 2 fever rate", "Pyrexia 49 4", ("grade",)),
        ("grade 4 thrombocytopenia rate", "24/53 (45%)", ("grade",)),
        ("grade 3/4 thrombocytopenia rate", "24/53 (45%)", ()),
        ("NRM in Study WI203581", "The rate of post-HSCT NRM was 31/79", ("trial",)),
        ("NRM in INO-VATE", "The rate of post-HSCT NRM was 31/79", ()),
    ],
)
def test_another_population_grade_or_trial_conflicts(question, words, conflicts):
    assert matched(question, words).conflicts == conflicts


def test_a_population_that_is_not_stated_is_missing():
    assert matched("headache in women", "Headache* 21 0").missing == ("female",)
    assert matched("headache in kids", "Headache* 21 0").missing == ()


def test_a_row_is_precise_as_far_as_its_label_is_asked_for():
    assert matched("pain rate", "Pain 15 2").precision == 1.0
    assert matched("neutropenia rate", "Febrile neutropenia 28").precision == 0.5
    assert matched("VOD rate", "VOD occurred in 15% (8/53)").precision == 0.0


def test_a_question_without_a_subject_is_covered():
    assert matched("how many", "Pain 15 2").coverage == 1.0


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("caution", "cautious", True),
        ("neutropenia", "neutrophil", False),
        ("infect", "infection", True),
        ("rash", "rashes", False),
    ],
)
def test_stems_of_one_word_are_kin(one, other, alike):
    assert kin(one, other) is alike


def test_cover_counts_a_part_only_of_the_wording_asked():
    concept = Concept(text="liver tests", name="liver test", kind="lab", forms=(("liver", "test"), ("lft", "panel")))
    assert cover(concept, frozenset({"liver", "test"})) == 1.0
    assert cover(concept, frozenset({"lft", "panel"})) == 0.95
    assert cover(concept, frozenset({"liver"})) == 0.25
    assert cover(concept, frozenset({"panel"})) == 0.0
