"""Whom a planner of a forecast asks next is whom the service would have them ask: the same contracts in the same order."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from api.offers.eligibility import candidates
from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.asked_next import AskedNext
from optimiser.forecasting.decided_together import whole
from optimiser.forecasting.play import Play
from optimiser.forecasting.this_week import ThisWeek
from tests.api.overview.test_provider_figures import state_of
from tests.forecasting.test_as_the_engine import lively
from tests.making import framework, legacy, package, principal, snapshot
from tests.making.living import living_snapshots

AMPLE = Fraction(2000)


def differences(play: Play) -> tuple[Counter[str], list[str]]:
    """Of everybody who waits in this week of a draw: how many there are of which kind, and what the two say differently."""
    state = state_of(whole(play.played))
    week, seen, found = ThisWeek(play.played), Counter[str](), []
    asked = AskedNext(week)
    for index, person in enumerate(week.waiting):
        expected = [each for each in candidates(state, state.county.package_index[person.name]) if each.may_be_asked]
        order = list(asked.order([index], np.flatnonzero(week.allowed[index]).tolist()))
        seen["people who wait"] += 1
        seen["with two to ask or more"] += len(expected) > 1
        seen["with a principal beyond its share"] += any(each.place.over_upper_edge for each in expected)
        if order != [each.place.contract for each in expected]:
            found.append(f"{person.name}: {order}, and by the service {[each.place.contract for each in expected]}")
    return seen, found


def weeks_later(first: Snapshot, weeks: int, seed: int) -> Play:
    """A county in which much happens, after some weeks."""
    play, _ = lively(first, weeks or 1, seed)
    for _ in range(weeks):
        play._asked_and_counted()
        play.one_week_on()
    return play


def beyond() -> Snapshot:
    """Alder's 160 of 227 hours a week: with five more it has 72.7%, with twelve it would have more than the 75% of its share."""
    people = [package(f"R{number:02}", hours=10, contract_id="P-ALDER") for number in range(16)]
    people += [package(f"Q{number}", hours=10, contract_id="F-BIRCH") for number in range(5)]
    contracts = [
        principal("ALDER", max_hours_4w=AMPLE),
        framework("BIRCH", max_hours_4w=AMPLE),
        framework("CEDAR", max_hours_4w=AMPLE),
        legacy("DOCK", max_hours_4w=AMPLE),
    ]
    return snapshot([*people, package("N1", hours=5), package("N2", hours=12)], contracts)


def test_a_principal_beyond_its_share_is_asked_after_the_framework() -> None:
    play = weeks_later(beyond(), 0, 1)
    week = ThisWeek(play.played)
    asked, contracts = AskedNext(week), [each.contract_id for each in week.county.contracts]
    order = {
        person.name: [contracts[each] for each in asked.order([index], range(len(contracts)))]
        for index, person in enumerate(week.waiting)
    }
    assert order == {
        "N1": ["P-ALDER", "F-CEDAR", "F-BIRCH", "L-DOCK"],
        "N2": ["F-CEDAR", "F-BIRCH", "P-ALDER", "L-DOCK"],
    }
    assert differences(play) == (
        {"people who wait": 2, "with two to ask or more": 2, "with a principal beyond its share": 1},
        [],
    )


@settings(max_examples=10)
@given(living_snapshots(), st.integers(0, 3), st.integers(0, 99))
def test_the_order_is_that_of_the_service(first: Snapshot, weeks: int, seed: int) -> None:
    assert differences(weeks_later(first, weeks, seed))[1] == []
