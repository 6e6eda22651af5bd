"""What day and what time it is, in Europe/London, wherever the machine stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Clock:
    """``fixed_day``: always that day; the time of day goes on."""

    fixed_day: dt.date | None = None

    def instant(self) -> dt.datetime:
        """Now, in UTC: for leases and the audit trail. Never the fixed day."""
        return dt.datetime.now(dt.UTC)

    def now(self) -> dt.datetime:
        """Now as London's wall clocks show it, without an offset: as the snapshot format writes moments."""
        now = self.instant().astimezone(LONDON).replace(tzinfo=None, microsecond=0)
        return now if self.fixed_day is None else dt.datetime.combine(self.fixed_day, now.time())

    def moment(self) -> dt.datetime:
        """The instant that ``now`` shows, in UTC: for what has to be answered by a certain moment."""
        if self.fixed_day is None:
            return self.instant().replace(microsecond=0)
        return self.now().replace(tzinfo=LONDON).astimezone(dt.UTC)

    def today(self) -> dt.date:
        return self.now().date()
