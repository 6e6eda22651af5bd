"""One person who waits, in words; worked by hand for the three villages."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from api.pages.people.person_board import board_of, notes_in_words
from api.storage.database import reading
from api.storage.table_schema import audit
from tests.api.conftest import Served
from tests.api.pages.reading import Browser


def test_whom_to_ask_in_order_and_who_cannot_be_asked_and_why(villages: Served, planner: Browser) -> None:
    """N4: Alder, the principal, declined on the 20th, which stands for 14 days; the framework is next, the nearer part first."""
    page = planner.read("/people/N4")
    assert page.said("h1") == ["Package N4"]
    assert page.said("h2")[0] == "Next: ask framework Clover Home Care and Bracken Home Care"
    assert page.said("h3") == ["1. Clover Home Care", "2. Bracken Home Care", "3. Dock Home Care", "4. Elder Home Care"]
    facts = list(zip(page.said("dt"), page.said("dd"), strict=True))
    assert facts[:3] == [
        ("Priority", "Standard"),
        ("Start by", "7 December 2026"),
        ("Care", "5 hours a week"),
    ]
    clover = [("Room", "36 h in four weeks"), ("Cost", "£135.00 a week, £27.00 an hour"), ("Nearest office", "0.0 miles")]
    assert facts[3:5] == [("Price band", "3"), ("Area", "Larkmere and Villages")]
    assert facts[5:8] == clover
    assert "Asked with the next step. Framework of the area, just at its part" in page.words
    assert page.rows[1] == [
        "Alder Home Care principal",
        "In the way Alder Home Care declined (time of day) on 20 November 2026; that stands until 4 December 2026.",
    ]
    order = page.rows[3:]
    assert order[0] == ["1", "Provider Clover Home Care", "Nearest office 0.0 miles"] and [row[0] for row in order] == [
        "1",
        "2",
        "3",
        "4",
    ]
    assert "Asked: Alder Home Care" in planner.read("/people/N7").said("h2")[0]
    with reading(villages.service.store.engine) as connection:
        entries = connection.execute(select(audit).where(audit.c.action == "cascade.read").order_by(audit.c.seq)).all()
    assert [entry.subject for entry in entries][-2:] == ["N4", "N7"], "as a program's readings would be"


def test_everybody_on_the_list_has_a_page_and_nobody_else_has(planner: Browser) -> None:
    listed = [each["href"] for each in planner.read("/waiting").all("a") if each["href"].startswith("/people/")]
    assert len(listed) == 7
    for address in listed:
        assert planner.read(address).said("h2")[0].startswith(("Next: ask ", "Asked: ", "Nobody left to ask"))
    assert planner.read("/people/no-such", 404).said("h1") == ["Page not found"]
    assert planner.read("/people/a%2Fb", 404).said("h1") == ["Page not found"]


@pytest.mark.parametrize("role", ["viewer", "social_work", "contracts"])
def test_who_does_not_place_care_does_not_see_a_person(villages: Served, nobody: Browser, role: str) -> None:
    page = nobody.signed_in(villages.key(role)).read("/people/N4", 403)
    assert "Clover Home Care" not in page.words


def cascade(**told: Any) -> dict[str, Any]:
    """As ``/v1`` tells it."""
    usual = {"situation": "waiting", "priority": "urgent", "start_by": None, "hours_per_week": 3.5, "band": 1, "choosing": None}
    more = {"next_step": {"name": "nobody", "contract_ids": []}, "objections": [], "asked_with": [], "wishes": []}
    return usual | more | {"places": [], "others": [], "capacity_told": [], "fast_start": []} | told


def place(number: int, tier: str = "legacy", **told: Any) -> dict[str, Any]:
    cells: dict[str, Any] = {"provider_id": f"ID{number}"}
    cells |= {"contract_id": f"C{number}", "provider": f"P{number}", "tier": tier, "asked": False, "headroom_hours_4w": None}
    costs = {"weekly_cost_gbp": "1.00", "rate_gbp": "2.00", "office_miles": 1.25, "guarantee": None, "reason": "since 2026-11-01"}
    return {"place": number} | cells | costs | told


def test_what_is_to_be_read_first() -> None:
    said = notes_in_words(cascade(objections=[{"said": "No machines."}], asked_with=["N8"]))
    assert said == ["Read first: No machines.", "Asked for and placed together with N8."]


def test_wishes_are_told_with_names_and_with_what_they_cost_in_time() -> None:
    wish: dict[str, Any] = {"granted": [], "lengthens_the_wait": None}
    wishes = [
        {"wish": "preferred_provider", "wanted": ["ID1"], **wish},
        {"wish": "worker_languages", "wanted": ["Polish", "Urdu"], **wish, "lengthens_the_wait": "Nobody speaks it."},
        {"wish": "same_household", "wanted": [], **wish},
        {"wish": "worker_gender", "wanted": ["female"], **wish},
    ]
    assert notes_in_words(cascade(wishes=wishes, places=[place(1, provider_id="ID1")])) == [
        "Wish, rather with: P1.",
        "Wish, languages: Polish and Urdu. Nobody speaks it.",
        "Wish: the same provider as others of the household.",
        "Wish, care workers: female.",
    ]


def test_three_of_the_legacy_framework_are_open_and_whoever_is_next_or_asked() -> None:
    places = [place(1, "framework"), *(place(number) for number in range(2, 8)), place(8, asked=True)]
    board = board_of(cascade(places=places, next_step={"name": "legacy", "contract_ids": ["C7"]}))
    assert [card.rank for card in board.cards] == [1, 2, 3, 4, 7, 8] and [card.rank for card in board.folded] == [5, 6]
    assert board.cards[0].facts[0] == ("Room", "no limit") and board.cards[0].says == "Framework. since 1 November 2026"
    assert board_of(cascade(hours_per_week=3.5)).facts[1:3] == [("Start by", "not said"), ("Care", "3.5 hours a week")]
    late = {"as_of": "2026-11-23", "start_by": "2026-11-21"}
    assert board_of(cascade(**late), "Larkmere").facts[1::3] == [
        ("Start by", "21 November 2026, 2 days late"),
        ("Area", "Larkmere"),
    ]
    assert board_of(cascade(**late, situation="running")).facts[1] == ("Start by", "21 November 2026")
    assert board_of(cascade(hours_per_week=1.0)).facts[2] == ("Care", "1 hour a week")


def test_free_hours_stand_at_who_told_them_whether_it_can_be_asked_or_not() -> None:
    told = [{"provider_id": each, "says": "told 3 days ago: 12 h, from 2026-12-07"} for each in ("PROV1", "PROV3")]
    other = {"provider": "Three", "provider_id": "PROV3", "tier": "legacy", "failed": []}
    places = [place(1, provider_id="PROV1"), place(2, provider_id="PROV2")]
    board = board_of(cascade(places=places, others=[other], capacity_told=told))
    said = "Told 3 days ago: 12 h, from 7 December 2026"
    assert [dict(each.facts).get("Free hours") for each in board.cards] == [said, None]
    assert board.others[0].free == said
