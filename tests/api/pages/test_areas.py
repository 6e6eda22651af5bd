"""The areas in words: worked by hand for the three villages, and what a viewer is not shown."""

from __future__ import annotations

import csv
from typing import Any

import httpx
import pytest

from api.acts.act import ACTS
from api.pages.areas.areas_board import board_of, standing_of
from api.pages.csv_answers import csv_answer
from api.security.roles import COUNCIL
from tests.api.conftest import Served
from tests.api.pages.reading import Browser

RANGE = (0.65, 0.7, 0.75)
HEADS = ["Area", "Principal's share", "Room, principal", "Room, framework", "Guarantee used", "Waiting", "Framework providers"]


def test_the_villages_as_a_planner_reads_them(planner: Browser) -> None:
    """160 of 400 hours are with the principal: 40%. Alder may take 60 more hours in four weeks; Bracken and Clover 36 each."""
    page = planner.read("/areas")
    heads, region, larkmere = page.rows
    assert heads == HEADS and region == ["Example"]
    assert larkmere[0] == "1 Larkmere and Villages Alder Home Care"
    assert larkmere[1] == "Principal's share 40.0% Below"
    assert larkmere[2:5] == ["Room, principal 60 h", "Room, framework 72 h", "Guarantee used 83%"]
    assert larkmere[5:] == ["Waiting 6", "Framework providers 2 fewer than three"]
    figures = [each for each in page.said("li") if "hours in four weeks" in each or "live areas" in each or "asked" in each]
    assert figures == [
        "12 people, 400 hours in four weeks", "40.0% with principals in live areas", "0 of 1 live areas in the range 65% to 75%",
        "6 waiting, nobody asked; 1 asked",
    ]  # fmt: skip
    assert page.words.count("As of Monday 23 November 2026, ") == 1
    (here,) = (each for each in page.all("a") if each.get("aria-current") == "page")
    assert here["href"] == "/areas"


def test_a_viewer_reads_the_days_close_and_no_small_count(villages: Served, nobody: Browser) -> None:
    nobody.signed_in(villages.key("viewer"))
    page = nobody.read("/areas")
    heads, _, larkmere = page.rows
    assert heads == [each for each in HEADS if not each.startswith("Room")]
    assert larkmere[0] == "1 Larkmere and Villages"
    assert "As 23 November 2026 began" in page.words and "hours in four weeks" not in " ".join(page.said("li"))
    with villages.client("viewer") as program:
        (told,) = program.get("/v1/areas").json()["items"]
    assert (told["unmet_people"], larkmere[3]) == (None, "Waiting not shown")
    assert "principal.share" in told["withheld"], "two people are with the principal: fewer than five"
    assert larkmere[1] == "Principal's share not shown"
    figures = [each for each in page.said("li") if "live areas" in each]
    assert figures == ["not shown with principals in live areas", "not shown live areas in the range 65% to 75%"]


@pytest.mark.parametrize("role", COUNCIL)
def test_every_role_sees_the_areas_what_it_may_do_and_what_its_role_shows(villages: Served, nobody: Browser, role: str) -> None:
    nobody.signed_in(villages.key(role))
    assert [each for each in nobody.read("/areas").said("a") if each == "Areas"] == ["Areas"]
    page = nobody.read("/what-i-may-do")
    assert f"the role {role.replace('_', ' ')}" in page.words
    mine, others = page.words.split("What it may not do, and who may")
    told = ACTS["alerts.list"].sentence
    assert (told in mine, told in others) == ((True, False) if role in ("planner", "transition", "admin") else (False, True))
    assert ("For: " in others) and "For: " not in mine


def area(area_id: str, **told: Any) -> dict[str, Any]:
    """An area as ``/v1/areas`` tells it."""
    share = told.pop("share", 0.7)
    principal = {"contract_id": f"P-{area_id}", "share": share, "guarantee_used": 1.2}
    figures = {"people": 20, "unmet_people": 5, "pending_people": 0, "demand_hours_4w": 100.0, "principal_hours_4w": 70.0}
    usual = {"name": area_id, "region": "East", "live": True, "go_live": "2026-04-01", "framework_providers": 3}
    rest = {"framework_below_three": False, "withheld": [], "contracts": [], "day_close": None, "principal": principal}
    return {"area_id": area_id, **usual, **figures, **rest, **told}


@pytest.mark.parametrize(
    ("told", "words", "kind"),
    [
        ({"share": 0.65}, "In range", "within"),
        ({"share": 0.6499}, "Below", "below"),
        ({"share": 0.75}, "In range", "within"),
        ({"share": 0.7501}, "Above", "above"),
        ({"share": None, "withheld": ["principal.share"]}, "not shown", "none"),
        ({"share": None}, "Nobody has care here", "none"),
        ({"principal": None}, "No principal", "below"),
        ({"live": False, "go_live": "2027-04-01", "principal": None}, "Live from 1 April 2027", "not-live"),
        ({"live": False, "go_live": None, "principal": None}, "No date to go live yet", "not-live"),
    ],
)
def test_where_an_area_stands(told: dict[str, Any], words: str, kind: str) -> None:
    found = standing_of(area("A", **told), RANGE)
    assert (found.words, found.kind) == (words, kind)


def test_the_axis_runs_from_half_to_nine_tenths_and_holds_every_dot() -> None:
    """88 units for 40 points, after four: 70% lies in the middle, at 48; 65% and 75% eleven on either side."""
    at = {share: standing_of(area("A", share=share), RANGE).x for share in (0.0, 0.5, 0.65, 0.7, 0.9, 1.0)}
    assert at == {0.0: 4.0, 0.5: 4.0, 0.65: 37.0, 0.7: 48.0, 0.9: 92.0, 1.0: 92.0}
    board = board_of([area("A")], RANGE, {}, "region")
    assert (board.low_x, board.target_x, board.high_x) == (37.0, 48.0, 59.0)


