"""What to plan next once a contract, or an area's go-live, is another: ready to be asked for, or asked for at once."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from api.contract_lives.plans_made import PlanMade, PlannedRound, has_moved
from api.contract_lives.schemas import NewPlan, NextCall
from api.runs.acts import STARTERS
from api.runs.requesting import queue_run
from api.runs.schemas import RunSettings
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from optimiser.county import NOWHERE
from optimiser.domain.dates import months_after
from optimiser.transferring.targets import areas_with_a_principal

Json = dict[str, Any]


def call(why: str, kind: str, settings: Json) -> NextCall:
    """A run that whoever plans may ask for as it stands."""
    body = {"kind": kind, "settings": {kind: settings}}
    return NextCall(why=why, method="POST", address="/v1/runs", body=body, roles=list(STARTERS))


def hand_back_call(contract_id: str) -> NextCall:
    return call("Where everybody on it goes, urgent people first.", "transfer", {"hand_back_of": contract_id})


def transfer_call(area_ids: Sequence[str]) -> NextCall:
    return call("Which rounds move to the new principal, and when.", "transfer", {"area_ids": list(area_ids)})


def without(state: State, plan: PlanMade, made: Iterable[PlanMade], contract_id: str) -> Json | None:
    """Settings of a transfer that leaves a contract out and changes nothing else that it need not; None where no area is left.

    Rounds that move within the lead time are taken as agreed, as everybody knows of them; who has moved is history.
    """
    opening = months_after(state.as_of, state.snapshot.transfer.lead_months).isoformat()
    found = _rest_of(state, plan, made)
    if found is None:
        return None
    settings, rounds = found
    today = state.as_of.isoformat()
    to_come = [each for each in rounds if not each.day or each.day > today]
    kept = [each for each in to_come if each.day and each.contract_id != contract_id]
    earlier = dict.fromkeys((each.round_id for each in to_come), None) | {each.round_id: each.day for each in kept}
    return settings | {"earlier": earlier, "agreed": {each.round_id: each.day for each in kept if each.day < opening}}


def with_another_go_live(
    state: State, plan: PlanMade, made: Iterable[PlanMade], area_id: str, go_live: dt.date | None
) -> Json | None:
    """Settings of a transfer that plans anew what an area's go-live no longer allows: all else is agreed and stays."""
    found = _rest_of(state, plan, made)
    if found is None:
        return None
    settings, rounds = found
    today, opens = state.as_of.isoformat(), "" if go_live is None else go_live.isoformat()
    stands = (each for each in rounds if each.day > today and (each.area_id != area_id or (opens and each.day >= opens)))
    return settings | {"agreed": {each.round_id: each.day for each in stands}}


def _rest_of(state: State, plan: PlanMade, made: Iterable[PlanMade]) -> tuple[Json, list[PlannedRound]] | None:
    """The areas of a plan that have a principal, with the moves made before; and their rounds. None: there is no such area."""
    areas = sorted(set(areas_with_a_principal(state.snapshot)) & (plan.areas or frozenset()))
    if not areas:
        return None
    recut = bool(plan.run.settings.get("transfer", {}).get("recut"))
    settings = {"area_ids": areas, "recut": recut, "history": _history(state, made)}
    return settings, [each for each in plan.rounds if each.area_id in areas]


def _history(state: State, made: Iterable[PlanMade]) -> list[Json]:
    """The moves of earlier plans that have taken place; of somebody in several the newest plan's."""
    county, found = state.county, dict[str, Json]()
    for plan in made:
        for move in plan.moves:
            if move.on <= state.as_of and move.package_id not in found and has_moved(state, move):
                found[move.package_id] = {
                    "date": move.on.isoformat(),
                    "package_id": move.package_id,
                    "from_provider_id": move.from_provider_id,
                    "hours_per_week": int(county.minutes[county.package_index[move.package_id]]) / 60,
                }
    return [found[name] for name in sorted(found)]


def after_a_withdrawal(state: State, contract_id: str, plan: PlanMade | None, made: Sequence[PlanMade]) -> list[NextCall]:
    """What has to be planned anew: the rest of the plan, the care that runs on the contract, who waits in its area."""
    county = state.county
    index, calls = county.contract_index[contract_id], list[NextCall]()
    if plan is not None and (settings := without(state, plan, made, contract_id)) is not None:
        calls.append(call("The rest of the plan, as close to it as can be.", "transfer", settings))
    if (county.running_on == index).any():
        calls.append(hand_back_call(contract_id))
    area = county.contracts[index].area_id
    waits = (on == NOWHERE and county.packages[package].area_id == area for package, on in enumerate(county.running_on))
    if any(waits):
        calls.append(call("Who else takes those who wait in the area.", "allocate", {"part": {"area_ids": [area]}}))
    return calls


def ask_for(change: Change, settings: Settings, calls: Iterable[NextCall], *, dry_run: bool) -> list[NewPlan]:
    """The runs wait in the queue; of a dry run they are told."""
    told = []
    for each in calls:
        kept = RunSettings.model_validate({**each.body["settings"], "wall_seconds": settings.replan_seconds}).as_kept()
        run_id = None if dry_run else queue_run(change, f"new-plan-{secrets.token_hex(8)}", each.body["kind"], kept)
        told.append(NewPlan(run_id=run_id, why=each.why))
    return told
