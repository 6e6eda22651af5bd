"""A re-optimisation to its files: those of an allocation, and the list of changes as ``changes.csv``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimiser.allocating.report import allocation_files
from optimiser.io.folders import write_folder
from optimiser.io.spreadsheets import spreadsheet

if TYPE_CHECKING:
    from optimiser.reoptimising.best_few import BestFew
    from optimiser.reoptimising.story import Reoptimisation

FIRST = ("step", "package_id", "kind", "from_contract_id", "to_contract_id")
LAST = ("reason",)


def write_reoptimisation(made: Reoptimisation, folder: Path, run: dict[str, Any], *, replace: bool = False) -> None:
    """Write an allocation's four files and the list of changes, all together or not at all."""
    write_folder(folder, reoptimisation_files(made, run), replace=replace)


def reoptimisation_files(made: Reoptimisation, run: dict[str, Any]) -> dict[str, bytes]:
    """The content of each file of a re-optimisation."""
    files = allocation_files(made.allocation, run, {"reoptimise": reoptimise_record(made)})
    return {**files, "changes.csv": changes_table(made)}


def changes_header(levels: tuple[str, ...]) -> tuple[str, ...]:
    """The columns, given the names of the levels in their order."""
    return (*FIRST, *(f"gain_{name}" for name in levels), *(f"cumulative_{name}" for name in levels), *LAST)


def changes_table(made: Reoptimisation) -> bytes:
    """``changes.csv``: a line per change, those of a step together, its gains and the levels after it on each of them."""
    county = made.allocation.county
    names = tuple(level.name for level in made.allocation.levels)
    rows: list[dict[str, object]] = [_pinned_row(made, package, contract) for package, contract in sorted(county.pinned.items())]
    for number, step in enumerate(made.steps.steps, start=1):
        before, after = made.values[number - 1], made.values[number]
        gains = {f"gain_{name}": before[name] - after[name] for name in names}
        levels = {f"cumulative_{name}": after[name] for name in names}
        for change in step.changes:
            left = "" if change.before is None else county.contracts[change.before].contract_id
            rows.append(
                {
                    "step": number,
                    "package_id": county.packages[change.package].package_id,
                    "kind": "move" if change.is_move else "place",
                    "from_contract_id": left,
                    "to_contract_id": county.contracts[change.after].contract_id,
                    **gains,
                    **levels,
                    "reason": made.reason(number, change),
                }
            )
    return spreadsheet(changes_header(names), rows)


def _pinned_row(made: Reoptimisation, package: int, contract: int) -> dict[str, object]:
    """What a named person has settled goes ahead of every step, and is in the levels from there on."""
    county, levels = made.allocation.county, made.values[0]
    said = made.allocation.rules.beforehand(county, package)
    return {
        "step": 0,
        "package_id": county.packages[package].package_id,
        "kind": "pin",
        "from_contract_id": "",
        "to_contract_id": county.contracts[contract].contract_id,
        **{f"cumulative_{name}": value for name, value in levels.items()},
        "reason": said.reason if said else "",
    }


def reoptimise_record(made: Reoptimisation) -> dict[str, Any]:
    """What ``result.json`` says of moves and steps."""
    charge = made.allocation.county.policy.move_charge * made.moves
    charged = next(rule.name for rule in made.allocation.rules.levels if rule.charges_moves)
    unmet = next(level.value for level in made.allocation.levels if level.name == charged)
    return {
        "max_moves": made.max_moves,
        "step_moves": made.step_moves,
        "moves": made.moves,
        "steps": len(made.steps.steps),
        "unmet_parts": {"waiting": unmet - charge, "move_charge": charge},
        "moved_share_limited": made.history_given,
        "changes_left_out": len(made.steps.left_out),
        "longer_chains": [
            {
                "package_ids": [made.allocation.county.packages[package].package_id for package in chain.packages],
                "moves": chain.moves,
            }
            for chain in made.longer
        ],
        "levels_on_entry": dict(made.values[0]),
        "first_steps": [_few_record(few) for few in made.few],
    }


def _few_record(few: BestFew) -> dict[str, Any]:
    return {
        "steps": few.count,
        "listed": dict(few.listed),
        "found_independently": dict(few.found),
        "bounds": dict(few.bounds),
        "proven": few.proven,
    }
