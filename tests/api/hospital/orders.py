"""Notices, offers and answers in random orders, as a model that hypothesis drives: after each step the county is as it has to be.

The model knows of each case the notices alone, and reads them its own way: by the hospital's time, the last that says anything.
"""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from api.acts.act import Caller
from api.answers import acts as answers
from api.answers.schemas import NewAnswer
from api.care import acts as care
from api.care.schemas import Start
from api.hospital import acts as hospital
from api.hospital.cases import own_package_id
from api.hospital.schemas import Notice
from api.http.errors import Problem
from api.offers import acts as offers
from api.offers.schemas import Answer, Ask
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.audit import Actor
from api.storage.database import open_database, reading
from tests.api.databases import prepared
from tests.making import AS_OF, DEREHAM, days, framework, legacy, noon, principal, snapshot

PLANNER = Actor("Pat Planner", "planner")
CASES = ("C1", "C2", "C3")
PROVIDERS = ("ALDER", "BRACKEN", "DOCK")
NEEDS: dict[str, Any] = {**DEREHAM._asdict(), "area_id": "A1", "hours_per_week": 5, "visits_per_week": 5, "workers": 1}
REFUSALS = {
    "not_found", "nobody_to_ask", "offers_waiting", "already_placed", "already_answered", "may_not_be_asked", "no_room",
    "not_in_this_state", "answer_needed",
}  # fmt: skip
"""What may be said to somebody who tries what is not possible at the moment; anything else is a fault."""


def migrated(folder: Path) -> Path:
    """A database with tables and nothing in them, to be copied."""
    file = folder / "empty.db"
    engine = prepared(f"sqlite:///{file}")
    engine.dispose()
    return file


