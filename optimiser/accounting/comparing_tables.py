"""The tables of an account that help to decide: five minutes against fifteen, short visits, the guarantee's use, shares."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from optimiser.accounting.story import Account
from optimiser.accounting.tables import hours, signed
from optimiser.domain.words import decimals, pounds, share

Row = dict[str, Any]

INCREMENTS = ("by", "group", "lines", "hours", "gbp_5_minutes", "gbp_15_minutes", "difference_gbp", "factor")
SHORT = ("kind", "rurality", "why", "lines", "hours", "gbp_5_minutes", "gbp_15_minutes")
GUARANTEES = (
    "contract_id", "provider_id", "area_id", "guaranteed_hours", "delivered_hours", "unused_hours", "unused_gbp",
    "not_delivered_hours", "declined_hours", "not_asked_hours", "no_demand_hours", "declined_packages", "paid_elsewhere_gbp",
    "hours_placing_differently_would_use", "above_maximum_hours",
)  # fmt: skip
SHARES = (
    "area_id", "commissioned_hours", "commissioned_principal_hours", "commissioned_share", "delivered_hours",
    "delivered_principal_hours", "delivered_share", "delivered_within",
)  # fmt: skip
ENHANCED = ("contract_id", "provider_id", "people", "free_hours", "not_decided_hours", "charged_by_notice_hours")


def increment_rows(account: Account) -> Iterator[Row]:
    """A row per group: the whole, providers, tiers, areas, lengths of visits, rurality."""
    for each in account.both_ways:
        yield {
            "by": each.by,
            "group": each.group,
            "lines": each.lines,
            "hours": hours(each.seconds),
            "gbp_5_minutes": pounds(each.fine_pence),
            "gbp_15_minutes": pounds(each.coarse_pence),
            "difference_gbp": signed(each.difference),
            "factor": "" if each.factor is None else share(each.factor),
        }


def short_rows(account: Account) -> Iterator[Row]:
    """A row per kind, rurality and reason."""
    for each in account.short_visits:
        yield {
            "kind": each.kind,
            "rurality": each.rurality,
            "why": each.why,
            "lines": each.lines,
            "hours": hours(each.seconds),
            "gbp_5_minutes": pounds(each.fine_pence),
            "gbp_15_minutes": pounds(each.coarse_pence),
        }


def guarantee_rows(account: Account) -> Iterator[Row]:
    """A row per contract with a guarantee."""
    for each in account.guarantees:
        contract = account.case.county.contracts[each.contract]
        yield {
            "contract_id": contract.contract_id,
            "provider_id": contract.provider_id,
            "area_id": contract.area_id,
            "guaranteed_hours": of_minutes(each.guaranteed),
            "delivered_hours": of_minutes(each.delivered),
            "unused_hours": of_minutes(each.unused),
            "unused_gbp": pounds(each.unused_pence),
            "not_delivered_hours": of_minutes(each.not_delivered),
            "declined_hours": of_minutes(each.declined),
            "not_asked_hours": of_minutes(each.not_asked),
            "no_demand_hours": of_minutes(each.no_demand),
            "declined_packages": each.declines,
            "paid_elsewhere_gbp": pounds(each.elsewhere_pence),
            "hours_placing_differently_would_use": of_minutes(each.could_have_used),
            "above_maximum_hours": of_minutes(each.above_maximum),
        }


def share_rows(account: Account) -> Iterator[Row]:
    """A row per area with a principal."""
    policy = account.case.county.policy
    for each in account.shares:
        delivered = each.delivered_principal / each.delivered if each.delivered else None
        within = (
            ""
            if delivered is None
            else "below"
            if delivered < policy.share_low
            else "above"
            if delivered > policy.share_high
            else "within"
        )
        yield {
            "area_id": each.area_id,
            "commissioned_hours": of_minutes(each.commissioned),
            "commissioned_principal_hours": of_minutes(each.commissioned_principal),
            "commissioned_share": share(each.commissioned_principal / each.commissioned) if each.commissioned else "",
            "delivered_hours": of_minutes(each.delivered),
            "delivered_principal_hours": of_minutes(each.delivered_principal),
            "delivered_share": "" if delivered is None else share(delivered),
            "delivered_within": within,
        }


def enhanced_rows(account: Account) -> Iterator[Row]:
    """A row per contract of enhanced home support that came in the period."""
    for each in account.enhanced:
        contract = account.case.county.contracts[each.contract]
        yield {
            "contract_id": contract.contract_id,
            "provider_id": contract.provider_id,
            "people": each.people,
            "free_hours": hours(each.free),
            "not_decided_hours": hours(each.not_decided),
            "charged_by_notice_hours": hours(each.charged),
        }


def of_minutes(minutes: Fraction) -> str:
    """As hours with two decimals, half up."""
    return decimals(Fraction(minutes) / 60, 2)
