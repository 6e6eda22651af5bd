"""The files of a relief, checked as they are: nothing that the check does not confirm is handed on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from optimiser.domain.records import HARMS
from optimiser.domain.words import hours, hours_per_4w, people
from optimiser.io.folders import pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet
from optimiser.transferring.check.relief import relief_faults
from optimiser.transferring.handing_back.report import SELF_FUNDERS
from optimiser.transferring.letters import Letter
from optimiser.transferring.letters_as_asked import post_files
from optimiser.transferring.letters_in_formats import files_in_formats
from optimiser.transferring.relieving.explain import Explainer
from optimiser.transferring.relieving.letters import relief_letters
from optimiser.transferring.relieving.page import relief_page
from optimiser.transferring.relieving.story import Relief
from optimiser.transferring.relieving.tables import (
    RELIEF,
    ROUNDS,
    UNCOVERED_VISITS,
    Row,
    relief_rows,
    round_rows,
    uncovered_visit_rows,
)
from optimiser.transferring.report import PlanNotConfirmedError
from optimiser.transferring.result_file import level_records


@dataclass(frozen=True)
class Checked:
    """A relief that the check confirms, with what was made of it for that."""

    explainer: Explainer
    letters: list[Letter]
    rows: list[Row]
    """Of ``relief.csv``."""
    rounds: list[Row]
    visits: list[Row]
    record: dict[str, Any]
    """What ``result.json`` says."""
    files: dict[str, bytes]

    def __repr__(self) -> str:
        return f"<Checked relief of {len(self.rows)} people>"


def checked(plan: Relief) -> Checked:
    """The tables and the record, which the check reads. Raises ``PlanNotConfirmedError`` when it finds anything in them."""
    case, explainer, post = plan.case, Explainer(plan), relief_letters(plan)
    rows = relief_rows(plan, explainer, {letter.package_id: letter for letter in post})
    of_rounds, of_visits, record = round_rows(plan), uncovered_visit_rows(plan), relief_record(plan)
    files = {
        "relief.csv": spreadsheet(RELIEF, rows),
        "relief-rounds.csv": spreadsheet(ROUNDS, of_rounds),
        "uncovered-visits.csv": spreadsheet(UNCOVERED_VISITS, of_visits),
        "result.json": pretty(record),
    }
    if faults := relief_faults(plan.before, case.policy, case.losses, case.day, files):
        raise PlanNotConfirmedError(faults)
    return Checked(explainer, post, rows, of_rounds, of_visits, record, files)


def relief_files(
    plan: Relief, run: Mapping[str, Any], *, contact: str | None = None, forms: Collection[str] = ()
) -> dict[str, bytes]:
    """The files; ``contact``: whom letters name; ``forms``: what letters are made as beside their pages.

    Raises ``PlanNotConfirmedError`` when the check finds anything in them.
    """
    case, made = plan.case, checked(plan)
    in_order = sorted(case.members, key=lambda member: case.county.packages[member].package_id)
    explained = (orjson.dumps(made.explainer.record(member), option=orjson.OPT_APPEND_NEWLINE) for member in in_order)
    return (
        made.files
        | post_files(case.county, made.letters, contact)
        | files_in_formats(case.county, made.letters, forms, contact)
        | {
            "explanations.jsonl": b"".join(explained),
            "relief.html": relief_page(plan, made.rows, made.rounds, made.visits, notes(plan)),
            "run.json": pretty(dict(run)),
        }
    )


def notes(plan: Relief) -> tuple[str, ...]:
    """What a reader of the plan has to know."""
    case = plan.case
    unknown = [member for member in case.members if not case.county.packages[member].if_missed]
    counted = case.policy.relieve_not_recorded
    told = [SELF_FUNDERS, WHOLE_PACKAGES]
    if unknown:
        told.append(
            f"What a missed visit would do is not recorded for {people(case.county.people(unknown))}: they are treated as"
            f" {counted} (setting relieve_not_recorded). Record it (if_missed), so that the hours left go where they matter most."
        )
    if waiting := _promised(plan):
        told.append(
            f"With who can deliver less there are offers, open or accepted, for {people(waiting)} whose care has not begun."
            " The hours left are counted for running care alone: ask each of these providers again whether the offer holds."
        )
    against: dict[str, list[int]] = defaultdict(list)
    for member in plan.moved:
        for said in Explainer(plan).waived(member):
            against[said].append(member)
    told += [f"{people(case.county.people(members))}: {said[0].lower()}{said[1:]}" for said, members in sorted(against.items())]
    return tuple(told)


WHOLE_PACKAGES = "Care is kept, moved or left uncovered by whole packages: nobody's visits are shared between two providers."


def _promised(plan: Relief) -> int:
    """People with an offer, accepted or not answered yet, on what can no longer be delivered in full."""
    case, offers = plan.case, plan.case.county.offers_in_force
    asked = {name: (contract,) for name, contract in offers.accepted.items()} | dict(offers.pending)
    return case.county.people(
        case.county.package_index[name]
        for name, contracts in asked.items()
        if any(loss.concerns(case.county, contract) for loss in case.losses for contract in contracts)
    )


def relief_record(plan: Relief) -> dict[str, Any]:
    """What ``result.json`` says: the same bytes for the same input and settings."""
    case = plan.case
    county = plan.before
    return {
        **result_head(county.snapshot, command="relieve"),
        "from": str(case.day),
        "losses": [
            {
                loss.kind: loss.subject,
                "hours_4w": hours_per_4w(loss.minutes),
                "hours_4w_now": hours_per_4w(sum(case.minutes(m) for m in case.members if case.loss_of[m] == place)),
                "hours_4w_kept": hours_per_4w(sum(case.minutes(m) for m in plan.kept if case.loss_of[m] == place)),
            }
            for place, loss in enumerate(case.losses)
        ],
        "settings": {name: getattr(case.policy, name) for name in ("relieve_not_recorded", "relieve_protected_covered_first")},
        "complete": plan.stopped == "no",
        "people": county.people(case.members),
        "kept": county.people(plan.kept),
        "moved": county.people(plan.moved),
        "uncovered": county.people(plan.uncovered),
        "by_harm": [_of_harm(plan, harm) for harm in HARMS],
        "decisions_pending": county.people(filter(plan.is_pending, plan.moved)),
        "own_plan_first": county.people(filter(plan.needs_own_plan, plan.moved)),
        "levels": level_records(plan.levels),
        "rounds_whole": [round_id for round_id in case.rounds if plan.is_whole(round_id)],
        "rounds_broken": [round_id for round_id in case.rounds if not plan.is_whole(round_id)],
        "notes": list(notes(plan)),
    }


def _of_harm(plan: Relief, harm: str) -> dict[str, Any]:
    those = [member for member in plan.case.members if plan.case.harm(member) == harm]
    count = plan.case.county.people
    return {
        "if_missed": harm,
        "people": count(those),
        "kept": count(m for m in those if plan.is_kept(m)),
        "moved": count(m for m in those if plan.moves(m)),
        "uncovered": count(m for m in those if plan.is_uncovered(m)),
        "hours_uncovered": hours(sum(plan.case.minutes(m) for m in those if plan.is_uncovered(m))),
    }
