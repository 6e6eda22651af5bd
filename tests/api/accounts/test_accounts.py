"""Statements in the service: drafted from its records, checked, questioned, closed by people with a name, and adjusted later.

Figures are those of the three villages, worked out by hand in ``tests/accounting`` and told in the handbook.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from api.accounts.closing_statements import alone_up_to_pence
from api.clock import Clock
from api.forgetting.acts import forget
from api.nights.watching import watch_of
from api.security.keys import create_key
from api.settings import Settings
from api.state.store import Store
from api.storage import audit
from api.storage.audit import Actor
from api.storage.database import reading, writing
from optimiser.accounting import report
from optimiser.domain.snapshot import Snapshot
from tests.api.actuals.test_actuals import CSV, FILE, record
from tests.api.conftest import LOADER
from tests.api.desk import Desk, Json, code_of, desk
from tests.api.forgetting.test_forgetting import end
from tests.api.runs.working import calling, claimed, work_here

VILLAGES = Path("data/three_villages")
OCTOBER, NOVEMBER = "2026-10-26", "2026-11-23"
LIMITS = {"finance": 1000}


class Office:
    """Two people of finance, an administrator, and providers, each with a key of their own."""

    def __init__(self, at: Desk) -> None:
        self.at, self._clients = at, dict[str, httpx.Client]()
        self.fred, self.gwen = self._person("Fred Finance"), self._person("Gwen Finance")

    def _person(self, name: str) -> httpx.Client:
        now = self.at.served.settings.clock.instant()
        key = create_key(self.at.store.engine, LOADER, name, ["finance"], now)
        self.at.served.knows_new_keys()
        headers = {"Authorization": f"Bearer {key}"}
        self._clients[name] = httpx.Client(base_url=self.at.served.address, headers=headers, timeout=30, verify=False)
        return self._clients[name]

    def provider(self, provider_id: str) -> httpx.Client:
        if provider_id not in self._clients:
            self._clients[provider_id] = self.at.served.client_of(provider_id)
        return self._clients[provider_id]

    def role(self, role: str) -> httpx.Client:
        if role not in self._clients:
            self._clients[role] = self.at.served.client(role)
        return self._clients[role]

    def close(self) -> None:
        for each in self._clients.values():
            each.close()

    def keep(self, *names: str, **texts: str) -> httpx.Response:
        """Files of the villages, or texts under the names of files without their ends."""
        ends = {"account": "account.toml", "terms": "terms.csv"}
        files = {name: (VILLAGES / name).read_text() for name in names} | {ends[name]: said for name, said in texts.items()}
        with zipfile.ZipFile(packed := io.BytesIO(), "w") as folder:
            for name, said in files.items():
                folder.writestr(name, said)
        tag = self.fred.get("/v1/accounts/book").headers["ETag"]
        headers = {"Content-Type": "application/zip", "If-Match": tag}
        return self.fred.put("/v1/accounts/book", content=packed.getvalue(), headers=headers)

    def draft(self, period: str = OCTOBER, contract_id: str | None = None) -> httpx.Response:
        given = {"period_starts": period} | ({} if contract_id is None else {"contract_id": contract_id})
        return self.fred.post("/v1/accounts/statements", json=given)

    def statement(self, contract_id: str, period: str = OCTOBER) -> Json:
        query = {"contract_id": contract_id, "period_starts": period}
        (found,) = self.fred.get("/v1/accounts/statements", params=query).json()["items"]
        one: Json = self.fred.get(f"/v1/accounts/statements/{found['statement_id']}").json()
        return one

    def lines(self, statement: Json, client: httpx.Client | None = None, where: str = "accounts/statements") -> list[Json]:
        address = f"/v1/{where}/{statement['statement_id']}/lines"
        found: list[Json] = (client or self.fred).get(address, params={"limit": 1000}).json()["items"]
        return found

    def closes(self, who: httpx.Client, statement: Json) -> httpx.Response:
        address = f"/v1/accounts/statements/{statement['statement_id']}"
        return who.post(f"{address}/close", headers={"If-Match": who.get(address).headers["ETag"]})

    def breaks(self) -> list[str]:
        with reading(self.at.store.engine) as connection:
            return [each.problem for each in audit.check(connection).breaks]


@pytest.fixture(scope="module")
def office(small: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    file = tmp_path_factory.mktemp("accounts") / "county.db"
    with desk(f"sqlite:///{file}", small, approval_limits_gbp=LIMITS) as made:
        found = Office(made)
        try:
            assert found.fred.post("/v1/actuals/file", content=FILE.read_bytes(), headers=CSV).is_success
            yield found
        finally:
            found.close()


def test_nobody_guesses_when_periods_begin(office: Office) -> None:
    refused = office.draft()
    assert code_of(refused) == (409, "no_account_book")
    assert "has no default" in refused.json()["detail"]
    wrong = office.keep(account="periods_begin = 'October'\n", terms="contract_id,starts\nNONE,\n")
    assert code_of(wrong) == (422, "refused")
    assert len(wrong.json()["faults"]) > 3, "every fault of all files in one go"
    assert office.keep("account.toml", "terms.csv").is_success
    other_day = office.draft("2026-10-27")
    assert "begins on 2026-10-26" in other_day.json()["faults"][0]


def test_a_periods_statements_are_those_that_the_engine_prints(office: Office) -> None:
    drafted = office.draft().json()
    assert (len(drafted["statement_ids"]), drafted["total_gbp"]) == (5, 5950.45)
    assert len(drafted["cannot_be_closed"]) == 2
    alder = office.statement("P-ALDER")
    figures = ("delivered_hours", "visits_gbp", "guarantee_floor_gbp", "guarantee_adds_gbp", "total_gbp")
    assert [alder[name] for name in figures] == [148.2, 3420.0, 4608.0, 1188.0, 4608.0]
    assert alder["odd"] == {"one_came_of_two": 1, "two_claimed_one_named": 1}
    lines = office.lines(alder)
    assert len(lines) == alder["lines"]
    assert round(sum(each["gbp"] for each in lines), 2) == 3420.0
    (entry,) = [each for each in office.at.trail() if each["action"] == "statement.read_lines"]
    assert orjson.loads(entry["details"])["package_ids"] == sorted({each["package_id"] for each in lines})
    again = office.draft().json()
    assert again == drafted, "drafted again it has the same number and figures"
    assert office.breaks() == []


def test_what_the_whole_period_tells(office: Office) -> None:
    """Alder's guarantee: £1,188.00, 49.5 hours at £24.00, of which 11.8 were commissioned and not delivered."""
    address = f"/v1/accounts/periods/{OCTOBER}"
    told = office.role("contracts").get(address).json()
    (alder,) = told["guarantees"]
    reasons = ("not_delivered_hours", "declined_hours", "not_asked_hours", "no_demand_hours")
    assert (alder["unused_hours"], alder["unused_gbp"], [alder[each] for each in reasons]) == (49.5, 1188.0, [11.8, 0, 0, 37.7])
    (area,) = told["shares"]
    assert (area["delivered_principal_hours"], area["delivered_hours"], area["delivered_within"]) == (148.2, 198.0, "within")
    whole = told["increments"][0]
    assert (whole["gbp_5_minutes"], whole["gbp_15_minutes"], whole["factor"]) == (4792.01, 4706.25, 1.018223)
    assert told["counted_by"].startswith("Fred Finance")
    assert not told["overtaken"]
    assert [each["period_starts"] for each in office.fred.get("/v1/accounts/periods").json()["items"]] == [OCTOBER]
    viewer = office.role("viewer").get(address).json()
    assert (viewer["shares"][0]["delivered_share"], viewer["shares"][0]["delivered_hours"]) == (0.75, 200.0)
    (whole,) = viewer["guarantees"]
    assert (whole["contract_id"], whole["unused_gbp"], whole["unused_hours"]) == ("", 1200.0, 50.0)
    assert {each["by"] for each in viewer["increments"]} == {"all", "tier", "length", "rurality"}
    assert (viewer["short_visits"], viewer["counted_by"]) == ([], None)
    assert office.role("planner").get(address).status_code == 403
    assert code_of(office.fred.get(f"/v1/accounts/periods/{NOVEMBER}")) == (404, "not_found")


