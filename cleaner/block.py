"""The one model of a document, for HTML and for text: a list of blocks over a text with exact offsets."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class Medium(StrEnum):
    """What a document was made from."""

    HTML = "html"
    TEXT = "text"


class Block(NamedTuple):
    """A paragraph, heading, list item, caption, table row … or a line of stored text.

    `start` and `end` are offsets in characters into `Document.text`; `document.text[start:end]` is the
    block's text. `tag` is "line" for stored text. `node` indexes `Document.tree` (-1 for stored text).
    `link_chars` counts the characters that stand inside links. `glued` says that only a `<br>` parts this
    block from the one before.
    """

    start: int
    end: int
    tag: str
    node: int = -1
    link_chars: int = 0
    glued: bool = False


class Node(NamedTuple):
    """An element that holds blocks `first` to `last` (exclusive).

    `words` are its class, id and the like as written, `parent` is -1 at the top. `cut_chars` counts the characters
    of links that a first cut took out of it.
    """

    parent: int
    tag: str
    words: str
    depth: int
    first: int
    last: int
    cut_chars: int = 0


@dataclass(frozen=True, eq=False)
class Tree:
    """A page's elements that hold blocks, as arrays of equal length. A parent's number is lower than its children's.

    `kind` indexes `names`, the distinct pairs of tag and words; the rest is as in `Node`.
    """

    parent: Ints
    depth: Ints
    first: Ints
    last: Ints
    cut_chars: Ints
    kind: Ints
    names: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.parent)

    def __getitem__(self, number: int) -> Node:
        tag, words = self.names[self.kind[number]]
        return Node(
            int(self.parent[number]), tag, words, int(self.depth[number]), int(self.first[number]), int(self.last[number]),
            int(self.cut_chars[number]),
        )  # fmt: skip

    def above(self, node: Ints, levels: int) -> Ints:
        """The elements `levels` above; the topmost stays itself."""
        for _ in range(levels):
            parent = self.parent[node]
            node = np.where(parent >= 0, parent, node)
        return node

    def levels(self) -> Iterator[Ints]:
        """The elements of each depth, from the top down."""
        order = np.argsort(self.depth, kind="stable")
        edges = np.searchsorted(self.depth[order], np.arange(int(self.depth.max(initial=-1)) + 2))
        for low, high in itertools.pairwise(edges.tolist()):
            yield order[low:high]

    def inherited(self, bits: Ints) -> Ints:
        """Each element's bits and those of all elements around it."""
        found = bits.copy()
        for level in itertools.islice(self.levels(), 1, None):
            found[level] |= found[self.parent[level]]
        return found


NONE = np.zeros(0, dtype=np.int64)
NO_TREE = Tree(NONE, NONE, NONE, NONE, NONE, NONE, ())


class Said(NamedTuple):
    """What a page says of itself in its head and its JSON-LD: titles, descriptions, and the article's text."""

    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    article_body: str = ""


NOTHING_SAID = Said()


class Mark(NamedTuple):
    """A range of a document's text, `start` to `end` in characters, that selector number `selection` chose."""

    selection: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A segmented source. For stored text `text` is the source itself, for HTML the blocks' texts in order.

    `marks` are what a site's selectors chose of a page, in the order of their starts.
    """

    text: str
    blocks: tuple[Block, ...]
    medium: Medium
    tree: Tree = NO_TREE
    said: Said = NOTHING_SAID
    lang: str = ""
    marks: tuple[Mark, ...] = ()

    def block_text(self, index: int) -> str:
        """The text of block `index`."""
        block = self.blocks[index]
        return self.text[block.start : block.end]

    def ancestors(self, index: int) -> list[Node]:
        """The elements around block `index`, its own first, the outermost last; empty for stored text."""
        found = []
        node = self.blocks[index].node
        while node >= 0:
            found.append(self.tree[node])
            node = found[-1].parent
        return found
