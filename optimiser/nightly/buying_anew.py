"""By when what follows a contract must have got somewhere: dates counted backwards from the end of every contract that nothing
takes over from. The records do not say what has been done already: a date that has passed is late unless it was kept.

Our reading, by the settings of procurement: notice to the staff, before it a standstill, before it the call-in of the decision to
award, before it the notice of that key decision and the tender. Where a date is no day of work, the day of work before it holds.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from optimiser.county.succession import Succession
from optimiser.domain.dates import days_after, months_after, working_day_up_to, working_days_before
from optimiser.domain.policy import ProcurementSettings
from optimiser.domain.records import Contract
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import hours
from optimiser.nightly.ahead import Care, care_by_contract

STEPS = {
    "tender": "the tender begins",
    "key_decision_notice": "the key decision notice is published",
    "decision": "the decision to award is taken",
    "award_notice": "the award notice is published and the standstill begins",
    "staff_notice": "notice to the staff begins, if their employment goes over (TUPE)",
}
"""What has to be done, in its order."""


def steps_before(ends: dt.date, regime: str, settings: ProcurementSettings) -> dict[str, dt.date]:
    """Per step the last day on which it can be done, for care that is to go on at an end (the first day no longer covered)."""
    staff = working_day_up_to(days_after(ends, -settings.tupe_days))
    if regime == "pcr_2015":
        last_of_standstill = working_days_before(staff, 1)
        award = working_day_up_to(days_after(last_of_standstill, -settings.standstill_days))
    else:
        award = working_days_before(staff, settings.standstill_working_days)
    decision = working_days_before(award, settings.call_in_working_days + 1)
    notice = working_day_up_to(days_after(decision, -settings.key_decision_clear_days - 1))
    tender = working_day_up_to(days_after(decision, -settings.tender_days))
    return dict(zip(STEPS, (tender, notice, decision, award, staff), strict=True))


def dates_to_keep(snapshot: Snapshot) -> list[dict[str, Any]]:
    """A row per lot that ends and date: those that have passed first, then what is due within ``gap_months``, by date.

    A lot: the contracts of one tier, area, service and regime that end on one day. ``people`` and ``hours_per_week`` are those of
    the care that runs on them today. Where another's contract is the area's principal from the end on, the tender is over, and
    only the notice to the staff is left.
    """
    settings, as_of = snapshot.procurement, snapshot.as_of
    horizon = months_after(as_of, settings.gap_months)
    care, rows = care_by_contract(snapshot), []
    for lot, contracts in _lots(snapshot).items():
        ends, _, _, _, regime = lot
        about = _about(snapshot, contracts, regime, care)
        for step, day in steps_before(ends, regime, settings).items():
            if (step == "staff_notice" or not about["awarded_to"]) and day < horizon:
                when = {"date": str(day), "in_days": (day - as_of).days, "late": day < as_of}
                rows.append({**when, "step": step, "what": STEPS[step], **about})
    order = list(STEPS)
    return sorted(rows, key=lambda row: (row["date"], order.index(row["step"]), row["ends"], row["contract_ids"]))


Lot = tuple[dt.date, str, str, str, str]


def _lots(snapshot: Snapshot) -> dict[Lot, list[Contract]]:
    """The contracts that have not ended, have an end, and no successor: together where they can be bought anew together."""
    succession = Succession.of(snapshot.contracts)
    lots: dict[Lot, list[Contract]] = defaultdict(list)
    for each in snapshot.contracts:
        if each.ends is not None and not each.has_ended(snapshot.as_of) and each.contract_id not in succession.successor:
            regime = each.regime or snapshot.procurement.regime
            lots[each.ends, each.tier, each.area_id, each.service, regime].append(each)
    return lots


def _about(snapshot: Snapshot, contracts: list[Contract], regime: str, care: Care) -> dict[str, Any]:
    name = {provider.provider_id: provider.name for provider in snapshot.providers}
    people, minutes = care
    one = contracts[0]
    return {
        "ends": str(one.ends),
        "tier": one.tier,
        "area_id": one.area_id,
        "service": one.service,
        "regime": regime,
        "contract_ids": [each.contract_id for each in contracts],
        "providers": sorted({name[each.provider_id] for each in contracts}),
        "awarded_to": [name[each.provider_id] for each in _principals_after(snapshot, one)],
        "people": len(set().union(*(people[each.contract_id] for each in contracts))),
        "hours_per_week": hours(sum(minutes[each.contract_id] for each in contracts)),
    }


def _principals_after(snapshot: Snapshot, ending: Contract) -> Iterator[Contract]:
    """The principal contract of the area that is in force once this one, a principal's, has ended."""
    for each in snapshot.contracts:
        same = (each.tier, each.area_id) == (ending.tier, ending.area_id) and ending.tier == "principal"
        if same and ending.ends is not None and each.in_force(ending.ends):
            yield each
