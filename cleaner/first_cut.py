"""A first cheap cut over a page: links among links, menus and buttons, before anything costly looks at them.

About half of a page's blocks are of this kind and a tenth of its time goes into telling so.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import compress
from typing import NamedTuple, TypeVar

import numpy as np

from cleaner.block import Document, Medium
from cleaner.characters import Bools
from cleaner.kinds import Kind
from cleaner.native import compiled_blocks
from cleaner.removal import Removal
from cleaner.selection import NOTHING_SELECTED, Selected
from cleaner.site_evidence import spared

T = TypeVar("T")

# Characters in links, of all, from which a block is nothing but a link.
ALL_LINK = 0.98
# And of the element two above it: a menu, a list of headlines.
LINK_CONTAINER = 0.7
FOOTER_LINKS = 0.3
# Longer blocks are left to the scorer.
MAX_CHARS = 160
MENU, CONTROL, FOOTER, ARTICLE = 1, 2, 4, 8
FLAGS = {"nav": MENU, "menu": MENU, "button": CONTROL, "option": CONTROL, "summary": CONTROL, "footer": FOOTER, "article": ARTICLE}
WHY = "a link among links, or part of a menu"


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

    def spread(self, values: list[T], fill: T) -> list[T]:
        """One value for each block of the rest, as one for each block of the whole."""
        if len(values) == len(self.dropped):
            return values
        rest = iter(values)
        return [fill if drop else next(rest) for drop in self.dropped.tolist()]


def first_cut(document: Document, selected: Selected = NOTHING_SELECTED) -> FirstCut:
    """Cut a page's hopeless blocks; stored text, and a page that has nothing else, stay whole, and so does what a site's
    selectors name."""
    if document.medium is Medium.HTML:
        dropped = (hopeless if compiled_blocks is None else hopeless_compiled)(document)
        if document.marks:
            dropped &= ~spared(document, dropped, selected)
        if dropped.any() and not dropped.all():
            return FirstCut(document, (without if compiled_blocks is None else without_compiled)(document, dropped), dropped)
    return FirstCut(document, document, np.zeros(len(document.blocks), dtype=bool))


def hopeless(document: Document) -> Bools:
    """Which of the n blocks, at least one, are surely no body, (n,)."""
    tree = document.tree
    around = tree.inherited(np.array([FLAGS.get(tag, 0) for tag, _ in tree.names], dtype=np.int64)[tree.kind])
    start, end, node, link = np.array([(b.start, b.end, b.node, b.link_chars) for b in document.blocks], dtype=np.int64).T
    first, last = tree.first, tree.last
    chars = end - start
    links = np.concatenate([[0], np.cumsum(link)])
    total = np.concatenate([[0], np.cumsum(chars)])
    two = tree.above(node, 2)
    density = (links[last[two]] - links[first[two]]) / np.maximum(total[last[two]] - total[first[two]], 1)
    own = link / np.maximum(chars, 1)
    inside = around[node]
    short = chars <= MAX_CHARS
    menu = inside & (MENU | CONTROL) > 0
    footer = (inside & FOOTER > 0) & (inside & ARTICLE == 0) & (own > FOOTER_LINKS)
    result: Bools = short & (menu | footer | ((own >= ALL_LINK) & (density >= LINK_CONTAINER)))
    return result


def hopeless_compiled(document: Document) -> Bools:
    """What `hopeless` gives, from the compiled loop."""
    tree = document.tree
    flags = np.array([FLAGS.get(tag, 0) for tag, _ in tree.names], dtype=np.int64)
    dropped = np.empty(len(document.blocks), dtype=bool)
    compiled_blocks.hopeless(
        document.blocks, tree.parent, tree.first, tree.last, tree.kind, flags, MAX_CHARS, ALL_LINK, LINK_CONTAINER, FOOTER_LINKS,
        dropped.view(np.uint8),
    )  # fmt: skip
    return dropped


def without(document: Document, dropped: Bools) -> Document:
    """The document without some of its blocks; elements keep their numbers, and remember how much they lost."""
    before = np.concatenate([[0], np.cumsum(~dropped)])
    lost = np.array([b.end - b.start for b in document.blocks]) * dropped
    cut = np.concatenate([[0], np.cumsum(lost)])
    tree = document.tree
    smaller = replace(tree, first=before[tree.first], last=before[tree.last], cut_chars=cut[tree.last] - cut[tree.first])
    return replace(document, blocks=tuple(compress(document.blocks, (~dropped).tolist())), tree=smaller)


def without_compiled(document: Document, dropped: Bools) -> Document:
    """What `without` gives, from the compiled loop."""
    tree = document.tree
    smaller = np.empty((3, len(tree)), dtype=np.int64)
    blocks = compiled_blocks.without(document.blocks, dropped.view(np.uint8), tree.first, tree.last, smaller)
    first, last, cut_chars = smaller
    return replace(document, blocks=blocks, tree=replace(tree, first=first, last=last, cut_chars=cut_chars))
