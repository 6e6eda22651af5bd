"""The night from the database, over real HTTP: its plan is a run whose steps become offers without another."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from api.forgetting.acts import forget
from api.http.errors import Problem
from api.nights import acts
from api.nights.keeping import Asked, NotKeptError, queue_stress
from api.runs.for_programs import for_programs
from api.runs.stored_runs import newest_result, page_of_runs
from api.state.store import Store
from api.storage import table_schema
from api.storage.audit import Actor
from api.storage.database import NoDatabaseError, reading, writing
from optimiser.__main__ import main
from optimiser.domain.snapshot import Snapshot
from optimiser.reoptimising.story import reoptimise
from tests.api.desk import Desk, code_of, desk
from tests.api.runs.working import calling, claimed, work_here
from tests.making import days, framework, noon, offer, package, principal, provider, snapshot

Json = dict[str, Any]
ADMIN = Actor("Ada Admin", "admin")


def small() -> Snapshot:
    """ALDER has the only carers trained in dementia care, and R1, who needs none, in the five hours that it may give."""
    contracts = [principal("ALDER", max_hours_4w=Fraction(20)), framework("BRACKEN", max_hours_4w=Fraction(60))]
    people = [
        package("N1", skills=("dementia",), priority="urgent"),
        package("N2"),
        package("N3", previous_contract_id="F-BRACKEN", held_until=days(3)),
        package("R1", contract_id="P-ALDER", transfer_decision="suitable"),
    ]
    offers = [offer("N2", "F-BRACKEN", offered_at=noon(-1))]
    return snapshot(people, contracts, providers=[provider("ALDER", skills=("dementia",))], offers=offers)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("night")


@pytest.fixture(scope="module")
def at(place: Path) -> Iterator[Desk]:
    """The county on a planner's desk, and in the environment of commands."""
    address = f"sqlite:///{place / 'county.db'}"
    with pytest.MonkeyPatch.context() as patch, desk(address, small(), run_workers=0) as found:
        patch.setenv("DATABASE_URL", address)
        patch.setenv("OPTIMISER_AS_OF", str(days(0)))
        yield found


@pytest.fixture(scope="module")
def first(at: Desk, place: Path) -> Json:
    """A night, made before any other; what the command says of it."""
    assert not at.state().stock["alerts"]
    return night(place / "nights", "--no-stress", "--ids")


def night(out: Path, *more: str) -> Json:
    said = io.StringIO()
    with redirect_stdout(said):
        assert main(["nightly", "--out", str(out), "--quiet", "--json", *more]) == 0
    printed = said.getvalue()  # with lines of the server's log, which runs in this process
    record: Json = json.JSONDecoder().raw_decode(printed, printed.index("{\n"))[0]
    return record


def report_in(out: Path) -> Json:
    record: Json = json.loads((out / "latest" / "nightly.json").read_bytes())
    return record


def contents(out: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in (out / "latest").iterdir() if each.name != "run.json"}


def test_the_same_night_made_again_is_the_same_run_byte_for_byte(at: Desk, place: Path, first: Json, tmp_path: Path) -> None:
    again = night(tmp_path / "again", "--no-stress", "--ids")
    assert first["stored_run"] == again["stored_run"]
    assert contents(place / "nights") == contents(tmp_path / "again")
    assert len(at.client.get("/v1/runs").json()["items"]) == 1
    assert len(at.client.get("/v1/trends").json()["items"]) == 1


def test_the_report_tells_what_the_service_alone_knows(place: Path, first: Json) -> None:
    """N2's offer was made on Sunday and has two working days: until Tuesday, tomorrow, at five."""
    record = report_in(place / "nights")
    lapsing = [(each["package_id"], each["answer_by"], each["contract_id"]) for each in record["offers_lapsing"]]
    assert lapsing == [("N2", "2026-11-24 17:00", "F-BRACKEN")]
    assert [(each["package_id"], each["in_days"]) for each in record["holds"]] == [("N3", 3)]
    assert record["trend"]["unmet_people"] == [["2026-11-23", 2]]
    assert (record["stored_run"], record["resilience"]) == (first["stored_run"], None)


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OperationalError("", {}, Exception()), "the database cannot be reached or written to (OperationalError)."),
        (
            OperationalError("", {}, NoDatabaseError("there is no such file")),
            "county.db: there is no such file. Nothing was changed.",
        ),
        (Problem("forbidden", "Your key ended."), "Your key ended."),
    ],
    ids=["whatever it is", "away", "a key that ended meanwhile"],
)
def test_the_morning_has_its_report_where_the_plan_cannot_be_kept(
    at: Desk,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    told: str,
) -> None:
    """And the next run makes it anew: the facts of this one do not count as told."""

    def cannot_be_kept(*_: object) -> None:
        raise failure

    assert at.state().version
    with monkeypatch.context() as broken:
        broken.setattr(acts, "keep_run", cannot_be_kept)
        assert night(tmp_path / "nights", "--no-stress")["stored_run"] is None
    assert f"{told} Make the report again.\n" in capsys.readouterr().err
    assert json.loads((tmp_path / "nights" / "latest" / "facts.json").read_bytes())["complete"] is False


