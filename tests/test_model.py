"""The NumPy evaluation of the trees is what a plain loop over them gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cleaner.characters import read_characters
from cleaner.model import Scorer, Trees, WordWeights, load, save, sigmoid

DEPTH = 3
# Two trees of depth 3 over three columns. Leaf b2*4 + b1*2 + b0 is the one with answers b0, b1, b2.
FEATURE = np.array([[0, 1, 2], [2, 0, 0]], dtype=np.int16)
BORDER = np.array([[0.5, 1.5, -1.0], [0.0, 0.25, 2.0]], dtype=np.float32)
LEAVES = np.array([[1, -2, 3, -4, 5, -6, 7, -8], [0.5, 0.25, -0.5, 1, -1, 2, 0, -2]], dtype=np.float32)
BIAS = 0.125
TABLE = np.array([[0, 0, 0], [1, 2, 3], [0.5, 1.5, -1], [3, 0, -5], [0.3, 9, 0.1], [-1, -1, -1]], dtype=np.float32)


def mean_under(leaves: np.ndarray, level: int, node: int) -> float:
    """The mean of the leaves whose first `level` answers are the bits of `node`."""
    return float(np.mean([leaf for number, leaf in enumerate(leaves) if number % (1 << level) == node]))


def tiny() -> Trees:
    means = [[mean_under(leaves, level, node) for level in range(DEPTH) for node in range(1 << level)] for leaves in LEAVES]
    return Trees(("length", "links", "depth"), FEATURE, BORDER, LEAVES, np.array(means, dtype=np.float32), BIAS)


def plain_logit(row: np.ndarray) -> float:
    total = BIAS
    for features, borders, leaves in zip(FEATURE, BORDER, LEAVES):
        number = 0
        for question, (feature, border) in enumerate(zip(features, borders)):
            number += (1 << question) * bool(row[feature] > border)
        total += float(leaves[number])
    return total


def scorer(second: Trees | None = None) -> Scorer:
    words = WordWeights(np.arange(-8, 8, dtype=np.int8), 0.5)
    return Scorer(words, tiny(), second, {"balanced": 0.5, "precision": 0.7})


def test_logits_are_those_of_a_plain_loop() -> None:
    assert tiny().logits(TABLE.T).tolist() == pytest.approx([plain_logit(row) for row in TABLE])


def test_a_value_on_the_border_answers_no() -> None:
    on_border = np.array([[0.5, 1.5, -1.0]], dtype=np.float32)
    assert tiny().logits(on_border.T)[0] == pytest.approx(BIAS + LEAVES[0][0] + LEAVES[1][2])


def test_no_rows_have_no_logits() -> None:
    assert tiny().logits(np.zeros((3, 0), dtype=np.float32)).shape == (0,)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_contributions_are_the_score_less_the_trees_mean(row: np.ndarray) -> None:
    contributions = tiny().contributions(row)
    assert sum(contributions.values()) == pytest.approx(plain_logit(row) - BIAS - LEAVES.mean(axis=1).sum(), abs=1e-5)
    assert set(contributions) <= {"length", "links", "depth"}


def test_a_contribution_is_the_change_of_the_mean_leaf() -> None:
    one = Trees(("a", "b"), FEATURE[:1, :1], BORDER[:1, :1], np.array([[-1, 3]], dtype=np.float32), np.array([[1]], dtype=np.float32), 0.0)
    assert one.contributions(np.array([9, 9], dtype=np.float32)) == {"a": 2.0}
    assert one.contributions(np.array([0, 9], dtype=np.float32)) == {"a": -2.0}


def test_sigmoid_stays_between_0_and_1() -> None:
    values = sigmoid(np.array([-1e9, -1, 0, 1, 1e9], dtype=np.float32))
    assert values[2] == 0.5
    assert values[1] + values[3] == pytest.approx(1)
    assert 0 <= values[0] < 1e-9
    assert values[4] <= 1


def test_a_word_has_one_weight_wherever_it_stands() -> None:
    weights = scorer().words.of(read_characters(["Bridge and bridge", "BRIDGE"]))
    assert weights[0] == weights[2] == weights[3]
    assert set(weights.tolist()) <= {n / 2 for n in range(-8, 8)}


@pytest.mark.parametrize("second", [None, tiny()], ids=["one pass", "two passes"])
def test_a_saved_scorer_is_read_back(tmp_path: Path, second: Trees | None) -> None:
    save(scorer(second), tmp_path / "tiny.npz")
    again = load(tmp_path / "tiny.npz")
    assert again.settings == {"balanced": 0.5, "precision": 0.7}
    assert again.words.scale == 0.5
    assert again.words.table.tolist() == list(range(-8, 8))
    assert again.first.names == tiny().names
    assert again.first.logits(TABLE.T).tolist() == tiny().logits(TABLE.T).tolist()
    assert again.first.contributions(TABLE[1]) == pytest.approx(tiny().contributions(TABLE[1]), abs=1e-2)
    assert (again.second is None) == (second is None)


def test_another_format_is_refused(tmp_path: Path) -> None:
    save(scorer(), tmp_path / "tiny.npz")
    with np.load(tmp_path / "tiny.npz") as data:
        arrays = {**data, "format": np.array(99)}
    np.savez(tmp_path / "new.npz", **arrays)
    with pytest.raises(ValueError, match=r"new\.npz has model format 99, this version reads \d+; train it again"):
        load(tmp_path / "new.npz")
