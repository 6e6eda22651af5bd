from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Blocks, Bools, EligibilityRule, Remedy
from optimiser.rules.vocabulary import Finding

ALL_BANDS = (1, 2, 3)


class BandServed(EligibilityRule):
    """The contract serves the price band of the place: how far it is from the nearest band centre."""

    name = "band"
    order = 70
    source = "events: price bands by distance, 2019/20"
    in_statements = "band"
    settings = ("band_limits_miles",)
    change = "band"
    obstacle = "it does not serve the place's price band"
    blocks = Blocks(
        one="lives in a price band that the contract does not serve", many="live in a price band that the contract does not serve"
    )
    depends_on_date = False
    fixed = True

    def passes(self, county: County, packages: Ints) -> Bools:
        serves = np.array([[not c.bands or band in c.bands for band in ALL_BANDS] for c in county.contracts], dtype=np.bool_)
        return np.asarray(serves.reshape(-1, 3)[:, county.band[packages] - 1].T)

    def finding(self, county: County, package: int, contract: int) -> Finding:
        record, band = county.contracts[contract], int(county.band[package])
        served = record.bands or ALL_BANDS
        miles = f"{county.centre_miles[package]:.2f}"
        return Finding(
            rule=self.name,
            passed=band in served,
            measured=band,
            limit=";".join(map(str, served)),
            unit="bands served",
            sentence=f"The place is in band {band}, {miles} miles from the nearest centre; the contract serves"
            f" {'all bands' if len(served) == 3 else 'band ' + ' and '.join(map(str, served))}.",
        )

    def smallest_change(self, county: County, package: int, contract: int) -> Iterator[Remedy]:
        record, band = county.contracts[contract], int(county.band[package])
        if record.bands and band not in record.bands:
            wider = replace(record, bands=tuple(sorted((*record.bands, band))))
            yield Remedy(
                change=self.change,
                subject=record.contract_id,
                amount=Fraction(1),
                unit="band",
                sentence=f"Contract {record.contract_id} serves band {band} as well.",
                applied=lambda county: county.changed(contract=wider),
                one_unit_less=lambda county: county,
            )
