"""Whether each person who moves may, to whom and on the day they do; and that nobody is without care for a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from optimiser.domain.person_records import TRANSFER
from optimiser.rules.book import standard_rules
from optimiser.transferring.check.case import Case, Row

LETTERS = {("transfer", True): "consultation", ("transfer", False): "change"}
STAYS = "stays"


def people_faults(case: Case, moved_before: Collection[str]) -> list[str]:
    """Every rule of the snapshot format for the principal's contract on the wave's date, and what the rows say of each person.

    ``moved_before``: the rounds that an earlier plan moved.
    """
    found = []
    by_round = {row["round_id"]: row for row in case.transfers}
    for person in case.people:
        row = by_round.get(person["round_id"])
        if row is None:
            found.append(f"{person['package_id']}: round {person['round_id']} has no row")
            continue
        found += [f"{person['package_id']}: {fault}" for fault in _person(case, person, row, moved_before)]
    return found


def _person(case: Case, person: Row, row: Row, moved_before: Collection[str]) -> list[str]:
    package = case.county.package_index[person["package_id"]]
    record = case.county.packages[package]
    found = []
    moves = person["decision"] == "transfer"
    pending = moves and not case.decision(package, row)
    if person["pending"] != str(pending).lower():
        found.append("pending is marked wrongly")
    told = case.policy.letters_to_stayers or (row["decision"] == "stay" and row["round_id"] in moved_before)
    right = LETTERS.get((person["decision"], pending), STAYS if told else "")
    if record.contract_id and person["letter"] != right:
        found.append(f"the letter is {person['letter']!r}")
    if record.contract_id:
        now = case.county.contracts[case.county.contract_index[record.contract_id]].provider_id
        if person["served_by_provider_id"] != now:
            found.append("the provider that serves now is another")
    if moves:
        if row["decision"] == "transfer":
            found += _gap(case, person, row)
            found += _rules(case, person, row)
        else:
            found.append("moves, but the round stays")
        said_no = case.known.refused if case.policy.stay_alone else case.known.refused | case.known.wishes
        if record.package_id in said_no:
            found.append("moves, although they or a social worker have said no")
    elif person["served_until"] or person["then_by_provider_id"]:
        found.append("stays, but their care ends")
    return found


def _gap(case: Case, person: Row, row: Row) -> list[str]:
    """The old provider serves until the day that the new one starts."""
    new = case.contract(row).provider_id
    if not (person["served_until"] == person["then_from"] == row["date"]) or person["then_by_provider_id"] != new:
        return ["there would be a gap in care"]
    return [] if person["wave"] == row["wave"] else ["is on another wave than the round"]


def _rules(case: Case, person: Row, row: Row) -> list[str]:
    """The rules' check halves, on the wave's date; restrictions of today and of that date both count."""
    day, county = case.day(row), case.county
    restrictions = tuple(r for r in county.snapshot.restrictions if r.in_force(case.as_of) or r.in_force(day))
    policy = replace(county.policy, move_pending=case.policy.plan_pending)
    that_day = replace(
        county, snapshot=replace(county.snapshot, policy=policy), restrictions=restrictions, moves_on=day, move=TRANSFER
    )
    package, contract = county.package_index[person["package_id"]], county.contract_index[row["to_contract_id"]]
    found = [
        f"fails {rule.name} for {row['to_contract_id']} on {day}"
        for rule in standard_rules().eligibility
        if not rule.finding(that_day, package, contract).passed
    ]
    record, to = county.packages[package], county.contracts[contract]
    if to.tier != "principal":
        found.append(f"{to.contract_id} is no principal contract")
    if record.status != "active":
        found.append("care has not begun")
    capped = [r for r in restrictions if r.kind == "capped" and r.provider_id == to.provider_id]
    if not case.policy.capped_principal and any(r.area_id in ("", record.area_id) for r in capped):
        found.append("the principal's new work is capped")
    return found
