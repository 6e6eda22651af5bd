"""``optimiser keys``: who may use the service."""

from __future__ import annotations

import argparse
import sys

from optimiser import exits


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when there is no such key, or no database."""
    from api.terminal import at_the_terminal, read_settings
    from api.upkeep import acts

    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        if options.keys_command == "create":
            token = acts.create_key(by, options.name, options.role, options.days)
            print(f"{token}\nKeep it: it is not stored and cannot be shown again. Valid for {options.days} days.")
        elif options.keys_command == "list":
            now = by.settings.clock.instant()
            for key in acts.list_keys(by):
                state = (
                    "revoked" if key.revoked_at else "expired" if key.expires_at <= now else f"until {key.expires_at:%Y-%m-%d}"
                )
                print(f"{key.key_id}  {key.role:10}  {state:16}  {key.name}")
        elif not acts.revoke_key(by, options.key_id):
            print(f"Refused: there is no key {options.key_id} that still opens anything.", file=sys.stderr)
            return exits.REFUSED
        else:
            print(f"Revoked {options.key_id}.")
    return exits.PROVEN
