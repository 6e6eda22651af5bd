"""``optimiser keys``: who may use the service."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import refused, say, tell

if TYPE_CHECKING:
    import datetime as dt

    from api.acts.act import Caller
    from api.security.keys import Key
    from optimiser.commands.shared.arguments import Commands

ORDER = 590
SUMMARY = "keys to the service: create, list, revoke"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "keys",
        description="Keys to the service: each is made for a named person or job in a role, is shown once, ends on a day, and can"
        " be revoked.",
        example='optimiser keys create "Ada Planner" planner',
        run=run,
        arguments=_actions,
    )


def _actions(keys: argparse.ArgumentParser) -> None:
    from api.security.roles import ROLES

    actions = keys.add_subparsers(dest="keys_command", metavar="ACTION", required=True)
    create = actions.add_parser(
        "create",
        help="make a key for a named person or job; it is shown once",
        description="Make a key for a named person or job. It is shown this once, and not stored. Who has several roles may"
        " do what any of them may.",
        example='optimiser keys create "Cora Contracts" --role contracts --role quality --days 30',
    )
    create.add_argument(
        "name",
        metavar="NAME",
        help="whose key it is: the audit trail names them. Latin letters, digits and blank . , ' _ @ - between",
    )
    create.add_argument("roles", metavar="ROLE", nargs="*", default=[], help=f"what it opens, one or several: {', '.join(ROLES)}")
    create.add_argument("--role", metavar="ROLE", action="append", default=[], help="the same, as often as there are roles")
    create.add_argument(
        "--provider", metavar="ID", default="", help="the one provider that a key of the role provider is bound to"
    )
    create.add_argument("--days", type=int, default=90, metavar="N", help="valid for so many days, a year at most (default: 90)")
    create.add_argument("--into", metavar="FILE", help="write it into a new file that only you may read, in place of showing it")
    listed = actions.add_parser(
        "list",
        help="every key, without its secret",
        description="Every key, without its secret: whose it is, its role, until when it opens anything, and its last use.",
        example="optimiser keys list",
    )
    as_json(listed, "every key, without its secret,")
    revoke = actions.add_parser(
        "revoke",
        help="a key opens nothing any more",
        description="Revoke a key: it opens nothing any more.",
        example="optimiser keys revoke 1a2b3c4d",
    )
    revoke.add_argument("key_id", metavar="KEY_ID", help="the first column of 'optimiser keys list'")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when there is no such key, or no database."""
    from api.terminal import at_the_terminal, read_settings
    from api.upkeep import acts

    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        if options.keys_command == "create":
            return _create(by, options)
        if options.keys_command == "list":
            found, now = acts.list_keys(by), by.settings.clock.instant()
            tell(options, lambda: [_record(key, now) for key in found], lambda: _say(found, now))
        elif not acts.revoke_key(by, options.key_id):
            return refused(f"there is no key {options.key_id} that still opens anything.")
        else:
            print(f"Revoked {options.key_id}.")
    return exits.PROVEN


def _create(by: Caller, options: argparse.Namespace) -> int:
    from api.upkeep import acts
    from api.upkeep.key_files import NoKeyFileError, into

    roles, days = [*options.roles, *options.role], options.days
    try:
        if options.into:
            with into(options.into) as keep:
                acts.create_key(by, options.name, roles, days, keep, provider_id=options.provider)
            print(f"Written to {options.into}, which only you may read. Valid for {days} days.")
        else:
            token = acts.create_key(by, options.name, roles, days, provider_id=options.provider)
            print(f"{token}\nKeep it: it is not stored and cannot be shown again. Valid for {days} days.")
    except (ValueError, NoKeyFileError) as wrong:
        return refused(f"{wrong}.")
    return exits.PROVEN


def _state(key: Key, now: dt.datetime) -> str:
    return "revoked" if key.revoked_at else "expired" if key.expires_at <= now else "valid"


def _record(key: Key, now: dt.datetime) -> dict[str, Any]:
    state = _state(key, now)
    until = f"{key.expires_at:%Y-%m-%d}" if state == "valid" else None
    used = None if key.last_used_on is None else key.last_used_on.isoformat()
    told = {"key_id": key.key_id, "roles": list(key.roles), "state": state, "until": until, "last_used_on": used}
    return told | ({"provider_id": key.provider_id} if key.provider_id else {}) | {"name": key.name}


def _say(found: list[Key], now: dt.datetime) -> None:
    for key in found:
        state = _state(key, now)
        told = f"until {key.expires_at:%Y-%m-%d}" if state == "valid" else state
        used = f"used {key.last_used_on}" if key.last_used_on else "not used yet"
        at = f" at {key.provider_id}" if key.provider_id else ""
        say(f"{key.key_id}  {', '.join(key.roles):10}  {told:16}  {used:15}  {key.name}{at}")
