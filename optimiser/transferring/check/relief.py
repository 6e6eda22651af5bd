"""Whether a relief keeps the rules: from the files as they will be written, by the rules' check halves."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimiser.county import County
from optimiser.domain.dates import days_after
from optimiser.domain.person_records import NOT_SUITABLE, RELIEVE
from optimiser.domain.plan import Plan
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.records import HARMS, Visit
from optimiser.domain.staffing import DAYS
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import Group
from optimiser.transferring.check.case import Row, rows_of
from optimiser.transferring.relieving.loss import Loss, under_on

LETTERS = {"moves": "new_provider", "uncovered": "looking"}


@dataclass(frozen=True)
class _Files:
    """One relief with all that it is judged by."""

    county: County
    that_day: County
    """To judge moves on the day, decisions that are pending included."""
    policy: TransferPolicy
    losses: Sequence[Loss]
    day: dt.date
    under: Mapping[int, tuple[int, int]]
    rows: Mapping[int, Row]
    """Per package concerned its row."""

    def of(self, decision: str) -> dict[int, Row]:
        return {package: row for package, row in self.rows.items() if row["decision"] == decision}

    def to(self, row: Row) -> int:
        return self.county.contract_index[row["to_contract_id"]]

    def decision(self, package: int, row: Row) -> str:
        """What a social work decision says of somebody's move; empty: it is pending."""
        return self.that_day.decision_on(package, self.county.provider(self.to(row)).provider_id)

    def is_found_not_suitable(self, package: int) -> bool:
        """Whether a social work decision is against somebody's move, to anybody or to some provider."""
        return NOT_SUITABLE in {self.that_day.decision_on(package, each.provider_id) for each in self.county.providers}


def relief_faults(
    county: County, policy: TransferPolicy, losses: Sequence[Loss], day: dt.date, files: Mapping[str, bytes]
) -> list[str]:
    """Everything that is wrong with the files."""
    rows = rows_of(files["relief.csv"])
    under = under_on(county, losses, day)
    names = {county.packages[package].package_id: package for package in under}
    found = [
        f"{name}: in the file {count} times" for name, count in Counter(row["package_id"] for row in rows).items() if count > 1
    ]
    found += [f"{name} has no row" for name in names.keys() - {row["package_id"] for row in rows}]
    found += [f"{row['package_id']} is not concerned" for row in rows if row["package_id"] not in names]
    found += [f"{row['package_id']}: decision {row['decision']!r}" for row in rows if row["decision"] not in ("kept", *LETTERS)]
    unknown = [row for row in rows if row["decision"] == "moves" and row["to_contract_id"] not in county.contract_index]
    found += [f"{row['package_id']} moves to no known contract" for row in unknown]
    if found:
        return sorted(found)
    by_package = {names[row["package_id"]]: row for row in rows}
    case = _Files(county, county.moving_on(day, move_pending=True, move=RELIEVE), policy, losses, day, under, by_package)
    visits = rows_of(files["uncovered-visits.csv"])
    return sorted([
        *_kept(case), *_moved(case), *_marks(case), *_limits(case), *_visits(case, visits),
        *_rounds(case, rows_of(files["relief-rounds.csv"])), *_levels(case, json.loads(files["result.json"])),
    ])  # fmt: skip


def _kept(case: _Files) -> list[str]:
    """Whoever is kept stays on their contract, and all together within the hours that are left."""
    contracts, found, used = case.county.contracts, [], Counter[int]()
    for package, row in case.of("kept").items():
        contract, concerned = case.under[package]
        used[concerned] += case.county.packages[package].minutes_per_week
        if row["to_contract_id"] != contracts[contract].contract_id:
            found.append(f"{row['package_id']} is kept, but not where it is")
    for place, minutes in used.items():
        loss = case.losses[place]
        if minutes > loss.hours_4w * 15:
            found.append(f"{loss.subject} would deliver {minutes} minutes a week, more than it can")
    return found


