"""Words that mean the same: the label's own abbreviations first, then the lists, cut down to what can be answered."""

import pytest
from seed import SEED_ID, read_text, seed, understander

from assistant.understanding.lexicon import Lexicon, compile_lexicon, load, merged, own_groups
from assistant.understanding.listed import Group, Listed
from assistant.words import stem, terms


def meant(wording: str) -> list[tuple[str, str]]:
    """Kind and name of what a whole wording means on the owner's page."""
    form = terms(wording)
    length, groups = understander().lexicon.at(form, 0)
    return [(group.kind, group.name) for group in groups] if length == len(form) else []


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("fever", "pyrexia"),
        ("low blood pressure", "hypotension"),
        ("nosebleed", "epistaxis"),
        ("belly pain", "abdominal pain"),
        ("LFTs", "liver function test"),
        ("CBC", "complete blood count"),
        ("sinusoidal obstruction syndrome", "veno-occlusive disease"),
        ("VOD", "veno-occlusive disease"),
        ("bleeding", "hemorrhage"),
        ("low platelets", "thrombocytopenia"),
        ("tiredness", "fatigue"),
        ("throwing up", "vomiting"),
        ("stem cell transplant", "hematopoietic stem cell transplant"),
        ("HSCT", "hematopoietic stem cell transplant"),
        ("NRM", "non-relapse mortality"),
    ],
)
def test_lay_and_clinical_words_meet(asked, name):
    assert [found for _, found in meant(asked)] == [name]


def test_a_label_with_a_short_form_alone_and_a_syndrome_by_its_name_are_understood():
    label = read_text("Safety\n\nIn the LGS trial, rash occurred in 3% of patients.\n")
    (one,) = [
        one for one in understander(label).read("rash with Lennox-Gastaut?", (label.id,)).subject if one.name != "rash"
    ]
    assert (one.text, one.name, one.known) == ("lennox gastaut", "lennox gastaut syndrome", True)


def test_what_the_label_does_not_hold_is_known_as_absent_from_it():
    assert meant("stroke") == [("symptom", "cerebrovascular accident")]
    assert meant("heart attack") == [("symptom", "myocardial infarction")]
    assert meant("quiche") == []


def test_a_wording_counts_in_capitals_only_where_the_list_says_so():
    (group,) = understander().lexicon.by_form[(stem("sos"),)]
    assert (stem("sos"),) in group.capitals
    assert (stem("vod"),) not in group.capitals


@pytest.mark.parametrize(
    ("british", "american"),
    [("haemorrhage", "hemorrhage"), ("diarrhoea", "diarrhea"), ("anaemia", "anemia"), ("oedema", "edema")],
)
def test_british_spellings_lead_to_american_ones(british, american):
    assert american in list(understander().lexicon.americans(british))


def test_the_labels_own_meaning_comes_before_those_of_the_lists():
    label = read_text("Safety\n\nAcute lung leak (ALL) was seen. ALL was rare in the patients who had it.\n")
    vocabulary = {stem(word) for word in ("acute", "lung", "leak", "all")}
    lexicon = load(Listed.of(compile_lexicon(vocabulary)), (label,), vocabulary)
    assert lexicon.by_form[("all",)][0].name == "acute lung leak"


def test_own_groups_join_the_meanings_of_one_abbreviation():
    groups = {group.names[0]: group for group in own_groups((seed(),))}
    vod = groups["VOD"]
    assert (vod.kind, vod.name, vod.forms, vod.names) == (
        "abbreviation",
        "veno-occlusive disease",
        (("vod",), ("veno", "occlus", "diseas"), ("sinusoid", "obstruct", "syndrom")),
        ("VOD", "veno-occlusive disease", "SINUSOIDAL OBSTRUCTION SYNDROME"),
    )


def test_groups_with_a_wording_in_common_become_one():
    own = Group(
        "abbreviation",
        "veno-occlusive disease",
        (("vod",), ("veno", "occlus", "diseas")),
        ("VOD", "veno-occlusive disease"),
    )
    listed = Group(
        "symptom",
        "vod of the liver",
        (("veno", "occlus", "diseas"), ("so",)),
        ("veno-occlusive disease", "SOS"),
        frozenset({("so",)}),
    )
    apart = Group("symptom", "pyrexia", (("fever",),), ("fever",))
    assert merged([own, listed, apart]) == [
        Group(
            "symptom",
            "veno-occlusive disease",
            (("vod",), ("veno", "occlus", "diseas"), ("so",)),
            ("VOD", "veno-occlusive disease", "SOS"),
            frozenset({("so",)}),
        ),
        apart,
    ]


def test_the_longest_wording_at_a_place_is_found():
    whole = Group("symptom", "febrile neutropenia", (("febril", "neutropenia"),), ("febrile neutropenia",))
    part = Group("symptom", "neutropenia", (("neutropenia",),), ("neutropenia",))
    lexicon = Lexicon([whole, part])
    assert lexicon.at(["febril", "neutropenia"], 0) == (2, [whole])
    assert lexicon.at(["febril", "neutropenia"], 1) == (1, [part])
    assert lexicon.at(["febril"], 0) == (0, ())


def test_lists_are_cut_down_to_what_the_labels_can_answer():
    groups = compile_lexicon({"pyrexia"})["groups"]
    kinds, names = groups["kinds"].split("\n"), groups["names"].split("\n")
    assert "drug" not in kinds
    assert ("symptom", "pyrexia") in zip(kinds, names, strict=True)


@pytest.mark.parametrize(
    ("question", "word", "kind"),
    [
        ("When may he enter the trial?", "enter", "ordinary"),
        ("What if we forget a dose?", "forget", "ordinary"),
        ("How long does the infusion run?", "run", "ordinary"),
        ("Is it mixed with water?", "water", "ordinary"),
        ("Does it even work?", "even", "ordinary"),
        ("A vaginal ring with it?", "vaginal", "route"),
        ("After an allogeneic transplant?", "allogeneic", "word"),
        ("Is it safe on holiday in Spain?", "spain", "word"),
        ("She has the runs", "runs", "symptom"),
    ],
)
def test_a_word_that_only_shares_its_stem_with_a_reaction_or_a_drug_is_none(question, word, kind):
    query = understander().read(question, (SEED_ID,))
    assert [(one.text, one.kind) for one in query.concepts if one.text == word] == [(word, kind)]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("waht is the VOD rate", ["vod"]),
        ("her 2nd transplant at 8 am, VOD?", ["transplant", "vod"]),
        ("t1/2 in adults", ["half", "life"]),
    ],
)
def test_shorthand_and_slips_in_short_words_are_no_subject(question, words):
    query = understander().read(question, (SEED_ID,))
    assert [one.text for one in query.subject] == words
