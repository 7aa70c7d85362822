"""What is known of each block, as columns of numbers over all blocks of a document.

`FEATURES` names every column that text alone gives, with its meaning and where the idea comes from;
`features_dom.FEATURES` those that need a page's elements. A model lists the names that it uses.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cleaner.block import Document, Ints
from cleaner.characters import Bools, Char, Characters, Floats, read_characters, split_off
from cleaner.columns import Columns, shift, since, window_mean
from cleaner.kinds import Kind, Scope
from cleaner.match import Match
from cleaner.native import compiled_text
from cleaner.vocabulary import overlap, shared_words

# Kohlschütter et al. 2010 ("Boilerplate Detection using Shallow Text Features"): text of articles comes in
# long blocks; jusText draws its line for "long" near here too.
LONG_WORDS = 18
CONTENT_WORD_LETTERS = 5
RULE_KINDS = tuple(k for k in Kind if k not in (Kind.REPAIR, Kind.BOILERPLATE, Kind.DUPLICATE, Kind.TEASER))
NEAR = 3
# Log of 1 + the words of prose after which a marker can be the article's end.
MARKER_WORDS = math.log1p(60)

FEATURES: dict[str, str] = {
    "log_words": "log of 1 + words; two characters of a script without spaces count as one word",
    "log_chars": "log of 1 + characters",
    "word_length": "mean letters a word",
    "upper_share": "capital letters, of all letters",
    "capitalised": "words that begin with a capital, of all words (title case)",
    "digit_share": "digits, of all characters",
    "unspaced_share": "characters of scripts without spaces, of all characters",
    "terminals": "sentence ends (.!?。…) a word",
    "terminal_count": "sentence ends",
    "commas": "commas a word (Readability counts them)",
    "quotes": "quotation marks a word",
    "brackets": "brackets a word",
    "dashes": "dashes a word",
    "colons": "colons a word",
    "slashes": "slashes, bars and arrows a word",
    "symbols": "symbols a word",
    "starts": "class of the first character (characters.Char)",
    "ends": "class of the last character",
    "ends_sentence": "1 if the block ends in a sentence end, or in one and a closing quote or bracket",
    "prose": "1 if the block has at least 18 words and a sentence end",
    "index": "blocks before, at most 60",
    "index_from_end": "blocks after, at most 60",
    "place": "blocks before, of all",
    "words_before": "log of 1 + words of prose blocks before",
    "words_after": "log of 1 + words of prose blocks after",
    "words_before_share": "words of prose blocks before, of all",
    "doc_blocks": "log of 1 + blocks of the document",
    "doc_words": "log of 1 + words of the document",
    "doc_prose": "words in prose blocks, of all words",
    "doc_median": "median words a prose block",
    "since_prose": "blocks since the last prose block, at most 20",
    "until_prose": "blocks until the next prose block, at most 20",
    "short_run": "length of the run of non-prose blocks around the block, at most 30; 0 for prose",
    "window_2": "mean log words of the blocks up to two away",
    "window_5": "the same up to five away",
    "copies": "blocks that read the same, itself included, at most 8",
    "copy_before": "1 if a block before reads the same",
    "shared": "content words that another prose block has too, of the block's content words",
    "shared_before": "content words that stand in prose before it, of the block's content words",
    "title_share": "words of the title that the block has, of the title's",
    "in_title": "words of the block that the title has, of the block's",
    "gap_before": "line breaks before the block (stored text), at most 3",
    "gap_after": "line breaks after it",
    "rule_hits": "block, label and rest rules that match",
    "rule_near": "blocks up to three away that a rule matches",
    "rule_protect": "protect rules that match",
    "rule_span": "span rules that match",
    "since_marker": "blocks since an end-of-article marker with prose before it, at most 20; 21 where there is none",
    "since_label": "blocks since a label over other stories, at most 10; 11 where there is none",
    **{f"rule_{kind}": f"rules of kind {kind} that match" for kind in RULE_KINDS},
    **{f"{side}_{name}": f"{name} of the block {side}"
       for side in ("prev", "prev2", "next", "next2")
       for name in ("log_words", "ends_sentence", "capitalised", "rule_hits")},
}  # fmt: skip
NAMES = tuple(FEATURES)
KIND_NUMBER = {kind: number for number, kind in enumerate(RULE_KINDS)}
# With a column that the compiled loop does not know, the twin does the work.
COMPILED = compiled_text is not None and compiled_text.text_columns(len(RULE_KINDS)) == len(NAMES)


class BlockText(NamedTuple):
    """The texts of a document of n blocks read once, and what it calls itself: title and description ("-" if none). `runs` and
    `unspaced`, (n,), are what `words` was counted from."""

    chars: Characters
    title: Characters
    description: Characters
    words: Floats
    prose: Bools
    runs: Ints
    unspaced: Ints


def read_text(texts: Sequence[str], title: str, description: str = "") -> BlockText:
    """Read the characters of the blocks, the title and the description, all in one pass."""
    chars, said = split_off(read_characters([*texts, title or "-", description or "-"]), len(texts))
    title_chars, description_chars = split_off(said, 1)
    runs, unspaced = count_runs(chars, len(texts))
    words = words_of_runs(runs, unspaced)
    prose = (words >= LONG_WORDS) & (chars.counts[:, Char.TERMINAL] > 0)
    return BlockText(chars, title_chars, description_chars, words, prose, runs, unspaced)


def count_words(chars: Characters, n: int) -> Floats:
    """Words a block, (n,): runs of letters and digits, and half the characters of scripts without spaces."""
    return words_of_runs(*count_runs(chars, n))


def words_of_runs(runs: Ints, unspaced: Ints) -> Floats:
    """What `count_words` gives, from the two that `count_runs` counts."""
    runs, unspaced = runs.astype(np.float32), unspaced.astype(np.float32)
    # Pairs of unspaced characters are in word_block too: k characters in a run gave about k entries.
    result: Floats = np.maximum(runs - unspaced, 0) + np.float32(0.5) * unspaced
    return result


def count_runs(chars: Characters, n: int) -> tuple[Ints, Ints]:
    """What `count_words` counts from, (n,) each: runs and pairs, and characters of scripts without spaces."""
    return np.bincount(chars.word_block, minlength=n), chars.counts[:, Char.UNSPACED]


def mostly_unspaced(chars: Characters) -> bool:
    """Whether most of a text is of scripts without spaces: pairs of its characters are its words."""
    return bool(2 * chars.counts[:, Char.UNSPACED].sum() > chars.counts.sum())


def text_columns(document: Document, text: BlockText, matches: Sequence[Match]) -> Columns:
    """All columns of `FEATURES` for a document of n blocks."""
    columns = Columns.blank(NAMES, len(document.blocks))
    (fill_compiled if COMPILED else fill_vectorised)(columns, document, text, matches)
    return columns


def fill_compiled(columns: Columns, document: Document, text: BlockText, matches: Sequence[Match]) -> None:
    """Fill the columns with the compiled loop."""
    compiled_text.fill_text(columns.table, text, document.blocks, document.text, matches, KIND_NUMBER, Scope.SPAN, Scope.REST, Scope.LABEL)


def fill_vectorised(columns: Columns, document: Document, text: BlockText, matches: Sequence[Match]) -> None:
    """Fill the columns with NumPy."""
    _shape(columns, text)
    _position(columns, text)
    _repetition(columns, text)
    _vocabulary(columns, text)
    _gaps(columns, document)
    _rules(columns, text, matches)
    for name in ("log_words", "ends_sentence", "capitalised", "rule_hits"):
        for side, step in (("prev", 1), ("prev2", 2), ("next", -1), ("next2", -2)):
            columns[f"{side}_{name}"] = shift(columns[name], step)


def _shape(columns: Columns, text: BlockText) -> None:
    exact, counts = text.chars.counts, text.chars.counts.astype(np.float32)
    letters = exact[:, [Char.LOWER, Char.UPPER, Char.CASELESS, Char.UNSPACED]].sum(axis=1).astype(np.float32)
    chars = (exact.sum(axis=1) - exact[:, Char.BREAK]).astype(np.float32)
    words = np.maximum(text.words, 1)
    n = len(words)
    columns["log_words"] = np.log1p(text.words)
    columns["log_chars"] = np.log1p(chars)
    columns["word_length"] = letters / words
    columns["upper_share"] = counts[:, Char.UPPER] / np.maximum(letters, 1)
    capitals = np.bincount(text.chars.word_block[text.chars.word_upper], minlength=n)
    columns["capitalised"] = capitals / words
    columns["digit_share"] = counts[:, Char.DIGIT] / np.maximum(chars, 1)
    columns["unspaced_share"] = counts[:, Char.UNSPACED] / np.maximum(chars, 1)
    for name, cls in (
        ("terminals", Char.TERMINAL), ("commas", Char.COMMA), ("quotes", Char.QUOTE), ("brackets", Char.BRACKET),
        ("dashes", Char.DASH), ("colons", Char.COLON), ("slashes", Char.SLASH), ("symbols", Char.SYMBOL),
    ):  # fmt: skip
        columns[name] = counts[:, cls] / words
    columns["terminal_count"] = counts[:, Char.TERMINAL]
    first, last = text.chars.first, text.chars.last
    columns["starts"] = first
    columns["ends"] = last
    closing = (last == Char.QUOTE) | (last == Char.BRACKET)
    columns["ends_sentence"] = (last == Char.TERMINAL) | (closing & (counts[:, Char.TERMINAL] > 0))
    columns["prose"] = text.prose


def _position(columns: Columns, text: BlockText) -> None:
    n = len(text.words)
    index = np.arange(n)
    # Sums of many numbers are of doubles: words are whole or halves, and their sums exact, in whatever order.
    words = text.words.astype(np.float64)
    prose_words = np.where(text.prose, words, 0)
    before = np.cumsum(prose_words) - prose_words
    total = float(prose_words.sum())
    columns["index"] = np.minimum(index, 60)
    columns["index_from_end"] = np.minimum(n - 1 - index, 60)
    columns["place"] = index / max(n, 1)
    columns["words_before"] = np.log1p(before.astype(np.float32))
    columns["words_after"] = np.log1p((total - before - prose_words).astype(np.float32))
    columns["words_before_share"] = before / max(total, 1)
    all_words = float(words.sum())
    columns["doc_blocks"] = math.log1p(n)
    columns["doc_words"] = math.log1p(all_words)
    columns["doc_prose"] = total / max(all_words, 1)
    columns["doc_median"] = np.median(text.words[text.prose]) if text.prose.any() else 0
    ahead = since(text.prose, 20)
    behind = since(text.prose[::-1], 20)[::-1]
    columns["since_prose"] = ahead
    columns["until_prose"] = behind
    columns["short_run"] = np.where(text.prose, 0, np.minimum(ahead + behind - 1, 30))
    columns["window_2"] = window_mean(columns["log_words"], 2)
    columns["window_5"] = window_mean(columns["log_words"], 5)


def _repetition(columns: Columns, text: BlockText) -> None:
    _, first, inverse, counts = np.unique(text.chars.fingerprint, return_index=True, return_inverse=True, return_counts=True)
    columns["copies"] = np.minimum(counts[inverse], 8)
    columns["copy_before"] = first[inverse] < np.arange(len(inverse))


def _vocabulary(columns: Columns, text: BlockText) -> None:
    chars, n = text.chars, len(text.words)
    content = chars.word_length >= CONTENT_WORD_LETTERS
    if mostly_unspaced(chars):
        content = np.ones(len(content), dtype=bool)
    block, word_hash = chars.word_block[content], chars.word_hash[content]
    shared, before = shared_words(block, word_hash, text.prose)
    totals = np.maximum(np.bincount(block, minlength=n), 1)
    columns["shared"] = shared / totals
    columns["shared_before"] = before / totals
    columns["in_title"], columns["title_share"] = overlap(chars, text.title, n)


def _gaps(columns: Columns, document: Document) -> None:
    n = len(document.blocks)
    gaps = np.zeros(n + 1, dtype=np.float32)
    if document.blocks and document.blocks[0].tag == "line":
        position = 0
        for i, block in enumerate(document.blocks):
            gaps[i] = min(document.text.count("\n", position, block.start), 3)
            position = block.end
    columns["gap_before"] = gaps[:n]
    columns["gap_after"] = gaps[1:]


def _rules(columns: Columns, text: BlockText, matches: Sequence[Match]) -> None:
    n = len(text.words)
    for name in ("rule_hits", "rule_protect", "rule_span", *(f"rule_{kind}" for kind in RULE_KINDS)):
        columns[name] = 0
    marker = np.zeros(n, dtype=bool)
    label = np.zeros(n, dtype=bool)
    for rule, block, *_ in matches:
        if rule.kind is None:
            columns["rule_protect"][block] += 1
        elif rule.scope is Scope.SPAN:
            columns["rule_span"][block] += 1
        else:
            columns["rule_hits"][block] += 1
            marker[block] |= rule.scope is Scope.REST
            label[block] |= rule.scope is Scope.LABEL
        if rule.kind in RULE_KINDS:
            columns[f"rule_{rule.kind}"][block] += 1
    hit = (columns["rule_hits"] > 0).astype(np.float32)
    reach = 2 * NEAR + 1
    columns["rule_near"] = window_mean(hit, NEAR) * reach - hit
    columns["since_marker"] = since(marker & (columns["words_before"] > MARKER_WORDS), 20)
    columns["since_label"] = since(label, 10)
