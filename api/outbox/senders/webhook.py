"""To a program, as Standard Webhooks say: signed, with an id by which the receiver knows what it has had already."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import orjson

from api.outbox.letter import Letter
from api.outbox.senders.sending import LaterError, NotSetUpError, RefusedError, UnreachableError, within
from api.safe_addresses import safe_address
from optimiser.version import SOFTWARE

GONE, TOO_LARGE, TOO_MANY, TOO_EARLY, TIMEOUT = 410, 413, 429, 425, 408
NOT_NOW = (TIMEOUT, TOO_EARLY, TOO_MANY)
NEVER = (400, TOO_LARGE, 422)
"""What says something of this message; a receiver that answers anything else is not as it should be, which may pass."""


def body_of(letter: Letter) -> bytes:
    """What the program is told: the same bytes at every try. ``about``: the id of the offer, the alert or whatever it is."""
    data = {"subject": letter.subject, "link": letter.link, "about": letter.about}
    told = {"type": letter.kind, "timestamp": letter.at.astimezone(dt.UTC).isoformat(timespec="seconds"), "data": data}
    return orjson.dumps(told)


class ByWebhook:
    """Redirects are not followed: an address that was entered is not left for another."""

    at_once = 50

    def __init__(self, secrets: Sequence[str], seconds: float, tls: ssl.SSLContext) -> None:
        from standardwebhooks import Webhook

        try:
            self._signers = [Webhook(secret) for secret in secrets]
        except Exception:
            raise NotSetUpError("OPTIMISER_WEBHOOK_SECRET_FILE: each line is a secret in base64, whsec_ before it.") from None
        self._seconds, self._tls = seconds, tls

    def send(self, address: str, letter: Letter) -> None:
        """See ``Sender``."""
        if not safe_address(address):
            raise RefusedError("webhook_not_over_tls")
        body, now = body_of(letter), dt.datetime.now(dt.UTC)
        signatures = " ".join(signer.sign(letter.message_id, now, body.decode()) for signer in self._signers)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"home-care-brokerage/{SOFTWARE}",
            "webhook-id": letter.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signatures,
        }
        try:
            status = self._given(address, body, headers)
        except (OSError, HTTPException, ValueError) as failure:
            raise UnreachableError(f"webhook_{type(failure).__name__}") from None
        if 200 <= status < 300:
            return
        if status in NEVER:
            raise RefusedError(f"webhook_{status}")
        raise (LaterError if status in NOT_NOW else UnreachableError)(f"webhook_{status}")

    def _given(self, address: str, body: bytes, headers: dict[str, str]) -> int:
        parts = urlsplit(address)
        host, path = str(parts.hostname), (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if parts.scheme == "https":
            connection: HTTPConnection = HTTPSConnection(host, parts.port, timeout=self._seconds, context=self._tls)
        else:
            connection = HTTPConnection(host, parts.port, timeout=self._seconds)
        try:
            with within(self._seconds, lambda: connection.sock):
                connection.request("POST", path, body, headers)
                return connection.getresponse().status
        finally:
            connection.close()
