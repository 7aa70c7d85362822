"""Cut a page into blocks: one per paragraph, heading, list item, caption, table row …

lexbor (through selectolax) parses the page as a browser does. Its tree, written out again, is well-formed,
so one pass of a regular expression over it replaces a walk from node to node, which in Python costs
several times as much.
"""

from __future__ import annotations

import html as html_entities
import re

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from cleaner.block import Block, Document, Ints, Medium, Tree
from cleaner.page_head import what_page_says

INVISIBLE = ["script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "canvas", "select",
             "textarea", "audio", "video", "map", "noembed", "noframes", "xmp", "plaintext", "datalist", "frameset"]  # fmt: skip
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
# What browsers fold; other white space is the author's, and repair's business.
SPACE = re.compile(r"[ \t\n\r\f]+")
ODD_SPACE = re.compile("[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
NAMING = re.compile(
    r' (?:class|id|role|itemprop|itemtype|rel|data-testid|data-test|data-component|data-type|aria-label|property)="([^"]++)"'
)
HIDDEN = re.compile(r' hidden=""| aria-hidden="true"| style="[^"]*?(?:display: ?none|visibility: ?hidden)')
LANG = re.compile(r'<html[^>]*? (?:xml:)?lang="([A-Za-z]{2,3})')


def segment_html(page: str) -> Document:
    """The blocks of a page, in the order of its source. `document.text` is their texts, parted by line breaks."""
    parser = LexborHTMLParser(page)
    parser.strip_tags(INVISIBLE)
    markup = parser.html or ""
    if "<!--" in markup:
        markup = COMMENT.sub("", markup)
    head, _, body = markup.partition("<body")
    scan = _Scan()
    scan.read("<body" + body if body else markup)
    return scan.document(head, page)


class _Scan:
    """One pass over a page's markup. Elements that cannot hold inline text make the tree; the rest is text."""

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

    def read(self, markup: str) -> None:
        """Fill the tree and the raw blocks."""
        pieces = self.pieces
        in_link = in_pre = inline_depth = 0
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
                        linked = html_entities.unescape(text) if "&" in text else text
                        self.link_chars += len(" ".join(linked.split())) + (linked[-1] == " ")
        if pieces:
            self.flush()

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
        text = "".join(self.pieces)
        if "&" in text:
            text = html_entities.unescape(text)
        if "\x00" in text:
            text = "\n".join(" ".join(line.split()) for line in text.split("\x00")).strip()
        elif text.isascii() or not ODD_SPACE.search(text):
            text = " ".join(text.split()).removesuffix(" |")
        else:
            text = SPACE.sub(" ", text).strip().removesuffix(" |")
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

    def document(self, head: str, page: str) -> Document:
        """Give each block its offset, and keep of the tree what leads to a block."""
        new, tree = self.tree()
        nodes = new[np.array(self.nodes, dtype=np.int64)].tolist()
        tags = [tree.names[kind][0] for kind in tree.kind[nodes].tolist()]
        ends = (np.cumsum([len(text) + 1 for text in self.texts]) - 1).tolist() if nodes else []
        starts = [0, *(end + 1 for end in ends[:-1])]
        found = LANG.search(head)
        return Document(
            "\n".join(self.texts), tuple(map(Block, starts, ends, tags, nodes, self.links, self.gluings)), Medium.HTML, tree,
            what_page_says(head, page), found[1].lower() if found else "",
        )  # fmt: skip

    def tree(self) -> tuple[Ints, Tree]:
        """New numbers for the elements that hold at least one block (-1 for the others), and those elements."""
        parent, depth, kind, first, last = (
            np.array(column, dtype=np.int64) for column in (self.parents, self.depths, self.kinds, self.first, self.last)
        )
        last[last < 0] = len(self.texts)
        used = last > first
        new = np.where(used, np.cumsum(used) - 1, -1)
        above = parent[used]
        named: dict[tuple[str, str], int] = {}
        kinds = np.array([named.setdefault((tag, _words(a)), len(named)) for tag, a in self.kind_numbers], dtype=np.int64)
        count = int(used.sum())
        tree = Tree(
            np.where(above >= 0, new[above], -1), depth[used], first[used], last[used], np.zeros(count, dtype=np.int64),
            kinds[kind[used]], tuple(named),
        )  # fmt: skip
        return new, tree


def _words(attributes: str) -> str:
    """The names that a page's author gave an element, "hidden" among them where a reader does not see it."""
    if not attributes:
        return ""
    words = " ".join(NAMING.findall(attributes))
    maybe_hidden = "hidden" in attributes or "none" in attributes
    return words + " hidden" if maybe_hidden and HIDDEN.search(attributes) else words
