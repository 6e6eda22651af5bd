"""Of whom each column of the tables may tell: said once, for forgetting, for subject access and for the papers of the handbook.

A column of text or bytes that is not here fails a test, so that nobody adds a place where people stand and forgets them in it.
Numbers and truth values tell of nobody by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sqlalchemy import Table

NOBODY: Literal["nobody"] = "nobody"
STAFF: Literal["staff"] = "staff"
"""Whoever acts for the council, a person or a job, by the name that they sign in with; whoever is told for a provider, and care
workers by a pseudonym, as well."""
PEOPLE: Literal["people"] = "people"
"""People who wait for care, have it or had it; of whoever is named beside them as well."""

Of = Literal["nobody", "staff", "people"]

OF_WHOM: Mapping[str, Mapping[str, Of]] = {
    "county": dict.fromkeys(
        ("title", "policy", "audit_hash", "heard_at", "doubt", "doubted_at", "salt", "audit_signature"), NOBODY
    ),
    "records": {"kind": NOBODY, "id": PEOPLE, "body": PEOPLE, "salt": NOBODY},
    "keys": {
        "key_id": NOBODY,
        "name": STAFF,
        "last_used_on": STAFF,
        **dict.fromkeys(("roles", "secret_hash", "created_at", "expires_at", "revoked_at", "salt", "provider_id"), NOBODY),
    },
    "audit": {
        **dict.fromkeys(("at", "role", "action", "subject_kind", "rule_book", "commitment", "salt", "previous", "hash"), NOBODY),
        "row_digests": NOBODY,
        "actor": STAFF,
        "subject": PEOPLE,
        "details": PEOPLE,
    },
    "runs": {
        **dict.fromkeys(("run_id", "kind", "request_hash", "created_at", "started_at", "finished_at", "status"), NOBODY),
        "requested_by": STAFF,
        "idempotency_key": PEOPLE,
        "settings": PEOPLE,
        "problem": PEOPLE,
        "result": PEOPLE,
        "plan_digest": NOBODY,
    },
    "sent_snapshots": {"run_id": NOBODY, "body": PEOPLE},
    "day_close": {"day": NOBODY, "body": NOBODY},
    "run_events": {"run_id": NOBODY, "at": NOBODY, "body": PEOPLE},
    "run_explanations": {"run_id": NOBODY, "package_id": PEOPLE, "body": PEOPLE},
    "sessions": {
        **dict.fromkeys(("session_hash", "key_id", "expires_at", "roles", "provider_id"), NOBODY),
        **dict.fromkeys(("created_at", "seen_at", "name"), STAFF),
    },
    "day_counts": {"day": NOBODY, "body": NOBODY},
    "provider_statements": {"month": NOBODY, "provider_id": NOBODY, "body": NOBODY},
    "outbox_addresses": {
        **dict.fromkeys(("address_id", "provider_id", "channel", "kinds", "stopped_because"), NOBODY),
        **dict.fromkeys(("name", "address", "added_at", "stopped_at"), STAFF),
    },
    "outbox_turn": {},
    "outbox_kinds": {"kind": NOBODY, "way": NOBODY},
    "outbox": {
        **dict.fromkeys(("message_id", "kind", "address_id", "at", "state", "due_at", "said", "ended_at", "digest_id"), NOBODY),
        **dict.fromkeys(("about", "package_id", "facts", "diary"), PEOPLE),
    },
    "actuals": {
        **dict.fromkeys(("date", "contract_id", "salt", "seal"), NOBODY),
        **dict.fromkeys(("actual_id", "package_id", "corrects", "cells"), PEOPLE),
        "worker_keys": STAFF,
    },
    "statement_lines": {
        **dict.fromkeys(("statement_id", "salt", "seal"), NOBODY),
        **dict.fromkeys(("package_id", "cells"), PEOPLE),
    },
}


def people_in(table: Table) -> tuple[str, ...]:
    """The columns of a table in which people may stand, in its order."""
    return tuple(column.name for column in table.columns if OF_WHOM[table.name].get(column.name) == PEOPLE)
