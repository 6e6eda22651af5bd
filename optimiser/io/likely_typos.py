"""What a snapshot says that is probably mistyped, and that would leave a person with nobody or a letter without a name.

None of it breaks a rule of the format, so none of it is refused, and nothing is put right in silence: it is noted. A value of a
personal column is told only on a terminal, and only when asked for (``Note.message``); the note itself says how many and where.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from typing import Any

from optimiser.domain.records import DOUBLE_HANDED, Area, Package, Provider
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import Note, shown
from optimiser.io.headings import by_looks, looks, nearest

FAR_YEARS = 20
"""A date further than this from the snapshot's own day is probably mistyped."""
LATE_REQUEST_YEARS = 1
"""Care that was to start so long before it was asked for has one of its two dates mistyped."""

DATES = {
    "areas": ("areas.geojson", ("go_live", "go_live_planned")),
    "providers": ("providers.csv", ("pamms_published",)),
    "contracts": ("contracts.csv", ("starts", "ends")),
    "rates": ("rates.csv", ("starts",)),
    "restrictions": ("restrictions.csv", ("starts", "ends", "review_on")),
    "locations": ("locations.csv", ("cqc_rated",)),
    "packages": ("packages.csv", ("start_by", "requested_at", "care_started", "held_until")),
    "offers": ("offers.csv", ("offered_at", "responded_at")),
}
"""Per kind of record its file and the columns that hold a day."""
NAMED = {
    "areas": "areas.geojson", "providers": "providers.csv", "surgeries": "surgeries.csv", "locations": "locations.csv",
}  # fmt: skip
"""Kinds of record whose names people read, in letters, on pages and in messages."""

LineOf = Callable[[Any], int]


@dataclass(frozen=True)
class Typo:
    """One place that is probably mistyped. ``value``: what stands there, and what may have been meant."""

    file: str
    text: str
    record: Any
    value: str = ""


def typo_notes(snapshot: Snapshot, line_of: LineOf | None = None) -> tuple[Note, ...]:
    """A note for each kind of likely typo, with how many there are; ``line_of``: and on which lines."""
    return notes_of(searched(snapshot), line_of)


@dataclass(frozen=True)
class Searched:
    """One search, what it has looked through, and what it has found."""

    look: Callable[..., Iterable[Typo]]
    through: tuple[Any, ...]
    found: tuple[Typo, ...]

    def is_of(self, look: Callable[..., Iterable[Typo]], through: tuple[Any, ...]) -> bool:
        """Whether it is this search, of the very same records."""
        pairs = zip(self.through, through, strict=True)
        return look is self.look and all(a is b or (not isinstance(a, tuple) and a == b) for a, b in pairs)


def searched(snapshot: Snapshot, before: Sequence[Searched] = ()) -> tuple[Searched, ...]:
    """Every search of a snapshot, always in the same order. ``before``: those of an earlier one, which are not made again where
    the records are the very same.
    """
    known: Iterable[Searched | None] = before or repeat(None)
    return tuple(
        each if each is not None and each.is_of(look, through) else Searched(look, through, tuple(look(*through)))
        for (look, through), each in zip(_searches(snapshot), known, strict=False)
    )


def notes_of(searches: Iterable[Searched], line_of: LineOf | None = None) -> tuple[Note, ...]:
    """The notes of what was found; see ``typo_notes``."""
    found: dict[tuple[str, str], list[Typo]] = defaultdict(list)
    for typo in chain.from_iterable(search.found for search in searches):
        found[typo.file, typo.text].append(typo)
    return tuple(sorted(_note(file, text, typos, line_of) for (file, text), typos in found.items()))


def new_notes(before: Iterable[Note], after: Iterable[Note]) -> list[str]:
    """What a change has made mistyped, or more of it: a skill that the last provider no longer has leaves people with nobody."""
    known = set(before)
    return [note.said() for note in after if note not in known]


def skill_sentences(package: Package, snapshot: Snapshot) -> list[str]:
    """For whoever may read a package: each skill that nobody offers, and the nearest that somebody does."""
    offered = OfferedSkills(snapshot.providers)
    return [f"No provider has the skill {each.in_words()}." for each in offered.lacking(package)]


def date_sentences(package: Package, as_of: dt.date) -> list[str]:
    """For whoever may read a package: each of its dates that is probably mistyped."""
    typos = [*_far_dates("packages", [package], as_of), *_out_of_order(package, as_of)]
    return [f"{typo.text}." for typo in typos]


def _note(file: str, text: str, typos: list[Typo], line_of: LineOf | None) -> Note:
    lines = {line_of(typo.record) for typo in typos} if line_of else set()
    values = dict.fromkeys(typo.value for typo in typos if typo.value)
    return Note(file, text, len(typos), tuple(sorted(lines - {0})), tuple(sorted(values)))


