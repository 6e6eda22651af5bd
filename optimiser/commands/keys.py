"""``optimiser keys``: who may use the service."""

from __future__ import annotations

import argparse
import sys

from optimiser import exits


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when there is no such key, or no database."""
    from api.security import keys
    from api.terminal import open_store, operator, read_settings

    settings = read_settings()
    store = open_store(settings)
    if store is None:
        return exits.REFUSED
    now = settings.clock.instant()
    if options.keys_command == "create":
        token = keys.create_key(store.engine, operator(), options.name, options.role, now, options.days)
        print(f"{token}\nKeep it: it is not stored and cannot be shown again. Valid for {options.days} days.")
    elif options.keys_command == "list":
        for key in keys.list_keys(store.engine):
            state = "revoked" if key.revoked_at else "expired" if key.expires_at <= now else f"until {key.expires_at:%Y-%m-%d}"
            print(f"{key.key_id}  {key.role:10}  {state:16}  {key.name}")
    elif not keys.revoke_key(store.engine, operator(), options.key_id, now):
        print(f"Refused: there is no key {options.key_id} that still opens anything.", file=sys.stderr)
        return exits.REFUSED
    else:
        print(f"Revoked {options.key_id}.")
    return exits.PROVEN
