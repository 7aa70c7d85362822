"""The one place that leaves text out: a document and its removals in, kept pieces and paragraphs out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.block import Block, Document
from cleaner.native import compiled_blocks
from cleaner.removal import Removal


class Paragraph(NamedTuple):
    """A kept block as it reads after repairs. `block` is its number."""

    block: int
    tag: str
    text: str


def kept_pieces(source: str, removals: Sequence[Removal]) -> tuple[tuple[int, str], ...]:
    """The stretches of `source` between removals, each with its offset. Removals are sorted and do not overlap."""
    pieces = []
    position = 0
    for removal in removals:
        if removal.start > position:
            pieces.append((position, source[position : removal.start]))
        position = removal.end
    if position < len(source):
        pieces.append((position, source[position:]))
    return tuple(pieces)


def weave(pieces: Sequence[tuple[int, str]], removals: Sequence[Removal]) -> str:
    """Kept and removed pieces in the order of their offsets: the source again, from the parts alone.

    >>> weave([(0, "ab"), (3, "d")], [])
    'abd'
    """
    parts = [*pieces, *((r.start, r.text) for r in removals)]
    return "".join(text for _, text in sorted(parts, key=lambda part: part[0]))


def paragraphs(document: Document, removals: Sequence[Removal], shown: list[bool]) -> list[Paragraph]:
    """The paragraphs of the blocks that are `shown`, less what removals cut of them, plus their replacements."""
    if compiled_blocks is None:
        return paragraphs_in_python(document, removals, shown)
    found: list[Paragraph] = compiled_blocks.paragraphs(Paragraph, _cut, document.text, document.blocks, removals, shown)
    return found


def paragraphs_in_python(document: Document, removals: Sequence[Removal], shown: list[bool]) -> list[Paragraph]:
    """`paragraphs` without the compiled loop."""
    found = []
    first, count = 0, len(removals)
    source = document.text
    for index, block in enumerate(document.blocks):
        if not shown[index]:
            continue
        while first < count and removals[first].end <= block.start:
            first += 1
        last = first
        while last < count and removals[last].start < block.end:
            last += 1
        text = _cut(source, block, removals[first:last]) if last > first else source[block.start : block.end]
        if text:
            found.append(Paragraph(index, block.tag, text))
    return found


def title_text(document: Document, index: int, removals: Sequence[Removal]) -> str:
    """The headline's block with its repairs."""
    block = document.blocks[index]
    return _cut(document.text, block, [r for r in removals if block.start <= r.start < block.end])


def _cut(source: str, block: Block, removals: Sequence[Removal]) -> str:
    if not removals:
        return source[block.start : block.end]
    parts = []
    position = block.start
    for removal in removals:
        parts.append(source[position : removal.start])
        parts.append(removal.replacement)
        position = max(position, removal.end)
    parts.append(source[position : block.end])
    return "".join(parts).strip()
