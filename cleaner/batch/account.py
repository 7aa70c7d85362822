"""One document in numbers of words, and the short lines of it that no rule removed."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from cleaner.block import Block
from cleaner.native import compiled_lines
from cleaner.result import CleanResult, Role
from cleaner.tally import Removed, words_of

# A line longer than this is no furniture that a site repeats.
LINE_WORDS = 25
LINE_CHARS = 200
# Lines are hashed eight bytes at a time, each mixed in by this odd number.
MIX = 0xD6E8FEB86659FD93
MASK = (1 << 64) - 1
# Addresses as nearly all are, which need not be taken apart.
PLAIN = re.compile(r"https?://([a-z0-9.-]+)(?:/|\Z)")


class Account(NamedTuple):
    """One document in numbers of words. `removed` maps kind and rule to pieces and words.

    `lines` are its short lines that no rule removed, each once: the site, a tab, the line and a line break, in UTF-8.
    `hashes` are eight bytes for each.
    """

    site: str
    kept: int
    doubt: int
    removed: Removed
    lines: bytes
    hashes: bytes


def account_of(result: CleanResult, url: object) -> Account:
    """What a document that came from `url` came to."""
    site = site_of(url)
    words = words_of(result)
    make = short_lines_in_python if compiled_lines is None else compiled_lines.short_lines
    head = f"{site}\t".encode("utf-8", "replace")
    lines, hashes = make(result.source, result.document.blocks, _left_out(result), head, LINE_CHARS, LINE_WORDS)
    return Account(site, words.kept, words.doubt, words.removed, lines, hashes)


def site_of(url: object) -> str:
    """The host that an address names, "" where there is none.

    >>> site_of("https://www.Lomvik-Herald.example/news/1"), site_of(None)
    ('lomvik-herald.example', '')
    """
    if not isinstance(url, str):
        return ""
    plain = PLAIN.match(url)
    if plain:
        return plain[1].removeprefix("www.")
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return ""
    return (host or "").lower().removeprefix("www.")


def _left_out(result: CleanResult) -> bytearray:
    """Which blocks are no lines that are counted: the title, and what a rule removed, whole or from its beginning."""
    left_out = bytearray(len(result.roles))
    for i, (_, rule) in result.counted.verdicts.items():
        if rule:
            left_out[i] = 1
    if Role.TITLE in result.roles:
        left_out[result.roles.index(Role.TITLE)] = 1
    starts = {span.start for span in result.spans if span.rule}
    if starts:
        for i, block in enumerate(result.document.blocks):
            left_out[i] |= block.start in starts
    return left_out


def short_lines_in_python(
    text: str, blocks: Sequence[Block], left_out: Sequence[int], head: bytes, most_chars: int, most_words: int
) -> tuple[bytes, bytes]:
    """The lines of blocks that are short and not `left_out`, each once, `head` before it and a line break behind it, in
    UTF-8; and their hashes, eight bytes each."""
    found: dict[bytes, None] = {}
    for block, out in zip(blocks, left_out):
        if out or block.end - block.start > most_chars:
            continue
        words = text[block.start : block.end].split()
        if 0 < len(words) <= most_words:
            found[head + " ".join(words).encode("utf-8", "replace")] = None
    return b"".join(line + b"\n" for line in found), struct.pack(f"<{len(found)}Q", *map(hash_of, found))


def hash_of(line: bytes) -> int:
    """Eight bytes for a line, the same on every machine."""
    value = len(line)
    for word in struct.unpack(f"<{-(-value // 8)}Q", line.ljust(-(-value // 8) * 8, b"\0")):
        value = (value ^ word) * MIX & MASK
        value ^= value >> 32
    return value
