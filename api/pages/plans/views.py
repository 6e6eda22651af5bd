"""How the plan of each kind of run is shown: which template, with what."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.acts.act import Caller
from api.http.whole_lists import parts
from api.offers import acts as offers
from api.offers.schemas import OffersQuery
from api.overview import acts as overview
from api.pages.area_outlines import outlines_of
from api.pages.names import MOST, area_names, provider_names, records
from api.pages.plans import transfer_board
from api.pages.plans.decisions_beside import NONE_READ, decisions_beside
from api.pages.plans.plan_board import A_PAGE, Board, board_of
from api.pages.plans.plan_maps import by_share, keys_of, moves_drawn
from api.pages.plans.report_part import report_part
from api.pages.plans.run_words import STOPPED
from api.runs import acts

Json = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A run with its result, and which part of its proposals is shown: of an area, from so many on."""

    by: Caller
    run: Json
    told: Json
    area: str = ""
    after: int = 0
    offers: bool = False
    """Of a night: its steps, to make offers of."""

    def __repr__(self) -> str:
        return f"<The result of a run of the kind {self.run['kind']}>"


def template_of(shown: Shown) -> tuple[str, Json]:
    """The template and what it needs beside what every plan has."""
    if "night" in shown.told["result"]:
        return _night(shown)
    return VIEWS.get(kind_of(shown), _other)(shown)


def kind_of(shown: Shown) -> str:
    """The kind; of a transfer that plans where a contract's care goes, hand_back."""
    return "hand_back" if shown.told["result"].get("command") == "hand-back" else str(shown.run["kind"])


def _other(shown: Shown, providers: Mapping[str, str] | None = None) -> tuple[str, Json]:
    """A kind whose result holds a page is shown by it. ``providers``: their names, where they are known already."""
    page = shown.told["result"].get("page")
    if page is None:
        return "plans/other.html.j2", {}
    providers = provider_names(shown.by) if providers is None else providers
    names = {**providers} | area_names(shown.by) | _contracts_moved_to(shown, providers)
    part = report_part(page, people_in(shown.told["result"]), names)
    own = {"part": part, "has_page": True, "steps": 0, "stopped": STOPPED[shown.told["stopped"]], "moving": []}
    return "plans/report.html.j2", own


def _contracts_moved_to(shown: Shown, providers: Mapping[str, str]) -> dict[str, str]:
    """Of a plan of transfers: the provider's name for each contract that care moves to."""
    areas = shown.told["result"].get("areas", ()) if kind_of(shown) == "transfer" else ()
    wanted = {each["to_contract_id"] for each in areas}
    known = records(shown.by, "contracts") if wanted else []  # some may be gone since the plan was made
    holders = {each["contract_id"]: each["provider_id"] for each in known if each["contract_id"] in wanted}
    return {contract_id: providers.get(provider_id, provider_id) for contract_id, provider_id in holders.items()}


def _maps(shown: Shown, board: Board, areas: Mapping[str, str]) -> Json:
    """The plan on the map, where there is anything of it to be seen there."""
    by, before, after, moves = shown.by, None, None, None
    if board.areas or board.movements:
        outlines = outlines_of(by)
        if board.areas:
            before, after = by_share(outlines, shown.told["result"], board.areas, overview.share_range(by))
        if board.movements:
            moves = moves_drawn(outlines, areas, board.movements, records(by, "offices"))
    return {"before": before, "after": after, "moves": moves, "keys": keys_of(before, after)}


def _night(shown: Shown) -> tuple[str, Json]:
    """The report in its own order, with a form for its first steps; all of them, each with its box, are a page of their own."""
    if shown.offers:
        return _plan(shown)
    template, own = _other(shown)
    steps = max((each["step"] or 0 for each in shown.told["proposals"]), default=0)
    may = acts.apply.role_of(shown.by.actor) is not None and shown.run["out_of_date"] is None
    return template, {**own, "steps": steps if may else 0}


