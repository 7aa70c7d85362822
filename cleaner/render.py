"""The one place that leaves text out: a document and its removals in, kept pieces and paragraphs out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from cleaner.block import Block, Document
from cleaner.removal import Removal


class Paragraph(NamedTuple):
    """A kept block as it reads after repairs. `index` is the block's number."""

    index: int
    tag: str
    text: str
    glued: bool


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


def paragraphs(document: Document, removals: Sequence[Removal], title: Collection[int]) -> list[Paragraph]:
    """The body's paragraphs: every block but the title's, less what removals cut, plus their replacements."""
    found = []
    next_removal = 0
    for index, block in enumerate(document.blocks):
        while next_removal < len(removals) and removals[next_removal].end <= block.start:
            next_removal += 1
        inside = []
        following = next_removal
        while following < len(removals) and removals[following].start < block.end:
            inside.append(removals[following])
            following += 1
        if index in title:
            continue
        text = _cut(document.text, block, inside)
        if text:
            found.append(Paragraph(index, block.tag, text, block.glued))
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
