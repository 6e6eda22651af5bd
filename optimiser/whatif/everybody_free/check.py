"""Totals judged from the plain records: what each limit holds, what is said of tiers and areas. Imports nothing that solves
or that makes the totals; every rule and level has been checked before (``judging.checking``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from optimiser.domain.snapshot import Snapshot

FOUR_WEEKS = 4


def faults(snapshot: Snapshot, contract_of: Mapping[str, str], told: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """What does not hold. ``snapshot``: as it was read. ``contract_of``: per placed package id its contract id. ``told``: minutes
    a week by area id and tier, ``unmet`` among them.
    """
    packages = {package.package_id: package for package in snapshot.packages}
    contracts = {contract.contract_id: contract for contract in snapshot.contracts}
    on: dict[str, int] = defaultdict(int)
    with_provider: dict[str, int] = defaultdict(int)
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for package_id, package in packages.items():
        contract = contracts.get(contract_of.get(package_id, ""))
        counted[package.area_id, "unmet" if contract is None else contract.tier] += package.minutes_per_week
        if contract is not None:
            on[contract.contract_id] += package.minutes_per_week
            with_provider[contract.provider_id] += package.minutes_per_week
    for contract in snapshot.contracts:
        if contract.max_hours_4w is not None and on[contract.contract_id] > contract.max_hours_4w * 60 / FOUR_WEEKS:
            yield f"contract {contract.contract_id} holds more than its maximum"
    for provider in snapshot.providers:
        if provider.max_hours_4w is not None and with_provider[provider.provider_id] > provider.max_hours_4w * 60 / FOUR_WEEKS:
            yield f"provider {provider.provider_id} holds more than its own limit"
    said = {(area_id, tier): minutes for area_id, tiers in told.items() for tier, minutes in tiers.items() if minutes}
    if said != {key: minutes for key, minutes in counted.items() if minutes}:
        yield "the hours by area and tier are not those of the plan"
    if sum(counted.values()) != sum(package.minutes_per_week for package in snapshot.packages):
        yield "not all care is counted once"


def held_in_files(files: Mapping[str, bytes], snapshot: Snapshot) -> Iterator[str]:
    """Files in which a person's id, or a round's, stands: one that is no plain number or word, and of nothing else."""
    ids = {each.package_id for each in snapshot.packages} | {each.round_id for each in snapshot.packages}
    others = {each.area_id for each in snapshot.areas} | {each.provider_id for each in snapshot.providers}
    others |= {each.contract_id for each in snapshot.contracts} | {each.restriction_id for each in snapshot.restrictions}
    telling = {each for each in ids - others if any(map(str.isdigit, each)) and any(map(str.isalpha, each))}
    for name, content in files.items():
        words = set(re.split(r"[\s\"',;<>]+", content.decode("utf-8")))
        if found := words & telling:
            yield f"{name} holds {len(found)} id(s) of people or rounds"
