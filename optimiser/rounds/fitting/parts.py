"""The part of a provider's week that a change of some runs can touch: what has to be checked again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from optimiser.domain.rounds_plan import PlannedVisit
from optimiser.domain.windows import own_day
from optimiser.rounds.check.checking import Case, Run


@dataclass(frozen=True)
class Week:
    """A provider's week, and how its runs hang together."""

    case: Case
    by_worker: Mapping[str, list[Run]]
    meetings: Mapping[Run, set[Run]]
    """Per run those whose care workers meet its own at a visit for two."""

    def around(self, changed: Iterable[Run]) -> set[Run]:
        """Runs that are changed, all others of their care workers, and whoever meets any of them: nothing else can break."""
        found = {other for run in changed for other in self.by_worker[self.case.runs[run][0].worker]}
        left = list(found)
        while left:
            met = self.meetings.get(left.pop(), set()) - found
            found |= met
            left += met
        return found


def week_of(case: Case) -> Week:
    return Week(case, _by_worker(case.plan.visits), _meetings(case.plan.visits))


def _by_worker(visits: Iterable[PlannedVisit]) -> dict[str, list[Run]]:
    runs: dict[str, dict[Run, None]] = defaultdict(dict)
    for visit in visits:
        runs[visit.worker][visit.round_id, visit.day] = None
    return {worker: list(own) for worker, own in runs.items()}


def _meetings(visits: Iterable[PlannedVisit]) -> dict[Run, set[Run]]:
    there: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for visit in visits:
        there[visit.visit_id, visit.day].append((visit.round_id, visit.day))
    met: dict[Run, set[Run]] = defaultdict(set)
    for runs in there.values():
        for run in runs if len(runs) > 1 else ():
            met[run] |= {other for other in runs if other != run}
    return met


def part_of(case: Case, runs: set[Run]) -> Case:
    """Some runs of a case, with the people whom they visit, on the days on which they do."""
    planned = tuple(visit for visit in case.plan.visits if (visit.round_id, visit.day) in runs)
    days: dict[str, set[str]] = defaultdict(set)
    for visit in planned:
        days[visit.visit_id].add(own_day(case.lines[visit.visit_id], visit.day, visit.start))
    lines = tuple(
        replace(line, days=tuple(day for day in line.days if day in days[line.visit_id]))
        for line in case.snapshot.visits
        if line.visit_id in days
    )
    visited, names = {line.package_id for line in lines}, {name for name, _ in runs}
    people = tuple(person for person in case.snapshot.packages if person.package_id in visited)
    rounds = tuple(each for each in case.plan.rounds if each.round_id in names)
    snapshot = replace(case.snapshot, packages=people, visits=lines)
    return replace(case, snapshot=snapshot, plan=replace(case.plan, rounds=rounds, visits=planned))
