"""What the nightly report tells of the reserve from a folder, which holds the areas alone."""

from __future__ import annotations

from optimiser.nightly.page import nightly_page
from optimiser.nightly.report import nightly_record
from optimiser.nightly.reserve_use import Opening, reserve_rows
from optimiser.reoptimising.story import reoptimise
from tests.making import AS_OF, county, days, framework, legacy, offer, package, reserve, snapshot

NOBODY = {"running_people": 0, "running_hours_per_week": "0.00", "accepted_people": 0, "accepted_hours_per_week": "0.00"}


def test_nothing_is_told_where_there_is_nothing_to_tell() -> None:
    assert reserve_rows(county([package("N1")], [reserve("WREN"), framework("BRACKEN")]), ()) == []
    record = nightly_record(reoptimise(snapshot([package("N1")], [framework("BRACKEN")])), None, ids=False, ahead_days=90)
    assert record["reserve"] == []
    assert b"The reserve" not in nightly_page(record)


def test_care_is_counted_where_it_runs_open_or_not() -> None:
    """Seven hours of one person in two parts run in A1, and four are accepted; one is asked for in A2; A3 is not used."""
    people = [
        package("R1", hours=6, contract_id="V-WREN"),
        package("R1B", hours=1, contract_id="V-WREN", part_of="R1"),
        package("R2", hours=9, contract_id="L-DOCK"),
        package("N1", hours=4),
        package("N2", hours=7, area_id="A2"),
        package("N3", area_id="A3"),
    ]
    offers = [offer("N1", "V-WREN", "accepted"), offer("N2", "V-WREN"), offer("N3", "L-DOCK")]
    here = county(people, [legacy("DOCK"), reserve("WREN")], offers=offers, reserve_areas=["A2", "A3"])
    rows = reserve_rows(here, [Opening("A3", days(-9), "Ada Officer", "snow", days(-1))])
    used = {row["area_id"]: {name: row[name] for name in (*NOBODY, "asked_people")} for row in rows}
    running = {"running_people": 1, "running_hours_per_week": "7.00", "accepted_people": 1, "accepted_hours_per_week": "4.00"}
    assert used == {
        "A1": running | {"asked_people": 0},
        "A2": NOBODY | {"asked_people": 1},
        "A3": NOBODY | {"asked_people": 0},
    }
    assert [(row["open"], row["opened_on"], row["reason"], row["days_past_review"]) for row in rows] == [
        (False, None, "", 0),
        (True, None, "", 0),
        (True, "2026-11-14", "snow", 1),
    ]


def test_the_page_says_where_nobody_can_be_asked_and_escapes_the_reason() -> None:
    here = reoptimise(snapshot([package("N1")], [framework("BRACKEN")], reserve_areas=["A1"]))
    known = Opening("A1", AS_OF, "Ada <Officer>", "snow & ice", None)
    page = nightly_page(nightly_record(here, None, ids=False, ahead_days=90, openings=[known])).decode()
    assert "opened by Ada &lt;Officer&gt;: snow &amp; ice." in page
    assert "No reserve contract is in force for it: nobody can be asked." in page
    plain = nightly_page(nightly_record(here, None, ids=False, ahead_days=90)).decode()
    assert "open; since when and why is not in the data." in plain
