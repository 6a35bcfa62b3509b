"""Words: what is one, where it stands and which are the same."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snowballstemmer.english_stemmer import EnglishStemmer

from assistant.words import fold, stem, terms, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("QTcF ≥60 msec, 1,200 mg", ["qtcf", "≥", "60", "msec", "1,200", "mg"]),
        ("investigator’s choice", ["investigator's", "choice"]),
        ("CD22-positive", ["cd22", "positive"]),
        ("Ménière, post–HSCT", ["meniere", "post", "hsct"]),
        ("0.5 and .25%", ["0.5", "and", ".25", "%"]),
        ("24/53 (45%)", ["24", "53", "45", "%"]),
        ("", []),
        ("🙂 …", []),
    ],
)
def test_words_numbers_and_signs_are_tokens(text, words):
    assert [token.text for token in tokens(text)] == words


def test_a_token_knows_its_place():
    assert [(token.text, token.start, token.end) for token in tokens("VOD: 15%")] == [
        ("vod", 0, 3),
        ("15", 5, 7),
        ("%", 7, 8),
    ]


def test_folding_makes_one_spelling():
    assert fold("Ménière’s “A”–B\u00a0C\u00ad") == 'meniere\'s "a"-b c'


def test_terms_are_stems_without_stop_words_and_signs():
    assert terms("What are the rates of infections ≥3%?") == ("rate", "infect", "3")


@pytest.mark.parametrize(
    ("word", "root"), [("reactions", "reaction"), ("occurred", "occur"), ("cd22", "cd22"), ("4.5", "4.5")]
)
def test_a_word_has_one_stem(word, root):
    assert stem(word) == root


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_tokens_are_ordered_and_disjoint(text):
    found = tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(token.text for token in found)


def test_two_words_stemmed_at_once_are_not_mixed_up(monkeypatch):
    plain = EnglishStemmer._stem
    meanwhile = []

    def interrupted(self):
        if self.current == "reactions":  # as where another thread stems before this one goes on
            meanwhile.append(stem.__wrapped__("thrombocytopenia"))
        plain(self)

    monkeypatch.setattr(EnglishStemmer, "_stem", interrupted)
    assert (stem.__wrapped__("reactions"), meanwhile) == ("reaction", ["thrombocytopenia"])
