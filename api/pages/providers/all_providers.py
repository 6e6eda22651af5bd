"""All providers: ratings, whether new work is held back, what each says that it can, and its contracts in force."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.capacity_returns import acts as capacity_returns
from api.http.whole_lists import every
from api.on_call import acts as on_call
from api.on_call.schemas import OnCallQuery
from api.pages.csv_answers import csv_answer
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.names import reads, records
from api.pages.page_words import moment_in_words
from api.pages.providers.provider_board import LIST_HEADS, ListRow, list_csv, list_rows
from api.records.acts import DEEDS

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
PROVIDERS: Any = DEEDS["providers"]
ALL, HELD_BACK, ENDED = "", "held_back", "ended"
WHICH = [(ALL, "All providers"), (HELD_BACK, "With a restriction in force"), (ENDED, "That have ended")]


@router.get("/providers")
def providers(request: Request, by: Annotated[Caller, may_see(PROVIDERS.list)], name: str = "", which: str = "") -> Response:
    """The list, narrowed by a part of the name and by whether new work is held back."""
    rows = _rows(by)
    shown = [
        row
        for row in rows
        if name.strip().lower() in row.name.lower()
        and (which != HELD_BACK or row.restrictions)
        and (which == ENDED) == row.has_ended
    ]
    values = {
        "rows": shown,
        "chosen": {"name": name, "which": which},
        "which": WHICH,
        "as_of": f"As of {moment_in_words(by.settings.clock.now())}",
        "tells_restrictions": reads(by, "restrictions"),
        "tells_contracts": reads(by, "contracts"),
        "to_confirm": _to_confirm(by, rows),
        "tells_untold": capacity_returns.list_untold.role_of(by.actor) is not None,
    }
    return page(request, "providers.html.j2", "Providers", values)


def _to_confirm(by: Caller, rows: list[ListRow]) -> list[tuple[str, str]]:
    """Whose own hours on call wait for this person to confirm them: id and name."""
    if on_call.confirm.role_of(by.actor) is None:
        return []
    waiting = every(lambda each: on_call.list_declared(by, OnCallQuery(to_confirm=True, cursor=each.cursor)))
    names = {row.provider_id: row.name for row in rows}
    return [(each["provider_id"], names.get(each["provider_id"]) or each["provider_id"]) for each in waiting]


@router.get("/providers.csv")
def providers_csv(by: Annotated[Caller, may_see(PROVIDERS.list)]) -> Response:
    """All of them for a spreadsheet."""
    return csv_answer("providers", LIST_HEADS, list_csv(_rows(by)))


def _rows(by: Caller) -> list[ListRow]:
    today = by.settings.clock.today()
    found = every(lambda query: PROVIDERS.list(by, query))
    return list_rows(found, records(by, "restrictions"), records(by, "contracts"), today)
