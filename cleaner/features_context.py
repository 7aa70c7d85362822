"""Columns that need a model's earlier word: the weights of a block's words, and first-pass scores around it."""

from __future__ import annotations

import math

import numpy as np

from cleaner.block import Document, Ints
from cleaner.characters import Floats
from cleaner.columns import Columns, shift, window_mean
from cleaner.features import BlockText
from cleaner.model import WordWeights
from cleaner.native import compiled_page, compiled_text

WORD_FEATURES: dict[str, str] = {
    "word_mean": "mean weight of the block's words",
    "word_sum": "sum of the weights, cut at -20 and 20",
    "word_low": "share of words with a weight that speaks for junk",
    "word_first": "mean weight of the first four words",
    "prev_word_mean": "word_mean of the block before",
    "next_word_mean": "word_mean of the block after",
    "word_window": "mean word_sum of the blocks up to three away",
}
PASS_FEATURES: dict[str, str] = {
    "pass": "first-pass score of the block",
    **{f"pass_prev{d}": f"of the block {d} before" for d in (1, 2, 3)},
    **{f"pass_next{d}": f"of the block {d} after" for d in (1, 2, 3)},
    "pass_window_3": "mean over the blocks up to three away",
    "pass_window_10": "mean over the blocks up to ten away",
    "pass_page": "mean over the page, by words",
    "pass_body_words": "log of the page's words times their scores",
    "pass_before": "words times scores before, of the page's",
    "pass_since": "blocks since the last that scores over a half, at most 20",
    "pass_until": "blocks until the next that does",
    "pass_rank": "share of the page's blocks that score lower",
}
PASS_DOM_FEATURES: dict[str, str] = {
    **{f"pass_within_{level}": f"mean score, by words, of the other blocks in the element {level} above" for level in (1, 2, 3)},
    "pass_same_element": "mean score of the page's blocks with the same tag, class and id",
    "pass_same_parent": "the same for the element around it",
}
WORD_NAMES, PASS_NAMES, PASS_DOM_NAMES = tuple(WORD_FEATURES), tuple(PASS_FEATURES), tuple(PASS_DOM_FEATURES)
# How many columns the compiled loops fill; with others, the twins do the work.
COMPILED = compiled_text is not None and compiled_text.context_columns() == (len(WORD_NAMES), len(PASS_NAMES))
DOM_COMPILED = compiled_page is not None and compiled_page.pass_dom_columns() == len(PASS_DOM_NAMES)
JUNK_WEIGHT = -0.5
FIRST_WORDS = 4


def word_columns(text: BlockText, weights: WordWeights) -> Columns:
    """The columns of `WORD_FEATURES`."""
    columns = Columns.blank(WORD_NAMES, len(text.words))
    (fill_words_compiled if COMPILED else fill_words)(columns, text, weights)
    return columns


def pass_columns(scores: Floats, text: BlockText) -> Columns:
    """The columns of `PASS_FEATURES` from first-pass scores, (n,)."""
    columns = Columns.blank(PASS_NAMES, len(scores))
    (fill_pass_compiled if COMPILED else fill_pass)(columns, scores, text)
    return columns


def pass_dom_columns(scores: Floats, text: BlockText, document: Document) -> Columns:
    """The columns of `PASS_DOM_FEATURES`."""
    columns = Columns.blank(PASS_DOM_NAMES, len(scores))
    (fill_pass_dom_compiled if DOM_COMPILED else fill_pass_dom)(columns, scores, text, document)
    return columns


