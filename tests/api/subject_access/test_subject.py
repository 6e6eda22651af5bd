"""What a person gets: everything of theirs, nothing of anybody else, and staff as the setting says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select, update

from api.acts.act import Caller
from api.clock import Clock
from api.forgetting.acts import forget
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage import table_schema
from api.storage.audit import WHOLE_COUNTY, Actor
from api.storage.database import open_database, reading, writing
from api.subject_access.acts import write_out
from api.subject_access.held_in_words import facts
from api.subject_access.page import text_of
from api.subject_access.third_parties import ANOTHER, LEFT_OUT, SOMEBODY, covered, of_the_person
from api.subject_access.who import Who, who_is
from optimiser.domain.snapshot import Snapshot
from tests.api.forgetting.test_forgetting import ADMIN, SECRET, add_run, end
from tests.api.runs.working import calling
from tests.commands.running import run

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHO = Who("N1", frozenset({"N1"}), frozenset({"N1", "V1"}), frozenset({"N2", "V2", "P 7", "12"}))


def written(store: Store, package_id: str = "N1", **settings: Any) -> dict[str, Any]:
    by = calling(store, ADMIN)
    if settings:
        by = Caller(Service.of(by.settings.model_copy(update=settings), store), ADMIN)
    record = write_out(by, package_id)
    assert record is not None
    return record


@pytest.mark.parametrize(
    ("stored", "of_them"),
    [
        ({"placed": {"N1": {"to": "ALDER"}, "N2": {"to": "BIRCH"}}}, {"placed": {"N1": {"to": "ALDER"}}}),
        ({"steps": [{"package_id": "N1", "to": "A"}, {"package_id": "N2", "to": "B"}], "levels": [1]},
         {"steps": [{"package_id": "N1", "to": "A"}]}),
        ({"package_ids": ["N2", "N1"]}, {"package_ids": ["N1"]}),
        ({"package_id": "N1", "before_her": [{"name": "N2", "hours": 3}], "why": "N2 came first"},
         {"package_id": "N1", "why": f"{ANOTHER} came first"}),
        ({"package_id": "N1", "hours_per_week": "12", "reason": "12 was told"},
         {"package_id": "N1", "hours_per_week": "12", "reason": f"{ANOTHER} was told"}),
        ({"package_id": "N2", "why": "N2 went to ALDER"}, None),
        ({"package_id": "N1", "gave_way_to": "N2", "proven": True}, {"package_id": "N1", "gave_way_to": ANOTHER, "proven": True}),
        ({"package_id": "N1", "partner": {"package_id": "N2", "skills": "dementia"}}, {"package_id": "N1"}),
    ],
)  # fmt: skip
def test_of_what_tells_of_several_the_persons_part_is_kept(stored: Any, of_them: Any) -> None:
    assert of_the_person(stored, WHO) == of_them


def test_ids_of_others_are_covered_as_words() -> None:
    assert covered("N2, N21 and P 7; V2.", WHO) == f"{ANOTHER}, N21 and {ANOTHER}; {ANOTHER}."


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ("deciders", {"decided_by": "Sue Worker", "recorded_by": SOMEBODY, "given_by": "self", "start_by": "2026-11-25"}),
        ("nobody", {"decided_by": SOMEBODY, "recorded_by": SOMEBODY, "given_by": "self", "start_by": "2026-11-25"}),
        ("all", {"decided_by": "Sue Worker", "recorded_by": "Sam Planner", "given_by": "self", "start_by": "2026-11-25"}),
    ],
)
def test_staff_are_named_as_the_setting_says(names: str, shown: dict[str, str]) -> None:
    stored = {"decided_by": "Sue Worker", "recorded_by": "Sam Planner", "given_by": "self", "start_by": "2026-11-25"}
    assert [fact.held for fact in facts(stored, names)] == list(shown.values())


def test_cells_of_somebody_else_are_left_out_and_own_words_are_marked() -> None:
    stored = {"can_step_in": "Her son Tom", "holds": "Tom comes", "priority": "urgent", "extra": {"key": "4711"}, "skills": ""}
    told = {fact.what: (fact.held, fact.own_words) for fact in facts(stored, "all")}
    assert told == {
        "can step in": (LEFT_OUT, False),
        "what holds until care begins": ("Tom comes", True),
        "priority": ("urgent", False),
        "in the council's own columns: key": ("4711", True),
    }


def test_what_a_rule_has_found_is_its_sentence() -> None:
    stored = {"findings": [["skills", False, "dementia", "none", "", "Nobody there is trained in it."], ["area", True, "In A1."]]}
    assert [(fact.what, fact.held) for fact in facts(stored, "all")] == [
        ("findings: 1", "Nobody there is trained in it."),
        ("findings: 2", "In A1."),
    ]


@SQLITE
def test_what_a_program_wrote_is_nobodys_own_words_but_what_it_was_asked_is(store: Store) -> None:
    told = {"package_id": "N1", "reason": "Placed with the principal, as it had room."}
    add_run(store, "R9", orjson.dumps(told))
    with writing(store.engine) as connection:
        asked = orjson.dumps({"pins": [{"package_id": "N1", "reason": "Her sister asked for it"}]}).decode()
        connection.execute(update(table_schema.runs).values(settings=asked))
    found = {fact["held"]: fact["own_words"] for section in written(store)["sections"] for item in section["items"]
             for fact in item["facts"]}  # fmt: skip
    assert not found["Placed with the principal, as it had room."]
    assert found["Her sister asked for it"]


@SQLITE
def test_everything_of_a_person_is_written_and_nothing_of_others(store: Store) -> None:
    planner = Actor("Pat Planner (0a1b)", "planner")
    with store.change(planner) as change:
        body = change.state.stock["packages"]["N1"].body
        change.put("packages", "N1", body | {"extra": {"our_note": "likes tea, as N2 does"}})
        change.put("restrictions", "X1", change.state.stock["restrictions"]["X1"].body | {"reason": "complaint by N1"})
        change.remember("package.change", "packages", "N1", {"after": {"priority": "urgent"}})
        change.remember("unmet.list", "packages", details={"package_ids": ["N1", "N2"]})
        change.remember("run.result.read", "runs", "R1", {WHOLE_COUNTY: 1})
        change.remember("unmet.list", "packages", details={"package_ids": ["N2"]})
    text = text_of(written(store))
    for expected in (
        "likes tea, as [another person] does",
        "complaint by N1",
        "a planner: ",
        "(everybody was shown)",
        "priority: urgent",
    ):
        assert expected in text, expected
    assert "Pat Planner" not in text
    others = set(store.state().stock["packages"]) - {"N1"}
    words = set(text.replace(",", " ").replace(";", " ").replace(".", " ").split())
    assert not words & others
    assert text.count("unmet: list") == 1
    assert "Pat Planner (0a1b)" in text_of(written(store, subject_staff_names="all"))


def test_two_counties_that_differ_in_others_alone_give_a_person_the_same_copy(
    empty: Path, small: Snapshot, tmp_path: Path
) -> None:
    def copy_of(other: str, told: dict[str, str]) -> str:
        """Where somebody else has another id, place, hours and protection, and was asked about by other staff."""
        shutil.copy(empty, tmp_path / f"{other}.db")
        engine = open_database(f"sqlite:///{tmp_path / other}.db")
        there = Store(engine, Clock(small.as_of))
        there.load(small, ADMIN)
        with there.change(Actor(f"Pat {other} (0a1b)", "planner")) as change:
            body = {**change.state.stock["packages"]["N2"].body, **told, "package_id": other}
            change.put("packages", other, body)
            change.remember("package.add", "packages", other, {"package": body})
            change.remember("unmet.list", "packages", details={"package_ids": ["N1", other], "near": [[other, told["latitude"]]]})
        rows = {"steps": [{"package_id": "N1", "to": "ALDER"}, {"package_id": other, **told}], "placed": {other: told, "N1": {}}}
        add_run(
            there, "R1", orjson.dumps(rows | {"package_id": "N1", "before": {"name": other, **told}, "near": [[other, 7, told]]})
        )
        text = text_of(written(there))
        engine.dispose()
        return re.sub(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", "a moment", text)

    one = copy_of("Q2", {"latitude": "52.11", "hours_per_week": "14", "protected": "partner"})
    assert "Q2" not in one
    assert one == copy_of("Z77", {"latitude": "52.99", "hours_per_week": "7", "protected": "end_of_life"})
    assert "to: ALDER" in one


@SQLITE
def test_a_persons_parts_and_what_came_after_are_theirs(store: Store) -> None:
    with store.change(ADMIN) as change:
        packages = change.state.stock["packages"]
        change.put("packages", "N1-P1", packages["N1"].body | {"package_id": "N1-P1", "part_of": "N1", "extra": {"a": SECRET}})
        change.remember("package.add", "packages", "N3", {"onward_of": "N1-P1"})
    with reading(store.engine) as connection:
        who = who_is(connection, store.state(), "N3")
    assert who is not None
    assert {"N1", "N1-P1", "N3"} <= who.package_ids
    assert not {"N1", "N1-P1", "N3"} & who.others
    assert "N2" in who.others
    assert SECRET in text_of(written(store, "N3"))


@SQLITE
def test_of_whoever_has_ended_it_is_all_there_and_of_whoever_is_forgotten_nothing(store: Store) -> None:
    end(store, "N1")
    assert SECRET in text_of(written(store))
    forget(calling(store, ADMIN), ["N1"])
    before = store.state()
    for nobody in ("N1", "N99", "x" * 5_000):
        assert write_out(calling(store, ADMIN), nobody) is None
    with reading(store.engine) as connection:
        entry = table_schema.audit.c
        reads = connection.execute(select(entry.subject).where(entry.action == "subject.read")).scalars().all()
        assert reads == [None], "of the one that there was it is destroyed of whom; of whom nobody knows none is written"
    assert store.state().version == before.version


@SQLITE
def test_the_command(
    store: Store, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("OPTIMISER_AS_OF", store.state().as_of.isoformat())
    out = tmp_path / "N1.txt"
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "nightly.json").write_text('{"waiting": [{"package_id": "N1", "days": 7}]}', encoding="utf-8")
    done = run(capsys, "subject", "N1", "--out", out, "--files", tmp_path / "report")
    assert (done.code, out.stat().st_mode & 0o777) == (0, 0o600), done.err
    text = out.read_text(encoding="utf-8")
    assert "report/nightly.json" in text
    assert "days: 7" in text
    assert run(capsys, "subject", "N1", "--out", out).code == 2, "nothing is overwritten"
    (tmp_path / "leads-nowhere").symlink_to(tmp_path / "none-such" / "N1.txt")
    failed = run(capsys, "subject", "N1", "--out", tmp_path / "leads-nowhere")
    assert (failed.code, failed.out) == (2, "")
    assert "leads-nowhere cannot be written: File exists." in failed.err
    assert "Before it goes out" not in failed.err
    assert orjson.loads(run(capsys, "subject", "N1", "--json").out)["package_id"] == "N1"
    assert run(capsys, "subject", "N99").code == 2
    refused = [
        ("--correction", "wrong"),
        ("--correction", "wrong", "--objection", "no", "--asked-of", "Sam Planner"),
        ("--close", "Q-1"),
        ("--done", "it"),
        ("--asked-of", "Sam Planner"),
        ("--objection", "no", "--asked-of", "Sam Planner", "--out", str(tmp_path / "x")),
        ("--correction", "", "--asked-of", "Sam Planner"),
        ("--close", "Q-1", "--outcome", "changed", "--done", "it"),
        ("--files", str(tmp_path / "none-such")),
    ]
    for arguments in refused:
        assert run(capsys, "subject", "N1", *arguments).code == 2, arguments
    recorded = run(capsys, "subject", "N1", "--correction", "It is the left hand.", "--asked-of", "Sam Planner", "--json")
    request = orjson.loads(recorded.out)
    closed = run(capsys, "subject", "N1", "--close", request["request_id"], "--outcome", "changed", "--done", "Put right.")
    assert (closed.code, "changed" in closed.out) == (0, True)
    told = run(capsys, "subject", "N1")
    assert "  * said: It is the left hand.\n" in told.out
    marked = sum(line.startswith("  * ") for line in told.out.splitlines())
    assert f"read the {marked} line(s) marked *" in told.err


def test_a_setting_of_another_word_is_refused() -> None:
    with pytest.raises(ValueError, match="subject_staff_names"):
        Settings(subject_staff_names="some")
