"""Two days of a county to the lines that a finance system needs: what has started, what has ended, what costs something else.

Weekly pence throughout. The lines add up: what all of them change is what the whole of running care costs more or less.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from optimiser.county import County
from optimiser.domain.money import weekly_pence

START, END, HOURS, PRICE = "start", "end", "hours", "price"
RECORDED, BY = "recorded", "by"
"""Whether a line's day is a recorded one, or only the day by which it is known to have happened."""


@dataclass(frozen=True, order=True)
class Care:
    """Running care on a day: under which contract, for how many minutes a week, at what price."""

    package_id: str
    contract_id: str
    provider_id: str
    band: int
    minutes_per_week: int
    rate_pence: int
    """An hour."""

    @property
    def weekly_pence(self) -> int:
        """Half up."""
        return weekly_pence(self.minutes_per_week, self.rate_pence)


@dataclass(frozen=True, order=True)
class Line:
    """One change. ``change_pence``: what it adds to or takes from a week's cost."""

    package_id: str
    day: dt.date
    order: int
    """Of several lines of a package on one day: an end comes before a start."""
    event: str
    day_is: str
    care: Care
    """As it is from then on; of an end as it was."""
    change_pence: int


class DoNotAddUpError(Exception):
    """The lines come to another sum than running care itself."""


def running_care(county: County) -> dict[str, Care]:
    """Everybody's running care on the county's day, by package."""
    found = {}
    for index, package in enumerate(county.packages):
        contract = county.contract_on(index, county.as_of) if package.status == "active" else -1
        if contract < 0:
            continue
        record, band = county.contracts[contract], int(county.band[index])
        rate = county.rates_pence(contract, county.as_of)[band - 1]
        care = Care(package.package_id, record.contract_id, record.provider_id, band, package.minutes_per_week, rate)
        found[package.package_id] = care
    return found


def changes_between(before: County, after: County) -> tuple[Line, ...]:
    """Every line from one day to a later one, by package and day.

    Raises ``ValueError`` where the second day is not later,
    and ``DoNotAddUpError`` where the lines do not come to what running care costs more, a defect of ours.
    """
    if not before.as_of < after.as_of:
        raise ValueError(f"expected a day after {before.as_of}; found {after.as_of}")
    earlier, now = running_care(before), running_care(after)
    lines: list[Line] = []
    for package_id in sorted(earlier.keys() | now.keys()):
        lines += _of_one(before, after, earlier.get(package_id), now.get(package_id))
    total = sum(care.weekly_pence for care in now.values()) - sum(care.weekly_pence for care in earlier.values())
    if (changed := sum(line.change_pence for line in lines)) != total:
        raise DoNotAddUpError(f"{changed} pence, where running care costs {total} more")
    return tuple(sorted(lines))


def _of_one(before: County, after: County, was: Care | None, now: Care | None) -> Iterator[Line]:
    if was is not None and (now is None or now.contract_id != was.contract_id):
        day, day_is = (after.as_of, BY) if now is None else _began(before, after, was, now)
        yield Line(was.package_id, day, 0, END, day_is, was, -was.weekly_pence)
    if now is not None and (was is None or now.contract_id != was.contract_id):
        day, day_is = _began(before, after, was, now)
        yield Line(now.package_id, day, 1, START, day_is, now, now.weekly_pence)
    elif now is not None and was is not None:
        yield from _of_the_same(before, after, was, now)


def _began(before: County, after: County, was: Care | None, now: Care) -> tuple[dt.date, str]:
    """When care began on its contract: as its record says, or on the first day of a contract that took over."""
    contract = after.contracts[after.contract_index[now.contract_id]]
    took_over = was is not None and after.succession.contract_on(was.contract_id, after.as_of) == now.contract_id
    day = contract.starts if took_over else after.packages[after.package_index[now.package_id]].care_started
    if day is not None and before.as_of < day <= after.as_of:
        return day, RECORDED
    return after.as_of, BY


def _of_the_same(before: County, after: County, was: Care, now: Care) -> Iterator[Line]:
    """Prices that changed on recorded days, each its line at the hours of before; then what else is different."""
    contract, band = after.contract_index[now.contract_id], now.band
    rate = was.rate_pence
    days = sorted(each.starts for each in after.rates_of.get(now.contract_id, ()) if before.as_of < each.starts <= after.as_of)
    for day in days:
        dearer = after.rates_pence(contract, day)[band - 1]
        yield from _price(was, now, rate, dearer, day, RECORDED)
        rate = dearer
    yield from _price(was, now, rate, now.rate_pence, after.as_of, BY)
    if now.minutes_per_week != was.minutes_per_week:
        change = now.weekly_pence - weekly_pence(was.minutes_per_week, now.rate_pence)
        yield Line(now.package_id, after.as_of, 3, HOURS, BY, now, change)


def _price(was: Care, now: Care, old: int, new: int, day: dt.date, day_is: str) -> Iterator[Line]:
    if new == old:
        return
    care = Care(now.package_id, now.contract_id, now.provider_id, now.band, was.minutes_per_week, new)
    yield Line(now.package_id, day, 2, PRICE, day_is, care, care.weekly_pence - weekly_pence(was.minutes_per_week, old))
