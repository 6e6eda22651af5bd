"""Runs and plans in words; worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from api.pages.filled_form import FilledForm
from api.pages.plans.asking_form import FaultyError, request_of
from api.pages.plans.explanation_board import explanation_of
from api.pages.plans.forms_of_kinds import FORMS
from api.pages.plans.list_board import progress_of, row_of
from api.pages.plans.plan_board import board_of
from api.pages.plans.plan_maps import SHORT, by_share, keys_of, moves_drawn
from api.pages.plans.report_part import report_part
from api.pages.plans.report_tables import as_lists
from api.pages.plans.run_words import KINDS, amount, kind_in_words, moment, proven
from api.runs import kinds
from api.storage.table_schema import ON_WHAT_WAS_SENT
from tests.api.pages.outlining import areas as outlined

Json = dict[str, Any]
RUN: Json = {"run_id": "a" * 32, "kind": "allocate", "status": "running", "settings": {}, "requested_by": "Ada Planner (1f2e)"}
RUN |= {"created_at": "2026-07-01T09:00:00.000000+00:00", "cancel_requested": False, "out_of_date": None, "problem": None}
RUN |= {"progress": None}


def level(name: str, value: int | str, bound: int | str | None, unit: str = "people", **more: Any) -> Json:
    usual = {"given_away": 0, "given_to": [], "gap": 0.0, "proven": value == bound}
    return {"name": name, "unit": unit, "value": value, "bound": bound} | usual | more


def test_every_kind_of_run_has_a_name_and_a_form() -> None:
    assert set(kinds.KINDS) - {ON_WHAT_WAS_SENT} == set(KINDS), "what was sent is told to its sender alone"
    assert {"transfer" if each == "hand_back" else each for each in FORMS} == set(KINDS)
    assert kind_in_words("transfer", {"transfer": {"hand_back_of": "C"}}) == "Hand-back"


def test_amounts_as_people_say_them() -> None:
    assert amount(1_620, "weighted minutes a week") == "27 hours a week, weighted"
    assert amount(60, "minutes a week") == "1 hour a week" and amount(75, "minutes a week") == "1.25 hours a week"
    assert amount(110_435_995, "pence a week") == "£1,104,360 a week"
    assert amount(1_609_344, "metres a week") == "1,000 miles a week"
    assert (amount(1, "people"), amount(0, "people")) == ("1 person", "0 people")
    assert amount("3/25", "share of a provider's hours") == "12.0%"
    assert moment("2026-07-01T09:00:00.000000+00:00") == "Wednesday 1 July 2026, 10:00am", "London's summer"


def test_proven_and_open_in_words() -> None:
    assert proven(level("a", 5, 5)) == "Proven"
    assert proven(level("a", 1000, 900, gap=0.1)) == "Open by 10.0%"
    assert proven(level("a", 10_000, 9_999, gap=0.0001)) == "Open by less than 0.1%"
    assert proven(level("a", 5, None)) == "Not asked"


def test_a_run_on_the_list_and_at_work() -> None:
    assert row_of(RUN).asked == "Wednesday 1 July 2026, 10:00am" and row_of(RUN).by == "Ada Planner"
    assert row_of(RUN | {"settings": {"allocate": {"part": {"area_ids": ["A1"]}, "pins": {}}}}).more == "For a part of the county"
    assert row_of(RUN | {"out_of_date": {"since": "", "because": ""}}).more == "Its plan no longer holds"
    told = [{"level": "unmet", "value": 10, "bound": 10}, {"level": "cost", "value": 200, "bound": 150}]
    work = progress_of(RUN, told)
    assert (work.status, work.says) == ("At work", "1 level closed; now at: Cost.")
    assert [(row.value, row.bound, row.state) for row in work.levels] == [("10", "10", "Proven"), ("200", "150", "Open by 25%")]
    assert progress_of(RUN | {"status": "queued"}, []).says.startswith("It waits for its turn")
    assert progress_of(RUN | {"cancel_requested": True}, told).status == "Stopping"
    swept = [{"level": "failures", "value": 3, "bound": 106}, {"level": "unmet", "value": 1, "bound": 1}]
    assert progress_of(RUN | {"kind": "stress"}, swept).says == "3 failures of 106 tried."
    priced = progress_of(RUN | {"progress": {"price_run": 2, "price_runs": 5}}, told)
    assert priced.says.endswith("What the pins cost is being found out: 2 of 5.")


def proposal(package_id: str, contract_id: str | None, **more: Any) -> Json:
    usual: Json = {"moved": False, "outcome": "placed" if contract_id else "unmet", "provider_id": "P1" if contract_id else None}
    usual |= {"tier": "legacy", "area_id": "A1", "distance_miles": 1.25, "weekly_cost_gbp": 1234.5, "reason": "Since 2026-07-01."}
    return {"package_id": package_id, "contract_id": contract_id, "step": None} | usual | more


def area(share: str | None, cost: str) -> Json:
    principal = None if share is None else {"share": share}
    return {"area_id": "A1", "name": "Larkmere", "live": True, "principal": principal, "unmet_people": 1} | {
        "legacy_hours_4w": "40.00",
        "weekly_cost_gbp": cost,
    }


def told(proposals: list[Json], **result: Any) -> Json:
    before = {"area_id": "A1", "share": "0.6500", "unmet_people": 3, "legacy_hours_4w": "20.00", "weekly_cost_gbp": "100.00"}
    usual = {"levels": [level("unmet", 5, 5), level("cost", 200, 100, gap=0.5)], "areas": [area("0.7000", "350.40")]}
    return {"stopped": "wall", "proposals": proposals, "result": usual | {"areas_before": [before]} | result}


def test_a_plan_by_area_with_what_its_proposals_became() -> None:
    offers: list[Json] = [
        {"package_id": "N1", "contract_id": "C1", "response": "declined"},
        {"package_id": "N1", "contract_id": "C1", "response": None},
        {"package_id": "N1", "contract_id": "C1", "response": "withdrawn"},
        {"package_id": "N2", "contract_id": "C1", "response": "expired"},
        {"package_id": "N3", "contract_id": "C9", "response": None},
    ]
    rows = [
        proposal("N2", "C1"),
        proposal("N1", "C1"),
        proposal("N3", "C1"),
        proposal("N4", None),
        proposal("N5", None, outcome="pending"),
    ]
    board = board_of(told(rows), {"P1": "Alder"}, offers, {})
    [(name, steps)] = board.groups
    shown = [(each.package_id, each.became, each.box) for step in steps for each in step.proposals]
    assert (name, shown) == ("Larkmere", [("N1", "Asked", False), ("N2", "No answer in time", True), ("N3", "", True)])
    first = steps[0].proposals[0]
    assert (first.to, first.cost, first.miles, first.reason) == ("Alder", "£1,234.50", "1.2", "Since 1 July 2026.")
    assert (board.can_be_offered, board.waiting_for_answer, [each.package_id for each in board.left]) == (2, 1, ["N4"])
    assert board.says == "1 of 2 levels are proven. Not proven: cost (open by 50.0%)."
    assert board.stopped.startswith("The clock ended the search")
    [row] = board.areas
    assert (row.share_before, row.share_after, row.unmet_before, row.unmet_after) == ("65.0%", "70.0%", "3", "1")
    assert (row.cost_after, row.more_cost) == ("£350", "£250 more")


def test_steps_in_order_who_moves_first_and_movements_between_providers() -> None:
    moved = {"moved": True, "from_provider_id": "P2", "step": 2}
    rows = [
        proposal("A", "C1", step=2),
        proposal("R", "C1", **moved),
        proposal("T", "C1"),
        proposal("B", "C1", step=1),
        proposal("S", "C1", **moved | {"step": 3}),
    ]
    board = board_of(told(rows), {"P1": "Alder", "P2": "Dock"}, [], {})
    [(_, steps)] = board.groups
    assert [(step.number, step.words, [each.package_id for each in step.proposals]) for step in steps] == [
        (1, "Step 1", ["B"]),
        (2, "Step 2: 1 person moves, 1 person placed", ["R", "A"]),
        (3, "Step 3: 1 person moves, 0 people placed", ["S"]),
        (0, "Beside the steps", ["T"]),
    ]
    assert [(each.leaves, each.to, each.people) for each in board.movements] == [("Dock", "Alder", 2)]
    assert steps[1].proposals[0].leaves == "Dock" and steps[1].proposals[0].needs_decision


def sent(**entries: str | list[str]) -> FilledForm:
    fields = {name.replace("__", "-"): [each] if isinstance(each, str) else each for name, each in entries.items()}
    return FilledForm({"seconds": ["600"]} | fields, is_sent=True)


def faults(kind: str, form: FilledForm) -> set[str]:
    try:
        request_of(FORMS[kind], form)
    except FaultyError as faulty:
        return set(faulty.faults)
    return set()


def test_forms_become_the_requests_that_programs_send() -> None:
    pinned = request_of(FORMS["allocate"], sent(area=["A1"], pins="N4 F-BRACKEN\n\nN5\n")).settings.as_kept()
    assert pinned["allocate"]["part"]["area_ids"] == ["A1"] and pinned["allocate"]["pins"] == {"N4": "F-BRACKEN", "N5": None}
    assert request_of(FORMS["allocate"], sent()).settings.as_kept() == request_of(FORMS["bridge"], sent()).settings.as_kept()
    assert request_of(FORMS["reoptimise"], sent(max_moves="5")).settings.as_kept()["policy"] == {"max_moves": 5}
    day = {"from_day__day": "7", "from_day__month": "12", "from_day__year": "2026"}
    loss = request_of(FORMS["relieve"], sent(provider="ALDER", hours="1,200.5", not_recorded="amber", **day)).settings.as_kept()
    assert loss["relieve"]["losses"] == [{"provider_id": "ALDER", "contract_id": None, "hours_4w": 1200.5}]
    assert (loss["relieve"]["from_day"], loss["relieve"]["not_recorded"]) == ("2026-12-07", "amber")
    two = sent(provider="ALDER", hours="0", provider_3="DOCK", hours_3="8", **day)
    losses = request_of(FORMS["relieve"], two).settings.as_kept()["relieve"]["losses"]
    assert [(each["provider_id"], each["hours_4w"]) for each in losses] == [("ALDER", 0.0), ("DOCK", 8.0)]
    both = request_of(FORMS["tonight"], sent(provider="ALDER", provider_2="DOCK", provider_3="ALDER", from_time="18:00", **day))
    assert both.settings.as_kept()["tonight"]["provider_ids"] == ["ALDER", "DOCK"], "each once"
    back = request_of(FORMS["hand_back"], sent(contract="P-ALDER"))
    assert (back.kind, back.settings.as_kept()["transfer"]["hand_back_of"]) == ("transfer", "P-ALDER")
    snow = request_of(FORMS["tonight"], sent(why="snow", provider="ALDER", from_time="18:00", **day)).settings.as_kept()[
        "tonight"
    ]
    assert (snow["snow"], snow["provider_ids"], snow["from_moment"]) == (True, [], "2026-12-07T18:00")
    assert request_of(FORMS["stress"], sent(worst="2")).settings.as_kept()["stress"] == {"worst": 2}
    assert request_of(FORMS["transfer"], sent(area=["A1"], recut="yes")).settings.as_kept()["transfer"]["recut"] is True


def test_what_cannot_be_a_request_is_told_by_field() -> None:
    assert faults("allocate", sent(seconds="0")) == faults("allocate", sent(seconds="nan")) == {"seconds"}
    assert faults("allocate", sent(pins="N4 F G")) == faults("allocate", sent(pins="N4 F\nN4")) == {"pins"}
    assert faults("reoptimise", sent(max_moves="-1")) == {"max_moves"}
    assert faults("relieve", sent()) == {"provider", "hours", "from_day"}
    assert faults("relieve", sent(provider="ALDER", hours="1", hours_2="2", from_day__day="7")) == {"provider_2", "from_day"}
    assert faults("relieve", sent(provider="ALDER", hours="1", provider_2="ALDER", hours_2="2")) == {"provider_2", "from_day"}
    assert faults("hand_back", sent()) == {"contract"}
    bad_day = {"from_day__day": "31", "from_day__month": "2", "from_day__year": "2026"}
    assert faults("tonight", sent(from_time="6pm", **bad_day)) == {"provider", "from_day", "from_time"}
    assert faults("stress", sent(worst="11")) == {"worst"}


def test_an_explanation_tells_what_is_in_the_way_else_every_rule() -> None:
    holds, stops = ["area", True, "", "", "", "In A1."], ["in_force", False, "", "", "", "Ends 2026-07-01."]
    contract = {"provider": "Alder", "tier": "principal", "verdict": "asked first", "weekly_cost_gbp": "12.00"}
    record = {"reason": "R.", "hours_per_week": 7.0, "person": "We have a plan.", "remedies": [{"sentence": "By 2026-07-01."}]}
    contracts = [contract | {"findings": [holds]}, contract | {"findings": [holds, stops]}]
    board = explanation_of(record | {"contracts": contracts}, {})
    assert [each.says for each in board.judged] == [["In A1."], ["Ends 1 July 2026."]]
    assert (board.facts, board.remedies, board.person) == ([("Care", "7 hours a week")], ["By 1 July 2026."], "We have a plan.")
    relief = {"provider_id": "P1", "verdict": "no room", "findings": [{"rule": "hours", "sentence": "Full."}]}
    assert explanation_of({"reason": "R.", "contracts": [relief], "letter": None}, {"P1": "Dock"}).judged[0].provider == "Dock"
    letter = {
        "person": {"reason": "Moves.", "round_id": "R1", "wave": "2"},
        "letter": {"subject": "Your care", "paragraphs": ["One.", "Two."]},
    }
    assert explanation_of(letter, {}).letter == ["One.", "Two."] and explanation_of(letter, {}).reason == "Moves."


def test_a_report_within_a_page_has_names_links_and_dates_in_words_and_is_never_more_than_its_text() -> None:
    report = (
        "<html><main id='main'><h1>Gone</h1><h2>N1 of 2026-11-23</h2>"
        "<p>N1 and N1.2 go to ALDER (ALDER), not P-ALDER &amp; N1&lt;b&gt;.</p>"
        "<svg><title>N1</title></svg><td>N9</td></main></html>"
    )
    link = '<a href="/people/N1">N1</a>'
    assert str(report_part(report, {"N1"}, {"ALDER": "Alder & Sons"})) == (
        "<h2>N1 of 23 November 2026</h2>"
        f"<p>{link} and N1.2 go to Alder &amp; Sons (ALDER), not P-ALDER &amp; {link}&lt;b&gt;.</p>"
        "<svg><title>N1</title></svg><td>N9</td>"
    )
    assert report_part("<p>no main</p>", set(), {}) == ""


def test_tables_of_a_report_are_lists_on_a_phone() -> None:
    table = (
        "<table><caption>Rounds</caption>\n"
        "<thead><tr><th scope='col'>Round</th><th scope='col' class='n'>Hours</th></tr></thead>\n"
        "<tbody>\n<tr class='x'><th scope='row'>RD1</th><td class='n'>2.5</td></tr></tbody></table>"
    )
    assert as_lists(f"<p>a</p>{table}") == (
        '<p>a</p><table role="table" class="stacked"><caption>Rounds</caption>\n'
        '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope=\'col\'>Round</th>'
        "<th role=\"columnheader\" scope='col' class='n'>Hours</th></tr></thead>\n"
        '<tbody role="rowgroup">\n<tr role="row" class=\'x\'><th role="rowheader" scope=\'row\'>RD1</th>'
        '<td role="cell" class=\'n\'><span class="label" aria-hidden="true">Hours</span> <span>2.5</span></td>'
        "</tr></tbody></table>"
    )
    spanned = table.replace("<td ", "<td colspan='2' ")
    assert as_lists(spanned) == spanned


def outline(area_id: str, west: float) -> Json:
    ring = [[west, 52.0], [west + 0.1, 52.0], [west + 0.1, 52.1], [west, 52.1], [west, 52.0]]
    inside = [west + 0.05, 52.05]
    return {
        "properties": {"area_id": area_id, "name": area_id, "inside": inside},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_areas_on_the_map_by_their_share_before_and_after() -> None:
    live = area("0.7000", "1.00")
    areas = [
        live,
        live | {"area_id": "A2", "name": "Bank", "principal": {"share": "0.8000"}},
        live | {"area_id": "A3", "name": "C", "live": False},
    ]
    was: list[Json] = [{"area_id": "A1", "share": "0.6000"}, {"area_id": "A2", "share": None}, {"area_id": "A3", "share": None}]
    cells: Json = {"unmet_people": 0, "legacy_hours_4w": "0.00", "weekly_cost_gbp": "1.00"}
    result = told([], areas=areas, areas_before=[each | cells for each in was])
    rows = board_of(result, {}, [], {}).areas
    assert [(row.number, row.name) for row in rows] == [(1, "Bank"), (2, "C"), (3, "Larkmere")]
    outlines = outlined(outline("A1", 0.9), outline("A2", 1.0), outline("A3", 1.1))
    before, after = by_share(outlines, result["result"], rows, (0.65, 0.7, 0.75))
    assert before is not None and after is not None
    assert [(shape.kind, shape.words) for shape in before.shapes] == [
        ("below", "Larkmere: 60.0%"),
        ("none", "Bank: –"),
        ("not-live", "C: not live"),
    ]
    assert [shape.kind for shape in after.shapes] == ["within", "above", "not-live"]
    assert [label.text for label in after.labels] == ["3", "1", "2"]
    assert by_share(outlines, {"areas": areas}, rows, (0.65, 0.7, 0.75))[0] is None
    assert [kind for kind, _ in keys_of(before, after)] == ["within", "below", "above", "none", "not-live"]
    assert [kind for kind, _ in keys_of(None, replace(after, shapes=after.shapes[:1]))] == ["within", "below", "above"]


def test_movements_are_arrows_between_first_offices() -> None:
    rows = [
        proposal(each, "C1", moved=True, from_provider_id=leaves, step=1)
        for each, leaves in (("A", "P2"), ("B", "P2"), ("C", "P3"))
    ]
    board = board_of(told(rows), {"P1": "Alder", "P2": "Dock", "P3": "Elder"}, [], {})
    offices = [
        {"office_id": "O2", "provider_id": "P1", "longitude": 1.0, "latitude": 52.0},
        {"office_id": "O1", "provider_id": "P1", "longitude": 0.9, "latitude": 52.05},
        {"office_id": "O3", "provider_id": "P2", "longitude": 0.99, "latitude": 52.05},
    ]
    moves = moves_drawn(outlined(outline("A1", 0.9)), {"A1": "Larkmere"}, board.movements, offices)
    assert moves is not None and moves.unseen == 1, "Elder's office is not known"
    [arrow] = moves.arrows
    assert arrow.words == "From Dock to Alder: 2 people" and arrow.width == 2.0
    assert arrow.x2 < arrow.x1 and abs(arrow.y1 - arrow.y2) < 20, "westwards, to O1"
    at_base = moves.map.paper.at([(0.9, 52.05)])[0]
    assert math.isclose(math.dist((arrow.x2, arrow.y2), at_base), SHORT, abs_tol=0.1), "short of it, where its head is seen"
    assert moves_drawn(outlined(), {}, board.movements, offices) is None
