"""A first cheap cut over a page: links among links, menus and buttons, before anything costly looks at them.

About half of a page's blocks are of this kind and a tenth of its time goes into telling so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from cleaner.block import Document, Medium, Node
from cleaner.features import Bools
from cleaner.kinds import Kind
from cleaner.removal import Removal

T = TypeVar("T")

# Characters in links, of all, from which a block is nothing but a link.
ALL_LINK = 0.98
# And of the element two above it: a menu, a list of headlines.
LINK_CONTAINER = 0.7
FOOTER_LINKS = 0.3
# Longer blocks are left to the scorer.
MAX_CHARS = 160
MENUS = frozenset(("nav", "menu"))
WHY = "a link among links, or part of a menu"
CONTROLS = frozenset(("button", "option", "summary"))


class FirstCut(NamedTuple):
    """A document of n blocks, what is left of it, and which blocks were cut, (n,)."""

    whole: Document
    rest: Document
    dropped: Bools

    def removals(self) -> list[Removal]:
        """The account of the cut."""
        found = []
        for i in np.flatnonzero(self.dropped).tolist():
            block = self.whole.blocks[i]
            found.append(Removal(Kind.NAV, "", 0.0, block.start, block.end, self.whole.text[block.start : block.end], why=WHY))
        return found

    def spread(self, values: Sequence[T], fill: T) -> list[T]:
        """One value for each block of the rest, as one for each block of the whole."""
        rest = iter(values)
        return [fill if drop else next(rest) for drop in self.dropped.tolist()]


def first_cut(document: Document) -> FirstCut:
    """Cut a page's hopeless blocks; stored text, and a page that has nothing else, stay whole."""
    if document.medium is Medium.HTML:
        dropped = hopeless(document)
        if dropped.any() and not dropped.all():
            return FirstCut(document, without(document, dropped), dropped)
    return FirstCut(document, document, np.zeros(len(document.blocks), dtype=bool))


def hopeless(document: Document) -> Bools:
    """Which of the n blocks, at least one, are surely no body, (n,)."""
    blocks, tree = document.blocks, document.tree
    flags: list[int] = []
    for t in tree:
        around = flags[t.parent] if t.parent >= 0 else 0
        flags.append(around | (1 if t.tag in MENUS else 2 if t.tag in CONTROLS else 4 if t.tag == "footer" else 8 if t.tag == "article" else 0))
    start, end, node, link = np.array([(b.start, b.end, b.node, b.link_chars) for b in blocks], dtype=np.int64).T
    parent, first, last = np.array([(t.parent, t.first, t.last) for t in tree], dtype=np.int64).T
    chars = end - start
    links = np.concatenate([[0], np.cumsum(link)])
    total = np.concatenate([[0], np.cumsum(chars)])
    above = parent[node]
    above = np.where(above >= 0, above, node)
    two = np.where(parent[above] >= 0, parent[above], above)
    density = (links[last[two]] - links[first[two]]) / np.maximum(total[last[two]] - total[first[two]], 1)
    own = link / np.maximum(chars, 1)
    inside = np.array(flags)[node]
    short = chars <= MAX_CHARS
    menu = (inside & 1 > 0) | (inside & 2 > 0)
    footer = (inside & 4 > 0) & (inside & 8 == 0) & (own > FOOTER_LINKS)
    result: Bools = short & (menu | footer | ((own >= ALL_LINK) & (density >= LINK_CONTAINER)))
    return result


def without(document: Document, dropped: Bools) -> Document:
    """The document without some of its blocks; elements keep their numbers, and remember how much they lost."""
    before = np.concatenate([[0], np.cumsum(~dropped)]).tolist()
    lost = np.array([b.end - b.start for b in document.blocks]) * dropped
    cut = np.concatenate([[0], np.cumsum(lost)]).tolist()
    blocks = tuple(b for b, drop in zip(document.blocks, dropped.tolist()) if not drop)
    tree = tuple(Node(t.parent, t.tag, t.words, t.depth, before[t.first], before[t.last], cut[t.last] - cut[t.first]) for t in document.tree)
    return Document(document.text, blocks, document.medium, tree, document.said, document.lang)
