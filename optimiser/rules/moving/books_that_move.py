"""The book of rules under which running care may move."""

from __future__ import annotations

from collections.abc import Sequence

from optimiser.domain.plan import EarlierMove
from optimiser.rules.base import Rule
from optimiser.rules.book import RuleBook, book_of, standard_rules
from optimiser.rules.moving.disruption_first import DisruptionFirst
from optimiser.rules.moving.few_moves import FewMoves
from optimiser.rules.moving.moved_share import MovedShare
from optimiser.rules.moving.running_care_kept import RunningCareKept
from optimiser.rules.moving.unmet_and_moves import UnmetAndMoves


def moving_rules(
    base: RuleBook | None = None,
    *,
    max_moves: int | None = None,
    history: Sequence[EarlierMove] | None = None,
) -> RuleBook:
    """The book of an allocation (``base``) turned into one of a re-optimisation.

    ``max_moves``: how many may move, where it is not the setting. ``history``: earlier moves; given, even if there are none,
    what may be moved from any one provider is limited.
    """
    added: list[Rule] = [UnmetAndMoves(), DisruptionFirst(), FewMoves(max_moves)]
    if max_moves != 0:
        added.append(RunningCareKept())
    if history is not None:
        added.append(MovedShare(history))
    replaced = {rule.replaces for rule in added}
    return book_of([*(rule for rule in base or standard_rules() if type(rule) not in replaced), *added])
