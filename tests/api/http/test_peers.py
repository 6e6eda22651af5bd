"""From where a refused request came: the same all day, another the next, and never the address."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

from api.http.peers import Peers


def test_one_address_is_one_hash_a_day() -> None:
    days = [dt.date(2026, 11, 24)]
    peers = Peers(lambda: days[-1])
    first = peers.hashed("192.0.2.7")
    assert peers.hashed("192.0.2.7") == first != peers.hashed("192.0.2.8")
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert not hashlib.sha256(b"192.0.2.7").hexdigest().startswith(first), "without the salt nobody finds out by trying"
    days.append(dt.date(2026, 11, 25))
    assert peers.hashed("192.0.2.7") != first
    assert Peers(lambda: days[0]).hashed("192.0.2.7") != first, "another process has another salt"