def _moved(case: _Files) -> list[str]:
    """Every rule holds on the day; what is waived is told; care never stops in between."""
    visits: dict[str, list[Visit]] = defaultdict(list)
    for visit in case.county.snapshot.visits:
        visits[visit.package_id].append(visit)
    found = []
    for package, row in case.of("moves").items():
        name, to = row["package_id"], case.to(row)
        for rule in standard_rules().eligibility:
            passed = rule.finding(case.that_day, package, to).passed
            if not passed and not rule.waived_on_hand_back:
                found.append(f"{name} fails {rule.name} for {row['to_contract_id']}")
            if rule.told_when_waived and (rule.told_when_waived in row["reason"]) == passed:
                found.append(f"{name}: it is {'not ' * (not passed)}told that a rule is waived")
        if any(loss.concerns(case.county, to) for loss in case.losses):
            found.append(f"{name} goes to {row['to_contract_id']}, which cannot deliver in full itself")
        if row["to_provider_id"] != case.county.contracts[to].provider_id:
            found.append(f"{name}: the provider of {row['to_contract_id']} is another")
        found += _gap(case, row, visits[name])
    return found


def _gap(case: _Files, row: Row, visits: Sequence[Visit]) -> list[str]:
    """The new start is on or before the old end, on every weekday that has visits (any weekday, where none are given)."""
    ends, starts = dt.date.fromisoformat(row["served_until"]), dt.date.fromisoformat(row["then_from"])
    weekdays = {day for visit in visits for day in visit.days} or set(DAYS)
    between = [days_after(ends, number) for number in range(min(7, max(0, (starts - ends).days)))]
    found = [f"{row['package_id']}: nobody comes on {day}" for day in between if DAYS[day.weekday()] in weekdays]
    if ends < case.day or starts > case.day or starts > ends:
        found.append(f"{row['package_id']}: there would be a gap in care")
    return found


def _marks(case: _Files) -> list[str]:
    """Who is marked as pending, as needing a plan of their own, and as written to."""
    found = []
    for package, row in case.rows.items():
        record, moves = case.county.packages[package], row["decision"] == "moves"
        decision = case.decision(package, row) if moves else ""
        by_assessment = bool(record.protected) or decision == NOT_SUITABLE
        marks = {
            "own_plan_first": str(moves and by_assessment).lower(),
            "decision_pending": str(moves and not record.protected and decision == "").lower(),
            "counted_as": record.if_missed or case.policy.relieve_not_recorded,
        }
        found += [f"{row['package_id']}: {name} is {row[name]!r}" for name, right in marks.items() if row[name] != right]
        if row["decision"] != "kept" and row["letter"] != LETTERS[row["decision"]]:
            found.append(f"{row['package_id']}: the letter is {row['letter']!r}")
        told = case.policy.letters_to_stayers or not _round_is_whole(case, record.round_id)
        if row["decision"] == "kept" and row["letter"] != ("kept" if told else ""):
            found.append(f"{row['package_id']}: the letter is {row['letter']!r}")
    return found


def _limits(case: _Files) -> list[str]:
    """Limits that are passed by those who come."""
    entry, found = entry_plan(case.county), []
    for limit in standard_rules().all_limits(case.that_day):
        added = sum(
            case.county.packages[package].minutes_per_week
            for package, row in case.of("moves").items()
            if case.to(row) in limit.contracts and limit.counts(case.county, package, case.to(row))
        )
        if added and used_minutes(case.county, limit, entry) + added > limit.minutes:
            found.append(f"{limit.rule} of {limit.subject} is passed")
    return found


