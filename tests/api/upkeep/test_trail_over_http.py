"""The audit trail over HTTP: an auditor reads who did what, and nothing of people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from optimiser.domain.snapshot import Snapshot
from tests.api.desk import Desk, desk
from tests.api.talking import all_pages, changed, code

WHY = {"reason": "minute 14 of the board"}


@pytest.fixture
def villages(tmp_path: Path, small: Snapshot) -> Iterator[Desk]:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", small, "planner", page_size=2) as at:
        yield at


def test_an_auditor_reads_the_trail_without_people(villages: Desk) -> None:
    assert changed(villages.client, "/v1/packages/N2", {"priority": "urgent"}).status_code == 200
    with villages.served.client("contracts") as client:
        assert changed(client, "/v1/contracts/L-DOCK", {"max_hours_4w": 90, **WHY}).status_code == 200
    with villages.served.client("auditor") as client:
        trail = all_pages(client, "/v1/audit")
        assert "N2" not in str(trail), "no page of it names a person"
        told = {each["action"]: (each["subject"], each["withheld"], each["role"]) for each in trail}
        assert told["contracts.change"] == ("L-DOCK", False, "contracts")
        assert told["package.change"] == (None, True, "planner")
        assert next(each for each in trail if each["action"] == "contracts.change")["details"]["reason"] == WHY["reason"]
        assert [each["action"] for each in all_pages(client, "/v1/audit", subject="L-DOCK")] == ["contracts.change"]
        assert all_pages(client, "/v1/audit", subject="N2") == [], "not even whether there is somebody"
        assert {each["role"] for each in all_pages(client, "/v1/audit", actor="a planner")} == {"planner"}
        assert client.get("/v1/audit/check").json()["holds"] is True
        assert client.get("/v1/audit/head").json()["seq"] > len(trail), "its own readings are entries"
        assert code(client.get("/v1/packages")) == (403, "forbidden")
        assert code(client.get("/v1/contracts")) == (403, "forbidden")
        assert code(client.get("/v1/audit", params={"cursor": "WyJhIl0"})) == (422, "invalid_request")
        assert client.get("/v1/areas").json()["items"][0]["contracts"] is None, "counts alone, as a viewer"
    with villages.served.client("admin") as client:
        assert [each["subject"] for each in all_pages(client, "/v1/audit", subject="N2")][:2] == ["N2", "N2"]


def test_what_names_a_person_in_words_is_found_by_an_admin_and_kept_from_an_auditor(villages: Desk) -> None:
    why = {"reason": "room for N2 from Monday on"}
    note = {"extra": {"remark": "as agreed for N2's sister"}, **WHY}
    with villages.served.client("contracts") as client:
        for asked in ({"max_hours_4w": 90, **why}, note, {"max_hours_4w": 91, "reason": "not N22"}):
            assert changed(client, "/v1/contracts/L-DOCK", asked).status_code == 200
    with villages.served.client("admin") as client:
        found = all_pages(client, "/v1/audit", subject="N2")
        assert [each["subject"] for each in found if each["action"] == "contracts.change"] == ["L-DOCK", "L-DOCK"]
    with villages.served.client("auditor") as client:
        told = [each for each in all_pages(client, "/v1/audit") if each["action"] == "contracts.change"]
        assert [(each["withheld"], each["subject"]) for each in told] == [(True, None), (True, None), (False, "L-DOCK")]
        assert all_pages(client, "/v1/audit", subject="N2") == []
        assert len(all_pages(client, "/v1/audit", subject="L-DOCK")) == 1


def test_what_nobody_can_be_called_is_refused_before_anything_is_asked_or_written(database_url: str, small: Snapshot) -> None:
    with desk(database_url, small, "admin") as at:
        before = len(at.trail())
        for wrong in ("\0", "Ada\0", "a\nb", "x" * 3_000):
            for name in ("actor", "subject"):
                assert code(at.client.get("/v1/audit", params={name: wrong})) == (422, "invalid_request")
        assert len(at.trail()) == before


def test_an_entry_with_bytes_that_are_no_text_is_named_and_the_others_are_shown(villages: Desk) -> None:
    """Three changes of a contract; in the details of the second, and in the actor of the third, a byte is damaged."""
    with villages.served.client("contracts") as client:
        for hours in (88, 89, 90):
            assert changed(client, "/v1/contracts/L-DOCK", {"max_hours_4w": hours, **WHY}).status_code == 200
    with villages.served.client("admin") as client:
        seqs = [each["seq"] for each in all_pages(client, "/v1/audit") if each["action"] == "contracts.change"]
        with villages.store.engine.begin() as connection:
            for column, seq in (("details", seqs[1]), ("actor", seqs[2])):
                damage = f"UPDATE audit SET {column} = CAST(CAST({column} AS BLOB) || x'ff' AS TEXT) WHERE seq = {seq}"
                connection.exec_driver_sql(damage)
        trail = all_pages(client, "/v1/audit")
        assert [each["seq"] for each in trail] == list(range(1, len(trail) + 1))
        told = [each for each in trail if each["action"] == "contracts.change"]
        assert [each["damaged"] for each in told] == [False, True, True]
        assert [each["seq"] for each in trail if each["damaged"]] == seqs[1:]
        assert told[0]["details"]["reason"] == told[2]["details"]["reason"] == WHY["reason"]
        assert told[1]["details"] == {"damaged": True}
        assert told[2]["actor"] == told[0]["actor"] + "\ufffd"
        breaks = client.get("/v1/audit/check").json()["breaks"]
        assert {each["seq"]: each["problem"] for each in breaks if not each["table"]}.keys() >= set(seqs[1:])
    with villages.served.client("auditor") as client:
        told = [each for each in all_pages(client, "/v1/audit") if each["action"] == "contracts.change"]
        assert [(each["withheld"], each["damaged"]) for each in told] == [(False, False), (True, True), (False, True)]
        assert told[1]["details"] is None, "whom it names cannot be told any more"
