"""When a request is first asked for, it is counted for each provider of its area what of its own stood in the way, if anything.

Counted is what a provider can know of itself: its hours, its skills, its rating. Nothing of it hangs on what another provider
answers, or on whom the person does not want: that is why it is the first asking that counts, before anybody has answered, and why
a reason of its own is counted whatever else stood in the way. Per month and provider these are counts alone, which name nobody.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from api.clock import LONDON
from api.offers.eligibility import Candidate
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import FIRST_ASKINGS
from optimiser.county import NOWHERE
from optimiser.rules.vocabulary import NOT_ITS_AREA, OWN_REASONS

REQUESTS, ASKED, BEFORE, OTHER = "requests", "asked", "before", "other_reasons"
"""Of the requests of a provider's areas that were first asked for in a month: all of them; it was among the first asked; nothing
of its own stood in the way, and those before it in the order were asked; it was not asked for a reason that is not its own."""
ALONE = "alone."
"""In front of one of ``OWN_REASONS``: it alone of the provider's own stood in the way."""
Counts = Mapping[str, Mapping[str, int]]
"""Per provider its figures that are not nothing."""


def count_asking(
    change: Change, state: State, members: Sequence[int], found: Sequence[Candidate], chosen: Sequence[Candidate], at: dt.datetime
) -> None:
    """Count an asking inside a change, for each package of a bundle that is first asked for by it.

    ``found``: the candidates in the order asked; ``at``: the instant of the asking.
    """
    day = at.astimezone(LONDON).date()
    month = f"{day:%Y-%m}"
    new = [member for member in members if _is_first(state, member, month)]
    if not new:
        return
    known = change.as_if().get(FIRST_ASKINGS, month)
    counts = defaultdict(dict, {} if known is None else known.body["providers"])
    for provider_id, figures in sorted(figures_of(state, found, chosen).items()):
        mine = counts[provider_id]
        for figure in figures:
            mine[figure] = mine.get(figure, 0) + len(new)
    change.put(FIRST_ASKINGS, month, {"month": month, "providers": dict(counts)})


def _is_first(state: State, package: int, month: str) -> bool:
    """Whether nobody was asked for this request before. Nobody counts twice in a month; of divided care the whole alone does."""
    person = state.county.packages[package]
    if person.part_of or state.county.running_on[package] != NOWHERE:
        return False
    asked = [each.offered_at for each in state.offers_of.get(person.package_id, ())]
    since = person.requested_at
    return not any((since is None or each >= since) or f"{each:%Y-%m}" == month for each in asked)


def figures_of(state: State, found: Sequence[Candidate], chosen: Sequence[Candidate]) -> dict[str, tuple[str, ...]]:
    """Per provider with a contract that is made for such a request the figures in which it counts."""
    counted_as = {rule.name: rule.in_statements for rule in (*state.rules.eligibility, *state.rules.limits)}
    asked = {each.place.contract for each in chosen}
    first = min((place for place, each in enumerate(found) if each.place.contract in asked), default=len(found))
    mine: defaultdict[str, list[tuple[int, Candidate, frozenset[str]]]] = defaultdict(list)
    for place, each in enumerate(found):
        bars = frozenset(counted_as.get(finding.rule, "") for finding in each.failed)
        if NOT_ITS_AREA not in bars:
            mine[state.county.provider(each.place.contract).provider_id].append((place, each, bars))
    told: dict[str, tuple[str, ...]] = {}
    for provider_id, places in mine.items():
        if any(each.place.contract in asked for _, each, _ in places):
            told[provider_id] = REQUESTS, ASKED
        else:
            told[provider_id] = REQUESTS, *_why_not(state, places, first)
    return told


def _why_not(state: State, places: Sequence[tuple[int, Candidate, frozenset[str]]], first: int) -> Iterator[str]:
    """Why a provider was not asked. Of several contracts that one counts on which least of its own stood in the way."""
    place, _, bars = min(
        places, key=lambda each: (len(each[2] - {""}), state.county.contracts[each[1].place.contract].contract_id)
    )
    own = [reason for reason in OWN_REASONS if reason in bars]
    if own:
        yield own[0]
        if len(own) == 1:
            yield f"{ALONE}{own[0]}"
    else:
        yield BEFORE if not bars and first < place else OTHER
