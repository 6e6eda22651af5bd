"""A county lives on one database and one service: every figure by hand, and nobody moves without a decision.

Monday 23 November 2026 to Monday 3 July 2028: the uplift of April, a principal whose go-live slips, a successor, a hand-back, the
reserve. The handbook walks the same story (how-to/a-county-year.md) on one day; here the days go by.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.clock import Clock
from optimiser.county import NOWHERE
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import write_snapshot
from tests.api.desk import Desk, desk
from tests.api.imports.test_imports import send
from tests.api.records.test_lives import ended
from tests.api.records.test_random_lives import who_cares
from tests.api.talking import changed, code, exported
from tests.commands.running import run
from tests.making import DEREHAM, framework, legacy, package, principal, reserve, snapshot

WHY = {"reason": "minute 20 of the board"}
FLOOD = {"areas": ["A2"], "reason": "floods in the Fens"}


class Year:
    """The desks of a council, and what day it is for all of them."""

    def __init__(self, at: Desk, clients: dict[str, httpx.Client]) -> None:
        self.at, self.clients = at, clients
        self.contracts = clients["contracts"]

    def add(self, records: str, **cells: Any) -> dict[str, Any]:
        """A new record, by the contract officer: what is answered."""
        made = self.contracts.post(f"/v1/{records}", json=cells | WHY)
        assert made.status_code == 201, made.text
        return dict(made.json())

    def person(self, package_id: str, area_id: str, **given: Any) -> None:
        """Somebody new asks for five hours a week, in Dereham."""
        needs = {"hours_per_week": 5, "visits_per_week": 5, "workers": 1, "priority": "standard"} | DEREHAM._asdict()
        made = self.at.client.post("/v1/packages", json={"package_id": package_id, "area_id": area_id} | needs | given)
        assert made.status_code == 201, made.text

    def costs(self, area_id: str) -> tuple[float, dict[str, tuple[int, float]]]:
        """Pounds a week of an area, and of each of its own contracts that has people, with how many."""
        told = self.contracts.get(f"/v1/areas/{area_id}").json()
        own = {each["contract_id"]: (each["people"], each["weekly_cost_gbp"]) for each in told["contracts"] if each["people"]}
        return told["weekly_cost_gbp"], own

    def with_contracts_in_force(self) -> bool:
        """Whether everybody's running care is, today, under a contract that is in force today."""
        county = self.at.state().county
        under = [county.contracts[int(index)] for index in county.running_on if index != NOWHERE]
        today = self.at.state().as_of
        return all((c.starts is None or c.starts <= today) and (c.ends is None or today < c.ends) for c in under)


