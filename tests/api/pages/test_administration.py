"""Administration in the browser: a key shown once, sessions ended, the trail searched, folders taken in, people forgotten."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import httpx
import pytest

from api.http.errors import Problem
from api.security.keys import hash_of
from tests.api.conftest import SMALL, Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import OF_THE_SITE, Browser, Read, holds_for_every_page
from tests.api.pages.test_areas import rows_of
from tests.api.pages.test_record_editing import filled, told

pytestmark = ON_SQLITE
KEYS, SESSIONS, AUDIT = "/administration/keys", "/administration/sessions", "/administration/audit"
FORGETTING, TAKE_IN = "/administration/forgetting", "/administration/take-in"


@pytest.fixture
def admin(served: Served) -> Iterator[Browser]:
    browser = Browser(served)
    with browser.client:
        yield browser.signed_in(served.key("admin"))


def test_a_key_is_shown_once_and_made_once_and_ends_with_its_sessions(served: Served, admin: Browser) -> None:
    form = filled(admin.read(KEYS))
    page = told(admin, KEYS, form | {"name": "", "days": "400"}, 422)
    wrong = page.said("a")
    assert {"Enter the name of the person or job", "Choose a role or several", "Enter 1 to 365 days"} <= set(wrong)
    wanted = form | {"name": "Pat Planner", "roles": "planner", "days": "30"}
    made = told(admin, KEYS, wanted, 200)
    (token,) = re.findall(r"optk_\w{8}_[\w-]{43}", made.words)
    assert token not in admin.get(KEYS).text, "nobody sees it again"
    page = told(admin, KEYS, wanted, 409)
    assert "Nothing was made" in page.words and "optk_" not in page.words
    served.knows_new_keys()
    pat = Browser(served)
    with pat.client:
        pat.signed_in(token).read("/waiting")
        key_id = token.split("_")[1]
        assert "whoever is signed in with it is out at once" in admin.read(f"{KEYS}/{key_id}/end").words
        assert admin.post(f"{KEYS}/{key_id}/end").headers["location"] == f"{KEYS}?done=ended"
        assert "opens nothing any more" in admin.read(f"{KEYS}?done=ended").words
        served.knows_new_keys()
        assert pat.get("/waiting").status_code == 401
    assert admin.get(f"{KEYS}/{key_id}/end").status_code == admin.post(f"{KEYS}/{key_id}/end").status_code == 404
    row = next(each for each in rows_of(admin.get(f"{KEYS}.csv")) if each[0] == key_id)
    assert row[1:3] == ["Pat Planner", "planner"] and row[5], "when it was ended"


def test_everybody_ends_sessions_of_their_own_and_an_administrator_all(served: Served, admin: Browser) -> None:
    desk, phone, other = Browser(served), Browser(served), Browser(served)
    with desk.client, phone.client, other.client:
        desk.signed_in(served.key("planner"))
        phone.signed_in(served.key("planner"))
        other.signed_in(served.key("quality"))
        rows = desk.read(SESSIONS).rows[1:]
        assert len(rows) == 2 and all(row[0].startswith("a planner ") for row in rows)
        names = [row[0].rpartition(" ")[2] for row in rows]
        assert len(admin.read(SESSIONS).rows) == 5, "headings, and four who are signed in"
        (quality,) = (row[0].rpartition(" ")[2] for row in other.read(SESSIONS).rows[1:])
        assert desk.post(f"{SESSIONS}/{quality}/end").status_code == 404, "somebody else's"
        mine = next(each for each in names if holds(desk, each))
        assert desk.post(f"{SESSIONS}/{next(each for each in names if each != mine)}/end").status_code == 303
        assert phone.get("/waiting").status_code == 401 and desk.get("/waiting").status_code == 200
        with served.client("admin") as program:
            listed = program.get("/v1/sessions").json()["items"]
            assert {each["holder"] for each in listed} == {"a planner", "a quality", "a admin"}
            assert program.post(f"/v1/sessions/{quality}/end").status_code == 204
            assert program.post(f"/v1/sessions/{quality}/end").status_code == 404
            assert program.post("/v1/sessions/%25/end").status_code == 404
        assert other.get("/areas").status_code == 401
        with served.client("planner") as program:
            assert [each["session"] for each in program.get("/v1/sessions").json()["items"]] == [mine]
        assert rows_of(desk.get(f"{SESSIONS}.csv"))[1][0] == mine


def holds(browser: Browser, session: str) -> bool:
    """Whether a browser's session is the one of this name."""
    return hash_of(browser.cookie).startswith(session)


