"""What is checked: the records of the snapshot, and the rows of the files read back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property

from optimiser.county import County
from optimiser.domain.person_records import NOT_SUITABLE, TRANSFER
from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.records import Contract
from optimiser.domain.snapshot import Snapshot
from optimiser.io.spreadsheets import unescaped

Row = dict[str, str]


@dataclass(frozen=True)
class Case:
    """One plan with all that it is judged by."""

    county: County
    policy: TransferPolicy
    known: Known
    area_ids: tuple[str, ...]
    transfers: list[Row]
    people: list[Row]
    impact: list[Row]
    waves: list[Row]
    targets: dict[str, str]
    """Per area: the principal contract that it has at the end of the plan, as ``result.json`` has it."""
    calendar: list[dt.date]
    """Every wave that could be used, as ``result.json`` has them."""
    faults: list[str]
    agreed_limits: list[dict[str, str]] = field(default_factory=list)
    """Per provider with which a lower limit was agreed, as ``result.json`` has them."""

    @staticmethod
    def read(
        snapshot: Snapshot, policy: TransferPolicy, known: Known, area_ids: Sequence[str], files: Mapping[str, bytes]
    ) -> Case:
        """Read the files back; what does not hold together at all is in ``faults``."""
        tables = {name: rows_of(files[f"{name}.csv"]) for name in ("transfers", "people", "impact", "waves")}
        result = json.loads(files["result.json"])
        targets = {area["area_id"]: area["to_contract_id"] for area in result["areas"]}
        calendar = [dt.date.fromisoformat(day) for day in result["waves"]]
        county, areas = County.of(snapshot), tuple(sorted(set(area_ids)))
        agreed = result.get("agreed_limits", [])
        case = Case(county, policy, known, areas, **tables, targets=targets, calendar=calendar, faults=[], agreed_limits=agreed)
        contracts, packages = case.county.contract_index, case.county.package_index
        if set(targets) != set(case.area_ids) or not set(targets.values()) <= contracts.keys():
            case.faults.append("the areas of the result are not those asked for")
        for row in case.transfers:
            if row["decision"] not in ("transfer", "stay"):
                case.faults.append(f"round {row['round_id']}: decision {row['decision']!r}")
            elif row["decision"] == "transfer" and not (row["to_contract_id"] in contracts and row["date"] and row["wave"]):
                case.faults.append(f"round {row['round_id']} moves, but to no known contract or on no wave")
        case.faults.extend(f"there is no package {row['package_id']}" for row in case.people if row["package_id"] not in packages)
        for name in ("round_id", "package_id"):
            rows = case.transfers if name == "round_id" else case.people
            seen = [row[name] for row in rows]
            case.faults.extend(f"{each} stands twice" for each, count in sorted(Counter(seen).items()) if count > 1)
        return case

    @property
    def as_of(self) -> dt.date:
        return self.county.as_of

    def principal_on(self, area_id: str, day: dt.date) -> str:
        """The id of the principal contract of an area that is in force on a day; where none is, of its last one."""
        held = [c for c in self.county.contracts if (c.tier, c.area_id) == ("principal", area_id) and c.in_force(day)]
        return held[0].contract_id if held else self.targets[area_id]

    def record(self, contract_id: str) -> Contract:
        return self.county.contracts[self.county.contract_index[contract_id]]

    @cached_property
    def successors(self) -> dict[str, Contract]:
        """Per contract that another takes over from: that other one, from the records."""
        return {c.succeeds: c for c in self.county.contracts if c.succeeds}

    @cached_property
    def minutes_on(self) -> Callable[[str, dt.date], int]:
        """The running care that is under a contract on a day, if nothing moved; counted once for each contract and day."""

        @cache
        def counted(contract_id: str, day: dt.date) -> int:
            records = self.county.packages
            return sum(p.minutes_per_week for p in records if p.contract_id and self.under(p.contract_id, day) == contract_id)

        return counted

    def under(self, contract_id: str, day: dt.date) -> str:
        """The contract that care under this one is under on a day: followed from record to record."""
        after = self.successors.get(contract_id)
        ends = self.record(contract_id).ends
        if after is None or ends is None or ends > day or (after.starts is not None and after.starts > day):
            return contract_id
        return self.under(after.contract_id, day)

    @property
    def moves(self) -> list[Row]:
        """The rounds that move."""
        return [row for row in self.transfers if row["decision"] == "transfer"]

    def day(self, row: Row) -> dt.date:
        """The day that a round moves on."""
        return dt.date.fromisoformat(row["date"])

    def decision(self, package: int, row: Row) -> str:
        """What social work has decided of this person's move with a round, from the records; empty: nothing that counts then."""
        person, goes = self.county.packages[package], row["decision"] == "transfer"
        to, day = (self.contract(row).provider_id, self.day(row)) if goes else ("", self.as_of)
        found = person.transfer_decision
        own = [each for each in self.county.snapshot.decisions if each.package_id == person.package_id]
        if own:
            found = ""
        for each in sorted(own, key=lambda each: (each.decided_on, each.decision == NOT_SUITABLE)):
            if each.move == TRANSFER and each.to_provider_id in ("", to) and each.decided_on <= day < each.valid_to:
                found = each.decision
        return found

    def contract(self, row: Row) -> Contract:
        return self.county.contracts[self.county.contract_index[row["to_contract_id"]]]

    def movers(self, row: Row) -> list[int]:
        """The packages that move with a round, as the people's file has it."""
        return [
            self.county.package_index[person["package_id"]]
            for person in self.people
            if person["round_id"] == row["round_id"] and person["decision"] == "transfer"
        ]

    def heads(self, packages: list[int]) -> int:
        """How many people these are: several packages that are parts of one person's care are one."""
        return len({self.county.packages[package].part_of or self.county.packages[package].package_id for package in packages})

    def minutes(self, packages: list[int]) -> int:
        return sum(self.county.packages[package].minutes_per_week for package in packages)


def after_months(day: dt.date, months: int) -> dt.date:
    """Calendar months later, counted one by one; a month that is too short ends on its last day, as the calendar does."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    if (year, month) >= (dt.MAXYEAR, 12):
        return dt.date.max if year > dt.MAXYEAR else dt.date(year, month, day.day)
    first_of_next = dt.date(year + month // 12, month % 12 + 1, 1)
    return min(dt.date(year, month, 1) + dt.timedelta(day.day - 1), first_of_next - dt.timedelta(1))


def exact(text: str) -> Fraction:
    return Fraction(text or "0")


def rows_of(content: bytes) -> list[Row]:
    reader = csv.DictReader(io.StringIO(content.decode()))
    return [{name: unescaped(cell or "") for name, cell in row.items()} for row in reader]
