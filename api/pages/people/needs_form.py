"""Somebody's needs as a form: its fields from a record, and a request for the service from its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from api.packages.schemas import MOST_VISITS
from api.pages.filled_form import FilledForm, sent_form
from api.pages.page_words import DAYS, capital, in_plain
from api.pages.people.form_dates import day_of, time_of
from api.pages.people.person_side import IF_MISSED

Json = dict[str, Any]
VISIT_ROWS = 3
"""So many empty rows for visits stand below those that are there; more come with the next saving."""
ROWS_WITH_EMPTY = 12
"""From so many visits on no empty row stands below them."""
KEYS = tuple(f"v{number}" for number in range(1, MOST_VISITS + 1))
"""What stands before the names of a visit's fields: one for each that somebody may have."""
MOST_FIELDS = 100 + MOST_VISITS * 13
"""Of a visit its seven days and six other fields."""
PRIORITIES = {"urgent": "Urgent", "discharge": "Hospital discharge", "standard": "Standard", "planned": "Planned"}
SOURCES = {
    "": "Not said",
    "acute_hospital": "Acute hospital",
    "community_hospital": "Community hospital",
    "short_term_bed": "Short-term bed",
    "reablement": "Reablement",
    "out_of_hospital": "Out of hospital",
    "community": "Community",
}
MISSED = {"": "Not recorded", **IF_MISSED}
GENDERS = {"": "No wish", "female": "Women", "male": "Men"}
FORMATS = {
    "large_print": "Large print",
    "easy_read": "Easy read",
    "plain_text": "Plain text",
    "easy_to_translate": "Easy to translate",
}
SAYS = {
    "postcode": "Enter a postcode of a home in England, such as NR1 2DH",
    "latitude": "Enter the latitude in degrees, such as 52.654433",
    "longitude": "Enter the longitude in degrees, such as 0.80756",
    "hours_per_week": "Enter hours a week in quarters of an hour, such as 5.25",
    "visits_per_week": "Enter how many visits a week, a whole number",
    "workers": "Say whether two care workers are needed at once",
    "priority": "Choose a priority",
    "start_by": "Enter the day by which care is to begin",
    "skills": "Look at the needs again: words, one after the other, separated by commas",
    "worker_languages": "Look at the languages again: words, separated by commas",
    "visits": "Look at the visits again",
    "can_step_in": "Say on one line who can step in",
    "language": "Say on one line which language they read",
    "": "Enter a postcode, or latitude and longitude",
}
"""A sentence for each member of a request that may be wrong."""


@dataclass(frozen=True)
class VisitRow:
    """A row of the table of visits. ``key``: before the names of its fields."""

    key: str
    days: list[str]
    earliest: str
    latest: str
    minutes: str
    workers: str
    visit_id: str
    needs: str = ""
    """What is needed at this visit above all; it is kept, and not changed here."""


def rows_of(visits: Sequence[Mapping[str, Any]], form: FilledForm) -> list[VisitRow]:
    """A row for each visit, and some empty ones; as it was filled in, where it was."""
    known = [
        VisitRow(
            key,
            list(each["days"]),
            each["earliest_start"][:5],
            each["latest_start"][:5],
            str(each["duration_minutes"]),
            str(each["workers"]),
            each["visit_id"],
            ";".join(each["needs"]),
        )
        for key, each in zip(KEYS, visits, strict=False)
    ]
    wanted = min(len(known) + VISIT_ROWS, max(ROWS_WITH_EMPTY, len(known)))
    empty = [VisitRow(key, [], "", "", "", "1", "") for key in KEYS[len(known) : wanted]]
    return [_as_filled_in(each, form) for each in (*known, *empty)]


def _as_filled_in(row: VisitRow, form: FilledForm) -> VisitRow:
    if not form.is_sent:
        return row
    names = ("earliest", "latest", "minutes", "workers", "id", "needs")
    return VisitRow(row.key, form.chosen(f"{row.key}-days"), *(form.value(f"{row.key}-{name}") for name in names))


async def sent_needs(request: Request) -> FilledForm:
    """What a form with visits has sent: boxes that are ticked may be sent more than once. Raises a ``Problem``."""
    several = ("skills", "formats", "also_preferred", *(f"{key}-days" for key in KEYS))
    return await sent_form(request, several=several, most_fields=MOST_FIELDS)


