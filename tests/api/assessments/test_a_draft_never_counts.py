"""Whatever is done to assessments before one is published: no answer of the cascade, no area, no export is another by it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.acts.act import Caller
from api.cascade.answers import cascade_body
from api.clock import Clock
from api.http.errors import Problem
from api.overview.answers import area_bodies
from api.service import Service
from api.settings import Settings
from api.state.state import State
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import open_database
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import snapshot_files
from tests.api.assessments.drawn import drawn_step
from tests.api.records.test_random_lives import faults_of
from tests.making import AS_OF
from tests.making.drawn import snapshots


def everything_told(state: State) -> Any:
    """What a planner reads, and what is exported; but for the county's version, which counts every change of anything."""
    state = replace(state, version=1)
    cascades = [cascade_body(state, each.package_id, Settings()) for each in state.county.packages]
    return cascades, area_bodies(state, restrictions=True), snapshot_files(state.snapshot)


@settings(max_examples=10, deadline=None)
@given(snapshots().filter(lambda drawn: not faults_of(drawn)), st.data())
def test_no_draft_ever_changes_an_answer(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, start: Snapshot, data: st.DataObject
) -> None:
    address = f"sqlite:///{shutil.copy(empty, tmp_path_factory.mktemp('drafts') / 'county.db')}"
    store = Store(open_database(address), Clock(AS_OF))
    store.load(start, Actor("Ada Admin", "admin"))
    by = Caller(Service.of(Settings(database_url=address, as_of=AS_OF), store), Actor("Quinn Quality", "quality"))
    told = everything_told(store.state())
    for _ in range(9):
        try:
            data.draw(st.composite(drawn_step)(by))()
        except Problem:
            continue
        assert everything_told(store.state()) == told
    by.service.close()
    store.engine.dispose()
