"""What a site's file says of a document's blocks: marks of its selectors, put in terms of blocks. Evidence still."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from cleaner.block import Document, Mark
from cleaner.characters import Bools
from cleaner.selection import Selected, Selection, Use
from cleaner.title import Title, squash

# A block is an author's or a date's line if this much of it, in letters and digits, is marked so.
MOST = 0.5
# Of a container's characters, more than this are never cut as links among links: it is a list of links then.
MOST_LINKS = 0.5


class Piece(NamedTuple):
    """A selection's part of a block: `start` to `end`, offsets into the block's text; `share` of its letters and digits."""

    block: int
    start: int
    end: int
    share: float
    selection: Selection


class SiteEvidence(NamedTuple):
    """What a site's file says of a document of n blocks.

    `name` is the site's and `file` where it is said. `kept` are blocks that stay, `keep` the ranges that ask for it, in
    offsets into the document's text. `removed` and `lines` (of author and date) are parts of blocks, in the order of
    the file. `bodies` are the candidates for the article's container, each with the blocks inside, (n,).
    """

    name: str
    file: str
    kept: frozenset[int] = frozenset()
    keep: tuple[Mark, ...] = ()
    removed: tuple[Piece, ...] = ()
    lines: tuple[Piece, ...] = ()
    bodies: tuple[tuple[Selection, Bools], ...] = ()
    fields: dict[str, str] = {}


def site_evidence(document: Document, texts: Sequence[str], name: str, file: str, selected: Selected) -> SiteEvidence:
    """Put a document's marks in terms of its blocks."""
    by_use = {use: [m for m in document.marks if selected.selections[m.selection].use is use] for use in Use}
    removed = pieces(document, texts, by_use[Use.REMOVE], selected)
    bodies = [number for number, selection in enumerate(selected.selections) if selection.use is Use.BODY]
    fields = {}
    for selection in selected.selections:
        if selection.use is Use.BYLINE:
            fields["byline"] = ", ".join(selection.values)
        elif selection.use is Use.DATE:
            fields["date"] = selection.values[0]
    return SiteEvidence(
        name, file, frozenset(p.block for p in pieces(document, texts, by_use[Use.KEEP], selected)), tuple(by_use[Use.KEEP]),
        tuple(removed), tuple(pieces(document, texts, by_use[Use.BYLINE] + by_use[Use.DATE], selected)),
        tuple((selected.selections[number], inside(document, number)) for number in bodies), fields,
    )  # fmt: skip


def pieces(document: Document, texts: Sequence[str], marks: Iterable[Mark], selected: Selected) -> list[Piece]:
    """The parts of blocks that are marked, by selection and place; those of one selection in one block share one `share`."""
    starts = np.array([b.start for b in document.blocks], dtype=np.int64)
    ends = np.array([b.end for b in document.blocks], dtype=np.int64)
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for mark in sorted(marks):
        first, last = int(np.searchsorted(ends, mark.start, "right")), int(np.searchsorted(starts, mark.end, "left"))
        for block in range(first, last):
            low, high = max(mark.start - int(starts[block]), 0), min(mark.end, int(ends[block])) - int(starts[block])
            ranges = found.setdefault((mark.selection, block), [])
            # Elements lie in each other or apart: one that begins inside the last lies in it.
            if not ranges or low >= ranges[-1][1]:
                ranges.append((low, high))
            elif high > ranges[-1][1]:
                ranges[-1] = (ranges[-1][0], high)
    result = []
    for (number, block), ranges in found.items():
        share = _share(texts[block], ranges)
        result += [Piece(block, low, high, share, selected.selections[number]) for low, high in ranges]
    return result


def _share(text: str, ranges: Sequence[tuple[int, int]]) -> float:
    """How much of a text's letters and digits, or of its characters where it has none, stands in the ranges."""
    letters = sum(map(str.isalnum, text))
    if letters:
        return sum(sum(map(str.isalnum, text[low:high])) for low, high in ranges) / letters
    return sum(high - low for low, high in ranges) / max(len(text), 1)


def inside(document: Document, number: int) -> Bools:
    """Which blocks have a part in what a selection chose, (n,)."""
    found = np.zeros(len(document.blocks), dtype=bool)
    if document.blocks:
        starts, ends = np.array([(b.start, b.end) for b in document.blocks], dtype=np.int64).T
        for mark in document.marks:
            if mark.selection == number:
                found |= (starts < mark.end) & (mark.start < ends)
    return found


def site_title(document: Document, texts: Sequence[str], selected: Selected) -> Title | None:
    """The headline that the site's file names, None where it names none that the page has."""
    for number, selection in enumerate(selected.selections):
        if selection.use is Use.TITLE:
            marks = [m for m in document.marks if m.selection == number]
            whole = [p.block for p in pieces(document, texts, marks, selected) if p.share == 1]
            text = texts[whole[0]] if whole else selection.values[0]
            said = squash(text)
            same = [i for i, other in enumerate(texts) if said and len(other) < 2 * len(said) + 10 and squash(other) == said]
            return Title(text, tuple(dict.fromkeys([*whole[:1], *same])))
    return None


def spared(document: Document, dropped: Bools, selected: Selected) -> Bools:
    """Which blocks a first cut must leave, (n,): those that a site's selectors name, and a container of mostly links."""
    found = np.zeros(len(document.blocks), dtype=bool)
    chars = np.array([b.end - b.start for b in document.blocks], dtype=np.int64)
    for number, selection in enumerate(selected.selections):
        chosen = inside(document, number)
        if selection.use is not Use.BODY or chars[chosen & dropped].sum() > MOST_LINKS * chars[chosen].sum():
            found |= chosen
    return found


def touches(keep: Collection[Mark], start: int, end: int) -> bool:
    """Whether a range of the document's text meets one that stays."""
    return any(start < mark.end and mark.start < end for mark in keep)
