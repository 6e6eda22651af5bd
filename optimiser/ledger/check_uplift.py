"""The independent check of an uplift: day by day, in plain figures, from the county alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.proposals import Proposal, next_year
from optimiser.domain.records import Contract
from optimiser.io.spreadsheets import unescaped

ONE_DAY = dt.timedelta(days=1)
Key = tuple[str, str]
"""Tier and area."""


def check_uplift(files: Mapping[str, bytes], county: County, proposal: Proposal) -> tuple[list[str], str]:
    """What does not hold of ``uplift-cost.csv`` and ``commitment.csv``, and in a line what was counted."""
    begins = max(county.as_of, proposal.starts)
    ends = next_year(begins)
    after = next_year(ends)
    year_end = next_year(county.as_of)
    expected: dict[tuple[str, str, str], int] = {}
    for name, first, last in (("this", begins, ends), ("next", ends, after), ("commitment", county.as_of, year_end)):
        for which, proposed in (("without", None), ("with", proposal)):
            for (tier, area_id), pence in _day_by_day(county, first, last, proposed).items():
                expected[f"{name} {which}", tier, area_id] = pence
    written: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for row in _rows(files["uplift-cost.csv"]):
        for name in ("this", "next"):
            for which in ("without", "with"):
                written[f"{name} {which}", row["tier"], row["area_id"]] += _pence(row[f"{name}_year_{which}_gbp"])
    for row in _rows(files["commitment.csv"]):
        for which in ("without", "with"):
            written[f"commitment {which}", row["tier"], row["area_id"]] += _pence(row[f"committed_{which}_gbp"])
    faults = [
        f"{', '.join(key)}: {written.get(key, 0)} pence written, {expected.get(key, 0)} counted"
        for key in sorted({*written, *expected})
        if written.get(key, 0) != expected.get(key, 0)
    ]
    days = (after - begins).days + (year_end - county.as_of).days
    return faults, f"Checked: {len(expected):,} sums of a tier and an area, counted anew over {days:,} days."


def _day_by_day(county: County, first: dt.date, last: dt.date, proposal: Proposal | None) -> dict[Key, int]:
    """Pence by tier and area; rounded, as all is, for each contract and area."""
    care: defaultdict[tuple[str, str, int], int] = defaultdict(int)
    for index, package in enumerate(county.packages):
        if package.status == "active":
            care[package.contract_id, package.area_id, int(county.band[index])] += package.minutes_per_week
    contracts = {each.contract_id: each for each in county.contracts}
    exact: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    day = first
    while day < last:
        rates = {name: _rates(county, each, day, proposal) for name, each in contracts.items()}
        under = {name: _under(contracts, name, day) for name in {name for name, _, _ in care}}
        sums: defaultdict[str, int] = defaultdict(int)
        for (name, area_id, band), minutes in care.items():
            pence = minutes * rates[under[name]][band - 1]
            sums[under[name]] += pence
            exact[under[name], area_id] += Fraction(pence, 420)
        for name, each in contracts.items():
            if each.guarantee and each.max_hours_4w is not None and each.in_force(day):
                floor = each.guarantee * each.max_hours_4w * rates[name][0] / 28
                exact[name, each.area_id] += max(Fraction(0), floor - Fraction(sums[name], 420))
        day += ONE_DAY
    found: defaultdict[Key, int] = defaultdict(int)
    for (name, area_id), pence_exact in exact.items():
        found[contracts[name].tier, area_id] += int(pence_exact + Fraction(1, 2))
    return dict(found)


def _under(contracts: Mapping[str, Contract], name: str, day: dt.date) -> str:
    for _ in contracts:
        after = [each for each in contracts.values() if each.succeeds == name and each.has_begun(day)]
        if not after or not contracts[name].has_ended(day):
            break
        name = after[0].contract_id
    return name


def _rates(county: County, contract: Contract, day: dt.date, proposal: Proposal | None) -> tuple[int, ...]:
    begun = [each for each in county.snapshot.rates if each.contract_id == contract.contract_id and each.starts <= day]
    latest = max(begun, key=lambda each: each.starts, default=None)
    rates = contract.rates_pence if latest is None else latest.rates_pence
    if proposal is None or day < proposal.starts or (latest is not None and latest.starts >= proposal.starts):
        return rates
    found = []
    for band, pence in enumerate(rates, start=1):
        lines = [
            (4 * (each.contract_id != "") + 2 * (each.tier != "") + (each.band is not None), each)
            for each in proposal.lines
            if each.contract_id in ("", contract.contract_id) and each.tier in ("", contract.tier) and each.band in (None, band)
        ]
        best = max(lines, key=lambda each: each[0], default=None)
        if best is None:
            found.append(pence)
        elif best[1].new_pence is not None:
            found.append(best[1].new_pence)
        else:
            found.append(int(pence * (100 + (best[1].percent or 0)) / 100 + Fraction(1, 2)))
    return tuple(found)


def _rows(content: bytes) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return [{name: unescaped(cell) for name, cell in row.items()} for row in rows]


def _pence(pounds: str) -> int:
    return int(pounds.replace(".", ""))
