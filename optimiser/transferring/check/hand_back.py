"""Whether a hand-back keeps the rules: from the file as it will be written, by the rules' check halves."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter, defaultdict
from collections.abc import Collection

from optimiser.county import County
from optimiser.domain.person_records import HAND_BACK, NOT_SUITABLE
from optimiser.domain.policy import TransferPolicy
from optimiser.io.spreadsheets import unescaped
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.book import standard_rules

Row = dict[str, str]
LETTERS = {"moves": "new_provider", "no place yet": "looking"}


def hand_back_faults(county: County, policy: TransferPolicy, contract_ids: Collection[str], content: bytes) -> list[str]:
    """Everything that is wrong with the file. ``contract_ids``: those that are handed back."""
    reader = csv.DictReader(io.StringIO(content.decode()))
    rows = [{name: unescaped(cell or "") for name, cell in row.items()} for row in reader]
    running = Counter(p.package_id for p in county.packages if p.contract_id in contract_ids)
    found = [f"{name}: in the file {count} times" for name, count in Counter(r["package_id"] for r in rows).items() if count > 1]
    found += [f"{name} has no row" for name in running.keys() - {row["package_id"] for row in rows}]
    found += [f"{row['package_id']} is not on {' or '.join(contract_ids)}" for row in rows if row["package_id"] not in running]
    placed = [row for row in rows if row["decision"] == "moves" and row["package_id"] in running]
    for row in placed:
        found += _person(county, contract_ids, row)
    found += [
        f"{row['package_id']}: the letter is {row['letter']!r}" for row in rows if row["letter"] != LETTERS.get(row["decision"])
    ]
    people = Counter(row["then_from"] for row in placed)
    sizes = Counter((row["then_from"], row["round_id"]) for row in placed)
    for day, count in people.items():
        if count > policy.reviews_per_wave and max(size for (on, _), size in sizes.items() if on == day) < count:
            found.append(f"{day}: {count} people, at most {policy.reviews_per_wave}")
    return sorted([*found, *_whole(rows), *_limits(county, policy, placed), *_order(county, placed)])


def _person(county: County, contract_ids: Collection[str], row: Row) -> list[str]:
    day = dt.date.fromisoformat(row["then_from"])
    that_day = county.moving_on(day, move_pending=True, move=HAND_BACK)
    package, to = county.package_index[row["package_id"]], county.contract_index[row["to_contract_id"]]
    found = [
        f"{row['package_id']} fails {rule.name} for {row['to_contract_id']}"
        for rule in standard_rules().eligibility
        if not rule.waived_on_hand_back and not rule.finding(that_day, package, to).passed
    ]
    found += [
        f"{row['package_id']}: it is {'not ' * (not told)}told that a rule is waived"
        for rule in standard_rules().eligibility
        if rule.told_when_waived
        and (told := rule.told_when_waived in row["reason"]) == rule.finding(that_day, package, to).passed
    ]
    if row["served_until"] != row["then_from"] or row["to_contract_id"] in contract_ids:
        found.append(f"{row['package_id']}: there would be a gap in care")
    record = county.packages[package]
    decision = that_day.decision_on(package, county.provider(to).provider_id)
    marked = bool(record.protected) or decision == NOT_SUITABLE
    return found + ([] if row["own_plan_first"] == str(marked).lower() else [f"{row['package_id']}: own plan marked wrongly"])


def _whole(rows: list[Row]) -> list[str]:
    """A round that is said to go whole goes to one contract on one day, with everybody."""
    places: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        places[row["round_id"]].add((row["to_contract_id"], row["then_from"]))
    return [
        f"{row['package_id']}: round {row['round_id']} does not go whole"
        for row in rows
        if row["round_id"] and row["with_the_round"] == "true" and len(places[row["round_id"]]) > 1
    ]


def _limits(county: County, policy: TransferPolicy, placed: list[Row]) -> list[str]:
    """Limits that are passed. Staff that come with a whole round, by setting, leave the new provider's own limit to others."""
    entry, found, rules = entry_plan(county), [], standard_rules()
    for limit in rules.all_limits(county):
        added = 0
        with_staff = policy.handback_staff_come and rules.setting(limit).providers_own
        for row in placed:
            if with_staff and row["round_id"] and row["with_the_round"] == "true":
                continue
            package, to = county.package_index[row["package_id"]], county.contract_index[row["to_contract_id"]]
            if to in limit.contracts and limit.counts(county, package, to):
                added += county.packages[package].minutes_per_week
        if added and used_minutes(county, limit, entry) + added > limit.minutes:
            found.append(f"{limit.rule} of {limit.subject} is passed")
    return found


def _order(county: County, placed: list[Row]) -> list[str]:
    """Nobody urgent waits for a day after the first on which a round without anybody urgent moves."""
    urgent = [row["then_from"] for row in placed if county.packages[county.package_index[row["package_id"]]].priority == "urgent"]
    with_urgent = {
        (row["then_from"], row["to_contract_id"], row["round_id"])
        for row in placed
        if county.packages[county.package_index[row["package_id"]]].priority == "urgent"
    }
    others = [row["then_from"] for row in placed if (row["then_from"], row["to_contract_id"], row["round_id"]) not in with_urgent]
    late = urgent and others and max(urgent) > min(others)
    return ["somebody urgent moves after somebody who is not"] if late else []
