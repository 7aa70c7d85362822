"""Read a page's markup, as lexbor writes it, into elements and the raw texts between them, in one pass.

The tree written out again is well-formed, so one pass of a regular expression over it, or of a compiled loop,
replaces a walk from node to node, which in Python costs several times as much.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from cleaner.block import Ints
from cleaner.native import compiled_scan

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr q rb rp rt rtc ruby s "
    "samp small span strike strong sub sup time tt u var wbr picture img source track param area input meta link base col "
    "g-emoji mi mo mn mrow msup msub mfrac msqrt mtext mstyle mover munder mspace semantics annotation".split()
)
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
CELLS = frozenset(("td", "th"))
# What a tag does to the text around it: nothing, stand in it, part it in a way of its own, or just part it.
SILENT, TEXT, SPECIAL, PLAIN = range(4)
ROLES = {
    **dict.fromkeys(INLINE, TEXT),
    **dict.fromkeys(INLINE & VOID, SILENT),
    **dict.fromkeys((*(VOID - INLINE), *CELLS, "pre"), SPECIAL),
}
# A table's cells are joined into one block a row unless they hold this much text: then the table is layout.
ROW_CHARS = 200
# As lexbor writes a tag: each attribute is a space, a name (it may hold a stray quote), ="value".
TAG = re.compile(r'<(/?)([a-z][^\s/>]*+)((?: =?[^\s=>]*+="[^"]*+")*+)>([^<]*+)')
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# What browsers fold; other white space is the author's, and repair's business.
SPACE = re.compile(r"[ \t\n\r\f]+")
ODD_SPACE = re.compile("[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


class Scanned(NamedTuple):
    """A page's m elements and n blocks.

    `elements` is (5, m): parent (-1 at the top), depth, number of the kind, first block, last block (exclusive; -1 for
    elements that nothing closes). `kinds` are pairs of tag and attributes as written. `blocks` is (3, n): element (-1
    outside all), characters inside links, 1 if glued. `texts` are the n blocks' texts. `head` is the markup before the
    body.
    """

    elements: Ints
    kinds: list[tuple[str, str]]
    blocks: Ints
    texts: list[str]
    head: str


def scan(markup: str) -> Scanned:
    """Read a page's markup as lexbor wrote it."""
    return scan_compiled(markup) if compiled_scan is not None else Scan().scanned(markup)


def scan_compiled(markup: str) -> Scanned:
    """What `Scan` gives, from the compiled loop."""
    loop = compiled_scan.Scan(ROLES, readable, ROW_CHARS)
    room = loop.load(markup)
    elements, blocks = np.empty((5, room), dtype=np.int64), np.empty((3, room), dtype=np.int64)
    loop.read(elements, blocks)
    return Scanned(elements[:, : loop.elements_read], loop.kinds, blocks[:, : len(loop.texts)], loop.texts, loop.head)


def unescaped(text: str) -> str:
    """Text with lexbor's four escapes undone; it writes no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u00a0").replace("&amp;", "&")


def readable(text: str) -> str:
    """A block's text as a reader sees it: escapes undone, white space folded. Line breaks of <pre> come as "\\0"."""
    if "&" in text:
        text = unescaped(text)
    if "\x00" in text:
        return "\n".join(" ".join(line.split()) for line in text.split("\x00")).strip()
    if text.isascii() or not ODD_SPACE.search(text):
        return " ".join(text.split()).removesuffix(" |")
    return SPACE.sub(" ", text).strip().removesuffix(" |")


