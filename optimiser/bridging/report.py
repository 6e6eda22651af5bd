"""The files of a bridge, checked as they are: nothing that the check does not confirm is handed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson

from optimiser.bridging.by_group import by_group
from optimiser.bridging.check import bridge_faults
from optimiser.bridging.explain import Explainer
from optimiser.bridging.page import bridge_page
from optimiser.bridging.story import Bridge
from optimiser.bridging.tables import (
    INSTEAD,
    OTHERS,
    PEOPLE,
    TRADE_OFF,
    VISITS,
    instead_rows,
    other_rows,
    people_rows,
    trade_off_rows,
    visit_rows,
)
from optimiser.bridging.urgent_visits import MOST_APART
from optimiser.domain.level_result import level_record
from optimiser.domain.words import hours, people
from optimiser.io.folders import pretty
from optimiser.io.spreadsheets import spreadsheet
from optimiser.version import FORMAT, SOFTWARE


class BridgeNotConfirmedError(Exception):
    """The check does not confirm a bridge; ``faults`` say what it found."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} fault(s)")
        self.faults = faults


def bridge_files(bridge: Bridge, run: Mapping[str, Any]) -> dict[str, bytes]:
    """The files. Raises ``BridgeNotConfirmedError`` when the check finds anything in them."""
    record = bridge_record(bridge)
    files = {
        "bridge.csv": spreadsheet(VISITS, visit_rows(bridge)),
        "people.csv": spreadsheet(PEOPLE, people_rows(bridge)),
        "trade-off.csv": spreadsheet(TRADE_OFF, trade_off_rows(bridge)),
        "instead.csv": spreadsheet(INSTEAD, instead_rows(bridge)),
        "others-waiting.csv": spreadsheet(OTHERS, other_rows(bridge)),
        "bridge.json": pretty(record),
    }
    if faults := bridge_faults(bridge.case.county, files):
        raise BridgeNotConfirmedError(faults)
    explainer = Explainer(bridge)
    in_order = sorted(bridge.case.people, key=lambda person: person.person_id)
    explained = (orjson.dumps(explainer.record(person), option=orjson.OPT_APPEND_NEWLINE) for person in in_order)
    return files | {
        "explanations.jsonl": b"".join(explained),
        "bridge.html": bridge_page(bridge, record, explainer),
        "run.json": pretty(dict(run)),
    }


NOT_CHOSEN = (
    "Nothing is chosen here, nobody has been asked, and nobody's care has changed: a named person chooses and records why."
)
ONE_PROVIDER = (
    "Each person's visits that are covered go to one provider, each visit with all its care workers, on all of its days:"
    " nobody has two bridges, and no visit two providers."
)


NOT_FOR_ITS_PRICE = (
    "Cost and travel decide nothing about who has a visit: nobody is passed over for being dear or far. The same visits are made"
    " from nearer where there is room."
)


def notes(bridge: Bridge) -> tuple[str, ...]:
    """What a reader has to know."""
    case, told = bridge.case, [NOT_CHOSEN, ONE_PROVIDER, NOT_FOR_ITS_PRICE]
    settings = case.settings
    if unknown := sum(not person.if_missed for person in case.people):
        told.append(
            f"What a missed visit would do is not recorded for {people(unknown)}: they count as {settings.bridge_not_recorded}"
            " (setting bridge_not_recorded). Record it (if_missed), so that the hours there are go where they matter most."
        )
    if unsaid := sum(not each.visit.needs for person in case.people for each in person.visits):
        told.append(
            f"{unsaid} of the visits do not say what they are for: they count as visits that cannot wait (setting"
            " bridge_unrecorded_visits). Record it (needs), so that those come first that cannot wait."
        )
    if many := sum(len(person.visits) > MOST_APART for person in case.people):
        told.append(
            f"More than {MOST_APART} visits that cannot wait are those of {people(many)}: of theirs, some that stand beside each"
            " other are covered together or not at all."
        )
    reasons = Counter(reason for _, reason in case.others)
    told += [sentence.format(reasons[reason]) for reason, sentence in WHY_NOT.items() if reasons[reason]]
    told.append(
        "Hours left of a contract say how much it may take, not when in the week; what rounds have free is their staff's paid"
        " hours beyond their care, ways included, and may stand beside several people: each minute can be used once. Whether"
        " somebody can come at that time is for the provider to say."
    )
    return tuple(told)


WHY_NOT = {
    "asked": "Not in it, as providers are asked for them and their hours are held: packages of care {}.",
    "accepted": "Not in it, as a provider has said yes: packages of care {}. They wait until the first visit.",
    "due_later": "Not in it, as care is due later than the setting bridge_ahead_days: packages of care {}.",
    "visits_not_known": "Not in it, as their visits are not in the data: packages of care {}. Ask what cannot wait; record it.",
    "can_wait": "Not in it, as none of their visits is for what cannot wait: packages of care {}.",
}
"""Of whoever waits and is not in it, by the reason."""


def bridge_record(bridge: Bridge) -> dict[str, Any]:
    """What ``bridge.json`` says: the same bytes for the same input and settings."""
    case = bridge.case
    settings = case.settings
    return {
        "format": FORMAT,
        "software": SOFTWARE,
        "command": "bridge",
        "snapshot_digest": case.county.snapshot.digest(),
        "as_of": str(case.county.as_of),
        "chosen": None,
        "settings": {
            "bridge_days": settings.bridge_days,
            "bridge_ahead_days": settings.bridge_ahead_days,
            "bridge_needs": list(settings.bridge_needs),
            "bridge_unrecorded_visits": settings.bridge_unrecorded_visits,
            "bridge_not_recorded": settings.bridge_not_recorded,
        },
        "complete": bridge.stopped == "no",
        "people": len(case.people),
        "hours_that_cannot_wait": hours(case.urgent_minutes),
        "people_for_whom_alternatives_differ": sum(map(bridge.differs, case.people)),
        "alternatives": [
            {
                "alternative": plan.name,
                "sentence": plan.alternative.sentence,
                "hours_covered": hours(sum(map(plan.minutes, case.people))),
                "by_harm": [row for row in trade_off_rows(bridge) if row["alternative"] == plan.name],
                "by_group": by_group(bridge, plan),
                "levels": [level_record(level) for level in plan.levels],
            }
            for plan in bridge.plans
        ],
        "instead": instead_rows(bridge),
        "others_waiting": dict(sorted(Counter(reason for _, reason in case.others).items())),
        "notes": list(notes(bridge)),
    }
