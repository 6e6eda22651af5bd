"""Offers that go ahead together: the changes of one step, in which people move so that somebody can be placed.

Nobody moves and nobody is placed until every provider in the step has accepted; until then an acceptance is kept as agreed, and
the offer waits on. Once one of them ends without an acceptance, the others are no longer waited for.
"""

from __future__ import annotations

from api.state.state import State
from api.state.stored_records import Stored

STEP_ENDED = "another provider in its step did not accept"


def step_of(stored: Stored) -> tuple[str, int] | None:
    """The run and the number of the step that an offer belongs to; None for an offer that goes ahead alone."""
    number = stored.body.get("run_step")
    return None if not number else (stored.body["run_id"], number)


def has_agreed(stored: Stored) -> bool:
    """Whether its provider has accepted, and waits for the others in its step."""
    return bool(stored.body.get("agreed_at")) and not stored.record.response


def others_waiting(state: State, stored: Stored) -> list[Stored]:
    """The other offers of an offer's step that are still to go ahead, by id."""
    step = step_of(stored)
    if step is None:
        return []
    offers = [each for each in state.stock["offers"].values() if step_of(each) == step and not each.record.response]
    return sorted(
        (each for each in offers if each.record.offer_id != stored.record.offer_id), key=lambda each: each.record.offer_id
    )


def has_ended(state: State, stored: Stored) -> bool:
    """Whether the step of a waiting offer cannot go ahead any more: an offer of it has ended, or is not there."""
    return step_of(stored) is not None and len(others_waiting(state, stored)) + 1 < stored.body["run_step_offers"]


def places_of(state: State, offers: list[Stored]) -> dict[int, int]:
    """Per package of these offers: the contract that it would go to."""
    county = state.county
    return {county.package_index[each.record.package_id]: county.contract_of_offer(each.record) for each in offers}
