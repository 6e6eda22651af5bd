"""A bridge: which visits that cannot wait can still be covered today, in three alternatives. It chooses none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from api.http.errors import declare
from api.runs.kinds.allocate import effort_of
from api.runs.kinds.kind import Kind, Outcome, Task
from api.runs.kinds.transfer import lines_of
from api.runs.stored_runs import pack

if TYPE_CHECKING:
    from optimiser.bridging.story import Bridge

NOT_CHOSEN = declare("bridge_is_chosen_by_a_person", 409, "A bridge shows alternatives: a named person chooses for each person")
HOW = (
    "A bridge is evidence for a choice, and does nothing by itself. A named person records it for each person at"
    " /v1/packages/{package_id}/meanwhile/choice, divides the visits off by a call-off of the kind part (all of a"
    " package's are asked for as they are), and asks the provider."
)


def work(task: Task) -> Outcome:
    """The alternatives, confirmed by the check. Raises what the engine raises of a defect of its own."""
    from optimiser.bridging.report import BridgeNotConfirmedError, bridge_record, checked_files
    from optimiser.bridging.story import plan_bridge
    from optimiser.judging.checking import DisagreementError

    bridge = plan_bridge(task.snapshot, effort=effort_of(task), report=task.report, should_stop=task.should_stop)
    record = bridge_record(bridge)
    try:
        checked_files(bridge, record)
    except BridgeNotConfirmedError:
        raise DisagreementError("the check does not confirm a bridge") from None
    return _outcome(bridge, record)


def _outcome(bridge: Bridge, record: Mapping[str, Any]) -> Outcome:
    """The result with its tables and the page, and per package the explanation of its person; nothing is proposed."""
    from optimiser.bridging import tables
    from optimiser.bridging.explain import Explainer
    from optimiser.bridging.page import bridge_page

    lines = {
        "visits": lines_of(tables.VISITS, tables.visit_rows(bridge)),
        "people_with_visits": lines_of(tables.PEOPLE, tables.people_rows(bridge)),
        "others": lines_of(tables.OTHERS, tables.other_rows(bridge)),
    }
    explainer = Explainer(bridge)
    county, explanations = bridge.case.county, []
    for person in bridge.case.people:
        record_of_all = pack(explainer.record(person))
        ids = (person.person_id, *(county.packages[package].package_id for package in person.packages))
        explanations += [(name, record_of_all) for name in dict.fromkeys(ids)]
    page = bridge_page(bridge, record, explainer).decode()
    return Outcome({**record, **lines, "page": page}, (), explanations, bridge.stopped)


def _what_is_covered(outcome: Outcome) -> list[Any]:
    """A bridge is known by what each alternative covers, and by whom."""
    names = ("alternative", "visit_id", "contract_id")
    return [[row[name] for name in names] for row in outcome.record["visits"]]


KIND = Kind(
    "bridge",
    "Which visits that cannot wait, of people who wait, can still be covered today: three alternatives, for a person to choose.",
    work,
    not_applied=(NOT_CHOSEN, HOW),
    digest_parts=_what_is_covered,
)
