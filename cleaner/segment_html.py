"""Cut a page into blocks: one per paragraph, heading, list item, caption, table row …

lexbor (through selectolax) parses the page as a browser does; `scan` reads the tree that it writes out again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from selectolax.lexbor import LexborHTMLParser

from cleaner.block import Block, Document, Ints, Medium, Tree
from cleaner.marked_scan import scan_marked
from cleaner.native import compiled_blocks
from cleaner.page_head import ARTICLE_BODY_KEY, what_page_says
from cleaner.scan import Scanned, scan

INVISIBLE = ["script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "canvas", "select",
             "textarea", "audio", "video", "map", "noembed", "noframes", "xmp", "plaintext", "datalist", "frameset"]  # fmt: skip
NAMES = ("class", "id", "role", "itemprop", "itemtype", "rel", "data-testid", "data-test", "data-component", "data-type", "aria-label", "property")  # fmt: skip
NAMING = re.compile(rf' (?:{"|".join(NAMES)})="([^"]++)"')
NAME_SET = frozenset(NAMES)
HIDDEN = re.compile(r' hidden=""| aria-hidden="true"| style="[^"]*?(?:display: ?none|visibility: ?hidden)')
ARTICLE_BODY_BYTES = ARTICLE_BODY_KEY.encode()
LANG = re.compile(r'<html[^>]*? (?:xml:)?lang="([A-Za-z]{2,3})')


def segment_html(page: str, marked: LexborHTMLParser | None = None, *, utf8: bytes | None = None) -> Document:
    """The blocks of a page, in the order of its source. `document.text` is their texts, parted by line breaks.

    `marked` is the page parsed already, with marks in it (see `marked_scan`): then the document has them, and is
    else the same. `utf8` is the page in UTF-8 where that is at hand: the parser need not encode it then.
    """
    parser = LexborHTMLParser(page if utf8 is None else utf8) if marked is None else marked
    # The parser goes through the whole page for each tag.
    parser.strip_tags(INVISIBLE if compiled_blocks is None or utf8 is None else compiled_blocks.tags_opened(utf8, INVISIBLE))
    markup = parser.html or ""
    # A look through the bytes costs less than one through the page.
    telling = page if utf8 is None or ARTICLE_BODY_BYTES in utf8 else ""
    if marked is None:
        return document_of(scan(markup), telling)
    scanned, marks = scan_marked(markup)
    return replace(document_of(scanned, telling), marks=marks)


def document_of(scanned: Scanned, page: str) -> Document:
    """Give each block its offset, and keep of the tree what leads to a block. `page` may be "" where no JSON-LD has the article."""
    new, tree = _tree(scanned)
    nodes = new[scanned.blocks[0]]
    found = LANG.search(scanned.head)
    blocks = (make_blocks if compiled_blocks is None else make_blocks_compiled)(scanned, tree, nodes)
    said = what_page_says(scanned.head, page)
    return Document("\n".join(scanned.texts), blocks, Medium.HTML, tree, said, found[1].lower() if found else "")


def make_blocks(scanned: Scanned, tree: Tree, nodes: Ints) -> tuple[Block, ...]:
    """The n blocks scanned, whose elements are `nodes`, (n,)."""
    texts = scanned.texts
    _, links, glued = scanned.blocks
    tags = [tree.names[kind][0] for kind in tree.kind[nodes].tolist()]
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1) - 1
    starts = [0, *(ends[:-1] + 1).tolist()]
    return tuple(map(Block, starts, ends.tolist(), tags, nodes.tolist(), links.tolist(), glued.astype(bool).tolist()))


def make_blocks_compiled(scanned: Scanned, tree: Tree, nodes: Ints) -> tuple[Block, ...]:
    """What `make_blocks` gives, from the compiled loop."""
    tags = [tag for tag, _ in tree.names]
    made: tuple[Block, ...] = compiled_blocks.make_blocks(
        Block, scanned.texts, tags, tree.kind[nodes], nodes, scanned.blocks[1], scanned.blocks[2]
    )
    return made


def _tree(scanned: Scanned) -> tuple[Ints, Tree]:
    """New numbers for the elements that hold at least one block (-1 for the others), and those elements."""
    read = used_elements if compiled_blocks is None else used_elements_compiled
    used = read(scanned.elements, len(scanned.texts), len(scanned.kinds))
    parent, depth, kind, first, last = used.columns
    kinds, names = (named_kinds if compiled_blocks is None else named_kinds_compiled)(scanned.kinds, used.kinds)
    cut = np.zeros(len(parent), dtype=np.int64)
    return used.new, Tree(parent, depth, first, last, cut, kinds[kind], names)


class UsedElements(NamedTuple):
    """Of m elements those that hold at least one block.

    `new`, (m,), are their new numbers, -1 for the others; `columns`, (5, used), is as `Scanned.elements`, with new
    numbers for parents; `kinds`, one entry a kind, is not 0 where a used element is of it.
    """

    new: Ints
    columns: Ints
    kinds: npt.NDArray[np.uint8]


def used_elements(elements: Ints, texts: int, kinds: int) -> UsedElements:
    """The elements of a page of so many blocks that lead to one of them."""
    parent, depth, kind, first, last = elements
    last = np.where(last < 0, texts, last)
    used = last > first
    new = np.where(used, np.cumsum(used) - 1, -1)
    above = parent[used]
    used_kinds = np.zeros(kinds, dtype=np.uint8)
    used_kinds[kind[used]] = 1
    columns = np.array([np.where(above >= 0, new[above], -1), depth[used], kind[used], first[used], last[used]], dtype=np.int64)
    return UsedElements(new, columns, used_kinds)


def used_elements_compiled(elements: Ints, texts: int, kinds: int) -> UsedElements:
    """What `used_elements` gives, from the compiled loop."""
    new, columns = np.empty(elements.shape[1], dtype=np.int64), np.empty(elements.shape, dtype=np.int64)
    used_kinds = np.zeros(kinds, dtype=np.uint8)
    count = compiled_blocks.used_elements(elements, texts, new, columns, used_kinds)
    return UsedElements(new, columns[:, :count], used_kinds)


def named_kinds(kinds: list[tuple[str, str]], used: npt.NDArray[np.uint8]) -> tuple[Ints, tuple[tuple[str, str], ...]]:
    """The distinct pairs of tag and words that the used ones of m kinds have, and for each kind which pair it has, (m,)."""
    named: dict[tuple[str, str], int] = {}
    numbers = np.zeros(len(kinds), dtype=np.int64)
    for number in np.flatnonzero(used).tolist():
        tag, attributes = kinds[number]
        numbers[number] = named.setdefault((tag, _words(attributes) if attributes else ""), len(named))
    return numbers, tuple(named)


def named_kinds_compiled(kinds: list[tuple[str, str]], used: npt.NDArray[np.uint8]) -> tuple[Ints, tuple[tuple[str, str], ...]]:
    """What `named_kinds` gives, from the compiled loop."""
    numbers = np.zeros(len(kinds), dtype=np.int64)
    return numbers, compiled_blocks.named_kinds(kinds, used, NAME_SET, HIDDEN.search, numbers)


def _words(attributes: str) -> str:
    """The names that a page's author gave an element, "hidden" among them where a reader does not see it."""
    words = " ".join(NAMING.findall(attributes))
    maybe_hidden = "hidden" in attributes or "none" in attributes
    return words + " hidden" if maybe_hidden and HIDDEN.search(attributes) else words