def _visits(case: _Files, listed: Sequence[Row]) -> list[str]:
    """Every visit of whoever is left uncovered is listed, and no other; without visits in the data: their hours."""
    left = {row["package_id"] for row in case.of("uncovered").values()}
    expected = {(visit.package_id, visit.visit_id) for visit in case.county.snapshot.visits if visit.package_id in left}
    expected |= {(name, "") for name in left - {name for name, _ in expected}}
    told = Counter((row["package_id"], row["visit_id"]) for row in listed)
    found = [
        f"visit {visit} of {name} is listed {told[name, visit]} times" for name, visit in sorted(told) if told[name, visit] > 1
    ]
    found += [f"uncovered visit {visit} of {name} is not listed" for name, visit in sorted(expected - told.keys())]
    found += [f"visit {visit} of {name} is listed, but not uncovered" for name, visit in sorted(told.keys() - expected)]
    minutes = sum(case.county.packages[package].minutes_per_week for package in case.of("uncovered"))
    if sum(int(row["minutes_per_week"]) for row in listed) != minutes:
        found.append(f"the uncovered visits do not add up to {minutes} minutes a week")
    return found


def _round_is_whole(case: _Files, round_id: str) -> bool:
    """Whether all of a round's running care is with one provider from the day on."""
    providers = set()
    for package, record in enumerate(case.county.packages):
        if round_id and record.round_id == round_id and record.status == "active":
            row = case.rows.get(package)
            if row is not None and row["decision"] == "uncovered":
                return False
            contract = int(case.county.running_on[package]) if row is None else case.to(row)
            providers.add(case.county.contracts[contract].provider_id)
    return len(providers) <= 1


def _concerned_rounds(case: _Files) -> list[str]:
    sizes = Counter(record.round_id for package in case.rows if (record := case.county.packages[package]).round_id)
    return sorted(sizes)


def _rounds(case: _Files, listed: Sequence[Row]) -> list[str]:
    told = {row["round_id"]: row["whole"] for row in listed}
    right = {round_id: str(_round_is_whole(case, round_id)).lower() for round_id in _concerned_rounds(case)}
    return [f"round {name}: whole is {told.get(name)!r}" for name in sorted({*told, *right}) if told.get(name) != right.get(name)]


def _levels(case: _Files, result: Mapping[str, object]) -> list[str]:
    """Every level counted again from the rows."""
    records = case.county.packages
    right: dict[str, int] = {}
    for harm in HARMS:
        right[f"uncovered_{harm}"] = sum(
            records[p].minutes_per_week for p, row in case.of("uncovered").items() if row["counted_as"] == harm
        )

    def person(package: int) -> str:
        return records[package].part_of or records[package].package_id

    movers = {person(package) for package in case.of("moves")}
    left = {person(package) for package in case.of("uncovered")}
    protected = {person(package) for package in case.rows if records[package].protected}
    unsuitable = {person(package) for package, row in case.of("moves").items() if case.decision(package, row) == NOT_SUITABLE}
    unsuitable |= {person(package) for package in case.of("uncovered") if case.is_found_not_suitable(package)}
    if case.policy.relieve_protected_covered_first:
        right["protected_uncovered"] = len(left & protected)
    right["protected_not_kept"] = len((movers | left) & protected | unsuitable)
    right["people_not_kept"] = len(movers | left)
    right["rounds_broken"] = sum(not _round_is_whole(case, round_id) for round_id in _concerned_rounds(case))
    contracts = list(entry_plan(case.county).contracts)
    for package, row in case.rows.items():
        contracts[package] = None if row["decision"] == "uncovered" else case.to(row)
    rules, plan = standard_rules(), Plan.of(contracts)
    for rule in (rules.level(group) for group in (Group.EXCEPTION, Group.COST, Group.TRAVEL)):
        right[rule.name] = rule.value(case.that_day, plan)
    levels = result["levels"]
    assert isinstance(levels, list)
    told = {level["name"]: level["value"] for level in levels}
    differ = sorted(name for name in {*told, *right} if told.get(name) != right.get(name))
    return [f"level {name}: told {told.get(name)}, counted {right.get(name)}" for name in differ]
