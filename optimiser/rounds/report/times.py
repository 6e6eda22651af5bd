"""Times of a run as they are written: seconds from midnight of its day, which may pass the next midnight."""

from __future__ import annotations

from optimiser.domain.staffing import DAY_SECONDS


def clock(seconds: int) -> str:
    """To the minute below, as drawings have it: after the next midnight hours go on (``26:00``), as in timetables."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def clock_with_seconds(seconds: int) -> str:
    """The same to the second, as tables have it: ``26:00:00``."""
    return f"{clock(seconds)}:{seconds % 60:02}"


def time_on_page(seconds: int) -> str:
    """To the minute, as people read it: ``02:00 the next day``."""
    return f"{clock(seconds % DAY_SECONDS)}{' the next day' if seconds >= DAY_SECONDS else ''}"
