"""What must hold of packages that are not simply asked for one by one: services, bundles, and parts of a package."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from optimiser.county.succession import Succession
from optimiser.domain.records import Offer, Package
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings
from optimiser.io.record_cells import Lines

Parts = Mapping[str, tuple[Any, ...]]


def check_call_offs(parts: Parts, lines: Lines, as_of: dt.date | None, findings: Findings) -> None:
    """Services that nobody offers, bundles that are not of one kind, parts that belong to nothing, and offers left behind."""
    _services(parts, findings)
    _bundles(parts, lines, findings)
    _parts_of(parts, lines, findings)
    if as_of:
        _left_behind(parts, as_of, findings)


def _services(parts: Parts, findings: Findings) -> None:
    contracts = {contract.contract_id: contract for contract in parts["contracts"]}
    offered = {"", *(contract.service for contract in parts["contracts"])}
    for package in parts["packages"]:
        contract = contracts.get(package.contract_id)
        if package.service not in offered:
            findings.note("packages.csv", "a package has a service that no contract offers")
        elif contract is not None and contract.service != package.service:
            findings.note("packages.csv", "running care whose service is not its contract's stays where it is")


def _bundles(parts: Parts, lines: Lines, findings: Findings) -> None:
    """New packages of one bundle that no offer has taken out of it are in one area and of one service."""
    taken = {offer.package_id for offer in parts["offers"] if offer.response in ("", "accepted")}
    bundles: dict[str, list[Package]] = defaultdict(list)
    for package in parts["packages"]:
        if package.bundle_id and package.status == "new" and package.package_id not in taken:
            bundles[package.bundle_id].append(package)
    for first, *others in bundles.values():
        for package in others:
            for column in ("area_id", "service"):
                own, its = getattr(package, column), getattr(first, column)
                if own != its:
                    expected = f"that of {first.package_id}, in the same bundle ({its or 'empty'})"
                    findings.fault(*lines.of(package), column, expected, own or "empty", code=Code.CONTRADICTION)


def _parts_of(parts: Parts, lines: Lines, findings: Findings) -> None:
    packages = {package.package_id: package for package in parts["packages"]}
    for package in parts["packages"]:
        if not package.part_of:
            continue
        whole = packages.get(package.part_of)
        if whole is None:
            if not findings.may_name("packages.csv", package.part_of):
                findings.fault(*lines.of(package), "part_of", "a known package_id", package.part_of, code=Code.UNKNOWN_ID)
        elif whole.part_of:
            findings.fault(
                *lines.of(package),
                "part_of",
                "a package that is not itself a part of another",
                package.part_of,
                code=Code.CONTRADICTION,
            )
        elif (whole.latitude, whole.longitude) != (package.latitude, package.longitude):
            findings.fault(*lines.of(package), "part_of", "a package at the same place", package.part_of, code=Code.CONTRADICTION)


def _left_behind(parts: Parts, as_of: dt.date, findings: Findings) -> None:
    """Offers that still count, on a contract that has ended without another that has begun in its place."""
    succession = Succession.of(parts["contracts"])
    new = {package.package_id for package in parts["packages"] if package.status == "new"}
    for offer in parts["offers"]:
        if offer.package_id in new and offer.response in ("", "accepted") and _has_ended(offer, succession, as_of):
            findings.note("offers.csv", "an offer on a contract that has ended, with no successor that has begun, stays on it")


def _has_ended(offer: Offer, succession: Succession, as_of: dt.date) -> bool:
    if offer.contract_id not in succession.contracts:
        return False
    return succession.contracts[succession.contract_on(offer.contract_id, as_of)].has_ended(as_of)
