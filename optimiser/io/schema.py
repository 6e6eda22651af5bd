"""The columns of every file of a snapshot. ``data/README.md`` documents them; a test compares the two."""

from __future__ import annotations

from optimiser.domain.person_records import ADVOCATES, CARERS, CHOICES, FORMATS, GIVEN_BY, MOVES, NO, WHERE, YES
from optimiser.domain.records import HARMS, PRIORITIES, REGIMES, TIERS
from optimiser.geography.grid import ENGLAND_LATITUDE, ENGLAND_LONGITUDE
from optimiser.io.cells import (
    Column,
    date,
    decimal,
    degrees,
    email_address,
    identifier,
    line,
    minutes_of_hours,
    moment,
    one_of,
    optional,
    pence,
    pence_a_week,
    text,
    time_of_day,
    truth,
    whole,
    words,
    words_of,
)

CQC_RATINGS = ("outstanding", "good", "requires_improvement", "inadequate", "not_rated")
PAMMS_RATINGS = ("excellent", "good", "requires_improvement", "poor")
SOURCES = ("acute_hospital", "community_hospital", "short_term_bed", "reablement", "out_of_hospital", "community")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

maybe_id = optional(identifier, "")
maybe_date = optional(date)
maybe_hours = optional(decimal(0, 1_000_000))
latitude = degrees(*ENGLAND_LATITUDE, "latitude", ENGLAND_LONGITUDE)
longitude = degrees(*ENGLAND_LONGITUDE, "longitude", ENGLAND_LATITUDE)


def bands(cell: str) -> tuple[int, ...]:
    return tuple(int(band) for band in _bands(cell))


_bands = words_of(("1", "2", "3"))

