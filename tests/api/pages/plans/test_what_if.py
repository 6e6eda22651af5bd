"""What if, as kinds of run and in the browser, on the three villages: compared, required, and what other limits would reach."""

from __future__ import annotations

from pathlib import Path

from api.pages.plans.asking_form import request_of
from api.pages.plans.forms_of_kinds import FORMS
from api.state.store import Store
from tests.api.conftest import Served, loaded, serving
from tests.api.databases import ON_SQLITE
from tests.api.pages.plans.test_a_plan import asked, refused
from tests.api.pages.plans.test_boards import faults, sent
from tests.api.pages.reading import Browser
from tests.api.runs.working import claimed, start, work_here
from tests.making.transfers import small_county


@ON_SQLITE
def test_a_scenario_stands_beside_the_county_as_it_is(ada: Browser, served: Served, store: Store) -> None:
    """Without Alder, the principal, N1 and N5 go elsewhere or wait: what differs from the county as it is stands out."""
    address = asked(ada, "compare", title="Alder closed", provider="ALDER")
    work_here(store, claimed(store))
    page = ada.read(address)
    heading = next(row for row in page.rows if row[:2] == ["Figure", "Unit"])
    assert heading[2:] == ["as it is", "Alder closed"]
    with served.client("planner") as program:
        told = program.get(f"/v1/runs/{address.rpartition('/')[2]}/result").json()
        applied = program.post(
            f"/v1/runs/{told['run_id']}/apply", json={"plan_digest": told["plan_digest"], "package_ids": "all"}
        )
    assert applied.json()["code"] == "nothing_to_apply"
    assert [each["title"] for each in told["result"]["counties"]] == ["as it is", "Alder closed"]
    differs = [each["name"] for each in told["result"]["indicators"] if each["values"][0] != each["values"][1]]
    assert differs and len(page.said("strong")) >= len(differs)
    wrong = refused(
        ada.post(
            "/plans/new/compare",
            {"seconds": "600", "once": "x", "title": "T", "as_of-day": "1", "as_of-month": "1", "as_of-year": "2020"},
        ),
        422,
    )
    assert "from 23 November 2026, the snapshot's own, on" in wrong.words
    assert "billed in steps of" not in ada.read("/plans/new/compare").words
    admin = Browser(served)
    with admin.client:
        form = admin.signed_in(served.key("admin")).read("/plans/new/compare")
        assert "All legacy contracts" in form.words and "Recorded visits are billed in steps of, scenario 3" in form.words
        day = {"visits_from-day": "26", "visits_from-month": "10", "visits_from-year": "2026"}
        steps = {"seconds": "600", "once": "z", "title": "Five", "increment": "5", **day}
        assert "no default" in refused(admin.post("/plans/new/compare", steps), 409).words, "nobody has kept an account book"


@ON_SQLITE
def test_what_cannot_hold_together_is_told_with_what_would_have_to_give(ada: Browser, served: Served, store: Store) -> None:
    """Nobody on the legacy framework and nobody waiting: N3 and N6 have no other place."""
    entries = {"level_1": "legacy", "value_1": "0", "level_2": "unmet", "value_2": "0"}
    address = asked(ada, "feasible", **entries)
    work_here(store, claimed(store))
    page = ada.read(address)
    assert page.said("h2")[:3] == ["No, proven: they cannot hold together", "In conflict", "What would have to give"]
    with served.client("planner") as program:
        told = program.get(f"/v1/runs/{address.rpartition('/')[2]}/result").json()["result"]
        assert (told["verdict"], told["required"]) == ("no", ["unmet=0", "legacy=0"]) and told["ways_out"]
        yes = start(program, kind="feasible", settings={"feasible": {"require": ["unmet<=1000000"]}})
        work_here(store, claimed(store))
        assert program.get(f"/v1/runs/{yes['run_id']}/result").json()["result"]["verdict"] == "yes"
    assert "Yes: a plan that keeps them was found and checked" in ada.read(f"/plans/{yes['run_id']}").said("h2")
    wrong = refused(ada.post("/plans/new/feasible", {"seconds": "600", "once": "y", "level_1": "legacy", "value_1": "many"}), 422)
    assert "expected a number such as 0, 65%" in wrong.words