class Orders(RuleBasedStateMachine):
    """One county, three cases of a hospital's, and a planner."""

    empty: Path
    """A database to copy (``migrated``); set by whoever runs it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="orders", dir="/tmp"))
        shutil.copy(self.empty, self.folder / "county.db")
        settings = Settings(database_url=f"sqlite:///{self.folder / 'county.db'}", as_of=AS_OF, tick_seconds=0)
        self.store = Store(open_database(settings.database_url), settings.clock)
        self.store.load(snapshot([], [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")], areas=[]), PLANNER)
        self.service = Service.of(settings, self.store)
        self.by = Caller(self.service, PLANNER)
        self.heard: dict[str, dict[str, Notice]] = {case: {} for case in CASES}
        self.refused: dict[str, set[str]] = defaultdict(set)
        self.begun: set[str] = set()
        self.numbers = itertools.count()

    @initialize(case=st.sampled_from(CASES))
    def somebody_is_assessed(self, case: str) -> None:
        self.hear(case, "assessment", 0)

    @rule(case=st.sampled_from(CASES), kind=st.sampled_from(["assessment", "discharge", "changed"]), hour=st.integers(0, 40))
    def a_notice_comes(self, case: str, kind: str, hour: int) -> None:
        self.hear(case, kind, hour)

    @rule(case=st.sampled_from(CASES), hour=st.integers(0, 40))
    def a_withdrawal_comes(self, case: str, hour: int) -> None:
        self.hear(case, "withdrawn", hour)

    @precondition(lambda self: any(self.heard.values()))
    @rule(data=st.data())
    def a_notice_comes_again(self, data: st.DataObject) -> None:
        said = data.draw(st.sampled_from([each for notices in self.heard.values() for each in notices.values()]))
        before = self.store.state().stock
        hospital.take_in(self.by, said)
        after = self.store.state().stock
        assert all(after[kind] == before[kind] for kind in ("packages", "visits", "offers", "hospital_cases")), "the same again"

    @rule(case=st.sampled_from(CASES))
    def the_next_is_asked(self, case: str) -> None:
        self.trying(lambda: offers.ask(self.by, own_package_id(case), Ask()))

    @precondition(lambda self: self.waiting())
    @rule(data=st.data(), response=st.sampled_from(["accepted", "accepted", "declined"]))
    def a_provider_answers(self, data: st.DataObject, response: str) -> None:
        said = Answer.model_validate({"response": response, **({"reason": "no_capacity"} if response == "declined" else {})})
        self.trying(lambda: offers.answer(self.by, data.draw(st.sampled_from(self.waiting())), said, None))

    @rule(case=st.sampled_from(CASES), provider=st.sampled_from(PROVIDERS), said=st.sampled_from(["yes", "yes", "no"]))
    def the_person_answers(self, case: str, provider: str, said: str) -> None:
        given = NewAnswer.model_validate({"provider_id": provider, "answer": said, "given_by": "self"})
        if self.trying(lambda: answers.record(self.by, own_package_id(case), given)):
            (self.refused[case].add if said == "no" else self.refused[case].discard)(provider)

    @rule(case=st.sampled_from(CASES))
    def care_begins(self, case: str) -> None:
        if self.trying(lambda: care.start(self.by, own_package_id(case), Start())):
            self.begun.add(case)

    def hear(self, case: str, kind: str, hour: int) -> None:
        """A new notice of a case, sent so many hours after noon three days ago, whenever it comes."""
        number = next(self.numbers)
        tells: dict[str, dict[str, Any]] = {
            "assessment": {"needs": NEEDS | {"hours_per_week": 5 + number % 3}},
            "discharge": {"discharge_on": str(days(1 + number % 5))},
            "changed": {"needs": NEEDS | {"hours_per_week": 6 + number % 3}, "discharge_on": str(days(2 + number % 5))},
            "withdrawn": {},
        }
        sent = noon(-3) + dt.timedelta(hours=hour, minutes=number % 60)
        said = Notice.model_validate(
            {"notice_id": f"n{number}", "case_ref": case, "kind": kind, "sent_at": sent.isoformat(), **tells[kind]}
        )
        hospital.take_in(self.by, said)
        self.heard[case][said.notice_id] = said

    def trying(self, deed: Any) -> bool:
        """Do what may be impossible at the moment; whether it was possible."""
        try:
            deed()
        except Problem as problem:
            assert problem.code in REFUSALS, problem
            return False
        return True

    def waiting(self) -> list[str]:
        """The offers that wait for an answer, by what they are: their ids are drawn by the service."""
        pending = [each for each in self.store.state().snapshot.offers if not each.response]
        return [each.offer_id for each in sorted(pending, key=lambda each: (each.package_id, each.contract_id))]

    def told(self, case: str) -> tuple[bool, Any, Any]:
        """Whether a case is withdrawn, its hours and its day, read from the notices by the hospital's time alone."""
        notices = sorted(self.heard[case].values(), key=lambda each: (each.sent_at, each.kind == "withdrawn", each.notice_id))
        hours = [each.needs.hours_per_week for each in notices if each.needs]
        leaves = [each.discharge_on for each in notices if each.discharge_on]
        return notices[-1].kind == "withdrawn", hours[-1] if hours else None, leaves[-1] if leaves else None

    @invariant()
    def each_case_has_the_one_request_that_its_notices_ask_for(self) -> None:
        state = self.store.state()
        expected: dict[str, tuple[Any, Any] | None] = {}
        for case in CASES:
            if not self.heard[case]:
                continue
            withdrawn, hours, leaves = self.told(case)
            if case in self.begun:
                expected[own_package_id(case)] = None
            elif not withdrawn and hours is not None:
                expected[own_package_id(case)] = (hours, leaves)
        there = {each.package_id: each for each in state.snapshot.packages}
        assert there.keys() == expected.keys(), "one request a case: none twice, and nobody dropped"
        for package_id, asked in expected.items():
            person = there[package_id]
            leaves_on = None if person.start_by is None else person.start_by.isoformat()
            assert asked is None or asked == (person.minutes_per_week / 60, leaves_on)

    @invariant()
    def no_offer_is_alive_after_a_withdrawal(self) -> None:
        alive = {each.package_id for each in self.store.state().snapshot.offers if each.response in ("", "accepted")}
        for case in CASES:
            if self.heard[case] and self.told(case)[0] and case not in self.begun:
                assert own_package_id(case) not in alive

    @invariant()
    def nobody_is_asked_twice_at_once_nor_whom_the_person_refused(self) -> None:
        state = self.store.state()
        for case in CASES:
            mine = [each for each in state.snapshot.offers if each.package_id == own_package_id(case)]
            asked = [state.stock["contracts"][each.contract_id].record.provider_id for each in mine if not each.response]
            accepted = [state.stock["contracts"][e.contract_id].record.provider_id for e in mine if e.response == "accepted"]
            assert len(asked) == len(set(asked))
            assert len(accepted) <= 1
            if case not in self.begun:
                assert not self.refused[case] & {*asked, *accepted}

    @invariant()
    def whoever_is_no_longer_asked_for_is_told_of(self) -> None:
        state = self.store.state()
        assert set(state.stock["hospital_cases"]) == {case for case in CASES if self.heard[case]}
        alerted = {body.body["package_id"] for body in state.stock["alerts"].values() if body.body["kind"] == "hospital_withdrew"}
        with reading(self.store.engine) as connection:
            assert not list(audit.verify(connection))
            ends = select(table_schema.audit.c.subject).where(table_schema.audit.c.action == "package.end")
            ended = set(connection.execute(ends).scalars())
        assert ended <= alerted

    def teardown(self) -> None:
        self.service.close()
        self.store.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)
