"""Cut a page into blocks: one per paragraph, heading, list item, caption, table row …

lexbor (through selectolax) parses the page as a browser does; `scan` reads the tree that it writes out again.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from cleaner.block import Block, Document, Ints, Medium, Tree
from cleaner.marked_scan import scan_marked
from cleaner.page_head import what_page_says
from cleaner.scan import Scanned, scan

INVISIBLE = ["script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "canvas", "select",
             "textarea", "audio", "video", "map", "noembed", "noframes", "xmp", "plaintext", "datalist", "frameset"]  # fmt: skip
NAMING = re.compile(
    r' (?:class|id|role|itemprop|itemtype|rel|data-testid|data-test|data-component|data-type|aria-label|property)="([^"]++)"'
)
HIDDEN = re.compile(r' hidden=""| aria-hidden="true"| style="[^"]*?(?:display: ?none|visibility: ?hidden)')
LANG = re.compile(r'<html[^>]*? (?:xml:)?lang="([A-Za-z]{2,3})')


def segment_html(page: str, marked: LexborHTMLParser | None = None) -> Document:
    """The blocks of a page, in the order of its source. `document.text` is their texts, parted by line breaks.

    `marked` is the page parsed already, with marks in it (see `marked_scan`): then the document has them, and is
    else the same.
    """
    parser = LexborHTMLParser(page) if marked is None else marked
    parser.strip_tags(INVISIBLE)
    markup = parser.html or ""
    if marked is None:
        return document_of(scan(markup), page)
    scanned, marks = scan_marked(markup)
    return replace(document_of(scanned, page), marks=marks)


def document_of(scanned: Scanned, page: str) -> Document:
    """Give each block its offset, and keep of the tree what leads to a block."""
    texts = scanned.texts
    new, tree = _tree(scanned)
    node, links, glued = scanned.blocks
    nodes = new[node]
    tags = [tree.names[kind][0] for kind in tree.kind[nodes].tolist()]
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1) - 1
    starts = [0, *(ends[:-1] + 1).tolist()]
    found = LANG.search(scanned.head)
    columns = starts, ends.tolist(), tags, nodes.tolist(), links.tolist(), glued.astype(bool).tolist()
    return Document(
        "\n".join(texts), tuple(map(Block, *columns)), Medium.HTML, tree, what_page_says(scanned.head, page), found[1].lower() if found else ""
    )


def _tree(scanned: Scanned) -> tuple[Ints, Tree]:
    """New numbers for the elements that hold at least one block (-1 for the others), and those elements."""
    parent, depth, kind, first, last = scanned.elements
    last = np.where(last < 0, len(scanned.texts), last)
    used = last > first
    new = np.where(used, np.cumsum(used) - 1, -1)
    above, kind = parent[used], kind[used]
    named: dict[tuple[str, str], int] = {}
    kinds = np.zeros(len(scanned.kinds), dtype=np.int64)
    for number in np.unique(kind).tolist():
        tag, attributes = scanned.kinds[number]
        kinds[number] = named.setdefault((tag, _words(attributes)), len(named))
    cut = np.zeros(len(above), dtype=np.int64)
    return new, Tree(np.where(above >= 0, new[above], -1), depth[used], first[used], last[used], cut, kinds[kind], tuple(named))


def _words(attributes: str) -> str:
    """The names that a page's author gave an element, "hidden" among them where a reader does not see it."""
    if not attributes:
        return ""
    words = " ".join(NAMING.findall(attributes))
    maybe_hidden = "hidden" in attributes or "none" in attributes
    return words + " hidden" if maybe_hidden and HIDDEN.search(attributes) else words
