"""An uplift as a folder of files, written only once the check has confirmed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from optimiser.domain.proposals import in_words, next_year, year_of
from optimiser.domain.words import decimals, hours, pounds
from optimiser.io.folders import pretty
from optimiser.io.spreadsheets import spreadsheet
from optimiser.ledger.check_uplift import check_uplift
from optimiser.ledger.spending import Cost
from optimiser.ledger.uplifts import Uplift
from optimiser.version import SOFTWARE

Row = dict[str, Any]
PRICES = (
    "contract_id", "provider_id", "tier", "area_id", "band", "rate_before_gbp", "rate_after_gbp", "percent", "hours_per_week",
    "block", "above_market", "below_sustainable",
)  # fmt: skip
COSTS = (
    "contract_id", "provider_id", "tier", "area_id", "this_year_without_gbp", "this_year_with_gbp", "this_year_more_gbp",
    "next_year_without_gbp", "next_year_with_gbp", "next_year_more_gbp",
)  # fmt: skip
COMMITMENT = (
    "tier", "area_id", "committed_without_gbp", "committed_with_gbp", "budget_gbp", "spent_gbp", "left_gbp", "over_budget",
)  # fmt: skip


class UpliftNotConfirmedError(Exception):
    """The check comes to something else: a defect of ours."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} fault(s): {faults[0]}")


