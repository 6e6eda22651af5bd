"""Entity tags: whether what a caller has read is still so."""

from __future__ import annotations

from api.http.errors import Problem, declare

PRECONDITION_REQUIRED = declare("precondition_required", 428, "Say with If-Match which version of the record you have read")


def tag(*versions: object) -> str:
    """The tag of a record at a version."""
    return f'"{"-".join(map(str, versions))}"'


def is_known(known: str | None, now: str) -> bool:
    """Whether a caller's If-None-Match names what would be answered."""
    return known is not None and _names(known, now)


def require(expected: str | None, now: str) -> None:
    """Raises a ``Problem`` unless a caller's If-Match names the record as it is."""
    if expected is None:
        raise Problem(PRECONDITION_REQUIRED, "Send the ETag that came with the record as If-Match.")
    refuse_changed(expected, now)


def refuse_changed(expected: str | None, now: str) -> None:
    """The same where a caller need not say what it has read."""
    if expected is not None and not _names(expected, now):
        raise Problem("changed_since", "Somebody has changed the record since: read it again.", headers={"ETag": now})


def _names(header: str, now: str) -> bool:
    tags = [each.strip().removeprefix("W/") for each in header.split(",")]
    return "*" in tags or now in tags
