"""What can go wrong when providers are asked and answers recorded. Details tell nothing of a person."""

from __future__ import annotations

from collections.abc import Iterable

from api.http.errors import Problem, declare
from api.security.roles import TRANSITION
from api.state.state import State
from api.storage.audit import Actor
from optimiser.rules.vocabulary import Finding

OFFERS_WAITING = declare("offers_waiting", 409, "Offers of this package are waiting for an answer")
NOBODY_TO_ASK = declare("nobody_to_ask", 409, "Nobody is left whom the rules allow to ask")
ALREADY_PLACED = declare("already_placed", 409, "A provider has accepted this package already")
ALREADY_ASKED = declare("already_asked", 409, "An offer on this contract is waiting for an answer")
ALREADY_ANSWERED = declare("already_answered", 409, "The offer was answered already, and otherwise")
MAY_NOT_BE_ASKED = declare("may_not_be_asked", 409, "A rule does not allow this provider to take this package")
CONTRACT_TAKEN_OVER = declare("contract_taken_over", 409, "This contract has ended, and another has taken over from it")
NO_ROOM = declare("no_room", 409, "A limit would be passed")
BEYOND_PROVIDER_LIMIT = declare("beyond_provider_limit", 409, "The provider's own recorded limit would be passed")
REASON_NEEDED = declare("reason_needed", 422, "Asking out of order needs a reason, which is recorded")
DECISION_NEEDED = declare("decision_needed", 422, "Moving running care needs a recorded social work decision")
NOT_A_RISE = declare("not_a_rise", 422, "The new limit is not above the recorded one")
NOT_IN_THIS_STATE = declare("not_in_this_state", 409, "The package is not in a state in which this can be done")


ASKS_FOR_MOVES = "The transition team asks for moves of running care; new care is the planners'."
ANSWERS_FOR_MOVES = "The transition team answers for moves of running care; new care is the planners'."


def refuse_new_care(actor: Actor, state: State, package_id: str, told: str) -> None:
    """Raises the problem ``forbidden`` where a transition team would ask or answer for care that does not run yet."""
    if actor.role == TRANSITION and state.stock["packages"][package_id].record.status == "new":
        raise Problem("forbidden", told)


def plain_rules(state: State, failed: Iterable[Finding]) -> list[str]:
    """The names of failed rules; those that tell something of the person are not named."""
    private = state.rules.private_names
    return sorted({"a rule about the person (see the cascade)" if f.rule in private else f.rule for f in failed})


def package_index(state: State, package_id: str) -> int:
    """A package's place. Raises the problem ``not_found``."""
    index = state.county.package_index.get(package_id)
    if index is None:
        raise Problem("not_found", "There is no package of this id.")
    return index
