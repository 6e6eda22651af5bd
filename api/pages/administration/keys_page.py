"""Keys: who has one, in which roles and until when; a new one, which is shown once; and one that is ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import Problem
from api.pages.administration.admin_tabs import tabs_for
from api.pages.csv_answers import csv_answer
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names
from api.pages.page_words import address_part, capital, day_in_words, in_plain, instant_in_words
from api.upkeep import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
DAYS = 90
ANOTHER_SINCE = (
    "A key has been made or ended since you opened this page. Nothing was made: look at the list before you make another."
)


@router.get("/administration/keys")
def keys(request: Request, by: Annotated[Caller, may_see(acts.list_keys)], done: str = "") -> Response:
    """The list, and the form for a new one."""
    return _page(request, by, FilledForm(), ended=done == "ended")


@router.get("/administration/keys.csv")
def keys_csv(by: Annotated[Caller, may_see(acts.list_keys)]) -> Response:
    """The list for a spreadsheet."""
    heads = ("key_id", "name", "roles", "made_at_utc", "ends_at_utc", "ended_at_utc", "last_used_on", "provider_id")
    rows = [
        [
            each.key_id,
            each.name,
            " ".join(each.roles),
            each.created_at.isoformat(),
            each.expires_at.isoformat(),
            each.revoked_at.isoformat() if each.revoked_at else None,
            str(each.last_used_on) if each.last_used_on else None,
            each.provider_id or None,
        ]
        for each in acts.list_keys(by)
    ]
    return csv_answer("keys", heads, rows)


@router.post("/administration/keys", dependencies=[Depends(sent_from_here)])
async def make_key(request: Request, by: Annotated[Caller, may_see(acts.create_key)]) -> Response:
    """A new key. Its page is the answer itself, so that nobody else and no address ever has it; sent twice it makes no second."""
    form = await sent_form(request, several=("roles",))
    return await run_in_threadpool(_make, request, by, form)


@router.get("/administration/keys/{key_id}/end")
def to_end_key(request: Request, key_id: str, by: Annotated[Caller, may_see(acts.list_keys)]) -> Response:
    """Whose key it is, and what ending it means."""
    mine = next((each for each in acts.list_keys(by) if each.key_id == key_id and each.revoked_at is None), None)
    if mine is None:
        raise Problem("not_found", "There is no key of this id that could be ended.")
    values = {"key": mine, "role_words": _in_words(mine.roles), "is_own": by.actor.key_id == key_id}
    return page(request, "key_end.html.j2", f"End the key of {mine.name}", values)


@router.post("/administration/keys/{key_id}/end", dependencies=[Depends(sent_from_here)])
def end_key(key_id: str, by: Annotated[Caller, may_see(acts.revoke_key)]) -> Response:
    """It opens nothing any more, and whoever is signed in with it is out."""
    if not acts.revoke_key(by, key_id):
        raise Problem("not_found", "There is no key of this id that could be ended: somebody may have ended it.")
    return see("/administration/keys?done=ended")


def _make(request: Request, by: Caller, form: FilledForm) -> Response:
    faults = {}
    name, roles, days = form.value("name").strip(), form.chosen("roles"), form.value("days")
    if not name:
        faults["name"] = "Enter the name of the person or job"
    if not roles:
        faults["roles"] = "Choose a role or several"
    if not days.isascii() or not days.isdecimal() or not 1 <= int(days) <= 365:
        faults["days"] = "Enter 1 to 365 days"
    if not faults and form.value("seen") != _seen(acts.list_keys(by)):
        return _page(request, by, form.wrong({"": ANOTHER_SINCE}), status=409)
    if not faults:
        try:
            token = acts.create_key(by, name, roles, int(days), provider_id=form.value("provider_id"))
        except acts.UnfitKeyError as error:
            faults[error.about] = capital(str(error))
        else:
            role_words = _in_words(roles) + _at(form.value("provider_id"), provider_names(by))
            values = {"token": token, "name": name, "role_words": role_words, "days": int(days)}
            return page(request, "key_made.html.j2", "A key was made", values)
    return _page(request, by, form.wrong(faults), status=422)


def _seen(found: Sequence[Any]) -> str:
    """What the list holds, in short: another list, another text."""
    return f"{len(found)}-{sum(each.revoked_at is not None for each in found)}"


def _page(request: Request, by: Caller, form: FilledForm, *, ended: bool = False, status: int = 200) -> Response:
    now, found, names = by.settings.clock.instant(), acts.list_keys(by), provider_names(by)
    rows = []
    for each in reversed(found):
        state = "ended" if each.revoked_at else "ran out" if each.expires_at <= now else ""
        used = "never, or before that was kept" if each.last_used_on is None else day_in_words(str(each.last_used_on))
        until = each.revoked_at or each.expires_at
        rows.append(
            (
                each.name,
                each.key_id,
                _in_words(each.roles) + _at(each.provider_id, names),
                instant_in_words(until),
                state,
                used,
                address_part(each.key_id),
            )
        )
    values = {
        "form": form,
        "open_rows": [row for row in rows if not row[4]],
        "closed_rows": [row for row in rows if row[4]],
        "role_options": [(role, in_plain(role).capitalize()) for role in acts.who_am_i.roles],
        "provider_options": [("", "nobody: it is of the council"), *sorted(names.items(), key=lambda each: each[::-1])],
        "days": DAYS,
        "seen": _seen(found),
        "ended": ended,
        "tabs": tabs_for(by),
    }
    return page(request, "keys.html.j2", "Keys", values, status=status, wrong=bool(form.faults))


def _at(provider_id: str, names: Mapping[str, str]) -> str:
    """Whom a key is bound to, after its roles."""
    return f", at {names.get(provider_id, provider_id)}" if provider_id else ""


def _in_words(roles: list[str] | tuple[str, ...]) -> str:
    return ", ".join(in_plain(role) for role in roles) or "none"
