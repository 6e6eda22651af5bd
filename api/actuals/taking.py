"""A batch of records of visits is judged as a whole, by the reader of their file and beside all that was taken before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from api.actuals.stored_actuals import (
    KEPT,
    KEYS,
    Cells,
    corrected_by,
    keys_in,
    newest_batch,
    plain_rows,
    stored_cells,
    write,
)
from api.actuals.under_contracts import contract_finder, county_of
from api.state.state import State
from api.storage.sealed_rows import digest_over
from optimiser.domain.actuals import NUMBERED
from optimiser.io.account_files import ACTUALS_FILE
from optimiser.io.actual_files import read_actuals
from optimiser.io.faults import Findings, InputRefusedError

THE_SAME = "an actual_id that is new, or the very record that was taken under it: what was wrong is corrected by another record"


@dataclass(frozen=True)
class Batch:
    """A batch that was judged. ``newest``: the batch that had come last by then."""

    newest: int
    records: tuple[Cells, ...]
    """Those that are new."""
    same: int
    """How many had been taken before, as they are."""

    def __repr__(self) -> str:
        return f"<Batch of {len(self.records)} records>"


def judged(connection: Connection, folder: Path) -> Batch:
    """What a folder's file holds that is new. Raises ``InputRefusedError`` with every fault: then nothing of it is taken."""
    file = folder / ACTUALS_FILE
    read_actuals(file, lambda ids: corrected_by(connection, ids))
    records = list(plain_rows(file))
    before = stored_cells(connection, {each["actual_id"] for each in records})
    findings, new = Findings(), list[Cells]()
    for line, each in enumerate(records, start=2):
        known = before.get(each["actual_id"])
        if known is None:
            new.append(each)
        elif not _is_same(known, each):
            findings.fault(ACTUALS_FILE, line, "actual_id", THE_SAME, each["actual_id"])
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return Batch(newest_batch(connection), tuple(new), len(records) - len(new))


def _is_same(known: Mapping[str, str], told: Cells) -> bool:
    """Pseudonyms that are numbers now may have been any."""
    if any(known.get(name) != told[name] for name in KEPT):
        return False
    before, now = keys_in(known[KEYS]), keys_in(told[KEYS])
    return before == now or (len(before) == len(now) and all(key.startswith(NUMBERED) for key in before))


def taken(connection: Connection, state: State, batch: Batch) -> tuple[int, str]:
    """Write the new records of a batch; its number, and the digest over them."""
    find = contract_finder(county_of(connection, state, {each["package_id"] for each in batch.records}))
    chains = Chains.of(connection, batch.records)
    records = [chains.without_pseudonyms(each) for each in batch.records]
    number = batch.newest + 1
    seals = write(connection, number, records, lambda cells: chains.contract_of(cells) or find(cells))
    return number, digest_over(seals)


@dataclass(frozen=True)
class Chains:
    """What records of a batch correct, of it or taken before."""

    batch: Mapping[str, Cells]
    before: Mapping[str, Cells]
    """Those taken before, each with the contract that it counts under."""

    @staticmethod
    def of(connection: Connection, records: Sequence[Cells]) -> Chains:
        corrected = {each["corrects"] for each in records if each["corrects"]}
        return Chains({each["actual_id"]: each for each in records}, stored_cells(connection, corrected, under=True))

    def contract_of(self, cells: Cells) -> str:
        """A record's own, else that of what it corrects on the same day of the same person; "" where there is none."""
        of = cells["package_id"], cells["date"]
        while not cells["contract_id"]:
            corrected = cells["corrects"]
            before = self.before.get(corrected) or self.batch.get(corrected)
            if not before or (before["package_id"], before["date"]) != of:
                return ""
            cells = before
        return cells["contract_id"]

    def without_pseudonyms(self, cells: Cells) -> Cells:
        """A correction of a record whose pseudonyms are numbers already brings none back."""
        first = cells
        while (corrected := first["corrects"]) in self.batch:
            first = self.batch[corrected]
        before = keys_in(self.before.get(corrected, {}).get(KEYS, ""))
        if not before or not all(key.startswith(NUMBERED) for key in before):
            return cells
        return {**cells, KEYS: ";".join(before) if len(keys_in(cells[KEYS])) == len(before) else ""}
