"""Which rounds are candidates, and whether each moves whole or not at all."""

from __future__ import annotations

import datetime as dt

from optimiser.domain.records import Package
from optimiser.transferring.check.case import Case, Row


def round_faults(case: Case) -> list[str]:
    """Candidates that are missing or are none; rounds that move in part."""
    candidates = candidate_rounds(case)
    whole = {row["round_id"]: row for row in case.transfers if not row["recut_of"]}
    found = [f"candidate round {name} has no row" for name in sorted(candidates.keys() - whole.keys())]
    found += [f"round {name} is no candidate" for name in sorted(whole.keys() - candidates.keys())]
    for name in sorted(candidates.keys() & whole.keys()):
        found += _whole_or_nothing(case, whole[name], candidates[name])
    for row in case.moves:
        packages = candidates.get(row["recut_of"] or row["round_id"], [])
        holders = {_holder(case, package) for package in packages if package.contract_id}
        if packages and not _may_go_on(case, row["area_id"], holders, packages, case.day(row)):
            found.append(f"round {row['round_id']} may not leave its contract on {row['date']}")
    agreed = {move.round_id: move.date for move in case.known.agreed}
    for name, day in agreed.items():
        someone_refused = any(p.package_id in case.known.refused for p in candidates.get(name, []))
        placed = next((row["date"] for row in case.transfers if row["round_id"] == name), "")
        if not someone_refused and placed != str(day):
            found.append(f"agreed round {name} is on {placed or 'no wave'}, not on {day}")
    return found


def candidate_rounds(case: Case) -> dict[str, list[Package]]:
    """Rounds of other providers whose every package is on a contract that care may be moved from."""
    members: dict[str, list[Package]] = {}
    for package in case.county.packages:
        if package.round_id:
            members.setdefault(package.round_id, []).append(package)
    stated = {each.round_id: each.area_id for each in case.county.snapshot.rounds}
    found = {}
    for name, packages in members.items():
        area = stated.get(name) or min(package.area_id for package in packages)
        holders = {_holder(case, package) for package in packages if package.contract_id}
        planned = area in case.area_ids and len(holders) == 1
        if planned and any(_may_go_on(case, area, holders, packages, day) for day in case.calendar):
            found[name] = packages
    return found


def _may_go_on(case: Case, area_id: str, holders: set[str], packages: list[Package], day: dt.date) -> bool:
    """Whether on a day another provider is the principal and every package is on a contract that care may be moved from."""
    principal = case.record(case.principal_on(area_id, day)).provider_id
    return holders != {principal} and all(_may_leave(case, package, day) for package in packages)


def _holder(case: Case, package: Package) -> str:
    return case.county.contracts[case.county.contract_index[package.contract_id]].provider_id


def _may_leave(case: Case, package: Package, day: dt.date) -> bool:
    if not package.contract_id:
        return True
    contract = case.record(case.under(package.contract_id, day))
    if contract.tier == "legacy" or (contract.ends is not None and contract.ends <= day):
        return True
    return case.policy.framework_rounds and contract.tier == "framework"


def _whole_or_nothing(case: Case, row: Row, packages: list[Package]) -> list[str]:
    name = row["round_id"]
    cut = {row["round_id"] for row in case.moves if row["recut_of"] == name}
    rows = {person["package_id"]: person for person in case.people if person["round_id"] in {name, *cut}}
    found = [f"round {name}: {p.package_id} has no row" for p in packages if p.package_id not in rows]
    found += [f"round {name}: {each} is not of it" for each in sorted(rows.keys() - {p.package_id for p in packages})]
    if row["from_provider_id"] not in {_holder(case, p) for p in packages if p.contract_id}:
        found.append(f"round {name} is not {row['from_provider_id']}'s")
    moving = [p for p in packages if p.package_id in rows and rows[p.package_id]["decision"] == "transfer"]
    own = [p for p in moving if rows[p.package_id]["round_id"] == name]
    if row["decision"] == "stay" and own:
        found.append(f"round {name} stays, but {len(own)} of its people move")
    if row["decision"] == "transfer":
        left = [p for p in packages if p not in own]
        wished = [p for p in left if case.policy.stay_alone and p.package_id in case.known.wishes]
        if cut or len(wished) < len(left) or not own:
            found.append(f"round {name} moves, but {len(left) - len(wished)} of its people do not")
    return found
