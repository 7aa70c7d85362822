"""Which words blocks have in common with each other, with the headline and with the page's description."""

from __future__ import annotations

import numpy as np

from cleaner.block import Ints
from cleaner.characters import Bools, Characters, Floats, Hashes


def shared_words(block: Ints, word_hash: Hashes, prose: Bools) -> tuple[Ints, Ints]:
    """For each of n blocks, how many of its words another prose block has too, and how many stand in prose before it;
    `block` and `word_hash` have one entry a word, `prose` (n,) marks blocks."""
    n = len(prose)
    word = np.unique(word_hash, return_inverse=True)[1]
    size = int(word.max(initial=-1)) + 1
    # In how many prose blocks each word stands, and in which first.
    in_prose = prose[block]
    key = np.unique(word[in_prose] * np.int64(n) + block[in_prose])
    prose_words, prose_blocks = key // max(n, 1), key % max(n, 1)
    spread = np.bincount(prose_words, minlength=size)
    first = np.full(size, n, dtype=np.int64)
    first[prose_words[::-1]] = prose_blocks[::-1]
    others = spread[word] - in_prose
    return np.bincount(block[others > 0], minlength=n), np.bincount(block[first[word] < block], minlength=n)


def overlap(chars: Characters, other: Characters, n: int) -> tuple[Floats, Floats]:
    """For each of n blocks: its words that `other` has, of its own; and of other's distinct words."""
    wanted = np.unique(other.word_hash)
    hits = np.bincount(chars.word_block[np.isin(chars.word_hash, wanted)], minlength=n)
    every = np.maximum(np.bincount(chars.word_block, minlength=n), 1)
    return (hits / every).astype(np.float32), np.minimum(hits / max(len(wanted), 1), 1).astype(np.float32)
