"""The tables of a plan for a spreadsheet: its proposals, those left waiting, movements, areas, levels and who comes last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import Problem
from api.pages.csv_answers import Cell, csv_answer
from api.pages.guards import asked_for_now
from api.pages.names import area_names, provider_names
from api.pages.plans.one import RunId
from api.pages.plans.plan_board import Board, board_of
from api.runs import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Rows = Iterator[Sequence[Cell]]


def _proposals(board: Board) -> Rows:
    for _, steps in board.groups:
        for step in steps:
            for each in step.proposals:
                number = step.number or None
                yield number, each.package_id, each.leaves, each.to, each.tier, each.area, each.cost, each.miles, each.reason


def _left(board: Board) -> Rows:
    return ((each.package_id, each.area, each.reason) for each in board.left)


def _movements(board: Board) -> Rows:
    return ((each.leaves, each.to, each.people) for each in board.movements)


def _levels(board: Board) -> Rows:
    return ((each.name, each.value, each.bound, each.state, each.given) for each in board.levels)


def _who_comes_last(board: Board) -> Rows:
    return ((name, *line) for name, lines in board.last for line in lines)


def _areas(board: Board) -> Rows:
    names = HEADS["areas"]
    return ([getattr(each, "name" if head == "area" else head) for head in names] for each in board.areas)


HEADS = {
    "proposals": ("step", "package_id", "leaves", "goes_to", "tier", "area", "cost_a_week", "miles", "why"),
    "left": ("package_id", "area", "why"),
    "movements": ("from", "to", "people"),
    "areas": (
        "area_id", "area", "share_before", "share_after", "unmet_before", "unmet_after", "legacy_before", "legacy_after",
        "cost_after", "more_cost",
    ),
    "levels": ("level", "value", "no_plan_is_below", "how_far", "given_away"),
    "last": ("by", "group", "people", "placed", "left_waiting", "longest_wait_of_those"),
}  # fmt: skip
ROWS: dict[str, Callable[[Board], Rows]] = {
    "proposals": _proposals,
    "left": _left,
    "movements": _movements,
    "areas": _areas,
    "levels": _levels,
    "last": _who_comes_last,
}


@router.get("/plans/{run_id}/tables/{table}.csv")
def plan_table_csv(run_id: RunId, table: str, by: Annotated[Caller, may_see(acts.read_result)]) -> Response:
    """One of its tables, whole: what the page shows in parts. Reading it is an entry of the trail, as of the page."""
    if table not in ROWS:
        raise Problem("not_found", "A plan has no such table.")
    told: dict[str, Any] = orjson.loads(acts.read_result(by, run_id).body)
    if "page" in told["result"]:
        raise Problem("not_found", "This plan has no tables: its report is one page.")
    board = board_of(told, provider_names(by), {}, area_names(by))
    return csv_answer(f"{table}-of-plan", HEADS[table], ROWS[table](board))
