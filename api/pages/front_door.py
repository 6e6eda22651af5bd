"""Signing in with a key or by the council's directory, and out again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.acts.act import Caller
from api.acts.in_browsers import (
    COOKIE,
    MEANWHILE,
    from_directory,
    has_directory,
    in_session,
    secret_of,
    to_directory,
    who_leaves,
    with_key,
)
from api.http.errors import KINDS, Problem
from api.http.sent_forms import form_of
from api.pages.frame import ABOUT_YOU, HEADERS, PLACES, page
from api.pages.guards import asked_for_now, sent_from_here
from api.sessions import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
NEEDED = "Enter your key"
OPEN_COOKIE = "Path=/; Secure; HttpOnly; SameSite=Lax"
FORGET = f"{COOKIE}=; Max-Age=0; {OPEN_COOKIE}"
LONGEST_ADDRESS = 2_000
BY_DIRECTORY = "/sign-in/directory"
AT_MOST_TEN_MINUTES = f"Max-Age=600; {OPEN_COOKIE}"
DONE_THERE = f"{MEANWHILE}=; Max-Age=0; {OPEN_COOKIE}"


def sign_in_page(
    request: Request,
    *,
    then: str = "",
    note: str = "",
    wrong: str = "",
    of_key: bool = True,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The form. ``then``: where to go afterwards; ``note``: why one has to sign in; ``wrong``: what is wrong, with the key
    if it is ``of_key``."""
    after = then if is_of_here(then) else ""
    by_directory = f"{BY_DIRECTORY}?{urlencode({'then': after})}" if has_directory(request) else ""
    values = {"then": after, "note": note, "wrong": wrong, "of_key": of_key, "by_directory": by_directory}
    return page(request, "sign_in.html.j2", "Sign in", values, status=status, wrong=bool(wrong), headers=headers)


def is_of_here(address: str) -> bool:
    """Whether an address is one of this service: a path, and nothing that a browser would take for another host."""
    plain = address.isascii() and address.isprintable() and "\\" not in address and len(address) <= LONGEST_ADDRESS
    return plain and address.startswith("/") and not address.startswith("//")


@router.get("/", dependencies=[Depends(in_session)])
def start(request: Request) -> Response:
    """The first page that somebody may see."""
    actor = request.state.actor
    first = next((each.address for each in PLACES if each.act.role_of(actor) is not None), ABOUT_YOU.address)
    return see(first)


@router.get("/sign-in")
async def sign_in_form(request: Request) -> Response:
    """The form."""
    return sign_in_page(request)


@router.post("/sign-in", dependencies=[Depends(sent_from_here)])
async def sign_in(request: Request) -> Response:
    """With a key that was typed in. Whoever was signed in in this browser is signed out first."""
    form = await form_of(request)
    key, then = form.get("key", ""), form.get("then", "")
    if not key:
        return sign_in_page(request, then=then, wrong=NEEDED, status=422)
    try:
        before = await who_leaves(request)
        by = await with_key(request, key)
        if before is not None:
            await run_in_threadpool(acts.end, before, secret_of(request))
        secret = await run_in_threadpool(acts.begin, by)
    except Problem as problem:
        if problem.code not in ("unauthenticated", "forbidden"):
            raise
        request.state.actor = None
        return sign_in_page(request, then=then, wrong=problem.detail, status=KINDS[problem.code].status)
    return see(then if is_of_here(then) else "/", {"Set-Cookie": f"{COOKIE}={secret}; {OPEN_COOKIE}"})


@router.get(BY_DIRECTORY)
async def sign_in_by_directory(request: Request, then: str = "") -> Response:
    """Off to the council's directory: by a link, as a form may lead nowhere but here."""
    address, kept = await to_directory(request, then if is_of_here(then) else "")
    return see(address, {"Set-Cookie": f"{MEANWHILE}={kept}; {AT_MOST_TEN_MINUTES}"})


@router.get(f"{BY_DIRECTORY}/back")
async def back_from_directory(request: Request) -> Response:
    """Whom the directory has signed in is signed in here. Whoever was signed in in this browser is signed out first."""
    try:
        before = await who_leaves(request)
        by, then = await from_directory(request)
        if before is not None:
            await run_in_threadpool(acts.end, before, secret_of(request))
        secret = await run_in_threadpool(acts.begin_by_directory, by)
    except Problem as problem:
        request.state.actor = None
        status, headers = KINDS[problem.code].status, {**problem.headers, "Set-Cookie": DONE_THERE}
        return sign_in_page(request, wrong=problem.detail, of_key=False, status=status, headers=headers)
    answer = see(then if is_of_here(then) else "/", {"Set-Cookie": f"{COOKIE}={secret}; {OPEN_COOKIE}"})
    answer.headers.append("Set-Cookie", DONE_THERE)
    return answer


@router.post("/sign-out", dependencies=[Depends(sent_from_here)])
async def sign_out(request: Request, by: Annotated[Caller | None, Depends(who_leaves)]) -> Response:
    """Nothing of what was shown stays in the browser."""
    if by is not None:
        await run_in_threadpool(acts.end, by, secret_of(request))
    return see("/signed-out", {"Set-Cookie": FORGET, "Clear-Site-Data": '"cache", "storage"'})


@router.get("/signed-out")
async def signed_out(request: Request) -> Response:
    """That it is done."""
    return sign_in_page(request, note="You have signed out.")


def see(address: str, headers: dict[str, str] | None = None) -> Response:
    """Go on there, by GET."""
    return RedirectResponse(address, 303, {**HEADERS, **(headers or {})})
