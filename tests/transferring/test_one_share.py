"""What may move away from a provider within twelve months is one setting, for a transfer, its check and a re-optimisation."""

from __future__ import annotations

import json
from fractions import Fraction

from optimiser.domain.plan import Known
from optimiser.domain.policy import Policy, TransferPolicy
from optimiser.transferring.check import check
from tests.making.transfers import POLICY, files, planned, small_county, where

FOURTEEN = Fraction(14, 100)


def test_the_setting_of_the_snapshot_binds_a_transfer_and_its_check() -> None:
    tighter = small_county(moved_share_limit=FOURTEEN)
    assert list(where(planned(tighter)).values()).count("2027-03-01") == 1
    assert "OLD loses 900 of 6000 minutes in the year from 2027-03-01" in check(
        tighter, POLICY, Known(), ["A1"], files(planned())
    )
    assert json.loads(files(planned(tighter))["result.json"])["settings"]["destabilisation_limit"] == 0.14


def test_a_transfer_may_still_have_its_own() -> None:
    own = planned(small_county(moved_share_limit=FOURTEEN), destabilisation_limit=Fraction(15, 100))
    assert where(own) == where(planned())
    assert files(own)


def test_there_is_one_default() -> None:
    assert TransferPolicy().moved_share_limit(Policy()) == Policy().moved_share_limit == Fraction(3, 20)