def test_a_search_of_the_trail_is_an_entry_and_stands_in_no_address(served: Served, admin: Browser) -> None:
    with served.client("planner") as program:
        program.get("/v1/packages/N4/cascade")
    form = filled(admin.read(AUDIT))
    assert admin.read(AUDIT).rows == [], "nothing is shown that nobody asks for"
    page = told(admin, AUDIT, form | {"subject": "N4"}, 200)
    read = next(row for row in page.rows if row[2] == "What cascade.read")
    assert read[1].startswith("By a planner (") and read[3] == "About packages N4"
    assert "subject: N4" in told(admin, AUDIT, form | {"actor": "a admin"}, 200).words, "the search before stands in it"
    assert "N4" in admin.post(AUDIT, form | {"subject": "N4", "step": "csv"}).text
    page = told(admin, AUDIT, form | {"since-day": "31", "since-month": "2", "since-year": "2026"}, 422)
    assert page.said("title")[0].startswith("Error: ")
    late = {"since-day": "1", "since-month": "1", "since-year": "2090"}
    assert "0 entries" in told(admin, AUDIT, form | late, 200).said("p")
    assert admin.post(AUDIT, form | {"after": "no such part"}).status_code == 422
    auditor = Browser(served)
    with auditor.client:
        auditor.signed_in(served.key("auditor"))
        page = told(auditor, AUDIT, form, 200)
        assert "not for your role: it may be about people" in page.words and "N4" not in page.words
        assert [each["href"] for each in page.all("a") if each["href"] == KEYS] == []


def test_settings_are_read_without_what_is_secret(admin: Browser) -> None:
    page = admin.read("/administration/settings")
    told_of = {row[0]: row[1] for row in page.rows if len(row) == 2}
    assert told_of["OPTIMISER_PAGE_SIZE"] == "Value 100" and told_of["OPTIMISER_METRICS_OPEN"] == "Value no"
    assert told_of["Decline days"] == "Value 14"
    assert rows_of(admin.get("/administration/settings.csv"))[0] == ["of", "name", "value"]


