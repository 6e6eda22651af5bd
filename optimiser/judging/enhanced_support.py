"""Enhanced home support: short care of up to 72 hours, with a clock from its first visit. It asks a named person at 24 hours and
again at 48 whether care is still needed, is alerted at 66, and what runs on after 72 is not decided. It ends by a named person's
act alone: nothing here ends it, and nothing here says that a charge is due.

Hours are hours of real time, whatever the clocks do. Source: ``data/README.md``, "Settings of enhanced home support".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from optimiser.domain.dates import instant_of, moment_after, wall_clock
from optimiser.domain.policy import EnhancedSettings
from optimiser.domain.records import ENHANCED_HOME_SUPPORT, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import moment_in_words
from optimiser.judging.safe_meanwhile import Wrong

SUPPORT_RUNS_ON, SUPPORT_ENDS_SOON, CARE_STILL_NEEDED = SUPPORT_KINDS = (
    "support_runs_on", "support_ends_soon", "care_still_needed",
)  # fmt: skip
"""What somebody has to look at, the furthest gone first."""
NOBODY_ANSWERED: Mapping[str, dt.datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Support:
    """One person's enhanced home support at a moment, ``now``. All moments are in UTC."""

    package_id: str
    now: dt.datetime
    began_at: dt.datetime | None
    """When the first visit began; None: not recorded, so long ago."""
    is_first_visit: bool
    """Whether that is the first visit; else it is the start of the day on which care began."""
    asks_at: tuple[dt.datetime, ...]
    """When it is asked whether care is still needed, the earliest first; none where its beginning is not recorded."""
    alerts_at: dt.datetime | None
    ends_at: dt.datetime | None
    """The first moment of what is not decided."""
    answered_at: dt.datetime | None
    """When a named person last said whether care is still needed."""

    def __repr__(self) -> str:
        return f"<Support of {self.package_id}>"

    @property
    def runs_on(self) -> bool:
        """Whether it runs on without anybody having decided so."""
        return self.ends_at is None or self.ends_at <= self.now

    @property
    def ends_soon(self) -> bool:
        return self.alerts_at is not None and self.alerts_at <= self.now and not self.runs_on

    @property
    def question_since(self) -> dt.datetime | None:
        """Since when the question that was asked last is open; None: none is, or it was answered since."""
        asked = [moment for moment in self.asks_at if moment <= self.now]
        is_open = asked and (self.answered_at is None or self.answered_at < asked[-1])
        return asked[-1] if is_open else None

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        """What somebody has to look at now, the furthest gone first."""
        if self.ends_at is None:
            return (Wrong(SUPPORT_RUNS_ON, "", "When the support began is not recorded: it counts as running on, not decided."),)
        found = []
        if self.runs_on:
            told = f"The support was for up to {_words(self.ends_at)}; what runs on since is not decided."
            found.append(Wrong(SUPPORT_RUNS_ON, _about(self.ends_at), told))
        elif self.ends_soon and self.alerts_at is not None:
            told = f"The support ends at {_words(self.ends_at)}."
            found.append(Wrong(SUPPORT_ENDS_SOON, _about(self.alerts_at), told))
        if (since := self.question_since) is not None:
            told = f"Is care still needed? Asked since {_words(since)}."
            found.append(Wrong(CARE_STILL_NEEDED, _about(since), told))
        return tuple(found)

    @property
    def clock(self) -> str:
        """Where the clock stands, as a sentence."""
        if self.began_at is None or self.ends_at is None:
            return "When the support began is not recorded: it counts as running on, not decided."
        since = "its first visit" if self.is_first_visit else "the start of the day on which it began"
        told = f"Enhanced home support, counted from {since}, {_words(self.began_at)}"
        if self.runs_on:
            return f"{told}: it was for up to {_words(self.ends_at)}, and what runs on is not decided."
        return f"{told}: for up to {_words(self.ends_at)}."


def support_of(
    package: Package, settings: EnhancedSettings, now: dt.datetime, answered_at: dt.datetime | None = None
) -> Support | None:
    """Where one person's support stands; None where this is not such support, or has not begun. ``now`` is in UTC."""
    if package.service != ENHANCED_HOME_SUPPORT or package.status != "active":
        return None
    began = began_at(package)
    if began is None:
        return Support(package.package_id, now, None, False, (), None, None, answered_at)

    def after(hours: int) -> dt.datetime:
        return moment_after(began, dt.timedelta(hours=hours))

    return Support(
        package.package_id,
        now,
        began,
        package.first_visit_at is not None,
        (after(settings.first_question_hours), after(settings.second_question_hours)),
        after(settings.alert_hours),
        after(settings.limit_hours),
        answered_at,
    )


def supports(snapshot: Snapshot, now: dt.datetime, answered_at: Mapping[str, dt.datetime] = NOBODY_ANSWERED) -> list[Support]:
    """Everybody with enhanced home support, who runs on longest first. ``answered_at``: in UTC, by package id."""
    every = (support_of(each, snapshot.enhanced, now, answered_at.get(each.package_id)) for each in snapshot.packages)
    return sorted((each for each in every if each is not None), key=the_longest_first)


def the_longest_first(each: Support) -> tuple[str, str]:
    return "" if each.began_at is None else each.began_at.isoformat(), each.package_id


def began_at(package: Package) -> dt.datetime | None:
    """In UTC: its first visit, else the start of the day on which care began; None: neither is recorded."""
    if package.first_visit_at is not None:
        return instant_of(package.first_visit_at)
    return None if package.care_started is None else instant_of(dt.datetime.combine(package.care_started, dt.time()))


def _about(moment: dt.datetime) -> str:
    return wall_clock(moment).isoformat()


def _words(moment: dt.datetime) -> str:
    return moment_in_words(wall_clock(moment))
