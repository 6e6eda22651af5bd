"""Who may move, and on which waves: the rule book's model halves, asked for the principal's contract on each wave's date. And
what it would cost to stay by a direct payment: to the council, and to the person as a top-up.

Source: briefing, FAQ (direct payments and top-ups). The provider's rate is the present contract's, in the price band of the
place; what it would charge somebody who pays it directly is for it to say. Without a direct payment rate there is no figure.

A top-up is for the person to pay only where somebody else can meet the same needs within their personal budget (Care Act 2014,
section 30, and its statutory guidance): where the plan has found no such provider the council pays the difference. The budget is
taken to be the direct payment rate for the person's hours. All of it is before what the person pays towards their care.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.money import weekly_pence
from optimiser.domain.person_records import TRANSFER
from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.rules.base import Bools, EligibilityRule
from optimiser.rules.book import RuleBook
from optimiser.transferring.calendar import Wave

REFUSED = "refused"
CAPPED = "capped_principal"


@dataclass(frozen=True)
class Judgement:
    """``fails[rule][wave, row]`` for the packages judged, in their order."""

    row_of: dict[int, int]
    fails: dict[str, Bools]
    rules: tuple[EligibilityRule, ...]
    """Those judged by, each under its name in ``fails``."""

    def failing(self, package: int, wave: int) -> list[str]:
        """The rules that a package fails on a wave."""
        row = self.row_of[package]
        return [name for name, failed in self.fails.items() if failed[wave, row]]

    def may_move(self, package: int, wave: int) -> bool:
        return not self.failing(package, wave)


def judge(
    county: County,
    rules: RuleBook,
    known: Known,
    policy: TransferPolicy,
    packages: Ints,
    contracts: Sequence[Ints],
    waves: tuple[Wave, ...],
) -> Judgement:
    """Judge each package on every wave against its contract of that wave (``contracts``: per wave, one for each package)."""
    fails: dict[str, Bools] = {}
    for rule in rules.eligibility:
        fails[rule.name] = np.zeros((len(waves), len(packages)), dtype=np.bool_)
    fails[CAPPED] = np.zeros((len(waves), len(packages)), dtype=np.bool_)
    on_any_day: dict[str, Bools] = {}
    for index, wave in enumerate(waves):
        that_day = county.moving_on(wave.date, move_pending=policy.plan_pending, move=TRANSFER)
        for rule in rules.eligibility:
            passes = on_any_day.get(rule.name)
            if passes is None or rule.depends_on_date:
                passes = on_any_day[rule.name] = rule.passes(that_day, packages)
            fails[rule.name][index] = ~passes[np.arange(len(packages)), contracts[index]]
        if not policy.capped_principal:
            fails[CAPPED][index] = _capped(that_day, packages, contracts[index])
    said_no = known.refused if policy.stay_alone else known.refused | known.wishes
    refused = np.array([county.packages[package].package_id in said_no for package in packages], dtype=np.bool_)
    fails[REFUSED] = np.broadcast_to(refused, (len(waves), len(packages)))
    return Judgement({int(package): row for row, package in enumerate(packages)}, fails, rules.eligibility)


def allowed_whatever_was_decided(county: County, rules: RuleBook, packages: Ints) -> Bools:
    """Which pairs pass every rule but those that a provider's failure overrides: that care moves only by decision."""
    allowed = np.ones((len(packages), len(county.contracts)), dtype=np.bool_)
    for rule in rules.eligibility:
        if not rule.waived_on_hand_back:
            allowed &= rule.passes(county, packages)
    return allowed


def _capped(county: County, packages: Ints, contracts: Ints) -> Bools:
    pairs = zip(packages.tolist(), contracts.tolist(), strict=True)
    found = [is_capped(county, contract, county.packages[package].area_id) for package, contract in pairs]
    return np.array(found, dtype=np.bool_)


def is_capped(county: County, contract: int, area_id: str) -> bool:
    """Whether the new work of a contract's provider is capped, in an area or everywhere."""
    provider_id = county.provider(contract).provider_id
    return any(r.kind == "capped" and r.provider_id == provider_id and r.area_id in ("", area_id) for r in county.restrictions)


@dataclass(frozen=True)
class DirectPayment:
    """Weekly pence, half up."""

    rate_now_pence: int
    """What the provider is paid an hour now."""
    charge_pence: int
    """What a week costs at that rate."""
    council_pence: int
    top_up_pence: int
    other_within_budget: bool
    """Whether the plan has found somebody else who meets these needs for what the direct payment rate gives."""


def direct_payment(county: County, package: int, rate_pence: int | None, other: int | None) -> DirectPayment | None:
    """The figures for one person's running care; None without a direct payment rate.

    ``other``: the contract that the plan has found for them, which the rules have judged; None: it has found none.
    """
    contract = int(county.running_on[package])
    if rate_pence is None or contract < 0:
        return None
    charge = county.price_pence(package, contract)
    payable = weekly_pence(int(county.minutes[package]), rate_pence)
    within = other is not None and county.price_pence(package, other) <= payable
    council = min(charge, payable) if within else charge
    rate_now = county.rates_pence(contract, county.as_of)[county.band[package] - 1]
    return DirectPayment(rate_now, charge, council, charge - council, within)
