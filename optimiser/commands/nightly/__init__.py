"""``optimiser nightly [FOLDER] --out DIR``: the report for the morning, from a folder or the service's database; with
``--counties`` of every county that lies in a folder.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.nightly.night_facts import keeping, night_facts_or_refuse
from optimiser.commands.shared.arguments import (
    as_json,
    cluster_address,
    count,
    count_from_one,
    if_others_move,
    last_resort,
    moving,
    quiet,
    show_values,
)
from optimiser.commands.shared.elsewhere import elsewhere
from optimiser.commands.shared.inputs import HistoryRefusedError, history_or_refuse, say_likely_typos
from optimiser.commands.shared.running import Begun, reporter, telling_defects
from optimiser.commands.shared.saying import complain, refused, say, tell, told_left

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.in_parallel.piece_of_work import Elsewhere
    from optimiser.nightly.shelves import Shelf
    from optimiser.nightly.story import Night

ORDER = 140
SUMMARY = "the report for the morning: what is late, worth changing, new, or due"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "nightly",
        description="The report for the morning, for a scheduler to make: what is late, worth changing, new since the last"
        " report, or due soon. One run at a time; where nothing is new, nothing is changed.",
        example="optimiser nightly data/three_villages --out reports\noptimiser nightly --counties counties --out nights",
        run=run,
        arguments=_arguments,
    )


def _arguments(nightly: argparse.ArgumentParser) -> None:
    nightly.add_argument(
        "folder", metavar="FOLDER", nargs="?", help="a snapshot folder (default: the service's database, DATABASE_URL)"
    )
    nightly.add_argument(
        "--counties",
        metavar="DIR",
        help="the night of every county that lies in DIR, a snapshot folder each, in place of FOLDER; whatever becomes of one,"
        " the others go on",
    )
    nightly.add_argument(
        "--workers",
        type=count_from_one,
        metavar="N",
        help="so many counties at once (default: one a processor; with --cluster, one for each of its workers)",
    )
    cluster_address(nightly, "search")
    nightly.add_argument(
        "--most-minutes",
        type=count_from_one,
        default=120,
        metavar="N",
        help="with --counties: a county that takes longer is ended with what it has (default: %(default)s)",
    )
    nightly.add_argument(
        "--out",
        required=True,
        metavar="DIR",
        help="folder of the reports; DIR/latest leads to the newest. With --counties DIR/counties/NAME/latest does, and"
        " DIR/summary tells of all",
    )
    nightly.add_argument("--ids", action="store_true", help="name packages by their ids in the report")
    nightly.add_argument(
        "--keep-days", type=count, default=30, metavar="N", help="keep earlier reports for so many days (default: %(default)s)"
    )
    nightly.add_argument(
        "--ahead-days", type=count, default=90, metavar="N", help="list what changes within so many days (default: %(default)s)"
    )
    nightly.add_argument(
        "--holds-days",
        type=count,
        default=7,
        metavar="N",
        help="list hours kept for somebody that end within so many days (default: %(default)s)",
    )
    nightly.add_argument(
        "--offers-days",
        type=count,
        default=1,
        metavar="N",
        help="from the database: list offers to be answered within so many days after today (default: %(default)s)",
    )
    nightly.add_argument(
        "--no-stress",
        dest="stress",
        action="store_false",
        help="from the database: do not ask for a run that tries every provider's failure for the next report",
    )
    moving(nightly)
    if_others_move(nightly)
    nightly.add_argument("--history", metavar="FILE", help="as for reoptimise")
    last_resort(nightly)
    quiet(nightly)
    show_values(nightly)
    as_json(nightly, "the report's counts, and where it is")


@telling_defects
def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line."""
    from pathlib import Path

    from optimiser.io.folders import FolderTakenError
    from optimiser.nightly.shelves import LockHeldError, Shelf, only_one

    if options.counties is not None:
        from optimiser.commands.nightly.many_counties import run_counties

        return run_counties(options)
    if options.workers is not None:
        return refused("--workers is of many counties: name their folder with --counties. Nothing was done.")
    shelf = Shelf(Path(options.out))
    try:
        with elsewhere(options) as cluster:
            shelf.open()
            with only_one(shelf.place):
                told_left(shelf.tidy())
                return _locked(options, shelf, cluster)
    except LockHeldError:
        complain(f"Another nightly run holds the lock of {options.out}. Nothing was done.")
        return exits.LOCKED
    except FolderTakenError as taken:
        return refused(str(taken))
    except OSError as error:
        complain(f"Could not write {options.out}: {error}. The latest report is as it was.")
        return exits.REFUSED


