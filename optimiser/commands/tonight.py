"""``optimiser tonight [FOLDER] --provider ID --from MOMENT --out DIR``: the next 72 hours of visits, most harm first."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, replace, result, show_values
from optimiser.commands.shared.inputs import facts_or_refuse
from optimiser.commands.shared.running import Begun, defect
from optimiser.commands.shared.saying import complain, is_free, refused, refused_with, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.rounds_plan import RoundsPlan
    from optimiser.domain.snapshot import Snapshot
    from optimiser.domain.staffing import StaffingSettings
    from optimiser.tonight.story import Tonight
    from optimiser.tonight.what_fails import Failure

ORDER = 157
SUMMARY = "a provider fails, or it snows: the next 72 hours of visits by harm if missed, and who has the minutes"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "tonight",
        description="A provider cannot come, or it snows: one page that prints and opens offline, with every visit of the next 72"
        " hours, most harm first, who can step in, and which other rounds have the minutes. Nothing is sent and nothing changes.",
        example="optimiser tonight data/three_villages --provider ALDER --from 2026-11-23T18:00 --out tonight",
        run=run,
        arguments=_arguments,
    )


def _arguments(tonight: argparse.ArgumentParser) -> None:
    tonight.add_argument(
        "folder", metavar="FOLDER", nargs="?", help="a snapshot folder (default: the service's database, DATABASE_URL)"
    )
    tonight.add_argument("--provider", action="append", default=[], metavar="ID", help="who cannot come; may be repeated")
    tonight.add_argument("--snow", action="store_true", help="list everybody's visits")
    tonight.add_argument(
        "--from", dest="moment", required=True, metavar="MOMENT", help="when it begins, such as 2026-12-07T18:00, time in England"
    )
    tonight.add_argument("--rounds", metavar="DIR", help="a result of rounds build: who has minutes at that time is known then")
    tonight.add_argument("--settings", metavar="FILE", help="settings of rounds (TOML), as the rounds were built with")
    result(tonight, "the list")
    replace(tonight)
    show_values(tonight)
    as_json(tonight)


def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line."""
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.tonight.report import ListNotConfirmedError
    from optimiser.tonight.story import CannotListError
    from optimiser.tonight.what_fails import Failure, moment_of

    out = Path(options.out)
    if not is_free(out, replace=options.replace):
        return exits.REFUSED
    try:
        asked = Failure(moment_of(options.moment), tuple(sorted(options.provider)), options.snow)
        return _list(options, asked, out)
    except ValueError as odd:
        return refused(str(odd))
    except InputRefusedError as faults:
        return refused_with(faults)
    except CannotListError as cannot:
        for problem in cannot.problems:
            complain(f"- {problem}")
        return refused("this cannot be listed. Nothing was written.")
    except ListNotConfirmedError as found:
        return defect("the check does not confirm the list, so nothing was written.", found.faults)


def _list(options: argparse.Namespace, asked: Failure, out: Path) -> int:
    """Read, list, check, write, say."""
    import json

    from optimiser.tonight.report import tonight_files
    from optimiser.tonight.story import tonight

    begun, facts = Begun(), facts_or_refuse(options)
    if facts is None:
        return exits.REFUSED
    built, staffing = _rounds(options, facts.snapshot)
    made = tonight(facts.snapshot, asked, not_recorded=facts.transfer.relieve_not_recorded, built=built, staffing=staffing)
    files = tonight_files(made, begun.record("no"))
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: json.loads(files["result.json"]), lambda: _say(made, out))
    return exits.PROVEN


def _rounds(options: argparse.Namespace, snapshot: Snapshot) -> tuple[RoundsPlan | None, StaffingSettings | None]:
    """The built rounds and the settings of rounds, where they are given. Raises ``InputRefusedError``."""
    from pathlib import Path

    from optimiser.io.rounds_plan import read_rounds_plan
    from optimiser.io.staffing import read_staffing

    settings = None if options.settings is None else read_staffing(None, Path(options.settings), snapshot)[0]
    built = None if options.rounds is None else read_rounds_plan(Path(options.rounds), snapshot).plan
    return built, settings


def _say(made: Tonight, out: Path) -> None:
    """Counts alone."""
    from optimiser.tonight.report import tonight_record

    record = tonight_record(made)
    print(f"From {record['from']} until {record['until']}: {record['visits']} visits to {record['people']} people,"
          f" {record['double_handed_visits']} of them for two care workers.")  # fmt: skip
    for each in record["by_harm"]:
        print(f"If missed, {each['if_missed']}: {each['visits']} visits, {each['people']} people.")
    print(f"Nobody is known to have the minutes for {record['visits_nobody_is_known_for']} of them.")
    for note in record["notes"]:
        print(note)
    print(f"Checked: each visit of these hours is listed once. Written to {out}; print {out / 'tonight.html'}."
          " It holds personal data: only you may read it.")  # fmt: skip
