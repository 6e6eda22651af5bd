"""``optimiser split FOLDER --by FILE --on DATE --out DIR``: one county's snapshot to those of the councils that come after it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, day, result, show_values, snapshot_folder
from optimiser.commands.shared.inputs import read_or_refuse, say_notes
from optimiser.commands.shared.running import defect
from optimiser.commands.shared.saying import complain, is_free, print_table, refused, refused_with, say, table, tell

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands

ORDER = 413
SUMMARY = "one county's snapshot to those of several new councils"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "split",
        description="One county to several new councils: everybody goes with the area that they live in, and nobody changes"
        " provider. What several councils share is named, its limits are apportioned by the hours held and add up exactly, and"
        " whose care crosses the new borders is listed. 'optimiser merge' is the way back.",
        example="optimiser split data/demonstration --by councils.csv --on 2028-04-01 --out councils",
        run=run,
        arguments=_arguments,
    )


def _arguments(split: argparse.ArgumentParser) -> None:
    snapshot_folder(split)
    split.add_argument("--by", required=True, metavar="FILE", help="which area goes to which council (CSV: area_id, council)")
    split.add_argument("--on", required=True, type=day, metavar="DATE", help="the day on which the councils begin")
    result(split, "a snapshot folder for each council, shared.csv, crossing-people.csv, crossing-areas.csv and split.json")
    show_values(split)
    as_json(split, "what split.json holds")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where anything is refused; 4 where the check does not confirm the split, and nothing was written."""
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.splitting.across_borders import crossings
    from optimiser.splitting.check import faults_of_split
    from optimiser.splitting.council_file import read_councils
    from optimiser.splitting.parts_of_a_county import split_county
    from optimiser.splitting.split_report import split_files, split_record

    out = Path(options.out)
    if not is_free(out, replace=False):
        return exits.REFUSED
    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return exits.REFUSED
    say_notes(reading.notes)
    whole = reading.snapshot
    if options.on < whole.as_of:
        return refused(
            f"--on: expected a day not before the snapshot's ({whole.as_of}); found {options.on}. Nothing was written."
        )
    try:
        council_of = read_councils(Path(options.by), whole)
    except InputRefusedError as faults:
        return refused_with(faults, of=Path(options.by).name)
    split = split_county(whole, council_of, options.on)
    if broken := faults_of_split(whole, split.parts, split.where.shared(), council_of):
        return defect("the check does not confirm the split, so nothing was written.", broken)
    crossing = crossings(split)
    record = split_record(split, crossing, Path(options.folder))
    code = written_and_read_again(out, split_files(split, crossing, record), {c: p.digest() for c, p in split.parts.items()})
    if code == exits.PROVEN:
        tell(options, lambda: record, lambda: _say(record, out))
    return code


def written_and_read_again(out: Path, files: dict[str, bytes], digests: dict[str, str]) -> int:
    """Write them whole. ``digests``: what reading again has to give, per folder inside; an empty name is the folder itself."""
    from optimiser.io.faults import InputRefusedError
    from optimiser.io.folder_trees import write_tree
    from optimiser.io.folders import FolderTakenError
    from optimiser.io.reading import read_snapshot

    found: list[str] = []

    def accept(made: Path) -> None:
        for name, digest in digests.items():
            try:
                if read_snapshot(made / name).snapshot.digest() != digest:
                    found.append(f"{name or out.name}: read again it is another snapshot")
            except InputRefusedError as faults:
                found.extend(f"{name or out.name}: {fault.message(show_values=False)}" for fault in faults.faults)
        if found:
            raise OSError

    try:
        write_tree(out, files, accept)
    except (FolderTakenError, OSError) as error:
        if found:
            return defect("what was made does not read again, so nothing was written.", found)
        complain(f"Could not write {out}: {error}. Nothing was written.")
        return exits.REFUSED
    return exits.PROVEN


def _say(record: dict[str, Any], out: Path) -> None:
    made = table("Councils", "council", "areas", "people", "running hours a week", "contracts", "providers")
    for each in record["councils"]:
        made.add_row(
            *(str(each[name]) for name in ("council", "areas", "people", "running_hours_per_week", "contracts", "providers"))
        )
    print_table(made)
    shared = ", ".join(f"{kind} {count:,}" for kind, count in record["shared"].items()) or "nothing"
    say(f"Shared: {shared}; {record['limits_apportioned']:,} limits apportioned, which add up exactly. Nobody changes provider.")
    if nothing := record["limits_of_which_a_council_has_nothing"]:
        say(f"Of {nothing:,} of these limits a council has no part, as nothing is held under it there: see shared.csv.")
    for across, each in record["crossing"].items():
        told = f"{each['packages']:,} packages, {each['hours_per_week']} hours a week"
        say(f"Across the new borders by {across.replace('_', ' ')}: {told}.")
    if ended := record["contracts_ended_before"]:
        say(f"Contracts that have ended by {record['begins']}: {ended}.")
    for name in record["left_beside"]:
        say(f"Not divided, as it is no part of a snapshot: {name}.")
    say("The service's audit trail and accounts are no part of a snapshot, and are not divided.")
    say(f"Checked, and written to {out}. It holds personal data: only you may read it.")
