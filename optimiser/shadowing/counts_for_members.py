"""Counts alone, for people who may not read of anybody: classes, rules, levels, numbered providers, groups of who waited."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import median_high
from typing import Any

from optimiser.domain.hiding import Hiding
from optimiser.domain.records import TIERS
from optimiser.explaining.who_comes_last import in_order
from optimiser.rules.base import A_PRIVATE_RULE
from optimiser.rules.vocabulary import Group
from optimiser.shadowing.classes import BETTER, CLASSES, FACT, RULE, WORSE, chosen_contract
from optimiser.shadowing.could_ask import Wait
from optimiser.shadowing.story import Shadow

Record = dict[str, Any]
OTHERS = "Others together"
SPANS = ((1, "1 to 3 days"), (4, "4 to 7 days"), (8, "8 days or more"))


def by_class(made: Shadow) -> list[Record]:
    """Per class how many decisions, and of what kind."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for _, laid in made.decisions:
        found[laid.kind][laid.why] += 1
    return [{"class": kind, "decisions": found[kind].total(), "why": dict(sorted(found[kind].items()))} for kind in CLASSES]


def by_rule(made: Shadow) -> list[Record]:
    """Per rule that choices broke how many; rules about the person are told as one."""
    private = made.rules.private_names
    found: Counter[str] = Counter()
    for _, laid in made.decisions:
        found.update({A_PRIVATE_RULE if each.rule in private else each.rule for each in laid.breaches})
    sentences = {rule.name: (rule.sentence(), rule.source) for rule in made.rules}
    told = []
    for name in [rule.name for rule in made.rules if rule.name in found] + [A_PRIVATE_RULE] * (A_PRIVATE_RULE in found):
        sentence, source = sentences.get(name, ("A need, or a wish, of the person.", ""))
        told.append({"rule": name, "sentence": sentence, "source": source, "decisions": found[name]})
    return told


def by_level(made: Shadow) -> list[Record]:
    """Per level that decided whether a choice was better or worse: how many of each, and what those choices made more of it."""
    told = []
    for level in made.rules.levels:
        here = [laid for _, laid in made.decisions if laid.kind in (BETTER, WORSE) and laid.decided_by == level.name]
        row: Record = {"level": level.name, "about": level.in_words(), "unit": level.unit}
        for kind in (BETTER, WORSE):
            by = [laid.more[level.name] for laid in here if laid.kind == kind]
            row |= {kind: len(by), f"{kind}_by": str(sum(by))}
        if here:
            told.append(row)
    return told


def sums(made: Shadow) -> list[Record]:
    """Of better and of worse choices together: legacy hours, cost and travel more than what they are compared with."""
    names = {group: made.rules.level(group).name for group in (Group.EXCEPTION, Group.COST, Group.TRAVEL)}
    told = []
    for kind in (BETTER, WORSE):
        more = [laid.more for _, laid in made.decisions if laid.kind == kind]
        total = {group: sum(each[name] for each in more) for group, name in names.items()}
        told.append(
            {
                "class": kind,
                "decisions": len(more),
                "legacy_minutes_more": str(total[Group.EXCEPTION]),
                "cost_pence_more": str(total[Group.COST]),
                "travel_metres_more": str(total[Group.TRAVEL]),
            }
        )
    return told


def by_tier(made: Shadow) -> list[Record]:
    """How often each tier was asked first by the cascade, and how often it was chosen."""
    first = Counter(night.county.contracts[laid.first].tier for night, laid in made.decisions if laid.first is not None)
    later = Counter(chosen_contract(night, laid).tier for night, laid in made.decisions)
    return [{"tier": tier, "asked_first": first[tier], "chosen": later[tier]} for tier in TIERS if first[tier] or later[tier]]