def _locked(options: argparse.Namespace, shelf: Shelf, cluster: Elsewhere | None) -> int:
    from optimiser.commands.shared.allocations import exit_code_of, reoptimisation_record
    from optimiser.nightly.newly_begun import NOTHING_KNOWN
    from optimiser.nightly.shelves import LATEST
    from optimiser.nightly.story import Wishes, nightly
    from optimiser.processes import ProcessEndedError

    begun, facts = Begun(), night_facts_or_refuse(options)
    if facts is None:
        return exits.REFUSED
    snapshot = facts.snapshot
    try:
        history = history_or_refuse(options.history, snapshot)
    except HistoryRefusedError:
        return exits.REFUSED
    wishes = Wishes(
        max_moves=options.max_moves,
        step_moves=options.step_moves,
        history=history,
        wall_seconds=options.wall_seconds,
        ids=options.ids,
        keep_days=options.keep_days,
        ahead_days=options.ahead_days,
        openings=facts.openings,
        holds_days=options.holds_days,
        offers_days=options.offers_days,
        assessments=facts.assessments,
        watch=facts.watch,
        nobody_since=facts.nobody_since,
        first_days=facts.first_days or NOTHING_KNOWN,
        if_others_move=options.if_others_move,
    )
    report, keep = reporter(quiet=options.quiet), keeping(options, facts)
    try:
        night = nightly(snapshot, shelf, wishes, lambda made: reoptimisation_record(made, begun), report, keep, cluster)
    except ProcessEndedError as ended:
        return refused(f"{ended} The latest report is as it was.")
    latest = shelf.place / LATEST
    if night is None:
        words = f"Nothing new since {latest}: same facts, settings and software. Nothing was changed."
        tell(options, lambda: {"new": False, "latest": str(latest)}, lambda: say(words))
        return exits.NOTHING_NEW
    if options.json:
        say_likely_typos(night.made.allocation.county.snapshot, sys.stderr)
    tell(options, lambda: _record(night, latest), lambda: _say(night, latest))
    return exit_code_of(night.made.allocation)


def _record(night: Night, latest: Path) -> dict[str, Any]:
    """Counts alone: what is printed here ends in a scheduler's log. The report itself tells of people."""
    record = night.record
    counted = ("limits_exceeded_on_entry", "thin_frameworks", "ahead", "gaps", "buying_anew", "reserve", "to_decide",
               "assessments", "restriction_reviews", "capacity_returns_lapsed", "statement_queries_overdue",
               "account_queries_overdue", "not_safe", "alerts",
               "holds", "offers_lapsing", "first_visits_not_confirmed", "enhanced_support")  # fmt: skip
    told = ("as_of", "complete", "all_proven", "asked_or_accepted", "steps", "moves", "framework_providers_wanted",
            "ahead_days", "gap_months", "questions_overdue")  # fmt: skip
    return {
        "new": True,
        **{name: record[name] for name in told},
        **{name: record[f"{name}_people"] for name in ("past_their_date", "waiting")},
        **{name: len(record[name]) for name in counted},
        "levels": record["levels"],
        "stored_run": record["stored_run"],
        "reports_removed": len(night.forgotten),
        "folder": str(night.folder),
        "latest": str(latest),
    }


