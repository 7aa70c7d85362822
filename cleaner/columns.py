"""The table in which every feature of every block stands, and what is often asked of one column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.block import Ints
from cleaner.characters import Bools, Floats


@cache
def places(names: tuple[str, ...]) -> Mapping[str, int]:
    """The row of each name."""
    return {name: row for row, name in enumerate(names)}


@cache
def rows_of(wanted: tuple[str, ...], names: tuple[str, ...]) -> Ints | None:
    """The rows of the `wanted` names, in their order; None where they are the first rows as they stand."""
    if wanted == names[: len(wanted)]:
        return None
    row = places(names)
    return np.array([row[name] for name in wanted], dtype=np.int64)


class Columns:
    """What is known of n blocks: `table` is (len(names), n) float32, a column's values side by side in memory, so that
    the trees can read it as it is.

    >>> columns = Columns.blank(("words", "links"), 3)
    >>> columns["words"], columns["links"] = [4, 0, 9], 0.5
    >>> columns["words"]
    array([4., 0., 9.], dtype=float32)
    """

    __slots__ = ("names", "table")

    def __init__(self, names: tuple[str, ...], table: Floats) -> None:
        self.names = names
        self.table = table

    @classmethod
    def blank(cls, names: tuple[str, ...], n: int) -> Columns:
        """Columns still to be filled."""
        return cls(names, np.empty((len(names), n), dtype=np.float32))

    def __getitem__(self, name: str) -> Floats:
        values: Floats = self.table[places(self.names)[name]]
        return values

    def __setitem__(self, name: str, values: npt.ArrayLike) -> None:
        self.table[places(self.names)[name]] = values

    def put(self, names: Sequence[str], values: npt.NDArray[Any]) -> None:
        """Fill several columns, `values` (len(names), n)."""
        for name, column in zip(names, values, strict=True):
            self[name] = column

    def __or__(self, more: Columns) -> Columns:
        """These columns and then those of `more`, which has others of the same blocks."""
        return Columns(self.names + more.names, np.concatenate([self.table, more.table]))

    @classmethod
    def joined(cls, parts: Sequence[Columns]) -> Columns:
        """The same columns of several documents, at least one, as of one document that has all their blocks in a row."""
        return parts[0] if len(parts) == 1 else cls(parts[0].names, np.concatenate([part.table for part in parts], axis=1))

    def rows(self, wanted: Sequence[str]) -> Floats:
        """The columns `wanted` as a table (len(wanted), n). Raises KeyError for a name that is not here."""
        rows = rows_of(tuple(wanted), self.names)
        return self.table[: len(wanted)] if rows is None else self.table.take(rows, axis=0)


def shift(values: Floats, step: int, fill: float = -1.0) -> Floats:
    """`values` of the block `step` places before (negative: after); `fill` beyond the ends."""
    result = np.full_like(values, fill)
    if abs(step) < len(values):
        if step > 0:
            result[step:] = values[:-step]
        else:
            result[:step] = values[-step:]
    return result


def window_mean(values: Floats, reach: int) -> Floats:
    """Mean over the blocks up to `reach` away, the block itself included."""
    n = len(values)
    sums = np.concatenate([np.zeros(1), np.cumsum(values, dtype=np.float64)])
    index = np.arange(n)
    low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, n)
    mean: Floats = ((sums[high] - sums[low]) / (high - low)).astype(np.float32)
    return mean


def since(flags: Bools, cap: int) -> Floats:
    """Blocks since the last flagged one before; `cap` + 1 where there is none. 1 means the one just before."""
    n = len(flags)
    index = np.arange(n)
    last = np.maximum.accumulate(np.where(flags, index, -cap - 2))
    before = np.concatenate([[-cap - 2], last[:-1]]) if n else last
    result: Floats = np.minimum(index - before, cap + 1).astype(np.float32)
    return result
