"""The independent check of an account: every penny counted anew from the records and the county, in plain Python.

It imports nothing of the accounting, and reads what was written as anybody would: lines have to add up to their statements,
statements to the county's total, and each of them has to be what the records come to.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from optimiser.accounting.check_commissioned import Minutes, commissioned
from optimiser.accounting.check_counting import Counted, Recount, Rows, Sums
from optimiser.accounting.check_enhanced import enhanced_expected
from optimiser.accounting.check_guarantee import guarantee_expected, shares_expected
from optimiser.accounting.check_increments import increments_expected, short_expected
from optimiser.accounting.check_lines import lines_differ, read_lines
from optimiser.accounting.check_prices import half_up, in_decimals
from optimiser.accounting.check_records import LONDON
from optimiser.accounting.check_written import Cells, Key, added, differ, pence_of, rows_differ, rows_of
from optimiser.county import County
from optimiser.domain.accounts import AccountBook, Period
from optimiser.domain.words import pounds_in_words

NOBODY_CHARGED: Mapping[str, dt.date] = MappingProxyType({})
STATEMENTS, LINES, DAYS, ADJUSTMENTS = "statements.csv", "statement-lines.csv", "statement-days.csv", "adjustments.csv"
INCREMENTS, SHORT, EARNED = "increments.csv", "short-visits.csv", "incentives-earned.csv"
GUARANTEES, SHARES, ENHANCED = "guarantee-use.csv", "delivered-shares.csv", "enhanced-hours.csv"


@dataclass(frozen=True)
class Closed:
    """What was stated of a closed period, in plain figures: pence by contract id, and by contract id and earlier period."""

    period: Period
    own: Mapping[str, int]
    adjusted: Mapping[tuple[str, Period], int]


def check_account(
    files: Mapping[str, bytes],
    county: County,
    rows: Rows,
    book: AccountBook,
    period: Period,
    closed: Iterable[Closed] = (),
    charged_from: Mapping[str, dt.date] = NOBODY_CHARGED,
) -> tuple[list[str], str]:
    """What does not hold of the files (nothing, where all is well), and in a line what was counted.

    ``rows``: reads the records as they stand in their file, as texts. ``charged_from``: by package id the day from which enhanced
    home support is charged.
    """
    recount = Recount(county, rows, book)
    found = recount.period(period)
    sums = found.sums
    adjustments = _adjustments(recount, list(closed))
    faults = list[str]()
    lines = read_lines(files[LINES])
    faults += lines_differ(lines, found.visits, found.whys)
    of_lines = lines.pence()
    lines.visits.clear()
    found.visits.clear()
    of_adjustments = added(rows_of(files[ADJUSTMENTS]), ("contract_id", "period_starts"), "adjustment_gbp")
    faults += differ("adjustment", of_adjustments, adjustments)
    adjusted: defaultdict[str, int] = defaultdict(int)
    for (contract_id, _), pence in adjustments.items():
        adjusted[contract_id] += pence
    of_contracts, of_areas, of_principals = commissioned(county, period)
    statements = {row["contract_id"]: row for row in rows_of(files[STATEMENTS])}
    missing = sorted(({name for name, each in sums.items() if each.own or each.lines} | adjusted.keys()) - statements.keys())
    faults += [f"contract {each} has no statement" for each in missing]
    for contract_id, row in statements.items():
        faults += _head(contract_id, row, recount, period)
        faults += _statement(contract_id, row, sums.get(contract_id, Sums()), adjusted[contract_id], of_contracts)
        own = sum(pence_of(row[name]) for name in ("visits_gbp", "late_cancellations_gbp", "retainers_gbp"))
        if own != of_lines.get(contract_id, 0):
            faults.append(f"contract {contract_id}: its lines add up to {of_lines.get(contract_id, 0)} pence, not to {own}")
    for file, by, expected in (
        (DAYS, ("contract_id", "date", "band"), _days(found)),
        (INCREMENTS, ("by", "group"), increments_expected(county, found)),
        (SHORT, ("kind", "rurality", "why"), short_expected(county, found)),
        (EARNED, ("package_id",), _in_place(county, found)),
        (GUARANTEES, ("contract_id",), guarantee_expected(county, found, of_contracts)),
        (SHARES, ("area_id",), shares_expected(county, found, of_areas, of_principals)),
        (ENHANCED, ("contract_id",), enhanced_expected(county, recount.recorded.visits, period, charged_from)),
    ):
        faults += rows_differ(file, files[file], by, expected)
    total = sum(pence_of(row["total_gbp"]) for row in statements.values())
    due = sum(each.own for each in sums.values()) + sum(adjusted.values())
    if total != due:
        faults.append(f"the statements come to {total} pence, the records to {due}")
    return faults, (
        f"Checked: {lines.count:,} lines add up to {len(statements)} statements, and these to {pounds_in_words(total)};"
        " each was counted anew from the records."
    )


def _days(found: Counted) -> dict[Key, Cells]:
    """What the table of days should say, by contract, date and band."""
    return {
        (contract_id, date, str(band)): {
            "rate_gbp": in_decimals(Fraction(each.rate, 100)),
            "lines": str(each.lines),
            "minutes": in_decimals(Fraction(each.seconds, 60)),
            "counted_minutes": in_decimals(Fraction(each.counted, 60)),
            "gbp": in_decimals(Fraction(each.pence, 100)),
        }
        for (contract_id, date, band), each in found.days.items()
    }


def _in_place(county: County, found: Counted) -> dict[Key, Cells]:
    """What the table of incentives should say, by person."""
    people = {each.package_id: each for each in county.packages}
    asked = {each.package_id: each.requested_at.isoformat() for each in county.packages if each.requested_at is not None}
    providers = {each.contract_id: each.provider_id for each in county.contracts}
    return {
        (package_id,): {
            "contract_id": each.contract_id,
            "provider_id": providers[each.contract_id],
            "workers": str(people[package_id].workers),
            "source": people[package_id].source,
            "kind": each.kind,
            "requested_at": asked[package_id],
            "first_visit_at": _shown(each.asked + each.seconds),
            "hours": in_decimals(Fraction(each.seconds, 3600)),
            "outcome": each.outcome,
            "occasion": each.occasion,
            "gbp": in_decimals(Fraction(each.pence, 100)),
        }
        for package_id, each in found.in_place.items()
    }


def _shown(instant: int) -> str:
    """What clocks in London showed."""
    return dt.datetime.fromtimestamp(instant, LONDON).replace(tzinfo=None, fold=0).isoformat()


def _adjustments(recount: Recount, closed: list[Closed]) -> dict[Key, int]:
    stated: defaultdict[tuple[str, Period], int] = defaultdict(int)
    for one in closed:
        for contract_id, pence in one.own.items():
            stated[contract_id, one.period] += pence
        for key, pence in one.adjusted.items():
            stated[key] += pence
    for one in closed:
        for contract_id, sums in recount.period(one.period).sums.items():
            stated[contract_id, one.period] -= sums.own
    return {(contract_id, period.starts.isoformat()): -pence for (contract_id, period), pence in stated.items() if pence}


def _head(contract_id: str, row: Cells, recount: Recount, period: Period) -> Iterator[str]:
    """Whose statement it is, of when, and whether it can be closed: not while a term is unknown."""
    contract = recount.contracts.get(contract_id)
    if contract is None:
        yield f"contract {contract_id} has a statement, and there is no such contract"
        return
    unknown = recount.unknown(contract_id, period)
    expected = {
        "provider_id": contract.provider_id, "tier": contract.tier, "area_id": contract.area_id,
        "period_starts": period.starts.isoformat(), "period_ends": period.ends.isoformat(),
        "can_be_closed": "false" if unknown else "true", "unknown_terms": unknown,
    }  # fmt: skip
    for name, word in expected.items():
        if row[name] != word:
            yield f"contract {contract_id}, {name}: {row[name] or 'nothing'}, where it should be {word or 'nothing'}"


def _statement(contract_id: str, row: Cells, sums: Sums, adjusted: int, commissioned_minutes: Minutes) -> Iterator[str]:
    expected = {
        "visits_gbp": sums.visits, "late_cancellations_gbp": sums.late, "retainers_gbp": sums.retainers,
        "guarantee_floor_gbp": sums.floor, "guarantee_used_gbp": sums.used, "guarantee_adds_gbp": sums.adds,
        "incentives_gbp": sums.incentives,
        "adjustments_gbp": adjusted, "total_gbp": sums.own + adjusted,
    }  # fmt: skip
    for name, pence in expected.items():
        if pence_of(row[name]) != pence:
            yield f"contract {contract_id}, {name}: {row[name]}, where the records come to {pence} pence"
    for name, seconds in {"delivered_hours": sums.delivered, "billed_hours": sums.counted}.items():
        if Fraction(row[name]) != Fraction(half_up(Fraction(seconds, 36)), 100):
            yield f"contract {contract_id}, {name}: {row[name]}, where the records come to {seconds} seconds"
    hours = in_decimals(commissioned_minutes.get(contract_id, Fraction(0)) / 60)
    if row["commissioned_hours"] != hours:
        yield f"contract {contract_id}, commissioned_hours: {row['commissioned_hours']}, where the county comes to {hours}"
    if row["lines"] != str(sums.lines):
        yield f"contract {contract_id}: {row['lines']} lines, where the records come to {sums.lines}"
