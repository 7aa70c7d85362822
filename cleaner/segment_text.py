"""Cut stored text into blocks: a line each, or a paragraph each where lines are wrapped by width."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from cleaner.block import Block, Document, Medium

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
    lines = list(_lines(text))
    spans = _paragraphs(text, lines) if _is_wrapped(text, lines) else lines
    return Document(text, tuple(Block(start, end, "line") for start, end in spans), Medium.TEXT, lang=lang)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for found in LINE.finditer(text):
        line = found[0]
        stripped = line.strip()
        if stripped:
            start = found.start() + len(line) - len(line.lstrip())
            yield start, start + len(stripped)


def _gap_is_blank(text: str, end: int, start: int) -> bool:
    return text.count("\n", end, start) >= 2


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """True where blank lines part paragraphs and the lines inside them break at a common width, mid-sentence."""
    inner = [(start, end) for (start, end), (following, _) in itertools.pairwise(lines) if not _gap_is_blank(text, end, following)]
    if len(inner) < 3 or len(lines) - len(inner) < 2:
        return False
    lengths = sorted(end - start for start, end in inner)
    low, high = lengths[len(lengths) // 10], lengths[-1]
    mid_sentence = sum(not text[end - 1].endswith(SENTENCE_END) for _, end in inner)
    return high in WRAP_WIDTHS and high - low <= WRAP_SPREAD and mid_sentence >= 0.6 * len(inner)


def _paragraphs(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged = [lines[0]]
    for start, end in lines[1:]:
        if _gap_is_blank(text, merged[-1][1], start):
            merged.append((start, end))
        else:
            merged[-1] = (merged[-1][0], end)
    return merged
