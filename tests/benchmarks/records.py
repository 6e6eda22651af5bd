"""What a change of a record costs: each deed on each kind, on the demonstration county, in milliseconds of processor.

    .venv/bin/python -m tests.benchmarks.records [--county FOLDER] [--times 5]

The middle of so many times, in one process with SQLite: the judgement, the transaction with its entry in the trail, the county as
it is then, and the answer. The first time is left out: it makes what every process makes once. How long readers wait meanwhile is
measured by ``tests.benchmarks.service --records 1``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from api.acts.act import Caller
from api.clock import Clock
from api.records.acts import DEEDS
from api.records.schemas import SCHEMAS, Ended
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import open_database
from api.storage.migrating import upgrade
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot

WHY = "a measurement"
AT = {"latitude": 52.65, "longitude": 0.9}


def deeds(by: Caller, here: Snapshot, number: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Something of every kind, each time another."""
    contract, provider, round_id = here.contracts[0].contract_id, here.providers[0].provider_id, here.rounds[0].round_id
    surgery, area, office = next(each for each in here.surgeries if not each.band_centre), here.areas[0], here.offices[0]
    day = str(here.as_of + dt.timedelta(days=100 + number))
    restricted = {"provider_id": provider, "starts": str(here.as_of), "kind": "no_new_work"}
    yield "providers add", lambda: add(by, "providers", provider_id=f"NEW{number}", offices=[{"office_id": f"NEW{number}", **AT}])
    yield "providers change", lambda: change(by, "providers", provider, max_hours_4w=90 + number)
    yield (
        "contracts add",
        lambda: add(by, "contracts", contract_id=f"C{number}", provider_id=provider, tier="legacy", rate_band_1=25),
    )
    yield "contracts change", lambda: change(by, "contracts", contract, max_hours_4w=900 + number)
    yield "contracts end", lambda: DEEDS["contracts"].end(by, contract, Ended(ends=dt.date(2031, 1, 1 + number), reason=WHY), "*")
    yield "rates add", lambda: add(by, "rates", contract_id=contract, starts=day, rate_band_1=25)
    yield "restrictions add", lambda: add(by, "restrictions", restriction_id=f"X{number}", **restricted)
    yield "offices change", lambda: change(by, "offices", office.office_id, latitude=52.6 + number / 1000)
    yield "areas change", lambda: change(by, "areas", area.area_id, go_live_planned=day)
    yield "surgeries change", lambda: change(by, "surgeries", surgery.surgery_id, band_centre=number % 2 == 0)
    yield "rounds change", lambda: change(by, "rounds", round_id, staff=number + 1)


def add(by: Caller, to: str, /, **given: Any) -> object:
    return DEEDS[to].add(by, SCHEMAS[to].new(**given, reason=WHY))  # type: ignore[call-arg]


def change(by: Caller, of: str, record_id: str, /, **given: Any) -> object:
    return DEEDS[of].change(by, record_id, SCHEMAS[of].changes(**given, reason=WHY), "*")  # type: ignore[call-arg]


def main() -> None:
    """Prints a line a deed."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--county", type=Path, default=Path("data/demonstration"))
    options.add_argument("--times", type=int, default=5)
    chosen = options.parse_args()
    here = read_snapshot(chosen.county).snapshot
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/county.db", as_of=here.as_of)
        store = Store(open_database(settings.database_url), Clock(here.as_of))
        upgrade(store.engine)
        by = Caller(Service.of(settings, store), Actor("a benchmark", "admin"))
        store.load(here, by.actor)
        taken: dict[str, list[float]] = {}
        for number in range(chosen.times + 1):
            for name, deed in deeds(by, here, number):
                began = time.process_time()
                deed()
                taken.setdefault(name, []).append(1000 * (time.process_time() - began))
        for name, milliseconds in taken.items():
            print(f"{name:20} {statistics.median(milliseconds[1:]):6.0f} ms, at most {max(milliseconds[1:]):.0f}", flush=True)
        by.service.close()


if __name__ == "__main__":
    main()