def by_provider(made: Shadow, hiding: Hiding, *, named: bool) -> list[Record]:
    """Per provider, numbered unless ``named``: chosen, asked first, passed over with nothing on record, chosen against a rule.

    Numbers go by how often it was chosen, then by a neutral order, so that they tell no name. Providers of whom each count is
    small are added up in one row at the end: one decision of one provider can be somebody whom a reader knows.
    """
    names = {provider.provider_id: provider.name for night in made.nights for provider in night.providers}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for night, laid in made.decisions:
        county, chosen = night.county, chosen_contract(night, laid).provider_id
        found[chosen]["chosen"] += 1
        found[chosen]["chosen_against_a_rule"] += laid.kind == RULE
        if laid.first is not None:
            found[county.provider(laid.first).provider_id]["asked_first"] += 1
        if laid.instead is not None and laid.kind != FACT:
            found[county.provider(laid.instead).provider_id]["passed_over"] += 1
    digest = made.nights[-1].digest()
    counts = ("chosen", "asked_first", "passed_over", "chosen_against_a_rule")
    seldom = [each for each in found if max(found[each].values()) < hiding.smallest]
    ordered = sorted(found.keys() - seldom, key=lambda each: (*(-found[each][name] for name in counts), _neutral(digest, each)))
    told = [(names[each] if named else f"Provider {number}", 1, found[each]) for number, each in enumerate(ordered, start=1)]
    if seldom:
        told.append((OTHERS, len(seldom), sum((found[each] for each in seldom), Counter())))
    return [{"provider": who, "providers": many, **{name: of[name] for name in counts}} for who, many, of in told]


def _neutral(digest: str, provider_id: str) -> str:
    return hashlib.sha256(f"{digest}\x1f{provider_id}".encode()).hexdigest()


def who_waited(made: Shadow, hiding: Hiding) -> dict[str, list[Record]]:
    """Per table a record for each group of people who waited; small groups are left out, and other counts are rounded."""
    of: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    people = _people(made.waits)
    for person, waits in people.items():
        for table, groups in waits[0].groups.items():
            for group in groups:
                of[table][group].append(person)
    return {
        table: [
            _group(group, [people[person] for person in groups[group]], hiding)
            for group in in_order(table, groups)
            if len(groups[group]) >= hiding.smallest
        ]
        for table, groups in sorted(of.items())
    }


def could_be_asked(made: Shadow, hiding: Hiding) -> Record:
    """How many people somebody with room could have been asked for before the last night of their wait, and how much earlier."""
    days = [earlier for waits in _people(made.waits).values() if (earlier := _earlier(waits)) > 0]
    bounds = [least for least, _ in SPANS[1:]] + [10**9]
    return {
        "people": hiding.told(len(days)),
        "by_days": [
            {"span": words, "people": hiding.told(sum(least <= each < end for each in days))}
            for (least, words), end in zip(SPANS, bounds, strict=True)
        ],
        "median_days_earlier": median_high(days) if len(days) >= hiding.smallest else None,
    }


def in_all(made: Shadow, hiding: Hiding) -> Record:
    """How many people waited, began to, still do, and were placed before their first night on the list."""
    people = _people(made.waits)
    first = made.nights[0].as_of
    on_lists = {wait.package_id for wait in made.waits}
    at_once = {laid.decision.package.package_id for _, laid in made.decisions if laid.decision.package.package_id not in on_lists}
    return {
        "people_who_waited": hiding.told(len(people)),
        "began_to_wait": hiding.told(sum(waits[0].first_night > first for waits in people.values())),
        "waiting_on_the_last_night": hiding.told(sum(_still(waits) for waits in people.values())),
        "placed_before_their_first_night": hiding.told(len(at_once)),
        "moved": hiding.told(sum(night.happened.moved for night in made.laid)),
        "came_with_care": hiding.told(sum(night.happened.came_with_care for night in made.laid)),
    }


def _people(waits: Iterable[Wait]) -> Mapping[str, Sequence[Wait]]:
    found: dict[str, list[Wait]] = defaultdict(list)
    for wait in waits:
        found[wait.person].append(wait)
    return {person: sorted(theirs, key=lambda wait: (wait.first_night, wait.package_id)) for person, theirs in found.items()}


def _group(group: str, people: Collection[Sequence[Wait]], hiding: Hiding) -> Record:
    earlier = [days for waits in people if (days := _earlier(waits)) > 0]
    return {
        "group": group,
        "people": hiding.told(len(people)),
        "still_waiting": hiding.told(sum(map(_still, people))),
        "median_days_waited": median_high(max(wait.days for wait in waits) for waits in people),
        "could_have_been_asked_earlier": hiding.told(len(earlier)),
    }


def _still(waits: Sequence[Wait]) -> bool:
    return any(not wait.ended for wait in waits)


def _earlier(waits: Sequence[Wait]) -> int:
    return max(wait.days_earlier or 0 for wait in waits)
