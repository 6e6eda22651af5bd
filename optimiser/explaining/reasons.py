"""One plain sentence on why a package is where it is. It tells nothing of the person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from optimiser.county import County
from optimiser.rules.book import RuleBook

FIRST = {
    "principal": "The area's principal provider is asked first and has room",
    "framework": "Placed with a framework provider of the area",
    "legacy": "Placed on the legacy framework",
    "reserve": "Placed with a provider of last resort, as the reserve is opened in the area",
    "specialist": "Placed with a specialist provider of the service",
}
WHATEVER_IS_LIVE = ("reserve", "specialist")
"""Tiers that do not depend on whether an area has gone live."""
PENDING = "An offer is waiting for an answer, so the package is left out of this run and its hours stay held."
ACCEPTED = "The provider has accepted an offer of this package, so it is placed there."
RUNNING = "Running care stays where it is."
NOBODY = "Nobody may be asked: no contract keeps every rule for this package."
CUT_SHORT = "a better plan may exist: the search was cut short"


@dataclass(frozen=True)
class Verdict:
    """What another choice would come to, all else where it is."""

    kind: Literal["better", "worse", "same", "within"]
    level: str = ""
    """The first level that it would make worse."""
    gained: str = ""
    """An earlier level that it would make better, no more than the strict order allows to be given away."""


def weigh(county: County, rules: RuleBook, levels: Mapping[str, int], instead: Mapping[str, int]) -> Verdict:
    """Another choice's differences, read in the strict order. ``levels``: the values of the plan as it is."""
    gained = ""
    for rule in rules.levels:
        difference = instead.get(rule.name, 0)
        if difference > 0:
            return Verdict("worse", rule.name, gained)
        if difference < 0:
            # What may be given away, with the gap that a proof may leave.
            if -difference > rule.tolerance(county) + rule.proof_may_leave(county, levels[rule.name]):
                return Verdict("better")
            gained = gained or rule.name
    return Verdict("within", gained=gained) if gained else Verdict("same")


def passed_over(county: County, rules: RuleBook, levels: Mapping[str, int], instead: Sequence[Mapping[str, int]]) -> str:
    """Why contracts asked before the one chosen are passed over though they have room: a clause."""
    found = [weigh(county, rules, levels, each) for each in instead]
    would = f"{len(found)} asked before it would have room"
    if any(verdict.kind == "better" for verdict in found):
        return f"{would}, and {CUT_SHORT}"
    common, times = _most_common(found, rules)
    who = "" if len(found) == 1 else "each " if times == len(found) else f"{times} of them "
    return f"{would}, but {who}{_would(rules, common)}"


def passed_with_room(county: County, rules: RuleBook, levels: Mapping[str, int], instead: Mapping[str, int]) -> str:
    """The same of one contract, as a sentence."""
    verdict = weigh(county, rules, levels, instead)
    if verdict.kind == "better":
        return f"It has room, and {CUT_SHORT}."
    return f"It has room, but {_would(rules, verdict)}."


def _would(rules: RuleBook, verdict: Verdict) -> str:
    """What another choice would come to, as the end of a sentence; one that would be better is told otherwise."""
    about = {rule.name: rule.in_words() for rule in rules.levels}
    if verdict.kind == "same":
        return "would change nothing that is counted"
    if verdict.kind == "within":
        return f"would gain no more than lies within the tolerance of {about[verdict.gained]}"
    gain = f", with a gain that lies within the tolerance of {about[verdict.gained]}" if verdict.gained else ""
    return f"would be worse on {about[verdict.level]}{gain}"


def _most_common(found: list[Verdict], rules: RuleBook) -> tuple[Verdict, int]:
    """The verdict that most have; of several the one whose level comes first."""
    order = {rule.name: place for place, rule in enumerate(rules.levels)}
    counted = Counter(found)
    common = min(counted, key=lambda each: (-counted[each], order.get(each.level, len(order)), each.gained))
    return common, counted[common]


def nobody_has_room(full: int, taken: str) -> str:
    """``taken``: who has the room, a sentence."""
    if full == 0:
        return NOBODY
    return f"Nobody has room: {full} contract(s) keep every other rule, and all are full with everybody where they are. {taken}"


def left_waiting(open_to_it: int) -> str:
    """Nobody was chosen although somebody could have been."""
    return f"Nobody was chosen, though {open_to_it} would have room, and {CUT_SHORT}."


def placed(tier: str, *, live: bool, passed: str) -> str:
    """``passed``: why others were passed over, if any were."""
    first = FIRST[tier] if live or tier in WHATEVER_IS_LIVE else f"{FIRST[tier]}, as the area has not gone live"
    if passed:
        return f"{first}; {passed}."
    if tier in ("principal", "specialist") or not live:
        return f"{first}."
    return f"{first}: nobody asked before it may take the package or has room."
