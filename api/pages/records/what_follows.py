"""What follows from writing a record, or from an act on the life of a contract, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.pages.page_words import counted, dates_in_words, day_in_words, money_in_words
from optimiser.domain.words import people

Json = Mapping[str, Any]


def sentences_of(told: Json) -> list[str]:
    """What follows from writing it, in sentences."""
    said = [dates_in_words(each) for each in told["notes"]]
    prices = told["prices"]
    if prices is not None and prices["people"]:
        more = prices["weekly_change_gbp"]
        who = "1 person's weekly price" if prices["people"] == 1 else f"{prices['people']:,} people's weekly price"
        said.append(f"{who} becomes another: in all {money_in_words(abs(more))} a week {'more' if more >= 0 else 'less'}.")
    said += _of_a_life(told.get("follows") or {})
    return said or ["Nothing else: only the record is another."]


def _of_a_life(follows: Json) -> Iterator[str]:
    """Of a contract that is extended or ends early, and of an area that goes live on another day."""
    if notice := follows.get("notice"):
        days = f"{counted(notice['days_given'], 'day')} of notice; {counted(notice['days_needed'], 'day')} needed"
        yield f"{days}, by the {notice['rests_on']}."
    if staff := follows.get("staff_notice"):
        late = "" if staff["kept"] else ", which is past"
        yield f"The staff are told by {day_in_words(staff['by'])}{late}."
    if (care := follows.get("care")) and care["people"]:
        until = f" by {day_in_words(care['place_by'])}" if care["place_by"] else ""
        place = f"need another place{until}" if care["place_by"] else "go on under the contract that takes over"
        yield f"{people(care['people'])}, {care['hours_per_week']:g} hours a week, {place}. Nobody's care ends by it."
    if before := follows.get("before_go_live"):
        for each in before["contracts"]:
            paid = money_in_words(each["paid_for_nothing_gbp"])
            yield f"Contract {each['contract_id']} begins before the area goes live: {paid} a week is paid for nothing."
        if before["people_waiting"] or before["people_accepted"]:
            waiting, accepted = people(before["people_waiting"]), people(before["people_accepted"])
            yield f"Before the area goes live {waiting} should start and {accepted} have been accepted."
    for name, what in (("offers_stopped", "offer"), ("acceptances_stopped", "acceptance"), ("letters", "letter")):
        if follows.get(name):
            done = "put right what was written before" if name == "letters" else "would be stopped"
            yield f"{counted(follows[name], what)}: {done}."
    for plan in follows.get("plans_out_of_date", ()):
        yield f"A plan of {people(plan['people'])} no longer holds: they stay where they are."
    for after in follows.get("next", ()):
        yield f"Next: {dates_in_words(after['why'])}"
