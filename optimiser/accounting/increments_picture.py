"""A picture of what steps of fifteen minutes cost more or less than steps of five, for each provider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from optimiser.accounting.increments import COARSE, FINE, BothWays
from optimiser.domain.words import pounds_in_words

LEFT, WIDE, HIGH, GAP, TOP, RIGHT = 190, 420, 16, 6, 64, 130
"""Where bars begin, how far the longest reaches, how high a bar is and how far from the next; in pixels."""
LONGEST = 88
"""Characters of a county's title that there is room for."""
WHAT = f"what steps of {COARSE} minutes cost more (+) or less (−) than steps of {FINE}, in pounds"
MORE, LESS = "#1f4e8c", "#a8231c"


def increments_picture(groups: Sequence[BothWays], county: str, period: str) -> bytes:
    """Providers by what they would gain, the most first; figures beside the bars, so that no colour has to be told apart."""
    providers = sorted((each for each in groups if each.by == "provider"), key=lambda each: (-each.difference, each.group))
    width, height = LEFT + WIDE + RIGHT, TOP + len(providers) * (HIGH + GAP) + 20
    most = max((abs(each.difference) for each in providers), default=0) or 1
    shown = county if len(county) <= LONGEST else county[: LONGEST - 1] + "…"
    some_less = any(each.difference < 0 for each in providers)
    axis = LEFT + (WIDE // 2 if some_less else 0)
    scale = (WIDE // 2 if some_less else WIDE) / most
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"',
        ' font-family="sans-serif" font-size="12">',
        f"<title>{escape(county)}, {period}</title>",
        f"<desc>What billing in steps of {COARSE} minutes costs more than in steps of {FINE}, for each provider.</desc>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="8" y="20" font-size="14" font-weight="bold">{escape(shown)}</text>',
        f'<text x="8" y="40">{period}: {WHAT}</text>',
        *(line for place, each in enumerate(providers) for line in _bar(place, each, axis, scale)),
        f'<line x1="{axis}" y1="{TOP - 6}" x2="{axis}" y2="{height - 14}" stroke="#0b0c0c"/>',
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _bar(place: int, each: BothWays, axis: int, scale: float) -> Iterator[str]:
    top, length = TOP + place * (HIGH + GAP), abs(each.difference) * scale
    begin = axis if each.difference >= 0 else axis - length
    share = f" ({'+' if each.difference >= 0 else '−'}{abs(each.difference) / each.fine_pence:.1%})" if each.fine_pence else ""
    told = f"{'+' if each.difference >= 0 else '−'}{pounds_in_words(abs(each.difference))}{share}"
    fill = MORE if each.difference >= 0 else LESS
    yield f'<text x="{LEFT - 8}" y="{top + 12}" text-anchor="end">{escape(each.group[:26])}</text>'
    yield f'<rect x="{begin:.1f}" y="{top}" width="{length:.1f}" height="{HIGH}" fill="{fill}"/>'
    inside = each.difference >= 0 and length + 130 > LEFT + WIDE + RIGHT - axis
    at, anchor, colour = (begin + length - 6, "end", "#ffffff") if inside else (max(axis, begin + length) + 6, "start", "#0b0c0c")
    yield f'<text x="{at:.1f}" y="{top + 12}" text-anchor="{anchor}" fill="{colour}">{told}</text>'
