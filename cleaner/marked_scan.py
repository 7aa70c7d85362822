"""Read markup in which ranges are marked: what `scan` reads, and the offsets of the marks in the text.

A mark is two empty elements that part nothing, `<wbr data-cleaner-mark="s3-7">` where range 7 begins, which
selector number 3 chose, and `e3-7` where it ends.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cleaner.block import Mark
from cleaner.scan import Scan, Scanned, unescaped

ATTRIBUTE = "data-cleaner-mark"
# lexbor writes quotes in attributes as &quot; and "<" in texts as &lt;, so nothing else looks like this.
AT_MARKER = re.compile(rf'(?=<wbr {ATTRIBUTE}=")')
MARKER = re.compile(rf'<wbr {ATTRIBUTE}="([se])(\d+)-(\d+)"')


def forget_marks(parser: LexborHTMLParser) -> None:
    """Take the attribute from a page that has it by itself."""
    for node in parser.css(f"[{ATTRIBUTE}]"):
        del node.attrs[ATTRIBUTE]


def mark(parser: LexborHTMLParser, node: LexborNode, selection: int, number: int, *, and_following: bool = False) -> None:
    """Put marks around what an element holds; with `and_following` around it and all its following siblings."""
    first, parent = node.first_child, node.parent
    if and_following and parent is not None and node.tag not in ("html", "body"):
        node.insert_before(_marker(parser, f"s{selection}-{number}"))
        parent.insert_child(_marker(parser, f"e{selection}-{number}"))
    elif first is not None:
        first.insert_before(_marker(parser, f"s{selection}-{number}"))
        node.insert_child(_marker(parser, f"e{selection}-{number}"))


def _marker(parser: LexborHTMLParser, value: str) -> LexborNode:
    node = parser.create_node("wbr")
    node.attrs[ATTRIBUTE] = value
    return node


def scan_marked(markup: str) -> tuple[Scanned, tuple[Mark, ...]]:
    """Read markup that lexbor wrote, with marks in it. Marks that hold no text are left out."""
    scan = MarkedScan()
    return scan.scanned(markup), scan.marks()


class _Note(NamedTuple):
    """A mark begins or ends after so many pieces of the block that is being read."""

    ends: bool
    selection: int
    number: int
    pieces: int


class MarkedScan(Scan):
    """The same pass that keeps count of marks."""

    def __init__(self) -> None:
        super().__init__()
        self.pending: list[_Note] = []
        self.offset = 0  # of the next block
        self.starts: dict[tuple[int, int], int] = {}
        self.ends: dict[tuple[int, int], int] = {}

    def read(self, markup: str) -> None:
        """Fill the tree, the raw blocks and the marks."""
        for stretch in AT_MARKER.split(markup):
            found = MARKER.match(stretch)
            if found:
                self.pending.append(_Note(found[1] == "e", int(found[2]), int(found[3]), len(self.pieces)))
                if not self.pieces:
                    self._settle("", [])
            self.feed(stretch)
        self.flush()

    def marks(self) -> tuple[Mark, ...]:
        """The marks read, by their starts."""
        ranges = ((key[0], start, self.ends.get(key, -1)) for key, start in self.starts.items())
        return tuple(sorted((Mark(*m) for m in ranges if m[1] < m[2]), key=lambda m: (m.start, -m.end, m.selection)))

    def flush(self) -> None:
        """End the block that is being read, and see where in it marks stand."""
        blocks, pieces = len(self.texts), self.pieces.copy()
        super().flush()
        text = self.texts[-1] if len(self.texts) > blocks else ""
        if self.pending:
            self._settle(text, pieces)
        if text:
            self.offset += len(text) + 1

    def _settle(self, text: str, pieces: list[str]) -> None:
        """Give the marks noted their offsets, in the block of this text or, where it is "", at the edge of blocks.

        White space is folded, nothing else: the letters before a mark are as many in the pieces as in the text.
        """
        letters = [at for at, c in enumerate(text) if not c.isspace()]
        before = [0]
        for piece in pieces:
            before.append(before[-1] + sum(not (c.isspace() or c == "\x00") for c in (unescaped(piece) if "&" in piece else piece)))
        for note in self.pending:
            count = min(before[note.pieces], len(letters)) if text else 0
            key = (note.selection, note.number)
            if note.ends:
                # At the edge: the end of the block before.
                self.ends[key] = self.offset + (letters[count - 1] + 1 if count else -1)
            else:
                after = letters[count] if count < len(letters) else len(text) + 1 if text else 0
                self.starts[key] = self.offset + after
        self.pending.clear()
