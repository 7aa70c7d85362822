"""A learned scorer: oblivious trees and a table of word weights, both plain arrays, evaluated with NumPy.

In an oblivious tree (CatBoost: Prokhorenkova et al. 2018) every node of a level asks the same question, so
a tree of depth D is D comparisons whose answers are the bits of a leaf's number. That is a handful of
vectorised operations over all blocks and trees, and needs no training library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.characters import Characters, Floats
from cleaner.native import compiled_trees

MODELS = Path(__file__).parent / "models"
FORMAT = 1
# Blocks that are scored at once.
STRETCH = 2048


@dataclass(frozen=True, eq=False)
class Trees:
    """T oblivious trees of depth D over the columns `names`.

    `feature` and `border` are (T, D), `leaves` (T, 2**D) and `means` (T, 2**D - 1): the mean leaf under each
    inner node, level by level, for telling what decided. The answer to question d is bit d of the leaf's number.
    """

    names: tuple[str, ...]
    feature: npt.NDArray[np.int16]
    border: Floats
    leaves: Floats
    means: Floats
    bias: float

    def logits(self, table: Floats) -> Floats:
        """Raw scores, (n,), for a table given column by column, (len(names), n)."""
        if compiled_trees is not None:
            return self.add_leaves_compiled(np.ascontiguousarray(table))
        # A stretch of blocks at a time, to bound the memory.
        stretches = range(0, max(table.shape[1], 1), STRETCH)
        return np.concatenate([self.add_leaves(table[:, i : i + STRETCH]) for i in stretches])

    def add_leaves_compiled(self, rows: Floats) -> Floats:
        """What `add_leaves` gives, from the compiled loop."""
        result = np.empty(rows.shape[1], dtype=np.float32)
        compiled_trees.add_leaves(rows, self.feature, self.border, self.leaves, np.float32(self.bias), result)
        return result

    def add_leaves(self, rows: Floats) -> Floats:
        """The leaf that each row falls into, summed over the trees, (n,)."""
        trees, depth = self.feature.shape
        answers = (rows[self.feature.ravel()] > self.border.ravel()[:, None]).view(np.uint8)
        answers = answers.reshape(trees, depth, -1)
        leaf = answers[:, 0].copy()
        for level in range(1, depth):
            leaf |= answers[:, level] << level
        offset = (np.arange(trees, dtype=np.int32) << depth)[:, None]
        result: Floats = self.leaves.ravel()[leaf + offset].sum(axis=0) + np.float32(self.bias)
        return result

    def contributions(self, row: Floats) -> dict[str, float]:
        """How far each column moved one block's raw score: along each tree's path, by the change of the mean
        leaf (Saabas 2014). They sum to the score less the trees' overall mean."""
        depth = self.feature.shape[1]
        every = np.arange(len(self.feature))
        answers = row[self.feature] > self.border
        node = np.zeros(len(self.feature), dtype=np.int64)
        known: Floats = self.means[:, 0]
        totals = np.zeros(len(self.names))
        for level in range(depth):
            node |= answers[:, level].astype(np.int64) << level
            inner = level + 1 < depth
            value: Floats = self.means[every, (2 << level) - 1 + node] if inner else self.leaves[every, node]
            np.add.at(totals, self.feature[:, level], value - known)
            known = value
        return {self.names[i]: float(totals[i]) for i in np.flatnonzero(totals)}


def sigmoid(logits: Floats) -> Floats:
    """Logits to probabilities.

    >>> float(sigmoid(np.zeros(1, dtype=np.float32))[0])
    0.5
    """
    odds: Floats = np.exp(np.minimum(np.maximum(logits, -30), 30))
    return odds / (1 + odds)


@dataclass(frozen=True, eq=False)
class WordWeights:
    """How much each word speaks for body (+) or junk (-): signed bytes in `table`, (2**bits,), by word hash."""

    table: npt.NDArray[np.int8]
    scale: float

    def of(self, chars: Characters) -> Floats:
        """One weight a word, in the order of `chars.word_hash`."""
        place = (chars.word_hash & np.uint64(len(self.table) - 1)).astype(np.int64)
        return self.table[place].astype(np.float32) * np.float32(self.scale)


class Scorer(NamedTuple):
    """The models of one medium. `second` sees the first's scores of the neighbours; None where one pass is all.

    `settings` holds the thresholds by focus and the numbers that turn a page's scores into its confidence.
    """

    words: WordWeights
    first: Trees
    second: Trees | None
    settings: Mapping[str, float]


def save(scorer: Scorer, path: Path) -> None:
    """Write a scorer as a compressed .npz of plain arrays."""
    arrays: dict[str, Any] = {"format": np.array(FORMAT), "words": scorer.words.table, "scale": np.array(scorer.words.scale)}
    for name, trees in (("first", scorer.first), ("second", scorer.second)):
        if trees is not None:
            arrays |= {
                f"{name}_names": np.array(trees.names), f"{name}_feature": trees.feature.astype(np.int16),
                f"{name}_border": trees.border.astype(np.float32), f"{name}_leaves": trees.leaves.astype(np.float16),
                f"{name}_means": trees.means.astype(np.float16), f"{name}_bias": np.array(trees.bias),
            }  # fmt: skip
    arrays["setting_names"] = np.array(list(scorer.settings))
    arrays["setting_values"] = np.array(list(scorer.settings.values()), dtype=np.float64)
    np.savez_compressed(path, **arrays)


def load(path: Path) -> Scorer:
    """Read a scorer. Raises ValueError for a file of another format."""
    with np.load(path, allow_pickle=False) as data:
        if int(data["format"]) != FORMAT:
            raise ValueError(f"{path} has model format {int(data['format'])}, this version reads {FORMAT}; train it again")
        words = WordWeights(data["words"], float(data["scale"]))
        settings = dict(zip(data["setting_names"].tolist(), data["setting_values"].tolist()))
        first = _trees(data, "first")
        second = _trees(data, "second") if "second_names" in data else None
    return Scorer(words, first, second, settings)


def _trees(data: Any, name: str) -> Trees:
    return Trees(
        tuple(data[f"{name}_names"].tolist()), data[f"{name}_feature"], data[f"{name}_border"],
        data[f"{name}_leaves"].astype(np.float32), data[f"{name}_means"].astype(np.float32), float(data[f"{name}_bias"]),
    )  # fmt: skip


@cache
def shipped(medium: str) -> Scorer:
    """The model that comes with the package for "html" or "text", read once, when first needed."""
    return load(MODELS / f"{medium}.npz")
