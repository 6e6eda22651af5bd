"""Everybody who waits, a page at a time: what a planner's day begins with."""

from __future__ import annotations

from operator import itemgetter

from api.acts.act import Caller, act, only
from api.http.responses import Shown, shown
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.settings import Settings
from api.state.state import State
from api.worklist.answers import TO_DO, in_order, page_json, situation_of
from api.worklist.schemas import WorklistQuery
from optimiser.domain.records import Package

USUAL = 50
"""So many people are on a page where nothing else is asked for."""


@act("worklist.read", only(PLANNER, TRANSITION, ADMIN), writes=("worklist.read",))
def read(by: Caller, query: WorklistQuery) -> Shown:
    """Everybody whose care has not begun, a page at a time, with what is to be done next; who was shown is written down."""
    before = by.store.state()

    def is_wanted(package: Package) -> bool:
        situation = situation_of(before, package)
        return (
            (situation in TO_DO if query.situation is None else situation == query.situation)
            and query.area_id in (None, package.area_id)
            and query.priority in (None, package.priority)
            and query.package_id in (None, package.package_id)
        )

    wanted = in_order(before, is_wanted)
    page = by.page(wanted, itemgetter(0), query.limit, query.cursor, usual=USUAL)
    ids = [package.package_id for _, package in page.items]
    state = by.read("worklist.read", "packages", details={"package_ids": ids})
    return shown(page_json(state, by.settings, ids, found=len(wanted), next_cursor=page.next_cursor))


def work_out_the_first_page(state: State, settings: Settings) -> None:
    """What the list's first page rests on is kept in the state: whoever asks first waits for none of it. Nobody has read it."""
    wanted = in_order(state, lambda package: situation_of(state, package) in TO_DO)
    page_json(state, settings, [package.package_id for _, package in wanted[:USUAL]], found=len(wanted))
