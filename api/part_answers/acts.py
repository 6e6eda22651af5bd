"""What is done where a provider takes some of a package's visits."""

from __future__ import annotations

from api.acts.act import Caller, act
from api.http.responses import refuse_changed, tag
from api.offers.acts import GATHERED, TaggedOffer, rise_of, tagged
from api.offers.answer_times import reopen_late
from api.offers.lapsing import OF_SWEEPS, sweep
from api.offers.recording import Given
from api.packages.dividing import Share
from api.part_answers.dividing_offers import accept_in_part
from api.part_answers.schemas import PartAnswer
from api.security.roles import ADMIN, PLANNER


@act(
    "offers.accept_in_part",
    {PLANNER: "raises no contract's maximum with it, unless they have the role contracts too", ADMIN: ""},
    writes=(
        "offer.accepted_in_part",
        "offer.accepted",
        "offer.said_yes",
        "offer.answered_late",
        "offer.declined",
        "offer.supersede",
        "alert.acknowledge",
        "package.add",
        "package.divide",
        "providers.limit_raised",
        "contracts.limit_raised",
        *OF_SWEEPS,
    ),
    changes=True,
)
def take_part(by: Caller, offer_id: str, given: PartAnswer, if_match: str | None) -> TaggedOffer:
    """A provider says yes to some visits alone: they become a part that is accepted; before its turn the yes is kept."""
    rises = rise_of(given.raise_provider_limit), rise_of(given.raise_contract_maximum)
    gathers = by.settings.typed_yes == GATHERED
    who = (given.answered_by or "", given.how or "", given.person_prefers or "")
    said = Given("accepted", given.reason, *rises, *who, gathers=gathers)
    taken = [Share(visit.visit_id, tuple(visit.days)) for visit in given.visits]
    with by.change() as change:
        state = sweep(change, by.settings)
        stored = state.get("offers", offer_id)
        if given.late and stored is not None and stored.record.response == "expired":
            refuse_changed(if_match, tag(stored.version))
            state, if_match = reopen_late(change, state, stored, prefers=bool(given.person_prefers)), None
        own_id = accept_in_part(change, state, by.settings, offer_id, taken, said, if_match)
        after = change.as_if()
    return tagged(by, after, own_id)
