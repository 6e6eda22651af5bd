"""Signing in to the pages by the council's directory: OpenID Connect's code flow, with PKCE, state and nonce.

Nothing is kept here between leaving and coming back: what has to fit stands in a cookie of that browser alone, for ten minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote, urlencode

import structlog

from api.http.errors import RETRY_SECONDS, Problem, declare
from api.safe_addresses import safe_address
from api.security.jwks import FRESH_SECONDS, asked, discovered
from api.security.oidc import Tokens
from api.settings import Settings
from api.storage.audit import Actor

NOT_SIGNED_IN = declare("not_signed_in", 401, "The council's directory has not signed this person in")
AWAY = declare("directory_away", 503, "The council's directory cannot be asked now")
BACK = "/sign-in/directory/back"
SECRET_BYTES = 32
MOST_CHARACTERS = 4_096
"""Of a code or a cookie that comes back."""
AGAIN = "Sign in again; nothing was done."

log = structlog.get_logger("api")


@dataclass(frozen=True)
class Leaving:
    """Somebody who is sent to the directory. ``address``: where to; ``kept``: what their browser keeps meanwhile."""

    address: str
    kept: str


@dataclass(frozen=True)
class _Endpoints:
    authorization: str
    token: str
    asked_at: float


class CodeFlow:
    """The way to the directory and back. Its answers are believed by the key set that bearer tokens are judged with."""

    def __init__(self, settings: Settings, tokens: Tokens) -> None:
        self._issuer, self._client, self._scope = settings.oidc_issuer, settings.oidc_client_id, settings.oidc_scope
        self._secret_file = settings.oidc_client_secret_file
        self._back = settings.public_address.rstrip("/") + BACK
        self._tokens = tokens
        self._endpoints: _Endpoints | None = None

    def leave(self, then: str) -> Leaving:
        """Send somebody off. ``then``: where they want to go afterwards. Raises the problem ``directory_away``."""
        state, nonce, verifier = (secrets.token_urlsafe(SECRET_BYTES) for _ in range(3))
        challenge = _encoded(hashlib.sha256(verifier.encode()).digest())
        question = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._back,
            "scope": self._scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        to = self._where().authorization
        return Leaving(
            f"{to}{'&' if '?' in to else '?'}{urlencode(question)}", ".".join((state, nonce, verifier, _encoded(then.encode())))
        )

    def come_back(self, kept: str, answer: dict[str, str]) -> tuple[Actor, str]:
        """Who has come back, and where they wanted to go. ``kept``: by their browser; ``answer``: the directory's.

        Raises the problems ``not_signed_in``, ``directory_away``, and ``forbidden`` for somebody without a role of ours.
        """
        parts = kept.split(".") if len(kept) <= MOST_CHARACTERS else []
        if len(parts) != 4:
            raise Problem(NOT_SIGNED_IN, f"This browser has not asked to sign in, or more than ten minutes ago. {AGAIN}")
        state, nonce, verifier, then = parts
        if not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
            raise Problem(NOT_SIGNED_IN, f"The directory's answer is to another sign-in than this browser's last. {AGAIN}")
        if answer.get("iss", self._issuer) != self._issuer:
            raise Problem(NOT_SIGNED_IN, f"The answer is another directory's. {AGAIN}")
        if "error" in answer or not 0 < len(answer.get("code", "")) <= MOST_CHARACTERS:
            raise Problem(NOT_SIGNED_IN, f"Your council's directory did not sign you in. {AGAIN}")
        actor = self._tokens.of_browser(self._token(answer["code"], verifier), self._client, nonce)
        if actor is None:
            raise Problem(NOT_SIGNED_IN, f"What the directory says about you does not hold here and now. {AGAIN}")
        try:
            return actor, base64.urlsafe_b64decode(then + "==").decode()
        except ValueError:
            return actor, ""

    def _token(self, code: str, verifier: str) -> str:
        """The directory's word about somebody, for the code that their browser brought."""
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._back, "code_verifier": verifier}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        secret = Path(self._secret_file).read_text(encoding="utf-8").strip() if self._secret_file else ""
        if secret:
            both = f"{quote(self._client, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
        else:
            fields["client_id"] = self._client
        try:
            told = asked(urllib.request.Request(self._where().token, urlencode(fields).encode(), headers))
        except urllib.error.HTTPError as refused:
            with refused:
                if refused.code >= 500:
                    raise self._away(refused) from None
                log.warning("the directory takes no code of ours", status=refused.code)
            raise Problem(NOT_SIGNED_IN, f"Your council's directory does not know this sign-in any more. {AGAIN}") from None
        except (OSError, ValueError, HTTPException) as failure:
            raise self._away(failure) from None
        found = told.get("id_token")
        return found if isinstance(found, str) else ""

    def _where(self) -> _Endpoints:
        """The directory's addresses, which it tells itself; asked for anew every hour."""
        known = self._endpoints
        if known is not None and time.monotonic() - known.asked_at <= FRESH_SECONDS:
            return known
        try:
            told = discovered(self._issuer)
            found = [told.get("authorization_endpoint"), told.get("token_endpoint")]
            if not all(isinstance(each, str) and safe_address(each) for each in found):
                raise ValueError("the discovery document names addresses that are not over TLS")
        except (OSError, ValueError, HTTPException) as failure:
            if known is not None:
                return known
            raise self._away(failure) from None
        self._endpoints = _Endpoints(str(found[0]), str(found[1]), time.monotonic())
        return self._endpoints

    @staticmethod
    def _away(failure: Exception) -> Problem:
        log.warning("the directory cannot be asked", error=type(failure).__name__)
        said = "Your council's directory does not answer. Try again in a minute, or sign in with a key."
        return Problem(AWAY, said, headers={"Retry-After": str(RETRY_SECONDS)})


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
