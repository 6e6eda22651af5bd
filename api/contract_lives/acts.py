"""The acts on the life of a contract, and the letters that put right what was written before."""

from __future__ import annotations

from typing import Any

import orjson

from api.acts.act import Caller, Size, act, only
from api.contract_lives import awarding, going_live, lengths, withdrawing
from api.contract_lives.deeds import OF_PLANS, WHO, lived
from api.contract_lives.letters import LettersQuery, letter_json
from api.contract_lives.schemas import EarlyEnd, Extension, GoLive, Withdrawal
from api.http.paging import Page
from api.http.responses import Shown
from api.offers.lapsing import OF_SWEEPS
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.state.stored_records import LETTERS


@act("contracts.extend", WHO, writes=("contracts.extend", *OF_SWEEPS), changes=True)
def extend(by: Caller, contract_id: str, asked: Extension, if_match: str | None, dry_run: bool = False) -> Shown:
    """A contract is extended, by somebody's authority and as far as it allows."""
    return lived(by, "contracts", contract_id, if_match, dry_run, lambda change, it: lengths.extend(change, it, asked))


@act("contracts.end_early", WHO, writes=("contracts.end_early", *OF_SWEEPS), changes=True)
def end_early(by: Caller, contract_id: str, asked: EarlyEnd, if_match: str | None, dry_run: bool = False) -> Shown:
    """A contract ends before its day, with notice; nobody's care ends by it, and who needs another place is told."""
    return lived(by, "contracts", contract_id, if_match, dry_run, lambda change, it: lengths.end_early(change, it, asked))


@act("contracts.award_anew", WHO, writes=("contracts.award_anew", *OF_SWEEPS), changes=True, takes=Size.LIST)
def award_anew(by: Caller, contract_id: str, asked: Any, if_match: str | None, dry_run: bool = False) -> Shown:
    """Another provider is awarded what a contract covers once it ends; care comes to it by a transfer."""
    return lived(by, "contracts", contract_id, if_match, dry_run, lambda change, it: awarding.award_anew(change, it, asked))


@act(
    "contracts.withdraw", WHO, writes=("contracts.withdraw", "run.request", *OF_PLANS, *OF_SWEEPS), changes=True, takes=Size.LIST
)
def withdraw(by: Caller, contract_id: str, asked: Withdrawal, if_match: str | None, dry_run: bool = False) -> Shown:
    """A principal steps back: whoever was to move stays, letters are put right, and a new plan is asked for."""
    return lived(
        by,
        "contracts",
        contract_id,
        if_match,
        dry_run,
        lambda change, it: withdrawing.withdraw(change, it, asked, by.settings, dry_run=dry_run),
    )


@act("areas.move_go_live", WHO, writes=("areas.move_go_live", *OF_PLANS, *OF_SWEEPS), changes=True)
def move_go_live(by: Caller, area_id: str, asked: GoLive, if_match: str | None, dry_run: bool = False) -> Shown:
    """An area goes live on another day, by somebody's authority: plans that no longer hold are marked, letters put right."""
    return lived(
        by,
        "areas",
        area_id,
        if_match,
        dry_run,
        lambda change, it: going_live.move_go_live(change, it, asked, dry_run=dry_run),
    )


@act("letters.list", only(TRANSITION, PLANNER, ADMIN), writes=("letters.list",))
def list_letters(by: Caller, query: LettersQuery) -> Page[bytes]:
    """Letters that put right what a plan's letters said, a page at a time, in the order of their people."""
    bodies = (stored.body for stored in by.store.state().stock[LETTERS].values())
    wanted = (body for body in bodies if query.run_id in (None, body["run_id"]))
    page = by.page(wanted, lambda body: (body["package_id"], body["letter_id"]), query.limit, query.cursor)
    by.read("letters.list", "letters", details={"package_ids": [body["package_id"] for body in page.items]})
    return Page([orjson.dumps(letter_json(body)) for body in page.items], page.next_cursor)
