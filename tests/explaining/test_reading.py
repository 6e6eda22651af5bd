"""The measure of reading itself: syllables and grades known from elsewhere."""

from __future__ import annotations

import pytest

from tests.explaining.reading import grade, sentences, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("care", 1),
        ("we", 1),
        ("plan", 1),
        ("visits", 2),
        ("helped", 1),
        ("started", 2),
        ("provider", 3),
        ("council's", 2),
        ("people", 2),
        ("whole", 1),
        ("services", 3),
        ("homes", 1),
        ("complaint", 2),
        ("ombudsman", 3),
        ("government", 3),
        ("7", 1),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_sentences_end_with_a_stop() -> None:
    assert sentences("One. Two! Is it three? It costs 1.50 a day.") == ["One", "Two", "Is it three", "It costs 1.50 a day"]


def test_grades_tell_easy_from_hard() -> None:
    # Six words of one syllable: 0.39 x 6 + 11.8 - 15.59 = -1.45.
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)
    assert grade("Notwithstanding contractual limitations, allocation necessitates multidisciplinary deliberation.") > 20


@pytest.mark.parametrize(("word", "heard", "counted"), [("area", 3, 2), ("being", 2, 1), ("idea", 3, 2), ("diary", 3, 2)])
def test_two_vowels_that_are_heard_apart_are_counted_as_one(word: str, heard: int, counted: int) -> None:
    """The counter's known error: it makes a text look easier. A text held to 6 is within 7 where at most one word in twelve is
    such a word, as each adds a syllable: 11.8 / 12 is a grade."""
    assert syllables(word) == counted < heard
