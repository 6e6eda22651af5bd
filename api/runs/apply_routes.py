"""A plan's proposals become offers."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter

from api.http.errors import Problem, declare
from api.http.findings import FindingBody
from api.runs.apply_schemas import AppliedBody, ApplyAnswer, ApplyRequest, RefusedBody
from api.runs.applying import Applying, Wish, apply_wishes
from api.runs.requesting import NO_SUCH_RUN
from api.runs.routes import NO_RESULT, RunId
from api.runs.stored_runs import result_of, run_of
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.security.signing_in import may
from api.service import TheService
from api.storage.audit import Actor
from api.storage.engine import reading

router = APIRouter(prefix="/v1/runs", tags=["runs"])
EVIDENCE_ONLY = declare("evidence_only", 409, "A transfer's plan is evidence for decisions and is not applied line by line")
NOT_BY_LINE = "Its rounds move whole, on their day, each person by a recorded decision: ask for each move as an offer then."
ANOTHER_PLAN = declare("another_plan", 409, "The run's plan is not the one that this request names")
Person = Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)]


@router.post("/{run_id}/apply", summary="Make offers of a plan's proposals")
def apply(actor: Person, service: TheService, run_id: RunId, asked: ApplyRequest) -> ApplyAnswer:
    """Every proposal is judged again on the county as it is now. What changed since is refused one by one with its reason, the
    rest is done, all in one transaction; sending it again does nothing twice. ``accepted`` records what was agreed already."""
    with reading(service.store.engine) as connection:
        run, result = run_of(connection, run_id), result_of(connection, run_id)
    if run is None:
        raise Problem("not_found", NO_SUCH_RUN)
    if result is None:
        raise Problem(NO_RESULT, "It has no plan to apply: see its status.")
    if run.row.kind == "transfer":
        raise Problem(EVIDENCE_ONLY, NOT_BY_LINE)
    if run.row.plan_digest != asked.plan_digest:
        raise Problem(ANOTHER_PLAN, "Look at the run's result, and send the plan_digest that stands there.")
    accepted, evidence, decisions = asked.done_as == "accepted", asked.evidence or "", asked.social_work_decisions
    applying = Applying(run_id, run.row.state_version, accepted, evidence, decisions)
    wishes = _wishes(orjson.loads(result)["proposals"], asked)
    applied, refused = apply_wishes(service.store, service.settings, actor, applying, wishes)
    return ApplyAnswer(
        run_id=run_id,
        plan_digest=asked.plan_digest,
        applied=[AppliedBody(**vars(each)) for each in applied],
        refused=[
            RefusedBody(**{**vars(each), "findings": [FindingBody.of(finding) for finding in each.findings]}) for each in refused
        ],
    )


def _wishes(proposals: list[dict[str, Any]], asked: ApplyRequest) -> list[Wish]:
    """What is asked for, each package once; those of steps in the steps' order, who moves before who is placed."""
    known = {str(each["package_id"]): each for each in proposals}
    if asked.steps is not None:
        order = {step: place for place, step in enumerate(asked.steps)}
        in_steps = [each for each in known.values() if each.get("step") in order]
        in_steps.sort(key=lambda each: (order[each["step"]], not each["moved"], str(each["package_id"])))
        chosen = [str(each["package_id"]) for each in in_steps]
    elif asked.package_ids == "all":
        chosen = [package_id for package_id, each in known.items() if each["contract_id"] is not None]
    else:
        chosen = sorted(set(asked.package_ids or ()))
    return [_wish(package_id, known.get(package_id, {})) for package_id in chosen]


def _wish(package_id: str, proposal: dict[str, object]) -> Wish:
    contract_id = proposal.get("contract_id")
    return Wish(package_id, None if contract_id is None else str(contract_id), bool(proposal.get("moved")))
