"""Whether the service can work: asked for by load balancers, who sign in nowhere and do nothing."""

from __future__ import annotations

from api.http.errors import Problem
from api.state.store import Store
from api.storage.migrating import is_current


def ready(store: Store) -> None:
    """Raises the problem ``not_ready`` while the database is not reachable, of another form, or empty."""
    try:
        current, empty = is_current(store.engine), store.is_empty()
    except Exception as failure:
        raise Problem("not_ready", "The database cannot be reached or has no tables yet.") from failure
    if not current:
        raise Problem("not_ready", "The tables are of another form: run 'optimiser migrate'.")
    if empty:
        raise Problem("not_ready", "The database is empty: run 'optimiser load FOLDER'.")
