"""What is done to offers, and how they are answered: providers are asked, answers are recorded, and time lets them lapse."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from api.acts.act import Caller, act, only
from api.capacity_returns.asking_providers import KIND as FREE_HOURS
from api.capacity_returns.asking_providers import ask as ask_for_free_hours
from api.capacity_returns.asking_providers import to_be_asked
from api.capacity_returns.disagreeing import DISAGREED, tell_provider
from api.http.errors import Problem
from api.http.repeats import Repeats
from api.http.responses import refuse_changed, tag
from api.offers.alerts import alert
from api.offers.answer_times import move_answer_by, reopen_late
from api.offers.asking import Asking, ask_inside, packages_of
from api.offers.broadcast import broadcast
from api.offers.going_together import others_waiting
from api.offers.lapsing import OF_SWEEPS, THE_CLOCK, expires_at, is_due, is_to_be_reminded, sweep, yeses_put_forward
from api.offers.own_yes import put_forward, said_in
from api.offers.problems import package_index
from api.offers.recording import LATE_AFTER, Given, Rise, record_answer
from api.offers.reminding import KIND as REMINDER
from api.offers.reminding import REMINDED, remind, to_be_reminded
from api.offers.schemas import Answer, Ask, Broadcast, NewAnswerBy, Offer, Offers, OffersQuery, Raised, Said
from api.security.roles import ADMIN, PLANNER, SERVICE, TRANSITION
from api.service import Service
from api.settings import Settings
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored, as_before, with_given
from api.state.trusted_time import judge
from api.storage.database import reading
from api.storage.failures import in_words
from api.storage.who_hears import heard_at
from optimiser.domain.dates import wall_clock
from optimiser.domain.person_records import REOPTIMISE
from optimiser.io.record_cells import EXTRA

GATHERED = "gathered"
"""How a yes that a planner records is treated, as the settings say it."""
NOT_SAID: dict[str, Any] = {"from_day": None, "visits": [], "days": {}, "reason": None, "message": None}
MOVES_ALONE = "moves of running care alone"
CARE = only(PLANNER, TRANSITION, ADMIN)
log = structlog.get_logger("api")


@dataclass(frozen=True)
class TaggedOffer:
    """An offer, and the tag that changes when it is answered."""

    offer: Offer
    etag: str


@dataclass(frozen=True)
class OffersOfPackage:
    """The offers of a package, and by their ids the tags that change when they are answered."""

    offers: Offers
    etags: dict[str, str]


@act(
    "offers.ask",
    {PLANNER: "", TRANSITION: MOVES_ALONE, ADMIN: ""},
    writes=("offer.made",),
    changes=True,
)
def ask(by: Caller, package_id: str, wanted: Ask) -> Offers:
    """The next step of the cascade is asked, or named contracts."""
    named = None if wanted.contract_ids is None else tuple(wanted.contract_ids)
    asking = Asking(package_id, named, wanted.reason or "", wanted.decision_reference or "", wanted.move or REOPTIMISE)
    with by.change() as change:
        state = sweep(change, by.settings)
        made = ask_inside(change, state, by.settings, asking)
        after = change.as_if()
    return Offers(items=[offer_of(after, after.stock["offers"][offer_id], by.settings) for offer_id in made])


@act("offers.of_package", CARE, writes=("offers.read",))
def read_of_package(by: Caller, package_id: str) -> OffersOfPackage:
    """The offers of one package, answered ones too, the oldest first."""
    state = by.read("offers.read", "packages", package_id)
    package_index(state, package_id)
    mine = [stored for stored in state.stock["offers"].values() if stored.record.package_id == package_id]
    mine.sort(key=lambda stored: (stored.record.offered_at, stored.record.offer_id))
    items = [offer_of(state, stored, by.settings) for stored in mine]
    return OffersOfPackage(Offers(items=items), {stored.record.offer_id: tag(stored.version) for stored in mine})


@act("offers.list", CARE, writes=("offers.list",))
def list_offers(by: Caller, query: OffersQuery) -> Offers:
    """Offers, by id, of one contract, provider, response or run."""
    before = by.store.state()
    page = by.page(
        (stored for stored in before.stock["offers"].values() if _is_asked_for(before, stored, query)),
        lambda stored: (stored.record.offer_id,),
        query.limit,
        query.cursor,
    )
    seen = {"package_ids": sorted({stored.record.package_id for stored in page.items})}
    state = by.read("offers.list", "offers", details=seen)
    found = (state.get("offers", stored.record.offer_id) for stored in page.items)
    items = [offer_of(state, stored, by.settings) for stored in found if stored is not None]
    return Offers(items=items, next_cursor=page.next_cursor)


@act("offers.read", CARE, writes=("offer.read",))
def read(by: Caller, offer_id: str) -> TaggedOffer:
    """One offer."""
    return tagged(by, by.read("offer.read", "offers", offer_id, _of_whom(by, offer_id)), offer_id)


@act(
    "offers.answer",
    {
        PLANNER: "raises no contract's maximum with it, unless they have the role contracts too",
        TRANSITION: f"{MOVES_ALONE}, and raises no limit with it",
        ADMIN: "",
    },
    writes=(
        "offer.accepted",
        "offer.agreed",
        "offer.said_yes",
        "offer.declined",
        "offer.withdrawn",
        "offer.noted",
        "offer.answered_late",
        "alert.acknowledge",
        "package.moved",
        "providers.limit_raised",
        "contracts.limit_raised",
        DISAGREED,
    ),
    changes=True,
)
def answer(by: Caller, offer_id: str, given: Answer, if_match: str | None) -> TaggedOffer:
    """An answer is recorded: accepted, declined, withdrawn; a yes before its turn is kept until others have answered."""
    rises = rise_of(given.raise_provider_limit), rise_of(given.raise_contract_maximum)
    with by.change() as change:
        state = sweep(change, by.settings)
        said = Given(
            given.response,
            given.reason or "",
            *rises,
            given.answered_by or "",
            given.how or "",
            given.person_prefers or "",
            gathers=by.settings.typed_yes == GATHERED,
        )
        stored = state.get("offers", offer_id)
        if given.late and stored is not None and stored.record.response == "expired":
            refuse_changed(if_match, tag(stored.version))
            state, if_match = reopen_late(change, state, stored, prefers=bool(given.person_prefers)), None
        if record_answer(change, state, by.settings, offer_id, said, if_match):
            tell_provider(change, offer_id)
        if given.extra:
            _note(change, _known(change.as_if(), offer_id), given.extra)
        about = set() if stored is None else packages_of(state, stored)
        for occasion in yeses_put_forward(change.as_if(), about):
            alert(change, occasion)
        after = change.as_if()
    return tagged(by, after, offer_id)


@act(
    "offers.move_answer_by",
    {PLANNER: "", TRANSITION: MOVES_ALONE, ADMIN: ""},
    writes=("offer.answer_by_moved",),
    changes=True,
)
def move_time(by: Caller, offer_id: str, given: NewAnswerBy, if_match: str | None) -> TaggedOffer:
    """The time by which an offer is to be answered is extended or shortened, by a named person for a reason."""
    with by.change() as change:
        state = sweep(change, by.settings)
        stored = _known(state, offer_id)
        refuse_changed(if_match, tag(stored.version))
        move_answer_by(change, state, by.settings, stored, given.answer_by, given.reason)
        after = change.as_if()
    return tagged(by, after, offer_id)


@act("offers.broadcast", CARE, writes=("broadcast.read",))
def read_broadcast(by: Caller, offer_id: str) -> Broadcast:
    """What a message to the provider may hold: no place before acceptance."""
    state = by.read("broadcast.read", "offers", offer_id, _of_whom(by, offer_id))
    _known(state, offer_id)
    return Broadcast(**broadcast(state, offer_id, by.service.postcodes))


@act("offers.lapse", only(SERVICE), writes=(*OF_SWEEPS, "capacity.asked", REMINDED), changes=True)
def let_lapse(by: Caller) -> bool:
    """What time has ended is let lapse, and alerted; whether there was any. Where the clock is not believed, nothing is.

    Once a period providers that have told no free hours are asked for them; who has not answered yet is reminded.
    """
    if by.store.is_empty():
        return False
    with reading(by.store.engine) as connection:
        state, judged = by.store.live.at(connection), judge(connection, by.settings)
        heard, reads = (heard_at(connection, kind) if judged.doubt is None else set[str]() for kind in (FREE_HOURS, REMINDER))
    if judged.is_new:
        log.error("the clock is not believed: nothing ends by time until it is confirmed", doubt=judged.doubt)
    due = is_due(state, by.settings, believed=judged.doubt is None)
    asks = bool(to_be_asked(state, heard)) or any(True for _ in to_be_reminded(state, by.settings, reads))
    if due or asks or judged.write:
        with by.change() as change:
            swept = sweep(change, by.settings, everybody=True)
            remind(change, swept, by.settings, reads, THE_CLOCK)
            ask_for_free_hours(change, heard, THE_CLOCK)
    return due or asks


def _is_asked_for(state: State, stored: Stored, query: OffersQuery) -> bool:
    offer, wanted = stored.record, "" if query.response in ("pending", "waiting") else query.response
    holder = state.stock["contracts"][offer.contract_id].record.provider_id
    return (
        query.contract_id in (None, offer.contract_id)
        and query.provider_id in (None, holder)
        and (query.response is None or offer.response == wanted)
        and (query.run_id is None or stored.body.get("run_id") == query.run_id)
    )


def _of_whom(by: Caller, offer_id: str) -> dict[str, list[str]]:
    """Whom an offer is about, as an entry tells it. Raises the problem ``not_found``."""
    return {"package_ids": [_known(by.store.state(), offer_id).record.package_id]}


def _known(state: State, offer_id: str) -> Stored:
    stored = state.get("offers", offer_id)
    if stored is None:
        raise Problem("not_found", "There is no offer of this id.")
    return stored


def tagged(by: Caller, state: State, offer_id: str) -> TaggedOffer:
    stored = _known(state, offer_id)
    return TaggedOffer(offer_of(state, stored, by.settings), tag(stored.version))


def _note(change: Change, stored: Stored, extra: dict[str, str]) -> None:
    """What the council keeps of an offer in columns of its own."""
    put_checked(change, {("offers", stored.record.offer_id): with_given(stored.body, {EXTRA: extra})})
    told = {"offer_id": stored.record.offer_id, "before": as_before(stored.body, {EXTRA: extra}), "after": {EXTRA: extra}}
    change.remember("offer.noted", "packages", stored.record.package_id, told)


def rise_of(raised: Raised | None) -> Rise | None:
    return None if raised is None else Rise(raised.max_hours_4w, raised.evidence)


def offer_of(state: State, stored: Stored, settings: Settings) -> Offer:
    record, body = stored.record, stored.body
    contract = state.stock["contracts"][record.contract_id].record
    person = state.stock["packages"][record.package_id].record
    return Offer(
        offer_id=record.offer_id,
        package_id=record.package_id,
        contract_id=record.contract_id,
        provider_id=contract.provider_id,
        tier=contract.tier,
        hours_per_week=person.minutes_per_week / 60,
        offered_at=record.offered_at,
        expires_at=wall_clock(expires_at(state, stored, settings)),
        responded_at=record.responded_at,
        response=record.response or None,
        reason=record.reason or None,
        step=body.get("step") or None,
        out_of_order_reason=body.get("out_of_order_reason") or None,
        decision_reference=body.get("decision_reference") or None,
        extra=body.get(EXTRA, {}),
        answered_by=body.get("answered_by") or None,
        how=body.get("how") or None,
        asked_with=body.get("asked_with", []),
        agreed_at=body.get("agreed_at") or None,
        answer_by_reason=body.get("answer_by_reason") or None,
        late_after=wall_clock(dt.datetime.fromisoformat(late)) if (late := body.get(LATE_AFTER)) else None,
        remind=is_to_be_reminded(state, stored, settings),
        goes_ahead_with=[] if record.response else [each.record.offer_id for each in others_waiting(state, stored)],
        said=_said(stored),
        put_forward=said_in(stored) is not None and put_forward(state, record.package_id) == record.offer_id,
    )


def _said(stored: Stored) -> Said | None:
    said = said_in(stored)
    return None if said is None else Said(**(NOT_SAID | {"typed": False, **said}))


class Ticking:
    """One thread; ``close`` ends it. Several processes may tick: each looks again inside its transaction.

    ``also``: what else is done when its time has come.
    """

    def __init__(self, service: Service, also: Sequence[Callable[[Caller], object]] = ()) -> None:
        self._also = also
        self._by, self._seconds = Caller(service, THE_CLOCK), service.settings.tick_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="clock", daemon=True)
        if self._seconds > 0:
            self._thread.start()

    def close(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(30)

    def _work(self) -> None:
        repeats = Repeats()
        while not self._ended.wait(self._seconds):
            try:
                self._by.store.begin_day()
                let_lapse(self._by)
                for deed in self._also:
                    deed(self._by)
            except Exception as error:  # the database may be away for a while: the next tick tries again
                told = in_words(error)
                unsaid = repeats.due(*told.values())
                if unsaid is not None:
                    log.error("tick failed", **told, **unsaid)
