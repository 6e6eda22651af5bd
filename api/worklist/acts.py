"""Everybody who waits, a page at a time: what a planner's day begins with."""

from __future__ import annotations

from operator import itemgetter

from api.acts.act import Caller, act, only
from api.http.paging import Key
from api.http.responses import Shown, shown
from api.meanwhile.alerting import all_standings
from api.offers.problems import package_index
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.settings import Settings
from api.state.state import State
from api.worklist.answers import TO_DO, in_order, key_of, page_json, situation_of
from api.worklist.schemas import NeighboursQuery, WorklistQuery
from optimiser.domain.records import Package

USUAL = 50
"""So many people are on a page where nothing else is asked for."""


@act("worklist.read", only(PLANNER, TRANSITION, ADMIN), writes=("worklist.read",))
def read(by: Caller, query: WorklistQuery) -> Shown:
    """Everybody whose care has not begun, a page at a time, with what is to be done next; who was shown is written down."""
    wanted = _wanted(by.store.state(), query)
    page = by.page(wanted, itemgetter(0), query.limit, query.cursor, usual=USUAL)
    ids = [package.package_id for _, package in page.items]
    state = by.read("worklist.read", "packages", details={"package_ids": ids})
    return shown(page_json(state, by.settings, ids, found=len(wanted), next_cursor=page.next_cursor))


@act("worklist.neighbours", only(PLANNER, TRANSITION, ADMIN), writes=("worklist.read",))
def read_neighbours(by: Caller, package_id: str, query: NeighboursQuery) -> Shown:
    """Who stands before and after somebody on the list; of somebody who has left it, where they would stand.

    Raises the problem ``not_found``.
    """
    before = by.store.state()
    index = package_index(before, package_id)
    mine = key_of(before.county.packages[index], before, all_standings(before))
    listed = _wanted(before, WorklistQuery(area_id=query.area_id, priority=query.priority, situation=query.situation))
    earlier = [package.package_id for key, package in listed if key < mine]
    later = [package.package_id for key, package in listed if key > mine]
    previous, following = earlier[-1] if earlier else None, later[0] if later else None
    by.read("worklist.read", "packages", details={"package_ids": [each for each in (previous, following) if each]})
    is_on_it = len(earlier) + len(later) < len(listed)
    return shown(
        {
            "found": len(listed),
            "place": len(earlier) + 1 if is_on_it else None,
            "previous": previous,
            "next": following,
        }
    )


def work_out_the_first_page(state: State, settings: Settings) -> None:
    """What the list's first page rests on is kept in the state: whoever asks first waits for none of it. Nobody has read it."""
    wanted = in_order(state, lambda package: situation_of(state, package) in TO_DO)
    page_json(state, settings, [package.package_id for _, package in wanted[:USUAL]], found=len(wanted))


def _wanted(state: State, query: WorklistQuery) -> list[tuple[Key, Package]]:
    def is_wanted(package: Package) -> bool:
        situation = situation_of(state, package)
        return (
            (situation in TO_DO if query.situation is None else situation == query.situation)
            and query.area_id in (None, package.area_id)
            and query.priority in (None, package.priority)
            and query.package_id in (None, package.package_id)
        )

    return in_order(state, is_wanted)
