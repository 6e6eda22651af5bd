"""The tables of an account, a row for each line of their files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from optimiser.accounting.adding_up import added_up
from optimiser.accounting.paying import two_decimals
from optimiser.accounting.story import Account
from optimiser.domain.dates import wall_clock
from optimiser.domain.words import decimals, pounds

Row = dict[str, Any]

STATEMENTS = (
    "contract_id", "provider_id", "tier", "area_id", "period_starts", "period_ends", "can_be_closed", "unknown_terms",
    "commissioned_hours", "delivered_hours", "billed_hours", "lines", "visits_gbp", "late_cancellations_gbp", "retainers_gbp",
    "guarantee_floor_gbp", "guarantee_used_gbp", "guarantee_adds_gbp", "incentives_gbp", "adjustments_gbp", "total_gbp",
)  # fmt: skip
DAYS = ("contract_id", "date", "band", "rate_gbp", "lines", "minutes", "counted_minutes", "gbp")
ODD = ("kind", "actual_id", "effect", "what")
EARNED = (
    "package_id", "contract_id", "provider_id", "workers", "source", "kind", "requested_at", "first_visit_at", "hours", "outcome",
    "occasion", "gbp",
)  # fmt: skip
ADJUSTMENTS = ("contract_id", "period_starts", "stated_gbp", "now_gbp", "adjustment_gbp")


def statement_rows(account: Account) -> Iterator[Row]:
    """A row per contract, by id."""
    for each in account.statements:
        contract = account.case.county.contracts[each.contract]
        yield {
            "contract_id": contract.contract_id,
            "provider_id": contract.provider_id,
            "tier": contract.tier,
            "area_id": contract.area_id,
            "period_starts": each.period.starts.isoformat(),
            "period_ends": each.period.ends.isoformat(),
            "can_be_closed": str(each.can_be_closed).lower(),
            "unknown_terms": ";".join(each.unknown),
            "commissioned_hours": decimals(each.commissioned / 60, 2),
            "delivered_hours": hours(each.delivered_seconds),
            "billed_hours": hours(each.billed_seconds),
            "lines": each.lines,
            "visits_gbp": pounds(each.visits_pence),
            "late_cancellations_gbp": pounds(each.late_pence),
            "retainers_gbp": pounds(each.retainer_pence),
            "guarantee_floor_gbp": pounds(each.floor_pence),
            "guarantee_used_gbp": pounds(each.guarantee_used_pence),
            "guarantee_adds_gbp": pounds(each.guarantee_adds_pence),
            "incentives_gbp": pounds(each.incentives_pence),
            "adjustments_gbp": signed(each.adjustments_pence),
            "total_gbp": signed(each.total_pence),
        }


def hours(seconds: int) -> str:
    """With two decimals, half up."""
    return decimals(Fraction(seconds, 3600), 2)


def signed(pence: int) -> Decimal:
    """Pounds that may be less than nothing, as a number: a text with a minus would be taken for a formula."""
    return Decimal(pounds(pence))


def day_rows(account: Account) -> Iterator[Row]:
    """A row per contract, date, band and price of visits that were made; and of what is paid for others, beside it."""
    lines, county = account.lines, account.case.county
    keys, figures = (lines.contract, lines.day, lines.band, lines.rate_pence), (lines.groups.seconds, lines.counted, lines.pence)
    sums = added_up(keys, figures)
    for each in lines.others:
        package, contract = int(account.case.package[each.record]), int(account.case.contract[each.record])
        day = int(account.case.actuals.days[each.record])
        of_day = sums.setdefault((contract, day, int(county.band[package]), each.rate_pence), [0, 0, 0, 0])
        of_day[0] += 1
        of_day[3] += each.pence
    for (contract, day, band, rate), (count, seconds, counted, pence) in sorted(sums.items()):
        yield {
            "contract_id": county.contracts[contract].contract_id,
            "date": dt.date.fromordinal(day).isoformat(),
            "band": band,
            "rate_gbp": pounds(rate),
            "lines": count,
            "minutes": two_decimals(seconds),
            "counted_minutes": two_decimals(counted),
            "gbp": pounds(pence),
        }


def odd_rows(account: Account) -> Iterator[Row]:
    """A row per record and what is odd about it."""
    for odd in account.odd:
        yield {"kind": odd.kind, "actual_id": odd.actual_id, "effect": odd.effect, "what": odd.words}


def earned_rows(account: Account) -> Iterator[Row]:
    """A row per package that might have earned an incentive, by id."""
    county = account.case.county
    for each in account.incentives:
        package, contract = county.packages[each.package], county.contracts[each.contract]
        yield {
            "package_id": package.package_id,
            "contract_id": contract.contract_id,
            "provider_id": contract.provider_id,
            "workers": package.workers,
            "source": package.source,
            "kind": each.kind,
            "requested_at": each.requested.isoformat(),
            "first_visit_at": wall_clock(dt.datetime.fromtimestamp(each.began, dt.UTC)).isoformat(),
            "hours": hours(each.seconds),
            "outcome": each.outcome,
            "occasion": each.occasion,
            "gbp": pounds(each.pence),
        }


def adjustment_rows(account: Account) -> Iterator[Row]:
    """A row per contract and closed period that comes to something else today."""
    for each in account.adjustments:
        yield {
            "contract_id": each.contract_id,
            "period_starts": each.period.starts.isoformat(),
            "stated_gbp": signed(each.stated_pence),
            "now_gbp": signed(each.now_pence),
            "adjustment_gbp": signed(each.pence),
        }