def _transfer(shown: Shown) -> tuple[str, Json]:
    """The report, and below it whoever would move, to plan again once somebody has said no."""
    providers = provider_names(shown.by)
    template, own = _other(shown, providers)
    if "part" not in own:
        return template, own
    decisions = decisions_beside(shown.by, shown.run["run_id"])
    own |= {
        "board": transfer_board.board_of(shown.told["result"], providers, decisions.of),
        "decisions": decisions,
        "once": secrets.token_hex(16),
        "may_replan": acts.start.role_of(shown.by.actor) is not None,
    }
    return "plans/transfer.html.j2", own


def _hand_back(shown: Shown) -> tuple[str, Json]:
    """The report, and below it how it stands with the decision about everybody who would go to another provider."""
    template, own = _other(shown)
    decisions = decisions_beside(shown.by, shown.run["run_id"])
    board = transfer_board.moving_of(shown.told["result"], provider_names(shown.by), decisions.of)
    return template, {**own, "moving": board, "decisions": decisions}


def people_in(result: Any) -> set[str]:
    """Every package id that a result names in its tables."""
    found: set[str] = set()
    left = [result]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            found.update(str(value) for name, value in each.items() if name in ("package_id", "person_id") and value)
            each = each.values()
        left += [value for value in each if isinstance(value, dict | list)]
    return found


def _plan(shown: Shown) -> tuple[str, Json]:
    by, areas = shown.by, area_names(shown.by)
    board = board_of(shown.told, provider_names(by), _offers_of(by, shown.run["run_id"]), areas)
    decisions = decisions_beside(by, shown.run["run_id"]) if _moves_anybody(shown) else NONE_READ
    wanted = "" if board.steps else areas.get(shown.area, "")
    part, later = _part([each for each in board.groups if wanted in ("", each[0])], shown.after)
    used = acts.apply.role_of(by.actor)
    return "plans/plan.html.j2", {
        **_maps(shown, board, areas),
        "board": board,
        "decisions": decisions,
        "groups": part,
        "rows": {f"row-{each.package_id}" for _, steps in part for step in steps for each in step.proposals},
        "later": later,
        "earlier": max(0, shown.after - A_PAGE) if shown.after else None,
        "shown": shown,
        "areas": [("", "All areas"), *areas.items()] if len(board.groups) > 1 else [],
        "may_apply": used is not None,
        "part_of_it": acts.apply.roles[used] if used else "",
        "may_explain": acts.read_explanation.role_of(by.actor) is not None,
        "last_step": max((each.number for _, steps in board.groups for each in steps), default=0),
    }


def _moves_anybody(shown: Shown) -> bool:
    return any(each["moved"] for each in shown.told["proposals"])


def _part(groups: list[tuple[str, list[Any]]], after: int) -> tuple[list[tuple[str, list[Any]]], int | None]:
    """So many steps as are on one page, with where the next page begins."""
    found, place = [], 0
    for name, steps in groups:
        inside = [each for number, each in enumerate(steps, start=place) if after <= number < after + A_PAGE]
        place += len(steps)
        if inside:
            found.append((name, inside))
    return found, after + A_PAGE if place > after + A_PAGE else None


def _offers_of(by: Caller, run_id: str) -> list[Json]:
    """The offers made of a run; none where the role may not read them."""
    if offers.list_offers.role_of(by.actor) is None:
        return []
    told = parts(lambda cursor: offers.list_offers(by, OffersQuery(run_id=run_id, cursor=cursor, limit=MOST)))
    return [each.model_dump(mode="json") for part in told for each in part.items]


VIEWS: Mapping[str, Callable[[Shown], tuple[str, Json]]] = {
    "allocate": _plan,
    "reoptimise": _plan,
    "relieve": _plan,
    "transfer": _transfer,
    "hand_back": _hand_back,
}
