"""Figures per area and contract, and what of the principal's share could not be reached, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, TypedDict

from optimiser.county import NOWHERE, County
from optimiser.domain.words import hours_per_4w, hours_per_4w_in_short, hours_per_4w_in_words, percent, pounds, share_of
from optimiser.explaining.remedies import companion_findings, companions, limit_findings
from optimiser.judging.checking import LegalPlan
from optimiser.judging.limit_use import Usage
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.cost import paid_pence
from optimiser.rules.levels.shares import AreaShares, live_areas, minutes_on

KEPT_ELSEWHERE = "kept elsewhere by a higher level or within the tolerances"
"""Why a plan leaves a waiting package away from a principal that could take it."""


def area_figures(county: County, rules: RuleBook, verified: LegalPlan) -> list[dict[str, Any]]:
    """A record per area, by id: demand, contracts, who is unmet, what it costs, what was unreachable and why."""
    figures = AreaFigures(county, rules, verified)
    return [figures.of(area) for area in range(len(county.snapshot.areas))]


class AreaFigures:
    """The same for single areas: what areas share is worked out once."""

    def __init__(self, county: County, rules: RuleBook, verified: LegalPlan) -> None:
        self._county, self._rules, self._verified = county, rules, verified
        self.contracts = contract_figures(county, rules, verified)
        self._marks = {area.area_id: area for area in live_areas(county)}
        self._paid: Counter[str] = Counter()
        for index, contract in enumerate(county.contracts):
            self._paid[contract.area_id] += paid_pence(county, verified.plan, index)

    def of(self, index: int) -> dict[str, Any]:
        """The record of an area, by its place among them."""
        county, verified = self._county, self._verified
        area = county.snapshot.areas[index]
        people = county.packages_of_area.get(area.area_id, ())
        on_legacy = [p for p in people if (k := verified.plan.contracts[p]) is not None and county.contracts[k].tier == "legacy"]
        county_wide = sum(
            county.price_pence(p, k)
            for p in people
            if (k := verified.plan.contracts[p]) is not None and not county.contracts[k].area_id
        )
        unmet = [p for p in people if _is_unmet(county, verified, p)]
        pending = [p for p in people if county.packages[p].package_id in county.offers_in_force.pending]
        mark = self._marks.get(area.area_id)
        return {
            "area_id": area.area_id,
            "name": area.name,
            "region": area.region,
            "live": area.is_live(county.as_of),
            "people": county.people(people),
            "demand_hours_4w": hours_per_4w(int(county.demand_minutes[index])),
            "legacy_hours_4w": hours_per_4w(_minutes(county, on_legacy)),
            **_of_the_reserve(county, verified, people),
            "unmet_people": county.people(unmet),
            "unmet_hours_4w": hours_per_4w(_minutes(county, unmet)),
            "pending_people": county.people(pending),
            "weekly_cost_gbp": pounds(county_wide + self._paid[area.area_id]),
            "principal": None if mark is None else _principal(county, self._rules, verified, mark),
            "framework_contracts": None if mark is None else len(mark.framework),
            "contracts": [figure for figure in self.contracts if figure["area_id"] == area.area_id],
        }


class ContractFigures(TypedDict):
    """What is told of one contract."""

    contract_id: str
    provider_id: str
    tier: str
    area_id: str
    in_force: bool
    people: int
    hours_4w: str
    share_of_area: str | None
    headroom_hours_4w: str | None
    headroom_set_by: str | None
    guarantee_used: str | None
    weekly_cost_gbp: str


def contract_figures(county: County, rules: RuleBook, verified: LegalPlan) -> list[ContractFigures]:
    """A record per contract: hours, share, headroom under all limits on it and which is the tightest, guarantee use, cost.

    Whoever is barred from new work has no headroom: why stands in place of the limit.
    """
    figures = []
    demand = dict(zip((area.area_id for area in county.snapshot.areas), county.demand_minutes, strict=True))
    for index, contract in enumerate(county.contracts):
        people = verified.plan.on.get(index, [])
        minutes = _minutes(county, people)
        together = county.counting_with.get(index, ())
        delivered = sum(county.care_pence(each, verified.plan.on.get(each, ())) for each in together)
        guaranteed = county.guaranteed_pence(index)
        barred = bars_new_work(county, rules, index)
        tightest = (Fraction(0), barred) if barred else _tightest(county, verified.usage, index)
        figures.append(
            ContractFigures(
                contract_id=contract.contract_id,
                provider_id=contract.provider_id,
                tier=contract.tier,
                area_id=contract.area_id,
                in_force=contract.in_force(county.as_of),
                people=county.people(people),
                hours_4w=hours_per_4w(minutes),
                share_of_area=share_of(minutes, int(demand[contract.area_id]))
                if contract.area_id and not contract.service
                else None,
                headroom_hours_4w=None if tightest is None else hours_per_4w(tightest[0]),
                headroom_set_by=None if tightest is None else tightest[1],
                guarantee_used=share_of(delivered, guaranteed) if guaranteed else None,
                weekly_cost_gbp=pounds(paid_pence(county, verified.plan, index)),
            )
        )
    return figures


def county_wide_figures(county: County, rules: RuleBook, verified: LegalPlan) -> list[dict[str, Any]]:
    """The contracts that belong to no area."""
    return [dict(figure) for figure in contract_figures(county, rules, verified) if not figure["area_id"]]


def bars_new_work(county: County, rules: RuleBook, contract: int) -> str:
    """Why a contract is given no new work at all, such as "no new work since 2026-11-01"; empty where nothing bars it."""
    return next((said for rule in rules.eligibility if (said := rule.bars_new_work(county, contract))), "")


def room_in_words(hours_4w: str | None, barred: str) -> str:
    """The room on a contract: hours per four weeks, "no limit", or "none" and why, for whoever is given no new work at all."""
    return f"none: {barred}" if barred else hours_4w if hours_4w is not None else "no limit"


def _of_the_reserve(county: County, verified: LegalPlan, people: Sequence[int]) -> dict[str, str]:
    """The hours of an area with providers of last resort, where the county has any."""
    reserve = {index for index, contract in enumerate(county.contracts) if contract.tier == "reserve"}
    on_reserve = [package for package in people if verified.plan.contracts[package] in reserve]
    return {"reserve_hours_4w": hours_per_4w(_minutes(county, on_reserve))} if reserve else {}


def limits_exceeded(verified: LegalPlan) -> list[dict[str, Any]]:
    """Every limit that running care, accepted offers and holds exceeded on entry, with the excess."""
    usage = verified.usage
    return [
        {
            "rule": usage.limits[index].rule,
            "subject": usage.limits[index].subject,
            "limit_hours_4w": hours_per_4w(usage.limits[index].minutes),
            "used_on_entry_hours_4w": hours_per_4w(usage.on_entry[index]),
            "excess_hours_4w": hours_per_4w(usage.on_entry[index] - usage.limits[index].minutes),
        }
        for index in usage.exceeded_on_entry()
    ]


def _principal(county: County, rules: RuleBook, verified: LegalPlan, mark: AreaShares) -> dict[str, Any] | None:
    if mark.principal is None:
        return None
    held = minutes_on(county, verified.plan, mark.principal)
    short = max(Fraction(0), mark.entitlement - held)
    record: dict[str, Any] = {
        "contract_id": county.contracts[mark.principal].contract_id,
        "share": share_of(held, mark.demand),
        "due_first_hours_4w": hours_per_4w(mark.entitlement),
        "short_hours_4w": hours_per_4w(short),
        "why_short": [],
    }
    if short:
        record["why_short"] = _why_short(county, rules, verified, mark, mark.principal, short)
    record["why_short"] += _above_its_maximum(county, mark, mark.principal, held)
    return record


def _above_its_maximum(county: County, mark: AreaShares, principal: int, held: int) -> list[str]:
    """Where the share is below its band: that the principal's contract is smaller than its share of the area would be."""
    wanted, most = county.policy.principal_share_target * mark.demand, county.contracts[principal].limit_minutes
    if most is None or most >= wanted or held >= mark.lower:
        return []
    reached = percent(Fraction(most) / mark.demand)
    return [
        f"{percent(county.policy.principal_share_target)} of the area's hours is {hours_per_4w_in_words(wanted)}, above the"
        f" contract's maximum of {hours_per_4w_in_words(most)}: its share cannot be more than {reached}."
    ]


