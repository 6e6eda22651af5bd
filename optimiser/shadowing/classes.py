"""What kind each decision is, laid beside what the cascade would have asked with what was known the night before.

The choice is judged first: a rule that it breaks, by that night's facts and by those of the night after, is named. Then whoever
comes before it in the cascade is looked at in turn. Whoever has said no since, or may no longer be asked by the facts of the
night after, explains itself; the first who does not is what the choice is compared with, level by level in the strict order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import Contract
from optimiser.judging.limit_use import entry_plan, held_minutes, used_minutes
from optimiser.judging.ranking import Place
from optimiser.rules.book import RuleBook
from optimiser.shadowing.decisions_read import Between, Decision, settled_in
from optimiser.shadowing.known_then import known_after, known_before
from optimiser.shadowing.room_left import RoomLeft

SAME, RULE, FACT, BETTER, WORSE = "same", "rule", "fact_not_recorded", "better", "worse"
CLASSES = (SAME, RULE, FACT, BETTER, WORSE)
FIRST_ASKED, AS_GOOD = "asked_first", "equal_on_every_level"
SAID_NO, NO_ANSWER, FACTS_SINCE = "said_no_since", "asked_no_answer_recorded", "facts_changed_since"
BREAKS, NOTHING_RECORDED = "breaks_a_rule", "passed_over_nothing_recorded"


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a choice breaks, with its sentence and where the rule comes from."""

    rule: str
    sentence: str
    source: str


@dataclass(frozen=True)
class Laid:
    """A decision laid beside the cascade."""

    decision: Decision
    chosen: int | None
    """The contract's place in the county as it was known; None: that night did not have it."""
    kind: str
    why: str
    first: int | None = None
    """What the cascade asks first of those with room; None: nobody."""
    place: int | None = None
    """The place of the choice in that order, from 1 on; None: it is not in it."""
    answered: tuple[int, ...] = ()
    """Those before the choice that have said no since."""
    changed: tuple[int, ...] = ()
    """Those before the choice that may not be asked by the facts of the night after."""
    instead: int | None = None
    """The first before the choice that nothing on record explains."""
    breaches: tuple[Breach, ...] = ()
    more: Mapping[str, Fraction] = field(default_factory=dict)
    """Per level how much more the choice makes of it than ``instead`` would; less where it is below 0."""
    decided_by: str = ""
    """The first level, in the strict order, on which the two differ."""

    def __repr__(self) -> str:
        return f"<Laid {self.kind}: {self.why}>"


@dataclass(frozen=True)
class NightLaid:
    """All decisions between two nights."""

    happened: Between
    county: County
    laid: tuple[Laid, ...]

    def __repr__(self) -> str:
        return f"<NightLaid {self.happened!r}>"


def chosen_contract(night: NightLaid, laid: Laid) -> Contract:
    """The contract that was chosen, as the night before has it, else as the night after has."""
    if laid.chosen is not None:
        return night.county.contracts[laid.chosen]
    return next(each for each in night.happened.after.contracts if each.contract_id == laid.decision.contract_id)


