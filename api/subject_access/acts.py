"""Everything that is held about a person is written out, for them to have: the right of access, UK GDPR article 15."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from api.acts.__main__ import every_act
from api.acts.act import Caller, act, only
from api.security.roles import ADMIN
from api.settings import Settings
from api.storage.database import reading
from api.subject_access.held_in_files import held_in_files
from api.subject_access.held_in_words import ELSEWHERE, TITLES, Fact, facts
from api.subject_access.holdings import Held, held
from api.subject_access.third_parties import DECIDING
from api.subject_access.who import who_is
from api.subject_access.who_has_seen import Deed, deeds

AFTER_RECORDS = {
    "": ELSEWHERE,
    "runs": "What runs were asked and found",
    "run_events": "What was told of runs while they went on",
    "run_explanations": "Why a run placed you where it did",
    "sent_snapshots": "What stands under your number in a snapshot that was sent to be solved",
    "actuals": "What was recorded of your visits",
    "statement_lines": "What was paid for your visits",
    "files": "What files say of you",
}
BY_A_PROGRAM = ("runs", "run_events", "run_explanations", "actuals", "statement_lines")
RESULTS = (".json", ".jsonl", ".geojson", ".html")
"""Files that hold what a program made of records; the records themselves go into others."""
ASKED = "settings"
"""So begins what somebody asked of a run, and why."""
TRAIL = "Who has seen you, and what was changed"
Record = dict[str, Any]


@act("subject.write", only(ADMIN), writes=("subject.read",))
def write_out(by: Caller, package_id: str, folders: Sequence[Path] = ()) -> Record | None:
    """Everything that is held about a person, in words and without third parties.

    None where nobody is known by this id: then nothing is written down either. ``folders``: where results, reports, exports and
    copies of the database stand, beside the rounds that the service uses.
    """
    with reading(by.store.engine) as connection:
        if who_is(connection, by.store.live.at(connection), package_id) is None:
            return None
    state = by.read("subject.read", "packages", package_id)
    with reading(by.store.engine) as connection:
        who = who_is(connection, state, package_id)
        if who is None:
            return None
        every_act()  # so that every deed has its sentence
        found = list(held(connection, state, who))
        trail = list(deeds(connection, who))
    own_rounds = [Path(by.settings.rounds)] if by.settings.rounds else []
    found += held_in_files([*own_rounds, *folders], who)
    staff = by.settings.subject_staff_names
    return {
        "package_id": package_id,
        "package_ids": sorted(who.package_ids),
        "as_of": state.as_of.isoformat(),
        "settings": _told_settings(by.settings),
        "sections": [*_sections(found, staff), _trail_section(trail, staff)],
    }


def _told_settings(settings: Settings) -> Record:
    return {
        "asks_by_itself": settings.step_on_automatically,
        "staff_names": settings.subject_staff_names,
        "forget_after_days": settings.forget_after_days,
        "forget_runs_after_days": settings.forget_runs_after_days,
        "answer_days": settings.rights_answer_days,
    }


def _sections(found: Sequence[Held], staff: str) -> list[Record]:
    order = [*TITLES, *AFTER_RECORDS]

    def place(each: Held) -> int:
        return order.index(each.where) if each.where in order else order.index("")

    sections = []
    for at, several in groupby(sorted(found, key=place), key=place):
        title = TITLES.get(order[at]) or AFTER_RECORDS[order[at]]
        items = [{"named": _named(each), "facts": [fact._asdict() for fact in _facts(each, staff)]} for each in several]
        sections.append({"title": title, "items": items})
    return sections


def _named(each: Held) -> str:
    known = each.where in TITLES or each.where in AFTER_RECORDS
    return each.named if known else f"{each.where.replace('_', ' ')}: {each.named}"


def _facts(each: Held, staff: str) -> list[Fact]:
    """What a program wrote holds nobody's own words, but for what a run was asked."""
    found = facts(each.of_them, staff)
    if each.where not in BY_A_PROGRAM and not (each.where == "files" and each.named.endswith(RESULTS)):
        return list(found)
    return [fact._replace(own_words=fact.own_words and fact.what.startswith(ASKED)) for fact in found]


def _trail_section(trail: Sequence[Deed], staff: str) -> Record:
    items = [
        {
            "named": f"{each.at:%Y-%m-%d %H:%M}, {_who(each, staff)}: {each.what}",
            "changed": each.changed,
            "everybody": each.everybody,
            "facts": [fact._asdict() for fact in facts(each.said, staff)],
        }
        for each in trail
    ]
    return {"title": TRAIL, "items": items}


def _who(deed: Deed, staff: str) -> str:
    """By role; by name too as the setting says. The service by itself has no name."""
    shown = staff == "all" or (staff == "deciders" and deed.action in DECIDING)
    return f"{deed.by} ({deed.name})" if shown else deed.by
