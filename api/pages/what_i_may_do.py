"""What this person may do here, which part of it where it is a part, and who may do the rest: why something is not shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import ACTS, Caller
from api.acts.in_browsers import may_see
from api.pages.frame import ABOUT_YOU, page
from api.pages.guards import asked_for_now
from api.pages.page_words import in_plain
from api.upkeep import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])


@router.get(ABOUT_YOU.address)
def what_i_may_do(request: Request, by: Annotated[Caller, may_see(acts.who_am_i)]) -> Response:
    """Every deed of the service by its feature: those of this person's roles first, then those of others."""
    me = acts.who_am_i(by)
    mine: dict[str, list[tuple[str, str]]] = {}
    others: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(ACTS):
        each, feature = ACTS[name], in_plain(name.partition(".")[0])
        role = each.role_of(by.actor)
        people = [other for other in each.roles if other != "service"]
        if role is not None:
            mine.setdefault(feature, []).append((each.sentence, each.roles[role]))
        elif people:
            others.setdefault(feature, []).append((each.sentence, in_plain(", ".join(people))))
    roles = [in_plain(role) for role in me.roles]
    values = {"name": me.name, "own_roles": roles, "mine": mine, "others": others}
    return page(request, "what_i_may_do.html.j2", ABOUT_YOU.name, values)
