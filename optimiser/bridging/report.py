"""The files of a bridge, checked as they are: nothing that the check does not confirm is handed on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
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
from optimiser.domain.words import hours, listed, people
from optimiser.io.folders import pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet


class BridgeNotConfirmedError(Exception):
    """The check does not confirm a bridge; ``faults`` say what it found."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} fault(s)")
        self.faults = faults


def checked_files(bridge: Bridge, record: Mapping[str, Any]) -> dict[str, bytes]:
    """The tables and the record (``bridge_record``), which the check reads. Raises ``BridgeNotConfirmedError``."""
    files = {
        "bridge.csv": spreadsheet(VISITS, visit_rows(bridge)),
        "people.csv": spreadsheet(PEOPLE, people_rows(bridge)),
        "trade-off.csv": spreadsheet(TRADE_OFF, trade_off_rows(bridge)),
        "instead.csv": spreadsheet(INSTEAD, instead_rows(bridge)),
        "others-waiting.csv": spreadsheet(OTHERS, other_rows(bridge)),
        "bridge.json": pretty(dict(record)),
    }
    if faults := bridge_faults(bridge.case.county, files):
        raise BridgeNotConfirmedError(faults)
    return files


def bridge_files(bridge: Bridge, run: Mapping[str, Any]) -> dict[str, bytes]:
    """All files. Raises ``BridgeNotConfirmedError`` when the check finds anything in them."""
    record = bridge_record(bridge)
    files = checked_files(bridge, record)
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
    told += _ties(bridge)
    explainer = Explainer(bridge)
    if odd := {name for plan in bridge.plans for name, option in plan.taken.items() if any(explainer.not_divisible(option))}:
        told.append(
            f"Visits of {people(len(odd))} come to minutes a week that no part of care can have (whole quarter hours): they"
            " cannot be divided off as they are. The explanation of each says what to do first."
        )
    reasons = Counter(reason for _, reason in case.others)
    told += [sentence.format(reasons[reason]) for reason, sentence in WHY_NOT.items() if reasons[reason]]
    told.append(
        "Hours left of a contract say how much it may take, not when in the week; what rounds have free is their staff's paid"
        " hours beyond their care, ways included, and may stand beside several people: each minute can be used once. Whether"
        " somebody can come at that time is for the provider to say."
    )
    return tuple(told)


def _ties(bridge: Bridge) -> Iterator[str]:
    """What no preference decides: alternatives that come to the same, and people who could change places."""
    together: dict[frozenset[str], list[str]] = defaultdict(list)
    for plan in bridge.plans:
        together[plan.visits].append(plan.name)
    yield from (f"{listed(names)} cover the same visits." for names in together.values() if len(names) > 1)
    for plan in bridge.plans:
        if plan.alike_plans:
            cover = "covers" if len(plan.alike_plans) == 1 else "cover"
            yield (
                f"By {plan.name} what {listed(plan.alike_plans)} {cover} is as good: it is alike on every preference of that"
                " order."
            )
    if tied := {name for plan in bridge.plans for name in plan.alike}:
        yield (
            f"{people(len(tied))} who {'is' if len(tied) == 1 else 'are'} left with less could have more in place of somebody"
            " else, alike on every preference of an order: a fixed order that favours nobody settled it, and the page names them,"
            " for a named person to choose. Where more than two people would change places it is not told."
        )


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
    return {
        **result_head(case.county.snapshot, command="bridge"),
        "chosen": None,
        "settings": case.settings.of_bridges(),
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
