"""From a plan to offers: each proposal is judged again on the county as it is now, inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.runs.offering import Deed, new_offer_id, offers_of_run, write_offer
from api.runs.rechecking import Room, passes_no_limit
from api.state import State
from api.storage.audit import Actor
from api.storage.store import Change, Store
from optimiser.checking import DisagreementError
from optimiser.county import NOWHERE
from optimiser.rules.findings import Finding

DECISION_NEEDED = "The provider of running care would change: that needs a recorded social work decision for this package."
OFFER_FIRST = "Running care moves when its new provider has accepted an offer: apply it as an offer."


@dataclass(frozen=True)
class Wish:
    """A proposal of a run that somebody wants to see done. ``contract_id`` None: the run proposed nobody."""

    package_id: str
    contract_id: str | None
    moved: bool


@dataclass(frozen=True)
class Applied:
    """A proposal that is now an offer; ``before``: it was one already, by an earlier request for the same run."""

    package_id: str
    contract_id: str
    offer_id: str
    before: bool


@dataclass(frozen=True)
class Refused:
    """A proposal that is not possible (any more), and why. ``findings``: the rules that stand in the way."""

    package_id: str
    contract_id: str | None
    code: str
    reason: str
    findings: tuple[Finding, ...] = ()


def apply_wishes(
    store: Store, actor: Actor, run_id: str, state_version: int, wishes: Sequence[Wish], deed: Deed
) -> tuple[list[Applied], list[Refused]]:
    """Make an offer of every wish that still can be one; the others are refused one by one. All in one transaction."""
    with store.change(actor) as change:
        judge = _Judge(change.state, run_id, state_version, deed)
        said = [judge.judged(wish) for wish in wishes]
        applied = [_done(change, run_id, each, deed) for each in said if isinstance(each, Applied)]
        refused = [each for each in said if isinstance(each, Refused)]
        _remember(change, run_id, deed, refused)
        if not passes_no_limit(change.state, change.as_if()):
            raise DisagreementError("the offers of a plan pass a limit that each of them keeps")
    return applied, refused


class _Judge:
    """Judges wishes one after the other: what one takes, the next does not find."""

    def __init__(self, state: State, run_id: str, state_version: int, deed: Deed) -> None:
        self._state, self._county, self._version, self._deed = state, state.county, state_version, deed
        self._room = Room(state)
        self._done = offers_of_run(state, run_id)
        self._asked = {offer.package_id for offer in state.snapshot.offers if not offer.response}

    def judged(self, wish: Wish) -> Applied | Refused:
        """What stands in the way of a wish; or the offer that it may become, or is already."""
        package = self._county.package_index.get(wish.package_id)
        contract = self._county.contract_index.get(wish.contract_id or "")
        if wish.contract_id is None:
            return _refuse(wish, "not_proposed", "The run proposes nobody for this package.")
        if package is None or contract is None:
            return _refuse(wish, "gone", "The package or the contract is not there any more.")
        done = self._done.get((wish.package_id, wish.contract_id))
        if done is not None:
            return Applied(wish.package_id, wish.contract_id, done, before=True)
        refused = self._changed(wish) or self._moving(package, wish) or self._broken(package, contract, wish)
        if refused is not None:
            return refused
        self._room.take(package, contract)
        return Applied(wish.package_id, wish.contract_id, new_offer_id(), before=False)

    def _changed(self, wish: Wish) -> Refused | None:
        stored = self._state.get("packages", wish.package_id)
        if stored is None or stored.version > self._version:
            return _refuse(wish, "changed_since", "The package was changed after the plan was made: start another run.")
        if wish.package_id in self._county.standing.accepted:
            return _refuse(wish, "already_placed", "A provider has accepted it already.")
        if wish.package_id in self._asked:
            return _refuse(wish, "already_asked", "An offer of it is waiting for an answer.")
        return None

    def _moving(self, package: int, wish: Wish) -> Refused | None:
        """Care that runs ends or moves by a person's act alone."""
        if self._county.running_on[package] == NOWHERE:
            return None
        if not wish.moved:
            return _refuse(wish, "already_running", "Its care has begun: this run did not propose to move it.")
        if wish.package_id not in self._deed.decisions:
            return _refuse(wish, "decision_needed", DECISION_NEEDED)
        if self._deed.accepted:
            return _refuse(wish, "offer_first", OFFER_FIRST)
        return None

    def _broken(self, package: int, contract: int, wish: Wish) -> Refused | None:
        broken = tuple(self._room.broken(package, contract))
        return _refuse(wish, "rule_broken", broken[0].sentence, broken) if broken else None


def _refuse(wish: Wish, code: str, reason: str, findings: tuple[Finding, ...] = ()) -> Refused:
    return Refused(wish.package_id, wish.contract_id, code, reason, findings)


def _done(change: Change, run_id: str, applied: Applied, deed: Deed) -> Applied:
    if not applied.before:
        write_offer(change, applied.offer_id, applied.package_id, applied.contract_id, run_id, deed)
    return applied


def _remember(change: Change, run_id: str, deed: Deed, refused: Iterable[Refused]) -> None:
    change.remember("run.apply", "runs", run_id, {"accepted": deed.accepted, "evidence": deed.evidence})
    for each in refused:
        change.remember("run.apply.refused", "packages", each.package_id, {"run_id": run_id, **_plain(each)})


def _plain(refused: Refused) -> Mapping[str, Any]:
    return {"code": refused.code, "contract_id": refused.contract_id, "rules": [finding.rule for finding in refused.findings]}