def test_a_comparison_says_what_the_visits_come_to_in_other_steps(office: Office) -> None:
    """As ``optimiser compare`` prints it of the same files, in the handbook's page on accounts."""
    steps = [{"title": f"{size}", "billing": [{"increment_minutes": size, "rounding": "nearest"}]} for size in (5, 15)]
    of_nothing = {"title": "None", "billing": [{"contract_id": "P-ALDER"}]}

    def asked(role: str, scenarios: list[Json], visits_from: str | None = OCTOBER) -> httpx.Response:
        body = {"kind": "compare", "settings": {"compare": {"scenarios": scenarios, "visits_from": visits_from}}}
        return office.role(role).post(
            "/v1/runs", json=body, headers={"Idempotency-Key": f"{role}-{visits_from}-{len(scenarios)}"}
        )

    assert code_of(asked("planner", steps)) == (403, "forbidden")
    assert "begins on 2026-10-26" in asked("admin", steps, "2026-10-27").json()["faults"][0]
    wrong = asked("admin", [of_nothing], None).json()["faults"]
    assert [each.split(":")[0] for each in wrong] == ["settings.compare.scenarios", "settings.compare.visits_from"]
    assert "billing 1: expected something to change" in wrong[0]
    run_id = asked("admin", steps).json()["run_id"]
    work_here(office.at.store, claimed(office.at.store))
    told = office.role("admin").get(f"/v1/runs/{run_id}/result").json()["result"]
    figures = [each["values"] for each in told["indicators"][-7:]]
    assert figures[0] == ["4708.95", "4792.01", "4706.25"]
    assert figures[3] == ["190.85", "194.25", "190.75"]
    assert figures[4:] == [["1188.00", "1120.00", "1188.00"], ["5950.45", "5965.51", "5947.75"], ["1", "0", "0"]]


