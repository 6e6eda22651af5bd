"""What comes and goes while nights are rehearsed: drawn once, and the same whatever the settings.

People asked for are invented from those who wait and those who have care today; care that ends is some of what runs today. As
many end as begin: a county in a steady state.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from optimiser.domain.dates import days_after, months_after
from optimiser.domain.records import Package
from optimiser.domain.snapshot import Snapshot
from optimiser.whatif.invented import invented_like

YEAR_DAYS = 365
MORNING = dt.time(9)


class CannotRehearseError(Exception):
    """There is nothing to draw from; the message says what to do."""


@dataclass(frozen=True)
class ToCome:
    """Per night who is asked for anew, and whose care has ended."""

    requests: tuple[tuple[Package, ...], ...]
    ends: tuple[frozenset[str], ...]

    def __repr__(self) -> str:
        return f"<ToCome: {sum(map(len, self.requests))} requests in {len(self.requests)} nights>"


def requests_a_night(snapshot: Snapshot) -> Fraction:
    """How many are asked for: as many as began in the year before and still have care. Raises ``CannotRehearseError``."""
    since = months_after(snapshot.as_of, -12)
    begun = sum(
        1
        for package in snapshot.packages
        if package.status == "active" and package.care_started and since < package.care_started <= snapshot.as_of
    )
    if not begun:
        raise CannotRehearseError(
            "no running care says that it began within a year (care_started), so how many are asked for in a night is not known:"
            " give --requests"
        )
    return Fraction(begun, YEAR_DAYS)


def drawn(snapshot: Snapshot, nights: int, a_night: Fraction, seed: int) -> ToCome:
    """The same for the same seed. The first of the nights is that of the snapshot's day; on it nobody new is asked for."""
    dice = random.Random(f"rehearsal {seed}")
    people = [package for package in snapshot.packages if package.status == "new" or package.contract_id]
    if not people:
        raise CannotRehearseError("nobody waits and nobody has care, so there is nobody to invent people like")
    leads = _leads(snapshot.packages)
    running = [package.package_id for package in snapshot.packages if package.status == "active"]
    dice.shuffle(running)
    requests, ends = [], []
    for night in range(nights):
        new = int(a_night * night) - int(a_night * (night - 1)) if night else 0
        day = days_after(snapshot.as_of, night)
        requests.append(tuple(_request(dice, people, leads, day, f"NIGHT{night:03}-{number:04}") for number in range(new)))
        ends.append(frozenset(running.pop() for _ in range(min(new, len(running)))))
    return ToCome(tuple(requests), tuple(ends))


def _leads(packages: Sequence[Package]) -> dict[str, list[int]]:
    """Per priority how many days lie between requests and the days by which care was to start."""
    found: dict[str, list[int]] = defaultdict(list)
    for package in packages:
        if package.status == "new" and package.requested_at is not None and package.start_by is not None:
            found[package.priority].append(max(0, (package.start_by - package.requested_at.date()).days))
    return found


def _request(dice: random.Random, people: list[Package], leads: dict[str, list[int]], day: dt.date, name: str) -> Package:
    alike = dice.choice(people)
    lead = dice.choice(leads.get(alike.priority) or [0])
    asked_at = dt.datetime.combine(day, MORNING)
    made = invented_like(alike, name, alike.priority, alike.source, days_after(day, lead), asked_at)
    return replace(made, bundle_id="", part_of="")
