"""Ranges: how labels word them, and which values lie in them."""

import math

import pytest

from assistant.ranges import Range, find, holds, holds_closely


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 kg to less than 40 kg", Range(low=20, high=40, closed=(True, False), unit="kg")),
        ("above 5 and up to 8 times ULN", Range(low=5, high=8, closed=(False, True), unit="uln")),
        ("QTc above 500 ms", Range(low=500, high=math.inf, closed=(False, True), unit="ms")),
        ("Neutrophils 500 to less than 1,000 cells/microL", Range(low=500, high=1000, closed=(True, False), unit="cells/microl")),
        ("fewer than 45 beats/min", Range(low=-math.inf, high=45, closed=(True, False), unit="beats/min")),
        ("patients 75 years of age and older", Range(low=75, high=math.inf, closed=(True, True), unit="year")),
        ("CLcr ≥ 30", Range(low=30, high=math.inf, closed=(True, True), unit="")),
        ("10 years or younger", Range(low=-math.inf, high=10, closed=(True, True), unit="year")),
    ],
)  # fmt: skip
def test_a_range_is_read_with_its_ends_and_unit(text, expected):
    assert find(text) == (expected,)


@pytest.mark.parametrize(
    ("text", "asked", "inside"),
    [
        ("20 kg to less than 40 kg", "34 kg", True),
        ("20 kg to less than 40 kg", "40 kg", False),
        ("20 kg to less than 40 kg", "34 mg", False),
        ("Interrupt if QTc is above 500 ms", "530", True),
        ("Interrupt if QTc is above 500 ms", "480 ms", False),
        ("ALT above 5 and up to 8 times ULN", "6.5x ULN", True),
        ("systolic pressure below 95 mmHg", "88", True),
        ("QTc above 500 ms", ">530", False),
        ("occurred in 23 of 164 patients", "34", False),
        ("", "3", False),
    ],
)
def test_a_value_lies_in_a_range_of_its_unit(text, asked, inside):
    assert holds(text, asked) is inside


def test_a_range_with_two_ends_holds_a_value_closely():
    assert holds_closely("ALT above 5 and up to 8 times ULN", "6.5x ULN")
    assert not holds_closely("ALT above 3 times ULN", "6.5x ULN")


def test_a_range_goes_up_to_its_upper_end() -> None:
    row = "ALT or AST greater than 5 up to 8 times ULN"
    assert holds_closely(row, "6x ULN")
    assert not holds_closely(row, "4x ULN")
    assert not holds_closely("greater than 8 times ULN, or greater than 3 times ULN with jaundice", "6x ULN")
    assert not holds("an increase from baseline greater than 60 msec", "490 msec")
