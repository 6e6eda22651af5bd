"""Master rounds against planning each day afresh: the same visits, the same number of rounds, the same engine and effort a week.

    .venv/bin/python -m tests.benchmarks.masters FOLDER (PROVIDER_ID… | --all) [--results FILE.jsonl] [--seconds S]

Afresh: every day is planned in full without knowing the others; who takes which run is drawn by lot. A day's care is to be even
within half a visit there, so that the week's hours of both are about as even (how many rounds are not is printed). Who works
which round is settled for both in the same way, so that the care workers a person sees in the week compare. It prints, per
provider and together, visits served, hours on the road, different care workers per person, and processor seconds (those of
the master rounds with the count of rounds, which both use).

``--results``: every provider done is a line of that file, and is not done again: a whole county can be run in pieces, of
``--seconds`` each. The largest providers come first.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from optimiser.rounds.round_hours import hours_of_rounds
from optimiser.rounds.shift_problem import Thoroughness
from optimiser.rounds.story import Order, build_provider
from optimiser.rounds.visits_by_shift import providers_with_care

SIDES = ("masters", "afresh")


def main() -> None:
    """Plan the named providers both ways."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("provider_ids", nargs="*", metavar="PROVIDER_ID")
    options.add_argument("--all", action="store_true")
    options.add_argument("--results", type=Path)
    options.add_argument("--seconds", type=float, default=float("inf"), help="begin no further provider after so many seconds")
    chosen = options.parse_args()
    snapshot, began = read_snapshot(chosen.folder).snapshot, time.perf_counter()
    asked = _largest_first(snapshot) if chosen.all else chosen.provider_ids
    done: dict[str, dict[str, Any]] = {}
    if chosen.results and chosen.results.exists():
        done = {each["provider"]: each for each in map(json.loads, chosen.results.read_text().splitlines())}
    for provider_id in asked:
        if provider_id not in done and time.perf_counter() - began < chosen.seconds:
            done[provider_id] = _measured(snapshot, provider_id)
            if chosen.results:
                with chosen.results.open("a") as file:
                    file.write(json.dumps(done[provider_id]) + "\n")
            _print(provider_id, [done[provider_id]])
    _print(f"together, {len(done)} of {len(asked)} asked", [done[name] for name in asked if name in done])


def _largest_first(snapshot: Snapshot) -> list[str]:
    held = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}
    visits = Counter[str]()
    for package in snapshot.packages:
        visits[held.get(package.contract_id, "")] += package.visits_per_week
    return sorted(providers_with_care(snapshot), key=lambda name: (-visits[name], name))


def _measured(snapshot: Snapshot, provider_id: str) -> dict[str, Any]:
    """Both ways' figures of one provider."""
    began = time.process_time()
    masters = build_provider(Order(snapshot), provider_id)
    between = time.process_time()
    rounds = Counter(each.shift for each in masters.rounds)
    afresh = build_provider(Order(snapshot, thoroughness=Thoroughness(afresh=True, rounds=rounds)), provider_id)
    return {
        "provider": provider_id,
        "masters": _told(masters, snapshot) | {"processor": between - began},
        "afresh": _told(afresh, snapshot) | {"processor": time.process_time() - between},
    }


def _told(plan: RoundsPlan, snapshot: Snapshot) -> dict[str, float]:
    person = {visit.visit_id: visit.package_id for visit in snapshot.visits}
    seen: dict[str, set[str]] = defaultdict(set)
    for visit in plan.visits:
        seen[person[visit.visit_id]].add(visit.worker)
    return {
        "served": len(plan.visits),
        "road": sum(visit.travel_seconds for visit in plan.visits) / 3600,
        "people": len(seen),
        "faces": sum(map(len, seen.values())),
        "rounds": len(plan.rounds),
        "uneven": sum(not each.is_even for each in hours_of_rounds(plan).values()),
    }


def _print(name: str, measured: Sequence[dict[str, Any]]) -> None:
    ours, theirs = ({key: sum(each[side][key] for each in measured) for key in measured[0][side]} for side in SIDES)
    mine, other = ours["faces"] / ours["people"], theirs["faces"] / theirs["people"]
    print(
        f"{name}: served {ours['served']} against {theirs['served']}; hours on the road {ours['road']:.1f} against"
        f" {theirs['road']:.1f} ({ours['road'] / max(theirs['road'], 1e-9) - 1:+.1%}); care workers a person {mine:.2f} against"
        f" {other:.2f} ({mine / other:.2f}); uneven rounds {ours['uneven']} against {theirs['uneven']} of {ours['rounds']};"
        f" processor seconds {ours['processor']:.0f} and {theirs['processor']:.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
