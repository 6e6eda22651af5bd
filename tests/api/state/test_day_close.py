"""The day's close: kept before anything is changed on a day, on both kinds of database, and the same until the next."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.clock import Clock
from api.overview.closing import closed_areas, closed_groups, day_figures
from api.state.state import State
from api.state.store import Store
from api.storage.database import open_database, writing
from api.storage.patience import Patience
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER
from tests.api.databases import prepared


@pytest.fixture
def on(database_url: str, small: Snapshot) -> Iterator[Callable[[int], Store]]:
    """The three villages in one database, as a process of its own sees them so many days later."""
    engine = prepared(database_url)
    Store(engine, Clock(small.as_of)).load(small, LOADER)
    yield lambda days: Store(engine, Clock(small.as_of + dt.timedelta(days=days)), day_figures)
    engine.dispose()


def renamed(store: Store, name: str) -> None:
    """The one area gets another name, which is a change of the county as any other."""
    with store.change(LOADER) as change:
        change.put("areas", "A1", change.state.stock["areas"]["A1"].body | {"name": name})


def seen(store: Store) -> tuple[int, bool]:
    """The version of the close, and whether its area has the name that it was loaded with."""
    close = store.day_close()
    return close.version, b"Larkmere and Villages" in closed_areas(close, 5)["A1"]


def test_it_is_what_the_day_began_with_whoever_looks_first_and_whenever(on: Callable[[int], Store]) -> None:
    first = on(0)
    renamed(first, "Sedge")
    assert first.state().version == 2
    assert seen(first) == seen(on(0)) == (1, True), "kept before the first change, and read by another process"
    renamed(first, "Alder Fen")
    assert seen(first) == seen(on(0)) == (1, True)
    later = on(1)
    assert seen(later) == (3, False)
    renamed(later, "Larkmere and Villages")
    assert seen(later) == seen(on(1)) == (3, False)
    assert seen(on(0)) == (3, False), "a clock that was set back makes no second close"


def test_a_close_of_a_wrong_clock_holds_until_the_clock_is_confirmed_and_a_new_day_begins(on: Callable[[int], Store]) -> None:
    """It showed the next year for a moment. What was kept then is today's once it is confirmed; tomorrow has its own."""
    renamed(on(0), "Sedge")
    assert seen(on(400)) == (2, False)
    running, other = on(1), on(1)
    assert seen(running) == seen(other) == (2, False)
    with running.change(LOADER) as change:
        change.confirm_clock()
        change.put("areas", "A1", change.state.stock["areas"]["A1"].body | {"name": "Larkmere and Villages"})
    for store in (running, other, on(1)):
        assert (seen(store), store.day_close().day) == ((2, False), store.clock.today()), "nothing is told of today's change"
    assert seen(on(2)) == (3, True)


def test_what_was_rolled_back_is_kept_by_the_next_change(on: Callable[[int], Store]) -> None:
    store = on(0)
    with pytest.raises(ZeroDivisionError), store.change(LOADER):
        raise ZeroDivisionError
    renamed(store, "Sedge")
    assert seen(on(0)) == (1, True)


def test_no_change_fails_for_the_sake_of_the_close(on: Callable[[int], Store]) -> None:
    def broken(_: State) -> bytes:
        raise ZeroDivisionError

    plain = on(0)
    store = Store(plain.engine, plain.clock, broken)
    renamed(store, "Sedge")
    with pytest.raises(ZeroDivisionError):
        store.day_close()
    store.begin_day()  # as each tick does: what time ends is looked for all the same
    assert plain.state().version == 2


@pytest.mark.parametrize("first", [lambda store: renamed(store, "Sedge"), Store.day_close], ids=["a change", "a reader"])
def test_nobody_waits_while_the_figures_are_worked_out(empty: Path, tmp_path: Path, small: Snapshot, first: Any) -> None:
    """Somebody else can write meanwhile; the close is kept all the same, of the county as it was before the change."""
    url = f"sqlite:///{shutil.copy(empty, tmp_path / 'county.db')}"
    wrote = []

    def figures(state: State) -> bytes:
        with writing(open_database(url, Patience(lock=0))):
            wrote.append(state.version)
        return day_figures(state)

    store = Store(open_database(url), Clock(small.as_of), figures)
    store.load(small, LOADER)
    first(store)
    assert wrote == [1]
    assert seen(Store(store.engine, store.clock, figures)) == (1, True)
    store.engine.dispose()


def test_counts_are_withheld_by_the_setting_of_the_moment(on: Callable[[int], Store]) -> None:
    """Six wait in the three villages: told to the nearest three, and not at all where fewer than seven are too few."""
    close = on(0).day_close()
    assert b'"unmet_people":null' in closed_areas(close, 5)["A1"]
    assert b'"unmet_people":6' in closed_areas(close, 0)["A1"]
    assert b'"counts_to_the_nearest":3' in closed_groups(close, 3)
    assert b'"groups":[]' in closed_groups(close, 7)
