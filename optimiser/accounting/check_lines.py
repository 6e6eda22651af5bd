"""The lines of statements as the check of an account reads them: for each visit its pence, and the minutes that count of those
that somebody was there; and how often each reason is given.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from operator import itemgetter
from sys import intern

from optimiser.accounting.check_prices import half_up, in_decimals
from optimiser.accounting.check_written import Key, pence_of
from optimiser.io.spreadsheets import unescaped

ROOM = 24
"""Bits of a figure of seconds: half a year. Of some hundred thousand visits three figures each take the place of one."""
READ = ("contract_id", "package_id", "date", "visit", "minutes", "counted_minutes", "why", "gbp")


def as_one(pence: int, counted: int, seconds: int) -> int:
    """Pence, seconds that count and seconds that were, as one number; sums of such numbers are numbers of the sums."""
    return (((pence << ROOM) + counted) << ROOM) + seconds


def pence_in(one: int) -> int:
    """The pence of such a number."""
    return one >> 2 * ROOM


def _words(one: int) -> str:
    seconds, rest = one % (1 << ROOM), one >> ROOM
    counted = Fraction(rest % (1 << ROOM), 60)
    return f"{pence_in(one)} pence for {in_decimals(counted)} minutes of {in_decimals(Fraction(seconds, 60))}"


@dataclass
class Lines:
    """What the file of lines says."""

    count: int = 0
    visits: dict[Key, int] = field(default_factory=dict)
    """By contract, person, date and visit: ``as_one``."""
    whys: Counter[Key] = field(default_factory=Counter)
    """Lines by contract and reason."""

    def pence(self) -> dict[str, int]:
        """By contract."""
        sums: defaultdict[str, int] = defaultdict(int)
        for (contract_id, *_), one in self.visits.items():
            sums[contract_id] += pence_in(one)
        return dict(sums)


def read_lines(content: bytes) -> Lines:
    """The file, line by line."""
    found, visits = Lines(), defaultdict[Key, int](int)
    reader = csv.reader(io.StringIO(content.decode(), newline=""))
    header = next(reader)
    cells = itemgetter(*(header.index(name) for name in READ))
    plain = cache(lambda cell: intern(unescaped(cell)))
    whys: defaultdict[Key, int] = defaultdict(int)
    for row in reader:
        contract_id, package_id, date, visit, minutes, counted, why, pounds = cells(row)
        one = as_one(pence_of(pounds), _seconds(counted), _seconds(minutes))
        visits[plain(contract_id), plain(package_id), plain(date), plain(visit)] += one
        whys[plain(contract_id), why] += 1
    found.visits, found.whys = dict(visits), Counter(whys)
    found.count = found.whys.total()
    return found


@cache
def _seconds(minutes: str) -> int:
    """Of minutes with two decimals: these tell each second from the next."""
    return half_up(Fraction(minutes) * 60) if minutes else 0


def lines_differ(written: Lines, visits: Mapping[Key, int], whys: Mapping[Key, int]) -> Iterator[str]:
    """Visits, and reasons of contracts, of which the lines do not say what the records come to."""
    if written.visits != visits:
        for key in sorted(written.visits.keys() | visits.keys()):
            there, counted = written.visits.get(key, 0), visits.get(key, 0)
            if there != counted:
                yield f"visit {', '.join(key)}: {_words(there)} written, {_words(counted)} counted"
    for key in sorted(written.whys.keys() | whys.keys()):
        if written.whys[key] != whys.get(key, 0):
            yield f"contract {key[0]}, why {key[1]}: {written.whys[key]} lines, where the records come to {whys.get(key, 0)}"