SURGERIES = (
    Column("surgery_id", identifier),
    Column("name", text),
    Column("area_id", maybe_id),
    Column("latitude", latitude, personal=True),
    Column("longitude", longitude, personal=True),
    Column("band_centre", truth),
)
PROVIDERS = (
    Column("provider_id", identifier),
    Column("name", text),
    Column("cqc_rating", one_of(*CQC_RATINGS)),
    Column("pamms_rating", one_of("", *PAMMS_RATINGS)),
    Column("pamms_published", maybe_date),
    Column("skills", words),
    Column("max_hours_4w", maybe_hours),
    Column("max_distance_miles", optional(decimal(0, 1000))),
    Column("telephone", line, personal=True, optional=True),
    Column("email", optional(email_address, ""), personal=True, optional=True),
    Column("notice_days", optional(whole(1, 3660)), optional=True),
    Column("subcontractors", words, optional=True),
    Column("ends", maybe_date, optional=True),
)
OFFICES = (
    Column("office_id", identifier),
    Column("provider_id", identifier),
    Column("latitude", latitude, personal=True),
    Column("longitude", longitude, personal=True),
)
LOCATIONS = (
    Column("location_id", identifier),
    Column("provider_id", identifier),
    Column("name", text),
    Column("cqc_rating", one_of(*CQC_RATINGS)),
    Column("cqc_rated", maybe_date),
)
CONTRACTS = (
    Column("contract_id", identifier),
    Column("provider_id", identifier),
    Column("tier", one_of(*TIERS)),
    Column("area_id", maybe_id),
    Column("starts", maybe_date),
    Column("ends", maybe_date),
    Column("max_hours_4w", maybe_hours),
    Column("guarantee", optional(decimal(0, 1))),
    Column("rate_band_1", pence),
    Column("rate_band_2", optional(pence)),
    Column("rate_band_3", optional(pence)),
    Column("bands", bands),
    Column("billing_increment_minutes", optional(whole(1, 60))),
    Column("succeeds", maybe_id, optional=True),
    Column("service", maybe_id, optional=True),
    Column("regime", one_of("", *REGIMES), optional=True),
    Column("extension_until", maybe_date, optional=True),
    Column("notice_days", optional(whole(1, 3660)), optional=True),
    Column("location_id", maybe_id, optional=True),
)
RATES = (
    Column("contract_id", identifier),
    Column("starts", date),
    Column("rate_band_1", pence),
    Column("rate_band_2", optional(pence)),
    Column("rate_band_3", optional(pence)),
)
RESTRICTIONS = (
    Column("restriction_id", identifier),
    Column("provider_id", identifier),
    Column("area_id", maybe_id),
    Column("starts", maybe_date),
    Column("ends", maybe_date),
    Column("kind", one_of("no_new_work", "capped")),
    Column("new_hours_4w", maybe_hours),
    Column("reason", text, personal=True),
    Column("review_on", maybe_date, optional=True),
    Column("owner", line, optional=True),
    Column("improvement_plan", text, personal=True, optional=True),
)
PACKAGES = (
    Column("package_id", identifier),
    Column("latitude", latitude, personal=True),
    Column("longitude", longitude, personal=True),
    Column("area_id", maybe_id),
    Column("status", one_of("new", "active")),
    Column("hours_per_week", minutes_of_hours),
    Column("visits_per_week", whole(1, 2000)),
    Column("workers", whole(1, 2)),
    Column("skills", words, personal=True),
    Column("priority", one_of(*PRIORITIES)),
    Column("start_by", maybe_date),
    Column("contract_id", maybe_id),
    Column("round_id", maybe_id),
    Column("protected", text, personal=True),
    Column("transfer_decision", one_of("", "suitable", "not_suitable"), personal=True),
    Column("excluded_provider_ids", words, personal=True),
    Column("requested_at", optional(moment)),
    Column("source", one_of("", *SOURCES)),
    Column("care_started", maybe_date),
    Column("previous_contract_id", maybe_id, optional=True),
    Column("held_until", maybe_date, optional=True),
    Column("service", maybe_id, optional=True),
    Column("bundle_id", maybe_id, optional=True),
    Column("part_of", maybe_id, optional=True),
    Column("if_missed", one_of("", *HARMS), personal=True, optional=True),
    Column("can_step_in", line, personal=True, optional=True),
    Column("priority_set_on", maybe_date, optional=True),
    Column("first_visit_at", optional(moment), optional=True),
    Column("worker_gender", one_of("", "female", "male"), personal=True, optional=True),
    Column("worker_languages", words, personal=True, optional=True),
    Column("preferred_provider_ids", words, personal=True, optional=True),
    Column("household_id", maybe_id, personal=True, optional=True),
    Column("formats", words_of(FORMATS), personal=True, optional=True),
    Column("language", line, personal=True, optional=True),
    Column("write_to", line, personal=True, optional=True),
)
VISITS = (
    Column("visit_id", identifier),
    Column("package_id", identifier),
    Column("days", words_of(DAYS)),
    Column("earliest_start", time_of_day),
    Column("latest_start", time_of_day),
    Column("duration_minutes", whole(1, 1440)),
    Column("workers", whole(1, 2)),
    Column("needs", words, personal=True, optional=True),
)
ROUNDS = (
    Column("round_id", identifier),
    Column("provider_id", identifier),
    Column("area_id", maybe_id),
    Column("staff", optional(whole(0, 10_000))),
    Column("staff_hours_per_week", maybe_hours),
)
OFFERS = (
    Column("offer_id", identifier),
    Column("package_id", identifier),
    Column("contract_id", identifier),
    Column("offered_at", moment),
    Column("responded_at", optional(moment)),
    Column("response", one_of("", "accepted", "declined", "expired", "withdrawn")),
    Column("reason", text, personal=True),
)
MEANWHILE = (
    Column("package_id", identifier),
    Column("where", one_of(*WHERE), personal=True),
    Column("holds", text, personal=True),
    Column("holds_until", maybe_date),
    Column("carer", one_of("", *CARERS), personal=True),
    Column("checked_by", line, personal=True),
    Column("next_check", maybe_date),
    Column("recorded_at", moment),
    Column("choice", one_of("", *CHOICES)),
    Column("choice_until", maybe_date),
    Column("chosen_by", line, personal=True),
    Column("approved_by", line, personal=True),
    Column("choice_reason", text, personal=True),
    Column("approved_weekly_gbp", optional(pence_a_week), optional=True),
    Column("wish", text, personal=True, optional=True),
)
DECISIONS = (
    Column("decision_id", identifier),
    Column("package_id", identifier),
    Column("move", one_of(*MOVES)),
    Column("to_provider_id", maybe_id),
    Column("decision", one_of("suitable", "not_suitable"), personal=True),
    Column("why", text, personal=True),
    Column("decided_by", line, personal=True),
    Column("decided_on", date),
    Column("valid_to", date),
)
ANSWERS = (
    Column("answer_id", identifier),
    Column("package_id", identifier),
    Column("provider_id", identifier),
    Column("answer", one_of(YES, NO), personal=True),
    Column("given_by", one_of(*GIVEN_BY), personal=True),
    Column("advocate", one_of("", *ADVOCATES), personal=True),
    Column("answered_at", moment),
    Column("reason", text, personal=True),
)
TABLES = {
    "surgeries.csv": SURGERIES,
    "providers.csv": PROVIDERS,
    "offices.csv": OFFICES,
    "locations.csv": LOCATIONS,
    "contracts.csv": CONTRACTS,
    "rates.csv": RATES,
    "restrictions.csv": RESTRICTIONS,
    "packages.csv": PACKAGES,
    "visits.csv": VISITS,
    "rounds.csv": ROUNDS,
    "offers.csv": OFFERS,
    "meanwhile.csv": MEANWHILE,
    "decisions.csv": DECISIONS,
    "answers.csv": ANSWERS,
}
MAY_BE_ABSENT = (
    "locations.csv",
    "rates.csv",
    "restrictions.csv",
    "visits.csv",
    "rounds.csv",
    "offers.csv",
    "meanwhile.csv",
    "decisions.csv",
    "answers.csv",
)
OF_PEOPLE = tuple(
    name.removesuffix(".csv") for name, columns in TABLES.items() if any(column.name == "package_id" for column in columns)
)
"""The kinds of records that are about a person: they name the package that they belong to."""
