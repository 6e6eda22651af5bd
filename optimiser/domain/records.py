"""What a snapshot holds, one frozen record per line of its files; and what its ids may be.

Minutes are care-worker minutes a week; hours with ``_4w`` are per four-week period, as contracts state them. Money is in
pence, exact. Dates are half-open: ``ends`` is the first day no longer covered. Source: the snapshot format,
``data/README.md``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Literal

Tier = Literal["principal", "framework", "legacy", "reserve", "specialist"]
TIERS: tuple[Tier, ...] = ("principal", "framework", "legacy", "reserve", "specialist")
"""In the order in which they are asked; a package is asked of specialists or of all the others, never of both."""
USUAL_TIERS: tuple[Tier, ...] = ("principal", "framework", "legacy")
"""Tiers that are told of even where a county has no contract of them."""
OF_ONE_AREA: tuple[Tier, ...] = ("principal", "framework")
"""Tiers whose contracts belong to one area each, and are used from its go-live on."""

CARE_STEP_MINUTES = 15
"""The hours a week of a package, and so of a part of one, are whole quarter hours; its visits may be of any length."""
REGIMES = ("pcr_2015", "procurement_act_2023")
"""The law that a contract was bought under: the Public Contracts Regulations 2015, or the act that came after them."""

LATER = {"later": True}
"""Marks what the format did not always have: a county in which nobody uses it has the digest and the files that it had."""

HARMS = ("red", "amber", "green")
"""What a missed visit would do to a person, the worst first: recorded by somebody who knows them, never inferred."""
PRIORITIES = ("urgent", "discharge", "standard", "planned")
DOUBLE_HANDED = "double_handed"
ENHANCED_HOME_SUPPORT = "enhanced_home_support"
"""The service that is short care for up to 72 hours."""


def covers(starts: dt.date | None, ends: dt.date | None, day: dt.date) -> bool:
    """Whether the half-open period covers a day; no start is always, no end is open."""
    return (starts is None or starts <= day) and (ends is None or day < ends)


@dataclass(frozen=True, slots=True)
class Area:
    """A PCN area. ``geometry`` is its outline as GeoJSON has it (degrees), or None."""

    area_id: str
    name: str
    region: str
    go_live: dt.date | None
    geometry: dict[str, Any] | None = field(repr=False, default=None)
    go_live_planned: dt.date | None = field(default=None, metadata=LATER)
    """The date first planned: told, and never used."""

    def is_live(self, day: dt.date) -> bool:
        return self.go_live is not None and self.go_live <= day


@dataclass(frozen=True, slots=True)
class Surgery:
    """A GP surgery. ``band_centre``: price bands are measured from it."""

    surgery_id: str
    name: str
    area_id: str
    latitude: float
    longitude: float
    band_centre: bool


@dataclass(frozen=True, slots=True)
class Provider:
    """A home care provider, with the limits that it sets itself. ``max_hours_4w`` None: no limit."""

    provider_id: str
    name: str
    cqc_rating: str
    pamms_rating: str
    pamms_published: dt.date | None
    skills: tuple[str, ...]
    max_hours_4w: Fraction | None
    max_distance_miles: Fraction | None
    telephone: str = field(repr=False, default="", metadata=LATER)
    email: str = field(repr=False, default="", metadata=LATER)
    """As the telephone for the council's own use: told in no letter, message, report or explanation."""
    notice_days: int | None = field(default=None, metadata=LATER)
    """How long before it stops it has to say so; for no rule."""
    subcontractors: tuple[str, ...] = field(default=(), metadata=LATER)
    ends: dt.date | None = field(default=None, metadata=LATER)
    """The first day on which it no longer works for the council; all its contracts have ended by then."""


@dataclass(frozen=True, slots=True)
class Office:
    """A place that a provider works from."""

    office_id: str
    provider_id: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Location:
    """A place that CQC has registered for a provider: it rates locations, not providers. ``cqc_rated``: told, and never used."""

    location_id: str
    provider_id: str
    name: str
    cqc_rating: str
    cqc_rated: dt.date | None


