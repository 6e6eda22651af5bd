"""Providers that are to be asked again for their free hours stand in the report of a night."""

from __future__ import annotations

from optimiser.nightly.page import nightly_page
from optimiser.nightly.report import nightly_record
from optimiser.nightly.watch import LapsedReturn, Watch
from optimiser.reoptimising.story import reoptimise
from tests.making import days, framework, package, snapshot


def test_who_is_to_be_asked_again_for_free_hours() -> None:
    made = reoptimise(snapshot([package("N1")], [framework("ALDER")]))
    watch = Watch(lapsed_returns=[LapsedReturn("ALDER", "Alder & Sons", days(-20), days(-6))])
    record = nightly_record(made, None, ids=False, ahead_days=90, watch=watch)
    assert record["capacity_returns_lapsed"] == [
        {"provider_id": "ALDER", "provider": "Alder & Sons", "told_on": str(days(-20)), "lapsed_on": str(days(-6))}
    ]
    assert f"Alder &amp; Sons, told on {days(-20)}, counted until {days(-6)}." in nightly_page(record).decode()
    assert b"free hours" not in nightly_page(nightly_record(made, None, ids=False, ahead_days=90))
