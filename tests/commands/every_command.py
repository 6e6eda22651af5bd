"""Every command that reads a county, called once each in this process: what it says, and that it never falls over."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.commands.running import Ran, run

Named = tuple[str, tuple[str, ...]]
"""What a call is known by in a test's message, and its arguments."""

SCENARIO = """\
[[go_live]]
area_id = "A2"
date = 9999-12-31

[[discharges]]
area_id = "A1"
per_week = 1
"""
ACTUALS = """\
actual_id,package_id,date,visit_id,planned_start,planned_minutes,arrived,left,workers,outcome
AC1,R1,2026-11-23,,2026-11-23T08:00,30,2026-11-23T08:02,2026-11-23T08:27,1,delivered
AC2,N9,2026-11-23,,2026-11-23T08:00,30,,,1,missed
"""
RATES = "[[arrivals]]\nper_week = 2\n[rates]\nends_per_week = 0.02\ndecline = 0.3\n"
PROPOSED = "[policy]\nlargest_first_after_days = 7\n"


def reading_calls(county: Path, place: Path) -> Iterator[Named]:
    """What needs nothing but the county. ``place``: an empty folder for what is written."""

    def out(name: str) -> tuple[str, ...]:
        return "--out", str(place / name), "--quiet"

    folder = str(county)
    yield "check", ("check", folder)
    yield "allocate", ("allocate", folder, *out("allocate"), "--certificate")
    yield "allocate --everybody-free", ("allocate", folder, "--everybody-free", *out("everybody-free"))
    yield "reoptimise", ("reoptimise", folder, *out("reoptimise"))
    yield "transfer", ("transfer", folder, "--area", "all", *out("transfer"))
    yield "transfer an area", ("transfer", folder, "--area", "A1", *out("transfer-area"))
    yield "transfer --recut", ("transfer", folder, "--area", "all", "--recut", *out("transfer-recut"))
    yield "transfer --from", ("transfer", folder, "--from", "C5", *out("hand-back"))
    yield "relieve", ("relieve", folder, "--contract", "C5", "--hours-4w", "0", "--from", "2026-12-07", *out("relief"))
    yield "bridge", ("bridge", folder, *out("bridge"))
    (county / "account.toml").write_text("periods_begin = 2026-11-23\n", encoding="utf-8")
    (place / "actuals.csv").write_text(ACTUALS, encoding="utf-8")
    accounted = ("--actuals", str(place / "actuals.csv"), "--period", "2026-11-23")
    yield "account", ("account", folder, *accounted, *out("account"))
    yield "deliveries", ("deliveries", folder, *accounted[:2], "--until", "2026-12-21", *out("deliveries"))
    (place / "proposal.csv").write_text("tier,percent\nlegacy,5\n", encoding="utf-8")
    proposed = ("--proposal", str(place / "proposal.csv"), "--from", "2027-04-05", "--market-percent", "5")
    yield "uplift", ("uplift", folder, *proposed, *out("uplift"))
    yield "tonight", ("tonight", folder, "--snow", "--from", "2026-11-23T18:00", "--out", str(place / "tonight"))
    yield "stress", ("stress", folder, *out("stress"))
    yield "stress --pairs", ("stress", folder, "--pairs", "--worst", "1", "--workers", "1", *out("stress-pairs"))
    yield "stress a provider", ("stress", folder, "--provider", "BIRCH", *out("stress-one"))
    yield "stress --hand-back", ("stress", folder, "--hand-back", "C5", *out("stress-hand-back"))
    (place / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    yield "compare", ("compare", folder, "--scenario", str(place / "scenario.toml"), *out("compare"))
    (place / "proposed.toml").write_text(PROPOSED, encoding="utf-8")
    rehearsed = ("--settings", str(place / "proposed.toml"), "--nights", "2", "--requests", "1")
    yield "rehearse", ("rehearse", folder, *rehearsed, *out("rehearse"))
    (place / "forecast.toml").write_text(RATES, encoding="utf-8")
    played = ("--given", str(place / "forecast.toml"), "--until", "2026-12-14", "--draws", "2", "--workers", "1")
    yield "forecast", ("forecast", folder, *played, *out("forecast"))
    yield "size", ("size", folder, *played, "--fresh-draws", "2", "--step", "400", *out("size"))
    later = place / "later"
    shutil.copytree(county, later)
    told = (later / "snapshot.toml").read_text(encoding="utf-8").replace("as_of = 2026-11-23", "as_of = 2026-11-24")
    (later / "snapshot.toml").write_text(told, encoding="utf-8")
    yield "shadow", ("shadow", folder, str(later), *out("shadow"))
    levels = ("--levels", "legacy", "cost", "--points", "3", "--workers", "1")
    yield "frontier", ("frontier", folder, *levels, *out("frontier"))
    yield "feasible", ("feasible", folder, "--require", "unmet=0", "--require", "principal_share=10%", "--require", "legacy=0")
    yield "nightly", ("nightly", folder, *out("nightly"))
    yield "outlook", ("outlook", folder)
    (place / "councils.csv").write_text("area_id,council\nA1,East\nA2,West\nA3,West\n", encoding="utf-8")
    yield "split", ("split", folder, "--by", str(place / "councils.csv"), "--on", "2028-04-01", "--out", str(place / "split"))
    yield "band", ("band", "52.6", "1.1", "--in", folder)


def rounds_calls(county: Path, place: Path) -> Iterator[Named]:
    """What plans rounds, in processes of its own, and so takes longer than all the others."""
    folder = str(county)
    yield "rounds build", ("rounds", "build", folder, "--out", str(place / "rounds"), "--quiet")
    yield "rounds judge", ("rounds", "judge", folder, "--quiet")
    yield "rounds fit", ("rounds", "fit", folder, "N1", "--rounds", str(place / "rounds"), "--quiet")


def frontier_call(county: Path, place: Path) -> Named:
    return "transfer --frontier", (
        "transfer",
        str(county),
        "--area",
        "all",
        "--frontier",
        "--out",
        str(place / "front"),
        "--quiet",
    )


def following_calls(county: Path, place: Path) -> Iterator[Named]:
    """What needs what an earlier call has written, or the service's database (``DATABASE_URL``)."""
    result = str(place / "allocate")
    yield "explain", ("explain", result, "N1")
    yield "verify", ("verify", result, str(county))
    yield "explain to a person", ("explain", result, "N1", "--for", "person")
    yield "explain to a provider", ("explain", result, "N1", "--for", "provider", "--provider", "BIRCH")
    yield "allocate --travel-by", ("allocate", str(county), "--travel-by", f"rounds:{place / 'rounds'}", "--out", f"{place}/by")
    yield (
        "transfer --rounds",
        (
            *("transfer", str(county), "--area", "all", "--rounds", str(place / "rounds")),
            *("--out", str(place / "planned"), "--quiet"),
        ),
    )
    yield "migrate", ("migrate",)
    yield "load", ("load", str(county))
    yield "nightly of the database", ("nightly", "--out", str(place / "nights"), "--quiet")
    yield "export", ("export", str(place / "exported"))
    yield "check what was exported", ("check", str(place / "exported"))


def failures(capsys: pytest.CaptureFixture[str], calls: Iterable[Named]) -> list[str]:
    """Every call that ended otherwise than with a result, or with a refusal in words."""
    found = []
    for name, arguments in calls:
        try:
            ran = run(capsys, *arguments)
        except Exception as error:  # what a user would see as a traceback
            found.append(f"{name}: {type(error).__name__}: {error}")
            continue
        found += [f"{name}: {fault}" for fault in _faults(ran)]
    return found


def _faults(ran: Ran) -> Iterator[str]:
    if ran.code not in (0, 2, 3):
        yield f"exit code {ran.code}: {ran.err}"
    if ran.code == 2 and not ran.err.strip():
        yield "refused without a word"
    if "Traceback" in ran.out + ran.err:
        yield "a traceback"
