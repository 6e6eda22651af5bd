"""Asking the council's own travel server over HTTP: time-outs, retries, and no way for a place to go anywhere else."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from optimiser.geography.travel_times.interface import TravelError

PUBLIC_SERVERS = ("project-osrm.org", "openstreetmap.de", "stadiamaps.com", "mapbox.com", "openrouteservice.org", "heigit.org")
"""Well-known services of others: people's homes are not sent there, whoever asks for it."""
EXPECTED_ADDRESS = "such as http://routing.council.example:5000"
MOST_ANSWER_BYTES = 50_000_000
PASSING = {429, 500, 502, 503, 504}
"""Answers after which it is worth asking again."""


class ServerRefusedError(TravelError):
    """The server was reached and declined. ``code``: its own word for why, such as ``TooBig`` or ``171``; or nothing."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass
class Wire:
    """One server. ``address`` such as ``http://routing.council.example:5000``."""

    address: str
    timeout_seconds: float = 30.0
    tries: int = 3
    pause_seconds: float = 0.5
    """Before the second try; twice as long before each further one."""
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = _parts(self.address)
        self.address = self.address.rstrip("/")
        self.name = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
        # No proxy and no redirect: what is sent goes to the address that was set and to none other.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    def ask(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        """The server's JSON answer. Raises ``TravelError`` when there is none; the message holds nothing of what was asked."""
        record = self._asked(path, body)
        if not isinstance(record, dict):
            raise self.failed("its answer is not a JSON object: is it the right kind of server")
        return record

    def ask_list(self, path: str, body: bytes) -> list[Any]:
        """The same where the answer is a list."""
        record = self._asked(path, body)
        if not isinstance(record, list):
            raise self.failed("its answer is not a JSON list: is it the right kind of server")
        return record

    def _asked(self, path: str, body: bytes | None) -> Any:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        request = urllib.request.Request(self.address + path, data=body, headers=headers)
        why = ""
        for attempt in range(self.tries):
            if attempt:
                self.sleep(self.pause_seconds * 2 ** (attempt - 1))
            try:
                with self._opener.open(request, timeout=self.timeout_seconds) as answer:
                    return self._read(answer)
            except HTTPError as error:
                with error:
                    code = _code_in(error)
                why = f"it answered {error.code}" + (f" ({code})" if code else "")
                if error.code not in PASSING:
                    raise ServerRefusedError(str(self.failed(why)), code) from None
            except (URLError, OSError, http.client.HTTPException) as error:
                why = _reason(error)
        raise self.failed(why)

    def _read(self, answer: http.client.HTTPResponse) -> Any:
        text = answer.read(MOST_ANSWER_BYTES + 1)
        if len(text) > MOST_ANSWER_BYTES:
            raise self.failed(f"it answered more than {MOST_ANSWER_BYTES:,} bytes")
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None

    def failed(self, why: str) -> TravelError:
        """What the user reads when the server does not help."""
        return TravelError(
            f"No travel times from the server {self.name}: {why}. Nothing was estimated in their place."
            " See that it runs and the address is right, or choose another source: --travel straight-line or graph:FILE."
        )


def _parts(address: str) -> Any:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise TravelError(f"The travel server's address is not one: expected {EXPECTED_ADDRESS}.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        raise TravelError(
            f"The travel server's address is not one: expected {EXPECTED_ADDRESS}, without a user, password or question mark."
        )
    if any(parts.hostname == public or parts.hostname.endswith("." + public) for public in PUBLIC_SERVERS):
        raise TravelError(
            f"{parts.hostname} is a public service: people's homes would leave the council. Run OSRM or Valhalla on a machine of"
            " your own and name that."
        )
    return parts


def _reason(error: Exception) -> str:
    """A short cause without addresses: the words of the operating system alone."""
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return "it did not answer in time"
    if isinstance(cause, OSError) and cause.strerror:
        return str(cause.strerror)
    return "the connection broke" if isinstance(cause, OSError | http.client.HTTPException) else "it cannot be reached"


def _code_in(error: HTTPError) -> str:
    """A server's own code for a refusal, such as ``TooBig``: one word, or nothing."""
    try:
        record = json.loads(error.read(10_000))
        code = str(record.get("code", record.get("error_code", "")))
    except (ValueError, AttributeError, OSError, http.client.HTTPException, RecursionError):
        return ""
    return code if re.fullmatch(r"\w{1,40}", code) else ""