def _tightest(county: County, usage: Usage, contract: int) -> tuple[Fraction, str] | None:
    """The least that any limit on a contract leaves, in minutes a week, and that limit in words; None: nothing limits it.

    A limit that counts the care of one area alone is no limit on a contract of another or of the whole county.
    """
    left = [
        (usage.limits[index].minutes - usage.used[index], usage.limits[index].in_short())
        for index in usage.touching.get(contract, ())
        if usage.limits[index].area_id in ("", county.contracts[contract].area_id)
    ]
    return min(left, key=lambda each: each[0], default=None)


def _why_short(
    county: County, rules: RuleBook, verified: LegalPlan, mark: AreaShares, principal: int, short: Fraction
) -> list[str]:
    """The tightest limit on the principal, then why the care in the area that it does not have did not go to it."""
    several: dict[str, list[bool]] = defaultdict(list)
    minutes: Counter[str] = Counter()
    running = 0
    counts_with = set(county.counting_with.get(principal, ()))
    for package in county.packages_of_area.get(mark.area_id, ()):
        person = county.packages[package]
        if person.service or verified.plan.contracts[package] in counts_with:
            continue
        size = person.minutes_per_week
        if county.running_on[package] != NOWHERE:
            running += size
            continue
        first, *others = _obstacles(county, rules, verified, package, principal)
        several[first].append(bool(others))
        minutes[first] += size
    barred = bars_new_work(county, rules, principal)
    return [
        f"It is given none of these {hours_per_4w_in_words(short)}: {barred}."
        if barred
        else _room(_tightest(county, verified.usage, principal), short),
        *(
            f"{len(more)} waiting package{'' if len(more) == 1 else 's'},"
            f" {hours_per_4w_in_words(minutes[first])}: {first}{_of_several(more)}."
            for first, more in sorted(several.items(), key=lambda item: (-len(item[1]), item[0]))
        ),
        f"{hours_per_4w_in_words(running)} are running care with others, which an allocation does not move.",
    ]