@dataclass(frozen=True, slots=True)
class Contract:
    """``area_id`` empty: county-wide. ``rates_pence``: per hour, for bands 1, 2 and 3. ``bands`` empty: all.

    ``succeeds``: the contract that this one takes over from. ``service`` empty: home care. ``regime``: out of ``REGIMES``, for no
    rule; empty: as the settings say. ``extension_until``: its latest possible end, with every extension; ``notice_days``: how
    long before an early end notice is given; both for no rule. ``location_id``: the location whose CQC rating counts for it;
    empty: its provider's worst.
    """

    contract_id: str
    provider_id: str
    tier: Tier
    area_id: str
    starts: dt.date | None
    ends: dt.date | None
    max_hours_4w: Fraction | None
    guarantee: Fraction
    rates_pence: tuple[int, int, int]
    bands: tuple[int, ...]
    billing_increment_minutes: int | None
    succeeds: str = field(default="", metadata=LATER)
    service: str = field(default="", metadata=LATER)
    regime: str = field(default="", metadata=LATER)
    extension_until: dt.date | None = field(default=None, metadata=LATER)
    notice_days: int | None = field(default=None, metadata=LATER)
    location_id: str = field(default="", metadata=LATER)

    def in_force(self, day: dt.date) -> bool:
        return covers(self.starts, self.ends, day)

    def has_ended(self, day: dt.date) -> bool:
        return self.ends is not None and self.ends <= day

    def has_begun(self, day: dt.date) -> bool:
        return self.starts is None or self.starts <= day

    @property
    def limit_minutes(self) -> Fraction | None:
        """The contract's maximum as minutes a week: a four-week hour is a quarter hour a week."""
        return None if self.max_hours_4w is None else self.max_hours_4w * 15


@dataclass(frozen=True, slots=True)
class Rate:
    """A contract's prices from a day on, in pence an hour for bands 1, 2 and 3."""

    NAMED_BY: ClassVar[str] = "rate_id"

    starts: dt.date
    contract_id: str
    rates_pence: tuple[int, int, int]

    @property
    def rate_id(self) -> str:
        """What tells one line from another: a contract and a day."""
        return f"{self.contract_id} {self.starts}"


@dataclass(frozen=True, slots=True)
class Restriction:
    """``kind``: ``no_new_work``, or ``capped`` at ``new_hours_4w``. ``area_id`` empty: everywhere."""

    restriction_id: str
    provider_id: str
    area_id: str
    starts: dt.date | None
    ends: dt.date | None
    kind: Literal["no_new_work", "capped"]
    new_hours_4w: Fraction | None
    reason: str
    review_on: dt.date | None = field(default=None, metadata=LATER)
    """When it is to be looked at again: told ahead, and used by no rule."""
    owner: str = field(default="", metadata=LATER)
    """The post, never a person, that looks after it."""
    improvement_plan: str = field(repr=False, default="", metadata=LATER)
    """What the provider has agreed to do, in short."""

    def in_force(self, day: dt.date) -> bool:
        return covers(self.starts, self.ends, day)


