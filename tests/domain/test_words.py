"""How hours, money, shares and dates are said."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from pathlib import Path

import pytest

import optimiser
from optimiser.domain import words

ELSEWHERE = re.compile(r'/ (60|15):,?\.2f|[^/]/ 3600:|£\{|"January"|"Tuesday", "Wed')
"""Hours, pounds and days of the week that are put into words by hand."""
ON_A_TERMINAL = "commands"
"""A command's own tables round as their columns need it."""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words.hours(75), "1.25"),
        (words.hours(0), "0.00"),
        (words.hours_in_words(60), "1 hour"),
        (words.hours_in_words(60 * 1234 + 30), "1,234.5 hours"),
        (words.hours_in_words(6_000), "100 hours"),
        (words.hours_per_4w(-15), "-1.00"),
        (words.hours_per_4w_in_words(1_500), "100 hours per four weeks"),
        (words.hours_per_4w_in_short(1_500), "100"),
        (words.hours_per_4w_in_words(15), "1 hour per four weeks"),
        (words.hours_per_4w_in_words(Fraction(7_515, 2)), "250.5 hours per four weeks"),
        (words.rounded(1234.56, 1), "1,234.6"),
        (words.pounds(1234), "12.34"),
        (words.pounds(-105), "-1.05"),
        (words.pounds_in_words(123_456), "£1,234.56"),
        (words.more_pounds_in_words("-12.34"), "−£12"),
        (words.more_pounds_in_words("1234.60"), "+£1,235"),
        (words.more_pounds_in_words("0.00"), "£0"),
        (words.share(Fraction(2, 3)), "0.666667"),
        (words.share_of(2, 3), "0.6667"),
        (words.share_of(0, 0), None),
        (words.percent(Fraction(1, 8)), "12.5%"),
        (words.percent(Fraction(1, 1600), 2), "0.06%"),
        (words.percent_in_short("0.65"), "65%"),
        (words.percent_in_short(2 / 3), "66.7%"),
        (words.people(1), "1 person"),
        (words.people(1_000), "1,000 people"),
        (words.date_in_words(dt.date(2027, 3, 1)), "1 March 2027"),
        (words.weekday_in_words(dt.date(2028, 5, 30)), "Tuesday 30 May 2028"),
    ],
)
def test_each_meaning_has_its_words(said: str | None, expected: str | None) -> None:
    assert said == expected


def test_a_figure_is_rounded_half_up_and_exactly() -> None:
    assert words.decimals(Fraction(5, 1000), 2) == "0.01"
    assert words.decimals(Fraction(4_999_999, 10**9), 2) == "0.00"


def test_no_other_place_says_them() -> None:
    package = Path(optimiser.__file__).parent
    files = [file for file in package.rglob("*.py") if ON_A_TERMINAL not in file.parts]
    assert [file.name for file in files if ELSEWHERE.search(file.read_text("utf-8"))] == ["words.py"]
