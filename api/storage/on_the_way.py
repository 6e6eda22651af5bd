"""Whether what goes between the service and its database can be read, or changed, by whoever is on the way."""

from __future__ import annotations

import os

from sqlalchemy.engine import make_url

from api.safe_addresses import is_here

CHECKED = ("verify-ca", "verify-full")
"""The values of ``sslmode`` with which libpq asks who the other side is; any other may go to a stranger, or in the clear."""
WARNING = (
    "DATABASE_URL names a database on another machine without sslmode=verify-full: whoever is on the way may read it all,"
    " or answer in its place. Add '?sslmode=verify-full&sslrootcert=FILE' (see 'PostgreSQL over a network' in the README)."
)


def is_open(url: str) -> bool:
    """Whether a database is on another machine and its connection is not checked. libpq's own environment counts too."""
    found = make_url(url)
    if found.get_backend_name() != "postgresql":
        return False
    mode = _last(found.query.get("sslmode")) or os.environ.get("PGSSLMODE", "prefer")
    named = found.host or ",".join(_all(found.query.get("host"))) or os.environ.get("PGHOST", "")
    away = [host for host in named.split(",") if host and not host.startswith(("/", "@")) and not is_here(host)]
    return bool(away) and mode not in CHECKED


def _all(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else value


def _last(value: str | tuple[str, ...] | None) -> str:
    return (_all(value) or ("",))[-1]
