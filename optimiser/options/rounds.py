"""Who drives where: weekly rounds of visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimiser.options.shared import PACKAGE_ID, count, quiet, replace, result, show_values, staffing

if TYPE_CHECKING:
    from optimiser.options.shared import Commands


def add_rounds(commands: Commands) -> None:
    """Who drives where: weekly rounds of visits."""
    rounds = commands.add_parser(
        "rounds", help="weekly rounds of visits: build them, judge them, fit a package in"
    ).add_subparsers(dest="rounds_command", metavar="ACTION", required=True)
    build = rounds.add_parser("build", help="plan weekly master rounds for the care that is running")
    build.add_argument("folder", metavar="FOLDER")
    result(build, "the rounds")
    build.add_argument("--area", metavar="ID", help="the care in one area alone")
    build.add_argument("--provider", metavar="ID", help="the care of one provider alone")
    build.add_argument("--allocation", metavar="DIR", help="a result of allocate: plan also whom it places, where it places them")
    build.add_argument("--exact", action="store_true", help="maps with exact places, ids and times: personal data")
    replace(build)
    judge = rounds.add_parser("judge", help="can the rounds and providers that exist deliver their care with the staff they have")
    judge.add_argument("folder", metavar="FOLDER")
    judge.add_argument("--out", metavar="DIR", help="folder for judged_rounds.csv and judged_providers.csv")
    judge.add_argument("--provider", metavar="ID", help="the rounds and care of one provider alone")
    judge.add_argument("--allocation", metavar="DIR", help="a result of allocate: judge its placements, not today's care alone")
    replace(judge)
    fit = rounds.add_parser("fit", help="where a waiting package fits into the rounds of each provider that may be asked")
    fit.add_argument("folder", metavar="FOLDER")
    fit.add_argument("package_id", metavar="PACKAGE_ID", help=PACKAGE_ID)
    fit.add_argument("--rounds", metavar="DIR", help="a result of rounds build (default: the providers' rounds are built first)")
    fit.add_argument("--most", type=count, default=10, metavar="N", help="show so many providers (default: %(default)s)")
    for each in (build, judge, fit):
        staffing(each)
        quiet(each)
        show_values(each)
