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
