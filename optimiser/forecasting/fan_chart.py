"""A fan chart: bands of 50, 80 and 95% around the median, week by week. The table beside it has every figure that it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from optimiser.domain.dates import days_after
from optimiser.forecasting.events_drawn import DAYS
from optimiser.forecasting.fan import BANDS

LEFT, WIDE, TOP, HIGH, RIGHT, BOTTOM = 70, 560, 12, 190, 16, 40
"""Where the drawing begins, how wide and how high it is, and the room around it; in pixels."""
SHADES = {95: 0.25, 80: 0.45, 50: 0.75}
"""How dense each band is, over what lies below it."""
STEPS = 4
"""Lines across, beside the lowest."""


def fan_chart(
    title: str,
    bands: Mapping[str, Sequence[float]],
    first: dt.date,
    *,
    axis: Callable[[float], str],
    mark: float | None = None,
    whole: bool = False,
    ident: str = "",
) -> str:
    """The picture as SVG. ``bands``: per name of a quantile its values, one a week; ``mark``: a line to compare with.
    ``whole``: of people, who are not counted in halves on the lines across either.
    """
    weeks = len(bands["median"]) - 1
    most = _nice(max(*bands["high_95"], mark or 0), whole=whole)

    def x(week: int) -> float:
        return LEFT + WIDE * week / max(1, weeks)

    def y(value: float) -> float:
        return TOP + HIGH - HIGH * min(value, most) / most

    width, height = LEFT + WIDE + RIGHT, TOP + HIGH + BOTTOM
    lines = [
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{ident}-t {ident}-d"'
        ' font-family="sans-serif" font-size="12">',
        f'<title id="{ident}-t">{escape(title)}</title>',
        f'<desc id="{ident}-d">{escape(described(bands, axis))}</desc>',
        *_across(most, y, axis),
        *(_band(bands, low, high, SHADES[width_], x, y) for width_, low, high in reversed(BANDS)),
        f'<polyline fill="none" stroke="currentColor" stroke-width="2" points="{_points(bands["median"], x, y)}"/>',
    ]
    if mark is not None:
        ends = f'x1="{LEFT}" y1="{y(mark):.1f}" x2="{LEFT + WIDE}" y2="{y(mark):.1f}"'
        lines.append(f'<line {ends} stroke="currentColor" stroke-dasharray="6 4"/>')
    return "\n".join([*lines, *_days(weeks, first, x), "</svg>"])


def described(bands: Mapping[str, Sequence[float]], axis: Callable[[float], str]) -> str:
    """The picture in a sentence."""
    last = {name: axis(values[-1]) for name, values in bands.items()}
    return (
        f"From {axis(bands['median'][0])} in the first week the median goes to {last['median']} in the last; half of the draws"
        f" end between"
        f" {last['low_50']} and {last['high_50']}, 95% between {last['low_95']} and {last['high_95']}."
    )


def _nice(most: float, *, whole: bool) -> float:
    """A round number from this one on, so that lines across stand at round figures."""
    if most <= 0:
        return float(STEPS)
    step = 1.0
    while step * 10 <= most:
        step *= 10
    while step > most:
        step /= 10
    candidates = [step * times for step in (step, 10 * step) for times in (1, 2, 4, 6, 8, 10)]
    return next(each for each in candidates if each >= most and not (whole and each % STEPS))


def _points(values: Sequence[float], x: Callable[[int], float], y: Callable[[float], float]) -> str:
    return " ".join(f"{x(week):.1f},{y(value):.1f}" for week, value in enumerate(values))


def _band(
    bands: Mapping[str, Sequence[float]],
    low: str,
    high: str,
    shade: float,
    x: Callable[[int], float],
    y: Callable[[float], float],
) -> str:
    above = _points(bands[high], x, y)
    below = " ".join(reversed(_points(bands[low], x, y).split(" ")))
    return f'<polygon class="band" fill-opacity="{shade}" points="{above} {below}"/>'


def _across(most: float, y: Callable[[float], float], axis: Callable[[float], str]) -> Iterator[str]:
    for step in range(STEPS + 1):
        value = most * step / STEPS
        at = y(value)
        yield f'<line x1="{LEFT}" y1="{at:.1f}" x2="{LEFT + WIDE}" y2="{at:.1f}" stroke="currentColor" stroke-opacity="0.25"/>'
        yield f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" fill="currentColor">{escape(axis(value))}</text>'


def _days(weeks: int, first: dt.date, x: Callable[[int], float]) -> Iterator[str]:
    for part in range(STEPS + 1):
        week = round(weeks * part / STEPS)
        anchor = "start" if part == 0 else "end" if part == STEPS else "middle"
        day = days_after(first, DAYS * week)
        yield f'<text x="{x(week):.1f}" y="{TOP + HIGH + 22}" text-anchor="{anchor}" fill="currentColor">{day}</text>'
