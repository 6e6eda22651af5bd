"""All pairs of failures: worked by hand, the bound by two ways, and a run that was ended and goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networkx import DiGraph, maximum_flow_value

from optimiser.county import County
from optimiser.judging.checking import DisagreementError
from optimiser.rules.book import standard_rules
from optimiser.whatif.stress import every_pair as module
from optimiser.whatif.stress.every_pair import Pair, every_pair
from optimiser.whatif.stress.report import stress_files, stress_page, stress_record
from optimiser.whatif.stress.room_flow import most_placeable
from optimiser.whatif.stress.story import Stress, Sweep
from tests.making import area, county, framework, legacy, package, provider

RULES = standard_rules()
HOLDERS = {0: "ASH", 1: "ASH", 2: "ELM", 3: "YEW", 4: "YEW"}
ROOM = st.integers(0, 40)


def substitutes() -> County:
    """ASH and ELM have two people's care each, and room for all four: each can take the other's, and nobody else may. YEW has the
    care of somebody whom nobody else can care for.
    """
    return county(
        [
            *(package(f"A{number}", hours=5, contract_id="F-ASH") for number in range(2)),
            *(package(f"E{number}", hours=6, contract_id="F-ELM") for number in range(2)),
            package("Y1", area_id="A2", hours=8, contract_id="L-YEW"),
        ],
        [framework("ASH"), framework("ELM"), legacy("YEW")],
        areas=[area("A1"), area("A2")],
        providers=[provider(name, max_hours_4w=Fraction(4 * most)) for name, most in {"ASH": 22, "ELM": 22, "YEW": 8}.items()],
    )


def hours_of(stress: Stress) -> dict[str, tuple[float, float, float]]:
    """Per pair: unmet, at least, and beyond each alone, in hours a week."""
    assert stress.every_pair is not None
    return {
        "+".join(each.provider_ids): (each.unmet / 60, each.unmet_at_least / 60, each.beyond_each_alone / 60)
        for each in stress.every_pair.pairs
    }


def test_two_who_are_each_others_only_substitute_are_found_though_each_alone_is_harmless() -> None:
    stress = every_pair(Sweep(substitutes(), RULES), first=1)
    assert {each.failure.subject: each.loss.unplaced_people for each in stress.singles} == {"ASH": 0, "ELM": 0, "YEW": 1}
    assert hours_of(stress) == {"ASH+ELM": (22, 22, 22), "ELM+YEW": (8, 8, 0), "ASH+YEW": (8, 8, 0)}
    assert [each.failure.subject for each in stress.pairs] == ["ASH + ELM"]
    record = stress_record(stress)
    table = stress_files(stress, record)["pairs.csv"].decode().splitlines()
    assert [line.rpartition(",")[2] for line in table] == ["told", "proven", "estimated", "estimated"]
    assert (record["all_pairs"]["first"], record["all_pairs"]["tried"]) == (1, 1)
    assert record["all_pairs"]["most_estimated_of_the_others_hours_per_week"] == "8.00"


@pytest.mark.parametrize("stops_after", [99, 7])
def test_where_a_plan_leaves_less_than_estimated_the_next_moves_up_and_is_tried(
    monkeypatch: pytest.MonkeyPatch, stops_after: int
) -> None:
    estimated = module._estimated

    def too_high(*known: Any) -> tuple[Pair, ...]:
        """30 hours for YEW's two pairs, where any plan leaves 8."""
        high = (replace(each, unmet_estimated=1800) if "YEW" in each.provider_ids else each for each in estimated(*known))
        return module._in_order(list(high))

    monkeypatch.setattr(module, "_estimated", too_high)
    done: list[tuple[int, int]] = []
    sweep = Sweep(substitutes(), RULES, report=lambda *count: done.append(count), should_stop=lambda: len(done) >= stops_after)
    stress = every_pair(sweep, first=1)
    every = stress.every_pair
    assert every is not None
    lots = [(1, 1), (1, 1), (1, 1)]  # one pair of YEW's, then the other, then the one that is the worst
    assert done[6:] == lots[: len(done) - 6], "three alone and three bounds before"
    assert (stress.complete, len(every.next_lot), len(every.off_by)) == ((True, 0, 3) if stops_after == 99 else (False, 1, 1))
    if stress.complete:
        assert every.pairs[0].provider_ids == ("ASH", "ELM")
    page, told = stress_files(stress, stress_record(stress))["stress.html"].decode(), stress_record(stress)["all_pairs"]
    assert "How the pairs were chosen" in page
    assert ("all pairs among the first 1 were tried" in page) is stress.complete
    assert told["found_below_estimate_by_at_most_hours_per_week"] == "22.00"


