"""Tokens of the council's own sign-in service (OpenID Connect): checked here, without asking it about each."""

from __future__ import annotations

import hmac
from typing import Any

import jwt

from api.http.errors import Problem
from api.security.jwks import ALGORITHMS, KeySet
from api.security.roles import PROVIDER, bound, ours
from api.settings import Settings
from api.storage.audit import Actor

SKEW_SECONDS = 30
MOST_CHARACTERS = 16_384
MOST_OF_A_NAME = 100
UNBOUND = "You are signed in as somebody at a provider: your directory has to name that one provider, and no other role of yours."
REQUIRED = ["exp", "iat", "iss", "aud", "sub"]


class Tokens:
    """Signs people in by their tokens."""

    def __init__(self, settings: Settings) -> None:
        self._issuer, self._audience, self._claim = settings.oidc_issuer, settings.oidc_audience, settings.oidc_role_claim
        self._provider_claim = settings.oidc_provider_claim
        self._keys = KeySet(settings.oidc_issuer, settings.oidc_jwks_url)

    def begin(self) -> None:
        """Ask for the keys before anybody signs in."""
        self._keys.begin()

    def sign_in(self, token: str) -> Actor | None:
        """Whose token it is; None when it is not valid here and now. Raises ``Problem`` when it is, without a role of ours."""
        return self._actor(self._claims(token, self._audience))

    def of_browser(self, token: str, client: str, nonce: str) -> Actor | None:
        """Whom the directory has signed in for the pages: its word for this client and this one sign-in; else as above."""
        claims = self._claims(token, client)
        if claims is None or not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            return None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else client) != client:
            return None  # made for several programs, and handed to another of them
        return self._actor(claims)

    def _actor(self, claims: dict[str, Any] | None) -> Actor | None:
        if claims is None:
            return None
        roles = roles_of(_claim(claims, self._claim))
        told = _claim(claims, self._provider_claim) if PROVIDER in roles else ""
        provider_id = told if isinstance(told, str) and len(told) <= MOST_OF_A_NAME else ""
        if PROVIDER in roles and bound(roles, provider_id) != roles:
            raise Problem("forbidden", UNBOUND)
        if not roles:
            raise Problem("forbidden", "You are signed in, but your council's directory gives you no role of this service.")
        return Actor.of(name_of(claims), roles, provider_id)

    def _claims(self, token: str, audience: str) -> dict[str, Any] | None:
        if len(token) > MOST_CHARACTERS:
            return None
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS or not isinstance(header.get("kid"), str):
                return None
            key = self._keys.get(header["kid"])
            if key is None:
                return None
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=audience,
                issuer=self._issuer,
                leeway=SKEW_SECONDS,
                options={"require": REQUIRED, "enforce_minimum_key_length": True},
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            return None
        return claims if isinstance(claims["sub"], str) and claims["sub"] else None


def _claim(claims: dict[str, Any], name: str) -> Any:
    """A claim by its name, or by the way to it: ``realm_access.roles``."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def roles_of(claimed: Any) -> tuple[str, ...]:
    """The roles of ours among those claimed, whole words in our spelling; others mean nothing here."""
    return ours(claimed if isinstance(claimed, list) else [claimed])


def name_of(claims: dict[str, Any]) -> str:
    """As the audit trail names them. The subject stands beside the name: a name may be given to somebody else one day."""
    subject, name = _plain(claims["sub"]), claims.get("preferred_username")
    return f"{_plain(name)} (oidc {subject})" if isinstance(name, str) and name.strip() else f"{subject} (oidc)"


def _plain(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text.strip())[:MOST_OF_A_NAME]
