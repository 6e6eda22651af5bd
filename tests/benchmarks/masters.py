"""Master rounds against planning each day afresh: the same visits, the same number of rounds, the same engine and effort a day.

    .venv/bin/python -m tests.benchmarks.masters FOLDER PROVIDER_ID…

Afresh: every kind of day is planned in full without knowing the others. Who works which round is settled for both in the same
way, so that the care workers a person sees in the week compare. It prints, per provider and together, visits served, hours on
the road, and different care workers per person.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path

from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from optimiser.rounds.building import Order, build_provider, together
from optimiser.rounds.shift_work import Thoroughness


def main() -> None:
    """Plan the named providers both ways."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("provider_ids", nargs="+", metavar="PROVIDER_ID")
    chosen = options.parse_args()
    snapshot = read_snapshot(chosen.folder).snapshot
    whole: dict[str, list[RoundsPlan]] = {"masters": [], "afresh": []}
    for provider_id in chosen.provider_ids:
        whole["masters"].append(build_provider(Order(snapshot), provider_id))
        rounds = Counter(each.shift for each in whole["masters"][-1].rounds)
        afresh = Thoroughness(afresh=True, rounds=rounds)
        whole["afresh"].append(build_provider(Order(snapshot, thoroughness=afresh), provider_id))
        _print(provider_id, whole["masters"][-1], whole["afresh"][-1], snapshot)
    if len(chosen.provider_ids) > 1:
        _print("together", together(whole["masters"]), together(whole["afresh"]), snapshot)


def _print(name: str, ours: RoundsPlan, other: RoundsPlan, snapshot: Snapshot) -> None:
    mine, theirs = _told(ours, snapshot), _told(other, snapshot)
    print(
        f"{name}: served {mine[0]:.0f} against {theirs[0]:.0f}; hours on the road {mine[1]:.1f} against {theirs[1]:.1f}"
        f" ({mine[1] / max(theirs[1], 1e-9) - 1:+.1%}); care workers a person {mine[2]:.2f} against {theirs[2]:.2f}"
        f" ({mine[2] / theirs[2]:.2f})",
        flush=True,
    )


def _told(plan: RoundsPlan, snapshot: Snapshot) -> tuple[float, float, float]:
    person = {visit.visit_id: visit.package_id for visit in snapshot.visits}
    seen: dict[str, set[str]] = defaultdict(set)
    for visit in plan.visits:
        seen[person[visit.visit_id]].add(visit.worker)
    travel = sum(visit.travel_seconds for visit in plan.visits) / 3600
    return len(plan.visits), travel, sum(map(len, seen.values())) / max(1, len(seen))


if __name__ == "__main__":
    main()