def test_the_page_of_the_worst_two_by_two_has_no_word_of_all_pairs() -> None:
    worst = Sweep(substitutes(), RULES).everybody(3)
    page = stress_page(stress_record(worst)).decode()
    assert "Two failing together" in page and "How the pairs were chosen" not in page


def test_an_interrupted_run_goes_on_from_its_journal_to_the_same_bytes(tmp_path: Path) -> None:
    made, journal = substitutes(), tmp_path / "out.journal"
    whole = every_pair(Sweep(made, RULES))
    done: list[tuple[int, int]] = []
    for stops_after in (2, 5, 7, 99):  # of three alone, three bounds and three tried
        sweep = Sweep(made, RULES, report=lambda *count: done.append(count), workers=1)
        sweep.should_stop = lambda limit=stops_after: len(done) >= limit
        ended = every_pair(sweep, journal=journal)
        assert ended.complete is (stops_after == 99)
        with journal.open("ab") as torn:
            torn.write(b'["trie')  # as where it is killed as it writes
    assert len(done) == 9, "nothing is done twice"
    assert ended.every_pair == whole.every_pair
    files = [stress_files(each, stress_record(each)) for each in (whole, ended)]
    assert files[0] == files[1]
    assert journal.stat().st_mode & 0o077 == 0
    other = replace(made.snapshot, title="another")
    again: list[int] = []
    every_pair(Sweep(County.of(other), RULES, report=lambda count, _: again.append(count)), journal=journal)
    assert len(again) == 9, "another input begins anew"
    assert len(journal.read_text("utf-8").splitlines()) == 10


def test_two_ways_to_the_bound_have_to_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "room_of_others", lambda *_: (2000, 1))
    with pytest.raises(DisagreementError, match="two flows disagree on what fails with ASH"):
        every_pair(Sweep(substitutes(), RULES))


@given(
    st.dictionaries(st.lists(st.sampled_from(range(5)), unique=True, max_size=4).map(lambda own: tuple(sorted(own))), ROOM),
    st.dictionaries(st.sampled_from(range(5)), ROOM),
    st.dictionaries(st.sampled_from(["ASH", "ELM", "YEW"]), ROOM),
)
@settings(max_examples=60, deadline=None)
def test_the_flow_is_that_of_another_algorithm(
    minutes: dict[tuple[int, ...], int], contracts: dict[int, int], providers: dict[str, int]
) -> None:
    graph: DiGraph[object] = DiGraph()
    graph.add_nodes_from(["people", "hours"])
    for asked, together in minutes.items():
        graph.add_edge("people", asked, capacity=together)
        graph.add_edges_from((asked, contract) for contract in asked)
    for contract, holder in HOLDERS.items():
        graph.add_edge(contract, holder, capacity=contracts.get(contract, 10_000))
        graph.add_edge(holder, "hours", capacity=providers.get(holder, 10_000))
    assert most_placeable(minutes, HOLDERS, contracts, providers) == maximum_flow_value(graph, "people", "hours")


def test_a_pair_in_words_has_no_more_than_its_providers() -> None:
    pair = Pair(("ASH", "ELM"), 1, 2, 3, 0, unmet_found=None, changes_more=True)
    assert (repr(pair), json.dumps(pair.unmet)) == ("<Pair ASH + ELM>", "3")