def test_failures_are_tried_by_a_run_and_told_the_next_time(at: Desk, tmp_path: Path) -> None:
    other = night(tmp_path / "nights", "--max-moves", "0")
    settings = at.client.get(f"/v1/runs/{other['stored_run']['run_id']}").json()["settings"]
    assert settings["policy"] == {"max_moves": 0}
    with at.store.change(ADMIN) as change:
        queue_stress(change)
    waiting = [each for each in at.client.get("/v1/runs").json()["items"] if each["kind"] == "stress"]
    assert [each["status"] for each in waiting] == ["queued"], "once a day"
    work_here(at.store, claimed(at.store))
    run_id = waiting[0]["run_id"]
    result = at.client.get(f"/v1/runs/{run_id}/result").json()
    assert [each["provider_ids"] for each in result["result"]["failures"]] == [["BRACKEN"], ["ALDER"]], "R1 could go to BRACKEN"
    assert (result["proposals"], result["stopped"]) == ([], "no")
    asked = {"plan_digest": result["plan_digest"], "package_ids": "all"}
    assert code_of(at.client.post(f"/v1/runs/{run_id}/apply", json=asked)) == (409, "nothing_to_apply")
    with at.served.client("job") as job:
        assert code_of(job.get(f"/v1/runs/{run_id}/result")) == (403, "forbidden"), "it is another's"
    program = orjson.loads(for_programs(at.client.get(f"/v1/runs/{run_id}/result").content))
    assert "failures" not in program["result"]
    kept = acts.read(calling(at.store, ADMIN)).watch.stress
    assert kept is not None
    assert (kept["as_of"], len(kept["failures"])) == ("2026-11-23", 2), "which the next report shows"


def test_the_steps_of_a_night_become_offers_without_another_run(at: Desk, first: Json) -> None:
    stored = first["stored_run"]
    address = f"/v1/runs/{stored['run_id']}"
    found = at.client.get(address).json()
    assert (found["kind"], found["status"], found["plan_digest"]) == ("reoptimise", "succeeded", stored["plan_digest"])
    assert (found["settings"]["policy"], found["settings"]["nightly"]["moved_share_limited"]) == ({}, False)
    steps = {each["package_id"]: each["step"] for each in at.client.get(f"{address}/result").json()["proposals"]}
    assert steps == {"N1": 2, "N2": None, "N3": 1, "R1": 2}
    assert at.client.get(f"{address}/explanations/N1").json()["contract_id"] == "P-ALDER"
    asked = {"plan_digest": stored["plan_digest"], "steps": [1]}
    applied = at.client.post(f"{address}/apply", json=asked).json()
    assert [(each["package_id"], each["contract_id"]) for each in applied["applied"]] == [("N3", "F-BRACKEN")]
    moves = asked | {"steps": [2], "social_work_decisions": {"R1": "decision SW-17 of 20 November"}}
    together = at.client.post(f"{address}/apply", json=moves).json()
    assert {each["package_id"] for each in together["applied"]} == {"R1", "N1"}
    assert at.client.post(f"{address}/apply", json=asked).json()["applied"][0]["before"] is True
    told = [(each["action"], each["actor"]) for each in at.trail() if each["subject"] == stored["run_id"]]
    assert [action for action, _ in told[:2]] == ["run.request", "run.succeeded"]
    assert all(actor.endswith("(command line)") for _, actor in told[:2])


def test_a_sweep_ends_when_it_is_told_to_and_is_the_countys_only_with_its_own_policy(at: Desk) -> None:
    for key, policy in (("a", {}), ("b", {"max_moves": 3})):
        asked = {"kind": "stress", "settings": {"wall_seconds": 0, "stress": {"worst": 0}, "policy": policy}}
        run_id = at.client.post("/v1/runs", json=asked, headers={"Idempotency-Key": key}).json()["run_id"]
        work_here(at.store, claimed(at.store))
        result = at.client.get(f"/v1/runs/{run_id}/result").json()
        assert (result["stopped"], result["result"]["complete"]) == ("wall", False)
        with reading(at.store.engine) as connection:
            newest = newest_result(connection, "stress")
        assert newest is not None
        assert (orjson.loads(newest)["run_id"] == run_id) is (key == "a")


def test_nobody_who_was_forgotten_meanwhile_is_written_down_again(store: Store) -> None:
    """The three villages, on both kinds of database."""
    by = calling(store, ADMIN)
    county = acts.read(by)
    made = reoptimise(county.state.snapshot)
    with store.change(ADMIN) as change:
        for visit_id, stored in change.state.stock["visits"].items():
            if stored.body["package_id"] == "N3":
                change.remove("visits", visit_id)
        change.remove("packages", "N3")
        change.remember("package.end", "packages", "N3", {"reason": "an end", "package": {}})
    counts = county.watch.trend[-1]
    assert acts.keep(by, made, county.state.version, counts, Asked(), stress=False).run_id, "an end forgets nobody"
    with writing(store.engine) as connection:
        for table in (table_schema.run_explanations, table_schema.run_events, table_schema.runs):
            connection.execute(delete(table))
    forget(by, ["N3"])
    with pytest.raises(NotKeptError, match="forgotten meanwhile"):
        acts.keep(by, made, county.state.version, counts, Asked(), stress=False)
    with reading(store.engine) as connection:
        assert page_of_runs(connection, None, 10) == []
    for role in ("planner", "job", "transition"):
        with pytest.raises(Problem, match="This needs the role admin"):
            acts.read(calling(store, replace(ADMIN, role=role)))
