"""How each column of the snapshot format looks in JSON. A column keeps its meaning in every file: its form is told once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from optimiser.domain.person_records import ADVOCATES, CARERS, CHOICES, FORMATS, GIVEN_BY, MOVES, WHERE
from optimiser.domain.records import HARMS, LONGEST, PRIORITIES, REGIMES, TIERS
from optimiser.geography.grid import ENGLAND_LATITUDE, ENGLAND_LONGITUDE
from optimiser.io.schema import CQC_RATINGS, DAYS, PAMMS_RATINGS, SOURCES

Shape = Literal["text", "number", "truth", "list", "numbers"]
Json = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """``schema`` is JSON Schema of a value that is given; ``example`` one such value."""

    shape: Shape
    schema: Json
    example: Any
    description: str = ""


def _id(example: str, description: str = "") -> Form:
    return Form("text", {"type": "string", "minLength": 1, "maxLength": LONGEST}, example, description)


def _text(example: str, description: str = "", longest: int = 10_000) -> Form:
    return Form("text", {"type": "string", "minLength": 1, "maxLength": longest}, example, description)


def _day(example: str, description: str = "") -> Form:
    return Form("text", {"type": "string", "format": "date"}, example, description)


def _time(example: str, description: str = "") -> Form:
    return Form("text", {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}, example, description)


def _moment(example: str, description: str = "") -> Form:
    pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$"
    return Form(
        "text", {"type": "string", "pattern": pattern}, example, f"{description} In Europe/London, without an offset.".strip()
    )


def _one_of(allowed: tuple[str, ...], example: str, description: str = "") -> Form:
    return Form("text", {"type": "string", "enum": list(allowed)}, example, description)


def _number(least: float, most: float, example: float, description: str = "", step: float | None = None) -> Form:
    schema: Json = {"type": "number", "minimum": least, "maximum": most}
    return Form("number", schema | ({"multipleOf": step} if step else {}), example, description)


def _whole(least: int, most: int, example: int, description: str = "") -> Form:
    return Form("number", {"type": "integer", "minimum": least, "maximum": most}, example, description)


def _list(example: list[str], description: str = "", allowed: tuple[str, ...] | None = None) -> Form:
    item: Json = {"type": "string", "enum": list(allowed)} if allowed else {"type": "string", "minLength": 1, "maxLength": 100}
    return Form("list", {"type": "array", "items": item, "maxItems": 100}, example, description)


MOST_HOURS = 1_000_000

FORMS: dict[str, Form] = {
    "surgery_id": _id("S1"),
    "provider_id": _id("ALDER"),
    "office_id": _id("O1"),
    "location_id": _id(
        "1-4711", "The place that CQC has registered; of a contract: whose rating counts for it, null: the worst."
    ),
    "contract_id": _id("P-ALDER"),
    "restriction_id": _id("X2"),
    "package_id": _id("N9", "The council's own reference for the package, never a name."),
    "visit_id": _id("N9-V1"),
    "round_id": _id("RD1"),
    "offer_id": _id("OF1"),
    "previous_contract_id": _id("F-CLOVER", "A restart: the contract that the care was on before."),
    "area_id": _id("A1"),
    "name": _text("Alder Home Care"),
    "latitude": _number(*ENGLAND_LATITUDE, 52.654433, "WGS 84 degrees."),
    "longitude": _number(*ENGLAND_LONGITUDE, 0.80756, "WGS 84 degrees."),
    "band_centre": Form("truth", {"type": "boolean"}, True, "Price bands are measured from here."),
    "cqc_rating": _one_of(CQC_RATINGS, "good"),
    "pamms_rating": _one_of(PAMMS_RATINGS, "good", "Counts from `pamms_published` on."),
    "pamms_published": _day("2026-03-02"),
    "cqc_rated": _day("2026-03-02", "When CQC published it: told, and never used."),
    "skills": _list(["medication"], "What the care needs, or what the provider can do."),
    "max_hours_4w": _number(0, MOST_HOURS, 240, "Care-worker hours per four weeks; null: no limit; 0: closed."),
    "max_distance_miles": _number(0, 1000, 12.5, "From the nearest office, inclusive; null: no limit."),
    "telephone": _text("01603 496 0123", "For the council's own use.", LONGEST),
    "email": _text("desk@alder.example", "For the council's own use.", LONGEST),
    "notice_days": _whole(
        1, 3660, 91, "How long before it stops a provider has to say so, or before an early end notice is given."
    ),
    "extension_until": _day("2036-04-01", "How far it may be extended: the first day it could no longer cover; null: not said."),
    "subcontractors": _list(["Alder Nights"], "Who delivers care in the provider's name."),
    "region": _text("North"),
    "go_live": _day("2026-04-01", "From then on the area has a principal; null: not decided."),
    "go_live_planned": _day("2026-02-01", "The date first planned: told, and never used."),
    "tier": _one_of(TIERS, "principal"),
    "starts": _day("2026-04-01", "The first day covered; null: always."),
    "ends": _day("2032-04-01", "The first day that is no longer covered; null: open."),
    "guarantee": _number(0, 1, 0.8, "The share of the maximum that is paid whatever is delivered."),
    "rate_band_1": _number(0, 1000, 24.0, "Pounds an hour."),
    "rate_band_2": _number(0, 1000, 24.0, "Pounds an hour."),
    "rate_band_3": _number(0, 1000, 24.0, "Pounds an hour."),
    "bands": Form("numbers", {"type": "array", "items": {"enum": [1, 2, 3]}, "maxItems": 3}, [1, 2], "Bands served; empty: all."),
    "billing_increment_minutes": _whole(1, 60, 15),
    "succeeds": _id("P-ALDER-2026", "The contract that this one takes over from."),
    "service": _id("enhanced_home_support", "null: home care; else what specialist contracts alone deliver."),
    "regime": _one_of(REGIMES, "procurement_act_2023", "The law that it was bought under; null: as the settings say."),
    "bundle_id": _id("B-7", "New packages of one bundle are placed together or not at all."),
    "part_of": _id("N8", "The package whose care this is a part of."),
    "if_missed": _one_of(HARMS, "amber", "What a missed visit would do to this person, as recorded; null: not recorded."),
    "can_step_in": _text("Her son, in the evenings", "Who can step in when a visit is missed.", LONGEST),
    "kind": _one_of(("no_new_work", "capped"), "no_new_work"),
    "new_hours_4w": _number(0, MOST_HOURS, 40, "For `capped`: the new work allowed, in hours per four weeks."),
    "status": _one_of(("new", "active"), "new"),
    "hours_per_week": _number(0.25, 336, 5.25, "Care-worker hours, in quarter hours; two workers count twice.", step=0.25),
    "visits_per_week": _whole(1, 2000, 7),
    "workers": _whole(1, 2, 1, "2: some visit needs two care workers."),
    "priority": _one_of(PRIORITIES, "discharge"),
    "start_by": _day("2026-11-25"),
    "protected": _text("end_of_life", "As assessed; the person does not move."),
    "transfer_decision": _one_of(("suitable", "not_suitable"), "suitable", "The social work decision; null: pending."),
    "excluded_provider_ids": _list(["BRACKEN"], "Providers whom the person does not want."),
    "requested_at": _moment("2026-11-23T09:10:00"),
    "source": _one_of(SOURCES, "acute_hospital"),
    "care_started": _day("2026-04-01"),
    "held_until": _day("2026-12-07", "A hospital hold: the hours stay held until this day."),
    "priority_set_on": _day("2026-11-23", "When a person last set the priority or looked at it again; null: at the request."),
    "days": _list([*DAYS], "", DAYS),
    "earliest_start": _time("07:00:00", "Its window opens then, on each of its days."),
    "latest_start": _time("09:30:00", "Before earliest_start: on the next day (night care)."),
    "duration_minutes": _whole(1, 1440, 45),
    "needs": _list(["getting_up", "medication"], "What the visit is for; empty: not recorded, and never inferred."),
    "staff": _whole(0, 10_000, 2),
    "staff_hours_per_week": _number(0, MOST_HOURS, 46),
    "offered_at": _moment("2026-11-23T09:30:00"),
    "responded_at": _moment("2026-11-23T10:05:00"),
    "response": _one_of(("accepted", "declined", "expired", "withdrawn"), "declined", "null: still waiting for an answer."),
    "reason": _text("medication records are being put right"),
    "review_on": _day("2027-02-22", "When the restriction is to be looked at again; told ahead in the nightly report."),
    "owner": _text("Senior Quality Monitoring Officer", "The post, never a person, that looks after it.", LONGEST),
    "improvement_plan": _text("one visit a week; a new medication policy by January", "What was agreed, in short."),
    "first_visit_at": _moment("2026-11-25T08:10:00", "When the first visit began."),
    "worker_gender": _one_of(("female", "male"), "female", "The person's wish; null: none is recorded."),
    "worker_languages": _list(["Polish"], "Languages that the person wishes care workers to speak."),
    "preferred_provider_ids": _list(["CLOVER"], "Providers whom the person would rather have."),
    "household_id": _id("H-12", "The same for people of one household who would rather have one provider."),
    "formats": _list(["large_print"], "How letters to the person are made; empty: not recorded.", FORMATS),
    "language": _text("Polish", "What the person reads; null: not recorded.", LONGEST),
    "write_to": _text("the person's daughter", "Who is written to in the person's place; null: the person.", LONGEST),
    "where": _one_of(WHERE, "home_with_carer", "Where the person is until care begins."),
    "holds": _text("A daughter helps morning and evening.", "What holds until care begins."),
    "holds_until": _day("2026-12-04", "The first day on which it no longer holds; null: not known."),
    "carer": _one_of(CARERS, "strained", "How the unpaid carer is; null: not recorded."),
    "checked_by": _text("community desk", "Who checks: a post or a name of the council's.", LONGEST),
    "next_check": _day("2026-11-27", "When they check next."),
    "recorded_at": _moment("2026-11-23T09:40:00"),
    "choice": _one_of(CHOICES, "interim_bed", "What a named person chose where nobody could be asked."),
    "choice_until": _day("2026-12-18", "The first day on which it no longer holds; a bridge and an interim bed have one."),
    "chosen_by": _text("duty manager", "Who chose.", LONGEST),
    "approved_by": _text("head of commissioning", "Who approved a price outside the frameworks.", LONGEST),
    "choice_reason": _text("The carer needs rest."),
    "approved_weekly_gbp": _text("412.50", "The approved price of a purchase, in pounds a week."),
    "wish": _text("She would like her niece to be paid for it.", "What the person said of the choice."),
    "decision_id": _id("DE1"),
    "move": _one_of(MOVES, "transfer", "Which move the decision is about; it is used for no other."),
    "to_provider_id": _id("CLOVER", "To whom; null: whoever it is."),
    "decision": _one_of(("suitable", "not_suitable"), "suitable"),
    "why": _text("Has said that mornings with the new carers went well."),
    "decided_by": _text("social worker", "", LONGEST),
    "decided_on": _day("2026-11-23", "The first day on which it counts."),
    "valid_to": _day("2027-05-24", "The first day on which it no longer does."),
    "answer_id": _id("AN1"),
    "answer": _one_of(("yes", "no"), "yes"),
    "given_by": _one_of(GIVEN_BY, "self", "Who answered for the person."),
    "advocate": _one_of(ADVOCATES, "not_needed", "Whether an advocate was needed; null: not recorded."),
    "answered_at": _moment("2026-11-23T11:20:00"),
}
"""Every column of every file but ``areas.geojson``; a test compares the two."""