def test_areas_in_every_order_keep_their_numbers() -> None:
    views = [
        area("W", region="West", share=0.6, unmet_people=9),
        area("N", region="East", share=0.8, unmet_people=None),
        area("E", region="East", share=0.7, unmet_people=1),
        area("X", region="West", live=False, principal=None, unmet_people=20),
    ]
    order = {}
    for sort in ("region", "share", "waiting", "name"):
        board = board_of(views, RANGE, {}, sort)
        order[sort] = " ".join(f"{region}:" + "".join(f"{row.number}{row.name}" for row in rows) for region, rows in board.groups)
    assert order == {"region": "East:1E2N West:3W4X", "share": ":3W1E2N4X", "waiting": ":4X3W1E2N", "name": ":1E2N3W4X"}


def test_a_total_of_what_is_withheld_is_not_shown() -> None:
    """70 of 100 and 50 of 100 hours: 60% together; with one of them withheld nothing is said of both."""
    views = [area("A"), area("B", principal_hours_4w=50.0, share=0.5)]
    told = {each.words: each.value for each in board_of(views, RANGE, {}, "region").figures}
    assert told["with principals in live areas"] == "60.0%"
    assert told["live areas in the range 65% to 75%"] == "1 of 2"
    assert told["people, 200 hours in four weeks"] == "40"
    assert told["waiting, nobody asked; 0 asked"] == "10"
    views[1] = area("B", principal_hours_4w=None, unmet_people=None, people=None, share=None, withheld=["principal.share"])
    told = {each.words: each.value for each in board_of(views, RANGE, {}, "region").figures}
    assert told["with principals in live areas"] == told["live areas in the range 65% to 75%"] == "not shown"
    assert told["people, 200 hours in four weeks"] == told["waiting, nobody asked; 0 asked"] == "not shown"


def contract(contract_id: str, provider_id: str, tier: str, headroom_hours_4w: float) -> dict[str, Any]:
    """A contract in force as an area's answer has it."""
    unknown = dict.fromkeys(("people", "hours_4w", "share_of_area", "headroom_set_by", "guarantee_used", "weekly_cost_gbp"))
    told = {"contract_id": contract_id, "provider_id": provider_id, "tier": tier, "in_force": True, "room": "as it says"}
    return {**unknown, **told, "headroom_hours_4w": headroom_hours_4w}


def test_room_is_what_contracts_in_force_have_together() -> None:
    contracts = [
        contract("P-A", "ALDER", "principal", 1234.0),
        contract("F1", "B", "framework", 4.5),
        contract("F2", "C", "framework", 100.0) | {"in_force": False},
        contract("L1", "D", "legacy", 100.0),
    ]
    ((_, (row,)),) = board_of([area("A", contracts=contracts)], RANGE, {"ALDER": "Alder"}, "region").groups
    assert (row.provider, row.room_principal, row.room_framework) == ("Alder", "1,234 h", "4.50 h")
    contracts[1]["headroom_hours_4w"] = None
    ((_, (row,)),) = board_of([area("A", contracts=contracts)], RANGE, {}, "region").groups
    assert (row.provider, row.room_framework) == ("", "no limit")


def test_an_order_that_is_none_is_told(planner: Browser) -> None:
    assert "sort" in planner.read("/areas?sort=colour", 422).words
    assert "given twice" in planner.read("/areas?sort=name&sort=share", 422).words


def test_the_map_says_what_the_table_says(planner: Browser) -> None:
    """One area, below its range: filled so, with its number, and told to whoever does not see it."""
    page = planner.read("/areas")
    (shape,) = (each for each in page.all("path") if each.get("class", "").startswith("area "))
    assert (shape["class"], shape["fill"]) == ("area below", "url(#fill-below)")
    assert page.said("svg title") == ["1 Larkmere and Villages: 40.0% Below"] and page.said("svg text") == ["1", "5 km"]
    (drawing,) = (each for each in page.all("svg") if each.get("role") == "img")
    assert drawing["aria-label"].startswith("Map of the areas")
    assert "/areas/A1" in [each["href"] for each in page.all("a")]


def test_a_file_for_spreadsheets_says_what_each_role_sees(villages: Served, planner: Browser) -> None:
    heads, larkmere = rows_of(planner.get("/areas.csv"))
    told = dict(zip(heads, larkmere, strict=True))
    assert told["area"] == "Larkmere and Villages" and told["principal"] == "Alder Home Care"
    assert (told["share"], told["standing"], told["room_principal"], told["room_framework"]) == ("0.4", "Below", "60", "72")
    assert (told["waiting"], told["people"], told["hours_per_four_weeks"]) == ("6", "12", "400.0")
    planner.signed_in(villages.key("viewer"))
    heads, larkmere = rows_of(planner.get("/areas.csv"))
    told = dict(zip(heads, larkmere, strict=True))
    assert "room_principal" not in told
    assert {told[name] for name in ("share", "waiting", "people", "hours_per_four_weeks")} == {"not shown"}


def rows_of(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["cache-control"] == "no-store" and answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))


def test_no_text_of_a_file_is_worked_out_by_a_spreadsheet() -> None:
    answer = csv_answer("names", ["name", "count"], [["=1+1", -3], ["@SUM(A1)", None], ['Day, "night"', True]])
    assert bytes(answer.body).decode("utf-8-sig") == 'name,count\r\n\'=1+1,-3\r\n\'@SUM(A1),\r\n"Day, ""night""",yes\r\n'
