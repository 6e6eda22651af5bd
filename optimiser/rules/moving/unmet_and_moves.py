from __future__ import annotations

from fractions import Fraction

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.levels.unmet import Unmet
from optimiser.rules.moving.moved_people import moves, moves_of
from optimiser.rules.vocabulary import Charges, Pairs


class UnmetAndMoves(Unmet):
    """As little other need unmet as possible, and nobody moved unless that is worth its charge in unmet need."""

    replaces = Unmet
    source = "snapshot format: reoptimise adds move_charge for each person moved; a move must be worth placing somebody"
    settings = (*Unmet.settings, "move_charge")
    charges_moves = True

    def measure(self, county: County, plan: Plan) -> Fraction:
        return super().measure(county, plan) + county.policy.move_charge * len(moves_of(county, plan))

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        super().charge(county, pairs, charges)
        charges.each(county.policy.move_charge * moves(county, pairs.package, pairs.contract))