class Scan:
    """One pass over a page's markup, in Python. Elements that cannot hold inline text make the tree; the rest is text."""

    def __init__(self) -> None:
        # One entry an element: its parent, depth, kind (tag and attributes), and the blocks that it holds.
        self.parents: list[int] = []
        self.depths: list[int] = []
        self.kinds: list[int] = []
        self.first: list[int] = []
        self.last: list[int] = []
        self.kind_numbers: dict[tuple[str, str], int] = {}
        # One entry a block.
        self.texts: list[str] = []
        self.nodes: list[int] = []
        self.links: list[int] = []
        self.gluings: list[bool] = []
        # What is open just now.
        self.current = -1
        self.depth = -1
        self.pieces: list[str] = []
        self.link_chars = 0
        self.glued = False
        self.lead: tuple[str, str] | None = None
        self.lead_depth = 0
        self.lead_end = -1
        # How deep in links, in <pre> and in inline elements.
        self.inside = (0, 0, 0)

    def scanned(self, markup: str) -> Scanned:
        """Read all of the markup."""
        markup = COMMENT.sub("", markup)
        head, _, body = markup.partition("<body")
        # Without a body, or with one cut off in its tag, all is read.
        self.read("<body" + body if body else markup)
        elements = np.array([self.parents, self.depths, self.kinds, self.first, self.last], dtype=np.int64)
        blocks = np.array([self.nodes, self.links, self.gluings], dtype=np.int64)
        return Scanned(elements, list(self.kind_numbers), blocks, self.texts, head)

    def read(self, markup: str) -> None:
        """Fill the tree and the raw blocks."""
        self.feed(markup)
        if self.pieces:
            self.flush()

    def feed(self, markup: str) -> None:
        """Read a stretch of markup that ends before a tag or at the end."""
        pieces = self.pieces
        in_link, in_pre, inline_depth = self.inside
        for slash, name, attributes, text in TAG.findall(markup):
            role = ROLES.get(name, PLAIN)
            if role is PLAIN:
                if pieces:
                    self.flush()
                self.move(slash, name, attributes)
            elif role is TEXT:
                if slash:
                    inline_depth -= 1
                    in_link -= name == "a"
                    if self.lead is not None and self.lead_end < 0 and inline_depth == self.lead_depth:
                        self.lead_end = len(pieces)
                else:
                    if attributes and not pieces and self.lead is None and name != "a":
                        self.lead, self.lead_depth, self.lead_end = (name, attributes), inline_depth, -1
                    inline_depth += 1
                    in_link += name == "a"
            elif role is SPECIAL:
                in_pre += self.special(slash, name, attributes)
            if text:
                if in_pre:
                    text = text.replace("\n", "\x00")
                if pieces or not text.isspace():
                    pieces.append(text)
                    if in_link > 0:
                        linked = unescaped(text) if "&" in text else text
                        self.link_chars += len(" ".join(linked.split())) + (linked[-1] == " ")
        self.inside = (in_link, in_pre, inline_depth)

    def special(self, slash: str, name: str, attributes: str) -> int:
        """A tag that parts blocks in a way of its own: br, hr, pre, table cells. By how much deeper in <pre> it leads."""
        if name in CELLS:
            self.cell(bool(slash))
        elif self.pieces:
            self.flush()
        if name in VOID:
            self.glued = name == "br" and bool(self.texts)
            return 0
        self.move(slash, name, attributes)
        return 0 if name != "pre" else -1 if slash else 1

    def move(self, slash: str, name: str, attributes: str) -> None:
        """Enter or leave an element of the tree."""
        self.lead = None
        self.glued = False
        if not slash:
            self.current = self.open(name, attributes)
            self.depth += 1
        elif self.current >= 0:
            self.last[self.current] = len(self.texts)
            self.current = self.parents[self.current]
            self.depth -= 1

    def open(self, name: str, attributes: str) -> int:
        """Add an element below the current one; its number."""
        self.parents.append(self.current)
        self.depths.append(self.depth + 1)
        self.kinds.append(self.kind_numbers.setdefault((name, attributes), len(self.kind_numbers)))
        self.first.append(len(self.texts))
        self.last.append(-1)
        return len(self.parents) - 1

    def cell(self, closing: bool) -> None:
        """At the edge of a table cell: part it from the one before, in the row's block or as a block of its own."""
        if not self.pieces:
            return
        if sum(map(len, self.pieces)) > ROW_CHARS:
            self.flush()
        elif not closing:
            self.pieces.append(" | ")

    def flush(self) -> None:
        """End the block that is being read."""
        text = readable("".join(self.pieces))
        if text:
            node = self.current
            if self.lead is not None and not any(p.strip() for p in self.pieces[self.lead_end :] if self.lead_end >= 0):
                node = self.open(*self.lead)
                self.last[node] = len(self.texts) + 1
            self.texts.append(text)
            self.nodes.append(node)
            self.links.append(min(self.link_chars, len(text)))
            self.gluings.append(self.glued)
        self.pieces.clear()
        self.link_chars = 0
        self.lead = None
