"""Where a stored text turns from one subject to another: teasers under an article share few words with it.

A single block's share of familiar words says little; that of all the prose from a place on, set against all the prose before
it, says more. The idea is that of TextTiling (Hearst 1997), whose breaks between subtopics are where vocabulary is new.
"""

from __future__ import annotations

import numpy as np

from cleaner.characters import Floats
from cleaner.columns import Columns
from cleaner.features import BlockText, mostly_unspaced
from cleaner.native import compiled_topic

# Shorter words are of no subject.
TOPIC_WORD_LETTERS = 3
# Words of prose that must stand on the other side of a break.
ENOUGH_PROSE = 60.0

TOPIC_FEATURES: dict[str, str] = {
    "topic_after": "words of the prose from the block on that stand in prose before it, of all of them, each once a block; 0.5 if there are none",
    "topic_before": "words of the prose before the block that come again in prose from it on, of all of them; 0.5 if there are none",
    "topic_break_before": "the least topic_after up to the block, of places behind 60 words of prose; 1 if there are none",
    "topic_break_after": "the least topic_before from the block on, of places before 60 words of prose; 1 if there are none",
    "topic_shared": "words of the block that another prose block has too, of the block's, less the median of the prose blocks",
}
NAMES = tuple(TOPIC_FEATURES)
# With a column that the compiled loop does not know, the twin does the work.
COMPILED = compiled_topic is not None and compiled_topic.topic_columns() == len(NAMES)


def topic_columns(text: BlockText) -> Columns:
    """All columns of `TOPIC_FEATURES` for a document of n blocks."""
    columns = Columns.blank(NAMES, len(text.words))
    (fill_compiled if COMPILED else fill_vectorised)(columns, text)
    return columns


def fill_compiled(columns: Columns, text: BlockText) -> None:
    """Fill the columns with the compiled loop."""
    compiled_topic.fill_topic(
        columns.table, text.chars.word_block, text.chars.word_hash, text.chars.word_length, _letters(text), text.words,
        text.prose.view(np.uint8), ENOUGH_PROSE,
    )  # fmt: skip


def fill_vectorised(columns: Columns, text: BlockText) -> None:
    """Fill the columns with NumPy."""
    n, prose = len(text.words), text.prose
    long = text.chars.word_length >= _letters(text)
    word = np.unique(text.chars.word_hash[long], return_inverse=True)[1]
    pairs = np.unique(word.astype(np.int64) * n + text.chars.word_block[long])
    word, block = pairs // n, pairs % n
    inside = prose[block]
    size = int(word.max(initial=-1)) + 1
    spread = np.bincount(word[inside], minlength=size)
    first, last = np.full(size, n), np.full(size, -1)
    np.minimum.at(first, word[inside], block[inside])
    np.maximum.at(last, word[inside], block[inside])
    of_prose = np.bincount(block[inside], minlength=n)
    known, again = inside & (first[word] < block), inside & (last[word] > block)
    after = _share(_covered(first[word[known]] + 1, block[known] + 1, n), np.cumsum(of_prose[::-1])[::-1])
    before = _share(_covered(block[again] + 1, last[word[again]] + 1, n), np.cumsum(of_prose) - of_prose)
    behind = np.cumsum(np.where(prose, text.words, 0), dtype=np.float64)
    ahead = behind[-1] - np.concatenate([[0.0], behind[:-1]])
    familiar = np.bincount(block[spread[word] - inside > 0], minlength=n) / np.maximum(np.bincount(block, minlength=n), 1)
    columns["topic_after"] = after
    columns["topic_before"] = before
    columns["topic_break_before"] = np.minimum.accumulate(np.where(np.concatenate([[0.0], behind[:-1]]) >= ENOUGH_PROSE, after, 1))
    columns["topic_break_after"] = np.minimum.accumulate(np.where(ahead >= ENOUGH_PROSE, before, 1)[::-1])[::-1]
    columns["topic_shared"] = familiar - (np.median(familiar[prose]) if prose.any() else 0)


def _letters(text: BlockText) -> int:
    """How long a word must be: pairs of characters are words where most of the text has no spaces."""
    return 0 if mostly_unspaced(text.chars) else TOPIC_WORD_LETTERS


def _covered(start: np.ndarray, stop: np.ndarray, n: int) -> np.ndarray:
    """How many of the stretches `start` to `stop` cover each of n places, (n,)."""
    return np.cumsum(np.bincount(start, minlength=n + 1) - np.bincount(stop, minlength=n + 1))[:n]


def _share(part: np.ndarray, whole: np.ndarray) -> Floats:
    found: Floats = np.where(whole > 0, part / np.maximum(whole, 1), 0.5)
    return found
