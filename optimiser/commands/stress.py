"""``optimiser stress FOLDER``: what if a provider stopped delivering tomorrow?"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, count, snapshot_folder, solving, workers
from optimiser.commands.shared.elsewhere import elsewhere
from optimiser.commands.shared.inputs import read_for_results
from optimiser.commands.shared.running import counter, exit_code, reporter, telling_defects
from optimiser.commands.shared.saying import print_table, refused, say, table, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.county import County
    from optimiser.in_parallel.piece_of_work import Elsewhere
    from optimiser.whatif.stress.story import Failure, Stress

ORDER = 210
SUMMARY = "what if a provider stopped delivering tomorrow? every one, or those named"
SHOWN = 15
"""Lines of the ranking on a terminal; files hold all."""


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "stress",
        description="What if a provider stopped delivering tomorrow? Who would take its people, who would have no place, and"
        " which areas would break: for every provider, the worst first, or for those that are named.",
        example="optimiser stress data/three_villages\noptimiser stress data/three_villages --provider ALDER --out failure",
        run=run,
        arguments=_arguments,
    )


def _arguments(stress: argparse.ArgumentParser) -> None:
    snapshot_folder(stress)
    stress.add_argument(
        "--provider",
        action="append",
        default=[],
        metavar="ID",
        help="this provider alone, solved as an allocation is; may be repeated",
    )
    stress.add_argument("--together", action="store_true", help="the providers named fail on the same day")
    stress.add_argument(
        "--hand-back",
        action="append",
        default=[],
        metavar="CONTRACT_ID",
        help="one contract is handed back, the provider goes on",
    )
    stress.add_argument(
        "--worst",
        type=count,
        metavar="N",
        help="sweep: try each two of the N worst together (default: 4); with --pairs: until the N worst are tried (default: 100)",
    )
    stress.add_argument(
        "--pairs",
        action="store_true",
        help="sweep: bound every two providers that fail together and try the worst; interrupted, it goes on from DIR.journal",
    )
    workers(stress, "processes of a sweep")
    stress.add_argument(
        "--out", metavar="DIR", help="folder for stress.csv, stress.json and stress.html; made whole or not at all"
    )
    solving(stress)
    as_json(stress, "what stress.json holds")


@telling_defects
def run(options: argparse.Namespace) -> int:
    """Ranks failures, worst first; writes ``stress.csv``, ``stress.json`` and ``stress.html`` where a folder is named."""
    from pathlib import Path

    from optimiser.county import County
    from optimiser.processes import ProcessEndedError
    from optimiser.whatif.stress.report import stress_files, stress_record

    out = Path(options.out) if options.out else None
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    county = County.of(reading.snapshot)
    named = _named(county, options)
    if named is None:
        return exits.REFUSED
    try:
        with elsewhere(options) as cluster:
            stress = _tried(county, named, options, cluster)
    except ProcessEndedError as ended:
        return refused(f"{ended} Nothing was written.")
    except OSError as error:
        return refused(f"{error.filename or 'The journal'} cannot be written: {error.strerror}. Nothing was written.")
    record = stress_record(stress)
    if out is not None and not written(out, stress_files(stress, record), replace=options.replace):
        return exits.REFUSED
    if stress.complete and (journal := _journal(options.out)) is not None and options.pairs:
        journal.unlink(missing_ok=True)
    tell(options, lambda: record, lambda: _say(stress, record, out))
    return exit_code(interrupted=not stress.complete, proven=stress.all_proven)


def _tried(county: County, named: list[Failure], options: argparse.Namespace, cluster: Elsewhere | None) -> Stress:
    from optimiser.rules.longest_first.book_of_a_county import rules_for
    from optimiser.solving.outcome import Effort
    from optimiser.whatif.stress.every_pair import every_pair
    from optimiser.whatif.stress.story import Sweep

    sweep = Sweep(
        county,
        rules_for(county.policy),
        Effort(wall_seconds=options.wall_seconds),
        counter("failures tried", quiet=options.quiet),
        reporter(quiet=options.quiet),
        workers=options.workers or 0,
        elsewhere=cluster,
    )
    if named:
        return sweep.named(named)
    if options.pairs:
        return every_pair(sweep, first=100 if options.worst is None else options.worst, journal=_journal(options.out))
    return sweep.everybody(4 if options.worst is None else options.worst)


def _journal(out: str | None) -> Path | None:
    """Beside the folder: the folder itself appears whole or not at all."""
    from pathlib import Path

    return None if out is None else Path(f"{Path(out)}.journal")


def _named(county: County, options: argparse.Namespace) -> list[Failure] | None:
    """The failures asked for; empty: everybody; None after every unknown id has been said."""
    from optimiser.county.succession import taken_over
    from optimiser.io.faults import shown
    from optimiser.whatif.stress.story import failure_of, hand_back_of

    providers = {provider.provider_id for provider in county.providers}
    unknown = [f"--provider: expected a provider of providers.csv; found {shown(each)}" for each in options.provider
               if each not in providers]  # fmt: skip
    unknown += [f"--hand-back: expected a contract of contracts.csv; found {shown(each)}" for each in options.hand_back
                if each not in county.contract_index]  # fmt: skip
    unknown += [f"--hand-back: {taken_over(each, after)}" for each in options.hand_back
                if (after := county.succession.named_instead(each, county.as_of)) is not None]  # fmt: skip
    if options.pairs and (options.provider or options.hand_back):
        unknown.append("--pairs: expected without --provider and --hand-back, as it tries every two providers")
    if options.cluster is not None and (options.provider or options.hand_back):
        unknown.append("--cluster: expected without --provider and --hand-back, as those are solved one after the other")
    for each in unknown:
        print(each, file=sys.stderr)
    if unknown:
        refused(f"{len(unknown)} fault(s). Nothing was tried.")
        return None
    together = [failure_of(county, dict.fromkeys(options.provider))] if options.together and options.provider else []
    alone = [] if together else [failure_of(county, [each]) for each in dict.fromkeys(options.provider)]
    return [*alone, *together, *(hand_back_of(county, each) for each in dict.fromkeys(options.hand_back))]


def _say(stress: Stress, record: dict[str, Any], out: Path | None) -> None:
    from optimiser.whatif.stress.report import NOT_IN_THE_DATA

    _ranking("If it stopped delivering tomorrow, worst first (hours a week)", record["failures"][:SHOWN])
    if len(stress.singles) > SHOWN:
        print(f"{len(stress.singles) - SHOWN} more in the files (--out DIR).")
    if stress.pairs:
        _ranking("Two failing together", record["two_together"][:SHOWN])
    if stress.every_pair is not None:
        every = record["all_pairs"]
        above, below = (every[f"found_{way}_estimate_by_at_most_hours_per_week"] for way in ("above", "below"))
        first = f", all of the first {every['first']} among them" if stress.complete else ""
        print(
            f"Of {every['pairs']:,} pairs {every['tried']} were tried{first}; the others' unmet hours are estimated (pairs.csv)."
        )
        print(f"Where tried, at most {above} hours above the estimate and {below} below it.")
    for each in record["failures"] if not stress.swept else ():
        levels = [f"{level['name']} {level['value']:,}" + ("" if level["proven"] else " (open)") for level in each["levels"]]
        say(f"{' + '.join(each['names'])}: {'; '.join(levels)}.")
        itself = dict.fromkeys(each["provider_ids"], " itself, on another contract")
        takers = [f"{taker['name']}{itself.get(taker['provider_id'], '')} {taker['people']}" for taker in each["takers"][:5]]
        broken = [f"{area['name']} ({area['unplaced']['people']} unplaced)" for area in each["areas"] if area["breaks"]]
        say(f"  Taken by: {', '.join(takers) or 'nobody'}. Areas that break: {', '.join(broken) or 'none'}.")
        cut = each["cut_off"]
        needed = (
            f"those without a place need {cut['open_hours_per_week']} hours a week, room for {cut['placeable_hours_per_week']}"
        )
        off = [*cut["areas"], *(f"the need {need}" for need in cut["needs"])]
        say(f"  In any plan: {needed}. Cut off: {', '.join(off) or 'nobody'}.")
    print(NOT_IN_THE_DATA)
    if not stress.complete:
        print("Interrupted: what had been tried until then is shown.")
    if out is not None:
        print(f"Written to {out}.")


def _ranking(title: str, failures: list[dict[str, Any]]) -> None:
    from optimiser.io.faults import clean
    from optimiser.whatif.stress.report import tiers_told

    tiers = tiers_told(failures)
    made = table(
        title, "who stops", "people", "hours", *tiers, "unplaced", "urgent", "discharge", "unmet ≥ h",
        "lost after", "break", "cost", "proven",
    )  # fmt: skip
    for each in failures:
        unplaced = each["unplaced"]
        asked = [level for level in each["levels"] if level["bound"] is not None]
        made.add_row(
            clean(" + ".join(each["names"])) + (f" ({each['contract_ids'][0]})" if each["kind"] == "hand_back" else ""),
            str(each["people"]),
            f"{float(each['hours_per_week']):,.0f}",
            *(f"{float(each['by_tier'][tier]['hours_per_week']):,.0f}" for tier in tiers),
            str(sum(count["people"] for count in unplaced.values())),
            str(unplaced["urgent"]["people"]),
            str(unplaced["discharge"]["people"]),
            f"{float(each['unmet_hours_after_per_week']):,.0f} ≥ {float(each['unmet_hours_at_least_per_week']):,.0f}",
            f"{each['hours_to_first_lost_visit']} h" if each["hours_to_first_lost_visit"] else "",
            str(sum(area["breaks"] for area in each["areas"])),
            _signed(float(each["more_weekly_cost_of_placed_gbp"])),
            f"{sum(level['proven'] for level in asked)} of {len(asked)}",
        )
    print_table(made)


def _signed(pounds: float) -> str:
    return f"{'-' if pounds < 0 else '+'}£{abs(pounds):,.0f}"