def _say(night: Night, latest: Path) -> None:
    """Counts alone, as in the record."""
    from optimiser.nightly.newly_begun import newly_begun_in_words

    record = night.record
    if begun := newly_begun_in_words(record):
        print(begun)
    if counts := record["not_safe_counts"]:
        told = ", ".join(f"{kind.replace('_', ' ')}: {count}" for kind, count in counts.items())
        print(f"Not safe until care begins: {told}. Look at them first.")
    if record["alerts"] or record["alerts_told_above"]:
        print(f"Open alerts: {len(record['alerts']) + record['alerts_told_above']}.")
    if record["holds"] or record["offers_lapsing"]:
        print(f"Hours kept that end within {record['holds_days']} days: {len(record['holds'])}."
              f" Offers to be answered within {record['offers_days']} days: {len(record['offers_lapsing'])}.")  # fmt: skip
    print(f"As of {record['as_of']}: {record['past_their_date_people']} urgent or discharge past their date,"
          f" {record['waiting_people']} waiting with no answer due,"
          f" {record['asked_or_accepted']} asked or accepted.")  # fmt: skip
    if to_decide := record["to_decide"]:
        print(f"For somebody to decide by name: {len(to_decide)}, passed over on {record['passed_over_limit']} nights or more.")
    print(f"Steps worth taking: {record['steps']}, in which {record['moves']} change provider.")
    if stored := record["stored_run"]:
        print(f"Kept as the run {stored['run_id']}: its steps can be made offers of without another.")
    if departed := record["departures"]:
        print(f"Offers of the last {departed['days']} days: {departed['offers']:,}, out of the cascade's order"
              f" {departed['out_of_order']:,}, as a run proposed {departed['by_run']:,}.")  # fmt: skip
    print(f"Limits exceeded on entry: {len(record['limits_exceeded_on_entry'])}. Frameworks below"
          f" {record['framework_providers_wanted']} providers: {len(record['thin_frameworks'])}."
          f" Changes within {record['ahead_days']} days: {len(record['ahead'])}.")  # fmt: skip
    late = sum(each["late"] for each in record["buying_anew"])
    print(f"Within {record['gap_months']} months: {len(record['gaps'])} without principal, framework or cover;"
          f" {len(record['buying_anew'])} dates for buying anew, {late} of them late.")  # fmt: skip
    if reserve := record["reserve"]:
        print(f"The reserve is open in {sum(each['open'] for each in reserve)} area(s), past its review date in"
              f" {sum(each['days_past_review'] > 0 for each in reserve)}; with reserve providers:"
              f" {sum(each['running_people'] for each in reserve)} running, {sum(each['accepted_people'] for each in reserve)}"
              f" accepted, {sum(each['asked_people'] for each in reserve)} asked.")  # fmt: skip
    reviews, assessments = record["restriction_reviews"], record["assessments"]
    if reviews or assessments:
        print(f"Restrictions to be looked at again: {sum(each['due'] for each in reviews)}, late"
              f" {sum(each['days_overdue'] > 0 for each in reviews)}, lacking something"
              f" {sum(bool(each['lacks']) for each in reviews)}. Assessments under way: {len(assessments)},"
              f" late {sum(each['days_overdue'] > 0 for each in assessments)}.")  # fmt: skip
    _say_who_waits_for_a_word(record)
    say_likely_typos(night.made.allocation.county.snapshot)
    if night.made.allocation.stopped == "cancelled":
        print("Interrupted: the report shows the best plan found by then; the next run makes it anew.")
    if night.forgotten:
        print(f"Reports removed, being older than is kept: {len(night.forgotten)}.")
    say(f"Written to {night.folder}; {latest} leads there. It holds personal data: only you may read it.")


def _say_who_waits_for_a_word(record: dict[str, Any]) -> None:
    """Who is owed an answer, and who is to be asked again."""
    if sum((late := record["questions_overdue"]).values()):
        print(f"Questions without an answer in time: of people and families {late['of_people']},"
              f" of providers {late['of_providers']}.")  # fmt: skip
    if lapsed := record["capacity_returns_lapsed"]:
        print(f"Providers to be asked again for their free hours: {len(lapsed)}.")
    if overdue := record["statement_queries_overdue"]:
        print(f"Providers' queries about statements that nobody has answered in time: {len(overdue)}.")
    if overdue := record["account_queries_overdue"]:
        print(f"Lines of accounts that providers question and nobody has decided about in time: {len(overdue)}.")
