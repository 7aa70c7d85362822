"""Cut stored text into blocks: a line each, or a paragraph each where lines are wrapped by width."""

from __future__ import annotations

import itertools
import re

from cleaner.block import Block, Document, Medium
from cleaner.native import compiled_blocks

LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
# A paragraph of several lines is wrapped by width if its inner lines are about this long.
WRAP_WIDTHS = range(40, 121)
WRAP_SPREAD = 24
SENTENCE_END = tuple('.!?…。！？؟۔।:;"”»’)')


def segment_text(text: str, *, lang: str = "") -> Document:
    """A document whose blocks have exact offsets into `text`; white space around a line belongs to no block.

    >>> [segment_text("One.\\n\\n  Two. \\n").block_text(i) for i in range(2)]
    ['One.', 'Two.']
    """
    blocks = lines(text) if compiled_blocks is None else compiled_blocks.lines(text, Block)
    return Document(text, tuple(_paragraphs(text, blocks) if _is_wrapped(text, blocks) else blocks), Medium.TEXT, lang=lang)


def lines(text: str) -> list[Block]:
    """The lines that hold more than white space, without the white space around them."""
    blocks = []
    for found in LINE.finditer(text):
        line = found[0]
        stripped = line.strip()
        if stripped:
            start = found.start() + len(line) - len(line.lstrip())
            blocks.append(Block(start, start + len(stripped), "line"))
    return blocks


def _gap_is_blank(text: str, end: int, start: int) -> bool:
    return text.count("\n", end, start) >= 2


def _is_wrapped(text: str, lines: list[Block]) -> bool:
    """True where blank lines part paragraphs and the lines inside them break at a common width, mid-sentence."""
    inner = []
    for line, following in itertools.pairwise(lines):
        if following.start - line.end < 2 or not _gap_is_blank(text, line.end, following.start):
            # Most texts have a line of a whole paragraph.
            if line.end - line.start > WRAP_WIDTHS[-1]:
                return False
            inner.append(line)
    if len(inner) < 3 or len(lines) - len(inner) < 2:
        return False
    lengths = sorted(line.end - line.start for line in inner)
    low, high = lengths[len(lengths) // 10], lengths[-1]
    mid_sentence = sum(not text[line.end - 1].endswith(SENTENCE_END) for line in inner)
    return high in WRAP_WIDTHS and high - low <= WRAP_SPREAD and mid_sentence >= 0.6 * len(inner)


def _paragraphs(text: str, lines: list[Block]) -> list[Block]:
    merged = [lines[0]]
    for line in lines[1:]:
        if _gap_is_blank(text, merged[-1].end, line.start):
            merged.append(line)
        else:
            merged[-1] = merged[-1]._replace(end=line.end)
    return merged
