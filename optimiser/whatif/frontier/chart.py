"""The points of a frontier as a picture: the first level across, the second up, and below them what is proven out of reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import pairwise

from optimiser.whatif.frontier.story import Frontier
from optimiser.whatif.level_words import in_words

LEFT, WIDE, TOP, HIGH, RIGHT, BOTTOM = 130, 500, 14, 280, 90, 62
"""Where the drawing begins, how wide and how high it is, and the room around it; in pixels."""
Place = tuple[int, int]
"""Values of the first and of the second level."""
STEPS = 4
"""Ticks along each axis, beside the lowest."""


def chart(made: Frontier, one: str, other: str, units: tuple[str, str]) -> str:
    """As SVG. ``one``, ``other``: the levels in words. The table beside it has every figure that it shows."""
    points = made.points
    x = _Axis([each.one for each in points], LEFT, WIDE)
    y = _Axis([value for each in points for value in (each.other, each.other_bound)], TOP + HIGH, -HIGH)
    first, last = points[0], points[-1]
    told = (
        f"{len(points)} points, from {in_words(first.one, units[0])} and {in_words(first.other, units[1])}"
        f" to {in_words(last.one, units[0])} and {in_words(last.other, units[1])}."
    )
    width, height = LEFT + WIDE + RIGHT, TOP + HIGH + BOTTOM
    return "\n".join(
        [
            f'<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="points-t points-d" font-family="sans-serif"'
            ' font-size="12">',
            f'<title id="points-t">{escape(f"{one} against {other}")}</title>',
            f'<desc id="points-d">{escape(told)}</desc>',
            *_across(_whole_ticks(y), y.at, units[1]),
            *_along(_whole_ticks(x), x.at, units[0]),
            f'<text x="{LEFT + WIDE / 2}" y="{height - 8}" text-anchor="middle" fill="currentColor">{escape(one)}</text>',
            f'<text x="14" y="{TOP + HIGH / 2}" text-anchor="middle" fill="currentColor"'
            f' transform="rotate(-90 14 {TOP + HIGH / 2})">{escape(other)}</text>',
            _line(
                _until_the_next([(each.one, each.other_bound) for each in points]),
                x,
                y,
                'stroke-opacity="0.6" stroke-dasharray="4 4"',
            ),
            _line(_from_each_on([(each.one, each.other) for each in points]), x, y, 'stroke-width="2"'),
            *(
                f'<circle cx="{x.at(each.one):.1f}" cy="{y.at(each.other):.1f}" r="5" stroke="currentColor" stroke-width="2"'
                f' fill="{"currentColor" if each.proven else "none"}"/>'
                for each in points
            ),
            "</svg>",
        ]
    )


class _Axis:
    """From the least value to the most, with room beside a single one."""

    def __init__(self, values: Sequence[int], begins: float, long: float) -> None:
        self.least = min(values)
        self.room = max(1, max(values) - self.least)
        self._begins, self._long = begins, long

    def at(self, value: float) -> float:
        return self._begins + self._long * (value - self.least) / self.room


def _whole_ticks(axis: _Axis) -> list[int]:
    """Where ticks stand: whole values, each once."""
    least, room = axis.least, axis.room
    return sorted({least + room * step // STEPS for step in range(STEPS + 1)})


def _from_each_on(points: Sequence[Place]) -> list[Place]:
    """What is found: until the next point is paid for, a plan has what the last one has."""
    corners = [points[0]]
    for before, after in pairwise(points):
        corners += [(after[0], before[1]), after]
    return corners


def _until_the_next(points: Sequence[Place]) -> list[Place]:
    """What is proven: a bound holds for all with no more of the first level, so beyond a point it is that of the next."""
    corners = [points[0]]
    for before, after in pairwise(points):
        corners += [(before[0], after[1]), after]
    return corners


def _line(places: Sequence[Place], x: _Axis, y: _Axis, style: str) -> str:
    drawn = " ".join(f"{x.at(one):.1f},{y.at(other):.1f}" for one, other in places)
    return f'<polyline fill="none" stroke="currentColor" {style} points="{drawn}"/>'


def _across(values: Sequence[int], y: Callable[[float], float], unit: str) -> Iterator[str]:
    for value in values:
        at = y(value)
        yield f'<line x1="{LEFT}" y1="{at:.1f}" x2="{LEFT + WIDE}" y2="{at:.1f}" stroke="currentColor" stroke-opacity="0.2"/>'
        yield f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" fill="currentColor">{escape(_short(value, unit))}</text>'


def _along(values: Sequence[int], x: Callable[[float], float], unit: str) -> Iterator[str]:
    for value in values:
        said = escape(_short(value, unit))
        yield f'<text x="{x(value):.1f}" y="{TOP + HIGH + 22}" text-anchor="middle" fill="currentColor">{said}</text>'


def _short(value: int, unit: str) -> str:
    return in_words(value, unit).removesuffix(" a week")
