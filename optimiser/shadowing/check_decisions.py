"""The check of the decisions between two nights: each read from the records again, judged by check halves, and compared."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from optimiser.county import County
from optimiser.county.succession import Succession
from optimiser.domain.plan import Plan
from optimiser.domain.records import TIERS, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.base import Limit
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import Group

Row = Mapping[str, str]
Key = tuple[float, Fraction, int, int, str]


def faults_of_night(before: Snapshot, after: Snapshot, rules: RuleBook, rows: Sequence[Row]) -> list[str]:
    """What is wrong with the rows of one night, in words; nobody is named."""
    placed = placed_between(before, after)
    if (told := {row["package_id"]: row["contract_id"] for row in rows}) != placed or len(rows) != len(placed):
        only_told, only_counted = len(told.keys() - placed.keys()), len(placed.keys() - told.keys())
        return [f"night {before.as_of}: {only_told} decision(s) told that the nights do not tell, {only_counted} not told"]
    if [row["decided_on"] for row in rows] != sorted(row["decided_on"] for row in rows):
        return [f"night {before.as_of}: decisions are not in the order of their days"]
    return _Night(before, after, rules, placed).faults(rows) if rows else []


def contract_of_everybody(night: Snapshot) -> dict[str, str]:
    """Per package the contract that its care is under, or that has accepted it."""
    over = Succession.of(night.contracts)
    found = {}
    for package in night.packages:
        if package.status == "active":
            found[package.package_id] = over.contract_on(package.contract_id, night.as_of)
    new = {package.package_id for package in night.packages if package.status == "new"}
    for offer in night.offers:
        if offer.response == "accepted" and offer.package_id in new:
            found[offer.package_id] = over.contract_on(offer.contract_id, night.as_of)
    return found


def placed_between(before: Snapshot, after: Snapshot) -> dict[str, str]:
    """Who was placed, and on which contract."""
    was, now = contract_of_everybody(before), contract_of_everybody(after)
    over = Succession.of(after.contracts)
    earlier, later = ({package.package_id: package for package in night.packages} for night in (before, after))
    found = {}
    for name, contract_id in now.items():
        if name in was and over.contract_on(was[name], after.as_of) == contract_id:
            continue
        runs = later[name].status == "active"
        if runs and name in earlier and earlier[name].status == "active":
            continue  # moved
        begun = later[name].care_started
        if runs and name not in earlier and (begun is None or begun < before.as_of):
            continue  # came with care
        found[name] = contract_id
    return found


class Ledger:
    """How much of each limit a plan and offers hold, and who may have whom, one case at a time."""

    def __init__(self, county: County, rules: RuleBook) -> None:
        self.county, self.rules = county, rules
        self.limits: list[Limit] = rules.all_limits(county)
        self.of: dict[int, list[Limit]] = {}
        for limit in self.limits:
            for contract in limit.contracts:
                self.of.setdefault(contract, []).append(limit)

    def allowed(self, package: int, contract: int) -> bool:
        """Whether every rule lets the contract be asked."""
        return all(rule.finding(self.county, package, contract).passed for rule in self.rules.eligibility)

    def used(self, limit: Limit, plan: Plan, free: Collection[int]) -> int:
        """Minutes under a limit. ``free``: packages whose pending offers hold nothing."""
        county = self.county
        total = 0
        for contract in limit.contracts:
            for package in plan.on.get(contract, ()):
                if limit.counts(county, package, contract):
                    total += county.packages[package].minutes_per_week
        for name, asked in county.offers_in_force.pending.items():
            package = county.package_index[name]
            if package not in free:
                for contract in asked:
                    if contract in limit.contracts and limit.counts(county, package, contract):
                        total += county.packages[package].minutes_per_week
        return total

    def passed(self, members: Sequence[int], contract: int, plan: Plan, free: Collection[int]) -> list[Limit]:
        """The limits that these people would take a contract beyond."""
        county, found = self.county, []
        for limit in self.of.get(contract, []):
            taken = sum(county.packages[each].minutes_per_week for each in members if limit.counts(county, each, contract))
            if taken and self.used(limit, plan, {*free, *members}) + taken > limit.whole_minutes:
                found.append(limit)
        return found


class _Night:
    def __init__(self, before: Snapshot, after: Snapshot, rules: RuleBook, placed: Mapping[str, str]) -> None:
        self.before, self.after, self.rules, self.placed = before, after, rules, placed
        later = {package.package_id: _without_care(package) for package in after.packages}
        people = {package.package_id: package for package in before.packages}
        for name in placed:
            if name not in people or people[name].status == "active":
                people[name] = later[name]
        for whole in {people[name].part_of for name in placed} & people.keys() - placed.keys():
            if whole in later:
                people[whole] = replace(people[whole], minutes_per_week=later[whole].minutes_per_week)
            else:
                del people[whole]
        self.county = County.of(_as_if(before, people.values(), placed))
        self.later = County.of(
            _as_if(after, (later[each.package_id] if each.package_id in placed else each for each in after.packages), placed)
        )
        self.real = County.of(after)
        self.counts_with: list[int] = self.county.counts_with.tolist()
        self.ledger, self.ledger_later = Ledger(self.county, rules), Ledger(self.later, rules)
        real, plan = Ledger(self.real, rules), entry_plan(self.real)
        everybody = range(len(self.real.packages))
        self.over_after = {
            (limit.rule, limit.subject) for limit in real.limits if real.used(limit, plan, everybody) > limit.whole_minutes
        }
        self.groups = {member: group for group in rules.groups(self.county) for member in group}
        self.orders: dict[tuple[int, ...], list[int]] = {}
        self.offers_before = {(offer.offer_id, offer.response) for offer in before.offers}

    def faults(self, rows: Sequence[Row]) -> list[str]:
        found: list[str] = []
        plan, decided = entry_plan(self.county), set[int]()
        for number, row in enumerate(rows, start=1):
            package = self.county.package_index[row["package_id"]]
            expected = self._expected(package, row["contract_id"], plan, decided)
            found += [
                f"night {self.before.as_of}, decision {number}, {name}: told {row[name]!r}, counted {value!r}"
                for name, value in expected.items()
                if row[name] != value
            ]
            contract = self.county.contract_index.get(row["contract_id"])
            if contract is not None:
                plan = plan.with_package(package, contract)
            decided.add(package)
        return found

    def _expected(self, package: int, contract_id: str, plan: Plan, decided: Collection[int]) -> dict[str, str]:
        """The cells of a row that are counted anew."""
        county = self.county
        chosen = county.contract_index.get(contract_id)
        order = self._order(package, plan, decided)
        told = dict.fromkeys(
            ("place", "first_contract_id", "rules", "said_no", "changed_since", "compared_with", "decided_by", "by_how_much",
             "legacy_minutes_more", "cost_pence_more", "travel_metres_more", "first_provider_id", "compared_provider_id"),
            "",
        )  # fmt: skip
        if order:
            told |= {"first_contract_id": self._name(order[0]), "first_provider_id": county.contracts[order[0]].provider_id}
        if chosen is None:
            return told | {"class": "fact_not_recorded", "why": "facts_changed_since"}
        if chosen in order:
            told["place"] = str(order.index(chosen) + 1)
        always, then = self._broken(package, chosen, plan, decided)
        if always:
            return told | {"class": "rule", "why": "breaks_a_rule", "rules": ";".join(always)}
        if then:
            return told | {"class": "fact_not_recorded", "why": "facts_changed_since"}
        return told | self._beside(package, chosen, order, plan)

    def _order(self, package: int, plan: Plan, decided: Collection[int]) -> list[int]:
        group = self.groups.get(package, (package,))
        if group not in self.orders or len(group) == 1:
            members = (package, *(each for each in group if each != package))
            able = [
                contract
                for contract in range(len(self.county.contracts))
                if all(self.ledger.allowed(member, contract) for member in members)
                and not self.ledger.passed(members, contract, plan, decided)
            ]
            self.orders[group] = sorted(able, key=lambda contract: self._key(package, contract, plan))
        return self.orders[group]

    def _key(self, package: int, contract: int, plan: Plan) -> Key:
        county, record = self.county, self.county.contracts[contract]
        name = f"{county.packages[package].package_id}\x1f{record.contract_id}\x1f{county.as_of}"
        return (
            1.5 if self._is_beyond(package, int(county.counts_with[contract]), plan) else TIERS.index(record.tier),
            -self._below_part(int(county.counts_with[contract]), plan),
            county.price_pence(package, contract),
            int(county.base_metres[package, int(county.provider_of[contract])]),
            hashlib.sha256(name.encode()).hexdigest(),
        )

    def _below_part(self, contract: int, plan: Plan) -> Fraction:
        """Minutes below the part of its area that a contract in force should have; 0 of one that has no part."""
        county, record = self.county, self.county.contracts[contract]
        if not self._counts_in_shares(contract):
            return Fraction(0)
        if record.tier == "principal":
            entitled = Fraction(self._upper_edge(record.area_id))
            if record.limit_minutes is not None:
                entitled = min(entitled, record.limit_minutes)
            return entitled - self._minutes(contract, plan)
        if record.tier != "framework" or record.max_hours_4w == 0:
            return Fraction(0)
        peers = [
            (index, each.max_hours_4w)
            for index, each in enumerate(county.contracts)
            if each.tier == "framework"
            and each.area_id == record.area_id
            and each.in_force(county.as_of)
            and each.max_hours_4w != 0
        ]
        known = [size for _, size in peers if size is not None]
        own = record.max_hours_4w
        part = Fraction(1, len(peers)) if own is None or len(known) < len(peers) else own / sum(known)
        return part * sum(self._minutes(index, plan) for index, _ in peers) - self._minutes(contract, plan)

    def _counts_in_shares(self, contract: int) -> bool:
        county, record = self.county, self.county.contracts[contract]
        live = {each.area_id for each in county.snapshot.areas if each.is_live(county.as_of)}
        return record.area_id in live and record.in_force(county.as_of)

    def _upper_edge(self, area_id: str) -> int:
        """The most minutes a week that an area's principal should have."""
        demand = sum(each.minutes_per_week for each in self.county.packages if each.area_id == area_id and not each.service)
        return int(self.county.policy.share_high * demand)

    def _is_beyond(self, package: int, contract: int, plan: Plan) -> bool:
        """Whether somebody's care would lift a principal above the upper edge of its share: it is asked after the framework."""
        record = self.county.contracts[contract]
        if record.tier != "principal" or not self._counts_in_shares(contract):
            return False
        coming = self.county.packages[package].minutes_per_week
        return self._minutes(contract, plan) + coming > self._upper_edge(record.area_id)

    def _minutes(self, contract: int, plan: Plan) -> int:
        county = self.county
        together = [each for each, one in enumerate(self.counts_with) if one == contract]
        return sum(county.packages[package].minutes_per_week for each in together for package in plan.on.get(each, ()))

    def _broken(self, package: int, chosen: int, plan: Plan, decided: Collection[int]) -> tuple[list[str], bool]:
        """The rules that both nights' facts say are broken; and whether any is broken by the first night's alone."""
        name = self.county.packages[package].package_id
        later_package = self.later.package_index[name]
        later_contract = self.later.contract_index.get(self._name(chosen))
        always, then = [], False
        for rule in self.rules.eligibility:
            if not rule.finding(self.county, package, chosen).passed:
                if later_contract is None or not rule.finding(self.later, later_package, later_contract).passed:
                    always.append(rule.name)
                else:
                    then = True
        for limit in self.ledger.passed([package], chosen, plan, decided):
            if (limit.rule, limit.subject) in self.over_after:
                always.append(limit.rule)
            else:
                then = True
        group = self.groups.get(package)
        if group is not None:
            now = contract_of_everybody(self.after)
            on = {now.get(self.county.packages[member].package_id, "") for member in group}
            known = {self.county.contract_index.get(each) for each in on}
            if len(known) > 1:
                always += [rule.name for rule in self.rules.together if group in rule.groups(self.county)]
        return always, then

    def _beside(self, package: int, chosen: int, order: Sequence[int], plan: Plan) -> dict[str, str]:
        name = self.county.packages[package].package_id
        no, open_offers = self._said_no(name), self._unanswered(name)
        said, changed, instead = list[str](), list[str](), None
        for contract in order[: order.index(chosen)] if chosen in order else order:
            provider_id = self.county.contracts[contract].provider_id
            later = self.later.contract_index.get(self._name(contract))
            if provider_id in no:
                said.append(self._name(contract))
            elif later is None or not self.ledger_later.allowed(self.later.package_index[name], later):
                changed.append(self._name(contract))
            else:
                instead = contract
                break
        told = {"said_no": ";".join(said), "changed_since": ";".join(changed)}
        if instead is None:
            if not said and not changed:
                return told | {"class": "same", "why": "asked_first"}
            return told | {"class": "fact_not_recorded", "why": "said_no_since" if said else "facts_changed_since"}
        told |= {"compared_with": self._name(instead), "compared_provider_id": self.county.contracts[instead].provider_id}
        more = self._more(package, chosen, instead, plan)
        differs = [(level, amount) for level, amount in more.items() if amount]
        told |= {"decided_by": differs[0][0] if differs else "", "by_how_much": str(differs[0][1]) if differs else "0"}
        for group, column in (
            (Group.EXCEPTION, "legacy_minutes_more"), (Group.COST, "cost_pence_more"), (Group.TRAVEL, "travel_metres_more"),
        ):  # fmt: skip
            told[column] = str(more[self.rules.level(group).name])
        if told["compared_provider_id"] in open_offers:
            return told | {"class": "fact_not_recorded", "why": "asked_no_answer_recorded"}
        if not differs:
            return told | {"class": "same", "why": "equal_on_every_level"}
        return told | {"class": "worse" if differs[0][1] > 0 else "better", "why": "passed_over_nothing_recorded"}

    def _more(self, package: int, chosen: int, instead: int, plan: Plan) -> dict[str, Fraction]:
        values = []
        for contract in (chosen, instead):
            made = plan.with_package(package, contract)
            values.append({level.name: Fraction(level.measure(self.county, made)) for level in self.rules.levels})
        return {level: values[0][level] - values[1][level] for level in values[0]}

    def _said_no(self, name: str) -> set[str]:
        return {provider_id for provider_id, response in self._since(name) if response in ("declined", "expired")}

    def _unanswered(self, name: str) -> set[str]:
        holders = {each.contract_id: each.provider_id for each in self.before.contracts}
        waiting = {holders[offer.contract_id] for offer in self.before.offers
                   if offer.package_id == name and offer.response == ""}  # fmt: skip
        return waiting | {provider_id for provider_id, response in self._since(name) if response in ("", "withdrawn")}

    def _since(self, name: str) -> Iterator[tuple[str, str]]:
        holders = {each.contract_id: each.provider_id for each in self.after.contracts}
        for offer in self.after.offers:
            if offer.package_id == name and (offer.offer_id, offer.response) not in self.offers_before:
                yield holders[offer.contract_id], offer.response

    def _name(self, contract: int) -> str:
        return self.county.contracts[contract].contract_id


def _without_care(package: Package) -> Package:
    never: dt.date | None = None
    return replace(package, status="new", contract_id="", round_id="", care_started=never)


def _as_if(night: Snapshot, people: Iterable[Package], placed: Collection[str]) -> Snapshot:
    """The night with these people, and without the yes to any who is placed."""
    offers = tuple(offer for offer in night.offers if not (offer.response == "accepted" and offer.package_id in placed))
    return replace(night, packages=tuple(sorted(people, key=lambda each: each.package_id)), offers=offers)
