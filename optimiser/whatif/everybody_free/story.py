"""The whole of it: everybody new, placed by every rule and level, checked, and set beside the county as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optimiser.county import County
from optimiser.domain.level_result import LevelResult
from optimiser.domain.plan import Plan
from optimiser.judging.checking import DisagreementError, VerifiedPlan, verify
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import Group
from optimiser.solving.formulation import build_model
from optimiser.solving.outcome import Progress, Stopped
from optimiser.solving.placing_anew.story import place_anew
from optimiser.whatif.everybody_free.check import faults
from optimiser.whatif.everybody_free.freed import freed
from optimiser.whatif.everybody_free.in_the_way import Full, full_limits, not_placed_so_today
from optimiser.whatif.everybody_free.totals import Gathered, Totals, totals


@dataclass(frozen=True)
class EverybodyFree:
    """All care placed afresh, and today's beside it. Holds persons; reports tell totals alone."""

    county: County
    """As it is."""
    free: County
    """With everybody new."""
    rules: RuleBook
    verified: VerifiedPlan
    levels: tuple[LevelResult[int], ...]
    today_levels: dict[str, int]
    """Today's care measured in the same way: by the records of the county in which everybody is new."""
    afresh: Totals
    today: Totals
    full: tuple[Full, ...]
    not_so_today: tuple[tuple[str, Gathered], ...]
    """What would keep care of today from being placed as it is, with whose."""
    with_another_provider: Gathered
    """Whose care runs today, and would be with another provider."""
    stopped: Stopped

    def __repr__(self) -> str:
        return f"<EverybodyFree of {self.county.snapshot!r}>"

    @property
    def complete(self) -> bool:
        """False where somebody or the clock cut the search short."""
        return self.stopped in ("no", "work")

    @property
    def all_proven(self) -> bool:
        return all(level.proven for level in self.levels)


def everybody_free(
    county: County,
    rules: RuleBook,
    *,
    steps: int | None = None,
    seconds: float | None = None,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> EverybodyFree:
    """What the county would look like if all care were placed today.

    ``steps``: of the search (None: as many as usual); ``seconds``: of the clock, the last resort.
    Raises ``PlanRefusedError`` and ``DisagreementError``: defects of this software.
    """
    free = freed(county)
    model = build_model(free, rules)
    problem = model.problem
    solution = place_anew(problem, steps=steps, seconds=seconds, report=report, should_stop=should_stop)
    plan = model.plan_of(solution.plan)
    names = [level.name for level in problem.levels]
    verified = verify(free, rules, plan, dict(zip(names, problem.values(solution.plan), strict=True)))
    today = entry_plan(county)
    made = EverybodyFree(
        county=county,
        free=free,
        rules=rules,
        verified=verified,
        levels=tuple(level.of_plan(verified.levels[level.name]) for level in solution.levels),
        today_levels={rule.name: rule.value(free, today) for rule in rules.levels},
        afresh=totals(free, plan),
        today=totals(free, today),
        full=tuple(full_limits(free, rules, plan, verified.usage, today)),
        not_so_today=tuple(not_placed_so_today(free, rules, today)),
        with_another_provider=_with_another(county, plan),
        stopped=solution.stopped,
    )
    said = list(_faults(made))
    if said:
        raise DisagreementError(f"totals of everybody free do not hold: {'; '.join(said[:5])}")
    return made


def _with_another(county: County, plan: Plan) -> Gathered:
    moved = [
        package
        for package, contract in plan.placed()
        if (now := int(county.running_on[package])) >= 0 and county.provider_of[now] != county.provider_of[contract]
    ]
    return Gathered(county.people(moved), sum(county.packages[package].minutes_per_week for package in moved))


def _faults(made: EverybodyFree) -> list[str]:
    plan, county = made.verified.plan, made.county
    contract_of = {
        county.packages[package].package_id: county.contracts[contract].contract_id for package, contract in plan.placed()
    }
    told = {
        area_id: {tier: group.minutes_per_week for tier, group in tiers.items()} for area_id, tiers in made.afresh.by_area.items()
    }
    said = list(faults(county.snapshot, contract_of, told))
    if made.afresh.pence_per_week != made.verified.levels[made.rules.level(Group.COST).name]:
        said.append("the cost in the totals is not that of the level")
    return said
