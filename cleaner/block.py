"""The one model of a document, for HTML and for text: a list of blocks over a text with exact offsets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


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

    `words` are its class, id and the like as written, `parent` is -1 at the top. A parent's number is always
    lower than its children's. `cut_chars` counts the characters of links that a first cut took out of it.
    """

    parent: int
    tag: str
    words: str
    depth: int
    first: int
    last: int
    cut_chars: int = 0


class Said(NamedTuple):
    """What a page says of itself in its head and its JSON-LD: titles, descriptions, and the article's text."""

    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    article_body: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A segmented source. For stored text `text` is the source itself, for HTML the blocks' texts in order."""

    text: str
    blocks: tuple[Block, ...]
    medium: Medium
    tree: tuple[Node, ...] = ()
    said: Said = Said()
    lang: str = ""

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
            node = self.tree[node].parent
        return found
