"""The public keys of the council's sign-in service: fetched when needed, kept, and asked for again with restraint."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from typing import IO, Any

import orjson
import structlog
from jwt import PyJWK, PyJWTError

from api.http.errors import RETRY_SECONDS as ASK_AGAIN_SECONDS
from api.http.errors import Problem
from api.safe_addresses import safe_address

TIMEOUT_SECONDS = 5.0
MOST_BYTES = 1_000_000
FRESH_SECONDS = 3_600.0
"""Keys are asked for anew after so long, so that one that was taken back opens nothing any more."""
KEPT_SECONDS = 86_400.0
"""How long known keys serve while the sign-in service does not answer."""
MOST_WAITING = 20
"""So many wait for the answer at once, each in a thread: further ones are told to come again, and nobody else loses a thread."""
LOST_SECONDS = 30.0
"""Who has asked for so long is not waited for any more: some answer a byte at a time."""
RETRY_SECONDS = 60.0
"""An unknown key makes us ask again, but not more often than this, whoever sends what."""

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Asymmetric ones alone: what only a holder of the private key can sign."""

log = structlog.get_logger("api")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """An address that was configured is not left for another."""
        return


def asked(request: urllib.request.Request) -> dict[str, Any]:
    """A JSON object from a directory, which is not followed elsewhere.

    Raises ``OSError``, ``HTTPException``, and ``ValueError`` for what is none or very large, or an address that is not over TLS.
    """
    if not safe_address(request.full_url):
        raise ValueError("not over TLS")
    with urllib.request.build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as answer:
        content = answer.read(MOST_BYTES + 1)
    found = orjson.loads(content) if len(content) <= MOST_BYTES else None
    if not isinstance(found, dict):
        raise ValueError("no JSON object, or a very large one")
    return found


def discovered(issuer: str) -> dict[str, Any]:
    """An issuer's discovery document. Raises as above, and ``ValueError`` where it is another's."""
    found = asked(urllib.request.Request(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
    if found.get("issuer") != issuer:
        raise ValueError("the discovery document is another issuer's")
    return found


class KeySet:
    """The keys by their id. ``jwks_url`` empty: the issuer's discovery document names it."""

    def __init__(self, issuer: str, jwks_url: str) -> None:
        self._issuer, self._jwks_url = issuer, jwks_url
        self._lock = threading.Lock()
        self._asking: threading.Event | None = None
        self._room = threading.Semaphore(MOST_WAITING)
        self._keys: Mapping[str, PyJWK] = {}
        self._fetched_at = self._tried_at = float("-inf")

    def begin(self) -> None:
        """Ask before anybody waits for it."""
        self._ask_again()

    def get(self, key_id: str) -> PyJWK | None:
        """A key by its id. A known one needs no waiting; for an unknown one it is asked, and few wait for the answer.

        Raises the problem ``busy`` where as many wait as may.
        """
        key = self._keys.get(key_id)
        if key is None:
            self._wait_for(self._ask_again())
            key = self._keys.get(key_id)
        elif time.monotonic() - self._fetched_at > FRESH_SECONDS:
            self._ask_again()
        return key if time.monotonic() - self._fetched_at <= KEPT_SECONDS else None

    def _ask_again(self) -> threading.Event | None:
        """What is set once there is an answer; None: it was asked a moment ago."""
        with self._lock:
            since = time.monotonic() - self._tried_at
            if self._asking is not None and not self._asking.is_set() and since < LOST_SECONDS:
                return self._asking
            if since <= RETRY_SECONDS:
                return None
            self._tried_at, self._asking = time.monotonic(), threading.Event()
            threading.Thread(target=self._refresh, args=(self._asking,), name="jwks", daemon=True).start()
            return self._asking

    def _wait_for(self, answer: threading.Event | None) -> None:
        if answer is None:
            return
        if not self._room.acquire(blocking=False):
            again = {"Retry-After": str(ASK_AGAIN_SECONDS)}
            raise Problem("busy", "The council's sign-in service does not answer.", headers=again)
        try:
            answer.wait(TIMEOUT_SECONDS)
        finally:
            self._room.release()

    def _refresh(self, done: threading.Event) -> None:
        try:
            self._keys = self._fetch()
            self._fetched_at = time.monotonic()
        except (OSError, ValueError, HTTPException) as failure:
            log.warning("the sign-in service's keys cannot be read", error=type(failure).__name__)
        finally:
            done.set()

    def _fetch(self) -> dict[str, PyJWK]:
        address = self._jwks_url
        if not address:
            found = discovered(self._issuer).get("jwks_uri")
            if not isinstance(found, str):
                raise ValueError("the discovery document names no keys")
            address = found
        listed = asked(urllib.request.Request(address)).get("keys")
        if not isinstance(listed, list):
            raise ValueError("no list of keys")
        return {each["kid"]: key for each in listed if isinstance(each, dict) and (key := _usable(each)) is not None}


def _usable(described: dict[str, Any]) -> PyJWK | None:
    """The key, if it is a public one for signatures, with an id."""
    if described.get("kty") not in ("RSA", "EC", "OKP") or described.get("use", "sig") != "sig":
        return None
    if not isinstance(described.get("kid"), str):
        return None
    try:
        key = PyJWK(described)
    except (PyJWTError, ValueError, TypeError):
        return None
    return key if key.algorithm_name in ALGORITHMS else None
