"""What must hold between contracts: who covers an area when, who takes over from whom, and prices that change on a day."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from optimiser.domain.records import OF_ONE_AREA, Contract
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings
from optimiser.io.record_cells import Lines

MIN_FRAMEWORK = 3
"""Fewer framework providers in an area than this is worth a note (briefing: at least three)."""
GOOD = {"outstanding", "good", "excellent"}
"""Ratings of either kind that are good or better."""

Parts = Mapping[str, tuple[Any, ...]]


def check_contracts(parts: Parts, lines: Lines, as_of: dt.date | None, findings: Findings) -> None:
    """Every contract on its own, then the principals and the framework of each area, successors and prices."""
    for contract in parts["contracts"]:
        _alone(contract, lines, findings)
    _principals(parts, lines, as_of, findings)
    if as_of:
        _framework(parts, as_of, findings)
        _ratings(parts, as_of, findings)
    _successors(parts, lines, findings)
    _rates(parts, findings)


def _alone(contract: Contract, lines: Lines, findings: Findings) -> None:
    if contract.tier in OF_ONE_AREA and not contract.area_id:
        expected = "an area: principal and framework contracts are not county-wide"
        findings.fault(*lines.of(contract), "area_id", expected, "empty", code=Code.VALUE_ABSENT)
    if contract.tier == "specialist" and not contract.service:
        findings.fault(*lines.of(contract), "service", "a service, since the tier is specialist", "empty", code=Code.VALUE_ABSENT)
    if contract.tier != "specialist" and contract.service:
        findings.fault(
            *lines.of(contract),
            "service",
            "empty: only specialist contracts have a service",
            contract.service,
            code=Code.NOT_EMPTY,
        )
    until = contract.extension_until
    if until is not None and (contract.ends is None or contract.ends > until):
        expected = f"a date not after {until}, until which the contract may be extended (extension_until)"
        findings.fault(*lines.of(contract), "ends", expected, str(contract.ends or "empty"), code=Code.WRONG_ORDER)
    if contract.guarantee and contract.max_hours_4w is None:
        findings.note("contracts.csv", "a guarantee without max_hours_4w guarantees nothing")


def _principals(parts: Parts, lines: Lines, as_of: dt.date | None, findings: Findings) -> None:
    """At most one principal contract in force in an area on any day."""
    held: dict[str, list[Contract]] = defaultdict(list)
    for contract in parts["contracts"]:
        if contract.tier == "principal":
            held[contract.area_id].append(contract)
    for area_id, principals in held.items():
        told: set[str] = set()
        for first, second in combinations(principals, 2):
            if second.contract_id in (first.contract_id, *told):
                continue  # an id given twice has its own fault
            if (day := _common_day(first, second, as_of)) is not None:
                told.add(second.contract_id)
                findings.fault(
                    *lines.of(second), "tier",
                    f"one principal contract in force in an area on {day} (area {area_id} has {first.contract_id} too)",
                    second.contract_id, code=Code.CONTRADICTION,
                )  # fmt: skip


def _common_day(first: Contract, second: Contract, as_of: dt.date | None) -> dt.date | None:
    """A day on which both are in force: today if it is one, else the first; None where there is none."""
    if as_of and first.in_force(as_of) and second.in_force(as_of):
        return as_of
    begins = max(first.starts or dt.date.min, second.starts or dt.date.min)
    return begins if first.in_force(begins) and second.in_force(begins) else None


def _framework(parts: Parts, as_of: dt.date, findings: Findings) -> None:
    framework = Counter(c.area_id for c in parts["contracts"] if c.tier == "framework" and c.in_force(as_of))
    for area in parts["areas"]:
        if area.is_live(as_of) and framework[area.area_id] < MIN_FRAMEWORK:
            findings.note("contracts.csv", f"area {area.area_id} has fewer than {MIN_FRAMEWORK} framework contracts in force")


def _ratings(parts: Parts, as_of: dt.date, findings: Findings) -> None:
    """Principals that neither the CQC nor the council rates good or better."""
    providers = {provider.provider_id: provider for provider in parts["providers"]}
    at_location = {location.location_id: location.cqc_rating for location in parts["locations"]}
    for contract in parts["contracts"]:
        provider = providers.get(contract.provider_id)
        if contract.tier != "principal" or provider is None:
            continue
        cqc_rating = at_location.get(contract.location_id, provider.cqc_rating)
        published = provider.pamms_published is not None and provider.pamms_published <= as_of
        if cqc_rating not in GOOD and not (published and provider.pamms_rating in GOOD):
            findings.note("contracts.csv", "a principal contract's provider is rated good or better by neither CQC nor PAMMS")


def _successors(parts: Parts, lines: Lines, findings: Findings) -> None:
    contracts = {contract.contract_id: contract for contract in parts["contracts"]}
    taken: dict[str, str] = {}
    for contract in parts["contracts"]:
        if not contract.succeeds:
            continue
        before = contracts.get(contract.succeeds)
        if before is None:
            if not findings.may_name("contracts.csv", contract.succeeds):
                findings.fault(*lines.of(contract), "succeeds", "a known contract_id", contract.succeeds, code=Code.UNKNOWN_ID)
            continue
        other = taken.setdefault(contract.succeeds, contract.contract_id)
        if other != contract.contract_id:
            findings.fault(
                *lines.of(contract),
                "succeeds",
                f"one successor for a contract (also {other})",
                contract.succeeds,
                code=Code.CONTRADICTION,
            )
        for column, expected, found in _misfits(contract, before, contracts):
            findings.fault(*lines.of(contract), column, expected, found, code=Code.CONTRADICTION)


def _misfits(contract: Contract, before: Contract, contracts: Mapping[str, Contract]) -> Iterator[tuple[str, str, str]]:
    """What keeps a contract from taking over from another: column, what was expected, what was found."""
    if _is_in_a_circle(contract, contracts):
        yield "succeeds", "contracts that do not follow each other in a circle", contract.succeeds
        return
    of = f"that of {before.contract_id}, which it succeeds"
    for column in ("provider_id", "tier", "area_id", "service"):
        own, its = getattr(contract, column), getattr(before, column)
        if own != its:
            yield column, f"{of} ({its or 'empty'})", own or "empty"
    if before.ends is None:
        yield "succeeds", "a contract with an end, since another takes over from it", contract.succeeds
    if contract.starts is None:
        yield "starts", "a date, since it succeeds another contract", "empty"
    elif before.ends is not None and contract.starts < before.ends:
        yield "starts", f"a date not before {before.contract_id}, which it succeeds, ends ({before.ends})", str(contract.starts)


def _is_in_a_circle(contract: Contract, contracts: Mapping[str, Contract]) -> bool:
    at = contracts.get(contract.succeeds)
    for _ in contracts:
        if at is None or at.contract_id == contract.contract_id:
            break
        at = contracts.get(at.succeeds)
    return at is not None and at.contract_id == contract.contract_id


def _rates(parts: Parts, findings: Findings) -> None:
    contracts = {contract.contract_id: contract for contract in parts["contracts"]}
    for rate in parts["rates"]:
        contract = contracts.get(rate.contract_id)
        if contract is not None and not contract.in_force(rate.starts):
            findings.note("rates.csv", "prices begin on a day on which their contract is not in force")
