"""One record of a level's result, as JSON and as a line of a table."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from optimiser.domain.level_result import LevelResult, level_record, level_row

WHOLE = LevelResult(
    name="unmet", unit="minutes", value=1_210, best=1_200, bound=900, tolerance=12, proven=False, given_to=("cost",)
)  # fmt: skip
THIRD = Fraction(1, 3)
PART: LevelResult[int | Fraction] = LevelResult(
    name="largest_share", unit="share", value=THIRD, best=THIRD, bound=THIRD, tolerance=0, proven=True
)  # fmt: skip


def test_as_json_parts_are_exact_and_what_was_not_asked_has_no_bound() -> None:
    assert level_record(WHOLE) == {
        "name": "unmet", "unit": "minutes", "value": 1_210, "best": 1_200, "bound": 900, "gap": 0.25, "tolerance": 12,
        "proven": False, "given_away": 10, "given_to": ["cost"],
    }  # fmt: skip
    assert level_record(PART, without=("given_to", "unit", "name")) == {
        "value": "1/3", "best": "1/3", "bound": "1/3", "gap": 0.0, "tolerance": 0, "proven": True, "given_away": "0/1",
    }  # fmt: skip
    assert level_record(replace(WHOLE, bound=0, asked=False))["bound"] is None


def test_as_a_line_of_a_table() -> None:
    row = level_row(WHOLE, open_by=lambda level: f"gap {level.gap:.0%}")
    assert list(row.values()) == ["unmet", "minutes", "1,210", "1,200", "900", "12", "10 to cost", "gap 25%"]
    assert level_row(PART, open_by=str)["value"] == "33.3%"
    assert level_row(PART, open_by=str)["proven"] == "yes"


def test_of_a_plan_at_the_best_nothing_went_to_a_later_level() -> None:
    assert WHOLE.of_plan(1_200).given_to == ()
    assert WHOLE.of_plan(1_211).given_away == 11
