"""Simulation and search together: the fewest hours with which the marks of each area hold in most draws.

All areas are searched at once, a round of draws at a time: first the principal's hours with all that the framework could be
given, then the framework's with the principal's that were found. Then draws that the search has not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import ceil

from optimiser.domain.dates import days_after
from optimiser.domain.words import MINUTES_PER_HOUR_4W
from optimiser.forecasting.answers_record import CannotForecastError
from optimiser.forecasting.events_drawn import DAYS
from optimiser.forecasting.many_draws import CASCADE, Course
from optimiser.forecasting.sizing.bracket import Bracket
from optimiser.forecasting.sizing.check import Claim, faults
from optimiser.forecasting.sizing.marks import NAMES, OF_THE_PRINCIPAL, Marks
from optimiser.forecasting.sizing.played_sizes import Playing, Round, Rounds
from optimiser.forecasting.sizing.sized_areas import SizedArea, Sizes, sized_areas
from optimiser.forecasting.weekly_figures import FIGURES
from optimiser.in_parallel.piece_of_work import Elsewhere
from optimiser.in_parallel.story import Report
from optimiser.judging.checking import DisagreementError

LAST_WEEKS = 13
"""Marks are looked at over so many weeks, unless fewer are played or another number is asked for."""
MOST_REPAIRS = 4
"""Rounds in which hours are raised once more where all areas together do not hold what each held in its own rounds."""
Counts = tuple[int, ...]
ReportsRound = Callable[[int], Report]
"""Who is told how a round goes, given its number."""


@dataclass(frozen=True)
class Asked:
    """What is to hold, and how hard it is looked for. ``step``: hours per four weeks."""

    unmet_hours: Fraction
    part: Fraction
    draws: int
    fresh_draws: int
    step: int
    last_weeks: int

    @property
    def needed(self) -> int:
        """In how many of the draws of the search an area has to hold."""
        return ceil(self.part * self.draws)

    @property
    def needed_by_principal(self) -> int:
        """As long as only the principal's hours are looked for: half of what may fail is left to the framework."""
        return ceil((1 + self.part) / 2 * self.draws)


class StoppedEarlyError(Exception):
    """Somebody asked to stop; hours that a search has not ended with are no answer."""

    def __init__(self, number: int) -> None:
        super().__init__(f"in round {number}")


@dataclass(frozen=True)
class Sizing:
    """What was found, and the rounds that tell it."""

    course: Course
    asked: Asked
    marks: Marks
    areas: tuple[SizedArea, ...]
    found: Sizes
    failed: Mapping[str, int]
    """Per contract the most hours below those found that did not do; of a contract that is not here none was tried or failed."""
    tried: Mapping[str, tuple[int, int]]
    rounds: int
    today: Round
    roomy: Round
    """With the principal's hours that were found, and all of an area's care allowed to its framework."""
    with_found: Round
    fresh: Round
    """Of the hours found, on draws that the search has not seen."""
    fresh_roomy: Round
    most_held: Counts
    """Per area the most draws in which its marks held in any round of the search."""

    def __repr__(self) -> str:
        return f"<Sizing of {len(self.areas)} areas>"

    def holding(self, made: Round) -> Counts:
        """Per area in how many draws every mark is met."""
        return tuple(sum(not self.marks.missed(each) for each in seen) for seen in made.seen)

    def as_good(self, made: Round, roomy: Round) -> Counts:
        """Per area in how many draws each mark is met, or missed no more than where the framework has all the room."""
        return as_good(self.marks, made, roomy)

    def hours_alone_can(self, place: int) -> bool:
        """Whether any hours that were played hold the marks of an area in as many draws as are asked for."""
        return self.most_held[place] >= self.asked.needed


def as_good(marks: Marks, made: Round, roomy: Round, of: Sequence[str] = NAMES) -> Counts:
    return tuple(
        sum(marks.as_good_as(each, best, of) for each, best in zip(seen, bests, strict=True))
        for seen, bests in zip(made.seen, roomy.seen, strict=True)
    )


def sizing(
    course: Course,
    asked: Asked,
    *,
    workers: int = 0,
    elsewhere: Elsewhere | None = None,
    report: ReportsRound | None = None,
) -> Sizing:
    """The hours found, the same whatever the workers, and wherever.

    Raises ``CannotForecastError``, ``StoppedEarlyError``, ``ProcessEndedError``, ``DisagreementError`` where a replay of a draw
    does not confirm it.
    """
    if asked.last_weeks > course.weeks:
        raise CannotForecastError(
            f"the last {asked.last_weeks} weeks are to be looked at, and {course.weeks} are played: give --until a later date, or"
            " fewer --last-weeks"
        )
    if course.decide != CASCADE:
        raise CannotForecastError("contract hours are looked for with places found as a planner finds them, by the cascade")
    _ = course.answers  # refused before anything is begun
    last_day = days_after(course.snapshot.as_of, DAYS * course.weeks)
    areas = tuple(sized_areas(course.ground.county, last_day))
    if not areas:
        raise CannotForecastError(
            "no area is live on the last day with a principal or framework contract in force: there are no hours to look for"
        )
    playing = Playing(course, areas, asked.last_weeks)
    with Rounds(playing, max(asked.draws, asked.fresh_draws), workers=workers, elsewhere=elsewhere) as rounds:
        made = _Search(course, asked, areas, rounds, report).ended()
    said = list(faults(course.ground.county.snapshot, last_day, dict(made.found), asked.unmet_hours, list(_claims(made))))
    if said:
        raise DisagreementError(f"the hours that were found do not hold: {'; '.join(said[:5])}")
    return made