def test_other_limits_are_a_figure_with_its_table(tmp_path: Path) -> None:
    with serving(loaded(tmp_path, small_county(), run_workers=0, tick_seconds=0)) as served:
        store, tam = served.service.store, Browser(served)
        with tam.client:
            tam.signed_in(served.key("transition"))
            address = asked(tam, "frontier")
            work_here(store, claimed(store))
            page = tam.read(address)
            with served.client("transition") as program:
                told = program.get(f"/v1/runs/{address.rpartition('/')[2]}/result").json()["result"]
    rows = [row for row in page.rows if row and row[0] == "whole rounds"]
    assert (
        len(rows) == len(told["frontier"]) >= 4
        and page.all("svg")
        and "Each limit with each number of waves" in page.said("caption")
    )


def test_forms_of_what_if_become_requests() -> None:
    day = {
        "as_of__day": "1",
        "as_of__month": "4",
        "as_of__year": "2027",
        "go_live__day": "2",
        "go_live__month": "4",
        "go_live__year": "2027",
    }
    told = sent(
        title="Spring", provider="P", contract="C", max_hours="1,000", go_live_area="A", discharge_area="B", per_week="3", **day
    )
    [scenario] = request_of(FORMS["compare"], told).settings.as_kept()["compare"]["scenarios"]
    assert (scenario["as_of"], scenario["go_live"]) == ("2027-04-01", [{"area_id": "A", "date": "2027-04-02"}])
    assert (scenario["contract"][0]["max_hours_4w"], scenario["discharges"]) == (1000.0, [{"area_id": "B", "per_week": 3}])
    three = sent(title="Closed", provider="P", title_3="More", discharge_area_3="B", per_week_3="2")
    scenarios = request_of(FORMS["compare"], three).settings.as_kept()["compare"]["scenarios"]
    assert [each["title"] for each in scenarios] == ["Closed", "More"], "what is left empty is no scenario"
    assert faults("compare", sent(title="A", provider="P", title_2="A", provider_2="Q")) == {"title_2"}
    assert faults("compare", sent(title="A", provider="P", title_3="A", provider_3="Q")) == {"title_3"}, "where it was entered"
    assert faults("compare", sent(title="A", provider="P", provider_2="Q")) == {"title_2"}
    assert faults("compare", sent(title="A", provider="P", title_2="B")) == {"provider_2"}
    of_visits = {"visits_from__day": "26", "visits_from__month": "10", "visits_from__year": "2026"}
    steps = sent(
        title="5", increment="5", rounding="up", billed="tier:legacy", title_2="15", increment_2="15", billed_2="C", **of_visits
    )
    told_of = request_of(FORMS["compare"], steps).settings.as_kept()["compare"]
    assert told_of["visits_from"] == "2026-10-26"
    five, fifteen = (each["billing"][0] for each in told_of["scenarios"])
    assert five == {"increment_minutes": 5, "rounding": "up", "contract_id": None, "tier": "legacy"}
    assert fifteen == {"increment_minutes": 15, "rounding": None, "contract_id": "C", "tier": None}
    assert faults("compare", sent(title="5", increment="5")) == {"visits_from"}
    assert faults("compare", sent(title="5", billed="C", **of_visits)) == {"increment"}
    asked_for = sent(level_1="legacy", value_1="0", share="65%", share_area="A")
    assert request_of(FORMS["feasible"], asked_for).settings.as_kept()["feasible"]["require"] == [
        "legacy=0",
        "principal_share:A=65%",
    ]
    assert faults("compare", sent(title="T")) == {"provider"} and faults("compare", sent(provider="P")) == {"title"}
    assert faults("feasible", sent()) == {"share"} and faults("feasible", sent(level_2="cost")) == {"value_2"}
