"""Fit a scorer to examples: word weights, then one or two passes of oblivious trees."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cleaner.block import Medium
from cleaner.features import FEATURES
from cleaner.features_context import PASS_DOM_FEATURES, PASS_FEATURES, WORD_FEATURES, word_columns
from cleaner.features_dom import FEATURES as DOM_FEATURES
from cleaner.features_topic import TOPIC_FEATURES
from cleaner.model import Scorer, Trees, WordWeights, sigmoid
from cleaner.score import context_columns
from training.data import BODY, JUNK, UNSURE, Example

INNER_FOLDS = 3
PASSES = {Medium.HTML: 2, Medium.TEXT: 1}
WORD_BITS = {Medium.HTML: 17, Medium.TEXT: 17}
TREES = {Medium.HTML: 400, Medium.TEXT: 400}
DEPTH = 6
# Models of several seeds, their mean taken: single lines flip less by chance, and whole pages hang on single lines.
BAGS = {Medium.HTML: 3, Medium.TEXT: 2}
# Labelled junk that scores higher, and body that scores lower, is not learned from.
DOUBTFUL_JUNK, DOUBTFUL_BODY = 0.8, 0.1
# There are few news texts, each with more junk of more kinds.
SET_WEIGHTS = {"text_fundus_dev": 2.0}
# Under one half, since body lost is worse than junk kept. See docs/training.md for what others give.
THRESHOLDS = {
    Medium.HTML: {
        "short_balanced": 0.45,
        "long_balanced": 0.4,
        "short_precision": 0.7,
        "long_precision": 0.7,
        "short_recall": 0.25,
        "long_recall": 0.2,
    },
    Medium.TEXT: {
        "short_balanced": 0.3,
        "long_balanced": 0.2,
        "short_precision": 0.5,
        "long_precision": 0.4,
        "short_recall": 0.15,
        "long_recall": 0.05,
    },
}


@dataclass(frozen=True)
class Fitting:
    """What a scorer is fitted for and with: where `threads` differ, sums of floats may too, in their last bits.

    `bags` are how many models the mean is taken of, None for as many as ship.
    """

    medium: Medium
    seed: int
    threads: int = 2
    bags: int | None = None


def folds(items: Sequence[Example], count: int, seed: int) -> np.ndarray:
    """A fold for each example, the same for all of one site, decided by the site's name and the seed alone."""

    def fold(site: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{seed}:{site}".encode()).digest()[:8], "big") % count

    return np.array([fold(e.site) for e in items])


def fit(items: Sequence[Example], fitting: Fitting) -> Scorer:
    """Fit a scorer. What a later stage learns from was always predicted by stages that had not seen the site."""
    medium = fitting.medium
    inner = folds(items, INNER_FOLDS, fitting.seed + 1000)
    clean = without_doubtful(items, held_out(word_tables(items, inner, medium), items, inner, fitting, bags=1))
    tables = word_tables(clean, inner, medium)
    names, bags = base_names(medium), fitting.bags or BAGS[medium]
    words, first = fit_words(clean, medium), fit_trees(tables, clean, names, fitting, bags)
    settings = dict(THRESHOLDS[medium])
    if PASSES[medium] == 1:
        return Scorer(words, first, None, settings)
    scores = held_out(tables, clean, inner, fitting, bags)
    more = tuple(PASS_FEATURES) + (tuple(PASS_DOM_FEATURES) if medium is Medium.HTML else ())
    wider = [np.concatenate([t, context_columns(s, e.text, e.document).rows(more)]) for t, s, e in zip(tables, scores, items)]
    return Scorer(words, first, fit_trees(wider, clean, names + more, fitting, bags), settings)


def word_tables(items: Sequence[Example], inner: np.ndarray, medium: Medium) -> list[np.ndarray]:
    """The first pass's table of each document, its word columns by weights that had not seen its site."""
    names = base_names(medium)
    tables: list[Any] = [None] * len(items)
    for k in range(INNER_FOLDS):
        weights = fit_words([e for e, f in zip(items, inner) if f != k], medium)
        for i in np.flatnonzero(inner == k):
            tables[i] = (items[i].reading.columns | word_columns(items[i].text, weights)).rows(names)
    return tables


def held_out(tables: Sequence[np.ndarray], items: Sequence[Example], inner: np.ndarray, fitting: Fitting, bags: int) -> list[np.ndarray]:
    """First-pass scores of each document's blocks, by trees that had not seen its site."""
    scores = [np.zeros(0)] * len(items)
    for k in range(INNER_FOLDS):
        rest = np.flatnonzero(inner != k)
        trees = fit_trees([tables[i] for i in rest], [items[i] for i in rest], base_names(fitting.medium), fitting, bags)
        for i in np.flatnonzero(inner == k):
            scores[i] = sigmoid(trees.logits(tables[i]))
    return scores


def without_doubtful(items: Sequence[Example], scores: Sequence[np.ndarray]) -> list[Example]:
    """The examples without the labels that a model which had not seen the site flatly contradicts.

    Confident learning (Northcutt, Jiang and Chuang 2021): about an eighth of the junk words are labelled wrongly, most of
    them sentences of the article that the gold left out; what is learned from them lets junk pass elsewhere.
    """
    found = []
    for example, score in zip(items, scores):
        labels = example.labels
        doubtful = ((labels == JUNK) & (score > DOUBTFUL_JUNK)) | ((labels == BODY) & (score < DOUBTFUL_BODY))
        found.append(replace(example, labels=np.where(doubtful, UNSURE, labels)))
    return found


def base_names(medium: Medium) -> tuple[str, ...]:
    """The columns of the first pass."""
    return (*FEATURES, *WORD_FEATURES, *(DOM_FEATURES if medium is Medium.HTML else TOPIC_FEATURES))


def labelled(items: Sequence[Example]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels and weights of all blocks in a row, and which of them are sure. Each document weighs about alike."""
    labels = np.concatenate([e.labels for e in items])
    weights = np.concatenate([e.weights * (SET_WEIGHTS.get(e.set, 1.0) * 20.0 / (20.0 + e.weights.sum() ** 0.5)) for e in items])
    return labels, weights, labels != UNSURE


def fit_trees(tables: Sequence[np.ndarray], items: Sequence[Example], names: tuple[str, ...], fitting: Fitting, bags: int) -> Trees:
    """CatBoost's oblivious trees as arrays: the mean of `bags` models. `tables` are (len(names), n), one a document."""
    from catboost import CatBoostClassifier, Pool

    labels, weights, sure = labelled(items)
    pool = Pool(np.concatenate(tables, axis=1).T[sure], labels[sure], weight=weights[sure])
    fits = []
    for bag in range(bags):
        booster = CatBoostClassifier(
            iterations=TREES[fitting.medium], depth=DEPTH, learning_rate=0.08, l2_leaf_reg=6.0, border_count=64, random_seed=fitting.seed + 7919 * bag,
            bootstrap_type="MVS", subsample=0.7, rsm=0.4, verbose=False, allow_writing_files=False, thread_count=fitting.threads,
        )  # fmt: skip
        booster.fit(pool)
        fits.append(export(booster, names))
    return mean(fits)


def mean(bags: Sequence[Trees]) -> Trees:
    """One model whose raw scores are the mean of the others'."""
    feature, border = (np.concatenate([getattr(b, part) for b in bags]) for part in ("feature", "border"))
    leaves, means = (np.concatenate([getattr(b, part) for b in bags]) / np.float32(len(bags)) for part in ("leaves", "means"))
    return Trees(bags[0].names, feature, border, leaves, means, sum(b.bias for b in bags) / len(bags))


def export(booster: Any, names: tuple[str, ...]) -> Trees:
    """A CatBoost model's trees as plain arrays."""
    import json
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        booster.save_model(str(path), format="json")
        model = json.loads(path.read_text())
    trees = model["oblivious_trees"]
    depth = max(len(t["splits"] or []) for t in trees)
    feature = np.zeros((len(trees), depth), dtype=np.int16)
    border = np.full((len(trees), depth), np.inf, dtype=np.float32)
    leaves = np.zeros((len(trees), 1 << depth), dtype=np.float32)
    means = np.zeros((len(trees), (1 << depth) - 1), dtype=np.float32)
    numbers = [f["flat_feature_index"] for f in model["features_info"]["float_features"]]
    for t, tree in enumerate(trees):
        splits = tree["splits"] or []
        for d, split in enumerate(splits):
            feature[t, d] = numbers[split["float_feature_index"]]
            border[t, d] = split["border"]
        size = 1 << len(splits)
        leaves[t, :size] = tree["leaf_values"]
        weight = np.array(tree["leaf_weights"]) + 1e-9
        for level in range(depth):
            # Leaves whose low bits are the node's number.
            for node in range(1 << min(level, len(splits))):
                under = np.arange(size) % (1 << min(level, len(splits))) == node
                means[t, (1 << level) - 1 + node] = np.average(leaves[t, :size][under], weights=weight[under])
    scale, bias = model["scale_and_bias"]
    return Trees(names, feature, border, leaves * np.float32(scale), means * np.float32(scale), float(bias[0]))


def fit_words(items: Sequence[Example], medium: Medium) -> WordWeights:
    """Weights by logistic regression over hashed words, a row a block, L2-normalised."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    size = 1 << WORD_BITS[medium]
    labels, weights, sure = labelled(items)
    rows, cols = [], []
    offset = 0
    for e in items:
        rows.append(e.text.chars.word_block + offset)
        cols.append((e.text.chars.word_hash & np.uint64(size - 1)).astype(np.int64))
        offset += len(e.labels)
    row, col = np.concatenate(rows), np.concatenate(cols)
    counts = np.bincount(row, minlength=offset)
    matrix = csr_matrix((1 / np.sqrt(counts[row]), (row, col)), shape=(offset, size), dtype=np.float32)[sure]
    model = LogisticRegression(C=2.0, solver="lbfgs", max_iter=60, tol=1e-3)
    model.fit(matrix, labels[sure] == BODY, sample_weight=weights[sure])
    found = model.coef_[0]
    scale = float(np.abs(found).max()) / 127
    return WordWeights(np.round(found / scale).astype(np.int8), scale)


def importances(trees: Trees, count: int = 40) -> dict[str, float]:
    """How much each column's questions move a score, on average over the nodes where they are asked; the largest."""
    totals: dict[str, float] = {}
    number, depth = trees.feature.shape
    for level in range(depth):
        nodes = np.arange(1 << level)
        parent = trees.means[:, (1 << level) - 1 + nodes]
        for answer in (0, 1):
            child = nodes | answer << level
            value = trees.means[:, (2 << level) - 1 + child] if level + 1 < depth else trees.leaves[:, child]
            moved = np.abs(value - parent).mean(axis=1) / 2
            for tree in range(number):
                name = trees.names[trees.feature[tree, level]]
                totals[name] = totals.get(name, 0.0) + float(moved[tree])
    return dict(sorted(totals.items(), key=lambda item: -item[1])[:count])