def zipped(name: str = "Alder Home Care") -> bytes:
    """The three villages, with another name for Alder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in SMALL.iterdir():
            if path.suffix in (".csv", ".toml", ".geojson"):
                archive.writestr(path.name, path.read_text(encoding="utf-8").replace("Alder Home Care", name))
    return buffer.getvalue()


def sent(browser: Browser, content: bytes, name: str = "villages.zip", **fields: str) -> httpx.Response:
    files = {"file": (name, content, "application/zip")}
    return browser.client.post(TAKE_IN, data=fields, files=files, headers=browser._headers(OF_THE_SITE))


def test_a_folder_is_taken_in_once_what_differs_was_seen(served: Served, admin: Browser) -> None:
    page = Read(sent(admin, zipped("Alder Care"), step="look"))
    assert ["Providers", "Added 0", "Changed 1", "Ended 0", "Not in the folder 0", "Left as they are 4"] in page.rows
    assert "ALDER: name" in page.said("li")
    seen = next(each["value"] for each in page.all("input") if each["name"] == "seen")
    assert sent(admin, zipped("Alder Care"), step="write", seen=seen).status_code == 422, "without a reason"
    refused = sent(admin, zipped("Elder Care"), step="write", seen=seen, reason="a list of today")
    page = Read(refused)
    assert refused.status_code == 409 and "Nothing was written" in page.words and "ALDER: name" in page.said("li")
    holds_for_every_page(page, refused)
    with served.client("planner") as program:
        assert program.get("/v1/providers/ALDER").json()["name"] == "Alder Home Care"
        answer = sent(admin, zipped("Alder Care"), step="write", seen=seen, reason="a list of today")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{TAKE_IN}?done=taken")
        assert program.get("/v1/providers/ALDER").json()["name"] == "Alder Care"
    assert "All of it was written, in one go." in admin.read(f"{TAKE_IN}?done=taken").words
    assert "Nothing would be written." in Read(sent(admin, zipped("Alder Care"), step="look")).words


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "villages.zip", "Choose a file whose name ends in .zip, .xlsx, .ods"),
        (b"x", "villages.exe", "Choose a file whose name ends in .zip, .xlsx, .ods"),
        (b"no zip", "villages.zip", "It cannot be read as a zip."),
        (zipped("Alder, Home"), "villages.zip", "fault(s)"),
        (b"no workbook", "villages.xlsx", "fault(s)"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_told(admin: Browser, content: bytes, name: str, says: str) -> None:
    refused = sent(admin, content, name, step="look")
    page = Read(refused)
    assert refused.status_code == 422 and any(says in each for each in page.said("a"))
    holds_for_every_page(page, refused)


def test_people_are_forgotten_once_their_number_is_typed(served: Served, admin: Browser) -> None:
    with served.client("planner") as program:
        ended = program.post("/v1/packages/N1/end", json={"reason": "moved_away", "ended_by": "person"})
        assert ended.status_code == 200, ended.text
    assert "Nobody is due" in admin.read(FORGETTING).words
    page = told(admin, f"{FORGETTING}/count", {"package_ids": ""}, 422)
    assert "Name at least one package" in page.said("a")
    page = told(admin, f"{FORGETTING}/count", {"package_ids": "N1"}, 200)
    assert page.said("h1") == ["Forget 1 person"] and "These packages: N1." in page.words
    form = filled(page)
    assert "Type the number of people, as a figure, to confirm" in told(admin, FORGETTING, form | {"count": "2"}, 422).said("a")
    told(admin, FORGETTING, form | {"count": ""}, 422)
    told(admin, FORGETTING, {"package_ids": "N2", "count": "1"}, 409)
    answer = admin.post(FORGETTING, form | {"count": "1"})
    assert answer.status_code == 303 and "N1" not in answer.headers["location"]
    page = admin.read(answer.headers["location"])
    assert "Destroyed: 1 package, " in page.words
    with served.client("admin") as program:
        assert all(each["subject"] != "N1" for each in program.get("/v1/audit?limit=1000").json()["items"])


def test_who_is_named_is_counted_while_the_clock_is_doubted(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that may be wrong says nobody is due, and nothing of those whom somebody names."""

    def doubts(*_: object) -> None:
        raise Problem("clock_doubted", "The clock may be wrong.")

    monkeypatch.setattr("api.forgetting.acts.refuse_doubted", doubts)
    assert "The clock may be wrong." in admin.read(FORGETTING).words
    assert told(admin, f"{FORGETTING}/count", {"package_ids": "N1"}, 200).said("h1") == ["Forget 1 person"]
    told(admin, f"{FORGETTING}/count", {"who": "due"}, 409)


@pytest.mark.parametrize("role", ["viewer", "planner", "contracts", "auditor", "job"])
def test_administration_is_for_administrators(served: Served, role: str) -> None:
    browser = Browser(served)
    with browser.client:
        browser.signed_in(served.key(role))
        for address in (KEYS, FORGETTING, "/administration/settings", f"{KEYS}/abc/end"):
            assert browser.get(address).status_code == 403, address
        assert browser.post(KEYS, {"name": "x"}).status_code == browser.post(FORGETTING, {}).status_code == 403
        assert browser.get(AUDIT).status_code == (200 if role == "auditor" else 403)
        assert browser.get(TAKE_IN).status_code == (200 if role == "contracts" else 403)
        links = [each["href"] for each in browser.read("/what-i-may-do").all("a")]
        assert SESSIONS in links and ((AUDIT in links) is (role == "auditor")) and ((TAKE_IN in links) is (role == "contracts"))
