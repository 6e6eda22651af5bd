"""The files of tonight, checked as they are: nothing that the check does not confirm is handed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from optimiser.domain.dates import LONDON
from optimiser.domain.records import HARMS
from optimiser.domain.words import people
from optimiser.io.folders import page_of, pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet
from optimiser.tonight.beside_a_person import beside, in_hospital, notes_beside, with_support
from optimiser.tonight.check import tonight_faults
from optimiser.tonight.story import Tonight
from optimiser.tonight.tables import MINUTES, VISITS, WITHOUT_TIMES, Row, Tables, in_words, local
from optimiser.tonight.what_fails import HOURS


class ListNotConfirmedError(Exception):
    """The check does not confirm the list."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} fault(s)")
        self.faults = faults


@dataclass(frozen=True)
class Checked:
    """A list that the check confirms, with what was made of it for that."""

    visits: list[Row]
    without_times: list[Row]
    minutes: list[Row]
    files: dict[str, bytes]
    """The three tables."""

    def __repr__(self) -> str:
        return f"<Checked list of {len(self.visits)} visits>"


def checked(made: Tonight) -> Checked:
    """The tables, which the check reads. Raises ``ListNotConfirmedError`` when it finds anything in them."""
    tables = Tables(made)
    visits, without, minutes = tables.visits(), tables.without_times(), list(tables.minutes())
    files = {
        "tonight.csv": spreadsheet(VISITS, visits),
        "without-times.csv": spreadsheet(WITHOUT_TIMES, without),
        "who-has-minutes.csv": spreadsheet(MINUTES, minutes),
    }
    if faults := tonight_faults(made.county, made.asked, made.not_recorded, made.built, files):
        raise ListNotConfirmedError(faults)
    return Checked(visits, without, minutes, files)


def tonight_files(made: Tonight, run: Mapping[str, Any]) -> dict[str, bytes]:
    """All files. Raises ``ListNotConfirmedError`` when the check finds anything in them."""
    tables, record = checked(made), tonight_record(made)
    return tables.files | {
        "result.json": pretty(record),
        "tonight.html": tonight_page(made, record, tables),
        "run.json": pretty(dict(run)),
    }


def tonight_record(made: Tonight) -> dict[str, Any]:
    """What ``result.json`` says: counts alone."""
    county, packages = made.county, made.county.packages
    nobody = [due for due in made.visits if not made.openings.get(due.name) and not made.rooms[due.package]]
    return {
        **result_head(county.snapshot, command="tonight"),
        "from": local(made.asked.begins),
        "until": local(made.asked.ends),
        "providers": list(made.asked.provider_ids),
        "snow": made.asked.snow,
        "rounds_are_built": made.built is not None,
        "settings": {"relieve_not_recorded": made.not_recorded},
        "people": county.people(made.packages),
        "visits": len(made.visits),
        "double_handed_visits": sum(due.visit.workers == 2 for due in made.visits),
        "visits_nobody_is_known_for": len(nobody),
        "by_harm": [
            {
                "if_missed": harm,
                "people": county.people(p for p in made.packages if made.harm(p) == harm),
                "visits": sum(made.harm(due.package) == harm for due in made.visits),
            }
            for harm in HARMS
        ],
        "not_recorded_people": county.people(p for p in made.packages if not packages[p].if_missed),
        "people_without_times": county.people(made.without_visits),
        "enhanced_support_people": with_support(made),
        "in_hospital_people": in_hospital(made),
        "notes": list(notes(made)),
    }


def notes(made: Tonight) -> tuple[str, ...]:
    """What a reader of the list has to know."""
    county, told = made.county, []
    offset = {made.asked.begins.astimezone(LONDON).utcoffset(), made.asked.ends.astimezone(LONDON).utcoffset()}
    if len(offset) > 1:
        told.append(f"The clocks change in these {HOURS} hours. The list ends {HOURS} hours of real time after it begins.")
    unknown = [package for package in made.packages if not county.packages[package].if_missed]
    if unknown:
        told.append(
            f"What a missed visit would do is not recorded for {people(county.people(unknown))}: they stand with"
            f" {made.not_recorded} (setting relieve_not_recorded). Record it (if_missed)."
        )
    states = Counter(due.state for due in made.visits)
    if open_now := states["may_be_made"] + states["may_be_under_way"]:
        told.append(
            f"Of {open_now} visits the time had begun by then: nobody here knows whether somebody has been. Ring and ask first."
        )
    told += notes_beside(made)
    if waiting := _promised(made):
        told.append(
            f"{people(waiting)} whose care has not begun: offers to who cannot come are open or accepted. Ask about each again."
        )
    told.append(_what_minutes_rest_on(made))
    told.append("The list holds who the council places care for. Others whom the same providers serve are not in the data.")
    return tuple(told)


def _what_minutes_rest_on(made: Tonight) -> str:
    rest = (
        "Who has minutes: of providers without built rounds only the hours left of a contract this week are known, not when."
        " Ask them whether they can come at that time."
    )
    if made.built is None:
        return rest
    return (
        f"{rest} Of built rounds it is the time between two visits, with the ways there and on ({made.built.travel or 'unknown'}"
        " where the rounds were built; here straight lines), nobody's visit moved. The same minutes may stand beside several"
        " visits: each can be used once. Whether the care worker has the skills is for the provider to say."
    )


def _promised(made: Tonight) -> int:
    """People with an offer, accepted or not answered yet, with who cannot come."""
    county, offers = made.county, made.county.offers_in_force
    promised = {name: (contract,) for name, contract in offers.accepted.items()} | dict(offers.pending)
    return county.people(
        county.package_index[name]
        for name, contracts in promised.items()
        if any(made.asked.concerns(county.provider(contract).provider_id) for contract in contracts)
    )


STATES = {"due": "", "may_be_made": "may have been made", "may_be_under_way": "may be under way"}


def tonight_page(made: Tonight, record: Mapping[str, Any], tables: Checked) -> bytes:
    """The page that prints. ``record``: what ``result.json`` says."""
    timed = [
        {
            **row,
            "opens": in_words(due.opens),
            "latest": in_words(due.closes),
            "said": STATES[due.state],
            "beside": beside(made, due.package),
        }
        for row, due in zip(tables.visits, made.visits, strict=True)
    ]
    untimed = [
        {**row, "beside": beside(made, package)} for row, package in zip(tables.without_times, made.without_visits, strict=True)
    ]
    return page_of(
        __name__,
        "tonight.html.j2",
        {
            "who": "It snows: everybody's visits" if made.asked.snow else f"Cannot come: {', '.join(made.asked.provider_ids)}",
            "begins": in_words(made.asked.begins),
            "until": in_words(made.asked.ends),
            "record": record,
            "groups": [
                (harm, *([row for row in rows if row["counted_as"] == harm] for rows in (timed, untimed))) for harm in HARMS
            ],
        },
    )
