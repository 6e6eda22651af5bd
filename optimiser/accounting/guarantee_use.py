"""The guarantee as hours: what is paid and not used, why as far as is recorded, and what was delivered of an area beside it.

Reasons are looked for in this order, each up to what is left: care that was commissioned and not delivered; care that the
contract declined while below its guarantee, so that the council pays twice; care of its area that began elsewhere without it
being asked; and for what is left there was no demand. Packages count the hours that they would have had in the period.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.statement_lines import Lines
from optimiser.accounting.statements import Statement
from optimiser.domain.accounts import Period
from optimiser.domain.records import Contract, Offer, Package

PRINCIPAL = "principal"


@dataclass(frozen=True, slots=True)
class GuaranteeUse:
    """A contract's. Minutes are care workers', in the period; the five reasons add up to ``unused``."""

    contract: int
    guaranteed: Fraction
    delivered: Fraction
    unused: Fraction
    """What the guarantee adds, at the first band's price: paid, and for nothing that was delivered."""
    unused_pence: int
    not_delivered: Fraction
    declined: Fraction
    not_asked: Fraction
    no_demand: Fraction
    declines: int
    """Packages of its area that it declined, or did not answer for, in the period."""
    elsewhere_pence: int
    """What the visits of these packages, and of those it was not asked for, cost in the period under other contracts."""
    above_maximum: Fraction

    @property
    def could_have_used(self) -> Fraction:
        """What placing differently would have used."""
        return self.declined + self.not_asked


@dataclass(frozen=True, slots=True)
class AreaShare:
    """Of an area's home care the part of its principal, as commissioned and as delivered. Minutes in the period."""

    area_id: str
    commissioned: Fraction
    commissioned_principal: Fraction
    delivered: Fraction
    delivered_principal: Fraction


def guarantee_uses(case: AccountCase, lines: Lines, statements: Sequence[Statement]) -> tuple[GuaranteeUse, ...]:
    """One for each contract with a guarantee."""
    return tuple(_of(case, lines, each) for each in statements if each.floor_pence)


def _of(case: AccountCase, lines: Lines, statement: Statement) -> GuaranteeUse:
    contract, period = case.county.contracts[statement.contract], lines.period
    assert contract.max_hours_4w is not None
    in_force = sum(contract.in_force(day) for day in period.days)
    maximum = contract.max_hours_4w * 60 * in_force / len(period.days)
    guaranteed, delivered = maximum * contract.guarantee, Fraction(statement.delivered_seconds, 60)
    unused = guaranteed * statement.guarantee_adds_pence / statement.floor_pence
    declined, not_asked = _passed_by(case, contract, period)
    left, parts = unused, []
    for found in (
        max(Fraction(0), statement.commissioned - delivered),
        sum((_in_period(each, period) for each in declined), Fraction(0)),
        sum((_in_period(each, period) for each in not_asked), Fraction(0)),
    ):
        parts.append(min(left, found))
        left -= parts[-1]
    places = [case.county.package_index[each.package_id] for each in (*declined, *not_asked)]
    elsewhere = np.isin(lines.package, places) & (lines.contract != statement.contract)
    return GuaranteeUse(
        contract=statement.contract,
        guaranteed=guaranteed,
        delivered=delivered,
        unused=unused,
        unused_pence=statement.guarantee_adds_pence,
        not_delivered=parts[0],
        declined=parts[1],
        not_asked=parts[2],
        no_demand=left,
        declines=len(declined),
        elsewhere_pence=int(lines.pence[elsewhere].sum()),
        above_maximum=max(Fraction(0), delivered - maximum),
    )


def _passed_by(case: AccountCase, contract: Contract, period: Period) -> tuple[list[Package], list[Package]]:
    """Packages of its area and service that it declined or let lapse in the period, and those whose care began elsewhere in it
    without an offer to its provider.
    """
    offers: dict[str, list[Offer]] = {}
    for offer in case.county.snapshot.offers:
        place = case.county.contract_index.get(offer.contract_id)
        if place is not None and case.county.contracts[place].provider_id == contract.provider_id:
            offers.setdefault(offer.package_id, []).append(offer)
    declined, not_asked = [], []
    for package in case.county.packages:
        if (
            package.area_id != contract.area_id
            or package.service != contract.service
            or package.contract_id == contract.contract_id
        ):
            continue
        own = offers.get(package.package_id, [])
        if any(each.response in ("declined", "expired") and period.starts <= each.day < period.ends for each in own):
            declined.append(package)
        elif package.status == "active" and not own and _began(package, period):
            not_asked.append(package)
    return declined, not_asked


def _began(package: Package, period: Period) -> bool:
    return package.care_started is not None and period.starts <= package.care_started < period.ends


def _in_period(package: Package, period: Period) -> Fraction:
    """The minutes that it has in a period from the day on which it was to start, or did."""
    began = package.care_started or package.start_by or period.starts
    days = (period.ends - max(period.starts, min(began, period.ends))).days
    return Fraction(package.minutes_per_week * days, 7)


def area_shares(case: AccountCase, lines: Lines) -> Iterator[AreaShare]:
    """For each area with a principal contract in force on a day of the period, in the order of their ids."""
    county, period = case.county, lines.period
    principals = [each.tier == PRINCIPAL for each in county.contracts]
    home_care = np.array([not each.service for each in county.packages], np.bool_)
    areas = np.array([*county.package_area], np.int64)
    of_line, seconds = areas[lines.package], np.where(home_care[lines.package], lines.groups.seconds, 0)
    by_principal = np.array(principals, np.bool_)[lines.contract]
    for place, area in enumerate(county.snapshot.areas):
        has = [each for each in county.contracts if each.tier == PRINCIPAL and each.area_id == area.area_id]
        if not any(each.in_force(day) for each in has for day in period.days):
            continue
        here = of_line == place
        commissioned, of_principal = _commissioned(case, area.area_id, period)
        yield AreaShare(
            area.area_id,
            commissioned,
            of_principal,
            Fraction(int(seconds[here].sum()), 60),
            Fraction(int(seconds[here & by_principal].sum()), 60),
        )


def _commissioned(case: AccountCase, area_id: str, period: Period) -> tuple[Fraction, Fraction]:
    whole = of_principal = 0
    for package in case.county.packages:
        if package.area_id != area_id or package.service or package.status != "active":
            continue
        contract = case.county.contract_index[package.contract_id]
        begins = max(period.starts, package.care_started or period.starts)
        days = max(0, (period.ends - begins).days)
        whole += package.minutes_per_week * days
        if not case.is_chained(contract):
            of_principal += package.minutes_per_week * days if case.county.contracts[contract].tier == PRINCIPAL else 0
            continue
        under = (case.care_under(contract, day) for day in period.days if begins <= day)
        of_principal += package.minutes_per_week * sum(case.county.contracts[each].tier == PRINCIPAL for each in under)
    return Fraction(whole, 7), Fraction(of_principal, 7)
