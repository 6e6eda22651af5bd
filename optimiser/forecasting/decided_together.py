"""Deciding as the engine does: everybody who waits at once, by the same search as ``optimiser allocate``. For small counties.

Who is proposed is asked once; whoever is told no waits for the next week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

from optimiser.allocating.story import allocate
from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.one_at_a_time import Asked, Replies
from optimiser.forecasting.played import PlayedCounty
from optimiser.forecasting.this_week import ThisWeek, county_of
from optimiser.solving.outcome import Effort


def whole(played: PlayedCounty) -> Snapshot:
    """Everybody in play as a snapshot of the day; who is in hospital without a place is not in it."""
    people = sorted(
        (each for each in played.people.values() if each.where != "ended" and (each.contract >= 0 or each.where == "waiting")),
        key=attrgetter("name"),
    )
    standing = [offer for offers in played.declines_in_force(people).values() for offer in offers]
    unique = {offer.offer_id: offer for offer in standing}
    snapshot = county_of(played, people, running=True).snapshot
    return replace(snapshot, offers=tuple(unique[name] for name in sorted(unique)))


def decided_together(week: ThisWeek, replies: Replies, asks: int) -> Iterator[Asked]:
    """Every offer of the week with its answer, in the order of people's ids. Of a bundle all hear the same."""
    if not week.waiting or asks == 0:
        return
    made = allocate(whole(week.played), rules=week.played.ground.rules, effort=Effort())
    county, said = made.county, dict[str, bool]()
    for package, contract in sorted(made.verified.plan.placed()):
        record, person = county.packages[package], week.played.people[county.packages[package].package_id]
        if record.status != "new" or said.get(record.bundle_id) is False:
            continue
        holder = county.contracts[contract]
        if record.bundle_id and said.get(record.bundle_id):
            yield Asked(person, contract, None)
            continue
        offer = replies.of(person, holder.contract_id, holder.provider_id, county.as_of)
        if record.bundle_id:
            said[record.bundle_id] = offer is None
        yield Asked(person, contract, offer)
