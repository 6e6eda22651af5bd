"""What tells how things are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimiser.options.shared import PACKAGE_ID, solving

if TYPE_CHECKING:
    from optimiser.options.shared import Commands


def add_telling(commands: Commands) -> None:
    """What tells how things are."""
    explain = commands.add_parser("explain", help="why this provider, why not that one, what would have to change")
    explain.add_argument("folder", metavar="DIR", help="a result folder")
    explain.add_argument("package_id", metavar="PACKAGE_ID", help=PACKAGE_ID)
    explain.add_argument(
        "--for",
        dest="audience",
        choices=("planner", "person", "provider"),
        default="planner",
        help="planner (default): everything; person: a paragraph to send; provider: a note (needs --provider)",
    )
    explain.add_argument("--provider", metavar="PROVIDER_ID", help="which provider the note is for")
    explain.add_argument("--all", action="store_true", help="every rule of every contract")

    band = commands.add_parser("band", help="the price band of a place")
    band.add_argument("latitude", metavar="LATITUDE", type=float)
    band.add_argument("longitude", metavar="LONGITUDE", type=float)
    band.add_argument("--in", dest="folder", metavar="FOLDER", help="snapshot with the band centres (default: demonstration)")

    rules = commands.add_parser("rules", help="the rule book: each rule's sentence, source, settings and effect")
    rules.add_argument("--json", action="store_true", help="as JSON")

    demo = commands.add_parser("demo", help="allocate the bundled demonstration county and show it by area")
    demo.add_argument("--out", default="demonstration-result", metavar="DIR", help="folder for the result (default: %(default)s)")
    solving(demo)
