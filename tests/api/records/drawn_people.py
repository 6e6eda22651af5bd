"""What is done about people, and about what is asked for them, drawn at random: most is possible, the rest is for the service to
refuse. Nobody's running care begins or ends by any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from api.acts.act import Caller
from api.answers import acts as answers
from api.answers.schemas import NewAnswer
from api.call_offs import acts as call_offs
from api.call_offs.schemas import Award, CallOffBundle, CallOffPart, CallOffSpecialist, CallOffVolume, Withdrawal
from api.decisions import acts as decisions
from api.decisions.schemas import NewDecision
from api.http.errors import Problem
from api.meanwhile import acts as meanwhile
from api.meanwhile.schemas import Checked, Choice, Plan
from api.offers import acts as offers
from api.offers.schemas import Ask, Offer
from api.packages import acts as packages
from api.packages.schemas import NewPackage
from api.part_answers import acts as part_answers
from api.part_answers.schemas import PartAnswer
from api.state.state import State
from api.state.stored_records import CALL_OFFS
from api.storage.audit import Actor
from optimiser.domain.person_records import CHOICES
from optimiser.domain.staffing import DAYS
from tests.making import DEREHAM, days

Draw = st.DrawFn
Deed = Callable[[], object]
WHY = {"reason": "drawn"}


def drawn_deed_about_people(draw: Draw, by: Caller, state: State, new_id: str) -> Deed:
    """One of a planner's, a social worker's or a contract officer's."""
    planner, social_worker = (Caller(by.service, Actor(f"a {role}", role)) for role in ("planner", "social_work"))
    made: list[Callable[[], Deed]] = [
        lambda: _volume(draw, by, state, new_id),
        lambda: _care(draw, planner, state, new_id),
        lambda: _yes_to_some_visits(draw, planner, state, new_id),
        lambda: _withdrawn(draw, planner, by, state),
    ]
    if package_ids := sorted(state.stock["packages"]):
        package_id = draw(st.sampled_from(package_ids))
        made += [
            lambda: _part(draw, planner, state, package_id, new_id),
            lambda: _meanwhile(draw, planner, state, package_id),
            lambda: _decision(draw, social_worker, state, package_id),
            lambda: _answer(draw, planner, state, package_id),
            lambda: lambda: offers.ask(planner, package_id, Ask()),
        ]
    return draw(st.sampled_from(made))()


def _care(draw: Draw, by: Caller, state: State, new_id: str) -> Deed:
    """A person's night care, or two people's care at once."""
    people = [
        {"package_id": f"{new_id}-{number}", "area_id": draw(st.sampled_from(sorted(state.stock["areas"]))), **DEREHAM._asdict()}
        | {"hours_per_week": 4, "visits_per_week": 4, "workers": 1, "priority": "planned"}
        for number in range(2)
    ]
    if draw(st.booleans()):
        asked: dict[str, Any] = {"kind": "specialist", "call_off_id": new_id, "service": "night", "package": people[0]}
        return lambda: call_offs.add(by, CallOffSpecialist.model_validate(asked))
    return lambda: call_offs.add(by, CallOffBundle.model_validate({"kind": "bundle", "call_off_id": new_id, "packages": people}))


def _yes_to_some_visits(draw: Draw, by: Caller, state: State, new_id: str) -> Deed:
    """Somebody with an hour each morning and two evenings is asked for; a provider says yes to some of it."""
    visits: list[dict[str, Any]] = [
        {"visit_id": f"{new_id}-AM", "days": list(DAYS), "earliest_start": "07:00", "latest_start": "09:00"},
        {"visit_id": f"{new_id}-PM", "days": ["sat", "sun"], "earliest_start": "18:00", "latest_start": "20:00"},
    ]
    visits = [each | {"duration_minutes": 60, "workers": 1} for each in visits]
    needs = {"hours_per_week": 9, "visits_per_week": 9, "workers": 1, "priority": draw(st.sampled_from(["urgent", "planned"]))}
    place = {"area_id": draw(st.sampled_from(sorted(state.stock["areas"]))), **DEREHAM._asdict()}
    asked = NewPackage.model_validate({"package_id": new_id, **place, **needs, "visits": visits})
    chosen = draw(st.sampled_from(visits))
    days_of_it = draw(st.lists(st.sampled_from(chosen["days"]), unique=True, max_size=7))
    named = {"visit_id": chosen["visit_id"]} | ({"days": days_of_it} if days_of_it else {})
    given = PartAnswer.model_validate({"visits": [named], "reason": draw(st.sampled_from(["no_capacity", "cannot_meet_need"]))})

    def done() -> None:
        packages.add(by, asked)
        with suppress(Problem):  # nobody may be asked, or nobody has the room
            offer = draw_one(offers.ask(by, new_id, Ask()).items)
            part_answers.take_part(by, offer.offer_id, given, None)
        after = by.store.state()
        its = [each for each in after.snapshot.packages if new_id in (each.package_id, each.part_of)]
        times = sorted((each.earliest_start, day) for one in its for each in after.visits_of[one.package_id] for day in each.days)
        assert len(times) == len(set(times)) == 9, "each visit of a day is in one of the two"
        assert sum(each.minutes_per_week for each in its) == 9 * 60

    place_of_offer = draw(st.integers(0, 3))

    def draw_one(made: Sequence[Offer]) -> Offer:
        return made[place_of_offer % len(made)]

    return done


