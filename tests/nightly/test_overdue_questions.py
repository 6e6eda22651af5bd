"""How many questions have no answer in time stands in the report of a night: counts, and nothing of what was asked."""

from __future__ import annotations

from optimiser.nightly.page import nightly_page
from optimiser.nightly.report import nightly_record
from optimiser.nightly.watch import OverdueQuestions, Watch
from optimiser.reoptimising.story import reoptimise
from tests.making import framework, package, snapshot


def test_how_many_questions_are_late() -> None:
    made = reoptimise(snapshot([package("N1")], [framework("ALDER")]))
    record = nightly_record(made, None, ids=False, ahead_days=90, watch=Watch(overdue_questions=OverdueQuestions(2, 1)))
    assert record["questions_overdue"] == {"of_people": 2, "of_providers": 1}
    assert "Of people and families: 2. Of providers: 1." in nightly_page(record).decode()
    assert b"Questions" not in nightly_page(nightly_record(made, None, ids=False, ahead_days=90))
