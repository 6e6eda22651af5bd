"""Who could have been placed, night after night, and was not: told for a decision by name."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.placeable import placeable_alone
from optimiser.nightly.shelves import Shelf
from optimiser.nightly.story import Wishes, nightly
from optimiser.rules.book import standard_rules
from tests.making import cap, days, framework, noon, offer, package, provider, snapshot

ROOM = [framework("BRACKEN", max_hours_4w=Fraction(4 * 20))]
LARGE = package("LARGE", hours=20, requested_at=noon(-28))
SMALL = [package(f"N{number}", hours=5, requested_at=noon(-1)) for number in range(4)]


def alone(*args: Any, **given: Any) -> dict[str, tuple[str, ...]]:
    here = County.of(snapshot(*args, **given))
    found = placeable_alone(here, standard_rules())
    return {
        here.packages[package].package_id: tuple(here.contracts[each].contract_id for each in contracts)
        for package, contracts in found.items()
    }


def test_room_is_what_running_care_and_holds_leave() -> None:
    assert alone([LARGE, *SMALL], ROOM) == {each.package_id: ("F-BRACKEN",) for each in (LARGE, *SMALL)}
    running = package("R1", hours=Fraction(1, 4), contract_id="F-BRACKEN")
    assert set(alone([LARGE, *SMALL, running], ROOM)) == {each.package_id for each in SMALL}
    held = [offer("N0", "F-BRACKEN")]
    assert set(alone([LARGE, *SMALL], ROOM, offers=held)) == {"N1", "N2", "N3"}, "N0 is being asked for"
    assert alone([LARGE, *SMALL], ROOM, offers=[offer("LARGE", "F-BRACKEN", "accepted")]) == {}


def test_every_limit_and_every_rule_counts() -> None:
    tired = [provider("BRACKEN", max_hours_4w=Fraction(4 * 19))]
    assert "LARGE" not in alone([LARGE, *SMALL], ROOM, providers=tired)
    assert "LARGE" not in alone([LARGE, *SMALL], ROOM, restrictions=[cap("BRACKEN", 79)])
    assert alone([package("N1", workers=2)], ROOM) == {}
    assert alone([package("N1", bundle_id="B"), package("N2", bundle_id="B")], ROOM) == {}, "the run says of bundles"


def night(on: int, shelf: Shelf, people: list[Any], **given: Any) -> dict[str, Any]:
    here: Snapshot = snapshot(people, ROOM, as_of=days(on), passed_over_limit=2, **given)
    made = nightly(here, shelf, Wishes(ids=True), lambda _: {})
    assert made is not None
    return json.loads((made.folder / "nightly.json").read_bytes())  # type: ignore[no-any-return]


def test_after_the_limit_a_named_person_decides(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "nights")
    shelf.open()
    waiting = [LARGE, *SMALL]
    assert night(0, shelf, waiting)["to_decide"] == []
    # The same day again, with other facts, is no second night.
    assert night(0, shelf, [*waiting, package("N9", skills=("peg",))])["to_decide"] == []
    record = night(1, shelf, waiting)
    [named] = record["to_decide"]
    assert (named["package_id"], named["nights_passed_over"], named["hours_per_week"]) == ("LARGE", 2, "20.00")
    page = (shelf.latest() / "nightly.html").read_text(encoding="utf-8")  # type: ignore[operator]
    assert "For somebody to decide by name" in page
    # Whoever is being asked for needs no decision; what was counted is kept until care begins.
    assert night(2, shelf, waiting, offers=[offer("LARGE", "F-BRACKEN", offered_at=noon(2))])["to_decide"] == []
    begun = [replace(LARGE, status="active", contract_id="F-BRACKEN"), *SMALL]
    assert night(3, shelf, begun)["to_decide"] == []
    assert json.loads((shelf.latest() / "facts.json").read_bytes())["passed_over"] == {}  # type: ignore[operator]
