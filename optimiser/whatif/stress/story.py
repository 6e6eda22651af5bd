"""Every provider's failure in turn, ranked worst first; two at once for the worst; or the ones that somebody names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from optimiser.county import County
from optimiser.domain.level_result import LevelResult
from optimiser.in_parallel.piece_of_work import Elsewhere, IsOver, Work
from optimiser.in_parallel.story import InParallel
from optimiser.judging.checking import DisagreementError
from optimiser.rules.book import RuleBook
from optimiser.solving.outcome import Effort, Progress
from optimiser.whatif.stress.cut_off import CutOff, cut_off
from optimiser.whatif.stress.losses import Loss, losses
from optimiser.whatif.stress.problem import contracts_of, varied
from optimiser.whatif.stress.solve import Trial, swift, thorough

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from optimiser.whatif.stress.every_pair import EveryPair


@dataclass(frozen=True)
class Failure:
    """What fails: one provider, two at once, or one contract that is handed back."""

    provider_ids: tuple[str, ...]
    contract_ids: frozenset[str]
    hand_back: bool = False

    @property
    def subject(self) -> str:
        """Whose failure it is, by id."""
        return next(iter(self.contract_ids)) if self.hand_back else " + ".join(self.provider_ids)


@dataclass(frozen=True)
class Stressed:
    """One failure, with what it does and what is known of each level after it."""

    failure: Failure
    loss: Loss
    levels: tuple[LevelResult[int], ...]
    cut: CutOff
    """What no plan can do, worked out without the one that was found."""

    def __repr__(self) -> str:
        return f"<Stressed: {self.failure.subject}>"

    @property
    def severity(self) -> tuple[int, ...]:
        """Every level's value, in the strict order: unmet need first."""
        return tuple(level.value for level in self.levels)


@dataclass(frozen=True)
class Stress:
    """A county's failures. ``singles`` and ``pairs`` stand worst first."""

    county: County
    rules: RuleBook
    today: tuple[LevelResult[int], ...]
    singles: tuple[Stressed, ...]
    pairs: tuple[Stressed, ...]
    swept: bool
    """Whether it was a sweep (swift trials) and not one or two failures that somebody named (thorough ones)."""
    complete: bool
    """False where somebody ended it early: what was tried until then is there."""
    every_pair: EveryPair | None = None
    """Of a sweep over all pairs; ``pairs`` are then the worst of them."""

    def __repr__(self) -> str:
        return f"<Stress of {self.county!r}: {len(self.singles)} failures, {len(self.pairs)} of two together>"

    def to_frame(self) -> DataFrame:
        """A row per failure, worst first, for pandas. No person is in it."""
        from optimiser.whatif.stress.report import failures_frame

        return failures_frame(self)

    def to_geodataframe(self) -> GeoDataFrame:
        """A row per area for geopandas (the extra ``gis``): how many failures of one provider break it, and the worst of them."""
        from optimiser.whatif.stress.report import failures_by_area

        return failures_by_area(self)

    @property
    def all_proven(self) -> bool:
        return all(level.proven for each in (*self.singles, *self.pairs) for level in each.levels)


