"""Addresses that others are asked at: over TLS, or on this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def safe_address(address: str) -> bool:
    """Whether what comes from there can be trusted: over TLS, or from this machine itself."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_here(str(parts.hostname))))


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