def _searches(snapshot: Snapshot) -> Iterator[tuple[Callable[..., Iterable[Typo]], tuple[Any, ...]]]:
    """Each search with all that it looks at."""
    yield _skills, (snapshot.packages, snapshot.providers)
    for kind in DATES:
        yield _far_dates, (kind, getattr(snapshot, kind), snapshot.as_of)
    yield _all_out_of_order, (snapshot.packages, snapshot.as_of)
    for kind in NAMED:
        yield _without_names, (kind, getattr(snapshot, kind))


def _skills(packages: Iterable[Package], providers: Iterable[Provider]) -> Iterator[Typo]:
    offered = OfferedSkills(providers)
    for package in packages:
        for each in offered.lacking(package):
            so = "so nobody can be asked" if package.status == "new" else "so the care can move to nobody"
            yield Typo("packages.csv", f"no provider has a skill that is needed, {so} ({each.kind})", package, each.in_words())


def _without_names(kind: str, records: Iterable[Any]) -> Iterator[Typo]:
    for record in records:
        if not _is_readable(record.name):
            yield Typo(NAMED[kind], f"{_whose(record)} is empty: people will read nothing in its place", record)


def _far_dates(kind: str, records: Iterable[Any], as_of: dt.date) -> Iterator[Typo]:
    file, columns = DATES[kind]
    for column in columns:
        for record in records:
            value = getattr(record, column)
            if value is not None and _months_between(value, as_of) > 12 * FAR_YEARS:
                text = f"{_whose(record, column)} is more than {FAR_YEARS} years from {as_of}"
                yield Typo(file, text, record, shown(str(value)))


def _all_out_of_order(packages: Iterable[Package], as_of: dt.date) -> Iterator[Typo]:
    for package in packages:
        yield from _out_of_order(package, as_of)


def _out_of_order(package: Package, as_of: dt.date) -> Iterator[Typo]:
    requested, begun, wanted = package.requested_at, package.care_started, package.start_by
    if requested and begun and begun < requested.date():
        yield Typo("packages.csv", "care_started is before requested_at", package)
    if requested and wanted and (requested.date() - wanted).days > 366 * LATE_REQUEST_YEARS:
        yield Typo("packages.csv", "start_by is more than a year before requested_at", package)
    if requested and requested.date() > as_of:
        yield Typo("packages.csv", f"requested_at is after {as_of}", package)
    if begun and begun > as_of and package.status == "active":
        yield Typo("packages.csv", f"care is running, and care_started is after {as_of}", package)


def _months_between(value: dt.date, day: dt.date) -> int:
    """Of dates or moments, whichever is first: nobody counts days over decades."""
    return abs((value.year - day.year) * 12 + value.month - day.month)


def _whose(record: Any, column: str = "name") -> str:
    """A column in words. An area stands on no line of its own, so it is named; its id tells of no person."""
    return f"{column} of area {record.area_id}" if isinstance(record, Area) else column


def _is_readable(name: str) -> bool:
    """Whether anything of a name can be seen."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in name)


SAME_BUT_FOR_LOOKS = "it differs from one that a provider has only in case, blanks, hyphens or characters that cannot be seen"
NEAR_ONE = "it is spelt nearly like one that a provider has"
LIKE_NONE = "it is like none that a provider has"
TWO_WORKERS = f"the care needs two care workers, and none has {DOUBLE_HANDED}"


@dataclass(frozen=True)
class UnknownSkill:
    """A skill that no provider has. ``nearest``: the one that may have been meant; empty: none is near."""

    skill: str
    nearest: str
    kind: str
    """How it differs from those that providers have: tells nothing of what it is."""

    def in_words(self) -> str:
        return shown(self.skill) + (f" (nearest: {shown(self.nearest)})" if self.nearest else "")


class OfferedSkills:
    """The skills that a county's providers have."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self._offered = {skill for provider in providers for skill in provider.skills}
        self._by_looks = by_looks(self._offered)
        self.judged = cache(self._judged)

    def lacking(self, package: Package) -> Iterator[UnknownSkill]:
        """The skills that a package needs and nobody has; two care workers at once is one."""
        for skill in package.skills_needed:
            if skill not in self._offered:
                yield self.judged(skill)

    def _judged(self, skill: str) -> UnknownSkill:
        if same := self._by_looks.get(looks(skill)):
            return UnknownSkill(skill, same, SAME_BUT_FOR_LOOKS)
        near = nearest(skill, self._by_looks)
        if skill == DOUBLE_HANDED:
            return UnknownSkill(skill, near, TWO_WORKERS)
        return UnknownSkill(skill, near, NEAR_ONE if near else LIKE_NONE)
