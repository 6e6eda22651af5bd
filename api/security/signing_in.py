"""Who may do what. Every route names the roles that may use it; a route that names none may be used by nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.http.errors import Problem
from api.security.roles import ROLES
from api.service import Service
from api.storage.audit import Actor

bearer = HTTPBearer(auto_error=False, description="A key of this service, or a token of the council's sign-in service")


async def signed_in(request: Request, token: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Actor:
    """The person or job that a request comes from."""
    service: Service = request.app.state.service
    actor = service.known_already(token.credentials) if token else None
    if token and actor is None:
        actor = await run_in_threadpool(service.sign_in, token.credentials)
    if actor is None:
        raise Problem(
            "unauthenticated",
            "Send 'Authorization: Bearer KEY' with a key that is known, not expired and not revoked.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    request.state.role = actor.role  # for the log, which knows no names
    return actor


def may(*roles: str) -> Any:
    """What a route depends on: the actor, if its role is one of these."""
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise ValueError(f"roles: {sorted(unknown) or 'none named'}")

    async def allowed(actor: Annotated[Actor, Depends(signed_in)]) -> Actor:
        if actor.role not in roles:
            raise Problem("forbidden", f"This needs the role {' or '.join(roles)}; yours is {actor.role}.")
        return actor

    allowed.roles = roles  # type: ignore[attr-defined]
    return Depends(allowed)


def roles_of(route: Any) -> tuple[str, ...]:
    """The roles that may use a route: read from what it depends on."""
    found: list[Callable[..., Any]] = [each.call for each in _all_dependants(route.dependant)]
    return next((tuple(call.roles) for call in found if hasattr(call, "roles")), ())


def _all_dependants(dependant: Any) -> list[Any]:
    return [dependant, *(each for below in dependant.dependencies for each in _all_dependants(below))]
