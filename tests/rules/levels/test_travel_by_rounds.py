"""The ways that rounds would grow by, in seconds a week, in place of distance."""

from __future__ import annotations

import numpy as np

from optimiser.rules.book import standard_rules
from optimiser.rules.levels.travel_by_rounds import TravelByRounds
from tests.making import SWANTON, county, framework, package
from tests.rules.judging import value


def test_each_package_counts_what_its_providers_rounds_would_grow_by() -> None:
    people = [package("N1"), package("N2", SWANTON), package("R1", contract_id="F-CLOVER")]
    here = county(people, [framework("BRACKEN"), framework("CLOVER")])
    assert [each.provider_id for each in here.providers] == ["BRACKEN", "CLOVER"]
    seconds = np.array([[600, 60], [900, 120], [0, 0]], dtype=np.int64)
    book = standard_rules().with_rule(TravelByRounds(seconds))
    assert value(here, "travel", {"N1": "F-BRACKEN", "N2": "F-CLOVER"}, rules=book) == 600 + 120
    assert value(here, "travel", {"N1": "F-CLOVER", "N2": "F-CLOVER"}, rules=book) == 60 + 120, "wherever its office is"
    assert value(here, "travel", {"N2": "F-BRACKEN"}, rules=book) == 900, "who waits adds no way"
