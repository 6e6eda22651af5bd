"""Who waits, whose visits cannot, and how many minutes rounds have free: found for the check alone, from the records."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from optimiser.county import County
from optimiser.domain.policy import MeanwhileSettings
from optimiser.domain.records import HARMS, Package, Visit
from optimiser.io.spreadsheets import unescaped

Row = dict[str, str]


def rows_of(content: bytes) -> list[Row]:
    """The rows of a table as it is written."""
    lines = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return [{name: unescaped(cell) for name, cell in row.items()} for row in lines]


def told_hours(minutes: int) -> str:
    """Minutes as the tables have hours: two decimals, half up. Visits of any length are legal, so that something may be lost."""
    hundredths = (10 * minutes + 3) // 6
    return f"{hundredths // 100}.{hundredths % 100:02}"


@dataclass(frozen=True)
class Waits:
    """Everybody who waits, as the records say."""

    packages: Mapping[str, list[str]]
    """Per person who may have a bridge the packages with visits that cannot wait."""
    visits: Mapping[str, Visit]
    person_of: Mapping[str, str]
    """Per visit that cannot wait its person."""
    minutes: Mapping[str, int]
    """Per visit the minutes a week, of all its care workers."""
    wanted: Mapping[str, int]
    """Per person the minutes a week of the visits that cannot wait."""
    counted_as: Mapping[str, str]
    days_overdue: Mapping[str, int]
    with_some_care: frozenset[str]
    others: Mapping[str, str]
    """Per package that waits and is not in it the reason."""
    free: Mapping[tuple[str, str], int]
    """Per provider and area the minutes a week that the staff of running rounds have beyond their care."""

    @property
    def people(self) -> list[str]:
        return list(self.packages)

    @property
    def in_order(self) -> list[str]:
        """Most harm first, then who has waited longest, then by id."""
        return sorted(self.packages, key=lambda each: (HARMS.index(self.counted_as[each]), -self.days_overdue[each], each))


def who_waits(county: County) -> Waits:
    """Everybody who waits, by the settings of the county."""
    settings, offers, today = county.snapshot.meanwhile_settings, county.offers_in_force, county.as_of
    of_package: dict[str, list[Visit]] = defaultdict(list)
    for visit in county.snapshot.visits:
        of_package[visit.package_id].append(visit)
    people: dict[str, list[Package]] = defaultdict(list)
    others: dict[str, str] = {}
    person_of: dict[str, str] = {}
    for record in county.packages:
        if record.status != "new":
            continue
        name, urgent = record.package_id, [visit for visit in of_package[record.package_id] if _urgent(visit, settings)]
        due = record.start_by or today
        if name in offers.accepted:
            others[name] = "accepted"
        elif name in offers.pending:
            others[name] = "asked"
        elif (due - today).days > settings.bridge_ahead_days:
            others[name] = "due_later"
        elif not of_package[name]:
            others[name] = "visits_not_known"
        elif not urgent:
            others[name] = "can_wait"
        else:
            people[_person(record)].append(record)
            person_of |= {visit.visit_id: _person(record) for visit in urgent}
    visits = {visit.visit_id: visit for visit in county.snapshot.visits}
    minutes = {each: visits[each].duration_minutes * visits[each].workers * len(visits[each].days) for each in person_of}
    wanted: Counter[str] = Counter()
    for visit_id, person in person_of.items():
        wanted[person] += minutes[visit_id]
    return Waits(
        packages={person: [record.package_id for record in records] for person, records in people.items()},
        visits=visits,
        person_of=person_of,
        minutes=minutes,
        wanted=wanted,
        counted_as={person: _counted_as(records, settings) for person, records in people.items()},
        days_overdue={person: max(_overdue(record, today) for record in records) for person, records in people.items()},
        with_some_care=frozenset(
            _person(record) for record in county.packages if record.status == "active" or record.package_id in offers.accepted
        ),
        others=others,
        free=_free(county),
    )


def _person(record: Package) -> str:
    return record.part_of or record.package_id


def _urgent(visit: Visit, settings: MeanwhileSettings) -> bool:
    return any(need in settings.bridge_needs for need in visit.needs) or (not visit.needs and settings.bridge_unrecorded_visits)


def _counted_as(records: list[Package], settings: MeanwhileSettings) -> str:
    told = {record.if_missed for record in records}
    return next((harm for harm in HARMS if harm in told), settings.bridge_not_recorded)


def _overdue(record: Package, today: dt.date) -> int:
    return 0 if record.start_by is None else max(0, (today - record.start_by).days)


def _free(county: County) -> dict[tuple[str, str], int]:
    care: Counter[str] = Counter()
    for record in county.packages:
        care[record.round_id] += record.minutes_per_week
    free: Counter[tuple[str, str]] = Counter()
    for each in county.snapshot.rounds:
        if each.staff_hours_per_week is not None:
            free[each.provider_id, each.area_id] += max(0, int(each.staff_hours_per_week * 60) - care[each.round_id])
    return dict(free)
