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
from api.assessments import acts
from api.assessments.schemas import CorrectionAnswer, Draft, Fix, NewCorrection, OpenAssessment, Send, Withdraw
from api.cascade.answers import cascade_body
from api.clock import Clock
from api.http.errors import Problem
from api.overview.answers import area_bodies
from api.service import Service
from api.settings import Settings
from api.state.state import State
from api.state.store import Store
from api.state.stored_records import ASSESSMENTS, assessment_of
from api.storage.audit import Actor
from api.storage.database import open_database
from optimiser.domain.assessments import STATES
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import snapshot_files
from optimiser.io.schema import PAMMS_RATINGS
from tests.api.records.test_random_lives import faults_of
from tests.making import AS_OF, days
from tests.making.drawn import mostly, snapshots


def everything_told(state: State) -> Any:
    """What a planner reads, and what is exported; but for the county's version, which counts every change of anything."""
    state = replace(state, version=1)
    cascades = [cascade_body(state, each.package_id, Settings()) for each in state.county.packages]
    return cascades, area_bodies(state, None, restrictions=True), snapshot_files(state.snapshot)


IN_ORDER = ("open", "draft", "send", "fix", "told")
ASIDE = ("correct", "answer", "withdraw", "draft", "fix")


def drawn_step(draw: st.DrawFn, by: Caller) -> None:
    """Mostly the next step of an assessment, sometimes another; with some rating, mostly one that bars."""
    state = by.store.state()
    provider_id = draw(st.sampled_from(sorted(state.stock["providers"])[:2]))
    rating, assessment_id = draw(mostly("poor", *PAMMS_RATINGS)), f"PA-{provider_id}"
    stored = state.get(ASSESSMENTS, assessment_id)
    following = IN_ORDER[STATES.index(stored.body["state"]) + 1] if stored and assessment_of(stored.body).is_open else "open"
    steps = {
        "open": lambda: acts.open_assessment(
            by, OpenAssessment(assessment_id=assessment_id, provider_id=provider_id, visited_on=days(-90))
        ),
        "draft": lambda: acts.draft(by, assessment_id, Draft(rating=rating, drafted_on=days(-80)), "*"),
        "send": lambda: acts.send(by, assessment_id, Send(sent_on=days(-80)), "*"),
        "correct": lambda: acts.correct(by, assessment_id, NewCorrection(statement="It is not so."), "*"),
        "answer": lambda: acts.answer(by, assessment_id, 1, CorrectionAnswer(outcome="kept", explanation="It is."), "*"),
        "fix": lambda: acts.fix(by, assessment_id, Fix(rating=rating, reason="drawn"), "*"),
        "told": lambda: acts.read_consequences(Caller(by.service, Actor("Cora Contracts", "contracts")), assessment_id),
        "withdraw": lambda: acts.withdraw(by, assessment_id, Withdraw(reason="drawn"), "*"),
    }
    steps[draw(st.sampled_from([following] * 15 + [*ASIDE]))]()


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
            data.draw(st.composite(drawn_step)(by))
        except Problem:
            continue
        assert everything_told(store.state()) == told
    by.service.close()
    store.engine.dispose()
