"""The documents say what the code does: every column, setting, command, exit code and exported name."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

import optimiser
from optimiser import exits
from optimiser.accounting import comparing_tables as comparing
from optimiser.accounting import tables as accounts
from optimiser.accounting.deliveries import report as deliveries
from optimiser.accounting.deliveries.story import KINDS
from optimiser.accounting.line_table import LINES
from optimiser.allocating.report import HEADER
from optimiser.domain.actuals import OUTCOMES, WHO, WHY
from optimiser.domain.policy import EnhancedSettings, Policy, ProcurementSettings, QualitySettings
from optimiser.domain.staffing import Staffing
from optimiser.forecasting import rates_file
from optimiser.forecasting import tables as forecasts
from optimiser.forecasting.backcast import COLUMNS as CALIBRATED
from optimiser.forecasting.fan import QUANTILES, TOLD
from optimiser.forecasting.sizing import tables as sizing_tables
from optimiser.io import account_files
from optimiser.io.actual_files import ACTUALS
from optimiser.io.folders import OUR_FILES
from optimiser.io.schema import TABLES
from optimiser.io.staffing import COLUMNS as WORKER_COLUMNS
from optimiser.io.transfer_settings import PARSERS
from optimiser.io.uplift_files import BUDGET, PROPOSAL
from optimiser.ledger.uplift_report import COMMITMENT, COSTS, PRICES
from optimiser.nightly.counties.county_rows import COUNTY_COLUMNS
from optimiser.rounds.deliverability import JUDGED
from optimiser.rounds.report.tables import ROUNDS, UNSERVED, VISITS
from optimiser.rules.book import standard_rules
from optimiser.shadowing import tables as shadows
from optimiser.shadowing.page import CLASS_WORDS, WHY_WORDS
from optimiser.splitting.across_borders import CROSSING_AREAS, CROSSING_PEOPLE
from optimiser.splitting.council_file import COUNCILS
from optimiser.splitting.split_report import SHARED
from optimiser.transferring.frontier import FRONTIER
from optimiser.transferring.handing_back.report import HAND_BACK
from optimiser.transferring.tables import CHANGES, DIRECT_PAYMENTS, IMPACT, PEOPLE, TRANSFERS, WAVES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DATA_README = (ROOT / "data" / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The part of the data documentation under one file's heading."""
    match = re.search(rf"^### `{re.escape(title)}`$(.*?)(?=^### |^## |\Z)", DATA_README, re.MULTILINE | re.DOTALL)
    assert match, f"no section for {title}"
    return match.group(1)


@pytest.mark.parametrize("file", sorted(TABLES))
def test_every_column_is_documented_under_its_file(file: str) -> None:
    text = section(file)
    for column in TABLES[file]:
        assert f"`{column.name}`" in text, column.name


def test_every_setting_is_documented_with_its_default() -> None:
    text = section("snapshot.toml")
    for part in fields(Policy):
        assert f"`{part.name}`" in text, part.name
    assert "| `person_minutes` | 420 |" in text