@dataclass(frozen=True, slots=True)
class Package:
    """One person's care. ``area_id`` is never empty here: the outlines have filled it in where the file did not."""

    package_id: str
    latitude: float
    longitude: float
    area_id: str
    status: Literal["new", "active"]
    minutes_per_week: int
    visits_per_week: int
    workers: int
    skills: tuple[str, ...]
    priority: str
    start_by: dt.date | None
    contract_id: str
    round_id: str
    protected: str
    transfer_decision: str
    excluded_provider_ids: tuple[str, ...]
    requested_at: dt.datetime | None
    source: str
    care_started: dt.date | None
    previous_contract_id: str = ""
    held_until: dt.date | None = None
    service: str = field(default="", metadata=LATER)
    """Empty: home care; else what only specialist contracts with the same word deliver."""
    bundle_id: str = field(default="", metadata=LATER)
    """New packages of one bundle are placed together on one contract or not at all."""
    part_of: str = field(default="", metadata=LATER)
    """The package whose care this is a part of, once a person has divided it."""
    if_missed: str = field(default="", metadata=LATER)
    """Out of ``HARMS``: what a missed visit would do; empty: not recorded."""
    can_step_in: str = field(repr=False, default="", metadata=LATER)
    """Who can step in when a visit is missed; told in no letter, message, report or explanation but to those who need it then."""
    priority_set_on: dt.date | None = field(default=None, metadata=LATER)
    """The day on which a person last set the priority or looked at it again; None: when it was requested. For no rule."""
    first_visit_at: dt.datetime | None = field(default=None, metadata=LATER)
    """When the first visit began; without it care counts from the start of ``care_started``."""
    worker_gender: str = field(repr=False, default="", metadata=LATER)
    """The person's wish for the gender of care workers; as the other wishes asked about, and never used to rank anybody."""
    worker_languages: tuple[str, ...] = field(repr=False, default=(), metadata=LATER)
    preferred_provider_ids: tuple[str, ...] = field(repr=False, default=(), metadata=LATER)
    household_id: str = field(repr=False, default="", metadata=LATER)
    """The same for people of one household, who would rather have one provider."""
    formats: tuple[str, ...] = field(repr=False, default=(), metadata=LATER)
    """Out of ``FORMATS``: how letters are made for this person."""
    language: str = field(repr=False, default="", metadata=LATER)
    """What the person reads; empty: English, as far as anybody has said."""
    write_to: str = field(repr=False, default="", metadata=LATER)
    """Who is written to in the person's place; empty: the person."""

    def __repr__(self) -> str:
        return f"<Package {self.package_id}, {self.status}>"

    @property
    def skills_needed(self) -> tuple[str, ...]:
        """What a provider must be able to do, the second care worker included."""
        extra = (DOUBLE_HANDED,) if self.workers == 2 else ()
        return tuple(sorted({*self.skills, *extra}))


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit on each of ``days``; its start may fall between the two times (Europe/London)."""

    visit_id: str
    package_id: str
    days: tuple[str, ...]
    earliest_start: dt.time
    latest_start: dt.time
    duration_minutes: int
    workers: int
    needs: tuple[str, ...] = field(repr=False, default=(), metadata=LATER)
    """What it is for, such as medication; empty: not recorded, and never inferred."""

    def __repr__(self) -> str:
        return f"<Visit {self.visit_id}>"


@dataclass(frozen=True, slots=True)
class Round:
    """A run of visits that the same staff work."""

    round_id: str
    provider_id: str
    area_id: str
    staff: int | None
    staff_hours_per_week: Fraction | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A package's requirements sent to a provider. ``response`` empty: still waiting for an answer."""

    offer_id: str
    package_id: str
    contract_id: str
    offered_at: dt.datetime
    responded_at: dt.datetime | None
    response: str
    reason: str

    @property
    def day(self) -> dt.date:
        """The date that counts: of the answer, else of the offer."""
        return (self.responded_at or self.offered_at).date()


LONGEST = 100
"""Characters of an id. Whatever is made of ids and read back as an id is no longer."""
DIGITS = 12
"""Of a digest in place of what is left out: no two ids of a county share them."""


def made_of(own: str, end: str) -> str:
    """``own`` with an end, such as a round's number; where that is too long the middle gives way to a digest of ``own``."""
    if len(own) + len(end) <= LONGEST:
        return own + end
    digest = hashlib.sha256(own.encode()).hexdigest()[:DIGITS]
    kept = LONGEST - len(end) - DIGITS - 1
    return f"{own[:kept].rstrip()}~{digest}{end}"
