"""The master program of the reformulation by area: blocks as mixtures of whole patterns, all other columns as they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimiser.solving.dantzig_wolfe.patterns import PatternBlock
from optimiser.solving.linear_program import FloatArray, Program, Rows, on_columns, only_rows
from optimiser.solving.problem import BoolArray, IntArray

TINY = 1e-9
"""Coefficients below this share of their row's largest come from rounding."""


class PatternMaster:
    """Which columns stay on their own, which rows still say something, and how rows read over patterns."""

    def __init__(self, program: Program, blocks: Sequence[PatternBlock], part_rows: IntArray) -> None:
        """``part_rows``: per row of the program, the column of the part that it measures, or -1."""
        self.program = program
        self._part_rows = part_rows
        self.blocks = tuple(blocks)
        inside = np.zeros(len(program.cost), dtype=np.bool_)
        for block in blocks:
            inside[block.columns] = True
        self.outside: BoolArray = ~inside
        measured = part_rows >= 0
        measured[measured] = inside[part_rows[measured]]
        # What a pattern's parts are is in its values; the rows that measure them would only repeat it.
        self.rows = only_rows(program.rows, ~measured)

    def only(self, kept: Sequence[bool]) -> PatternMaster:
        """The same without the other blocks: their columns are on their own."""
        return PatternMaster(self.program, [c for c, keep in zip(self.blocks, kept, strict=True) if keep], self._part_rows)

    def over(self, rows: Rows, alone: IntArray, picked: Sequence[IntArray], base: Sequence[int] | None = None) -> Rows:
        """Rows over some columns on their own, then over some patterns of each block (less its base pattern, if given)."""
        selected = np.zeros(len(self.program.cost), dtype=np.bool_)
        selected[alone] = True
        kept = on_columns(rows, selected)
        row, column, value = [kept.row], [kept.column], [kept.value]
        first = len(alone)
        for number, (block, patterns) in enumerate(zip(self.blocks, picked, strict=True)):
            if not len(patterns):
                continue
            dense = dense_on(rows, block.columns, len(self.program.cost))
            taken = block.patterns[patterns]
            if base is not None:
                taken = taken - block.patterns[base[number]]
            dense_block = dense @ taken.T
            dense_block[np.abs(dense_block) <= TINY * np.abs(dense).max(axis=1, initial=0)[:, np.newaxis]] = 0
            where, which = np.nonzero(dense_block)
            row.append(where)
            column.append(first + which)
            value.append(dense_block[where, which])
            first += len(patterns)
        return Rows(rows.lower, rows.upper, np.concatenate(row), np.concatenate(column), np.concatenate(value))

    def costs(self, picked: Sequence[IntArray]) -> FloatArray:
        """The costs of some patterns, block after block."""
        return np.concatenate(
            [
                np.zeros(0),
                *(
                    block.patterns[patterns] @ self.program.cost[block.columns]
                    for block, patterns in zip(self.blocks, picked, strict=True)
                ),
            ]
        )

    def one_each(self, alone: int, picked: Sequence[IntArray], least: float) -> Rows:
        """Of every block at most one pattern, and at least ``least``."""
        number = np.repeat(np.arange(len(picked)), [len(patterns) for patterns in picked])
        return Rows(
            np.full(len(picked), least),
            np.ones(len(picked)),
            number,
            alone + np.arange(len(number)),
            np.ones(len(number)),
        )


def dense_on(rows: Rows, columns: IntArray, size: int) -> FloatArray:
    """The rows on a few columns, as a full table."""
    place = np.full(size, -1, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    entries = np.flatnonzero(place[rows.column] >= 0)
    dense = np.zeros((len(rows), len(columns)))
    dense[rows.row[entries], place[rows.column[entries]]] = rows.value[entries]
    return dense
