"""``python -m tests.campaigns.digests quick|full``: whether a change of the house changed a result.

Digests every result of every command, byte for byte, and what the commands print where that repeats. Written to a file before a
change and held against it afterwards::

    python -m tests.campaigns.digests quick --write before.json [--county DIR …]
    python -m tests.campaigns.digests quick --against before.json [--county DIR …]

``run.json`` is left out (it tells what differs between two runs), and so is the version of the software, so that a release can
be held against the one before it. Nothing here is cut by a clock on a machine that does nothing else: the yardstick beside a
re-optimisation has a last resort of its own. ``quick`` is for every move, ``full`` for once before and once
after.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
LEFT_OUT = ("run.json",)
CHANGING = (
    (re.compile(rb'"software": ?"[^"]*"'), b'"software":""'),
    (re.compile(rb"\b\d+(\.\d+)? ?(s|ms|MB)\b"), b"~"),
)
"""What may differ between two equal runs, wherever it stands: the software's version, seconds, and memory."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One command on one county. ``keep`` names what later jobs on that county read of its result."""

    name: str
    arguments: str
    keep: str = ""
    full_only: bool = False


EVERYWHERE = (
    Job(name="check", arguments="check {folder}"),
    Job(name="allocate", arguments="allocate {folder} --out {out} --wall-seconds 1e6 --quiet", keep="plan"),
    Job(name="explain", arguments="explain {plan} {waiting}"),
    Job(name="explain for person", arguments="explain {plan} {waiting} --for person"),
    Job(name="compare", arguments="compare {folder} --scenario {scenario} --out {out} --wall-seconds 1e6 --quiet"),
    Job(name="stress", arguments="stress {folder} --out {out} --wall-seconds 1e6 --quiet", full_only=True),
    Job(
        name="feasible",
        arguments="feasible {folder} --require legacy=0 --require unmet_urgent=0 --wall-seconds 1e6",
        full_only=True,
    ),
    Job(name="reoptimise", arguments="reoptimise {folder} --out {out} --wall-seconds 1e6 --quiet", full_only=True),
)
PEOPLE_AND_ROUNDS = (
    Job(name="rounds build", arguments="rounds build {folder} {whose} --out {out} --quiet", keep="rounds"),
    Job(name="transfer", arguments="transfer {folder} --area all --out {out} --wall-seconds 1e6 --quiet --rounds {rounds}"),
    Job(
        name="transfer widely",
        arguments="transfer {folder} --area all --recut --frontier --out {out} --wall-seconds 1e6 --quiet --rounds {rounds}",
    ),
    Job(name="nightly", arguments="nightly {folder} --out {out} --wall-seconds 1e6 --quiet"),
    Job(name="hand-back", arguments="transfer {folder} --from {contract} --out {out} --wall-seconds 1e6 --quiet"),
    Job(name="rounds judge", arguments="rounds judge {folder} {whose} --out {out} --quiet"),
    Job(name="rounds fit", arguments="rounds fit {folder} {waiting} --rounds {rounds} --quiet"),
    Job(name="by rounds", arguments="allocate {folder} --travel-by rounds:{rounds} --out {out} --wall-seconds 1e6 --quiet"),
)
BOOKS = (Job(name="rule book", arguments="rules --json"), Job(name="help", arguments="--help"))


def digests_of_county(folder: Path, *, full: bool, here: Path) -> Iterator[tuple[str, str]]:
    """What each job makes of one county: its name and its digest."""
    small = folder.name == "three_villages"
    jobs = [*EVERYWHERE, *(PEOPLE_AND_ROUNDS if small or full else ())]
    if folder.name == "county-tight":
        jobs = [job for job in EVERYWHERE if job.name == "allocate"]
    words = {"folder": str(folder), **facts_of(folder, here)}
    words["whose"] = "" if small else f"--provider {words['provider']}"
    for job in jobs:
        if job.full_only and not (full or small):
            continue
        out = here / f"{folder.name}-{job.name.replace(' ', '-')}"
        if job.keep:
            words[job.keep] = str(out)
        yield f"{folder.name}: {job.name}", _digest(job.arguments, {**words, "out": str(out)}, out)


def facts_of(folder: Path, here: Path) -> dict[str, str]:
    """What jobs name of a county: a person who waits, a contract with care, a scenario."""
    from optimiser import read_snapshot

    snapshot = read_snapshot(folder).snapshot
    waiting = sorted(package.package_id for package in snapshot.packages if package.status == "new")
    held = sorted(package.contract_id for package in snapshot.packages if package.contract_id)
    holder = next(contract.provider_id for contract in snapshot.contracts if contract.contract_id == held[0])
    scenario = here / f"{folder.name}.toml"
    scenario.write_text(f'title = "No new work for one provider"\n[[restrict]]\nprovider_id = "{holder}"\n', "utf-8")
    return {"waiting": waiting[0], "contract": held[0], "provider": holder, "scenario": str(scenario)}


def _digest(arguments: str, words: Mapping[str, str], out: Path) -> str:
    """The digest of one command: its exit code, what it printed, and every file that it wrote."""
    command = arguments.format_map(words).split()
    done = subprocess.run([sys.executable, "-m", "optimiser", *command], capture_output=True, check=False)
    total = hashlib.sha256(str(done.returncode).encode())
    total.update(_steady(done.stdout, words))
    for file in sorted(path for path in out.rglob("*") if path.is_file() and path.name not in LEFT_OUT):
        content = _steady(file.read_bytes(), words)
        total.update(f"\n{file.relative_to(out)} {len(content)}\n".encode())
        total.update(content)
    return f"{done.returncode} {total.hexdigest()[:24]}"


def _steady(content: bytes, words: Mapping[str, str]) -> bytes:
    """The same content without what may differ: where the folders stand, versions, seconds."""
    for word in sorted(words.values(), key=len, reverse=True):
        if word.startswith("/"):
            content = content.replace(word.encode(), b"DIR")
    for pattern, instead in CHANGING:
        content = pattern.sub(instead, content)
    return content


def main() -> int:
    """Digest, and write or hold against what was written; exit code 1 when something differs."""
    options = _options()
    counties = [DATA / "three_villages", DATA / "demonstration", *options.county]
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place:
        for job in BOOKS:
            found[job.name] = _digest(job.arguments, {}, Path(place) / "none")
        for folder in counties:
            began = time.monotonic()
            found.update(digests_of_county(folder, full=options.set == "full", here=Path(place)))
            print(f"{folder.name}: {time.monotonic() - began:.0f} s", flush=True)
    if options.write:
        options.write.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
    before = json.loads(options.against.read_text("utf-8")) if options.against else found
    differing = sorted(name for name in before.keys() | found.keys() if before.get(name) != found.get(name))
    for name in differing:
        print(f"DIFFERS {name}: {before.get(name, 'not there before')} -> {found.get(name, 'not there now')}")
    whole = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]
    print(f"{len(found)} results digested, {len(differing)} differ; digest of all {whole}")
    return 1 if differing else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("set", choices=("quick", "full"))
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--against", type=Path, metavar="FILE")
    parser.add_argument("--county", type=Path, nargs="+", default=[], metavar="DIR", help="further snapshot folders")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
