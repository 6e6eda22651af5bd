"""Free hours that providers tell: recorded, shown beside the cascade, never ranked by; where answers disagree, theirs to know."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from api.capacity_returns.disagreeing import disagreements
from api.capacity_returns.schemas import CapacityReturn, OwnReturn, Taken, ToBeTold
from api.capacity_returns.told_hours import lapsed_returns
from api.clock import Clock
from api.outbox.kinds import KINDS
from api.state.store import Store
from optimiser.domain.snapshot import Snapshot
from tests.api.desk import Desk, Json, code_of, desk
from tests.making import area, days, framework, legacy, location, package, principal, snapshot
from tests.making.weeks import visit

WEEK = ("mon", "tue", "wed", "thu", "fri")
ADDRESS = "/v1/capacity-returns"


def county() -> Snapshot:
    """N1 to N4 wait in A1; N1's visits are all in the morning, N2's in the morning and the evening, those of others not known."""
    people = [package(f"N{number}", hours=5, visits_per_week=5) for number in range(1, 5)]
    visits = [
        visit("V1", "N1", days=WEEK, duration_minutes=60),
        visit("V2", "N2", days=WEEK, duration_minutes=30),
        visit("V3", "N2", days=WEEK, duration_minutes=30, earliest_start=dt.time(18), latest_start=dt.time(19)),
    ]
    holders = [principal("ALDER"), framework("BRACKEN"), framework("CLOVER"), legacy("DOCK")]
    places = [location("BRACKEN"), location("BRACKEN", location_id="1-BRACKEN-2"), location("CLOVER")]
    return snapshot(people, holders, visits=visits, locations=places, areas=[area("A1"), area("A2")])


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", county()) as made:
        yield made


def tell(at: Desk, provider_id: str, *free: Json, **given: Any) -> Json:
    answer = at.client.post(ADDRESS, json={"provider_id": provider_id, "free": list(free), **given})
    assert answer.is_success, answer.text
    return CapacityReturn.model_validate(answer.json()).model_dump()


def send(at: Desk, csv: str, mapped: str = "") -> httpx.Response:
    if not mapped:
        return at.client.post(f"{ADDRESS}/file", content=csv.encode(), headers={"Content-Type": "text/csv"})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as folder:
        folder.writestr("export.csv", csv)
        folder.writestr("map.toml", mapped)
    return at.client.post(f"{ADDRESS}/file", content=packed.getvalue(), headers={"Content-Type": "application/zip"})


def taken(answer: httpx.Response) -> tuple[list[str], list[str], list[str]]:
    assert answer.is_success, answer.text
    told = Taken.model_validate(answer.json())
    return told.taken, told.same, told.older


def returns(at: Desk, **query: Any) -> dict[str, str]:
    return {each["provider_id"]: each["says"] for each in at.client.get(ADDRESS, params=query).json()["items"]}


def ranking(at: Desk) -> list[bytes]:
    """Of everybody who waits whom to ask, in order, and why not the others, to the byte."""
    bodies = [at.client.get(f"/v1/packages/N{number}/cascade").content for number in range(1, 5)]
    return [body[body.index(b'"places":') :] for body in bodies]


def test_a_return_is_shown_beside_the_cascade_and_never_ranked_by(at: Desk) -> None:
    plain, ranked = at.cascade("N1"), ranking(at)
    assert plain["capacity_told"] == []
    mornings = {"area_id": "A1", "part_of_day": "morning", "hours_per_week": 40}
    told = tell(at, "CLOVER", mornings, said_by="S. Marsh", how="telephone")
    assert (told["says"], told["counts_until"], told["ask_again"]) == ("told today: 40 h, mornings, A1", str(days(14)), False)
    tell(at, "ALDER")
    later = {"hours_per_week": 7.25, "free_from": str(days(9))}
    tell(at, "BRACKEN", {"area_id": "A2", "hours_per_week": 12}, later)
    tell(at, "DOCK", {"area_id": "A2", "hours_per_week": 12})
    after = at.cascade("N1")
    assert {each["provider_id"]: each["says"] for each in after["capacity_told"]} == {
        "ALDER": "told today: no free hours",
        "BRACKEN": f"told today: 7.25 h, from {days(9)}",
        "CLOVER": "told today: 40 h, mornings, A1",
        "DOCK": "told today: no free hours here",
    }
    assert {**after, "capacity_told": [], "county_version": plain["county_version"]} == plain
    assert ranking(at) == ranked, "not a byte of the ranking differs"
    assert [entry["action"] for entry in at.trail()].count("capacity.told") == 4


def test_the_last_return_of_a_provider_counts_until_it_is_withdrawn(at: Desk) -> None:
    tell(at, "CLOVER", {"area_id": "A1", "hours_per_week": 40})
    tell(at, "CLOVER", {"area_id": "A2", "hours_per_week": 3})
    before = len(at.trail())
    tell(at, "CLOVER", {"area_id": "A2", "hours_per_week": 3})
    assert len(at.trail()) == before, "the same again is nothing new"
    assert returns(at) == {"CLOVER": "told today: 3 h, A2"}
    assert returns(at, area_id="A1") == {} == returns(at, provider_id="DOCK")
    withdrawn = at.client.post(f"{ADDRESS}/CLOVER/withdraw", json={"reason": "It was of another provider"})
    assert withdrawn.json() == {"provider_id": "CLOVER"}
    assert returns(at) == {}
    assert at.trail()[-1]["action"] == "capacity.withdrawn"
    assert code_of(at.client.post(f"{ADDRESS}/CLOVER/withdraw", json={"reason": "Again"})) == (404, "not_found")


def test_every_fault_of_a_return_is_told(at: Desk) -> None:
    free = [{"area_id": "A9", "hours_per_week": 1}, {"hours_per_week": 2}, {"hours_per_week": 3}]
    answer = at.client.post(ADDRESS, json={"provider_id": "NOBODY", "free": free})
    assert code_of(answer) == (422, "refused")
    assert answer.json()["faults"] == [
        "provider_id: there is no provider of this id.",
        "free[1].area_id: there is no area of this id.",
        "free[3]: the same area, part of the day and day stand in a line above: add the hours up.",
    ]
    assert at.client.post(ADDRESS, json={"provider_id": "CLOVER", "free": [{"hours_per_week": 1.1}]}).status_code == 422
    assert returns(at) == {}


def test_a_file_is_taken_whole_and_adds_up_a_providers_locations(at: Desk) -> None:
    csv = f"location_id,area_id,part_of_day,hours_per_week,told_on\n1-BRACKEN,A1,,10,{days(-3)}\n1-BRACKEN-2,A1,,2.5,{days(-3)}\n"
    csv += f"1-CLOVER,,evening,0,{days(-1)}\n"
    assert taken(send(at, csv)) == (["BRACKEN", "CLOVER"], [], [])
    assert returns(at) == {"BRACKEN": "told 3 days ago: 12.5 h, A1", "CLOVER": "told yesterday: no free hours"}
    tell(at, "CLOVER", {"hours_per_week": 4})
    assert taken(send(at, csv)) == ([], ["BRACKEN"], ["CLOVER"])
    assert returns(at)["CLOVER"] == "told today: 4 h", "what it has told since stays"


def test_a_file_with_a_fault_is_refused_with_all_of_them(at: Desk) -> None:
    csv = f"provider_id,location_id,area_id,hours_per_week,told_on\nBRACKEN,,A1,ten,\nNOBODY,,A1,1,{days(1)}\n"
    csv += "CLOVER,1-BRACKEN,A9,1,\n,,,1,\n"
    answer = send(at, csv)
    assert code_of(answer) == (422, "refused")
    told = " / ".join(answer.json()["faults"])
    for line, column in ((2, "hours_per_week"), (3, "provider_id"), (3, "told_on"), (4, "area_id"), (4, "provider_id"), (5, "")):
        assert f"line {line}, {column}" in told, told
    assert returns(at) == {}


MAP = """
day_first = true
[columns]
location_id = "CQC Location ID"
hours_per_week = "Spare hours"
told_on = "Last updated"
part_of_day = "When"
[fixed]
said_by = "the capacity tracker"
[values.part_of_day]
AM = "morning"
"""


def test_an_export_with_headings_of_its_own_is_read_by_its_map(at: Desk) -> None:
    export = "CQC Location ID,Location,Spare hours,Last updated,When\n1-CLOVER,Clover House,12,21/11/2026 09:15,AM\n"
    assert taken(send(at, export, MAP)) == (["CLOVER"], [], [])
    (told,) = at.client.get(ADDRESS).json()["items"]
    assert (told["told_on"], told["said_by"], told["source"]) == ("2026-11-21", "the capacity tracker", "file")
    assert told["says"].endswith(": 12 h, mornings")
    without = send(at, export.replace("Last updated", "Updated"), MAP)
    assert "Last updated" in without.json()["faults"][0], "a column that the map names is never left out unseen"
    faults = send(at, export, MAP + '[values.nothing]\nx = "y"\n[more]\n').json()["faults"]
    assert len(faults) == 2, faults
    assert code_of(at.client.post(f"{ADDRESS}/file", content=b"x", headers={"Content-Type": "application/zip"})) == (
        422,
        "not_a_folder",
    )


def told_before(at: Desk, *lines: str) -> None:
    """A return of three days ago."""
    rows = "".join(f"{each},{days(-3)}\n" for each in lines)
    taken(send(at, f"provider_id,area_id,part_of_day,hours_per_week,free_from,told_on\n{rows}"))


def declines(at: Desk, package_id: str, contract_id: str, reason: str = "no_capacity") -> str:
    """The offer that a provider declined."""
    made = at.ask(package_id, contract_ids=[contract_id], reason="The family knows them")
    at.decline(made[contract_id], reason)
    return made[contract_id]


def disagreeing(at: Desk) -> dict[str, list[str]]:
    with at.served.client("contracts") as officer:
        assert officer.get(f"{ADDRESS}/disagreements", params={"area_id": "A2"}).status_code == 422, "it is not narrowed by that"
        items = [ToBeTold.model_validate(each) for each in officer.get(f"{ADDRESS}/disagreements").json()["items"]]
    return {each.provider_id: [declined.offer_id for declined in each.declined] for each in items}


def test_a_decline_that_disagrees_with_a_return_is_told_to_the_provider_first(at: Desk) -> None:
    told_before(at, "BRACKEN,A1,morning,5,", "CLOVER,A2,,40,", f"DOCK,A1,,40,{days(2)}")
    morning = declines(at, "N1", "F-BRACKEN")
    declines(at, "N1", "F-CLOVER")
    declines(at, "N1", "L-DOCK")
    declines(at, "N2", "F-BRACKEN")
    declines(at, "N3", "F-BRACKEN")
    assert disagreeing(at) == {"BRACKEN": [morning]}, (
        "Clover told of another area, Dock of a later day; N2 needs mornings for a part alone, and N3's visits are not known"
    )
    told = [(each["subject"], orjson.loads(each["details"])) for each in at.trail() if each["action"] == "capacity.disagreed"]
    assert told == [("BRACKEN", {"offer_id": morning})], "its desk hears at once, and once"
    assert KINDS["return_disagrees"].told_to == "provider"
    assert code_of(at.client.get(f"{ADDRESS}/disagreements")) == (403, "forbidden")
    assert "disagree" not in str(at.cascade("N1")["capacity_told"])
    with at.served.client_of("BRACKEN") as own, at.served.client_of("CLOVER") as other:
        mine = OwnReturn.model_validate(own.get("/v1/own/capacity-return").json())
        assert mine.last is not None
        assert mine.last.recorded_by is None, "who of the council wrote it down is not for others"
        assert (mine.last.provider_id, [each.offer_id for each in mine.declined]) == ("BRACKEN", [morning])
        assert OwnReturn.model_validate(other.get("/v1/own/capacity-return").json()).declined == []
        again = own.post("/v1/own/capacity-return", json={"free": []})
        assert (again.json()["source"], again.json()["says"]) == ("provider", "told today: no free hours")
        assert code_of(own.get(ADDRESS)) == (403, "forbidden")
    assert disagreeing(at) == {}, "a new return puts it right"


def test_other_reasons_and_hours_taken_since_are_held_against_nobody(at: Desk) -> None:
    told_before(at, "BRACKEN,A1,,9.75,", "CLOVER,A1,,40,")
    at.answer(at.ask("N3", contract_ids=["F-BRACKEN"], reason="The family knows them")["F-BRACKEN"], "accepted")
    declines(at, "N4", "F-BRACKEN")
    declines(at, "N4", "F-CLOVER", "too_far")
    assert disagreeing(at) == {}, "9.75 hours less the 5 that it took are less than 5"
    tell(at, "CLOVER", {"hours_per_week": 40})
    declines(at, "N1", "F-CLOVER")
    assert disagreeing(at) == {}, "of one day nobody knows which came first"


def test_what_lapsed_is_asked_for_again_and_counts_no_longer(at: Desk) -> None:
    tell(at, "CLOVER", {"hours_per_week": 40})
    for count, lapsed in ((13, []), (14, ["CLOVER"])):
        state = Store(at.store.engine, Clock(days(count))).state()
        assert [each.provider_id for each in lapsed_returns(state)] == lapsed
    assert returns(at, ask_again=True) == {}
    assert disagreements(at.state()) == {}
    rows = f"provider_id,hours_per_week,told_on\nDOCK,4,{days(-14)}\nCLOVER,4,{days(-13)}\n"
    assert taken(send(at, rows)) == (["DOCK"], [], ["CLOVER"])
    assert returns(at, ask_again=True) == {"DOCK": "told 14 days ago: 4 h"}
    assert [each["provider_id"] for each in at.cascade("N1")["capacity_told"]] == ["CLOVER"]


def test_a_provider_sends_its_own_export_and_of_others_nothing_is_taken_or_told(tmp_path: Path) -> None:
    """With the council's map: the tracker's headings, and days as it writes them. Of CLOVER's place BRACKEN learns nothing."""
    headings = 'location_id = "CQC ID"\nhours_per_week = "Spare hours"\ntold_on = "Updated"\n'
    mapped = tmp_path / "tracker.toml"
    mapped.write_text(f"day_first = true\n[columns]\n{headings}", encoding="utf-8")
    first, second, clover = "1-BRACKEN", "1-BRACKEN-2", "1-CLOVER"
    assert {each.location_id for each in county().locations} == {first, second, clover}
    with (
        desk(f"sqlite:///{tmp_path / 'county.db'}", county(), capacity_map=str(mapped)) as at,
        at.served.client_of("BRACKEN", "Sam Marsh") as sam,
    ):

        def sent(*lines: str) -> httpx.Response:
            csv = "\n".join(["CQC ID,Spare hours,Updated", *(f"{line},{days(-2):%d/%m/%Y}" for line in lines)])
            return sam.post("/v1/own/capacity-return/file", content=csv.encode(), headers={"Content-Type": "text/csv"})

        told = sent(f"{first},8", f"{second},4.25").json()
        assert (told["came_of_it"], told["last"]["said_by"]) == ("told", "Sam Marsh")
        assert told["last"]["says"] == "told 2 days ago: 12.25 h"
        assert sent(f"{first},12.25").json()["came_of_it"] == "same"
        faults = []
        for place in (clover, "1-NOBODY"):
            refused = sent(f"{place},8")
            assert code_of(refused) == (422, "refused")
            faults.append(str(refused.json()["faults"]).replace(place, "PLACE"))
        assert "a location of your own" in faults[0] and faults[0] == faults[1]
        sam.post("/v1/own/capacity-return", json={"free": []})
        older = sent(f"{first},8").json()
        assert (older["came_of_it"], older["last"]["says"]) == ("older", "told today: no free hours")
        own = OwnReturn.model_validate(sam.get("/v1/own/capacity-return").json())
        assert [each.area_id for each in own.areas] == ["A1", "A2"]


def test_whose_free_hours_nobody_knows_is_listed(at: Desk) -> None:
    tell(at, "ALDER", {"hours_per_week": 8})
    send(at, f"provider_id,hours_per_week,told_on\nBRACKEN,3,{days(-20)}\n")
    found = at.client.get(f"{ADDRESS}/untold").json()["items"]
    assert [(each["provider_id"], each["told_on"], each["asked_on"]) for each in found] == [
        ("BRACKEN", str(days(-20)), None),
        ("CLOVER", None, None),
        ("DOCK", None, None),
    ]
