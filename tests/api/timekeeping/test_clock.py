"""A clock that jumps ends nothing: it is doubted until an administrator says what time it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from api.acts.act import Caller
from api.forgetting.acts import due_to_be_forgotten
from api.http.errors import Problem
from api.offers.acts import let_lapse
from api.offers.lapsing import THE_CLOCK
from api.service import Service
from api.storage.database import writing
from api.storage.table_schema import audit, county
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER
from tests.api.desk import Desk, Json, code_of, desk
from tests.api.timekeeping.watching import Watch
from tests.making import days, framework, legacy, offer, package, principal, snapshot

WHY = {"reason": "looked at two watches"}


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def people() -> Snapshot:
    """N1 was asked for at noon, with two hours to answer; R1's hours are kept until next Monday."""
    held = replace(package("R1", contract_id="L-DOCK"), held_until=days(7))
    waiting = package("N1", priority="urgent")
    offers = [offer("N1", "F-BRACKEN"), offer("N1", "F-CLOVER")]
    return snapshot(
        [waiting, held], [principal("ALDER"), framework("BRACKEN"), framework("CLOVER"), legacy("DOCK")], offers=offers
    )


def ticked(at: Desk) -> bool:
    return let_lapse(Caller(Service.of(at.served.settings, at.store), THE_CLOCK))


def clock_of(at: Desk) -> Json:
    found: Json = at.client.get("/v1/clock").json()
    return found


def confirmed(at: Desk, it_is: str, role: str = "admin") -> tuple[int, str | None]:
    """The status, and the doubt or the code of the problem."""
    with at.served.client(role) as client:
        answer = client.post("/v1/clock/confirm", json={"it_is": it_is, **WHY})
    return answer.status_code, answer.json().get("code", answer.json().get("doubt"))


def test_twenty_days_ahead_for_one_tick_expire_nothing(database_url: str, watch: Watch) -> None:
    with desk(database_url, people(), as_of=None) as at:
        assert ticked(at), "nobody has a plan until care begins: that is alerted"
        watch.move(days=20)
        assert not ticked(at)
        watch.move(days=-20, minutes=1)
        assert not ticked(at)
        watch.move(hours=3)
        assert not ticked(at), "what it shows afterwards does not make it right"
        told = clock_of(at)
        assert (told["believed"], told["doubt"], told["would_expire"]) == (False, "gap", 2)
        assert (told["shows"], told["heard_at"]) == ("2026-11-23T15:01:00+00:00", "2026-11-23T12:00:00+00:00")
        assert told["doubted_since"] == "2026-12-13T12:00:00+00:00"
        assert at.offers("N1") == {"F-BRACKEN": None, "F-CLOVER": None}
        assert at.alerts() == []

        assert confirmed(at, "2026-11-23T15:00", "planner") == (403, "forbidden")
        assert confirmed(at, "2026-12-13T15:00") == (409, "clocks_differ")
        assert confirmed(at, "2026-11-23T15:12") == (409, "clocks_differ")
        assert confirmed(at, "2026-11-31T15:01") == (422, "invalid_request")
        assert not ticked(at)
        assert confirmed(at, "2026-11-23T15:05") == (200, None)
        assert ticked(at)
        assert at.offers("N1") == {"F-BRACKEN": "expired", "F-CLOVER": "expired"}
        assert clock_of(at)["told"] == "The clock is believed."

        with at.served.client("admin") as client:
            checked = client.get("/v1/audit/check").json()
        assert checked["holds"] is True
        (late,) = checked["backwards"]
        assert (late["before"][:10], late["at"][:10]) == ("2026-12-13", "2026-11-23")
        told_in_trail = [each["action"] for each in at.trail() if each["action"].startswith("clock.")]
        assert told_in_trail == ["clock.doubt", "clock.confirm"]


def test_while_the_clock_is_doubted_people_go_on_and_only_time_stands_still(database_url: str, watch: Watch) -> None:
    with desk(database_url, people(), as_of=None) as at:
        watch.move(days=8)  # the promise to R1 has run out, if this is right
        at.answer("Q-N1-F-BRACKEN", "accepted")
        assert at.offers("N1") == {"F-BRACKEN": "accepted", "F-CLOVER": "withdrawn"}
        assert at.alerts() == []
        assert clock_of(at)["doubt"] == "gap", "found by whoever changed something first"
        with at.served.client("admin") as client:
            assert "optimiser_clock_doubted 1.0" in client.get("/metrics").text
        assert confirmed(at, "2026-12-01 12:00") == (200, None)
        assert ticked(at)
        assert at.alerts() == [("hold_ran_out", "R1")]


def test_a_clock_behind_what_was_written_is_doubted(database_url: str, watch: Watch) -> None:
    with desk(database_url, people(), as_of=None) as at:
        watch.move(seconds=-59)
        assert clock_of(at)["believed"], "two machines' clocks may differ a little"
        watch.move(seconds=-2)
        assert clock_of(at)["doubt"] == "behind"
        ticked(at)
        watch.move(days=1)
        assert not ticked(at)
        assert at.offers("N1") == {"F-BRACKEN": None, "F-CLOVER": None}


def test_a_service_that_ticks_or_works_is_heard_of_and_believed(tmp_path: Path, watch: Watch) -> None:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", people(), as_of=None) as at:
        for _ in range(3):  # three nights in which nothing else happens
            watch.move(hours=23)
            assert clock_of(at)["believed"]
            ticked(at)
        assert at.offers("N1") == {"F-BRACKEN": "expired", "F-CLOVER": "expired"}
        watch.move(hours=24)
        assert clock_of(at)["believed"]
        watch.move(seconds=1)
        assert clock_of(at)["doubt"] == "gap"


def test_times_that_cannot_be_read_or_were_changed_stop_nothing(tmp_path: Path, watch: Watch) -> None:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", people(), as_of=None) as at:
        with writing(at.store.engine) as connection:
            connection.execute(update(county).values(heard_at="never"))
            connection.execute(update(audit).values(at="yesterday"))
        watch.move(hours=3)
        assert ticked(at)
        with at.served.client("admin") as client:
            assert client.get("/v1/audit/check").json()["holds"] is False


def test_nobody_is_forgotten_by_a_clock_that_is_doubted(tmp_path: Path, watch: Watch) -> None:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", people(), as_of=None) as at:
        by = Caller(Service.of(at.served.settings, at.store), LOADER)
        assert due_to_be_forgotten(by) == []
        watch.move(days=4_000)
        with pytest.raises(Problem, match="not believed"):
            due_to_be_forgotten(by)


def test_the_hour_that_comes_twice_is_confirmed_as_either(tmp_path: Path, watch: Watch) -> None:
    watch.shows = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)  # half past one in winter's time, for the second time
    with desk(f"sqlite:///{tmp_path / 'county.db'}", people(), as_of=None) as at:
        assert confirmed(at, "2026-10-25T01:30") == (200, None)
        assert confirmed(at, "2026-10-25T02:30+01:00") == (200, None)
        assert confirmed(at, "2026-10-25T01:30+01:00") == (409, "clocks_differ")


def test_the_clock_needs_a_moment(tmp_path: Path) -> None:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", people()) as at, at.served.client("admin") as client:
        for wrong in ("0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59-23:00", "0001-01-01T00:00+23:00"):
            answer = client.post("/v1/clock/confirm", json={"it_is": wrong, **WHY})
            assert code_of(answer) == (409, "clocks_differ")
        assert client.get("/v1/clock").json()["told"].startswith("This county is for practice")
