"""What is there against what officers were told: every deed once in the trail, no other, every record as the trail tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, func, select

from api.state.state import State
from api.state.store import Store
from api.state.stored_records import ASSESSMENTS, CALL_OFFS, RESERVE, VOLUMES, Stored
from api.storage import table_schema
from api.storage.database import reading
from optimiser.domain.assessments import PUBLISHED, WITHDRAWN
from optimiser.io.record_cells import EXTRA
from tests.api.records.test_random_lives import two_principals
from tests.api.state.test_incremental_state import assert_same
from tests.campaigns.officers.asking import OWN, VOLUME, Asking
from tests.campaigns.officers.importing import LINE, MARKED

audit = table_schema.audit
WORST_FIRST = ("inadequate", "requires_improvement", "good", "outstanding", "not_rated")


class Entry(NamedTuple):
    """An entry of the trail."""

    action: str
    kind: str
    record_id: str
    details: dict[str, Any]

    @property
    def deed(self) -> str:
        """What an officer remembers it by; empty: nobody's of them."""
        reason = str(self.details.get("reason", ""))
        if reason.startswith("minute "):
            return reason
        return f"{self.record_id} {self.action}" if self.kind == ASSESSMENTS and self.record_id.startswith(OWN) else ""


def last_entry(connection: Connection) -> int:
    """The number of the trail's last entry."""
    return int(connection.execute(select(func.max(audit.c.seq))).scalar() or 0)


def faults_of(store: Store, alone: Store, officers: Iterable[Asking], after: int = 0) -> Iterator[str]:
    """Everything that does not hold. ``alone``: a store that has followed nothing. ``after``: no entry up to this one counts."""
    told = {deed: each for officer in officers for deed, each in officer.told.items()}
    state, lines = alone.state(), Counter[str]()
    with reading(alone.engine) as connection:
        rows = list(connection.execute(select(audit).where(audit.c.seq > after).order_by(audit.c.seq)))
    entries = [Entry(row.action, row.subject_kind, str(row.subject or ""), orjson.loads(row.details or b"{}")) for row in rows]
    ours = [each for each in entries if each.deed]
    counted = Counter((each.action, each.deed) for each in ours)
    expected = Counter({(each.action, deed): each.entries for deed, each in told.items()})
    expected += Counter((each.also, deed) for deed, each in told.items() if each.also)
    for action, deed in sorted(counted.keys() | expected.keys()):
        if counted[action, deed] != expected[action, deed]:
            found = f"{counted[action, deed]} entries of the trail tell {action} for {deed}"
            yield f"{found}, {expected[action, deed]} were acknowledged"
    yield from _as_told(state, ours)
    lines.update(str(each.body.get(EXTRA, {}).get(LINE, "")) for kind in MARKED for each in _long_there(state, kind))
    if len(lines) > 1:
        yield f"an import is there in part: {dict(sorted(lines.items()))}"
    yield from (f"{area_id} has two principals on {day}" for area_id, day in two_principals(state.snapshot))
    yield from _ratings(state)
    yield from differs(store, state)


def differs(store: Store, state: State) -> Iterator[str]:
    """What a store that has followed the changes has otherwise than the state that the database gives."""
    try:
        assert_same(store.state(), state)
    except AssertionError as other:
        yield f"the state is not the one that the database gives: {other}"


def _ratings(state: State) -> Iterator[str]:
    """A provider with locations has the worst of their ratings."""
    found: dict[str, list[str]] = {}
    for each in state.snapshot.locations:
        found.setdefault(each.provider_id, []).append(each.cqc_rating)
    for provider in state.snapshot.providers:
        worst = min(found.get(provider.provider_id, [provider.cqc_rating]), key=WORST_FIRST.index)
        if provider.cqc_rating != worst:
            yield f"{provider.provider_id} is {provider.cqc_rating}, the worst of its locations {worst}"


def _as_told(state: State, entries: Iterable[Entry]) -> Iterator[str]:
    """What the trail told last of each record, against the record."""
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        if entry.action != "county.sync" or entry.record_id:
            last.setdefault((entry.kind, entry.record_id), {}).update(_told_by(entry))
    for (kind, record_id), known in last.items():
        gone, stored = known.pop("gone", False), _found(state, kind, record_id)
        if gone != (stored is None):
            yield f"{kind} {record_id} is {'there' if stored else 'lost'}, the trail tells otherwise"
        if stored is not None and kind != RESERVE:
            there = stored.body | {"outcomes": _outcomes(stored)}
            wrong = [name for name, value in known.items() if (there.get(name) or "") != (value or "")]
            yield from (f"{kind} {record_id}: {name} is not what the trail tells" for name in wrong)


def _told_by(entry: Entry) -> dict[str, Any]:
    """What an entry tells of its record."""
    action, details = entry.action, entry.details
    if entry.kind == ASSESSMENTS:
        return _step(action, details)
    if entry.kind == VOLUMES:
        return {"gone": False}
    if action in ("reserve.open", "reserve.close"):
        return {"gone": action == "reserve.close"}
    if action == "providers.end":
        return {"ends": details["ends"]}
    if action.endswith(".end"):
        return {"gone": True}
    return {"gone": False, **details["after"]}


def _step(action: str, details: dict[str, Any]) -> dict[str, Any]:
    """What a step of an assessment tells of it."""
    match action:
        case "assessments.correct":
            return {"outcomes": {str(details["number"]): ""}}
        case "assessments.answer":
            return {"outcomes": {str(details["number"]): details["outcome"]}}
        case "assessments.publish":
            return {"state": PUBLISHED, "published_on": details["pamms_published"]}
        case "assessments.withdraw":
            return {"state": WITHDRAWN, "withdrawn_because": details["reason"]}
    return {name: value for name, value in details.items() if name != "reason"}


def _outcomes(stored: Stored) -> dict[str, str]:
    """Per correction of an assessment (there is one at most) what has become of it."""
    corrections = stored.body.get("corrections", [])
    return {str(each["number"]): each["answer"]["outcome"] if each["answer"] else "" for each in corrections}


def _found(state: State, kind: str, record_id: str) -> Stored | None:
    """The record that an entry of the trail is about."""
    return state.get(CALL_OFFS if kind == VOLUMES else kind, record_id)


def _long_there(state: State, kind: str) -> Iterator[Any]:
    """Records that no officer has made, which every import has marked."""
    for record_id, stored in state.stock[kind].items():
        its_provider = getattr(stored.record, "provider_id", "")
        if not record_id.startswith(("S-", VOLUME, OWN)) and not its_provider.startswith(OWN):
            yield stored
