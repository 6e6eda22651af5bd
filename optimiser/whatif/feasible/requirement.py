"""What somebody requires: limits on levels, and the least share of principals. Read from words such as ``legacy=0``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.io.faults import shown
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.book import RuleBook, without_settled
from optimiser.rules.levels.shares import live_areas, minutes_on
from optimiser.whatif.level_words import in_words

SHARE = "principal_share"
_WORDS = re.compile(r"(?P<name>[a-z_]+)(?::(?P<area>.+?(?=(?:=|<=|>=)[^=<>]*$)))?(?P<sign>=|<=|>=)(?P<value>.+)")
"""An area's id may hold signs itself: of those after a colon the last one counts."""
_NUMBER = re.compile(r"(?P<pounds>£?)(?P<number>\d{1,12}(?:\.\d{1,6})?)(?P<unit>h|%)?")


@dataclass(frozen=True)
class Requirement:
    """A level at most so much, or (``area_ids``) the principal of some areas at least so much of their minutes."""

    text: str
    """As it was asked."""
    name: str
    most: int
    """For a level: the largest value allowed, in its unit. For a share 0: no minute may be missing."""
    unit: str
    least_minutes: tuple[tuple[str, int, int], ...] = ()
    """For a share: (area id, principal contract, minutes a week)."""

    def missed_by(self, county: County, rules: RuleBook, plan: Plan) -> int:
        """By how much a plan misses it, recomputed from plain records (0: it holds)."""
        if self.name == SHARE:
            return sum(max(0, least - minutes_on(county, plan, contract)) for _, contract, least in self.least_minutes)
        level = next(rule for rule in rules.levels if rule.name == self.name)
        return max(0, level.value(county, plan) - self.most)

    def loosened_to(self, value: int) -> str:
        """The requirement at a value of its level, in words."""
        if self.name == SHARE:
            return f"{self.text} missed by {in_words(value, self.unit)} in all"
        return f"{self.name} at most {in_words(value, self.unit)} (asked: {in_words(self.most, self.unit)})"


def read_requirements(texts: Iterable[str], county: County, rules: RuleBook) -> tuple[list[Requirement], list[str]]:
    """The requirements in the order in which they are dealt with (levels in strict order, then shares), and every fault."""
    found, faults = [], []
    for text in texts:
        try:
            found.append(_read(text, county, rules))
        except ValueError as fault:
            faults.append(f"--require {shown(text)}: expected {fault}")
    order = {rule.name: place for place, rule in enumerate(rules.levels)}
    return sorted(found, key=lambda asked: (order.get(asked.name, len(order)), asked.text)), faults


def _read(text: str, county: County, rules: RuleBook) -> Requirement:
    levels, without = {rule.name: rule for rule in rules.levels}, without_settled(rules)
    words = _WORDS.fullmatch(text.strip())
    if not words or words["name"] not in (*levels, *without, SHARE):
        raise ValueError(f"NAME=VALUE, with NAME one of {', '.join((*levels, *without, SHARE))}[:AREA]")
    number = _NUMBER.fullmatch(words["value"].strip())
    if not number:
        raise ValueError("a number such as 0, 65%, 12.5h (hours a week) or £1000000 (cost)")
    if words["name"] == SHARE:
        return _share(text, words["area"], number, words["sign"], county)
    if words["area"] or words["sign"] == ">=":
        raise ValueError(f"{words['name']} as a whole, at most a value (= or <=)")
    if words["name"] in without:
        level = without[words["name"]]
        already = level.value(county, entry_plan(county))
        return Requirement(text, level.name, already + _value(number, level.unit), level.unit)
    level = levels[words["name"]]
    return Requirement(text, level.name, _value(number, level.unit), level.unit)


def _value(number: re.Match[str], unit: str) -> int:
    """Whole units: pounds are pence, hours are minutes a week, plain numbers are in the level's own unit."""
    value = Fraction(number["number"])
    if unit.startswith("pence"):
        value *= 100  # pounds, with or without the sign
    elif number["pounds"] or number["unit"] == "%":
        raise ValueError(f"a number in {unit}, or hours such as 12.5h")
    if number["unit"] == "h":
        if not unit.endswith("minutes a week"):
            raise ValueError(f"a number in {unit}")
        value *= 60
    return math.floor(value)


def _share(text: str, area_id: str | None, number: re.Match[str], sign: str, county: County) -> Requirement:
    if number["unit"] != "%" or not 0 <= Fraction(number["number"]) <= 100 or sign == "<=":
        raise ValueError("a share from 0% to 100%, at least (= or >=)")
    share = Fraction(number["number"]) / 100
    areas = [area for area in live_areas(county) if area.principal is not None and area_id in (None, area.area_id)]
    if not areas:
        raise ValueError("a live area with a principal contract in force")
    least = tuple((a.area_id, a.principal, math.ceil(share * a.demand)) for a in areas if a.principal is not None)
    return Requirement(text, SHARE, 0, "minutes a week", least)