def test_what_deliveries_say_is_kept_and_names_people_to_those_alone_who_work_with_them(office: Office) -> None:
    """As ``optimiser deliveries`` prints it of the same files, in the handbook's page on accounts."""
    assert code_of(office.role("planner").get("/v1/deliveries")) == (404, "not_found")
    ahead = office.fred.post("/v1/deliveries", json={"until": "2026-11-24"})
    assert (code_of(ahead), ahead.json()["faults"][0][:6]) == ((422, "refused"), "until:")
    assert office.role("planner").post("/v1/deliveries", json={}).status_code == 403
    counted = office.role("job").post("/v1/deliveries", json={"until": NOVEMBER}).json()
    span = {"starts": "2026-10-12", "ends": NOVEMBER, "weeks": 6}
    assert counted == {**span, "records": 140, "people": 5, "findings": {"cut_short": 2, "missed": 1}}
    told = office.role("quality").get("/v1/deliveries").json()
    assert (told["records_of_nobody_known"], told["overtaken"], told["rounds"]) == (1, False, [])
    (dock,) = [each for each in told["contracts"] if each["contract_id"] == "L-DOCK"]
    assert [dock[name] for name in ("people", "missed", "cut_short", "visits_timed", "visits_on_time")] == [1, 1, 0, 19, 19]
    assert not [each for each in office.at.state().stock["packages"] if f'"{each}"' in str(told).replace("'", '"')]
    listed = office.role("social_work").get("/v1/deliveries/people", params={"limit": 2}).json()
    assert [each["package_id"] for each in listed["items"]] == ["R5", "R1"], "missed visits come before visits cut short"
    first = listed["items"][0]
    hours = ("commissioned_hours_per_week", "delivered_hours_per_week", "weeks_judged", "weeks_without_records", "care_workers")
    assert [first[name] for name in hours] == [5.0, 4.42, 4, 2, 1]
    assert [each["kind"] for each in first["findings"]] == ["missed"]
    (entry,) = [each for each in office.at.trail() if each["action"] == "deliveries.read_people"]
    assert orjson.loads(entry["details"])["package_ids"] == ["R1", "R5"]
    of_alder = {"provider_id": "ALDER", "kind": "cut_short"}
    assert len(office.fred.get("/v1/deliveries/people", params=of_alder).json()["items"]) == 2
    for role in ("contracts", "quality", "viewer", "transition", "job"):
        assert office.role(role).get("/v1/deliveries/people").status_code == 403
    assert (office.role("viewer").get("/v1/deliveries").status_code, office.breaks()) == (403, [])