def _claims(made: Sizing) -> Iterator[Claim]:
    """What is said of areas, with the figures that it is said by."""
    for name, of in (("today", made.today), ("roomy", made.roomy), ("found", made.with_found), ("fresh", made.fresh)):
        for area, held in zip(made.areas, made.holding(of), strict=True):
            draws = [
                [dict(zip(FIGURES, week.tolist(), strict=True)) for week in draw.figures[:, area.place]] for draw in of.draws
            ]
            yield Claim(f"area {area.area_id}, {name}", held, draws)


class _Search:
    """The hours of every area, in steps, as the search goes on."""

    def __init__(
        self, course: Course, asked: Asked, areas: tuple[SizedArea, ...], rounds: Rounds, report: ReportsRound | None
    ) -> None:
        self.course, self.asked, self.areas = course, asked, areas
        self.marks = Marks.of(course.snapshot.policy, asked.unmet_hours, asked.last_weeks)
        self._rounds, self._report = rounds, report
        self._played: dict[Sizes, Round] = {}
        self._count = 0
        self._taken: dict[int, dict[str, int]] = {}
        """Areas whose hours are those of an earlier round."""

    def ended(self) -> Sizing:
        """Everything, from today's hours to draws that nobody has looked at yet."""
        today = self._play((), checked=True)
        tops = [self._top(today, area) for area in self.areas]
        self.principal, self.framework = list(tops), list(tops)
        failed: dict[str, int] = {}
        self._principals(tops, failed)
        self.roomy = self._play(self._sizes())
        self._frameworks(tops, failed)
        found = self._or_earlier(self._repaired(tops))
        fresh_draws = range(self.asked.draws, self.asked.draws + self.asked.fresh_draws)
        fresh = self._new_round(found.sizes, fresh_draws, checked=True)
        fresh_roomy = self._new_round(self.roomy.sizes, fresh_draws)
        sized = [dict(sizes) for sizes in self._played if sizes]
        return Sizing(
            self.course, self.asked, self.marks, self.areas, found.sizes,
            {name: hours for name, hours in failed.items() if hours < dict(found.sizes)[name]},
            {name: (min(each[name] for each in sized), max(each[name] for each in sized)) for name, _ in found.sizes},
            self._count, today, self.roomy, found, fresh, fresh_roomy,
            tuple(max(counts) for counts in zip(*map(self._holding, self._played.values()), strict=True)),
        )  # fmt: skip

    def _top(self, today: Round, area: SizedArea) -> int:
        """In steps: all the home care that the area has in any week of any draw; what is contracted or runs, if that is more."""
        demand = max(int(draw.most_demand[area.place]) for draw in today.draws)
        by_tier = [
            sum((max(area.today[each] or Fraction(0), Fraction(area.running[each])) for each in tier), Fraction(0))
            for tier in ((area.principal,) if area.principal else (), area.framework)
        ]
        return ceil(max(Fraction(demand, MINUTES_PER_HOUR_4W), *by_tier) / self.asked.step)

    def _principals(self, tops: Sequence[int], failed: dict[str, int]) -> None:
        needed, largest = self.asked.needed_by_principal, self._play(self._sizes())
        brackets = {}
        for place, area in enumerate(self.areas):
            if area.principal:
                shares = (min(self.marks.low * seen.whole, Fraction(seen.principal)) for seen in largest.seen[place])
                least = area.running[area.principal] // self.asked.step
                brackets[place] = Bracket(least, tops[place], self._guess(shares, needed))
        self._closed(brackets, self.principal, partial(self._passing, needed, largest, OF_THE_PRINCIPAL))
        for place, bracket in brackets.items():
            if not all(bracket.tried.values()):
                failed |= self.areas[place].principal_hours(bracket.fails * self.asked.step)

    def _frameworks(self, tops: Sequence[int], failed: dict[str, int]) -> None:
        needed = self.asked.needed
        brackets = {}
        for place, area in enumerate(self.areas):
            if area.framework:
                shares = (Fraction(seen.framework) for seen in self.roomy.seen[place])
                least = min(
                    int(area.running[each] / part / self.asked.step)
                    for each, part in zip(area.framework, area.parts, strict=True)
                )
                brackets[place] = Bracket(least, tops[place], self._guess(shares, needed))
        self._closed(brackets, self.framework, partial(self._passing, needed, self.roomy, NAMES))
        for place, bracket in brackets.items():
            if not all(bracket.tried.values()):
                failed |= self.areas[place].framework_hours(bracket.fails * self.asked.step)

    def _guess(self, minutes_of_last_weeks: Iterable[Fraction], needed: int) -> int:
        """In steps: what so many draws use at most."""
        used = sorted(minutes_of_last_weeks)
        return ceil(used[needed - 1] / self.asked.last_weeks / MINUTES_PER_HOUR_4W / self.asked.step)

    def _closed(self, brackets: Mapping[int, Bracket], steps: list[int], passing: Callable[[Round], list[bool]]) -> None:
        """Rounds until every bracket is closed; ``steps`` then has what was found."""
        while not all(bracket.is_closed for bracket in brackets.values()):
            for place, bracket in brackets.items():
                steps[place] = bracket.next()
            passes = passing(self._play(self._sizes()))
            for place, bracket in brackets.items():
                bracket.told(steps[place], holds=passes[place])
        for place, bracket in brackets.items():
            steps[place] = bracket.holds

    def _holding(self, made: Round, of: Sequence[str] = NAMES) -> list[int]:
        """Per area in how many draws these marks are met."""
        return [sum(not self.marks.missed(each, of) for each in seen) for seen in made.seen]

    def _passing(self, needed: int, roomy: Round, of: Sequence[str], made: Round) -> list[bool]:
        """Per area whether these marks hold in so many draws; where they do not with all the room, whether it is as good."""
        rows = zip(self._holding(made, of), self._holding(roomy, of), as_good(self.marks, made, roomy, of), strict=True)
        return [held >= min(needed, at_most) if at_most >= self.asked.needed else good >= needed for held, at_most, good in rows]

    def _or_earlier(self, found: Round) -> Round:
        """Where the marks of an area do not hold as it was found, the fewest hours of an earlier round in which they did."""
        for place, held in enumerate(self._holding(found)):
            earlier = [
                hours
                for sizes, made in self._played.items()
                if held < self.asked.needed <= self._holding(made)[place]
                and (hours := self._hours_of(self.areas[place], sizes)) is not None
            ]
            if earlier:
                self._taken[place] = min(earlier, key=lambda hours: (sum(hours.values()), sorted(hours.items())))
        return self._play(self._sizes())

    @staticmethod
    def _hours_of(area: SizedArea, sizes: Sizes) -> dict[str, int] | None:
        """What the contracts of an area had in a round; None: less than runs under one, or no maximum."""
        told, hours = dict(sizes), dict[str, int]()
        for name in area.contracts:
            had = told.get(name, area.today[name])
            if had is None or had < area.running[name]:
                return None
            hours[name] = ceil(had)
        return hours

    def _repaired(self, tops: Sequence[int]) -> Round:
        """The hours found for all areas at once; raised, a few times, where they do not do together."""
        for repair in range(MOST_REPAIRS + 1):
            made = self._play(self._sizes())
            passes = self._passing(self.asked.needed, self.roomy, NAMES, made)
            failing = [place for place, does in enumerate(passes) if not does]
            if not failing or repair == MOST_REPAIRS:
                break
            for place in failing:
                steps = self.principal if self._lacks_principal(made, place) else self.framework
                steps[place] = min(tops[place], steps[place] + 2**repair)
        return made

    def _lacks_principal(self, made: Round, place: int) -> bool:
        """Whether more of the failing draws miss the principal's lower edge than anything else."""
        area = self.areas[place]
        missed = [self.marks.missed(seen) for seen in made.seen[place]]
        low = sum("principal_low" in each for each in missed)
        other = sum(bool(set(each) - {"principal_low"}) for each in missed)
        return bool(area.principal) and (low > other or not area.framework)

    def _sizes(self) -> Sizes:
        step, hours = self.asked.step, dict[str, int]()
        for area, principal, framework in zip(self.areas, self.principal, self.framework, strict=True):
            hours |= area.principal_hours(principal * step) | area.framework_hours(framework * step)
        for taken in self._taken.values():
            hours |= taken
        return tuple(sorted(hours.items()))

    def _play(self, sizes: Sizes, *, checked: bool = False) -> Round:
        """A round on the draws of the search; the same hours are played once."""
        if sizes not in self._played:
            self._played[sizes] = self._new_round(sizes, range(self.asked.draws), checked=checked)
        return self._played[sizes]

    def _new_round(self, sizes: Sizes, draws: Sequence[int], *, checked: bool = False) -> Round:
        self._count += 1
        made = self._rounds.play(sizes, draws, checked=checked, report=self._report and self._report(self._count))
        if made is None:
            raise StoppedEarlyError(self._count)
        if made.broken:
            more = f" (and {len(made.broken) - 5} more)" if len(made.broken) > 5 else ""
            raise DisagreementError(f"the events of a draw break {len(made.broken)} rule(s): {'; '.join(made.broken[:5])}{more}")
        return made