class OneNight:
    """Judges the decisions between two nights, in their order."""

    def __init__(self, happened: Between, rules: RuleBook, like: County | None = None) -> None:
        self._happened, self._rules = happened, rules
        self.county = known_before(happened, like)
        self._after = known_after(happened, self.county)
        self._index = {decision.package.package_id: self.county.package_index[decision.package.package_id]
                       for decision in happened.decisions}  # fmt: skip
        self._groups = {member: group for group in rules.groups(self.county) for member in group}
        asked = {*self._index.values(), *(each for one in self._index.values() for each in self._groups.get(one, ()))}
        self._room = RoomLeft(self.county, rules, asked)
        self._order_of_group: dict[tuple[int, ...], list[Place]] = {}
        self._no_since = _no_since(happened)
        self._asked = _asked(happened)
        self._parted = self._parted_groups()
        self._held_after = self._placed_after()

    def laid(self) -> NightLaid:
        """Every decision with its kind; each takes its room before the next is judged."""
        found = []
        for decision in self._happened.decisions:
            found.append(self._one(decision))
            if (chosen := self.county.contract_index.get(decision.contract_id)) is not None:
                self._room.place([self._index[decision.package.package_id]], chosen)
        return NightLaid(self._happened, self.county, tuple(found))

    def _one(self, decision: Decision) -> Laid:
        package = self._index[decision.package.package_id]
        chosen = self.county.contract_index.get(decision.contract_id)
        order = self._order(package)
        first = order[0].contract if order else None
        at = next((number for number, place in enumerate(order, start=1) if place.contract == chosen), None)
        told = Laid(decision, chosen, FACT, FACTS_SINCE, first, at)
        if chosen is None:
            return told
        broken, excused = self._breaches(package, chosen)
        if broken:
            return replace(told, kind=RULE, why=BREAKS, breaches=tuple(broken))
        return told if excused else self._beside_others(told, package, chosen, order)

    def _order(self, package: int) -> list[Place]:
        """Of a bundle the order when the first of it was decided on."""
        group = self._groups.get(package)
        if group is None:
            return self._room.order([package])
        if group not in self._order_of_group:
            others = [member for member in group if member != package]
            self._order_of_group[group] = self._room.order([package, *others])
        return self._order_of_group[group]

    def _breaches(self, package: int, chosen: int) -> tuple[list[Breach], bool]:
        """The rules that a choice breaks by both nights' facts; and whether it breaks others by the first night's alone."""
        broken, excused = [], False
        name, contract_id = self.county.packages[package].package_id, self.county.contracts[chosen].contract_id
        later = self._after.package_index[name], self._after.contract_index.get(contract_id)
        for rule in self._rules.eligibility:
            finding = rule.finding(self.county, package, chosen)
            if finding.passed:
                continue
            if later[1] is not None and rule.finding(self._after, later[0], later[1]).passed:
                excused = True
            else:
                broken.append(Breach(rule.name, finding.sentence, rule.source))
        for limit, minutes in self._room.lacking([package], chosen):
            setting = self._rules.setting(limit)
            held, most = self._held_after.get((limit.rule, limit.subject), (0, 0))
            if held > most:
                broken.append(Breach(setting.name, limit.sentence(self.county, minutes), setting.source))
            else:
                excused = True
        broken += self._parted.get(package, [])
        return broken, excused

    def _placed_after(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Per limit of the night after: the minutes of the care that is placed, without what offers hold; and what it allows."""
        county = County.of(self._happened.after, like=self._after)
        plan = entry_plan(county)
        return {
            (limit.rule, limit.subject): (used_minutes(county, limit, plan) - held_minutes(county, limit), limit.whole_minutes)
            for limit in self._rules.all_limits(county)
        }

    def _parted_groups(self) -> dict[int, list[Breach]]:
        """Per package that was placed apart from those that it goes together with: that rule."""
        now = settled_in(self._happened.after)
        plan = list(entry_plan(self.county).contracts)
        for package in self._groups:
            contract_id = now.get(self.county.packages[package].package_id, "")
            plan[package] = self.county.contract_index.get(contract_id)
        found: dict[int, list[Breach]] = {}
        for rule in self._rules.together:
            findings = rule.findings(self.county, Plan.of(plan))
            for group, (_, finding) in zip(rule.groups(self.county), findings, strict=True):
                for member in () if finding.passed else group:
                    found.setdefault(member, []).append(Breach(rule.name, finding.sentence, rule.source))
        return found

    def _beside_others(self, told: Laid, package: int, chosen: int, order: list[Place]) -> Laid:
        name = self.county.packages[package].package_id
        answered, changed, instead = list[int](), list[int](), None
        for place in order:
            if place.contract == chosen:
                break
            if (name, self.county.provider(place.contract).provider_id) in self._no_since:
                answered.append(place.contract)
            elif not self._may_be_asked_after(package, place.contract):
                changed.append(place.contract)
            else:
                instead = place.contract
                break
        told = replace(told, answered=tuple(answered), changed=tuple(changed), instead=instead)
        if instead is None:
            if not answered and not changed:
                return replace(told, kind=SAME, why=FIRST_ASKED)
            return replace(told, kind=FACT, why=SAID_NO if answered else FACTS_SINCE)
        more = self._more(package, chosen, instead)
        decided_by = next((level for level, amount in more.items() if amount), "")
        told = replace(told, more=more, decided_by=decided_by)
        if (name, self.county.provider(instead).provider_id) in self._asked:
            return replace(told, kind=FACT, why=NO_ANSWER)
        if not decided_by:
            return replace(told, kind=SAME, why=AS_GOOD)
        return replace(told, kind=WORSE if more[decided_by] > 0 else BETTER, why=NOTHING_RECORDED)

    def _may_be_asked_after(self, package: int, contract: int) -> bool:
        """By the facts of the night after, but for room: who took it is among these decisions."""
        after = self._after
        later = after.package_index[self.county.packages[package].package_id]
        same = after.contract_index.get(self.county.contracts[contract].contract_id)
        return same is not None and all(rule.finding(after, later, same).passed for rule in self._rules.eligibility)

    def _more(self, package: int, chosen: int, instead: int) -> dict[str, Fraction]:
        ours, theirs = (self._room.plan.with_package(package, contract) for contract in (chosen, instead))
        return {
            level.name: Fraction(level.measure(self.county, ours)) - Fraction(level.measure(self.county, theirs))
            for level in self._rules.levels
        }


def _no_since(happened: Between) -> set[tuple[str, str]]:
    """Per package and provider: a no, or an offer that ran out, that the night after has on record and the one before had not."""
    before = {(offer.offer_id, offer.response) for offer in happened.before.offers}
    providers = {contract.contract_id: contract.provider_id for contract in happened.after.contracts}
    return {
        (offer.package_id, providers[offer.contract_id])
        for offer in happened.after.offers
        if offer.response in ("declined", "expired") and (offer.offer_id, offer.response) not in before
    }


def _asked(happened: Between) -> set[tuple[str, str]]:
    """Per package and provider: waiting for an answer the night before, or asked since; no answer on record the night after."""
    before = {(offer.offer_id, offer.response) for offer in happened.before.offers}
    pending = [offer for offer in happened.before.offers if offer.response == ""]
    since = [
        offer
        for offer in happened.after.offers
        if offer.response in ("", "withdrawn") and (offer.offer_id, offer.response) not in before
    ]
    providers = {each.contract_id: each.provider_id for night in (happened.before, happened.after) for each in night.contracts}
    return {(offer.package_id, providers[offer.contract_id]) for offer in (*pending, *since)}
