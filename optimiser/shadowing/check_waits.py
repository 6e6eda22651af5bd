"""The check of who waited: every wait followed through the nights again, room that could have been asked for counted again, and
the counts of groups made from the rows written.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.who_comes_last import groups_of
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.book import RuleBook
from optimiser.shadowing.check_decisions import Ledger, contract_of_everybody

Row = Mapping[str, str]
Wait = dict[str, str]


def faults_of_waits(nights: Sequence[Snapshot], rules: RuleBook, rows: Sequence[Row], record: Mapping[str, Any]) -> list[str]:
    """What is wrong with the waits and with their counts, in words; nobody is named."""
    told = {(row["package_id"], row["first_night"]): row for row in rows}
    counted = {(wait["package_id"], wait["first_night"]): wait for wait in _waits(nights)}
    found = []
    if told.keys() != counted.keys() or len(rows) != len(told):
        found.append(
            f"waits: {len(told.keys() - counted.keys())} told that no night tells, {len(counted.keys() - told.keys())} not"
        )
    found += [
        f"a wait, {name}: told {told[key][name]!r}, counted {value!r}"
        for key in sorted(told.keys() & counted.keys())
        for name, value in counted[key].items()
        if told[key][name] != value
    ]
    said_no = _said_no(nights)
    groups: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for night in nights:
        county = County.of(night)
        here = [row for row in rows if row["first_night"] <= str(night.as_of) <= row["last_night"]]
        found += [f"night {night.as_of}: {said}" for said in _could_ask(county, rules, here, said_no)]
        for row in here:
            if row["person"] not in groups:
                members = [i for i, each in enumerate(county.packages) if row["person"] in (each.part_of, each.package_id)]
                groups[row["person"]] = groups_of(county, members, [county.package_index[row["package_id"]]])
    found += _counts(nights, rows, groups, record)
    return found


def _waits(nights: Sequence[Snapshot]) -> Iterator[Wait]:
    """Of everybody each run of nights on which they wait."""
    runs: dict[str, list[list[int]]] = defaultdict(list)
    settled = [contract_of_everybody(night) for night in nights]
    records = [{package.package_id: package for package in night.packages} for night in nights]
    for number, people in enumerate(records):
        for name in people:
            if name not in settled[number]:
                if runs[name] and runs[name][-1][-1] == number - 1:
                    runs[name][-1].append(number)
                else:
                    runs[name].append([number])
    for name, theirs in runs.items():
        for run in theirs:
            first, last = run[0], run[-1]
            package, day = records[first][name], nights[first].as_of
            since = day if package.requested_at is None else min(day, package.requested_at.date())
            after = last + 1 if last + 1 < len(nights) else None
            until = nights[last if after is None else after].as_of
            yield {
                "package_id": name,
                "person": package.part_of or name,
                "area_id": package.area_id,
                "waiting_since": str(since),
                "first_night": str(day),
                "last_night": str(nights[last].as_of),
                "ended": "" if after is None else "placed" if name in settled[after] else "gone",
                "until": "" if after is None else str(until),
                "days_waited": str(max(0, (until - since).days)),
            }


def _said_no(nights: Sequence[Snapshot]) -> Collection[tuple[str, str]]:
    holder = {each.contract_id: each.provider_id for night in nights for each in night.contracts}
    offers = (offer for night in nights for offer in night.offers if offer.response in ("declined", "expired"))
    return {(offer.package_id, holder[offer.contract_id]) for offer in offers}


def _could_ask(county: County, rules: RuleBook, rows: Sequence[Row], said_no: Collection[tuple[str, str]]) -> Iterator[str]:
    """Whether everybody counted on this night could be: by every rule, within every limit, each room once; and nobody else."""
    ledger, plan, pending = Ledger(county, rules), entry_plan(county), county.offers_in_force.pending
    tonight, nobody = [], []
    for row in rows:
        name, on, day = row["package_id"], row["contract_id"], row["could_have_been_asked_on"]
        if row["days_earlier"] != (str((_day(row["last_night"]) - _day(day)).days) if day else ""):
            yield "days earlier do not follow from the days told"
        package = county.package_index[name]
        if not day or day > str(county.as_of):
            nobody.append(package)
        elif on in county.contract_index and (name not in pending or day == str(county.as_of)):
            plan = plan.with_package(package, county.contract_index[on])
            if day == str(county.as_of):
                tonight.append((package, county.contract_index[on]))
    for package, contract in tonight:
        name, holder = county.packages[package].package_id, county.contracts[contract].provider_id
        if name in pending or (name, holder) in said_no or not ledger.allowed(package, contract):
            yield "somebody is told as one who could have been asked for, and could not"
        if any(
            ledger.used(limit, plan, ()) > limit.whole_minutes
            for limit in ledger.of.get(contract, [])
            if limit.counts(county, package, contract)
        ):
            yield "more people are told for one contract than it had room for"
    grouped = {member for group in rules.groups(county) for member in group}
    for package in nobody:
        name = county.packages[package].package_id
        if name in pending or package in grouped:
            continue
        if any(
            not ledger.passed([package], contract, plan, ()) and ledger.allowed(package, contract)
            for contract, record in enumerate(county.contracts)
            if (name, record.provider_id) not in said_no and record.area_id in ("", county.packages[package].area_id)
        ):
            yield "somebody could have been asked for, and is not told"


def _counts(
    nights: Sequence[Snapshot],
    rows: Sequence[Row],
    groups: Mapping[str, Mapping[str, tuple[str, ...]]],
    record: Mapping[str, Any],
) -> Iterator[str]:
    """The counts of people in ``shadow.json``, from the rows of the waits."""
    smallest: int = record["counts_to_the_nearest"]
    people: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        people[row["person"]].append(row)
    earlier = {person: max(int(row["days_earlier"] or 0) for row in theirs) for person, theirs in people.items()}
    still = {person for person, theirs in people.items() if any(not row["ended"] for row in theirs)}
    first = str(nights[0].as_of)
    began = sum(min(row["first_night"] for row in theirs) > first for theirs in people.values())

    def shown(count: int) -> int | None:
        return None if count < smallest else smallest * ((2 * count + smallest) // (2 * smallest))

    pairs = {
        "people who waited": (record["people"]["people_who_waited"], shown(len(people))),
        "who began to wait": (record["people"]["began_to_wait"], shown(began)),
        "who wait on the last night": (record["people"]["waiting_on_the_last_night"], shown(len(still))),
        "who could have been asked for earlier": (
            record["could_have_been_asked_earlier"]["people"],
            shown(sum(days > 0 for days in earlier.values())),
        ),
    }
    of: dict[tuple[str, str], list[str]] = defaultdict(list)
    for person, theirs in groups.items():
        for table, names in theirs.items():
            for name in names:
                of[table, name].append(person)
    told = {(table, each["group"]): each for table, each_of in record["who_waited"].items() for each in each_of}
    if told.keys() != {key for key, members in of.items() if len(members) >= smallest}:
        yield "shadow.json: other groups are told than those large enough"
    for key in told.keys() & of.keys():
        pairs[f"{key}: people"] = told[key]["people"], shown(len(of[key]))
        pairs[f"{key}: still waiting"] = told[key]["still_waiting"], shown(len(still & set(of[key])))
        pairs[f"{key}: asked earlier"] = (
            told[key]["could_have_been_asked_earlier"],
            shown(sum(earlier[person] > 0 for person in of[key])),
        )
    for what, (said, counted) in pairs.items():
        if said != counted:
            yield f"shadow.json, {what}: told {said}, counted {counted}"


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
