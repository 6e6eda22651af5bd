"""ETags of single records: the county's version that wrote them last."""

from __future__ import annotations

from api.errors import Problem
from api.state import Stored


def etag(stored: Stored) -> str:
    return f'"{stored.version}"'


def must_match(if_match: str | None, stored: Stored) -> None:
    """Raises ``changed_since`` where the caller read another version."""
    if if_match is None:
        return
    given = {tag.strip() for tag in if_match.split(",")}
    if "*" not in given and etag(stored) not in given:
        raise Problem("changed_since", "Read it again, then decide.")