class Calendar:
    """What day it is, for the service and for commands in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.turn("2026-11-23")

    def turn(self, day: str) -> None:
        """It is noon of this day from now on: in the running service, too."""
        noon = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12))
        self._monkeypatch.setattr(Clock, "now", lambda _: noon)
        self._monkeypatch.setenv("OPTIMISER_AS_OF", day)


def county() -> Snapshot:
    """Ten hours with the principal of A1, of which 16 are guaranteed; five with the framework; five with a legacy provider."""
    people = [
        package("R1", hours=10, contract_id="P-ALDER"),
        package("R2", contract_id="F-BRACKEN"),
        package("R3", contract_id="L-DOCK"),
    ]
    alder = principal("ALDER", max_hours_4w=Fraction(80), guarantee=Fraction(4, 5))
    return snapshot(
        people, [alder, framework("BRACKEN"), legacy("DOCK"), legacy("ELM", rates_pence=(2800, 2800, 2800)), reserve("WREN")]
    )


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Calendar:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'county.db'}")
    return Calendar(monkeypatch)


@pytest.fixture
def year(tmp_path: Path, calendar: Calendar) -> Iterator[Year]:
    assert calendar
    with ExitStack() as stack:
        at = stack.enter_context(desk(f"sqlite:///{tmp_path / 'county.db'}", county()))
        roles = ("contracts", "quality", "social_work")
        yield Year(at, {role: stack.enter_context(at.served.client(role)) for role in roles})


def test_a_county_lives_through_its_year(
    year: Year, calendar: Calendar, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    prices_rise_in_april(year, calendar, tmp_path)
    a_principal_begins_later_than_planned(year, calendar)
    a_contract_is_followed_by_the_next(year, calendar)
    a_contract_is_handed_back(year, calendar, tmp_path, capsys)
    the_reserve_opens_and_closes(year)
    assert who_cares(year.at.state()) == {"R1": "ALDER", "R2": "BRACKEN", "R3": "ALDER", "N1": "FERN", "N2": "WREN"}
    the_books_are_right(year, tmp_path, capsys, monkeypatch)


def prices_rise_in_april(year: Year, calendar: Calendar, tmp_path: Path) -> None:
    """By a folder: Alder's hour from 24.00 to 25.00, Bracken's to 25.50; Dock's stays at 24.00.

    Alder delivers 10 hours and is paid for the 16 guaranteed: 384.00, then 400.00. Bracken: 5 x 24.00 = 120.00, then 127.50.
    """
    folder = tmp_path / "april"
    exported(year.at.store, folder)
    lines = [
        "contract_id,starts,rate_band_1,rate_band_2,rate_band_3",
        "P-ALDER,2027-04-01,25.00,,",
        "F-BRACKEN,2027-04-01,25.50,,",
    ]
    (folder / "rates.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    listed = send(year.contracts, body.getvalue())
    assert listed.status_code == 200, listed.text
    added = {each["table"]: each["added"] for each in listed.json()["tables"] if each["added"]}
    assert [*added] == ["rates"]
    assert year.at.state().snapshot.rates == (), "it was listed, and not written"
    taken = send(year.contracts, body.getvalue(), "uplift of 2027", listed.headers["etag"], dry_run=False)
    assert taken.status_code == 200, taken.text
    before = (624.0, {"P-ALDER": (1, 384.0), "F-BRACKEN": (1, 120.0)})
    assert year.costs("A1") == before
    calendar.turn("2027-03-31")
    assert year.costs("A1") == before, "until the last day"
    calendar.turn("2027-04-01")
    assert year.costs("A1") == (647.5, {"P-ALDER": (1, 400.0), "F-BRACKEN": (1, 127.5)})


def a_principal_begins_later_than_planned(year: Year, calendar: Calendar) -> None:
    """The Fens: planned for 5 July, live from 6 September 2027. Legacy providers are asked until then, Fern first afterwards."""
    year.add("areas", area_id="A2", name="Fens", region="West", go_live="2027-07-05", go_live_planned="2027-07-05")
    office = {"office_id": "O9", **DEREHAM._asdict()}
    year.add("providers", provider_id="FERN", name="Fern Care", offices=[office])
    assert changed(year.clients["quality"], "/v1/providers/FERN", {"cqc_rating": "good", **WHY}).status_code == 200
    fern = {"contract_id": "P-FERN", "provider_id": "FERN", "tier": "principal", "area_id": "A2", "starts": "2027-07-05"}
    assert year.add("contracts", **fern, max_hours_4w=80, guarantee=0.5, rate_band_1=23)["notes"] == []
    year.person("N1", "A2")
    year.person("N8", "A2", start_by="2027-07-05")
    at = year.at
    assert (at.order("N1"), at.order("N8")) == (["L-DOCK", "L-ELM"], ["P-FERN", "L-DOCK", "L-ELM"])
    calendar.turn("2027-06-28")
    slipped = changed(year.contracts, "/v1/areas/A2", {"go_live": "2027-09-06", **WHY}).json()
    assert (slipped["go_live"], slipped["go_live_planned"]) == ("2027-09-06", "2027-07-05")
    assert at.order("N8") == ["L-DOCK", "L-ELM"], "who needs care in July cannot wait for it"
    at.act("N8", "end", reason="moved away")
    calendar.turn("2027-09-05")
    assert at.order("N1") == ["L-DOCK", "L-ELM"]
    calendar.turn("2027-09-06")
    assert at.order("N1") == ["P-FERN", "L-DOCK", "L-ELM"]
    (offer_id,) = at.ask("N1").values()
    assert at.answer(offer_id, "accepted")["contract_id"] == "P-FERN"
    at.says("N1", "FERN")
    at.act("N1", "start")
    assert year.costs("A2") == (230.0, {"P-FERN": (1, 230.0)}), "10 guaranteed hours at 23.00, 5 of them delivered"


def a_contract_is_followed_by_the_next(year: Year, calendar: Calendar) -> None:
    """Bracken's contract until April 2028, and the next at 26.00: R2 from 127.50 to 130.00, with Bracken as before."""
    over = ended(year.contracts, "/v1/contracts/F-BRACKEN", "2028-04-01")
    assert over.json()["notes"] == ["The care of 1 person stays on this contract after 2028-04-01: no other takes over from it."]
    new: dict[str, Any] = {"contract_id": "F-BRACKEN-2", "provider_id": "BRACKEN", "tier": "framework", "area_id": "A1"}
    new |= {"starts": "2028-04-01", "succeeds": "F-BRACKEN", "rate_band_1": 26}
    assert year.add("contracts", **new)["notes"] == [], "nobody's care stays behind"
    calendar.turn("2028-03-31")
    with_whom = who_cares(year.at.state())
    assert year.costs("A1") == (647.5, {"P-ALDER": (1, 400.0), "F-BRACKEN": (1, 127.5)})
    calendar.turn("2028-04-01")
    assert year.costs("A1") == (650.0, {"P-ALDER": (1, 400.0), "F-BRACKEN-2": (1, 130.0)})
    assert who_cares(year.at.state()) == with_whom == {"R1": "ALDER", "R2": "BRACKEN", "R3": "DOCK", "N1": "FERN"}