def fill_words(columns: Columns, text: BlockText, weights: WordWeights) -> None:
    """Fill `word_columns` with NumPy."""
    n = len(text.words)
    block = text.chars.word_block
    weight = weights.of(text.chars)
    count = np.maximum(np.bincount(block, minlength=n), 1)
    total = np.bincount(block, weights=weight, minlength=n)
    first = np.searchsorted(block, np.arange(n))
    early = np.arange(len(block)) - first[block] < FIRST_WORDS
    columns["word_mean"] = total / count
    columns["word_sum"] = np.clip(total, -20, 20)
    columns["word_low"] = np.bincount(block[weight < JUNK_WEIGHT], minlength=n) / count
    columns["word_first"] = np.bincount(block[early], weights=weight[early], minlength=n) / np.minimum(count, FIRST_WORDS)
    columns["prev_word_mean"] = shift(columns["word_mean"], 1, 0.0)
    columns["next_word_mean"] = shift(columns["word_mean"], -1, 0.0)
    columns["word_window"] = window_mean(columns["word_sum"], 3)


def fill_pass(columns: Columns, scores: Floats, text: BlockText) -> None:
    """Fill `pass_columns` with NumPy."""
    n = len(scores)
    columns["pass"] = scores
    for d in (1, 2, 3):
        columns[f"pass_prev{d}"] = shift(scores, d, 0.0)
        columns[f"pass_next{d}"] = shift(scores, -d, 0.0)
    columns["pass_window_3"] = window_mean(scores, 3)
    columns["pass_window_10"] = window_mean(scores, 10)
    # Added up one after the other: the order of a sum changes its last bits.
    sums = np.cumsum(scores * text.words, dtype=np.float64)
    total = float(sums[-1]) if n else 0.0
    columns["pass_page"] = total / max(float(text.words.sum(dtype=np.float64)), 1)
    columns["pass_body_words"] = math.log1p(total)
    columns["pass_before"] = np.concatenate([np.zeros(1), sums])[:n] / max(total, 1)
    body = scores > 0.5
    index = np.arange(n)
    last = np.maximum.accumulate(np.where(body, index, -30))
    following = np.minimum.accumulate(np.where(body, index, n + 30)[::-1])[::-1]
    columns["pass_since"] = np.minimum(index - np.concatenate([[-30], last])[:n], 20)
    columns["pass_until"] = np.minimum(np.concatenate([following, [n + 30]])[1:] - index, 20)
    columns["pass_rank"] = np.argsort(np.argsort(scores, kind="stable"), kind="stable") / max(n, 1)


def fill_pass_dom(columns: Columns, scores: Floats, text: BlockText, document: Document) -> None:
    """Fill `pass_dom_columns` with NumPy."""
    n = len(scores)
    tree = document.tree
    node = np.fromiter((b.node for b in document.blocks), dtype=np.int64, count=n)
    weight = text.words + 1
    mass = np.concatenate([np.zeros(1), np.cumsum(scores * weight, dtype=np.float64)])
    words = np.concatenate([np.zeros(1), np.cumsum(weight, dtype=np.float64)])
    for level in (1, 2, 3):
        container = tree.above(node, level)
        low, high = tree.first[container], tree.last[container]
        others = words[high] - words[low] - weight
        columns[f"pass_within_{level}"] = np.where(others > 0, (mass[high] - mass[low] - scores * weight) / np.maximum(others, 1), -1)
    columns["pass_same_element"] = _mean_by(tree.kind[node], scores)
    columns["pass_same_parent"] = _mean_by(tree.kind[tree.above(node, 1)], scores)


def _mean_by(group: Ints, scores: Floats) -> Floats:
    return (np.bincount(group, weights=scores)[group] / np.bincount(group)[group]).astype(np.float32)


def fill_words_compiled(columns: Columns, text: BlockText, weights: WordWeights) -> None:
    """What `fill_words` fills."""
    compiled_text.fill_words(columns.table, text, weights.table, weights.scale)


def fill_pass_compiled(columns: Columns, scores: Floats, text: BlockText) -> None:
    """What `fill_pass` fills."""
    compiled_text.fill_pass(columns.table, scores, np.argsort(scores, kind="stable"), text.words)


def fill_pass_dom_compiled(columns: Columns, scores: Floats, text: BlockText, document: Document) -> None:
    """What `fill_pass_dom` fills."""
    compiled_page.fill_pass_dom(columns.table, scores, text.words, document.blocks, document.tree)
