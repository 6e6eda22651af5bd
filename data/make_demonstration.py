"""Makes the demonstration county: `python data/make_demonstration.py [FOLDER] [--seed TEXT]`.

Real areas, surgeries and places (the tables under `data/facts/`), and an invented market and invented people around
them. The same facts and the same seed give the same files, byte for byte; another seed gives another market and other
people in the same places. `data/README.md` tells what is fact and what is not.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

from making import asking, figures, stories, writing
from making.facts import read_facts
from making.market import market
from making.outlines import outlines, settlements
from making.people import people
from making.rounds import rounds
from making.running import minutes_on, place_running, set_limits

HERE = Path(__file__).resolve().parent


def make(folder: Path, seed: str = figures.SEED) -> None:
    def dice(step: str) -> Random:
        """Each step rolls its own dice, so that a change to one step leaves the others as they were."""
        return Random(f"{seed}: {step}")

    facts = read_facts(HERE / "facts")
    homes = settlements(facts)
    shapes = outlines(facts, homes)
    live = [a.area_id for a in facts.areas if a.go_live <= figures.AS_OF.isoformat()]

    persons = people(dice("people"), facts.areas, homes, shapes)
    stories.needs(dice("needs"), persons)
    hours_4w = {a.area_id: sum(p.minutes for p in persons if p.area_id == a.area_id) / 15 for a in facts.areas}
    found = market(dice("market"), facts.areas, homes, hours_4w)
    contracts = {c.contract_id: c for c in found.contracts}

    stories.refusals(dice("refusals"), persons, found)
    place_running(dice("running"), persons, found, live)
    stories.dates(dice("dates"), persons, found)
    stories.decisions(dice("decisions"), persons, contracts, facts.areas)
    restricted = stories.restrictions(dice("restrictions"), found)
    asked = asking.offers(dice("offers"), persons, found, live)
    set_limits(dice("limits"), asking.with_holds(minutes_on(persons, found), persons, asked), found)
    grouped = rounds(dice("rounds"), persons, contracts)

    folder.mkdir(parents=True, exist_ok=True)
    writing.about(folder)
    writing.areas(folder, facts.areas, shapes)
    writing.surgeries(folder, facts.surgeries, facts.places)
    writing.market(folder, found)
    writing.packages(folder, persons)
    writing.table(folder / "restrictions.csv", restricted)
    writing.table(folder / "rounds.csv", grouped)
    writing.table(folder / "offers.csv", asked)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("folder", nargs="?", type=Path, default=HERE / "demonstration")
    arguments.add_argument("--seed", default=figures.SEED, help="another market and other people")
    chosen = arguments.parse_args()
    make(chosen.folder, chosen.seed)


if __name__ == "__main__":
    main()
