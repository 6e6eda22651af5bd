"""``optimiser check FOLDER``: every fault, or what the snapshot holds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sized
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, show_values, snapshot_folder
from optimiser.commands.shared.inputs import notes_of, read_or_refuse
from optimiser.commands.shared.marked_faults import into, is_new
from optimiser.commands.shared.saying import print_json, say

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.county import County

ORDER = 110
SUMMARY = "read a snapshot folder and list every fault in it"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "check",
        description="Read a snapshot folder. Every fault in it is listed in one go; where there is none, what the folder holds.",
        example="optimiser check data/three_villages",
        run=run,
        arguments=_arguments,
    )


def _arguments(check: argparse.ArgumentParser) -> None:
    snapshot_folder(check)
    into(check)
    show_values(check)
    as_json(check, "what the folder holds, or each fault with its code,")


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when the snapshot is accepted, 2 when it is refused."""
    from optimiser.county import County

    if not is_new(options.into):
        return exits.REFUSED
    shows = {"show_values": options.show_values}
    reading = read_or_refuse(options.folder, **shows, writes=False, into=options.into, faults_as_json=options.json)
    if reading is None:
        return exits.REFUSED
    county, notes = County.of(reading.snapshot), notes_of(reading, **shows)
    if options.json:
        for note in notes:
            print(f"Note: {note}", file=sys.stderr)
        print_json(_record(county, notes))
    else:
        _say(county, options.folder, notes)
    return exits.PROVEN


def _say(county: County, folder: str, notes: list[str]) -> None:
    snapshot = county.snapshot
    new = [package for package in snapshot.packages if package.status == "new"]
    hours = sum(package.minutes_per_week for package in snapshot.packages) / 60
    say(f"Accepted: {snapshot.title or folder}, as of {snapshot.as_of}.")
    print(
        f"{_counted(snapshot.packages, 'package')} ({hours:,.2f} hours a week), {len(new):,} of them new;"
        f" {_counted(snapshot.providers, 'provider')}, {_counted(snapshot.contracts, 'contract')},"
        f" {_counted(snapshot.areas, 'area')}."
    )
    print(
        f"{len(county.offers_in_force.pending)} waiting for a provider's answer, {len(county.offers_in_force.accepted)} accepted."
    )
    for sentence in _exceeded_on_entry(county):
        say(f"Exceeded on entry: {sentence}")
    for note in notes:
        print(f"Note: {note}")
    print(f"Digest: {snapshot.digest()}")


def _record(county: County, notes: list[str]) -> dict[str, Any]:
    snapshot = county.snapshot
    return {
        "faults": [],
        "title": snapshot.title,
        "as_of": str(snapshot.as_of),
        "packages": len(snapshot.packages),
        "minutes_per_week": sum(package.minutes_per_week for package in snapshot.packages),
        "new_packages": sum(package.status == "new" for package in snapshot.packages),
        "providers": len(snapshot.providers),
        "contracts": len(snapshot.contracts),
        "areas": len(snapshot.areas),
        "waiting_for_an_answer": len(county.offers_in_force.pending),
        "accepted": len(county.offers_in_force.accepted),
        "exceeded_on_entry": _exceeded_on_entry(county),
        "notes": notes,
        "snapshot_digest": snapshot.digest(),
    }


def _exceeded_on_entry(county: County) -> list[str]:
    from optimiser.judging.limit_use import Usage, entry_plan
    from optimiser.rules.book import standard_rules

    usage = Usage.of(county, standard_rules(), entry_plan(county))
    return [usage.limits[index].sentence(county, usage.on_entry[index]) for index in usage.exceeded_on_entry()]


def _counted(records: Sized, word: str) -> str:
    return f"{len(records):,} {word}" + ("" if len(records) == 1 else "s")
