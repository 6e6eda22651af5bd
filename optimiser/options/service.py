"""What runs and keeps the brokerage service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimiser.options.shared import PACKAGE_ID, show_values

if TYPE_CHECKING:
    from optimiser.options.shared import Commands


def add_service(commands: Commands) -> None:
    """What runs and keeps the brokerage service; its database is named by ``DATABASE_URL``."""
    commands.add_parser("serve", help="run the brokerage service over HTTP")
    commands.add_parser("work", help="work on the service's queue of long runs, beside a server or in its place")
    commands.add_parser("migrate", help="bring the service's database up to the form that this version needs").add_argument(
        "--down-to", metavar="REVISION", help="the way back, to an earlier form ('base': no tables); back up first"
    )
    load = commands.add_parser("load", help="fill the service's empty database from a snapshot folder")
    load.add_argument("folder", metavar="FOLDER")
    show_values(load)
    export = commands.add_parser("export", help="write the service's state as a snapshot folder")
    export.add_argument("out", metavar="DIR", help="a new folder; only you may read it")
    _keeping(commands)
    keys = commands.add_parser("keys", help="keys to the service: create, list, revoke").add_subparsers(
        dest="keys_command", metavar="ACTION", required=True
    )
    create = keys.add_parser("create", help="make a key for a named person or job; it is shown once")
    create.add_argument("name", metavar="NAME", help="whose key it is: the audit trail names them")
    create.add_argument("role", metavar="ROLE", choices=("viewer", "planner", "transition", "job", "admin"))
    create.add_argument("--days", type=int, default=90, metavar="N", help="valid for so many days (default: 90)")
    keys.add_parser("list", help="every key, without its secret")
    keys.add_parser("revoke", help="a key opens nothing any more").add_argument("key_id", metavar="KEY_ID")


def _keeping(commands: Commands) -> None:
    """What keeps the service's data honest, private and safe."""
    audit = commands.add_parser("audit", help="the service's audit trail: verify, show, head").add_subparsers(
        dest="audit_command", metavar="ACTION", required=True
    )
    verify = audit.add_parser("verify", help="find any edit, removal or reordering of entries; exit code 5 if there is one")
    verify.add_argument("--since-head", metavar="SEQ:HASH", help="a head noted elsewhere: it must still be part of the trail")
    audit.add_parser("head", help="the last entry's number and hash, to be noted elsewhere")
    show = audit.add_parser("show", help="entries about somebody, by somebody or since a day; this too is written into the trail")
    show.add_argument("--subject", metavar="ID", help="entries about this id, or whose details name it")
    show.add_argument("--actor", metavar="NAME", help="entries by this person or job")
    show.add_argument("--since", metavar="DATE", help="entries of this day (YYYY-MM-DD) and later")
    forget = commands.add_parser("forget", help="destroy what is personal of packages whose care has ended")
    forget.add_argument("package_ids", metavar="PACKAGE_ID", nargs="*", help=PACKAGE_ID)
    forget.add_argument("--due", action="store_true", help="all that ended OPTIMISER_FORGET_AFTER_DAYS ago or earlier")
    backup = commands.add_parser("backup", help="copy the service's SQLite database, while it is in use, and verify the copy")
    backup.add_argument("file", metavar="FILE", help="a new file; only you may read it")