def _part(draw: Draw, by: Caller, state: State, package_id: str, new_id: str) -> Deed:
    """An hour of somebody's care, or some of its visits."""
    asked: dict[str, Any] = {"kind": "part", "call_off_id": new_id, "package_id": package_id}
    if visits := state.visits_of.get(package_id):
        asked["visits"] = [{"visit_id": draw(st.sampled_from(visits)).visit_id}]
    else:
        asked |= {"hours_per_week": 1, "visits_per_week": 1}
    return lambda: call_offs.add(by, CallOffPart.model_validate(asked))


def _volume(draw: Draw, by: Caller, state: State, new_id: str) -> Deed:
    """A volume is asked for, or one that was is awarded."""
    known = [each for each, stored in sorted(state.stock[CALL_OFFS].items()) if stored.body["kind"] == "volume"]
    if draw(st.booleans()) and known:
        call_off_id = draw(st.sampled_from(known))
        its = [each["area_id"] for each in state.stock[CALL_OFFS][call_off_id].body["areas"]]
        provider_id = draw(st.sampled_from(sorted(state.stock["providers"])))
        made: dict[str, Any] = {"provider_id": provider_id, "rate_band_1": 24.5, **WHY}
        made |= {"areas": [{"area_id": each, "contract_id": f"{new_id}-{each}"} for each in its]}
        return lambda: call_offs.award(by, call_off_id, Award.model_validate(made), "*")
    areas: set[str] = draw(st.sets(st.sampled_from(sorted(state.stock["areas"])), min_size=1, max_size=2))
    asked: dict[str, Any] = {
        "kind": "volume",
        "call_off_id": new_id,
        "starts": str(draw(st.sampled_from([days(0), days(40)]))),
        **WHY,
    }
    asked |= {"areas": [{"area_id": each, "hours_per_week": 20} for each in sorted(areas)], "guarantee": 0.5, "tier": "legacy"}
    return lambda: call_offs.add(by, CallOffVolume.model_validate(asked))


def _withdrawn(draw: Draw, planner: Caller, officer: Caller, state: State) -> Deed:
    known = state.stock[CALL_OFFS]
    call_off_id = draw(st.sampled_from([*sorted(known), "NONE"]))
    by = officer if call_off_id in known and known[call_off_id].body["kind"] == "volume" else planner
    return lambda: call_offs.withdraw(by, call_off_id, Withdrawal.model_validate(WHY), "*")


def _meanwhile(draw: Draw, by: Caller, state: State, package_id: str) -> Deed:
    """How somebody is safe is recorded, checked, or a choice made."""
    what = draw(st.sampled_from(["record", "record", "check", "choose"]))
    if what == "record":
        plan = {"where": "home_with_carer", "holds": "A daughter.", "checked_by": "desk", "carer": "strained"}
        known = "*" if package_id in state.stock["meanwhile"] else None
        recorded = Plan.model_validate(plan | {"holds_until": str(days(draw(st.integers(0, 9))))})
        return lambda: meanwhile.record(by, package_id, recorded, known)
    if what == "check":
        return lambda: meanwhile.check(by, package_id, Checked(found="Well."), "*")
    chosen = {"choice": draw(st.sampled_from(CHOICES)), "choice_until": str(days(9)), "wish": "Wants it.", **WHY}
    return lambda: meanwhile.choose(by, package_id, Choice.model_validate(chosen), "*")


def _decision(draw: Draw, by: Caller, state: State, package_id: str) -> Deed:
    given = {
        "move": draw(st.sampled_from(["transfer", "reoptimise"])),
        "to_provider_id": draw(st.sampled_from([None, *sorted(state.stock["providers"])])),
        "decision": draw(st.sampled_from(["suitable", "not_suitable"])),
        "why": "drawn",
    }
    return lambda: decisions.record(by, package_id, NewDecision.model_validate(given))


def _answer(draw: Draw, by: Caller, state: State, package_id: str) -> Deed:
    given = {
        "provider_id": draw(st.sampled_from(sorted(state.stock["providers"]))),
        "answer": draw(st.sampled_from(["yes", "no"])),
        "given_by": "self",
    }
    return lambda: answers.record(by, package_id, NewAnswer.model_validate(given))
