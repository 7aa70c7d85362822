"""The vectorised reading of characters gives what a loop over them would."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.characters import TABLE_SIZE, Char, Characters, class_table, powers, read_characters

ASCII_WORDS = st.lists(st.text(st.sampled_from("abcXYZ019"), min_size=1, max_size=4), max_size=6)
BLOCKS = st.lists(st.text(st.one_of(st.characters(), st.sampled_from("aB 1.,\n橋が(«é😀")), min_size=1), min_size=1, max_size=5)


def hashes(*texts: str) -> list[list[int]]:
    """Each block's word hashes."""
    chars = read_characters(texts)
    return [chars.word_hash[chars.word_block == i].tolist() for i in range(len(texts))]


def fingerprints(*texts: str) -> list[int]:
    return read_characters(texts).fingerprint.tolist()


def class_of(character: str) -> int:
    code = ord(character)
    return int(class_table()[code if code < TABLE_SIZE else TABLE_SIZE if code < 0x20000 else TABLE_SIZE + 1])


@pytest.mark.parametrize(
    ("characters", "kind"),
    [("aéяß", Char.LOWER), ("AÉЯİ", Char.UPPER), ("אع한ª", Char.CASELESS), ("09٣½", Char.DIGIT), ("橋がคカ", Char.UNSPACED),
     (" \t\u00a0\u3000", Char.SPACE), (".!?。؟।", Char.TERMINAL), (",;、،", Char.COMMA), ("\"'“«", Char.QUOTE), ("()[]【】", Char.BRACKET),
     ("-–—", Char.DASH), (":：", Char.COLON), ("/|>", Char.SLASH), ("&@*", Char.PUNCTUATION), ("€+©😀", Char.SYMBOL), ("\n", Char.BREAK)],
)  # fmt: skip
def test_what_a_character_counts_as(characters: str, kind: Char) -> None:
    assert [Char(class_of(c)) for c in characters] == [kind] * len(characters)


def test_counts_first_and_last_of_each_block() -> None:
    chars = read_characters(["Ab 12!", "橋"])
    assert chars.counts.shape == (2, len(Char))
    assert {Char(i): int(n) for i, n in enumerate(chars.counts[0]) if n and i != Char.BREAK} == {
        Char.UPPER: 1, Char.LOWER: 1, Char.SPACE: 1, Char.DIGIT: 2, Char.TERMINAL: 1,
    }  # fmt: skip
    assert chars.first.tolist() == [Char.UPPER, Char.UNSPACED]
    assert chars.last.tolist() == [Char.TERMINAL, Char.UNSPACED]


@given(BLOCKS)
def test_counts_are_those_of_a_plain_loop(texts: list[str]) -> None:
    chars = read_characters(texts)
    for text, counts in zip(texts, chars.counts):
        # The line break that ends a block counts with it.
        assert Counter(class_of(c) for c in text + "\n") == {i: n for i, n in enumerate(counts.tolist()) if n}


@given(BLOCKS)
def test_words_belong_to_their_blocks_in_order(texts: list[str]) -> None:
    chars = read_characters(texts)
    assert len(chars.word_block) == len(chars.word_hash) == len(chars.word_length) == len(chars.word_upper)
    assert chars.word_block.tolist() == sorted(chars.word_block.tolist())
    assert chars.fingerprint.shape == (len(texts),)
    assert (chars.word_length > 0).all()


@given(st.lists(st.text(st.sampled_from("abZ9é .,-\n"), min_size=1), min_size=1))
def test_words_are_runs_of_letters_and_digits(texts: list[str]) -> None:
    chars = read_characters(texts)
    words = [(block, word) for block, text in enumerate(texts) for word in re.findall(r"\w+", text)]
    assert chars.word_block.tolist() == [block for block, _ in words]
    assert chars.word_length.tolist() == [len(word) for _, word in words]
    assert chars.word_upper.tolist() == [word[0].isupper() for _, word in words]


def test_chinese_and_japanese_words_are_pairs_of_characters() -> None:
    whole, part, one = hashes("新橋開通", "「橋開」", "橋")
    assert len(whole) == 3
    assert part == [whole[1]]
    assert one == []


def test_latin_words_between_chinese_ones_are_words() -> None:
    mixed, alone = hashes("新橋AP開通", "ap")
    assert alone[0] in mixed
    assert len(mixed) == 3


def test_a_word_has_one_hash_whatever_its_case_and_place() -> None:
    a, b, c = hashes("Bridge and BRIDGE", "the old bridge", "“İLKE” ilke")
    assert a[0] == a[2] == b[2]
    assert len({*a, *b}) == 4
    assert c[0] == c[1]


def test_half_characters_and_emoji_do_no_harm() -> None:
    assert read_characters(["\ud800", "😀 a", "𠀀𠀁"]).word_block.tolist() == [1, 2]


def test_no_blocks_at_all() -> None:
    chars = read_characters([])
    assert isinstance(chars, Characters)
    assert (len(chars.counts), len(chars.word_hash), len(chars.fingerprint)) == (0, 0, 0)


@given(ASCII_WORDS, ASCII_WORDS)
def test_fingerprints_are_equal_if_and_only_if_the_words_are(one: list[str], other: list[str]) -> None:
    # A text may not be empty, hence the dots.
    a, b = fingerprints(" ".join(one) + ".", "- " + ", ".join(other).upper())
    assert (a == b) == ([w.lower() for w in one] == [w.lower() for w in other])


def test_fingerprints_do_not_depend_on_what_stands_before() -> None:
    assert fingerprints("Some other words", "See also")[1] == fingerprints("» SEE ALSO:")[0]
    assert len(set(fingerprints("see also", "also see", "see", "see also see"))) == 4


def test_powers_wrap_at_64_bits() -> None:
    assert powers(3, 45).tolist() == [pow(3, n, 1 << 64) for n in range(45)]
    assert powers(3, 70_000)[-1] == np.uint64(pow(3, 69_999, 1 << 64))
