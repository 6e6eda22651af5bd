"""Who works which round on which day: one care worker as often as the limits allow, few others on the days off.

It is rostering with days off (Ernst, Jiang, Krishnamoorthy and Sier 2004, *Staff scheduling and rostering*), done greedily.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from optimiser.domain.staffing import DAY_SECONDS, DAYS, Staffing, Worker


@dataclass(frozen=True, slots=True)
class Run:
    """One round on one day: when it is at work (seconds from midnight), without its break, and the skills it needs."""

    round_number: int
    day: str
    starts: int
    ends: int
    working_seconds: int
    skills: frozenset[str]
    walks: bool = False
    to_and_from_base: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Per care worker with a base: seconds from it to the first visit, and back from the last."""
    opens: int = 0
    closes: int = DAY_SECONDS
    """The shift."""

    def __repr__(self) -> str:
        return f"<Run of round {self.round_number} on {self.day}>"


@dataclass
class Person:
    """A care worker and the runs given to them so far; ``worker`` None: invented, with all the provider's skills."""

    name: str
    worker: Worker | None
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def may(self, run: Run, staffing: Staffing) -> bool:
        """Whether a further run keeps every limit of theirs."""
        if self.worker is not None and not _suits(self.worker, run):
            return False
        if run.day in self.runs:
            if not staffing.split_shifts or any(run.starts < each.ends and each.starts < run.ends for each in self.runs[run.day]):
                return False
        elif len(self.runs) >= staffing.days_per_week:
            return False
        hours = staffing.weekly_hours_limit
        if self.worker is not None and self.worker.hours_per_week is not None:
            hours = min(hours, self.worker.hours_per_week)
        if sum(each.working_seconds for each in self._all()) + run.working_seconds > hours * 3600:
            return False
        return self._rests(run, staffing)

    def _rests(self, run: Run, staffing: Staffing) -> bool:
        """Eleven hours (or as set) from the last end of a day to the first start of the next, Sunday to Monday too."""
        return all(
            run.starts + days * DAY_SECONDS - each.ends >= staffing.rest_hours * 3600 for days, each in self._around(run, -1)
        ) and all(
            each.starts + days * DAY_SECONDS - run.ends >= staffing.rest_hours * 3600 for days, each in self._around(run, 1)
        )

    def _around(self, run: Run, way: int) -> Iterator[tuple[int, Run]]:
        """The runs of the two days before (``way`` -1) or after, with how many days they are away: a night and the rest after it
        may reach into a second day."""
        at = DAYS.index(run.day)
        for days in (1, 2):
            yield from ((days, each) for each in self.runs.get(DAYS[(at + way * days) % 7], []))

    def take(self, run: Run) -> None:
        self.runs.setdefault(run.day, []).append(run)

    def _all(self) -> list[Run]:
        return [run for runs in self.runs.values() for run in runs]

    def has_worked(self, round_number: int) -> int:
        return sum(run.round_number == round_number for run in self._all())


def _suits(worker: Worker, run: Run) -> bool:
    """Whether somebody has the skills, works on the day, travels as the run was planned, and can come and go within the shift."""
    out, home = run.to_and_from_base.get(worker.worker_id, (0, 0))
    return (
        run.skills <= set(worker.skills)
        and (not worker.days or run.day in worker.days)
        and (worker.travels == "walks") is run.walks
        and run.starts - out >= run.opens
        and run.ends + home <= run.closes
    )


def rota(
    runs: Sequence[Run], staffing: Staffing, known: Sequence[Worker], prefix: str, people: list[Person] | None = None
) -> tuple[dict[tuple[int, str], str], list[Person]]:
    """The care worker of each round and day; a run that nobody may work is not in it.

    ``known``: the provider's care workers; where there is none, as many are invented as it takes, called ``prefix`` and a number.
    ``people``: who has worked already in another shift (changed here).
    """
    people = [Person(worker.worker_id, worker) for worker in known] if people is None else people
    chosen: dict[tuple[int, str], str] = {}
    by_round: dict[int, list[Run]] = {}
    for run in runs:
        by_round.setdefault(run.round_number, []).append(run)
    left: list[Run] = []
    for number, own in sorted(by_round.items()):
        main = _main(own, people, staffing, known, prefix)
        days_off = _days_off(own, number, staffing)
        for run in sorted(own, key=lambda run: (run.day in days_off, DAYS.index(run.day))):
            if main is not None and main.may(run, staffing):
                main.take(run)
                chosen[number, run.day] = main.name
            else:
                left.append(run)
    for run in left:
        able = [person for person in people if person.may(run, staffing)]
        if not able and not known:
            people.append(Person(f"{prefix}{len(people) + 1:03}", None))
            able = [people[-1]]
        if able:
            best = max(
                able, key=lambda person: (person.has_worked(run.round_number), len(person.runs) > 0, -_index(people, person))
            )
            best.take(run)
            chosen[run.round_number, run.day] = best.name
    return chosen, people


def _days_off(own: Sequence[Run], number: int, staffing: Staffing) -> set[str]:
    """The days on which somebody else works a round: of the half with least to do, other ones for other rounds."""
    off = max(0, len(own) - staffing.days_per_week)
    by_work = sorted(own, key=lambda run: (run.working_seconds, DAYS.index(run.day)))
    light = [run.day for run in by_work[: max(off, (len(own) + 1) // 2)]]
    return {light[(off * number + more) % len(light)] for more in range(off)}


def _index(people: Sequence[Person], person: Person) -> int:
    return next(index for index, each in enumerate(people) if each is person)


def _main(own: Sequence[Run], people: list[Person], staffing: Staffing, known: Sequence[Worker], prefix: str) -> Person | None:
    """Whoever can work a round most often; invented where nobody is known."""
    if not known:
        people.append(Person(f"{prefix}{len(people) + 1:03}", None))
        return people[-1]
    free = [person for person in people if not person.runs]
    return max(free, key=lambda person: sum(person.may(run, staffing) for run in own), default=None)
