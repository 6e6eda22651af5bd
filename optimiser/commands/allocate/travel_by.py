"""``optimiser allocate --travel-by rounds:DIR``: the travel level in seconds that a provider's rounds would grow by."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimiser.allocating.story import Allocation
from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.travel_times.choosing import travel_from
from optimiser.io.faults import Fault, InputRefusedError
from optimiser.io.rounds_plan import BuiltRounds, read_rounds_plan
from optimiser.io.staffing import read_staffing
from optimiser.rounds.fitting.fit import Eligible
from optimiser.rounds.fitting.loading import ReadyRounds, ready, refuse_other_travel
from optimiser.rounds.fitting.travel_level import FALLBACK, AddedTravel, added_travel
from optimiser.rules.book import RuleBook
from optimiser.rules.longest_first.book_of_a_county import rules_for


@dataclass(frozen=True)
class TravelByRounds:
    """What the travel level goes by, and what it rests on."""

    built: BuiltRounds
    rounds: ReadyRounds
    eligible: Eligible
    added: AddedTravel
    seconds_taken: float
    rules: RuleBook

    def confirm(self, allocation: Allocation) -> None:
        """Check the fits that the plan rests on. Raises ``DisagreementError``."""
        self.added.confirm(allocation.verified, self.rounds, self.eligible.visits)

    def record(self) -> dict[str, Any]:
        """Its provenance, for ``run.json``."""
        return {
            "travel_level": {
                "by": "rounds",
                "unit": "seconds a week",
                "rounds_built_at": self.built.built_at,
                "rounds_snapshot_digest": self.built.snapshot_digest,
                "travel_times": self.rounds.memory.provenance,
                "packages_and_providers_asked": self.added.asked,
                "fits_found": len(self.added.fits),
                "where_no_fit_is_known": FALLBACK,
                "seconds": round(self.seconds_taken, 3),
            }
        }


def travel_by(options: argparse.Namespace, snapshot: Snapshot) -> TravelByRounds:
    """What ``--travel-by`` names. Raises ``InputRefusedError`` and ``TravelError``."""
    kind, _, folder = options.travel_by.partition(":")
    if kind != "rounds" or not folder:
        raise InputRefusedError([Fault("--travel-by", 0, "", "rounds:DIR, a result of rounds build", options.travel_by)])
    started = time.perf_counter()
    travel = travel_from(options.travel)
    settings = None if options.settings is None else Path(options.settings)
    staffing, workers, _ = read_staffing(Path(options.folder), settings, snapshot)
    built = read_rounds_plan(Path(folder), snapshot)
    refuse_other_travel(built, travel)
    county = County.of(snapshot)
    rounds, eligible = ready(built.plan, snapshot, staffing, travel, workers), Eligible(county)
    added = added_travel(county, eligible, rounds)
    return TravelByRounds(built, rounds, eligible, added, time.perf_counter() - started, added.rules(rules_for(snapshot.policy)))