@dataclass
class Sweep:
    """Runs trials against one county. ``report`` is told how many are done of how many; ``solving`` how a solve goes on.

    ``should_stop``: asked now and then; what was tried until then is kept. ``workers``: so many failures of a sweep at once, each
    in a process of its own, and 0: one a processor; ``elsewhere``: on a cluster instead. The outcome is the same wherever.
    """

    county: County
    rules: RuleBook
    effort: Effort = field(default_factory=Effort)
    report: Callable[[int, int], None] | None = None
    solving: Callable[[Progress], None] | None = None
    should_stop: Callable[[], bool] | None = None
    workers: int = 1
    elsewhere: Elsewhere | None = None

    def everybody(self, worst: int = 4) -> Stress:
        """Every provider alone, then each two of the ``worst`` together. Swift trials, all from today's plan.

        Raises ``ProcessEndedError``.
        """
        today = thorough(self.county, self.rules, self.effort, self.solving, self.should_stop)
        if today.stopped:
            return self._stress(today, [], [], swept=True, complete=False)
        failures = [failure_of(self.county, [provider.provider_id]) for provider in self.county.providers]
        work = Work(tried, Before(self.county, self.rules, today), "tries failures", lambda failure: failure.subject)
        with InParallel(work, workers=self.workers, most=len(failures), engine=self.elsewhere) as processes:
            alone = processes.do(failures, report=self.report, should_stop=self.should_stop)
            singles = list(alone.results.values())
            if not alone.complete:
                return self._stress(today, singles, [], swept=True, complete=False)
            serious = [each.failure.provider_ids[0] for each in ranked(singles) if each.loss.lost.people][:worst]
            together = [failure_of(self.county, two) for two in combinations(sorted(serious), 2)]
            pairs = processes.do(together, report=self.report, should_stop=self.should_stop)
        return self._stress(today, singles, list(pairs.results.values()), swept=True, complete=pairs.complete)

    def named(self, failures: Iterable[Failure]) -> Stress:
        """The failures that somebody names, each solved and proven as ``allocate`` does it."""
        today = thorough(self.county, self.rules, self.effort, self.solving)
        before = Before(self.county, self.rules, today)
        complete, found = not today.stopped, []
        for failure in failures:
            if not complete:
                break
            trial = thorough(varied(self.county, failure.contract_ids), self.rules, self.effort, self.solving)
            complete = not trial.stopped
            found.append(stressed(before, failure, trial))
        return self._stress(today, found, [], swept=False, complete=complete)

    def _stress(self, today: Trial, singles: list[Stressed], pairs: list[Stressed], *, swept: bool, complete: bool) -> Stress:
        return Stress(self.county, self.rules, today.levels, ranked(singles), ranked(pairs), swept, complete)


@dataclass(frozen=True)
class Before:
    """The county in which nobody fails, and its plan: what every failure is tried on."""

    county: County
    rules: RuleBook
    today: Trial

    def __repr__(self) -> str:
        return f"<Before a failure: {self.county!r}>"


def tried(before: Before, failure: Failure, _: IsOver = lambda: False) -> Stressed:
    """One failure by a swift trial."""
    if changes_nothing(before.county, failure):
        return stressed(before, failure, before.today)
    county = varied(before.county, failure.contract_ids)
    return stressed(before, failure, swift(county, before.rules, before.today.verified.plan))


def stressed(before: Before, failure: Failure, trial: Trial) -> Stressed:
    """What a trial shows. Raises ``DisagreementError`` where it leaves less unmet than can be."""
    loss = losses(before.county, before.rules, before.today.verified, trial, failure.contract_ids)
    cut = cut_off(trial.county, before.rules)
    if loss.unmet_minutes_after < cut.unmet_at_least:
        said = f"{loss.unmet_minutes_after} minutes unmet, at least {cut.unmet_at_least} by the room of others"
        raise DisagreementError(f"plan and network disagree on what fails with {failure.subject}: {said}")
    return Stressed(failure, loss, trial.levels, cut)


def failure_of(county: County, provider_ids: Iterable[str]) -> Failure:
    """Providers who stop: all their contracts end."""
    named = tuple(provider_ids)
    return Failure(named, contracts_of(county.snapshot, named))


def hand_back_of(county: County, contract_id: str) -> Failure:
    """One contract that is handed back; the provider's others go on."""
    holder = county.contracts[county.contract_index[contract_id]].provider_id
    return Failure((holder,), frozenset([contract_id]), hand_back=True)


def changes_nothing(county: County, failure: Failure) -> bool:
    """Whether every contract has ended already and nobody runs on any: the county is then as it is today."""
    named = {county.contract_index[contract_id] for contract_id in failure.contract_ids}
    over = all((ends := county.contracts[contract].ends) is not None and ends <= county.as_of for contract in named)
    return over and named.isdisjoint(county.running_on.tolist())


def ranked(tried: Iterable[Stressed]) -> tuple[Stressed, ...]:
    """Worst first: by every level in the strict order, then by the hours lost, then by id."""
    return tuple(
        sorted(
            tried,
            key=lambda each: (
                *(-value for value in each.severity),
                -each.loss.lost.minutes_per_week,
                each.failure.subject,
            ),
        )
    )
