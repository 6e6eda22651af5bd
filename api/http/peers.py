"""Who asks from where, told in the log so that what comes from one place in a day can be seen together, and the place cannot.

An address is hashed with a salt that is made anew each day, is in no file, and is gone at the day's end and the process's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable

SALT_BYTES = 32
SIGNS = 16


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


class Peers:
    """Each has a salt of its own: what one tells says nothing of what another does."""

    def __init__(self, today: Callable[[], dt.date] = _today) -> None:
        self._today = today
        self._salt = today(), secrets.token_bytes(SALT_BYTES)

    def hashed(self, host: str) -> str:
        """The same for one address all day, in UTC."""
        day, salt = self._salt
        if day != (now := self._today()):
            salt = secrets.token_bytes(SALT_BYTES)
            self._salt = now, salt
        return hmac.new(salt, host.encode(errors="replace"), hashlib.sha256).hexdigest()[:SIGNS]