def test_every_setting_of_a_transfer_is_documented() -> None:
    text = DATA_README.partition("### Settings of a transfer")[2].partition("### ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == set(PARSERS)


def test_every_setting_of_procurement_is_documented_with_its_default() -> None:
    text = DATA_README.partition("### Settings of procurement")[2].partition("### ")[0]
    told = dict(re.findall(r'^\| `(\w+)` \| "?(\w+)"? \|', text, re.MULTILINE))
    assert told == {part.name: str(part.default) for part in fields(ProcurementSettings)}


def test_every_setting_of_quality_is_documented_with_its_default() -> None:
    text = DATA_README.partition("### Settings of quality")[2].partition("### ")[0]
    told = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", text, re.MULTILINE))
    assert told == {
        part.name: str(part.default).translate({ord("("): "[", ord(")"): "]", ord("'"): '"'}) for part in fields(QualitySettings)
    }


def test_every_setting_of_enhanced_home_support_is_documented_with_its_default() -> None:
    text = DATA_README.partition("### Settings of enhanced home support")[2].partition("### ")[0]
    told = dict(re.findall(r"^\| `(\w+)` \| (\d+) \| hours \|", text, re.MULTILINE))
    assert told == {part.name: str(part.default) for part in fields(EnhancedSettings)}


def test_every_column_of_a_transfer_is_documented_under_its_file() -> None:
    headers = {
        "transfers.csv": TRANSFERS, "people.csv": PEOPLE, "impact.csv": IMPACT, "waves.csv": WAVES, "differences.csv": CHANGES,
        "direct-payments.csv": DIRECT_PAYMENTS, "frontier.csv": FRONTIER, "hand-back.csv": HAND_BACK,
    }  # fmt: skip
    for file, header in headers.items():
        for name in header:
            assert f"`{name}`" in section(file), (file, name)


def test_every_column_of_contract_hours_is_documented() -> None:
    for file, header in {"sizes.csv": sizing_tables.CONTRACT_COLUMNS, "sizes-areas.csv": sizing_tables.AREA_COLUMNS}.items():
        for name in header:
            assert f"`{name}`" in section(file), (file, name)


def test_every_column_rate_and_figure_of_a_forecast_is_documented() -> None:
    headers = {
        "forecast.csv": (*forecasts.FAN_COLUMNS, *(told.name for told in TOLD)), "forecast-waits.csv": forecasts.WAIT_COLUMNS,
        "forecast-reached.csv": forecasts.REACHED_COLUMNS, "forecast-drivers.csv": forecasts.DRIVER_COLUMNS,
        "forecast-providers.csv": forecasts.PROVIDER_COLUMNS, "forecast-calibration.csv": CALIBRATED,
    }  # fmt: skip
    for file, header in headers.items():
        for name in set(header) - (set(QUANTILES) if file == "forecast-calibration.csv" else set()):
            assert f"`{name}`" in section(file), (file, name)
    text = DATA_README.partition("## The files of a forecast")[2].partition("### ")[0]
    for name in (*rates_file.SETTINGS, *rates_file.ARRIVALS, *rates_file.SEASONS, *rates_file.PROVIDERS):
        assert f"`{name}`" in text, name


def test_every_column_and_kind_of_a_shadow_report_is_documented() -> None:
    for name in (*shadows.DECISION_COLUMNS, *CLASS_WORDS, *WHY_WORDS):
        assert f"`{name}`" in section("shadow-decisions.csv"), name
    for name in shadows.WAIT_COLUMNS:
        assert f"`{name}`" in section("shadow-waits.csv"), name


def test_every_setting_of_rounds_is_documented() -> None:
    text = DATA_README.partition("### Settings of rounds")[2].partition("### ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == {part.name for part in fields(Staffing)}


def test_every_column_and_word_of_actuals_is_documented() -> None:
    text = section("actuals.csv")
    for name in (*(column.name for column in ACTUALS), *OUTCOMES, *WHO, *WHY):
        assert f"`{name}`" in text, name


def test_every_column_and_setting_of_an_account_is_documented() -> None:
    headers = {
        "terms.csv": [column.name for column in account_files.TERMS],
        "incentives.csv": [column.name for column in account_files.INCENTIVES],
        "incentive_periods.csv": [column.name for column in account_files.INCENTIVE_PERIODS],
        "account.toml": account_files.PARSERS,
        "statements.csv": accounts.STATEMENTS, "statement-lines.csv": LINES, "statement-days.csv": accounts.DAYS,
        "odd-records.csv": accounts.ODD, "incentives-earned.csv": accounts.EARNED, "adjustments.csv": accounts.ADJUSTMENTS,
        "increments.csv": comparing.INCREMENTS, "short-visits.csv": comparing.SHORT, "guarantee-use.csv": comparing.GUARANTEES,
        "delivered-shares.csv": comparing.SHARES, "enhanced-hours.csv": comparing.ENHANCED,
    }  # fmt: skip
    for file, header in headers.items():
        for name in header:
            assert f"`{name}`" in section(file), (file, name)


def test_every_column_of_deliveries_is_documented() -> None:
    headers = {
        "to-review.csv": (*deliveries.TO_REVIEW, *KINDS), "delivered.csv": deliveries.DELIVERED,
        "punctuality.csv": deliveries.PUNCTUALITY, "continuity.csv": deliveries.CONTINUITY,
    }  # fmt: skip
    for file, header in headers.items():
        for name in header:
            assert f"`{name}`" in section(file), (file, name)


def test_every_column_of_an_uplift_is_documented() -> None:
    headers = {"uplift-prices.csv": PRICES, "uplift-cost.csv": COSTS, "commitment.csv": COMMITMENT}
    for file, header in headers.items():
        for name in header:
            assert f"`{name}`" in section(file), (file, name)
    text = DATA_README.partition("## An uplift")[2].partition("### ")[0]
    for column in (*PROPOSAL, *BUDGET):
        assert f"`{column.name}`" in text, column.name


def test_every_column_of_the_summary_of_counties_is_documented() -> None:
    for name in COUNTY_COLUMNS:
        assert f"`{name}`" in section("summary.csv"), name


def test_every_column_of_a_split_is_documented() -> None:
    headers = {"shared.csv": SHARED, "crossing-people.csv": CROSSING_PEOPLE}
    for file, header in headers.items():
        for name in header:
            assert f"`{name}`" in section(file), (file, name)
    for name in CROSSING_AREAS:
        assert f"`{name}`" in section("crossing-areas.csv"), name
    text = DATA_README.partition("## One county to several councils")[2].partition("### ")[0]
    for column in COUNCILS:
        assert f"`{column.name}`" in text, column.name


def test_every_column_of_rounds_is_documented_under_its_file() -> None:
    headers = {
        "workers.csv": [column.name for column in WORKER_COLUMNS],
        "rounds_planned.csv": ROUNDS, "visits_planned.csv": VISITS, "unserved.csv": UNSERVED,
        "judged_rounds.csv": JUDGED,
    }  # fmt: skip
    for file, header in headers.items():
        for name in header:
            assert f"`{name}`" in section(file), (file, name)


def test_the_readme_is_short_and_leads_on() -> None:
    assert len(README.encode()) <= 8_192
    for part in ("sh .ci/setup && .venv/bin/optimiser demo", "sh .ci/setup tests && .venv/bin/pytest", "/handbook/", "curl "):
        assert part in README
    assert set(re.findall(r"optimiser/handbook/pages/(how-to/[\w-]+)\.md", README)) == {
        f"how-to/{page.stem}" for page in (ROOT / "optimiser" / "handbook" / "pages" / "how-to").glob("*.md")
    }


# The handbook's own pages also lead to generated ones: building it proves their links.
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "api/README.md", "data/README.md")),
    *sorted(page for page in (ROOT / "optimiser").rglob("*.md") if "handbook" not in page.parts),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        file = target.partition("#")[0]
        if file and not re.match(r"[a-z]+:", file):
            assert (page.parent / file).exists(), target


