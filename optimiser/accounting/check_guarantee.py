"""The guarantee's hours and areas' shares, counted anew for the check of an account from the county and the records' texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from optimiser.accounting.check_commissioned import Minutes
from optimiser.accounting.check_counting import Counted
from optimiser.accounting.check_prices import in_decimals
from optimiser.accounting.check_written import Cells, Key
from optimiser.county import County
from optimiser.domain.accounts import Period
from optimiser.domain.records import Contract, Package

NOTHING = Fraction(0)


def guarantee_expected(county: County, found: Counted, commissioned: Minutes) -> dict[Key, Cells]:
    """What ``guarantee-use.csv`` should say, by contract."""
    elsewhere: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for kind, made in found.made.items():
        elsewhere[kind.package_id][kind.contract_id] += made.pence
    cases = _cases(county)
    expected: dict[Key, Cells] = {}
    for contract in county.contracts:
        sums = found.sums.get(contract.contract_id)
        if sums is None or not sums.floor or contract.max_hours_4w is None:
            continue
        days = sum(contract.in_force(day) for day in found.period.days)
        most = contract.max_hours_4w * Fraction(days, len(found.period.days))
        guaranteed, delivered = most * contract.guarantee, Fraction(sums.delivered, 3600)
        unused = guaranteed * Fraction(sums.adds, sums.floor)
        passed_by = list(_passed_by(county, cases.get((contract.area_id, contract.service), ()), contract, found.period))
        declined = sum((_hours(package, found.period) for package, was_asked in passed_by if was_asked), NOTHING)
        not_asked = sum((_hours(package, found.period) for package, was_asked in passed_by if not was_asked), NOTHING)
        not_delivered = max(NOTHING, commissioned.get(contract.contract_id, NOTHING) / 60 - delivered)
        reasons, left = list[Fraction](), unused
        for reason in (not_delivered, declined, not_asked):
            reasons.append(min(reason, left))
            left -= reasons[-1]
        paid = sum(
            pence
            for package, _ in passed_by
            for other, pence in elsewhere[package.package_id].items()
            if other != contract.contract_id
        )
        hours = {
            "guaranteed": guaranteed, "delivered": delivered, "unused": unused, "not_delivered": reasons[0],
            "declined": reasons[1], "not_asked": reasons[2], "no_demand": left, "above_maximum": max(NOTHING, delivered - most),
        }  # fmt: skip
        expected[(contract.contract_id,)] = {
            "provider_id": contract.provider_id,
            "area_id": contract.area_id,
            **{f"{name}_hours": in_decimals(each) for name, each in hours.items()},
            "unused_gbp": in_decimals(Fraction(sums.adds, 100)),
            "declined_packages": str(sum(was_asked for _, was_asked in passed_by)),
            "paid_elsewhere_gbp": in_decimals(Fraction(paid, 100)),
            "hours_placing_differently_would_use": in_decimals(reasons[1] + reasons[2]),
        }
    return expected


def _cases(county: County) -> Mapping[tuple[str, str], list[Package]]:
    """People by area and service."""
    found: defaultdict[tuple[str, str], list[Package]] = defaultdict(list)
    for package in county.packages:
        found[package.area_id, package.service].append(package)
    return found


def _passed_by(county: County, packages: Iterable[Package], contract: Contract, period: Period) -> Iterator[tuple[Package, bool]]:
    """Whose care could have been under a contract: those whom it declined or let lapse in the period (True), and those whose care
    began elsewhere in it without any offer to its provider.
    """
    provider_of = {each.contract_id: each.provider_id for each in county.contracts}
    offers = [each for each in county.snapshot.offers if provider_of.get(each.contract_id) == contract.provider_id]
    asked = {each.package_id for each in offers}
    said_no = {
        each.package_id
        for each in offers
        if each.response in ("declined", "expired")
        and period.starts <= (each.responded_at or each.offered_at).date() < period.ends
    }
    for package in packages:
        if package.contract_id == contract.contract_id:
            continue
        if package.package_id in said_no:
            yield package, True
        elif package.status == "active" and package.package_id not in asked and _began(package, period):
            yield package, False


def _began(package: Package, period: Period) -> bool:
    return package.care_started in period.days


def _hours(package: Package, period: Period) -> Fraction:
    """What care would have come to in the period, from the day on which it began, or was to begin."""
    began = package.care_started or package.start_by
    days = sum(began is None or day >= began for day in period.days)
    return Fraction(package.minutes_per_week * days, 7 * 60)


def shares_expected(county: County, found: Counted, commissioned: Minutes, of_principals: Minutes) -> dict[Key, Cells]:
    """What ``delivered-shares.csv`` should say, by area. ``commissioned``: of home care, by area."""
    people = {each.package_id: each for each in county.packages}
    principals = {each.contract_id for each in county.contracts if each.tier == "principal"}
    seconds, own = defaultdict[str, int](int), defaultdict[str, int](int)
    for kind, made in found.made.items():
        if not people[kind.package_id].service:
            seconds[people[kind.package_id].area_id] += made.seconds
            own[people[kind.package_id].area_id] += made.seconds if kind.contract_id in principals else 0
    has_principal = {
        each.area_id
        for each in county.contracts
        if each.contract_id in principals and any(each.in_force(day) for day in found.period.days)
    }
    expected: dict[Key, Cells] = {}
    for area_id in (each.area_id for each in county.snapshot.areas if each.area_id in has_principal):
        whole, part = commissioned.get(area_id, NOTHING), of_principals.get(area_id, NOTHING)
        delivered = Fraction(own[area_id], seconds[area_id]) if seconds[area_id] else None
        expected[(area_id,)] = {
            "commissioned_hours": in_decimals(whole / 60),
            "commissioned_principal_hours": in_decimals(part / 60),
            "commissioned_share": in_decimals(part / whole, 6) if whole else "",
            "delivered_hours": in_decimals(Fraction(seconds[area_id], 3600)),
            "delivered_principal_hours": in_decimals(Fraction(own[area_id], 3600)),
            "delivered_share": "" if delivered is None else in_decimals(delivered, 6),
            "delivered_within": "" if delivered is None else _within(county, delivered),
        }
    return expected


def _within(county: County, share: Fraction) -> str:
    if county.policy.share_low <= share <= county.policy.share_high:
        return "within"
    return "below" if share < county.policy.share_low else "above"
