"""Steps of 5 and of 15 minutes, added up anew for the check of an account from what it counted visit by visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from optimiser.accounting.check_counting import HOUR, Counted, Kind, Made
from optimiser.accounting.check_prices import in_decimals
from optimiser.accounting.check_written import Cells, Key
from optimiser.county import County

LENGTHS = ("under 15 minutes", "15 to 29 minutes", "30 to 44 minutes", "45 to 59 minutes", "60 minutes and more")
"""By whole quarters of an hour."""


def increments_expected(county: County, found: Counted) -> dict[Key, Cells]:
    """What ``increments.csv`` should say, by what lines are grouped by and the group."""
    contracts = {each.contract_id: each for each in county.contracts}
    areas, rural = {each.package_id: each.area_id for each in county.packages}, _rural(county)

    def groups(kind: Kind) -> Iterator[Key]:
        yield "all", "all"
        yield "provider", contracts[kind.contract_id].provider_id
        yield "tier", str(contracts[kind.contract_id].tier)
        yield "area", areas[kind.package_id]
        yield "length", LENGTHS[min(kind.quarters, HOUR)]
        yield "rurality", "rural" if kind.package_id in rural else "not rural"
        if kind.package_id in rural and kind.is_planned_short:
            yield "rurality", "rural, under 30 minutes"

    sums = _grouped((key, made) for kind, made in found.made.items() for key in groups(kind))
    sums.setdefault(("all", "all"), Made())
    return {key: _cells(made) for key, made in sums.items()}


def short_expected(county: County, found: Counted) -> dict[Key, Cells]:
    """What ``short-visits.csv`` should say, by kind, rurality and reason."""
    rural = _rural(county)
    sums = _grouped(
        (
            (
                "planned" if kind.is_planned_short else "delivered",
                "rural" if kind.package_id in rural else "not rural",
                kind.why or "not_recorded",
            ),
            made,
        )
        for kind, made in found.made.items()
        if kind.is_planned_short or kind.is_brief
    )
    columns = ("lines", "hours", "gbp_5_minutes", "gbp_15_minutes")
    return {key: {name: cell for name, cell in _cells(made).items() if name in columns} for key, made in sums.items()}


def _rural(county: County) -> set[str]:
    beyond = county.policy.rural_beyond_miles
    return {
        each.package_id
        for each, miles in zip(county.packages, county.centre_miles, strict=True)
        if Fraction(float(miles)) > beyond
    }


def _grouped(parts: Iterable[tuple[Key, Made]]) -> dict[Key, Made]:
    sums: defaultdict[Key, Made] = defaultdict(Made)
    for key, made in parts:
        of_key = sums[key]
        of_key.lines += made.lines
        of_key.seconds += made.seconds
        of_key.in_fives += made.in_fives
        of_key.in_fifteens += made.in_fifteens
    return dict(sums)


def _cells(made: Made) -> Cells:
    return {
        "lines": str(made.lines),
        "hours": in_decimals(Fraction(made.seconds, 3600)),
        "gbp_5_minutes": in_decimals(Fraction(made.in_fives, 100)),
        "gbp_15_minutes": in_decimals(Fraction(made.in_fifteens, 100)),
        "difference_gbp": in_decimals(Fraction(made.in_fifteens - made.in_fives, 100)),
        "factor": in_decimals(Fraction(made.in_fives, made.in_fifteens), 6) if made.in_fifteens else "",
    }
