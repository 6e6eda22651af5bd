"""Enhanced home support is listed and read; a named person says whether care is still needed, and what becomes of the draft of
the onward request; and what a charge would need is recorded. Nothing here ends care, and nothing here decides on a charge.
"""

from __future__ import annotations

import orjson

from api.acts.act import Caller, act, only
from api.enhanced.answers import charge_json, recorded_of, support_json, support_with_draft_json
from api.enhanced.onward import onward_request, open_onward, start_of
from api.enhanced.schemas import OfACharge, StillNeeded, SupportsQuery
from api.enhanced.support_clocks import all_supports, look_at_support, support_now
from api.http.conversion import cell_of
from api.http.errors import Problem
from api.http.paging import Page
from api.http.responses import Shown, shown
from api.offers.lapsing import sweep
from api.offers.problems import NOT_IN_THIS_STATE, package_index
from api.security.roles import ADMIN, FINANCE, PLANNER, SOCIAL_WORK, TRANSITION
from api.state.state import State
from api.state.stored_records import ENHANCED_SUPPORT
from optimiser.judging.enhanced_support import Support, the_longest_first

READERS = only(PLANNER, SOCIAL_WORK, TRANSITION, ADMIN)


@act("enhanced.list", READERS, writes=("enhanced.list",))
def list_supports(by: Caller, query: SupportsQuery) -> Page[bytes]:
    """Everybody with enhanced home support, who runs on longest first, each with the clock."""
    before, now = by.store.state(), by.settings.clock.moment()
    county = before.county
    here = (
        each
        for each in all_supports(before, now)
        if query.area_id in (None, county.packages[county.package_index[each.package_id]].area_id)
        and (each.runs_on or not query.runs_on)
        and (each.question_since is not None or not query.question_open)
    )
    page = by.page(here, the_longest_first, query.limit, query.cursor)
    ids = [each.package_id for each in page.items]
    state = by.read("enhanced.list", "packages", details={"package_ids": ids})
    still = {each.package_id: each for each in all_supports(state, now)}
    return Page([orjson.dumps(support_json(state, still[each])) for each in ids if each in still], page.next_cursor)


@act("enhanced.read", READERS, writes=("enhanced.read",))
def read(by: Caller, package_id: str) -> Shown:
    """One person's enhanced home support: the clock, what was said of it, and the draft of the onward request."""
    _begun(by, by.store.state(), package_id)
    state = by.read("enhanced.read", "packages", package_id)
    return _shown(by, state, package_id)


@act(
    "enhanced.answer",
    only(PLANNER, SOCIAL_WORK, ADMIN),
    writes=("enhanced.answer", "package.add", "alert.acknowledge"),
    changes=True,
)
def answer(by: Caller, package_id: str, given: StillNeeded) -> Shown:
    """A named person says whether care is still needed; the onward request is opened in the same act, or its draft is dropped."""
    with by.change() as change:
        state = sweep(change, by.settings)
        support = _begun(by, state, package_id)
        _refuse(onward_request(state, package_id), given)
        opened = None
        if given.onward == "confirm":
            cells = {"start_by": given.start_by or start_of(state, support)}
            cells |= {"priority": cell_of("priority", given.priority)} if given.priority else {}
            opened = open_onward(change, package_id, cells)
        said = {
            "answered_at": by.settings.clock.moment().isoformat(),
            "said_by": by.actor.name,
            "needed": given.needed,
            "onward": given.onward,
            "why": given.why,
            "onward_package_id": opened,
        }
        body = recorded_of(state, package_id)
        change.put(ENHANCED_SUPPORT, package_id, body | {"answers": [*body["answers"], said]})
        change.remember("enhanced.answer", "packages", package_id, {"after": said})
        look_at_support(change, by.settings, package_id)
        return _shown(by, sweep(change, by.settings, change.as_if()), package_id)


@act("enhanced.for_a_charge", only(FINANCE, PLANNER, SOCIAL_WORK, ADMIN), writes=("enhanced.for_a_charge",), changes=True)
def record_for_charge(by: Caller, package_id: str, given: OfACharge) -> Shown:
    """A notice of a charge, or a financial assessment, is recorded; whoever does so learns nothing else of the person."""
    with by.change() as change:
        state = change.state
        _begun(by, state, package_id)
        if given.on > state.as_of.isoformat():
            raise Problem("refused", "1 fault(s); nothing was written.", faults=[f"on: a day up to today, {state.as_of}."])
        body = recorded_of(state, package_id)
        after = {
            "on": given.on,
            "by": given.by,
            "recorded_by": by.actor.name,
            "recorded_at": by.settings.clock.now().isoformat(),
        }
        change.put(ENHANCED_SUPPORT, package_id, body | {given.what: after})
        told = {"what": given.what, "before": body[given.what], "after": after}
        change.remember("enhanced.for_a_charge", "packages", package_id, told)
        return shown(charge_json(body | {given.what: after}))


def _begun(by: Caller, state: State, package_id: str) -> Support:
    """A person's support. Raises the problems ``not_found`` and ``not_in_this_state``."""
    package_index(state, package_id)
    support = support_now(state, package_id, by.settings.clock.moment())
    if support is None:
        raise Problem(NOT_IN_THIS_STATE, "This is no enhanced home support, or it has not begun.")
    return support


def _refuse(onward: str | None, given: StillNeeded) -> None:
    """What does not go with an onward request that is there, or with a draft that is open."""
    if onward is not None and given.onward is not None:
        raise Problem(NOT_IN_THIS_STATE, f"The onward request is there already, {onward}: there is no draft to confirm or drop.")
    if onward is None and given.needed and given.onward is None:
        told = ["onward: confirm, so that the draft becomes a request, or drop, and say why."]
        raise Problem("refused", "1 fault(s); nothing was written.", faults=told)


def _shown(by: Caller, state: State, package_id: str) -> Shown:
    return shown(support_with_draft_json(state, _begun(by, state, package_id)))
