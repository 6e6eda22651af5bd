"""``optimiser check FOLDER``: every fault, or what the snapshot holds."""

from __future__ import annotations

import argparse
from collections.abc import Sized

from optimiser import exits
from optimiser.commands.inputs import read_or_refuse, say_notes_of
from optimiser.county import County
from optimiser.io.faults import clean
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.rules.book import standard_rules


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when the snapshot is accepted, 2 when it is refused."""
    reading = read_or_refuse(options.folder, show_values=options.show_values, writes=False)
    if reading is None:
        return exits.REFUSED
    snapshot = reading.snapshot
    county = County.of(snapshot)
    new = [package for package in snapshot.packages if package.status == "new"]
    hours = sum(package.minutes_per_week for package in snapshot.packages) / 60
    print(f"Accepted: {clean(snapshot.title or options.folder)}, as of {snapshot.as_of}.")
    print(
        f"{_counted(snapshot.packages, 'package')} ({hours:,.2f} hours a week), {len(new):,} of them new;"
        f" {_counted(snapshot.providers, 'provider')}, {_counted(snapshot.contracts, 'contract')},"
        f" {_counted(snapshot.areas, 'area')}."
    )
    print(
        f"{len(county.offers_in_force.pending)} waiting for a provider's answer, {len(county.offers_in_force.accepted)} accepted."
    )
    usage = Usage.of(county, standard_rules(), entry_plan(county))
    for index in usage.exceeded_on_entry():
        print(clean(f"Exceeded on entry: {usage.limits[index].sentence(county, usage.on_entry[index])}"))
    say_notes_of(reading, show_values=options.show_values)
    print(f"Digest: {snapshot.digest()}")
    return exits.PROVEN


def _counted(records: Sized, word: str) -> str:
    return f"{len(records):,} {word}" + ("" if len(records) == 1 else "s")
