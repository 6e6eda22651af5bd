"""Who was asked and who waited, worked by hand; what of it is told where nobody may be picked out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.fairness.counts_of_people import Figure, asked_in, told_of, waits_in
from api.fairness.quarters import Span, is_settled, last_settled, settled
from api.fairness.requests_kept import Kept, KeptOffer, is_of_new_care
from api.pages.fairness.fairness_board import board_of
from optimiser.domain.records import Offer, Package
from tests.api.conftest import LOADER, Served
from tests.api.desk import code_of, desk
from tests.api.pages.reading import Browser
from tests.making import FAKENHAM, area, framework, offer, package, principal, snapshot

Json = dict[str, Any]
JULY, OCTOBER = dt.date(2026, 7, 1), dt.date(2026, 10, 1)
QUARTER = {"since": "2026-07-01"}


def on(month: int, day: int) -> dt.datetime:
    return dt.datetime(2026, month, day, 12)


def kept(person: Package, *offers: Offer, rural: bool = False, ended: bool = False) -> Kept:
    return Kept(person, tuple(KeptOffer(each, each.response, out_of_order=False) for each in offers), rural, ended)


def times(row: Any) -> dict[str, int]:
    return {name: figure.times for name, figure in row.items()}


def test_quarters_are_told_28_days_after_their_end() -> None:
    assert last_settled(dt.date(2026, 10, 28)) == Span(dt.date(2026, 4, 1), JULY)
    assert last_settled(dt.date(2026, 10, 29)) == Span(JULY, OCTOBER)
    assert is_settled(Span(JULY, OCTOBER), dt.date(2026, 10, 29)) and not is_settled(Span(JULY, OCTOBER), dt.date(2026, 10, 28))
    assert not is_settled(Span(JULY, dt.date(2027, 1, 1)), dt.date(2028, 1, 1)), "two quarters"
    assert not is_settled(Span(JULY, JULY + dt.timedelta(days=1)), dt.date(2028, 1, 1))
    assert [str(each.since) for each in settled(dt.date(2026, 11, 23), 4)] == [
        "2026-07-01", "2026-04-01", "2026-01-01", "2025-10-01",
    ]  # fmt: skip


def test_an_offer_counts_on_its_day_and_the_first_of_a_package_are_its_first() -> None:
    """Alder is asked on 30 June (not in July's quarter) and says no; Bracken and Clover together on 1 July; Clover, having said
    yes, stops Bracken's. Of N2 Bracken is first, and there is no answer yet."""
    one = kept(
        package("N1"),
        offer("N1", "P-ALDER", "declined", reason="too_far", offered_at=on(6, 30), responded_at=on(7, 2)),
        offer("N1", "F-BRACKEN", "withdrawn", offered_at=on(7, 1)),
        offer("N1", "F-CLOVER", "accepted", offered_at=on(7, 1)),
    )
    two = kept(package("N2"), offer("N2", "F-BRACKEN", offered_at=on(9, 30)))
    contracts = {each.contract_id: each for each in (principal("ALDER"), framework("BRACKEN"), framework("CLOVER"))}
    found = asked_in([one, two], contracts, Span(JULY, OCTOBER))
    assert {key: times(row) for key, row in found.items()} == {
        ("A1", "framework", "BRACKEN"): {"asked": 2, "withdrawn": 1, "waiting": 1, "asked_first": 1},
        ("A1", "framework", "CLOVER"): {"asked": 1, "accepted": 1, "answered": 1},
    }
    said = Kept(two.package, (KeptOffer(two.offers[0].record, "", out_of_order=True, said_yes=True),), rural=False, ended=False)
    own = asked_in([said], contracts, Span(JULY, OCTOBER))["A1", "framework", "BRACKEN"]
    assert times(own) == {"asked": 1, "waiting": 1, "asked_first": 1, "out_of_order": 1, "answered": 1}
    june = asked_in([one], contracts, Span(dt.date(2026, 4, 1), JULY))
    assert times(june["A1", "principal", "ALDER"]) == {
        "asked": 1, "declined": 1, "asked_first": 1, "answered": 1, "declined.too_far": 1,
    }  # fmt: skip


def test_a_figure_is_as_small_as_the_people_in_it() -> None:
    """One person who is asked for six times is one person."""
    found = told_of({"asked": Figure(6, {"N1"}), "accepted": Figure(6, set("ABCDE"))}, ("asked", "accepted"), 5)
    assert found == {"asked": None, "accepted": 5}


def test_a_reason_that_is_none_of_the_list_is_another() -> None:
    said = kept(package("N1"), offer("N1", "F-BRACKEN", "declined", reason="their_own_words", offered_at=on(7, 1)))
    found = asked_in([said], {}, Span(JULY, OCTOBER))["A1", "not known", "not known"]
    assert times(found) == {"asked": 1, "declined": 1, "asked_first": 1, "answered": 1, "declined.other": 1}


def test_a_move_of_running_care_is_none_of_it() -> None:
    assert is_of_new_care({"offer_id": "O1", "decision_reference": ""})
    assert not is_of_new_care({"offer_id": "O1", "decision_reference": "SW-1", "move": "transfer"})


def test_what_is_written_beside_an_offer_counts(tmp_path: Path) -> None:
    """N1 was asked for out of order, and said no before its needs changed; Bracken said yes itself, and was stopped. N2 is no new
    care. Both have ended: the trail keeps them. N3 is here, and is a move too."""
    offers = [
        offer("N1", "P-ALDER", "withdrawn", offered_at=on(7, 6)),
        offer("N1", "F-BRACKEN", "withdrawn", offered_at=on(7, 7)),
    ]
    offers += [offer(each, "P-ALDER", "declined", reason="too_far", offered_at=on(7, 6)) for each in ("N2", "N3")]
    beside: Json = {
        "Q-N1-P-ALDER": {"out_of_order_reason": "Asked for", "superseded_response": "declined", "reason": "too_far"},
        "Q-N1-F-BRACKEN": {"said": {"answer": "yes"}},
        "Q-N2-P-ALDER": {"move": "transfer"},
        "Q-N3-P-ALDER": {"move": "transfer"},
    }
    people = [package(each, FAKENHAM, requested_at=on(7, 6)) for each in ("N1", "N2", "N3")]
    made = snapshot(people, [principal("ALDER"), framework("BRACKEN")], offers=offers)
    with desk(f"sqlite:///{tmp_path / 'county.db'}", made, run_workers=0) as at:
        with at.store.change(LOADER) as change:
            for name, more in beside.items():
                change.put("offers", name, change.state.stock["offers"][name].body | more)
        for gone in (False, True):
            told = at.client.get("/v1/fairness", params=QUARTER).json()
            alder, bracken = told["asked"]
            counts = ("asked", "out_of_order", "declined", "withdrawn", "answered")
            assert [alder[each] for each in counts] == [1, 1, 1, 0, 1] and alder["declined_by_reason"]["too_far"] == 1, gone
            assert [bracken[each] for each in counts] == [1, 0, 0, 1, 1], gone
            rural = {row["group"]: (row["not_yet"], row["ended_before"]) for row in told["waits"] if row["by"] == "rurality"}
            assert rural == {"rural": (1, 2) if gone else (3, 0)}
            if not gone:
                at.act("N1", "end", reason="Moved away"), at.act("N2", "end", reason="Moved away")


def test_waits_go_to_the_last_part_and_those_who_left_waiting_are_not_lost() -> None:
    """N1 and its part N2 are one person: 1 and 9 days, so 9. N3: 2 days. N4: nobody yet. N5 has ended with nobody. N6 was asked
    for in June. R7's care began 40 days after the request, with no offer on record."""
    span = Span(JULY, OCTOBER)
    yes: Json = {"response": "accepted"}
    everybody = [
        kept(package("N1", requested_at=on(7, 1)), offer("N1", "P-ALDER", **yes, responded_at=on(7, 2)), rural=True),
        kept(
            package("N2", requested_at=on(7, 1), part_of="N1"), offer("N2", "P-ALDER", **yes, responded_at=on(7, 10)), rural=True
        ),
        kept(package("N3", requested_at=on(9, 30), hours=16), offer("N3", "P-ALDER", **yes, responded_at=on(10, 2))),
        kept(package("N4", requested_at=on(8, 1)), offer("N4", "P-ALDER", "declined")),
        kept(package("N5", requested_at=on(8, 1)), ended=True),
        kept(package("N6", requested_at=on(6, 30)), offer("N6", "P-ALDER", **yes)),
        kept(package("R7", requested_at=on(7, 1), contract_id="P-ALDER", care_started=dt.date(2026, 8, 10))),
    ]
    found = waits_in(everybody, frozenset(), span)
    assert {group: times(row) for group, row in found["rurality"].items()} == {
        "not rural": {"people": 4, "within_2_days": 1, "not_yet": 1, "ended_before": 1, "later": 1},
        "rural": {"people": 1, "within_28_days": 1},
    }
    assert {group: row["people"].times for group, row in found["hours"].items()} == {
        "up to 7 hours": 3, "above 7 to 15 hours": 1, "above 15 hours": 1,
    }, "the two parts have ten hours together"  # fmt: skip


@pytest.fixture(scope="module")
def county() -> Any:
    """In A1 seven people of July: Alder says no to all, Bracken yes to six, Acorn no to five of them. In A2 four people, too few
    to tell although one was asked for twice. N1 is rural."""
    places = {1: FAKENHAM}
    people = [package(f"N{n}", *([places[n]] if n in places else []), requested_at=on(7, 6)) for n in range(1, 8)]
    people += [package(f"M{n}", area_id="A2", requested_at=on(7, 6)) for n in range(1, 5)]
    offers = [
        offer(f"N{n}", "P-ALDER", "declined", reason="no_capacity" if n < 7 else "too_far", offered_at=on(7, 6))
        for n in range(1, 8)
    ]
    offers += [offer(f"N{n}", "F-BRACKEN", "accepted", offered_at=on(7, 8), responded_at=on(7, 9)) for n in range(1, 7)]
    offers += [offer(f"M{n}", "P-CLOVER", "declined", reason="no_capacity", offered_at=on(7, 6)) for n in range(1, 5)]
    offers += [replace(offers[-1], offer_id="AGAIN", offered_at=on(7, 10), responded_at=on(7, 10))]
    offers += [offer(f"N{n}", "F-ACORN", "declined", reason="time_of_day", offered_at=on(7, 7)) for n in range(1, 6)]
    contracts = [principal("ALDER"), framework("BRACKEN"), framework("ACORN"), principal("CLOVER", area_id="A2")]
    return snapshot(people, contracts, offers=offers, areas=[area("A1"), area("A2")])


def test_exact_for_who_places_care_and_hidden_for_everybody_else(county: Any, tmp_path: Path) -> None:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", county, run_workers=0) as at:
        at.act("N7", "end", reason="Moved away")
        told = at.client.get("/v1/fairness", params=QUARTER).json()
        assert [(row["area"], row["provider_id"], row["asked"], row["accepted"], row["declined"]) for row in told["asked"]] == [
            ("Area A1", "ALDER", 7, 0, 7), ("Area A1", "ACORN", 5, 0, 5), ("Area A1", "BRACKEN", 6, 6, 0),
            ("Area A2", "CLOVER", 5, 0, 5),
        ]  # fmt: skip
        assert told["asked"][0]["declined_by_reason"]["too_far"] == 1, "of N7, whose care has ended since"
        waits = {(row["by"], row["group"]): row for row in told["waits"]}
        assert (waits["rurality", "rural"]["people"], waits["rurality", "not rural"]["within_7_days"]) == (1, 5)
        assert waits["hours", "up to 7 hours"]["ended_before"] == 1 and waits["hours", "up to 7 hours"]["not_yet"] == 4

        hidden = at.client.get("/v1/fairness", params={**QUARTER, "as_published": True}).json()
        assert [(row["provider_id"], row["provider"], row["asked"], row["accepted"]) for row in hidden["asked"]] == [
            (None, "Principal provider 1", 5, None), (None, "Framework provider 1", 5, 5),
            (None, "Framework provider 2", 5, None),
        ], "numbered by what is shown, not by a name"  # fmt: skip
        assert hidden["requests_without_a_day"] is None and told["requests_without_a_day"] == 0
        assert hidden["asked"][0]["declined_by_reason"] == dict.fromkeys(
            ("cannot_meet_need", "time_of_day", "too_far", "no_double_handed_run", "other")
        ) | {"no_capacity": 5}
        assert ("rurality", "rural") not in {(row["by"], row["group"]) for row in hidden["waits"]}
        assert "CLOVER" not in str(hidden) and "ALDER" not in str(hidden)
        with at.served.client("viewer") as viewer:
            assert viewer.get("/v1/fairness", params=QUARTER).json() == hidden
            assert viewer.get("/v1/fairness", params={"since": "2026-04-01"}).json()["asked"] == [], "each quarter has its own"
            assert code_of(viewer.get("/v1/fairness", params={**QUARTER, "until": "2026-07-08"})) == (422, "invalid_request")
            assert code_of(viewer.get("/v1/fairness", params={"since": "2026-10-01"})) == (422, "invalid_request")
        one_day = at.client.get("/v1/fairness", params={"since": "2026-07-08", "until": "2026-07-09"}).json()
        assert [(row["provider_id"], row["asked"]) for row in one_day["asked"]] == [("BRACKEN", 6)]
        for wrong in ({"until": "2026-07-08"}, {"since": "2026-07-02"}, {"since": "2026-07-02", "until": "2026-07-02"}):
            assert code_of(at.client.get("/v1/fairness", params=wrong)) == (422, "invalid_request")
        with at.served.client(None) as anybody:
            assert anybody.get("/published/fairness").status_code == 404
            assert anybody.get("/published/fairness/asked.csv").status_code == 404


def test_anybody_reads_it_where_the_council_publishes_it(county: Any, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'county.db'}"
    with desk(url, county, run_workers=0, publish_fairness=True, publish_provider_names=True) as at:
        nobody = Browser(at.served)
        with nobody.client:
            page = nobody.read("/published/fairness")
            assert page.said("h1") == ["Who is asked and who waits"]
            rows = {row[0]: row[1:] for row in page.rows}
            assert rows["Bracken"] == [
                "Tier Framework", "Asked 5", "Among the first asked fewer than 5", "Yes 5", "No fewer than 5",
                "No answer in time fewer than 5", "Stopped by the council fewer than 5",
                "Out of order fewer than 5", "Why they said no",
            ]  # fmt: skip
            assert "Clover" not in page.words and "N1" not in page.words
            assert "not add up" in page.words and "Why a provider was not asked" in page.words
            file = nobody.get("/published/fairness/asked.csv").text
            assert "A1,Area A1,framework,BRACKEN,Bracken,5,,,5,5,,,,,,,,,,\r\n" in file
            assert nobody.get("/published/fairness?since=2026-07-02").status_code == 422
            assert nobody.get("/fairness").status_code == 401


def test_the_board_tells_exact_counts_and_reasons() -> None:
    reasons = {"cannot_meet_need": 0, "no_capacity": 2, "time_of_day": 0, "too_far": 1, "no_double_handed_run": 0, "other": 0}
    figures = dict.fromkeys(("asked", "asked_first", "declined", "answered"), 3)
    none = dict.fromkeys(("accepted", "expired", "withdrawn", "waiting", "out_of_order"), 0)
    row = {"area_id": "A1", "area": "Larkmere", "tier": "framework", "provider": "Alder", **figures, **none}
    told = {"counts_to_the_nearest": 1, "rural_beyond_miles": 6.0, "requests_without_a_day": 2, "waits": []}
    board = board_of({**told, "asked": [{**row, "declined_by_reason": reasons}]})
    shown = ["Alder", "Framework", "3", "3", "0", "3", "0", "0", "0", "no capacity 2; too far 1"]
    assert board.asked == [("Larkmere", [shown])] and board.undated == "2 people"


def test_a_planner_finds_it_from_the_areas(villages: Served, nobody: Browser) -> None:
    planner = nobody.signed_in(villages.key("planner"))
    assert "/fairness" in [each["href"] for each in planner.read("/areas").all("a")]
    page = planner.read("/fairness?since=2026-10-01")
    assert "These counts are exact" in page.words and "October to December 2026" in page.words
    assert "This is what would be read" in planner.read("/fairness?as_published=true").words
    assert "These counts are exact" not in nobody.signed_in(villages.key("viewer")).read("/fairness").words
