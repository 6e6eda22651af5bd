"""The day's close in counts, and what of it somebody reads who reads counts alone: the same bytes all day."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import orjson

from api.overview.answers import UNSEEN, area_views, for_viewers
from api.overview.outlines_drawn import drawn_outlines
from api.overview.people_who_wait import blurred, who_comes_last_today
from api.state.day_close import DayClose
from api.state.state import State

Json = dict[str, Any]
T = TypeVar("T")


def day_figures(state: State) -> bytes:
    """What is kept of a state as a day begins: areas and groups with their counts. Nobody is named in it."""
    areas = [_without_reasons(view) for view in area_views(state)]
    outlines = {area.area_id: area.geometry for area in state.snapshot.areas}
    return orjson.dumps({"areas": areas, "outlines": outlines, "who_comes_last": who_comes_last_today(state)})


def _without_reasons(view: Json) -> Json:
    principal = view["principal"]
    return view | dict.fromkeys(UNSEEN) | {"principal": None if principal is None else principal | {"why_short": []}}


def closed_areas(close: DayClose, smallest: int) -> dict[str, bytes]:
    """Per area of the close, in the order of their ids, its answer; counts under ``smallest`` are withheld."""
    return _once(close, ("areas", smallest), lambda: _areas(close, smallest))


def closed_outlines(close: DayClose) -> dict[str, bytes]:
    """Per area of the close its outline."""
    return _once(close, ("outlines",), lambda: {name: orjson.dumps(each) for name, each in _kept(close)["outlines"].items()})


def outlines_of_close(close: DayClose) -> bytes:
    """The outlines of all areas of the close, for a map."""

    def drawn() -> bytes:
        kept = _kept(close)
        names = {view["area_id"]: view["name"] for view in kept["areas"]}
        return drawn_outlines([(area_id, names[area_id], outline) for area_id, outline in kept["outlines"].items()])

    return _once(close, ("drawn",), drawn)


def closed_groups(close: DayClose, smallest: int) -> bytes:
    """Who comes last by the close; counts under ``smallest`` are withheld, others told to the nearest multiple of it."""
    return _once(close, ("groups", smallest), lambda: orjson.dumps(_groups(close, smallest)))


def _areas(close: DayClose, smallest: int) -> dict[str, bytes]:
    views = _kept(close)["areas"]
    return {view["area_id"]: orjson.dumps(for_viewers(view, smallest) | {"day_close": _told(close)}) for view in views}


def _groups(close: DayClose, smallest: int) -> Json:
    return blurred(_kept(close)["who_comes_last"], smallest) | {"day_close": _told(close)}


def _told(close: DayClose) -> Json:
    return {"day": str(close.day), "county_version": close.version}


def _kept(close: DayClose) -> Json:
    read: Callable[[], Json] = partial(orjson.loads, close.body)
    return _once(close, ("kept",), read)


def _once(close: DayClose, name: tuple[object, ...], work_out: Callable[[], T]) -> T:
    if name not in close.worked_out:
        close.worked_out[name] = work_out()
    made: T = close.worked_out[name]
    return made
