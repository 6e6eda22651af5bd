"""``optimiser outlook FOLDER``: what will be missing, and by when contracts must be bought anew."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, show_values, snapshot_folder
from optimiser.commands.shared.inputs import read_or_refuse, say_notes
from optimiser.commands.shared.saying import say, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimiser.commands.shared.arguments import Commands

ORDER = 145
SUMMARY = "which areas will be without principal, framework or cover; when to buy anew"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "outlook",
        description="From the records alone: on which days an area or a service will be without a principal, a framework or any"
        " cover, whom that concerns and who could take them; and by when what follows each contract must have got somewhere."
        " The nightly report tells the same.",
        example="optimiser outlook data/three_villages",
        run=run,
        arguments=_arguments,
    )


def _arguments(outlook: argparse.ArgumentParser) -> None:
    snapshot_folder(outlook)
    show_values(outlook)
    as_json(outlook, "gaps, areas that are not live, and dates")


def run(options: argparse.Namespace) -> int:
    """Exit code 0, whatever there is to tell; 2 where the snapshot is refused."""
    from optimiser.nightly.buying_anew import dates_to_keep
    from optimiser.nightly.gaps import areas_not_live, gap_rows

    reading = read_or_refuse(options.folder, show_values=options.show_values, writes=False)
    if reading is None:
        return exits.REFUSED
    say_notes(reading.notes)
    snapshot = reading.snapshot
    record = {
        "as_of": str(snapshot.as_of),
        "gap_months": snapshot.procurement.gap_months,
        "gaps": gap_rows(snapshot),
        "areas_not_live": areas_not_live(snapshot),
        "buying_anew": dates_to_keep(snapshot),
    }
    names = {area.area_id: area.name for area in snapshot.areas}
    tell(options, lambda: record, lambda: _say(record, names))
    return exits.PROVEN


def _say(record: dict[str, Any], names: Mapping[str, str]) -> None:
    late = sum(each["late"] for each in record["buying_anew"])
    print(f"Gaps that begin within {record['gap_months']} months of {record['as_of']}, or as legacy ends: {len(record['gaps'])}.")
    for gap in record["gaps"]:
        say(f"  {_when(gap)}, {gap['name']}, {_care(gap)}: no {', no '.join(gap['missing'])}. {_concerned(gap)}")
    for area in record["areas_not_live"]:
        say(f"  Not live, so without a principal by design: {area['name']} (goes live: {area['go_live'] or 'no date'}).")
    print(f"Dates for buying anew: {len(record['buying_anew'])}, {late} of them late unless they were kept.")
    for each in record["buying_anew"]:
        where = f"{each['tier']}, {names.get(each['area_id'], 'county-wide')}, {_care(each)}, until {each['ends']}"
        care = f"contracts: {len(each['contract_ids'])}, people: {each['people']}, hours a week: {each['hours_per_week']}"
        say(f"  {'LATE ' if each['late'] else ''}{each['date']} {each['what']} ({where}; {care})")


def _when(gap: dict[str, Any]) -> str:
    return f"From {gap['from']}{' until ' + gap['until'] if gap['until'] else ' on'}"


def _care(row: dict[str, Any]) -> str:
    return row["service"].replace("_", " ") or "home care"


def _concerned(gap: dict[str, Any]) -> str:
    named = f" ({', '.join(each['name'] for each in gap['could_take'])})" if gap["could_take"] else ""
    could, none_could = len(gap["could_take"]), gap["people_nobody_could_take"]
    return (
        f"With care: {gap['people_running']}, waiting: {gap['people_waiting']}, hours a week: {gap['hours_per_week']}."
        f" Providers that could take some: {could}{named}; people whom none could: {none_could}."
    )
