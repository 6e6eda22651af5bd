"""Contracts and areas as tables: what they have, what was found, and in how many draws it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from optimiser.domain.words import MINUTES_PER_HOUR_4W, decimals, pounds
from optimiser.forecasting.sizing.exact_interval import interval
from optimiser.forecasting.sizing.marks import NAMES as MARKS
from optimiser.forecasting.sizing.played_sizes import Round
from optimiser.forecasting.sizing.story import Sizing
from optimiser.forecasting.sizing.what_hinders import NAMES as REASONS

Row = dict[str, Any]
CONTRACT_COLUMNS = (
    "contract_id", "area_id", "tier", "hours_4w_running", "hours_4w_today", "hours_4w_found", "hours_4w_smallest_tried",
    "hours_4w_largest_tried", "hours_4w_that_did_not_do",
)  # fmt: skip
AREA_COLUMNS = (
    "area_id", "name", "hours_alone_can", "draws", "draws_asked_for", "held_today", "held_with_open_framework", "held_with_found",
    "as_good_with_found", "fresh_draws", "fresh_held", "fresh_as_good", "fresh_share_low_95", "fresh_share_high_95",
    "demand_hours_4w", "principal_target_hours_4w", "framework_target_hours_4w", "guarantee_unused_today",
    "guarantee_unused_found",
    "legacy_hours_with_open_framework",
    *(f"missed_with_open_framework_{name}" for name in MARKS),
    *(f"missed_with_found_{name}" for name in MARKS),
    *(f"waiting_{name}_with_open_framework" for name in REASONS),
)  # fmt: skip


def contract_rows(made: Sizing) -> Iterator[Row]:
    """``sizes.csv``: area by area, the principal first."""
    found = dict(made.found)
    for area in made.areas:
        for name in area.contracts:
            hours = area.today[name]
            yield {
                "contract_id": name,
                "area_id": area.area_id,
                "tier": "principal" if name == area.principal else "framework",
                "hours_4w_running": area.running[name],
                "hours_4w_today": "" if hours is None else _plain(hours),
                "hours_4w_found": found[name],
                "hours_4w_smallest_tried": made.tried[name][0],
                "hours_4w_largest_tried": made.tried[name][1],
                "hours_4w_that_did_not_do": made.failed.get(name, ""),
            }


def area_rows(made: Sizing) -> Iterator[Row]:
    """``sizes-areas.csv``. Legacy and waiting hours are a week; the others per four weeks."""
    today, roomy, found, fresh = (made.holding(of) for of in (made.today, made.roomy, made.with_found, made.fresh))
    good, fresh_good = made.as_good(made.with_found, made.roomy), made.as_good(made.fresh, made.fresh_roomy)
    target = made.course.snapshot.policy.principal_share_target
    for place, area in enumerate(made.areas):
        alone = made.hours_alone_can(place)
        low, high = interval((fresh if alone else fresh_good)[place], made.asked.fresh_draws)
        demand = demand_asked_for(made, place)
        yield {
            "area_id": area.area_id,
            "name": area.name,
            "hours_alone_can": "yes" if alone else "no",
            "draws": made.asked.draws,
            "draws_asked_for": made.asked.needed,
            "held_today": today[place],
            "held_with_open_framework": roomy[place],
            "held_with_found": found[place],
            "as_good_with_found": good[place],
            "fresh_draws": made.asked.fresh_draws,
            "fresh_held": fresh[place],
            "fresh_as_good": fresh_good[place],
            "fresh_share_low_95": decimals(low, 4),
            "fresh_share_high_95": decimals(high, 4),
            "demand_hours_4w": decimals(demand, 2),
            "principal_target_hours_4w": decimals(target * demand, 2),
            "framework_target_hours_4w": decimals((1 - target) * demand, 2),
            "guarantee_unused_today": pounds(made.today.average(area.place, "guarantee_unused_pence")),
            "guarantee_unused_found": pounds(made.with_found.average(area.place, "guarantee_unused_pence")),
            "legacy_hours_with_open_framework": _hours(made.roomy.average(area.place, "legacy_minutes")),
            **{f"missed_with_open_framework_{name}": count for name, count in missed(made, made.roomy, place).items()},
            **{f"missed_with_found_{name}": count for name, count in missed(made, made.with_found, place).items()},
            **{f"waiting_{name}_with_open_framework": _hours(minutes) for name, minutes in waiting(made, place).items()},
        }


def missed(made: Sizing, of: Round, place: int) -> dict[str, int]:
    """Per mark in how many draws an area misses it."""
    counts = Counter(name for seen in of.seen[place] for name in made.marks.missed(seen))
    return {name: counts[name] for name in MARKS}


def waiting(made: Sizing, place: int) -> dict[str, int]:
    """Per reason how many minutes wait in the last week, with all the room for the framework; on average, to the nearest."""
    whole = sum(draw.waiting_because[place] for draw in made.roomy.draws)
    return {name: _mean(int(minutes), made.asked.draws) for name, minutes in zip(REASONS, whole, strict=True)}


def demand_asked_for(made: Sizing, place: int) -> Fraction:
    """Hours per four weeks of home care, on average over the last weeks, that as many draws as are asked for stay within."""
    demand = made.with_found.sums(made.areas[place].place, "demand_minutes")
    return Fraction(sorted(demand)[made.asked.needed - 1], made.asked.last_weeks * MINUTES_PER_HOUR_4W)


def _mean(whole: int, count: int) -> int:
    return (2 * whole + count) // (2 * count)


def _hours(minutes: int) -> str:
    return decimals(Fraction(minutes, 60), 2)


def _plain(hours: Fraction) -> str:
    return str(hours.numerator) if hours.denominator == 1 else decimals(hours, 4).rstrip("0")
