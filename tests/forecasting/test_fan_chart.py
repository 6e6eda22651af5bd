"""The lines across a fan chart: round figures, and people in whole numbers."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from optimiser.forecasting.fan import QUANTILES
from optimiser.forecasting.fan_chart import fan_chart


def across(most: float, *, whole: bool) -> list[str]:
    """What stands beside the lines, from the lowest on."""
    picture = fan_chart(
        "People", {name: [0.0, most] for name in QUANTILES}, dt.date(2026, 11, 23), axis=lambda value: f"{value:g}", whole=whole
    )
    return re.findall(r'text-anchor="end" fill="currentColor">([\d.]+)</text>', picture)


@pytest.mark.parametrize(
    ("most", "whole", "lines"),
    [
        (1, True, ["0", "1", "2", "3", "4"]),
        (5, True, ["0", "2", "4", "6", "8"]),
        (9, True, ["0", "5", "10", "15", "20"]),
        (27, True, ["0", "10", "20", "30", "40"]),
        (405, True, ["0", "150", "300", "450", "600"]),
        (5, False, ["0", "1.5", "3", "4.5", "6"]),
        (0.3, False, ["0", "0.1", "0.2", "0.3", "0.4"]),
        (0, True, ["0", "1", "2", "3", "4"]),
    ],
)
def test_lines_across_stand_at_round_figures_and_people_are_not_halved(most: float, whole: bool, lines: list[str]) -> None:
    assert across(most, whole=whole) == lines
