"""Kinds of sections: from code, number and title."""

import pytest

from assistant.standard import kinds, section_kind


@pytest.mark.parametrize(
    ("number", "code", "title", "kind"),
    [
        ("6", "34084-4", "ADVERSE REACTIONS", "adverse_reactions"),
        ("", "34084-4", "anything", "adverse_reactions"),
        ("", "42229-5", "Hepatotoxicity", ""),  # the code of unclassified sections
        ("", "", "Important Safety Information", "warnings"),
        ("", "", "IMPORTANT SAFETY INFORMATION AND INDICATION", "warnings"),
        ("", "", "WARNING: HEPATOTOXICITY", "boxed_warning"),
        ("", "", "BOXED WARNING: SERIOUS INFECTIONS", "boxed_warning"),
        ("", "", "INDICATION", "indications"),
        ("1", "", "Indications & Usage", "indications"),
        ("", "", "Nursing Mothers", "lactation"),
        ("8.2", "", "Lactation", "lactation"),
        ("8.4", "", "", "pediatric_use"),
        ("", "", "Use in Specific Populations", "specific_populations"),
        ("5.3", "", "Hepatotoxicity", ""),
        ("", "", "Contraindicationsof", ""),
        ("", "", "", ""),
    ],
)
def test_a_section_has_the_kind_of_its_code_title_or_number(number, code, title, kind):
    assert section_kind(number, code, title) == kind


def test_the_longest_title_wins():
    assert section_kind("", "", "Clinical Trials Experience") == "clinical_trials_experience"
    assert section_kind("", "", "Clinical Trials of the product") == "clinical_studies"


def test_titles_and_cues_are_folded():
    assert all(
        text == text.lower() and text == text.strip()
        for kind in kinds().values()
        for text in (*kind.titles, *kind.cues)
    )
