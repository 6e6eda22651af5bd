"""What is counted: per area, tier and provider what was asked and said; per group of people how long they waited.

Each figure knows how many people it is about, beside how often something happened: one person who is asked for six times is one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from api.fairness.quarters import Span
from api.fairness.requests_kept import Kept, KeptOffer
from api.offers.schemas import DeclineReason
from api.overview.people_who_wait import to_the_nearest
from optimiser.domain.records import Contract, Package
from optimiser.explaining.who_comes_last import groups_of_records, in_order

REASONS: tuple[str, ...] = get_args(DeclineReason)
NOT_KNOWN = "not known"
"""The tier and provider of a contract of which no record is left."""
TABLES = ("need", "hours", "workers", "rurality")
WAITS = ("within_2_days", "within_7_days", "within_28_days", "later", "not_yet", "ended_before")
"""How long it took until a provider had said yes to all that was asked for; nobody has yet; it ended, or was no longer asked for,
before anybody had."""
UP_TO_DAYS = ((2, "within_2_days"), (7, "within_7_days"), (28, "within_28_days"))


@dataclass
class Figure:
    """How often, and of how many people."""

    times: int = 0
    people: set[str] = field(default_factory=set)

    def note(self, person: str) -> None:
        self.times += 1
        self.people.add(person)


Row = dict[str, Figure]
Asked = dict[tuple[str, str, str], Row]
"""By area, tier and provider: ``asked``, ``asked_first``, ``out_of_order``, ``answered``, ``accepted``, ``declined``,
``expired``, ``withdrawn``, ``waiting``, and by its reason each decline (``declined.no_capacity``)."""
FIGURES = ("asked", "asked_first", "out_of_order", "answered", "accepted", "declined", "expired", "withdrawn", "waiting")


def asked_in(kept: Iterable[Kept], contracts: Mapping[str, Contract], span: Span) -> Asked:
    """What was asked in a span of days, by the day of the offer, whenever it was answered."""
    rows: defaultdict[tuple[str, str, str], defaultdict[str, Figure]] = defaultdict(lambda: defaultdict(Figure))
    for each in kept:
        first = min((offer.record.offered_at for offer in each.offers), default=dt.datetime.max)
        for offer in each.offers:
            if not span.has(offer.record.offered_at.date()):
                continue
            contract = contracts.get(offer.record.contract_id)
            tier, provider = (NOT_KNOWN, NOT_KNOWN) if contract is None else (contract.tier, contract.provider_id)
            row = rows[each.package.area_id, tier, provider]
            for name in _counts_as(offer, first):
                row[name].note(each.person)
    return {key: dict(row) for key, row in rows.items()}


def _counts_as(offer: KeptOffer, first: dt.datetime) -> list[str]:
    """The figures in which an offer is counted. ``first``: when anybody was first asked for the package."""
    found = ["asked", offer.response or "waiting"]
    if offer.record.offered_at == first:
        found.append("asked_first")
    if offer.out_of_order:
        found.append("out_of_order")
    if offer.response in ("accepted", "declined") or offer.said_yes:
        found.append("answered")
    if offer.response == "declined":
        found.append(f"declined.{offer.record.reason if offer.record.reason in REASONS else 'other'}")
    return found


Waits = dict[str, dict[str, Row]]
"""By table and group: how many people, as ``people``, and by how long they waited, as ``WAITS``."""


def waits_in(kept: Iterable[Kept], offered: frozenset[str], span: Span) -> Waits:
    """How long those waited who were first asked for in a span of days. ``offered``: the needs that providers name."""
    persons: defaultdict[str, list[Kept]] = defaultdict(list)
    for each in kept:
        persons[each.person].append(each)
    tables: dict[str, defaultdict[str, defaultdict[str, Figure]]]
    tables = {table: defaultdict(lambda: defaultdict(Figure)) for table in TABLES}
    for person, parts in sorted(persons.items()):
        asked = [each for each in parts if each.package.requested_at is not None]
        if not asked or not span.has(min(_requested(each.package) for each in asked)):
            continue
        records = [each.package for each in parts]
        groups = groups_of_records(records, [each.package for each in asked], offered, beyond=asked[0].rural)
        for table in TABLES:
            for group in groups[table]:
                tables[table][group]["people"].note(person)
                tables[table][group][_wait(asked)].note(person)
    return {table: {group: dict(rows[group]) for group in in_order(table, rows)} for table, rows in tables.items()}


def _requested(package: Package) -> dt.date:
    if package.requested_at is None:
        raise ValueError(f"{package.package_id} has no day of its request")
    return package.requested_at.date()


def _wait(asked: Sequence[Kept]) -> str:
    """How long one person waited, until the last part was taken."""
    days = [_days(each) for each in asked]
    known = [each for each in days if each is not None]
    if len(known) < len(days):
        still = any(each.package.status == "new" and not each.ended for each, day in zip(asked, days, strict=True) if day is None)
        return "not_yet" if still else "ended_before"
    return next((name for most, name in UP_TO_DAYS if max(known) <= most), "later")


def _days(each: Kept) -> int | None:
    """From the request to the first yes, in days; where no yes is kept but care has begun, to its beginning."""
    said = [
        (offer.record.responded_at or offer.record.offered_at).date() for offer in each.offers if offer.response == "accepted"
    ]
    began = min(said, default=each.package.care_started if each.package.status == "active" else None)
    return None if began is None else max(0, (began - _requested(each.package)).days)


def told_of(row: Row, names: Iterable[str], smallest: int | None) -> dict[str, Any]:
    """Figures as numbers. ``smallest``: those about fewer people are None and others go to the nearest multiple; None: exact."""
    return {name: _told(row.get(name, Figure()), smallest) for name in names}


def _told(figure: Figure, smallest: int | None) -> int | None:
    if smallest is None:
        return figure.times
    return None if len(figure.people) < smallest else to_the_nearest(figure.times, smallest)