def _room(tightest: tuple[Fraction, str] | None, short: Fraction) -> str:
    if tightest is None:
        return f"No limit keeps it from these {hours_per_4w_in_words(short)}."
    left, called = max(tightest[0], Fraction(0)), tightest[1]
    name = called[0].upper() + called[1:]
    if left >= short:
        return f"{name} leaves room for all of these {hours_per_4w_in_words(short)}."
    of_these = hours_per_4w_in_short(left) if left else "none"
    return f"{name} leaves {of_these} of these {hours_per_4w_in_words(short)}."


def _of_several(more: list[bool]) -> str:
    if not any(more):
        return ""
    return " (first of several)" if all(more) else f" (for {sum(more)} of them the first of several)"


def _obstacles(county: County, rules: RuleBook, verified: LegalPlan, package: int, principal: int) -> list[str]:
    """What keeps a package from its principal, in the order of the rules; never empty."""
    if county.packages[package].package_id in county.offers_in_force.pending:
        return ["an offer is waiting for an answer"]
    if county.packages[package].package_id in county.offers_in_force.accepted:
        return ["another provider has accepted"]
    found = [rule.in_the_way() for rule in rules.eligibility if not rule.finding(county, package, principal).passed]
    found += [
        rule.in_the_way()
        for rule in rules.together
        if not all(f.passed for f in companion_findings(county, rules, package, principal) if f.rule == rule.name)
    ]
    together = companions(county, rules, package)
    found += [
        f"{limit.in_short()} leaves no room for it"
        for finding, limit in limit_findings(county, verified.usage, verified.plan, package, principal, together)
        if not finding.passed
    ]
    return found or [KEPT_ELSEWHERE]


def _is_unmet(county: County, verified: LegalPlan, package: int) -> bool:
    pending = county.packages[package].package_id in county.offers_in_force.pending
    return verified.plan.contracts[package] is None and not pending


def _minutes(county: County, people: Iterable[int]) -> int:
    return sum(county.packages[package].minutes_per_week for package in people)
