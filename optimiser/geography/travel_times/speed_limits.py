"""Speed limits as OpenStreetMap writes them in ``maxspeed``. https://wiki.openstreetmap.org/wiki/Key:maxspeed

A number alone is in km/h; ``mph`` and ``knots`` are said. Of several (lanes, joined roads) the lowest counts, and one that holds
at certain times as if it held at all times: a way is told too slow rather than too quick. What is no limit is not guessed at.
"""

from __future__ import annotations

import re
from functools import lru_cache

KM_PER_MILE = 1.609344
KM_PER_UNIT = {
    "": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": KM_PER_MILE, "knots": 1.852, "knot": 1.852, "kn": 1.852,
}  # fmt: skip
WALKING_MPH = 3.0
ENGLISH_MPH = {
    "motorway": 70.0, "nsl_dual": 70.0, "nsl_single": 60.0, "rural": 60.0, "nsl_restricted": 30.0, "urban": 30.0,
    "walk": WALKING_MPH,
}  # fmt: skip
"""Limits by kind of road, which ``GB:`` goes before. Cars; Highway Code, rule 124."""
WITHOUT_NUMBER = {"none", "signals", "variable", "implicit", "national", "unknown", "nan", "nsl"}
"""Words of a limit that is not there, changes, or is not written down: the class of the road says more."""

NUMBER = re.compile(r"(\d{1,3}(?:\.\d+)?) ?([a-z/]*)", re.ASCII)
ENGLISH = re.compile(r"(?:gb|uk)(?:-eng)?:(\w+)", re.ASCII)
ENGLISH_ZONE = re.compile(r"(?:gb|uk)(?:-eng)?:(?:zone:?)?(\d{1,3})(?: ?mph)?", re.ASCII)
OTHER_COUNTRY = re.compile(r"[a-z]{2}(?:-[a-z0-9]+)?:[\w: ]+", re.ASCII)
CONDITION = re.compile(r"@ *(?:\((?:[^()]|\([^()]*\))*\)|[^;|,'\]]*)")


class NoLimitError(ValueError):
    """A value that is no speed limit."""


@lru_cache(maxsize=10_000)
def lowest_limit(text: str) -> float | None:
    """The lowest limit in km/h that a value holds; None where it holds none. Raises ``NoLimitError`` for what cannot be read."""
    always = CONDITION.sub("", text.lower()).strip().removeprefix("[").removesuffix("]")
    limits = [_limit(part) for part in (part.strip(" '\"") for part in re.split(r"[;|,]", always)) if part]
    return min((limit for limit in limits if limit is not None), default=None)


def _limit(text: str) -> float | None:
    if zone := ENGLISH_ZONE.fullmatch(text):
        return _above_0(float(zone[1]) * KM_PER_MILE)
    if text == "walk":
        return WALKING_MPH * KM_PER_MILE
    if (english := ENGLISH.fullmatch(text)) and english[1] in ENGLISH_MPH:
        return ENGLISH_MPH[english[1]] * KM_PER_MILE
    if text in WITHOUT_NUMBER or OTHER_COUNTRY.fullmatch(text):
        return None
    number = NUMBER.fullmatch(text)
    if number is None or number[2] not in KM_PER_UNIT:
        raise NoLimitError
    return _above_0(float(number[1]) * KM_PER_UNIT[number[2]])


def _above_0(kph: float) -> float:
    if kph <= 0:
        raise NoLimitError
    return kph
