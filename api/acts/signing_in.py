"""How a route learns who calls: whoever has signed in, admitted to the one act that the route does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.acts.act import Act, Caller
from api.http.errors import Problem
from api.service import Service
from api.storage.audit import Actor

bearer = HTTPBearer(auto_error=False, description="A key of this service, or a token of the council's sign-in service")


async def signed_in(request: Request, token: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Actor:
    """The person or job that a request comes from; asked once for each."""
    known: Actor | None = getattr(request.state, "actor", None)
    if known is not None:
        return known
    service: Service = request.app.state.service
    actor = service.known_already(token.credentials) if token else None
    if token and actor is None:
        actor = await run_in_threadpool(service.sign_in, token.credentials)
    if actor is None:
        request.state.known = service.holder_of(token.credentials) if token else None
        raise Problem(
            "unauthenticated",
            "Send 'Authorization: Bearer KEY' with a key that is known, not expired and not revoked.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if service.allowances is not None:
        service.allowances.take(actor.name)
    note(request, actor)
    request.state.token = token.credentials if token else ""
    return actor


def note(request: Request, actor: Actor) -> None:
    """Who it is, for all that follows in the request; and for the log, which knows no names, their roles."""
    request.state.known = request.state.actor = actor
    request.state.role = " ".join(actor.roles)


def may(act: Act[..., Any]) -> Any:
    """What a route depends on: whoever calls, if their role may do this act. It is judged before a body is looked at."""

    async def caller(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Caller:
        return act.admit(Caller(request.app.state.service, actor, token=request.state.token))

    return Depends(marked(caller, act))


def marked(dependency: Callable[..., Any], act: Act[..., Any]) -> Callable[..., Any]:
    """A route's dependency that admits to an act; the OpenAPI document reads the roles from there."""
    dependency.act = act  # type: ignore[attr-defined]
    return dependency


def acts_of(route: Any) -> list[Act[..., Any]]:
    """The acts that a route does: read from what it depends on."""
    return [each.call.act for each in _all_dependants(route.dependant) if hasattr(each.call, "act")]


def roles_of(route: Any) -> tuple[str, ...]:
    """The roles that may use a route: those of its act."""
    return next((tuple(act.roles) for act in acts_of(route)), ())


def _all_dependants(dependant: Any) -> list[Any]:
    return [dependant, *(each for below in dependant.dependencies for each in _all_dependants(below))]
