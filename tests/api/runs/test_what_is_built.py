"""A run builds what is kept of it and no more: pages, letters and explanations that nobody gets are not made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest

from api.runs.kinds import KINDS
from api.runs.kinds.kind import Outcome, Task
from optimiser.bridging import explain
from optimiser.domain.snapshot import Snapshot
from optimiser.io.folders import page_of
from optimiser.tonight.tables import Tables
from optimiser.transferring.relieving import letters
from tests.bridging.waiting import county, someone
from tests.making import framework, package, principal, snapshot
from tests.making.transfers import small_county
from tests.making.weeks import visit
from tests.tonight.places import MONDAY_NIGHT, of_dale
from tests.tonight.places import county as tonight_county

Built = Counter[str]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Built:
    """How often each part of a result is made, wherever it is imported."""
    found: Built = Counter()

    def counting(name: str, make: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            found[name] += 1
            return make(*given, **named)

        return counted

    monkeypatch.setattr(explain.Explainer, "record", counting("bridge explained", explain.Explainer.record))
    monkeypatch.setattr("optimiser.bridging.page.page_of", counting("bridge page", page_of))
    for name in ("visits", "without_times", "minutes"):
        monkeypatch.setattr(Tables, name, counting(f"tonight {name}", getattr(Tables, name)))
    for module in ("relieving.report", "relieving.letters"):
        monkeypatch.setattr(f"optimiser.transferring.{module}.relief_letters", counting("relief letters", letters.relief_letters))
    for module in ("relieving.page", "handing_back.page", "page"):
        monkeypatch.setattr(f"optimiser.transferring.{module}.rendered", counting("page of moves", lambda *_, **__: b""))
    monkeypatch.setattr("optimiser.transferring.letters_as_asked.page_of_letters", counting("page of letters", lambda *_: b""))
    return found


def worked(kind: str, made: Snapshot, asked: Mapping[str, Any] | None = None) -> Outcome:
    settings = {"effort": {}, "wall_seconds": 60, "policy": {}} | ({} if asked is None else {kind: asked})
    return KINDS[kind].work(Task(made, settings, lambda _: None, lambda: False))


def test_a_bridge_is_explained_once_and_its_page_is_kept(built: Built) -> None:
    outcome = worked("bridge", county([someone("LARGE", 2), someone("SMALL", if_missed="amber")], elm=7))
    assert built == {"bridge explained": 2, "bridge page": 1}
    assert outcome.record["page"].startswith("<!DOCTYPE html>")
    assert "SMALL" in outcome.record["page"]


def test_a_bridge_is_explained_under_each_package_of_a_person() -> None:
    """Of A a part runs as A-P1; A-P2 waits, and the rest: by whichever of them it is asked for, it is of all that waits."""
    (rest, own), (part, more) = someone("A"), someone("A-P2", part_of="A")
    runs = package("A-P1", part_of="A", contract_id="F-ELM", hours=1)
    outcome = worked("bridge", county([(rest, own), (part, more)], elm=7, running=[runs]))
    bodies = dict(outcome.explanations)
    assert sorted(bodies) == ["A", "A-P2"]
    assert len(set(bodies.values())) == 1


def test_of_a_relief_no_page_is_made_and_its_letters_once(built: Built) -> None:
    people = [package(name, contract_id="P-DALE", if_missed="red", transfer_decision="suitable") for name in ("A", "B")]
    losing = snapshot(people, [principal("DALE"), framework("ELM", max_hours_4w=Fraction(20))])
    loss = {"provider_id": "DALE", "contract_id": None, "hours_4w": 20}
    asked = {"losses": [loss], "from_day": "2026-12-07", "not_recorded": None, "letters_to_stayers": None}
    outcome = worked("relieve", losing, asked)
    assert built == {"relief letters": 1}
    assert [each.moved for each in outcome.proposals] == [True]


def test_of_tonight_every_table_is_made_once(built: Built) -> None:
    failing = tonight_county([of_dale("A", if_missed="amber"), of_dale("B")], [visit("VA", "A"), visit("VB", "B")])
    asked = {"provider_ids": ["DALE"], "snow": False, "from_moment": MONDAY_NIGHT, "not_recorded": None}
    outcome = worked("tonight", failing, asked)
    assert built == {"tonight visits": 1, "tonight without_times": 1, "tonight minutes": 1}
    assert len(outcome.record["visits"]) == 6
    assert outcome.record["page"].startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("asked", [{}, {"hand_back_of": "P-DALE"}])
def test_of_a_transfer_and_a_hand_back_the_page_that_is_read_in_a_browser_is_made_once(
    built: Built, asked: Mapping[str, Any]
) -> None:
    losing = snapshot([package("A", contract_id="P-DALE")], [principal("DALE"), framework("ELM")])
    outcome = worked("transfer", losing if asked else small_county(), asked)
    assert outcome.record["levels" if not asked else "hand_back"]
    assert built == Counter({"page of moves": 1}) and outcome.record["page"] == ""
