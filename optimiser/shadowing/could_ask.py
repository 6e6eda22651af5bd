"""Who waited, how long, and from which night on somebody with room could have been asked for them.

Night by night, in the published order, everybody who waits and for whom nobody is being asked is given the first of the cascade
with room, and keeps that room until a decision is on record: room is counted once. A provider that said no to a person on any of
the nights is not counted as one that could have been asked for them. What it would have answered nobody knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimiser.county import NOWHERE, County
from optimiser.domain.records import PRIORITIES
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.who_comes_last import groups_of
from optimiser.judging.candidates import neutral_hash
from optimiser.rules.book import RuleBook
from optimiser.shadowing.decisions_read import settled_in
from optimiser.shadowing.room_left import RoomLeft


@dataclass
class Wait:
    """One package's wait, from the first of the nights on which it waits to the last."""

    package_id: str
    person: str
    """The package that this is a part of, or itself."""
    area_id: str
    groups: Mapping[str, tuple[str, ...]]
    since: dt.date
    """The day of the request, else of the first night."""
    first_night: dt.date
    last_night: dt.date
    ended: str = ""
    """``placed``, ``gone``, or empty: it waits on the last night too."""
    until: dt.date | None = None
    """The night that tells of its end."""
    could_be_asked: dt.date | None = None
    contract_id: str = ""
    """Whom the cascade would have asked on that night."""
    provider_id: str = ""

    def __repr__(self) -> str:
        return f"<Wait of {self.package_id}>"

    @property
    def days(self) -> int:
        """From the request to the night that tells of the end, or to the last night."""
        return max(0, ((self.until or self.last_night) - self.since).days)

    @property
    def days_earlier(self) -> int | None:
        """From the night on which somebody could have been asked to the last night of the wait."""
        return None if self.could_be_asked is None else (self.last_night - self.could_be_asked).days


def waits_of(nights: Sequence[Snapshot], rules: RuleBook) -> tuple[Wait, ...]:
    """Every wait, by package and first night."""
    said_no = _said_no(nights)
    open_waits: dict[str, Wait] = {}
    done: list[Wait] = []
    like: County | None = None
    for night in nights:
        like = county = County.of(night, like=like)
        settled = settled_in(night)
        names = {package.package_id for package in night.packages}
        for name in sorted(open_waits):
            if name not in names or name in settled:
                wait = open_waits.pop(name)
                wait.ended, wait.until = "placed" if name in settled else "gone", night.as_of
                done.append(wait)
        waiting = [index for index, package in enumerate(county.packages) if package.package_id not in settled]
        members = _members(county)
        for index in waiting:
            name = county.packages[index].package_id
            if name not in open_waits:
                open_waits[name] = _begun(county, index, members)
            open_waits[name].last_night = night.as_of
        _could_be_asked(county, rules, waiting, open_waits, said_no)
    return tuple(sorted((*done, *open_waits.values()), key=lambda wait: (wait.package_id, wait.first_night)))


def _members(county: County) -> Mapping[str, list[int]]:
    """Per person the packages of their care."""
    found: dict[str, list[int]] = {}
    for index, package in enumerate(county.packages):
        found.setdefault(package.part_of or package.package_id, []).append(index)
    return found


def _begun(county: County, index: int, members: Mapping[str, list[int]]) -> Wait:
    package, day = county.packages[index], county.as_of
    person = package.part_of or package.package_id
    asked = package.requested_at
    return Wait(
        package_id=package.package_id,
        person=person,
        area_id=package.area_id,
        groups=groups_of(county, members[person], [index]),
        since=day if asked is None else min(asked.date(), day),
        first_night=day,
        last_night=day,
    )


def _could_be_asked(
    county: County,
    rules: RuleBook,
    waiting: Sequence[int],
    open_waits: Mapping[str, Wait],
    said_no: Mapping[str, frozenset[str]],
) -> None:
    room = RoomLeft(county, rules, waiting)
    of = {index: open_waits[county.packages[index].package_id] for index in waiting}
    for index, wait in of.items():  # what was counted on an earlier night is not counted for others
        contract = county.contract_index.get(wait.contract_id)
        if contract is not None and wait.package_id not in county.offers_in_force.pending:
            room.place([index], contract)
    for members in _queue(county, rules, waiting):
        if any(of[member].could_be_asked is not None for member in members):
            continue
        barred = frozenset().union(*(said_no.get(of[member].package_id, frozenset()) for member in members))
        order = room.order(members, barred)
        if order:
            room.place(members, order[0].contract)
            for member in members:
                of[member].could_be_asked = county.as_of
                of[member].contract_id = county.contracts[order[0].contract].contract_id
                of[member].provider_id = county.provider(order[0].contract).provider_id


def _queue(county: County, rules: RuleBook, waiting: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Those for whom nobody is being asked, in the published order, each with whoever is placed together with them."""
    group_of = {member: group for group in rules.groups(county) for member in group}
    pending = county.offers_in_force.pending
    free = [
        index for index in waiting if county.packages[index].package_id not in pending and county.running_on[index] == NOWHERE
    ]

    def turn(index: int) -> tuple[int, dt.date, str]:
        package = county.packages[index]
        start = package.start_by or dt.date.max
        return PRIORITIES.index(package.priority), start, neutral_hash(county, package.package_id)

    seen: set[int] = set()
    for index in sorted(free, key=turn):
        if index not in seen:
            members = (index, *(each for each in group_of.get(index, ()) if each != index))
            seen.update(members)
            yield members


def _said_no(nights: Sequence[Snapshot]) -> Mapping[str, frozenset[str]]:
    """Per package the providers that have said no, or let an offer run out, on any of the nights."""
    found: dict[str, set[str]] = {}
    for night in nights:
        providers = {contract.contract_id: contract.provider_id for contract in night.contracts}
        for offer in night.offers:
            if offer.response in ("declined", "expired"):
                found.setdefault(offer.package_id, set()).add(providers[offer.contract_id])
    return {name: frozenset(providers) for name, providers in found.items()}
