"""The page of a stress, where a reader might be misled."""

from __future__ import annotations

import re

from optimiser.rules.book import standard_rules
from optimiser.whatif.stress.report import stress_page, stress_record
from optimiser.whatif.stress.story import Sweep, hand_back_of
from tests.making import county, framework, legacy, package, principal, provider


def test_who_hands_a_contract_back_may_keep_people_on_another_and_the_page_says_so() -> None:
    made = county(
        [package("N1", contract_id="P-ALDER"), package("N2", skills=("dementia",), contract_id="P-ALDER")],
        [principal("ALDER"), legacy("ALDER"), framework("BRACKEN")],
        providers=[provider("ALDER", name="Alder & Sons", skills=("dementia",)), provider("BRACKEN", name="Bracken")],
    )
    page = stress_page(stress_record(Sweep(made, standard_rules()).named([hand_back_of(made, "P-ALDER")]))).decode()
    rows = re.findall(r'<tr><th scope="row">([^<]*)</th><td>(\d)</td>', page)
    takers = [row for row in rows if not row[0].startswith("Area")]
    assert takers == [("Alder &amp; Sons itself, on another contract", "1"), ("Bracken", "1")]