def needs_of(form: FilledForm) -> tuple[Json, dict[str, str]]:
    """What a form says of somebody's needs, as a request has it; and what is wrong in it, by field."""
    start, faults = day_of(form, "start_by", SAYS["start_by"])
    visits, wrong = _visits(form)
    faults |= wrong
    told: Json = {
        "workers": 2 if form.value("workers") == "2" else 1,
        "skills": sorted({*form.chosen("skills"), *("_".join(each.split()) for each in _parts(form.value("more_skills")))}),
        "priority": form.value("priority"),
        "start_by": None if start is None else start.isoformat(),
        "if_missed": form.value("if_missed") or None,
        "can_step_in": form.value("can_step_in") or None,
        "worker_gender": form.value("worker_gender") or None,
        "worker_languages": _parts(form.value("worker_languages")),
        "preferred_provider_ids": list(dict.fromkeys(filter(None, [form.value("preferred"), *form.chosen("also_preferred")]))),
        "formats": form.chosen("formats"),
        "language": form.value("language") or None,
        "visits": visits,
    }
    if visits:
        minutes = sum(len(each["days"]) * each["duration_minutes"] * each["workers"] for each in visits)
        told |= {"hours_per_week": minutes / 60, "visits_per_week": sum(len(each["days"]) for each in visits)}
        told["workers"] = max(each["workers"] for each in visits)
    else:
        for name in ("hours_per_week", "visits_per_week"):
            try:
                told[name] = float(form.value(name)) if name == "hours_per_week" else int(form.value(name))
            except ValueError:
                faults[name] = SAYS[name]
    if not told["priority"]:
        faults["priority"] = SAYS["priority"]
    return told, faults


def _visits(form: FilledForm) -> tuple[list[Json], dict[str, str]]:
    """The rows that are filled in. One without days is a visit no more."""
    found, faults = [], {}
    for number, key in enumerate(KEYS, start=1):
        days = [each for each in DAYS if each in form.chosen(f"{key}-days")]
        cells = [form.value(f"{key}-{name}") for name in ("earliest", "latest", "minutes")]
        if not days and not any(cells):
            continue
        if not days:
            if form.value(f"{key}-id"):
                continue
            faults[f"{key}-days"] = f"Visit {number}: tick its days"
            continue
        try:
            earliest, latest, minutes = time_of(cells[0]), time_of(cells[1]), int(cells[2])
        except ValueError:
            faults[f"{key}-earliest"] = f"Visit {number}: enter times such as 8:00 and 9:30, and whole minutes"
            continue
        visit: Json = {"days": days, "earliest_start": f"{earliest:%H:%M}", "latest_start": f"{latest:%H:%M}"}
        visit |= {"duration_minutes": minutes, "workers": 2 if form.value(f"{key}-workers") == "2" else 1}
        visit |= {"visit_id": form.value(f"{key}-id")} if form.value(f"{key}-id") else {}
        visit |= {"needs": form.value(f"{key}-needs").split(";")} if form.value(f"{key}-needs") else {}
        found.append(visit)
    return found, faults


def _parts(text: str) -> list[str]:
    """What stands between commas."""
    return [part for each in text.split(",") if (part := each.strip())]


def skills_known(providers: Iterable[Mapping[str, Any]], own: Iterable[str]) -> list[tuple[str, str]]:
    """The needs that some provider is recorded to meet, and those of this person: boxes to tick."""
    found = {skill for each in providers for skill in each["skills"]} | set(own)
    return [(each, capital(in_plain(each))) for each in sorted(found)]


def entered(package: Mapping[str, Any]) -> Json:
    """A package's needs as its form begins."""
    return {
        "hours_per_week": f"{package['hours_per_week']:g}",
        "visits_per_week": str(package["visits_per_week"]),
        "workers": str(package["workers"]),
        "priority": package["priority"],
        "if_missed": package["if_missed"] or "",
        "can_step_in": package["can_step_in"] or "",
        "worker_gender": package["worker_gender"] or "",
        "worker_languages": ", ".join(package["worker_languages"]),
        "preferred": next(iter(package["preferred_provider_ids"]), ""),
        "language": package["language"] or "",
    }


NOTHING: Json = {
    "hours_per_week": "",
    "visits_per_week": "",
    "workers": "1",
    "priority": "",
    "if_missed": "",
    "can_step_in": "",
    "worker_gender": "",
    "worker_languages": "",
    "preferred": "",
    "language": "",
}
"""The same of a new request."""


def hidden_of(form: FilledForm, *but: str) -> list[tuple[str, str]]:
    """Every field of a form again, to be sent once more from a page that asks whether that is right."""
    return [(name, value) for name, values in form.entered.items() if name not in but for value in values]
