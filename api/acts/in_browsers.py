"""How a page learns who asks for it: from the session that a browser's cookie names, or from a key that is typed in once.

Routes under ``/v1`` know nothing of cookies, so that no other site can make a browser do anything there.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from api.acts.act import Act, Caller
from api.acts.signing_in import marked, note
from api.acts.strangers import stranger
from api.http.errors import Problem
from api.security.code_flow import CodeFlow
from api.security.keys import PREFIX
from api.service import Service
from api.storage.audit import Actor

COOKIE = "__Host-session"
"""Of this host alone and over TLS alone: browsers refuse a cookie of this prefix that says otherwise."""
MEANWHILE = "__Host-signing-in"
"""What a browser keeps while somebody is at the directory."""
LONGEST = 200
CHALLENGE = {"WWW-Authenticate": "Session"}


def secret_of(request: Request) -> str:
    """What the browser's cookie holds; empty: there is none, or nothing that could be one."""
    secret = request.cookies.get(COOKIE, "")
    return secret if len(secret) <= LONGEST else ""


async def in_session(request: Request) -> Actor:
    """Whoever is signed in to the pages. Raises the problem ``unauthenticated``."""
    return await _in_session(request, noting=True)


async def _in_session(request: Request, *, noting: bool) -> Actor:
    service: Service = request.app.state.service
    if not secret_of(request):
        raise Problem("unauthenticated", "Sign in to see this page.", headers=CHALLENGE)
    actor = await _holder(request, noting=noting)
    if actor is None:
        said = "You are not signed in any more: a session ends after a while without use, and with its key. Sign in again."
        raise Problem("unauthenticated", said, headers=CHALLENGE)
    if service.allowances is not None:
        service.allowances.take(actor.name)
    note(request, actor)
    return actor


async def _holder(request: Request, *, noting: bool = True) -> Actor | None:
    service: Service = request.app.state.service
    secret = secret_of(request)
    if not secret:
        return None
    return await run_in_threadpool(service.sessions.holder, secret, service.settings.clock.instant(), noting=noting)


def may_see(act: Act[..., Any]) -> Any:
    """What a page depends on: whoever is signed in, if their role may do the act that the page shows."""

    async def caller(request: Request, actor: Annotated[Actor, Depends(in_session)]) -> Caller:
        return act.admit(Caller(request.app.state.service, actor, session=secret_of(request)))

    return Depends(marked(caller, act))


def may_watch(act: Act[..., Any]) -> Any:
    """The same for what a page asks by itself while it stays open: that keeps nobody signed in."""

    async def caller(request: Request) -> Caller:
        actor = await _in_session(request, noting=False)
        return act.admit(Caller(request.app.state.service, actor, session=secret_of(request)))

    return Depends(marked(caller, act))


async def with_key(request: Request, key: str) -> Caller:
    """Whoever types in a key. Raises the problem ``unauthenticated``; ``too_many_requests`` where one address tries many."""
    await stranger(request)
    service: Service = request.app.state.service
    actor = await run_in_threadpool(service.sign_in, key) if key.startswith(PREFIX) and len(key) <= LONGEST else None
    if actor is None:
        request.state.known = service.holder_of(key)
        raise Problem("unauthenticated", "This key is not known, has expired or was revoked.", headers=CHALLENGE)
    note(request, actor)
    return Caller(service, actor)


def has_directory(request: Request) -> bool:
    """Whether the council's directory signs people in to the pages."""
    return request.app.state.service.directory is not None


async def to_directory(request: Request, then: str) -> tuple[str, str]:
    """Where to send somebody who signs in by the directory, and what their browser keeps meanwhile. Raises a ``Problem``."""
    await stranger(request)
    leaving = await run_in_threadpool(_directory(request).leave, then)
    return leaving.address, leaving.kept


async def from_directory(request: Request) -> tuple[Caller, str]:
    """Who comes back from there, and where they wanted to go. Raises a ``Problem`` where they are not signed in."""
    await stranger(request)
    kept, answer = request.cookies.get(MEANWHILE, ""), dict(request.query_params)
    actor, then = await run_in_threadpool(_directory(request).come_back, kept, answer)
    note(request, actor)
    return Caller(request.app.state.service, actor), then


def _directory(request: Request) -> CodeFlow:
    found: CodeFlow | None = request.app.state.service.directory
    if found is None:
        raise Problem("not_found", "Here one signs in with a key.")
    return found


async def who_leaves(request: Request) -> Caller | None:
    """Whoever signs out, where they are signed in still; however much they have asked for, they may go."""
    actor = await _holder(request)
    if actor is None:
        return None
    note(request, actor)
    return Caller(request.app.state.service, actor)
