"""Where a cluster's scheduler is asked, and why not elsewhere: what goes there is of people, so it goes by TLS or stays here."""

from __future__ import annotations

import ipaddress
import re

from optimiser.exits import RefusedError

ADDRESS = re.compile(r"(?P<way>tcp|tls)://(?P<host>\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z_.-]+):(?P<port>[0-9]{1,5})")
EXPECTED = "expected tls://HOST:PORT, or tcp://127.0.0.1:PORT on this machine"


def judged(address: str) -> str:
    """The address as it is. Raises ``RefusedError`` with what is wrong."""
    found = ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found["port"]) < 65_536:
        raise RefusedError(f"--cluster: {EXPECTED}")
    if not is_private(address):
        raise RefusedError(
            "--cluster: tcp is for a scheduler on this machine alone, since what it is given is about people and would cross the"
            f" network in the clear; {EXPECTED}"
        )
    return address


def is_private(address: str) -> bool:
    """Whether what goes there is enciphered or stays on this machine."""
    found = ADDRESS.fullmatch(address)
    return found is not None and (found["way"] == "tls" or _is_here(found["host"].strip("[]")))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