def test_what_the_check_does_not_confirm_is_never_stored(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = office.fred.get("/v1/accounts/statements").content
    right = report.stated_files

    def wrong(account: Any) -> dict[str, bytes]:
        files = right(account)
        return files | {"statements.csv": files["statements.csv"].replace(b"4608.00", b"4608.01")}

    monkeypatch.setattr(report, "stated_files", wrong)
    assert office.draft().status_code == 500
    monkeypatch.undo()
    assert office.fred.get("/v1/accounts/statements").content == before


def test_what_is_not_known_or_above_somebodys_limit_is_not_closed_by_them_alone(office: Office) -> None:
    dock = office.statement("L-DOCK")
    assert dock["unknown_terms"] == ["rounding"]
    refused = office.closes(office.fred, dock)
    assert code_of(refused) == (409, "cannot_be_closed")
    assert refused.json()["faults"] == ["Terms of the contract are not known: rounding. Write them into terms.csv."]
    alder = office.statement("P-ALDER")
    first = office.closes(office.fred, alder)
    assert (first.json()["state"], first.json()["closed_by"]) == ("first_yes", None)
    assert code_of(office.closes(office.fred, alder)) == (409, "same_person")
    second = office.closes(office.gwen, alder)
    assert second.json()["state"] == "closed"
    assert second.json()["closed_by"].startswith("Gwen Finance")
    assert code_of(office.closes(office.gwen, alder)) == (409, "already_closed")
    assert code_of(office.draft(contract_id="P-ALDER")) == (409, "already_closed")
    told = [orjson.loads(each["details"]) for each in office.at.trail() if each["action"] == "statement.close"]
    assert told[-1]["first_yes_by"].startswith("Fred Finance")
    bracken = office.statement("F-BRACKEN")
    assert office.closes(office.fred, bracken).json()["state"] == "closed", "£442.00 are within his limit"
    stale = office.fred.post(f"/v1/accounts/statements/{dock['statement_id']}/close", headers={"If-Match": '"1"'})
    assert code_of(stale) == (412, "changed_since")


def test_a_limit_is_a_persons_own_before_it_is_a_roles() -> None:
    limits = {"finance": Decimal(1000), "06e72157": Decimal(5), "s-12": Decimal(7)}
    settings = Settings(approval_limits_gbp=limits)
    allowed = [
        alone_up_to_pence(Actor(name, role), settings)
        for name, role in (
            ("Fred Finance", "finance"),
            ("Ada (06e72157)", "finance"),
            ("Bo (oidc s-12)", "admin"),
            ("Cy (1)", "admin"),
        )
    ]
    assert allowed == [100_000, 500, 700, 0], "whoever is not named closes none alone"


def test_a_correction_after_closing_is_an_adjustment_of_the_next_period(office: Office) -> None:
    """The visit of A003 was cut to 30 minutes: 60 had been paid, at £26.00 an hour 13.00 too much."""
    cut = {"date": OCTOBER, "planned_start": f"{OCTOBER}T08:15", "planned_minutes": 60, "outcome": "cut_short"}
    times = {"arrived": f"{OCTOBER}T08:16", "left": f"{OCTOBER}T08:46", "who": "person", "why": "persons_wish"}
    sent = office.fred.post("/v1/actuals", json={"items": [record("A900", corrects="A003", **cut, **times)]})
    assert sent.is_success, sent.text
    closed = office.statement("F-BRACKEN")
    assert office.draft(NOVEMBER).is_success
    november = office.statement("F-BRACKEN", NOVEMBER)
    assert november["adjustments"] == [{"period_starts": OCTOBER, "gbp": -13.0}]
    assert november["total_gbp"] == -13.0
    assert office.statement("P-ALDER", NOVEMBER)["adjustments"] == []
    assert office.statement("F-BRACKEN") == closed, "what is closed stays as it is"
    assert "The period ends on 2026-12-20: close it after that." in november["in_the_way"]
    assert not november["can_be_closed"]


def test_records_or_terms_that_came_since_the_draft_have_it_drafted_again(office: Office) -> None:
    clover = office.statement("F-CLOVER")
    assert (clover["in_the_way"], clover["retainers_gbp"]) == ([], 40.5)
    visit = {"package_id": "R3", "visit_id": "V05", "date": "2026-11-13", "planned_start": "2026-11-13T18:00"}
    times = {"arrived": "2026-11-13T18:00", "left": "2026-11-13T18:30", "planned_minutes": 30}
    assert office.fred.post("/v1/actuals", json={"items": [record("A901", **visit, **times)]}).is_success
    refused = office.closes(office.fred, clover)
    assert refused.json()["faults"] == ["Records of visits have come since the draft was made: draft it again."]
    assert office.draft(contract_id="F-CLOVER").json()["statement_ids"] == [clover["statement_id"]]
    assert office.statement("F-CLOVER")["lines"] == clover["lines"] + 1
    terms = (VILLAGES / "terms.csv").read_text().replace("F-CLOVER,,15,nearest", "F-CLOVER,,15,up")
    assert office.keep(terms=terms).is_success
    assert "draft it again" in office.statement("F-CLOVER")["in_the_way"][0]


def test_a_provider_questions_a_line_of_its_own_until_a_named_person_decides(office: Office) -> None:
    bracken, clover = office.statement("F-BRACKEN"), office.statement("F-CLOVER")
    sam = office.provider("BRACKEN")
    mine = sam.get("/v1/own/accounts").json()["items"]
    assert {each["contract_id"] for each in mine} == {"F-BRACKEN"}
    assert {(each["drafted_by"], each["closed_by"]) for each in mine} == {(None, None)}, "nobody of the council is named"
    other = f"/v1/own/accounts/{clover['statement_id']}"
    for address in (other, f"{other}/lines", f"{other}/queries"):
        assert code_of(sam.get(address)) == (404, "not_found")
    assert sam.get("/v1/accounts/statements").status_code == 403
    own = f"/v1/own/accounts/{bracken['statement_id']}"
    asked = sam.post(f"{own}/queries", json={"number": 1, "words": "We were there for 75 minutes"})
    assert (asked.json()["state"], asked.json()["asked_by"]) == ("open", "Sam Marsh")
    assert (asked.json()["answer_by"], asked.json()["is_late"]) == ("2026-12-07", False), "ten working days"
    owed = {"provider_id": "BRACKEN", "lines": 1, "answer_by": "2026-12-07", "late": 0}
    assert office.role("contracts").get("/v1/accounts/queries/owed").json()["items"] == [owed]
    for day, late in ((7, []), (8, [(asked.json()["query_id"], bracken["statement_id"], dt.date(2026, 12, 7))])):
        with reading(office.at.store.engine) as connection:
            state = Store(office.at.store.engine, Clock(dt.date(2026, 12, day))).live.at(connection)
            found = watch_of(connection, state, office.at.served.settings).overdue_lines
        assert [(each.query_id, each.statement_id, each.answer_by) for each in found] == late
    assert code_of(sam.post(f"{own}/queries", json={"number": 1, "words": "Once more"})) == (409, "already_queried")
    assert code_of(sam.post(f"{own}/queries", json={"number": 999, "words": "No such line"})) == (404, "not_found")
    assert code_of(sam.post(f"{other}/queries", json={"number": 1, "words": "Not mine"})) == (404, "not_found")
    assert [each["query"] for each in office.lines(bracken)][:2] == ["open", None]
    (waiting,) = office.fred.get("/v1/accounts/queries", params={"state": "open"}).json()["items"]
    decision = {"decision": "refused", "reason": "The plan has 60 minutes"}
    address = f"/v1/accounts/queries/{waiting['query_id']}/decide"
    assert sam.post(address, json=decision).status_code == 403
    assert office.fred.post(address, json=decision).json()["decided_by"].startswith("Fred Finance")
    assert code_of(office.gwen.post(address, json=decision)) == (409, "already_decided")
    (told,) = sam.get(f"{own}/queries").json()["items"]
    assert (told["state"], told["reason"], told["decided_by"]) == ("refused", "The plan has 60 minutes", None)
    assert office.role("contracts").get("/v1/accounts/queries/owed").json()["items"] == [], "nothing is owed any more"
    assert office.lines(bracken, sam, "own/accounts")[0]["query"] == "refused"
    assert office.statement("F-BRACKEN") == bracken, "nothing of the money changes by it"


def test_who_reads_what(office: Office) -> None:
    statement = office.statement("P-ALDER")["statement_id"]
    assert office.role("contracts").get(f"/v1/accounts/statements/{statement}").is_success
    assert office.role("contracts").get(f"/v1/accounts/statements/{statement}/lines").status_code == 403
    for role in ("planner", "viewer", "auditor", "job"):
        assert office.role(role).get("/v1/accounts/statements").status_code == 403


def test_of_whoever_is_forgotten_what_was_paid_stays_and_the_trail_holds(office: Office) -> None:
    bracken = office.statement("F-BRACKEN")
    sam = office.provider("BRACKEN")
    asked = sam.post(f"/v1/own/accounts/{bracken['statement_id']}/queries", json={"number": 2, "words": "One more"})
    assert asked.is_success
    book = office.fred.get("/v1/accounts/book").json()["files"]
    assert office.keep(account=f"{book['account.toml']}\ncut_short_least = 1\ncut_short_share = 0.05\n").is_success
    assert office.role("planner").get("/v1/deliveries").json()["overtaken"], "a correction has come since"
    assert office.fred.post("/v1/deliveries", json={"until": NOVEMBER}).json()["findings"]["cut_short"] == 5
    cut_short = {"kind": "cut_short"}
    assert "R4" in office.role("planner").get("/v1/deliveries/people", params=cut_short).text
    end(office.at.store, "R4")
    assert "R4" not in office.role("planner").get("/v1/deliveries/people", params=cut_short).text
    assert "R4" in str(office.at.state().stock["deliveries"]["newest"].body), "what was counted is kept until it is counted anew"
    drafted = office.draft(NOVEMBER, "F-BRACKEN")
    assert drafted.json()["total_gbp"] == -13.0, "whose care has ended is stated all the same"
    forget(calling(office.at.store, LOADER), ["R4"])
    lines = office.lines(bracken)
    assert {(each["package_id"], each["date"]) for each in lines} == {(None, None)}
    assert round(sum(each["gbp"] for each in lines), 2) == 442.0
    kept = str(office.at.state().stock["deliveries"]["newest"].body)
    assert "R4" not in kept and "R5" in kept, "or until somebody is forgotten"
    assert sam.get(f"/v1/own/accounts/{bracken['statement_id']}/queries").json()["items"] == []
    assert office.breaks() == []
    with writing(office.at.store.engine) as connection:
        connection.execute(text("UPDATE statement_lines SET pence = pence + 1 WHERE number = 1"))
    assert any("changed past the service" in each for each in office.breaks())
