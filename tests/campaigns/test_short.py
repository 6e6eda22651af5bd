"""The short versions of the campaigns."""

from __future__ import annotations

import pytest

from api.clock import Clock
from api.state.store import Store
from api.storage.database import open_database
from api.storage.migrating import upgrade
from optimiser.io.record_cells import cells_of
from tests.api.conftest import LOADER
from tests.campaigns import race
from tests.making import AS_OF, offer


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_planners_race_for_the_last_free_hours(kind: str) -> None:
    answers, wrong = race.run(kind, rounds=2, planners=30)
    assert not wrong
    assert answers["accept 200"] >= 10
    refused = sum(count for what, count in answers.items() if " 409 " in what)
    assert refused >= 10  # they did race


def test_the_judge_finds_what_is_wrong() -> None:
    """A judge that finds nothing proves nothing: it is given a round in which too much was placed."""
    with race.databases("sqlite", "/tmp") as new_database:
        url = new_database()
        engine = open_database(url)
        upgrade(engine)
        store = Store(engine, Clock(AS_OF))
        store.load(race.beginning(), LOADER)
        made = [offer(name, "F-CLOVER", "accepted") for name in race.PACKAGES[:4]]
        made.append(offer(race.PACKAGES[0], "P-ALDER", "accepted"))
        with store.change(LOADER) as change:
            for each in made:
                change.put("offers", each.offer_id, dict(cells_of("offers", each)))
        told = race.Told(accepted=["lost", *(each.offer_id for each in made[1:])])
        wrong = race.judge(url, told, before=0)
        engine.dispose()
    assert wrong == [
        "F-CLOVER holds 4 of 3",
        "CLOVER has 4 of 2",
        "N00 placed 2 times",
        "lost acknowledged and lost",
        "Q-N00-F-CLOVER there, nobody told",
        "the trail tells of other acceptances",
    ]
