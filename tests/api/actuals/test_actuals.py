"""Records of visits: taken once, whole or not at all; corrected, never changed; of whoever is forgotten nothing is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import select, text

from api.actuals.files_sent import KINDS
from api.forgetting.acts import forget, forget_old_workers
from api.storage import audit
from api.storage.database import reading, writing
from api.storage.table_schema import actuals
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER
from tests.api.desk import Desk, Json, code_of, desk
from tests.api.forgetting.test_forgetting import end
from tests.api.runs.working import calling
from tests.tidying.test_records_sheet import PLAIN, rows_of, workbook

FILE = Path("data/three_villages/actuals.csv")
CSV = {"Content-Type": "text/csv"}
XLSX = {"Content-Type": KINDS[1]}
OCTOBER = {"since": "2026-10-26", "until": "2026-11-23"}


@pytest.fixture(scope="module")
def at(small: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The three villages with the four weeks of their records."""
    file = tmp_path_factory.mktemp("visits") / "county.db"
    with desk(f"sqlite:///{file}", small) as made:
        taken = finance(made).post("/v1/actuals/file", content=FILE.read_bytes(), headers=CSV)
        assert taken.json() == {"batch": 1, "taken": 141, "same": 0}, taken.text
        yield made
        while CLIENTS:
            CLIENTS.popitem()[1].close()


CLIENTS: dict[str, httpx.Client] = {}


def signed_in(at: Desk, role: str) -> httpx.Client:
    if role not in CLIENTS:
        CLIENTS[role] = at.served.client(role)
    return CLIENTS[role]


def finance(at: Desk) -> httpx.Client:
    return signed_in(at, "finance")


def record(actual_id: str, **given: Any) -> Json:
    usual = {"package_id": "R4", "date": "2026-11-24", "visit_id": "V06", "planned_start": "2026-11-24T08:15"}
    came = {"arrived": "2026-11-24T08:18", "left": "2026-11-24T09:16", "workers": 1, "outcome": "delivered"}
    return {"actual_id": actual_id, **usual, **came, **given}


def send(at: Desk, *records: Json) -> httpx.Response:
    return finance(at).post("/v1/actuals", json={"items": records})


def listed(at: Desk, **query: str) -> dict[str, Json]:
    return {each["actual_id"]: each for each in finance(at).get("/v1/actuals", params=query).json()["items"]}


def breaks(at: Desk) -> list[str]:
    with reading(at.store.engine) as connection:
        return [each.problem for each in audit.check(connection).breaks]


def test_a_batch_sent_again_is_taken_once_and_another_record_under_its_id_is_refused(at: Desk) -> None:
    sent = finance(at).post("/v1/actuals/file", content=FILE.read_bytes(), headers=CSV)
    assert sent.json() == {"batch": None, "taken": 0, "same": 141}
    as_workbook = finance(at).post("/v1/actuals/file", content=workbook(rows_of(PLAIN[1:])), headers=XLSX)
    assert as_workbook.json() == {"batch": None, "taken": 0, "same": 141}
    broken = finance(at).post("/v1/actuals/file", content=b"no workbook", headers=XLSX)
    assert (code_of(broken), "sent.xlsx" in broken.text) == ((422, "refused"), True)
    entries = len(at.trail())
    first = send(at, record("B1", worker_keys=["b1"]), record("B2", visit_id=None, planned_start="2026-11-24T17:00"))
    assert (first.json()["taken"], first.json()["same"]) == (2, 0)
    again = send(at, record("B1", worker_keys=["b1"]), record("B3", date="2026-11-25"))
    assert (again.json()["taken"], again.json()["same"]) == (1, 1)
    other = send(at, record("B1", left="2026-11-24T09:17"), record("B4", corrects="nothing"), record("B5", outcome="withdrawn"))
    assert code_of(other) == (422, "refused")
    assert len(other.json()["faults"]) == 2
    assert code_of(send(at, record("B1", left="2026-11-24T09:17"), record("B6"))) == (422, "refused")
    assert listed(at, date="2026-11-24").keys() == {"B1", "B2"}, "nothing of what was refused is there"
    taken = [each for each in at.trail() if each["action"] == "actuals.take"]
    assert [orjson.loads(each["details"])["records"] for each in taken][-2:] == [2, 1]
    assert len(at.trail()) > entries
    assert all("R4" not in str(each) for each in taken), "whose visits they are stands with the records alone"
    assert breaks(at) == []


def test_corrections_are_a_chain_over_batches(at: Desk) -> None:
    assert send(at, record("C1"), record("C2", corrects="C1", left="2026-11-24T09:00")).json()["taken"] == 2
    assert send(at, record("C3", corrects="C2", outcome="withdrawn")).json()["taken"] == 1
    twice = send(at, record("C4", corrects="C1"))
    assert twice.status_code == 422
    assert "corrected once" in twice.json()["faults"][0]
    found = listed(at, package_id="R4", date="2026-11-24")
    assert [found[each]["corrected_by"] for each in ("C1", "C2", "C3")] == ["C2", "C3", None]
    assert {found[each]["contract_id"] for each in ("C1", "C2", "C3")} == {"F-BRACKEN"}