def uplift_files(uplift: Uplift, run: Mapping[str, Any]) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files by name, and what ``uplift.json`` holds. Raises ``UpliftNotConfirmedError``."""
    files = {
        "uplift-prices.csv": spreadsheet(PRICES, price_rows(uplift)),
        "uplift-cost.csv": spreadsheet(COSTS, cost_rows(uplift)),
        "commitment.csv": spreadsheet(COMMITMENT, commitment_rows(uplift)),
    }
    faults, checked = check_uplift(files, uplift.county, uplift.proposal)
    if faults:
        raise UpliftNotConfirmedError(faults)
    record = _record(uplift, checked)
    return files | {"uplift.json": pretty(record), "run.json": pretty(dict(run))}, record


def price_rows(uplift: Uplift) -> Iterator[Row]:
    """A row per contract and band that it serves, or has care in."""
    for each in uplift.prices:
        contract = uplift.county.contracts[each.contract]
        percent = each.percent
        yield {
            "contract_id": contract.contract_id,
            "provider_id": contract.provider_id,
            "tier": contract.tier,
            "area_id": contract.area_id,
            "band": each.band,
            "rate_before_gbp": pounds(each.before),
            "rate_after_gbp": pounds(each.after),
            "percent": "" if percent is None else Decimal(f"{'-' if percent < 0 else ''}{decimals(abs(percent), 2)}"),
            "hours_per_week": hours(each.minutes_per_week),
            "block": _truth(each.is_block),
            "above_market": _truth(each.above_market),
            "below_sustainable": _truth(each.below_sustainable),
        }


def _truth(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


def cost_rows(uplift: Uplift) -> Iterator[Row]:
    """A row per contract and area of people, by contract and area."""
    keys = sorted({key for both in (uplift.this_year, uplift.following_year) for cost in both for key in cost})
    for contract, area_id in keys:
        record = uplift.county.contracts[contract]
        row: Row = {"contract_id": record.contract_id, "provider_id": record.provider_id, "tier": record.tier, "area_id": area_id}
        for name, (without, with_it) in (("this", uplift.this_year), ("next", uplift.following_year)):
            before, after = without.get((contract, area_id), 0), with_it.get((contract, area_id), 0)
            row |= {
                f"{name}_year_without_gbp": pounds(before),
                f"{name}_year_with_gbp": pounds(after),
                f"{name}_year_more_gbp": Decimal(pounds(after - before)),
            }
        yield row


def commitment_rows(uplift: Uplift) -> Iterator[Row]:
    """A row per tier and area with care or a budget."""
    for each in uplift.commitments:
        yield {
            "tier": each.tier,
            "area_id": each.area_id,
            "committed_without_gbp": pounds(each.without),
            "committed_with_gbp": pounds(each.with_uplift),
            "budget_gbp": "" if each.budget is None else pounds(each.budget.budget_pence),
            "spent_gbp": "" if each.budget is None else pounds(each.budget.spent_pence),
            "left_gbp": "" if each.left is None else Decimal(pounds(each.left)),
            "over_budget": "" if each.left is None else _truth(each.left < 0),
        }


def _record(uplift: Uplift, checked: str) -> dict[str, Any]:
    county, measures = uplift.county, uplift.measures
    year = year_of(uplift.begins)
    return {
        "software": SOFTWARE,
        "snapshot_digest": county.snapshot.digest(),
        "as_of": county.as_of.isoformat(),
        "starts": uplift.proposal.starts.isoformat(),
        "this_year": in_words(year),
        "next_year": in_words(next_year(year)),
        "this_year_more_gbp": pounds(_total(uplift.more(uplift.this_year))),
        "next_year_more_gbp": pounds(_total(uplift.more(uplift.following_year))),
        "more_by_tier": _by_tier(uplift),
        "market_percent": None if measures.market_percent is None else str(float(measures.market_percent)),
        "blocks_above_market": None if measures.market_percent is None else _named(uplift, "above_market"),
        "sustainable_hour_gbp": None if measures.sustainable_pence is None else pounds(measures.sustainable_pence),
        "sustainable_source": measures.sustainable_source,
        "below_sustainable": None if measures.sustainable_pence is None else _named(uplift, "below_sustainable"),
        "recorded_prices_that_stand": list(uplift.stands),
        "commitment_year": in_words(year_of(county.as_of)),
        "committed_without_gbp": pounds(sum(each.without for each in uplift.commitments)),
        "committed_with_gbp": pounds(sum(each.with_uplift for each in uplift.commitments)),
        "over_budget": [[each.tier, each.area_id] for each in uplift.commitments if each.left is not None and each.left < 0],
        "checked": checked,
    }


def _named(uplift: Uplift, what: str) -> list[str]:
    return sorted({uplift.county.contracts[each.contract].contract_id for each in uplift.prices if getattr(each, what)})


def _total(cost: Cost) -> int:
    return sum(cost.values())


def _by_tier(uplift: Uplift) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, costs in (("this_year_gbp", uplift.this_year), ("next_year_gbp", uplift.following_year)):
        sums: defaultdict[str, int] = defaultdict(int)
        for (contract, _), pence in uplift.more(costs).items():
            sums[uplift.county.contracts[contract].tier] += pence
        for tier in sorted(sums):
            found.setdefault(tier, {})[name] = pounds(sums[tier])
    return found


MOST_NAMED = 20


def _some(names: list[str]) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more (uplift-prices.csv)" if len(names) > MOST_NAMED else ""
    return (", ".join(names[:MOST_NAMED]) or "none") + more


def summary(record: Mapping[str, Any]) -> Iterator[str]:
    """What is said of it."""
    yield f"From {record['starts']}: {record['this_year_more_gbp']} pounds more in {record['this_year']}"
    yield f"and {record['next_year_more_gbp']} pounds more in {record['next_year']}, for care that runs today."
    for tier, more in record["more_by_tier"].items():
        yield f"  {tier}: {more.get('this_year_gbp', '0.00')}, then {more.get('next_year_gbp', '0.00')}"
    if record["blocks_above_market"] is None:
        yield "Whether a block's uplift is above the market's is not judged: say --market-percent."
    else:
        named = _some(record["blocks_above_market"])
        yield f"Blocks above the market's {record['market_percent']}%: {named}."
    if record["below_sustainable"] is None:
        yield "Who stays below what a sustainable hour costs is not computed: nobody has said what it costs (--sustainable-hour)."
    else:
        named = _some(record["below_sustainable"])
        yield f"Below {record['sustainable_hour_gbp']} pounds an hour ({record['sustainable_source']}): {named}."
    if record["recorded_prices_that_stand"]:
        yield f"Recorded prices from that day on stand: {', '.join(record['recorded_prices_that_stand'])}."
    yield (
        f"Committed to the end of {record['commitment_year']}: {record['committed_without_gbp']} pounds without,"
        f" {record['committed_with_gbp']} with it."
    )
    for tier, area_id in record["over_budget"]:
        yield f"Over budget: {tier} in {area_id or 'the county'}."
    yield record["checked"]
