"""The files of a hand-back, checked as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from optimiser.domain import person_records
from optimiser.domain.dates import days_after
from optimiser.domain.words import hours, people
from optimiser.io.folders import pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet
from optimiser.rules.book import standard_rules
from optimiser.transferring.calendar import hand_back_notes
from optimiser.transferring.check.hand_back import hand_back_faults
from optimiser.transferring.handing_back.letters import hand_back_letters
from optimiser.transferring.handing_back.page import hand_back_page
from optimiser.transferring.handing_back.story import HandBack
from optimiser.transferring.letters_as_asked import post_files
from optimiser.transferring.letters_in_formats import files_in_formats
from optimiser.transferring.report import PlanNotConfirmedError
from optimiser.transferring.result_file import level_records

HAND_BACK = (
    "package_id", "round_id", "priority", "hours_per_week", "decision", "to_contract_id", "to_provider_id", "with_the_round",
    "served_until", "then_from", "own_plan_first", "reason", "letter",
)  # fmt: skip
SELF_FUNDERS = "People who pay for their own care are not in the data; the council's duty when a provider fails covers them too."
LIMITS_BIND = (
    "No staff are taken to come with the rounds, so that the new providers' own limits bind (setting handback_staff_come)."
)
NO_PLACE = (
    "No contract that may take this care has room for it. The council's duty goes on: a named officer must find care before the"
    " contract ends; until then the present provider serves."
)


def checked_files(plan: HandBack, rows: Sequence[Mapping[str, object]], record: Mapping[str, Any]) -> dict[str, bytes]:
    """The table (``hand_back_rows``), which the check reads, and the record. Raises ``PlanNotConfirmedError``."""
    files = {"hand-back.csv": spreadsheet(HAND_BACK, rows), "result.json": pretty(dict(record))}
    if faults := hand_back_faults(plan.county, plan.policy, plan.contract_ids, files["hand-back.csv"]):
        raise PlanNotConfirmedError(faults)
    return files


def hand_back_files(
    plan: HandBack, run: Mapping[str, Any], *, contact: str | None = None, forms: Collection[str] = ()
) -> dict[str, bytes]:
    """All files; ``contact``: whom letters name; ``forms``: what letters are made as beside their pages.

    Raises ``PlanNotConfirmedError`` when the check finds anything in them.
    """
    post, rows = hand_back_letters(plan), hand_back_rows(plan)
    return (
        checked_files(plan, rows, hand_back_record(plan))
        | post_files(plan.county, post, contact)
        | files_in_formats(plan.county, post, forms, contact)
        | {"hand-back.html": hand_back_page(plan, rows, notes(plan)), "run.json": pretty(dict(run))}
    )


def hand_back_rows(plan: HandBack) -> list[dict[str, object]]:
    """A row per person on the contract."""
    kinds = {letter.package_id: letter.kind for letter in hand_back_letters(plan)}
    return [_row(plan, member, kinds) for member in plan.members]


def notes(plan: HandBack) -> tuple[str, ...]:
    """What a reader of the plan has to know."""
    holidays = (*hand_back_notes(plan.day.values(), plan.policy), *_prices_that_change(plan), *_told_of_waived(plan))
    if not plan.policy.handback_staff_come:
        return (SELF_FUNDERS, LIMITS_BIND, *holidays)
    staff_of = {each.round_id: each.staff for each in plan.county.snapshot.rounds}
    staff = [staff_of.get(name) for name in plan.whole_rounds]
    unknown = staff.count(None)
    more = f" (and those of {unknown} round{'s' * (unknown > 1)} whose staff are not known)" if unknown else ""
    return (
        SELF_FUNDERS,
        "The new providers' own limits are no bar to whole rounds: this assumes that"
        f" {sum(filter(None, staff))} staff come with them{more}.",
        *holidays,
    )


def _prices_that_change(plan: HandBack) -> list[str]:
    """That somebody's price on their day is not tomorrow's, by which the places were compared."""
    tomorrow, rates = days_after(plan.county.as_of, 1), plan.county.rates_pence
    count = plan.county.people(
        member
        for member, option in plan.placed.items()
        if rates(plan.contract_of(member), plan.day[member]) != rates(option.contract, tomorrow)
    )
    return [f"For {people(count)} the price on their day is another than tomorrow's, by which costs were compared."] * bool(count)


def _told_of_waived(plan: HandBack) -> list[str]:
    """How many people move against each rule that a contract that is handed back overrides, where that is told."""
    against: dict[str, list[int]] = defaultdict(list)
    for member in plan.placed:
        for said in waived(plan, member):
            against[said].append(member)
    return [f"{people(plan.county.people(members))}: {said[0].lower()}{said[1:]}" for said, members in sorted(against.items())]


def _row(plan: HandBack, member: int, kinds: Mapping[str, str]) -> dict[str, object]:
    person, option = plan.county.packages[member], plan.placed.get(member)
    row: dict[str, object] = {
        "package_id": person.package_id,
        "round_id": person.round_id,
        "priority": person.priority,
        "hours_per_week": hours(person.minutes_per_week),
        "decision": "no place yet" if option is None else "moves",
        "own_plan_first": str(plan.needs_own_plan(member)).lower(),
        "reason": NO_PLACE,
        "letter": kinds[person.package_id],
    }
    if option is not None:
        to, day = plan.county.contracts[plan.contract_of(member)], plan.day[member]
        how = "The round goes whole." if option.whole else "Nobody can take the whole round, so its people go apart."
        row |= {
            "to_contract_id": to.contract_id,
            "to_provider_id": to.provider_id,
            "with_the_round": str(option.whole).lower(),
            "served_until": day,
            "then_from": day,
            "reason": " ".join((how, *waived(plan, member))),
        }
    return row


def waived(plan: HandBack, member: int) -> list[str]:
    """What is told of the rules that somebody moves against on their day."""
    that_day = plan.county.moving_on(plan.day[member], move_pending=True, move=person_records.HAND_BACK)
    return [
        rule.told_when_waived
        for rule in standard_rules().eligibility
        if rule.told_when_waived and not rule.passes(that_day, np.array([member]))[0, plan.contract_of(member)]
    ]


def hand_back_record(plan: HandBack) -> dict[str, Any]:
    """What ``result.json`` of a hand-back says."""
    county = plan.county
    without = plan.without_a_place
    return {
        **result_head(county.snapshot, command="hand-back"),
        "contract_id": " + ".join(plan.contract_ids),
        "people": county.people(plan.members),
        "placed": county.people(plan.placed),
        "without_a_place": county.people(without),
        "hours_without_a_place": hours(sum(county.packages[member].minutes_per_week for member in without)),
        "levels": level_records(plan.levels),
        "rounds_whole": list(plan.whole_rounds),
        "notes": list(notes(plan)),
    }
