"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from fastapi import APIRouter

from api.http.errors import Problem
from api.service import TheService
from api.storage.migrating import is_current

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", summary="The process answers")
def live() -> dict[str, str]:
    """Says nothing of the database: a process that waits for it need not be restarted."""
    return {"status": "live"}


@router.get("/ready", summary="The service can work")
def ready(service: TheService) -> dict[str, str]:
    """503 while the database is not reachable, of another form, or empty."""
    try:
        current, empty = is_current(service.store.engine), service.store.is_empty()
    except Exception as failure:
        raise Problem("not_ready", "The database cannot be reached or has no tables yet.") from failure
    if not current:
        raise Problem("not_ready", "The tables are of another form: run 'optimiser migrate'.")
    if empty:
        raise Problem("not_ready", "The database is empty: run 'optimiser load FOLDER'.")
    return {"status": "ready"}
