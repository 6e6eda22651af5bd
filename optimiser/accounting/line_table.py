"""``statement-lines.csv``: some hundred thousand lines for a county, so each different cell is written out once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.adding_up import alike_lines
from optimiser.accounting.not_made import NotMade
from optimiser.accounting.paying import two_decimals
from optimiser.accounting.statement_lines import WHYS, Lines
from optimiser.domain.actuals import CUT_SHORT, DELIVERED, NEVER, NONE, Ints
from optimiser.domain.dates import wall_clock
from optimiser.domain.words import pounds
from optimiser.io.spreadsheets import escaped

LINES = (
    "contract_id", "package_id", "date", "visit", "worker", "outcome", "planned_minutes", "minutes", "counted_minutes",
    "paid_for", "why", "band", "rate_gbp", "gbp", "actual_ids",
)  # fmt: skip
VISIT = "visit"
IN_QUOTES = re.compile('[,"\r\n]').search


class Told(dict[Any, str]):
    """How each different value is written."""

    def __init__(self, write: Callable[[Any], str]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, value: Any) -> str:
        text = self[value] = self._write(value)
        return text


def line_table(case: AccountCase, lines: Lines) -> bytes:
    """The file: by contract, person, date, visit and care worker."""
    made = _made(case, lines)
    others = [_other(case, each) for each in lines.others]
    places = np.searchsorted(
        case.visit_keys[lines.groups.first], [int(case.visit_keys[each.record]) for each in lines.others], side="right"
    ).tolist()
    parts, done = [",".join(LINES)], 0
    for place, text in zip(places, others, strict=True):
        parts += [*made[done:place], text]
        done = place
    return "\n".join([*parts, *made[done:], ""]).encode()


def cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, in quotes where it needs them."""
    if text.isalnum():
        return text
    safe = escaped(text)
    return '"' + safe.replace('"', '""') + '"' if IN_QUOTES(safe) else safe


def minutes(seconds: int) -> str:
    """With two decimals, half up; whole minutes without."""
    return two_decimals(seconds).removesuffix(".00")


def visit_of(case: AccountCase, record: int) -> str:
    """The visit's id, else the local time at which it was planned to begin."""
    name, start = case.actuals.visit_names[case.actuals.visits[record]], int(case.actuals.planned_start[record])
    if name or start == NEVER:
        return cell(name)
    return f"{wall_clock(dt.datetime.fromtimestamp(start, dt.UTC)):%H:%M}"


def _made(case: AccountCase, lines: Lines) -> list[str]:
    groups, actuals = lines.groups, case.actuals
    contracts = [cell(each.contract_id) for each in case.county.contracts]
    packages = [cell(each.package_id) for each in case.county.packages]
    days = Told(lambda day: dt.date.fromordinal(day).isoformat())
    visits = [cell(name) for name in actuals.visit_names]
    times, money = Told(minutes), Told(pounds)
    planned = Told(lambda each: "" if each == NONE else str(each))

    def begin(contract: int, package: int, day: int) -> str:
        return f"{contracts[contract]},{packages[package]},{days[day]}"

    def rest(worker: int, cut: int, plan: int, seconds: int, counted: int, why: int, band: int, rate: int, pence: int) -> str:
        return (
            f"{worker},{CUT_SHORT if cut else DELIVERED},{planned[plan]},{times[seconds]},{times[counted]},{VISIT},{WHYS[why]},"
            f"{band},{money[rate]},{money[pence]}"
        )

    begun = _each_once(begin, lines.contract, lines.package, lines.day)
    told_of_visit = _each_once(
        rest, groups.worker, groups.cut_short.astype(np.int64), groups.planned, groups.seconds, lines.counted, lines.why,
        lines.band, lines.rate_pence, lines.pence,
    )  # fmt: skip
    named = list(map(visits.__getitem__, actuals.visits[groups.first].tolist()))
    for at in [at for at, name in enumerate(named) if not name]:
        named[at] = visit_of(case, int(groups.first[at]))
    return [
        f"{one},{visit},{what},{told}"
        for one, visit, what, told in zip(begun, named, told_of_visit, _from(case, lines), strict=True)
    ]


def _from(case: AccountCase, lines: Lines) -> list[str]:
    """Per line the ids of its records: of one as a rule."""
    groups, ids = lines.groups, case.actuals.ids
    told = ids if all(map(str.isalnum, ids)) else [cell(each) for each in ids]
    found = list(map(told.__getitem__, groups.records[groups.begins].tolist()))
    several = groups.lengths > 1
    begins, ends = groups.begins[several], groups.begins[several] + groups.lengths[several]
    for at, first, end in zip(np.flatnonzero(several).tolist(), begins.tolist(), ends.tolist(), strict=True):
        found[at] = cell(";".join(sorted(ids[each] for each in groups.records[first:end].tolist())))
    return found


def _each_once(write: Callable[..., str], *columns: Ints) -> Iterator[str]:
    """Per line what is written of its figures in some columns; of each different combination it is written once."""
    places, alike = alike_lines(columns)
    texts = [write(*figures) for figures in zip(*(column[places].tolist() for column in columns), strict=True)]
    return map(texts.__getitem__, alike.tolist())


def _other(case: AccountCase, each: NotMade) -> str:
    record, county = each.record, case.county
    package = int(case.package[record])
    plan = int(case.planned_minutes[record])
    cells = (
        cell(county.contracts[int(case.contract[record])].contract_id), cell(county.packages[package].package_id),
        dt.date.fromordinal(int(case.actuals.days[record])).isoformat(), visit_of(case, record), "", each.outcome,
        "" if plan == NONE else str(plan), "", "", each.kind, each.why, str(int(county.band[package])), pounds(each.rate_pence),
        pounds(each.pence), cell(";".join(sorted(case.actuals.ids[one] for one in each.records))),
    )  # fmt: skip
    return ",".join(cells)
