"""What is told of an area is true to whoever reads it: who is barred and since when, people once, and where everybody is."""

from __future__ import annotations

from fractions import Fraction

from tests.api.databases import ON_SQLITE
from tests.api.desk import desk
from tests.making import days, legacy, package, principal, reserve, restriction, snapshot

pytestmark = ON_SQLITE


def test_a_barred_principal_has_no_room_and_who_may_see_restrictions_is_told_since_when(database_url: str) -> None:
    people = [package("R1", contract_id="P-ALDER"), package("N1"), package("R2", hours=30, contract_id="L-DOCK")]
    contracts = [principal("ALDER", max_hours_4w=Fraction(100)), legacy("DOCK")]
    barred = [restriction("ALDER", starts=days(-22))]
    with desk(database_url, snapshot(people, contracts, restrictions=barred)) as at, at.served.client("job") as job:
        told, plain = (client.get("/v1/areas/A1").json() for client in (at.client, job))
        (alder,) = at.cascade("N1")["others"]
    assert (alder["contract_id"], alder["room"]) == ("P-ALDER", "none: no new work since 2026-11-01")
    assert (told["contracts"][0]["room"], plain["contracts"][0]["room"]) == (alder["room"], "none: not asked now")
    first = "It is given none of these 80 hours per four weeks: "
    assert [told["contracts"][0][name] for name in ("headroom_hours_4w", "headroom_set_by")] == [
        0,
        "no new work since 2026-11-01",
    ]
    assert told["principal"]["why_short"][0] == f"{first}no new work since 2026-11-01."
    assert plain["contracts"][0]["headroom_set_by"] == "not asked now"
    assert plain["principal"]["why_short"][:2] == [
        f"{first}not asked now.", "1 waiting package, 20 hours per four weeks: not asked now.",
    ]  # fmt: skip
    assert "restriction" not in str(plain)


def test_whose_care_is_divided_is_one_person_and_care_with_the_reserve_is_told(database_url: str) -> None:
    people = [
        package("M1", contract_id="V-WREN"),
        package("M2", contract_id="L-DOCK", part_of="M1"),
        package("M3", part_of="M1"),
        package("M4", contract_id="V-WREN"),
    ]
    with desk(database_url, snapshot(people, [principal("ALDER"), legacy("DOCK"), reserve("WREN")])) as at:
        told = at.client.get("/v1/areas/A1").json()
    # M1 waits for a part of the care and is counted there alone: the parts add up to two people. Hours stand where they are.
    parts = ("unmet", "other", "legacy", "principal")
    assert (told["people"], [told[f"{part}_people"] for part in parts]) == (2, [1, 1, 0, 0])
    assert [told[f"{part}_hours_4w"] for part in parts] == [20, 40, 20, 0]


def test_an_accepted_package_reads_as_accepted_and_lists_filter_by_it(database_url: str) -> None:
    people = [package("N1"), package("N2"), package("N3"), package("R1", contract_id="P-ALDER")]
    with desk(database_url, snapshot(people, [principal("ALDER")])) as at:
        assert at.client.get("/v1/packages/N1").headers["etag"] == '"1"'
        yes, _ = at.ask("N1")["P-ALDER"], at.ask("N2")
        at.answer(yes, "accepted")
        found = at.client.get("/v1/packages/N1")
        assert (found.json()["status"], found.json()["contract_id"]) == ("new", None), "the format writes it once care begins"
        assert (found.json()["situation"], found.json()["accepted_contract_id"]) == ("accepted", "P-ALDER")
        assert found.headers["etag"] == '"1-accepted"'
        listed = {
            situation: [each["package_id"] for each in at.client.get(f"/v1/packages?situation={situation}").json()["items"]]
            for situation in ("waiting", "pending", "accepted", "running", "on_hold")
        }
        assert listed == {"waiting": ["N3"], "pending": ["N2"], "accepted": ["N1"], "running": ["R1"], "on_hold": []}
        assert at.cascade("N2")["situation"] == "pending"
        for word in ("pending", "waiting"):
            offers = at.client.get(f"/v1/offers?response={word}").json()["items"]
            assert [each["package_id"] for each in offers] == ["N2"]
