"""Pages of lists: a cursor is the name of the last item of the page before, made opaque."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from api.errors import Problem

T = TypeVar("T")


def page(items: Sequence[T], key: Callable[[T], str], cursor: str | None, size: int) -> tuple[list[T], str | None]:
    """The items after the cursor, of a list sorted by ``key``, and the cursor of the next page."""
    after = _read(cursor) if cursor else ""
    rest = [item for item in items if key(item) > after] if cursor else list(items)
    shown = rest[:size]
    return shown, _written(key(shown[-1])) if len(rest) > size else None


def _written(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Problem("invalid_request", "The cursor is not one of this list.") from None