def a_contract_is_handed_back(year: Year, calendar: Calendar, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Dock's, with three months' notice. Its one person goes where the plan says, once it is decided and Alder says yes."""
    at = year.at
    notes = ended(year.contracts, "/v1/contracts/L-DOCK", "2028-07-03").json()["notes"]
    assert notes == ["The care of 1 person stays on this contract after 2028-07-03: no other takes over from it."]
    assert who_cares(at.state())["R3"] == "DOCK", "nobody's care ends by it"
    assert run(capsys, "export", tmp_path / "today").code == 0
    planned = run(capsys, "transfer", tmp_path / "today", "--from", "L-DOCK", "--out", tmp_path / "hand-back", "--quiet")
    assert planned.code == 0, planned.err
    with (tmp_path / "hand-back" / "hand-back.csv").open(encoding="utf-8", newline="") as file:
        plan = {row["package_id"]: row["to_contract_id"] for row in csv.DictReader(file)}
    assert plan == {"R3": "P-ALDER"}, "everybody on it is in the plan, and has somewhere to go"
    wish = {"contract_ids": [plan["R3"]], "decision_reference": "SW 118"}
    hasty = at.client.post("/v1/packages/R3/offers", json=wish | {"reason": "by the plan"})
    assert (code(hasty), hasty.json()["rules"]) == ((409, "may_not_be_asked"), ["a rule about the person (see the cascade)"])
    assert changed(year.clients["social_work"], "/v1/packages/R3", {"transfer_decision": "suitable"}).status_code == 200
    (offer_id,) = at.ask("R3", **wish).values()
    assert who_cares(at.state())["R3"] == "DOCK", "nobody moves before a yes"
    at.answer(offer_id, "accepted")
    assert who_cares(at.state())["R3"] == "ALDER"
    assert ended(year.contracts, "/v1/providers/DOCK", "2028-07-03").json()["ends"] == "2028-07-03"
    calendar.turn("2028-07-03")
    assert year.with_contracts_in_force()
    assert year.costs("A1") == (530.0, {"P-ALDER": (2, 400.0), "F-BRACKEN-2": (1, 130.0)}), "15 hours of 16 guaranteed"


def the_reserve_opens_and_closes(year: Year) -> None:
    """In the Fens: Wren is asked after everybody else, only there and only while it is open; its care stays."""
    at = year.at
    for package_id, area_id in (("N2", "A2"), ("N3", "A2"), ("N4", "A1")):
        year.person(package_id, area_id)
    in_the_fens = ["P-FERN", "L-ELM"]
    in_a1 = ["F-BRACKEN-2", "P-ALDER", "L-ELM"]  # with N4 Alder would have 20 of the 25 hours, more than 75%
    assert (at.order("N2"), at.order("N4")) == (in_the_fens, in_a1)
    assert year.contracts.post("/v1/reserve", json=FLOOD).status_code == 200
    assert (at.order("N2"), at.order("N3"), at.order("N4")) == ([*in_the_fens, "V-WREN"], [*in_the_fens, "V-WREN"], in_a1)
    for contract_id in in_the_fens:
        at.decline(at.ask("N2")[contract_id])
    at.answer(at.ask("N2")["V-WREN"], "accepted")
    at.says("N2", "WREN")
    at.act("N2", "start")
    seen = {"If-Match": year.contracts.get("/v1/reserve").headers["etag"]}
    closed = year.contracts.post("/v1/reserve/close", json=FLOOD, headers=seen)
    assert closed.json()["notes"] == ["The care of 1 person stays with reserve providers in A2."]
    assert (at.order("N3"), at.why_not("N3")["V-WREN"]) == (in_the_fens, ["reserve_open"])


def the_books_are_right(year: Year, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The trail holds; what is exported, loaded into an empty database, comes out byte for byte the same."""
    told = {(row["action"], row["role"]) for row in year.at.trail()}
    assert told >= {("contracts.end", "contracts"), ("reserve.open", "contracts"), ("providers.change", "quality")}
    assert "no break" in run(capsys, "audit", "verify").out
    assert run(capsys, "export", tmp_path / "year").code == 0
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'fresh.db'}")
    assert run(capsys, "load", tmp_path / "year", "--practice").code == 0
    assert run(capsys, "export", tmp_path / "again").code == 0
    first, second = ({f.name: f.read_bytes() for f in (tmp_path / name).iterdir()} for name in ("year", "again"))
    assert first == second
    assert {"rates.csv", "offers.csv", "contracts.csv"} <= first.keys()
    write_snapshot(year.at.state().snapshot, tmp_path / "served")
    assert {f.name: f.read_bytes() for f in (tmp_path / "served").iterdir()} == first, "the running service says the same"
