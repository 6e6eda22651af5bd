"""Which recorded decision a move of running care rests on: one for that kind of move, to that provider, on that day."""

from __future__ import annotations

from optimiser.county import County
from optimiser.domain.person_records import SUITABLE

FOR_ANOTHER_MOVE = "The decision was made for another person, kind of move, provider or time: have one recorded for this."


def reference_of(county: County, package_id: str, provider_id: str) -> str:
    """The id of the decision that lets a person move to a provider; empty where none is recorded that does."""
    found = county.decisions.latest(package_id, county.move, provider_id, county.moves_on or county.as_of)
    return found.decision_id if found and found.decision == SUITABLE else ""


def is_for_another_move(county: County, package_id: str, provider_id: str, reference: str) -> bool:
    """Whether a reference names a decision that is recorded here, and not the one that counts for this move."""
    recorded = any(each.decision_id == reference for each in county.snapshot.decisions)
    return recorded and reference != reference_of(county, package_id, provider_id)