def test_odd_ones_are_listed_with_what_they_do_and_no_pseudonym_is_ever_told(at: Desk) -> None:
    answer = finance(at).get("/v1/actuals/odd", params=OCTOBER)
    assert sorted(each["kind"] for each in answer.json()["items"]) == [
        "one_came_of_two",
        "two_claimed_one_named",
        "unknown_package",
    ]
    one = finance(at).get("/v1/actuals/odd", params=OCTOBER | {"kind": "one_came_of_two"}).json()["items"]
    assert (one[0]["contract_id"], one[0]["effect"]) == ("P-ALDER", "pays_the_less")
    shown = finance(at).get("/v1/actuals", params={"date": "2026-10-26"})
    assert "worker_keys" not in shown.text + answer.text
    assert '"a1' not in shown.text
    entry = [each for each in at.trail() if each["action"] == "actuals.read"][-1]
    assert orjson.loads(entry["details"])["package_ids"] == sorted({each["package_id"] for each in shown.json()["items"]})


def test_who_may_and_how_much(at: Desk) -> None:
    for role in ("planner", "viewer", "auditor", "contracts"):
        assert signed_in(at, role).post("/v1/actuals", json={"items": [record("D1")]}).status_code == 403
        assert signed_in(at, role).get("/v1/actuals", params={"date": "2026-10-26"}).status_code == 403
    assert signed_in(at, "job").post("/v1/actuals", json={"items": [record("D1")]}).is_success
    assert signed_in(at, "job").get("/v1/actuals/odd").status_code == 403
    assert finance(at).get("/v1/actuals").status_code == 422
    large = b"x" * (at.served.settings.max_actuals_bytes + 1)
    assert finance(at).post("/v1/actuals/file", content=large, headers=CSV).status_code == 413


def test_care_that_has_moved_leaves_what_was_delivered_where_it_was(at: Desk) -> None:
    """Before the day of the move the care was under the contract before; a correction stays with what it corrects."""
    with at.store.change(LOADER) as change:
        body = change.state.stock["packages"]["R3"].body
        moved = {"contract_id": "F-BRACKEN", "previous_contract_id": "F-CLOVER", "care_started": "2026-11-20", "round_id": ""}
        change.put("packages", "R3", body | moved)
        change.remember("package.moved", "packages", "R3", moved)
    of = {"package_id": "R3", "visit_id": "V05", "planned_start": None, "arrived": None, "left": None, "outcome": "missed"}
    sent = [record("M1", date="2026-11-19", **of), record("M2", date="2026-11-20", **of)]
    assert send(at, *sent, record("M3", corrects="A002", **of | {"date": "2026-10-26"})).is_success
    found = listed(at, package_id="R3")
    assert [found[each]["contract_id"] for each in ("M1", "M2", "M3")] == ["F-CLOVER", "F-BRACKEN", "F-CLOVER"]


def test_pseudonyms_become_numbers_that_still_tell_two_from_one(at: Desk) -> None:
    admin = calling(at.store, LOADER)
    assert forget_old_workers(admin) == 0, "none is so old"
    with reading(at.store.engine) as connection:
        before = keys_of(connection)
    old = admin.settings.model_copy(update={"forget_worker_keys_after_days": 27})
    numbered = forget_old_workers(type(admin)(type(admin.service)(**{**vars(admin.service), "settings": old}), LOADER))
    with reading(at.store.engine) as connection:
        after = keys_of(connection)
    assert before["A001"] == "a1;a2"
    assert after["A001"] == "#1;#2"
    assert numbered == sum(before[each] != after[each] for each in before)
    assert all(key == "" or key.startswith("#") or before[each] == key for each, key in after.items())
    sent = record("W1", package_id="R1", visit_id="V01", date="2026-10-26", corrects="A001", workers=2, worker_keys=["a1", "a9"])
    assert send(at, sent).is_success
    with reading(at.store.engine) as connection:
        assert keys_of(connection)["W1"] == "#1;#2", "a correction brings none back"
    assert breaks(at) == []


def keys_of(connection: Any) -> dict[str, str]:
    return {row.actual_id: row.worker_keys for row in connection.execute(select(actuals.c.actual_id, actuals.c.worker_keys))}


def test_of_whoever_is_forgotten_nothing_is_left_and_changes_past_the_service_are_found(at: Desk) -> None:
    end(at.store, "R4")
    assert send(at, record("E1")).is_success
    assert listed(at, package_id="R4")["E1"]["contract_id"] == "F-BRACKEN", "care that has ended was under what it left"
    before = len(listed(at, package_id="R4"))
    assert forget(calling(at.store, LOADER), ["R4"]).visits == before
    assert listed(at, package_id="R4") == {}
    assert breaks(at) == []

    def past_the_service(statement: str) -> str:
        with writing(at.store.engine) as connection:
            connection.execute(text(statement))
        return " ".join(breaks(at))

    changed = "UPDATE actuals SET cells = replace(cells, '{}', '{}') WHERE actual_id = 'A002'"
    assert "was changed past the service" in past_the_service(changed.format("09:02", "10:02"))
    assert past_the_service(changed.format("10:02", "09:02")) == ""
    assert "not those that the entry tells of" in past_the_service("DELETE FROM actuals WHERE actual_id = 'A005'")
