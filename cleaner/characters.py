"""A document's characters as one NumPy array: classes, words and word hashes, all blocks at once.

Everything that looks at single characters or words goes through here, because a Python loop over them
costs more than all the rest of the cleaning.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.block import Ints
from cleaner.native import compiled_characters
from cleaner.rule import fold, is_unspaced

Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

# Above this plane 1 is emoji and rare symbols, planes 2 and 3 are Chinese characters.
TABLE_SIZE = 0x10000
STRETCH_CHARS = 500_000


class Char(IntEnum):
    """What a character counts as. Word characters come first: `cls <= UNSPACED` tests for one."""

    LOWER = 0
    UPPER = 1
    CASELESS = 2
    DIGIT = 3
    UNSPACED = 4
    SPACE = 5
    TERMINAL = 6
    COMMA = 7
    QUOTE = 8
    BRACKET = 9
    DASH = 10
    COLON = 11
    SLASH = 12
    PUNCTUATION = 13
    SYMBOL = 14
    BREAK = 15


SINGLE = {
    **dict.fromkeys(".!?…。！？؟۔।॥｡", Char.TERMINAL),
    **dict.fromkeys(",;、，،؛", Char.COMMA),
    **dict.fromkeys("\"'“”„«»‘’‚‹›「」『』", Char.QUOTE),
    **dict.fromkeys("()[]{}（）【】", Char.BRACKET),
    **dict.fromkeys("-–—‐‑―", Char.DASH),
    **dict.fromkeys(":：", Char.COLON),
    **dict.fromkeys("/|\\>›»", Char.SLASH),
    "\n": Char.BREAK,
    "_": Char.LOWER,
}


@cache
def class_table() -> npt.NDArray[np.uint8]:
    """The class of every code point below TABLE_SIZE, then one entry for plane 1 and one for all above."""
    table = np.fromiter((_class_of(chr(code)) for code in range(TABLE_SIZE)), dtype=np.uint8, count=TABLE_SIZE)
    return np.concatenate([table, np.array([Char.SYMBOL, Char.UNSPACED], dtype=np.uint8)])


def _class_of(character: str) -> Char:
    if character in SINGLE:
        return SINGLE[character]
    category = unicodedata.category(character)
    if category[0] in "LM":
        if category in ("Ll", "Mn", "Mc"):
            return Char.LOWER
        if category in ("Lu", "Lt"):
            return Char.UPPER
        return Char.UNSPACED if is_unspaced(character) else Char.CASELESS
    by_category = {"N": Char.DIGIT, "Z": Char.SPACE, "P": Char.PUNCTUATION}
    return Char.SPACE if character.isspace() else by_category.get(category[0], Char.SYMBOL)


# How capital sigma is folded depends on what follows; the compiled loop folds all else by itself.
SIGMA = "\u03a3"
# A member of an Enum takes long to compare.
UPPER = int(Char.UPPER)

# Words are hashed as polynomials in this odd number modulo 2**64: sums of prefix sums give any word's hash.
BASE = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
INVERSE = pow(BASE, -1, 1 << 64)
MIX = np.uint64(0xD6E8FEB86659FD93)


def _table_index(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    if codes.max(initial=0) < TABLE_SIZE:
        return codes
    return np.where(codes < TABLE_SIZE, codes, np.where(codes < 0x20000, TABLE_SIZE, TABLE_SIZE + 1)).astype(np.uint32)


@cache
def powers_table(base: int, bits: int) -> Hashes:
    """base**0 … base**(2**bits - 1) modulo 2**64, by doubling."""
    found = np.ones(1, dtype=np.uint64)
    while len(found) < 1 << bits:
        found = np.concatenate([found, found * np.uint64(pow(base, len(found), 1 << 64))])
    return found


def powers(base: int, count: int) -> Hashes:
    """base**0 … base**(count-1) modulo 2**64."""
    return powers_table(base, max(16, count.bit_length()))[:count]


class Characters(NamedTuple):
    """Classes and words of n blocks.

    `counts` is (n, 16): characters of each class. `first` and `last` are (n,): the class of a block's first
    and last character. `word_block`, `word_hash`, `word_length`, `word_upper` have one entry a word, in order.
    `fingerprint` (n,) hashes a block's words alone, so that two blocks that read the same are equal.
    """

    counts: Ints
    first: npt.NDArray[np.uint8]
    last: npt.NDArray[np.uint8]
    word_block: Ints
    word_hash: Hashes
    word_length: Ints
    word_upper: Bools
    fingerprint: Hashes


def split_off(chars: Characters, n: int) -> tuple[Characters, Characters]:
    """The first n blocks, and the rest as blocks numbered from 0."""
    at = int(np.searchsorted(chars.word_block, n))
    head = Characters(
        chars.counts[:n], chars.first[:n], chars.last[:n], chars.word_block[:at], chars.word_hash[:at], chars.word_length[:at],
        chars.word_upper[:at], chars.fingerprint[:n],
    )  # fmt: skip
    rest = Characters(
        chars.counts[n:], chars.first[n:], chars.last[n:], chars.word_block[at:] - n, chars.word_hash[at:], chars.word_length[at:],
        chars.word_upper[at:], chars.fingerprint[n:],
    )  # fmt: skip
    return head, rest


def read_characters(texts: Sequence[str]) -> Characters:
    """Classify and hash the words of all blocks, folded, in a few vectorised passes. `texts` holds no empty text.

    Long documents are read a stretch of blocks at a time, to bound the memory.
    """
    read = read_vectorised if compiled_characters is None else read_compiled
    stretches = list(_stretches(texts))
    if len(stretches) == 1:
        return read(texts)
    parts = [read(stretch) for stretch in stretches]
    before = np.cumsum([0, *map(len, stretches[:-1])])
    columns = [np.concatenate(column) for column in zip(*parts)]
    columns[Characters._fields.index("word_block")] = np.concatenate([p.word_block + b for p, b in zip(parts, before)])
    return Characters(*columns)


def _stretches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start = length = 0
    for i, text in enumerate(texts):
        length += len(text)
        if length > STRETCH_CHARS:
            yield texts[start : i + 1]
            start, length = i + 1, 0
    if start < len(texts) or not texts:
        yield texts[start:]


def read_compiled(texts: Sequence[str]) -> Characters:
    """What `read_vectorised` gives, from the compiled loop."""
    n = len(texts)
    joined = "\n".join(texts) + "\n"
    room = len(joined)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=n) + 1
    counts, fingerprint = np.empty((n, 16), dtype=np.int64), np.empty(n, dtype=np.uint64)
    first, last, word_class = (np.empty(size, dtype=np.uint8) for size in (n, n, room))
    word_block, word_length = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    word_hash = np.empty(room, dtype=np.uint64)
    words = compiled_characters.read_words(
        joined, fold(joined) if SIGMA in joined else None, lengths, class_table(), int(Char.DIGIT), int(Char.UNSPACED), counts, first, last, word_block, word_hash,
        word_length, word_class, fingerprint,
    )  # fmt: skip
    return Characters(
        counts, first, last, word_block[:words], word_hash[:words], word_length[:words], word_class[:words] == UPPER, fingerprint
    )


def read_vectorised(texts: Sequence[str]) -> Characters:
    """Classify and hash the words of one stretch of blocks with NumPy."""
    n = len(texts)
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded = np.frombuffer(fold(joined).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = class_table()[_table_index(codes)]
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=n) + 1
    ends = np.cumsum(lengths) - 1
    starts = ends - lengths + 1
    block_of = np.repeat(np.arange(n), lengths)
    counts = np.bincount(block_of * 16 + classes, minlength=n * 16).reshape(n, 16)
    is_word = classes <= Char.DIGIT
    unspaced = classes == Char.UNSPACED
    edges = np.diff(is_word.view(np.int8), prepend=0)
    first_char = np.flatnonzero(edges == 1)
    after_char = np.flatnonzero(edges == -1)
    # Scripts without spaces: each pair of neighbouring characters stands for a word.
    pair = np.flatnonzero(unspaced[:-1] & unspaced[1:])
    begin = np.concatenate([first_char, pair])
    stop = np.concatenate([after_char, pair + 2])
    if len(pair):
        order = np.argsort(begin, kind="stable")
        begin, stop = begin[order], stop[order]
    with np.errstate(over="ignore"):
        terms = (folded.astype(np.uint64) + np.uint64(1)) * powers(BASE, len(codes))
        sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(terms)])
        words = (sums[stop] - sums[begin]) * powers(INVERSE, len(codes))[begin]
        words = (words ^ (words >> np.uint64(29))) * MIX
        words ^= words >> np.uint64(32)
    word_block = block_of[begin]
    return Characters(
        counts,
        classes[starts],
        classes[ends - 1],
        word_block,
        words,
        stop - begin,
        classes[begin] == Char.UPPER,
        _fingerprints(words, word_block, n),
    )


def _fingerprints(words: Hashes, word_block: Ints, n: int) -> Hashes:
    """Order-aware hash of each block's words."""
    first = np.searchsorted(word_block, np.arange(n))
    with np.errstate(over="ignore"):
        place = np.arange(len(words), dtype=np.int64) - first[word_block] if len(words) else np.zeros(0, dtype=np.int64)
        terms = words * powers(BASE, int(place.max(initial=0)) + 1)[place]
        sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(terms)])
    last = np.searchsorted(word_block, np.arange(n), side="right")
    result: Hashes = sums[last] - sums[first]
    return result