OURS = [file.relative_to(ROOT) for top in ("optimiser", "api", "data", "tests") for file in (ROOT / top).rglob("*.*")]
INVENTED = ["eligibility/not_too_large.py"]
"""Files of examples: what somebody might add."""
LONGEST_REPEATED = 20
"""Words in a row that a document may say twice; tables repeat their heads, and code its commands."""


HANDBOOK = sorted((ROOT / "optimiser" / "handbook" / "pages").rglob("*.md"))


@pytest.mark.parametrize("page", [*PAGES, *HANDBOOK], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_module_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`([\w./-]+\.(?:py|j2))`", text):
        assert any(file.match(name) for file in OURS) or name in INVENTED, name
    for name in re.findall(r"`((?:optimiser|api|tests|data)/[\w./-]*)`", text):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("page", [*PAGES, *HANDBOOK], ids=lambda page: str(page.relative_to(ROOT)))
def test_no_step_and_no_sentence_stands_twice(page: Path) -> None:
    text = re.sub(r"^```.*?^```|^\|.*?$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    expected = 0
    for number in map(int, re.findall(r"^(\d+)\. ", text, re.MULTILINE)):
        assert number in (expected + 1, 1), f"step {number} after {expected}"
        expected = number
    words = text.split()
    seen = set()
    for at in range(len(words) - LONGEST_REPEATED):
        said = tuple(words[at : at + LONGEST_REPEATED])
        assert said not in seen, " ".join(said)
        seen.add(said)


def test_every_exit_code_and_column_of_a_result_is_in_the_data_documentation() -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper()}
    text = DATA_README.partition("## Exit codes")[2].partition("\n## ")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == codes
    text = section("allocations.csv")
    assert re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE) == [f"`{name}`" for name in HEADER]
    for file in OUR_FILES:
        assert section(file)


def test_every_setting_of_a_rule_is_a_setting() -> None:
    known = {part.name for part in fields(Policy)}
    for rule in standard_rules():
        assert set(rule.settings) <= known, rule.name
        assert rule.sentence().endswith("."), rule.name
        assert rule.source, rule.name


def test_the_public_door_opens() -> None:
    for name in optimiser.__all__:
        assert getattr(optimiser, name) is not None
    assert dir(optimiser) == sorted(optimiser.__all__)
    with pytest.raises(AttributeError):
        getattr(optimiser, "nothing_of_the_kind")  # noqa: B009


def test_the_python_example_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    match = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert match
    monkeypatch.chdir(ROOT)
    exec(compile(match.group(1), "README.md", "exec"), {})
    assert "'unmet': (2040, 2040)" in capsys.readouterr().out
