"""Everybody who waits, a page at a time: what a planner's day begins with."""

from __future__ import annotations

from api.acts.act import Caller, act, only
from api.http.responses import Shown, shown
from api.meanwhile.alerting import all_standings
from api.offers.problems import package_index
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.state.state import State
from api.worklist.answers import figures_json, key_of, not_begun, on_the_list_json, situation_of
from api.worklist.schemas import NeighboursQuery, WorklistQuery
from optimiser.domain.records import Package

USUAL = 50
"""So many people are on a page where nothing else is asked for."""
TO_DO = ("waiting", "pending")


@act("worklist.read", only(PLANNER, TRANSITION, ADMIN), writes=("worklist.read",))
def read(by: Caller, query: WorklistQuery) -> Shown:
    """Everybody whose care has not begun, a page at a time, with what is to be done next; who was shown is written down."""
    before = by.store.state()
    standings = all_standings(before)

    wanted = _wanted(before, query)
    page = by.page(wanted, lambda package: key_of(package, before, standings), query.limit, query.cursor, usual=USUAL)
    ids = [package.package_id for package in page.items]
    state = by.read("worklist.read", "packages", details={"package_ids": ids})
    still = {package.package_id: package for package in not_begun(state)}
    items = [on_the_list_json(state, by.settings, still[each]) for each in ids if each in still]
    return shown(
        {
            "as_of": state.as_of.isoformat(),
            "figures": figures_json(state),
            "found": len(wanted),
            "items": items,
            "next_cursor": page.next_cursor,
        }
    )


@act("worklist.neighbours", only(PLANNER, TRANSITION, ADMIN), writes=("worklist.read",))
def read_neighbours(by: Caller, package_id: str, query: NeighboursQuery) -> Shown:
    """Who stands before and after somebody on the list; of somebody who has left it, where they would stand.

    Raises the problem ``not_found``.
    """
    before = by.store.state()
    index, standings = package_index(before, package_id), all_standings(before)
    mine = key_of(before.county.packages[index], before, standings)
    narrowed = WorklistQuery(area_id=query.area_id, priority=query.priority, situation=query.situation)
    listed = sorted((key_of(each, before, standings), each.package_id) for each in _wanted(before, narrowed))
    earlier = [found for key, found in listed if key < mine]
    later = [found for key, found in listed if key > mine]
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


def _wanted(state: State, query: WorklistQuery) -> list[Package]:
    def is_wanted(package: Package) -> bool:
        situation = situation_of(state, package)
        return (
            (situation in TO_DO if query.situation is None else situation == query.situation)
            and query.area_id in (None, package.area_id)
            and query.priority in (None, package.priority)
            and query.package_id in (None, package.package_id)
        )

    return [package for package in not_begun(state) if is_wanted(package)]
