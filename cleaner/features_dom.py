"""What a page's elements say of each block, as columns over all blocks.

Elements are numbered as they open, so an element's blocks are one stretch, and whatever is summed over a
container is a difference of two cumulative sums.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from cleaner.block import Document, Ints, Tree
from cleaner.characters import Floats
from cleaner.class_words import NAMES, as_columns, groups_of
from cleaner.columns import Columns, shift
from cleaner.features import BlockText
from cleaner.native import compiled_page
from cleaner.title import squash
from cleaner.vocabulary import overlap

LEVELS = (1, 2, 3)
# The main container is the deepest that holds this share of the page's unlinked prose.
MAIN_SHARE = 0.6
TAGS = (
    "p",
    "li",
    "div",
    "figcaption",
    "blockquote",
    "pre",
    "dd",
    "dt",
    "tr",
    "section",
    "article",
    "header",
    "footer",
    "button",
    "label",
    "address",
    "summary",
)
TAG_NUMBER = {tag: number for number, tag in enumerate(TAGS)}
INLINE_LEADS = frozenset(("span", "em", "strong", "small", "i", "b", "time", "cite", "label", "font"))
HEADINGS = {f"h{level}": level for level in range(1, 7)}
INSIDE = ("article", "main", "nav", "aside", "footer", "header", "form", "figure", "ul", "ol", "table", "blockquote",
          "section", "button", "details", "dialog", "address", "dl", "a")  # fmt: skip
INSIDE_BIT = {tag: 1 << number for number, tag in enumerate(INSIDE)}
TAG_NAMES = tuple(f"tag_{tag}" for tag in TAGS)
INSIDE_NAMES = tuple(f"inside_{tag}" for tag in INSIDE)
NEAR_NAMES = tuple(f"near_{name}" for name in NAMES)
WITHIN_NAMES = tuple(f"within_{name}" for name in NAMES)

FEATURES: dict[str, str] = {
    "link_density": "characters in links, of all (Kohlschütter 2010)",
    "depth": "elements around the block",
    "heading": "1 to 6 for headings, else 0",
    "inline_element": "1 if one inline element with a class holds the whole block",
    "glued": "1 if only a <br> parts it from the block before",
    "custom_element": "1 for elements with a hyphen in their name",
    **{f"tag_{tag}": f"1 for <{tag}>" for tag in TAGS},
    **{f"inside_{tag}": f"1 if a <{tag}> is around it" for tag in INSIDE},
    **{f"near_{name}": f"the element or the one around it is named as {name}" for name in NAMES},
    **{f"within_{name}": f"any element around it is named as {name}" for name in NAMES},
    **{f"{what}_{level}": f"{text} of the element {level} above" for level in LEVELS for what, text in (
        ("prose_share", "unlinked words of prose, of the page's, inside"), ("container_links", "link density"),
        ("container_prose", "prose, of the words"), ("container_blocks", "log of the blocks"))},
    "in_main": "1 inside the main container: the deepest with 60 % of the unlinked prose",
    "main_distance": "elements from the main container up to the first that holds both",
    "below_main": "elements from that one down to the block",
    "core_parent": "1 if the element around is the one with most prose directly in it",
    "core_distance": "elements from that one up to the first that holds both",
    "before_core": "blocks until the core's first, at most 30; 0 inside and after",
    "after_core": "blocks since the core's last, at most 30; 0 inside and before",
    "same_element": "log of the elements with the same tag, class and id",
    "same_parent": "the same for the element around it",
    "same_grandparent": "the same for the one around that",
    "same_as_core": "1 if tag, class and id are those of most prose in the core",
    "in_description": "words of the block that the page's description has, of the block's",
    "description_share": "words of the description that the block has, of the description's",
    "in_article_body": "1 if JSON-LD's articleBody has the block, 0 if not, -1 if there is none",
    "since_h1": "blocks since the first h1, at most 40; -1 before it or without one",
    "joined_prev": "1 if the block before has the same parent element",
    "joined_next": "1 if the block after has",
    **{f"{side}_{name}": f"{name} of the block {side}" for side in ("prev", "next") for name in ("link_density", "heading", "tag_p")},
}  # fmt: skip
DOM_NAMES = tuple(FEATURES)
COMPILED = compiled_page is not None and compiled_page.dom_columns(len(TAGS), len(INSIDE), len(NAMES)) == len(DOM_NAMES)


def dom_columns(document: Document, text: BlockText, texts: Sequence[str]) -> Columns:
    """All columns of `FEATURES` for a page of n blocks."""
    columns = Columns.blank(DOM_NAMES, len(document.blocks))
    (fill_compiled if COMPILED else fill_vectorised)(columns, document, text)
    columns["in_article_body"] = _in_article_body(document.said.article_body, texts)
    return columns


def fill_compiled(columns: Columns, document: Document, text: BlockText) -> None:
    """Fill all columns but `in_article_body` with the compiled loop."""
    description = text.description.word_hash if document.said.descriptions else None
    compiled_page.fill_dom(
        columns.table, text, document.blocks, document.tree, TAG_NUMBER, HEADINGS, INLINE_LEADS, INSIDE_BIT, len(NAMES), groups_of, description
    )


def fill_vectorised(columns: Columns, document: Document, text: BlockText) -> None:
    """Fill all columns but `in_article_body` with NumPy."""
    blocks = document.blocks
    n = len(blocks)
    node = np.fromiter((b.node for b in blocks), dtype=np.int64, count=n)
    links = np.fromiter((b.link_chars for b in blocks), dtype=np.float32, count=n)
    chars = np.fromiter((b.end - b.start for b in blocks), dtype=np.float32, count=n)
    tree = document.tree
    columns["link_density"] = np.minimum(links / np.maximum(chars, 1), 1)
    _elements(columns, document, tree, node)
    _names(columns, tree, node)
    _containers(columns, tree, node, text, links, chars)
    _core(columns, tree, node, text, columns["link_density"])
    h1 = np.flatnonzero(columns["heading"] == 1)
    index = np.arange(n)
    columns["since_h1"] = np.where(index >= h1[0], np.minimum(index - h1[0], 40), -1) if len(h1) else -1
    # What the page says of itself outside its blocks: a block that says the same is the article's.
    if document.said.descriptions:
        columns["in_description"], columns["description_share"] = overlap(text.chars, text.description, n)
    else:
        columns["in_description"] = columns["description_share"] = -1
    for name in ("link_density", "heading", "tag_p"):
        columns[f"prev_{name}"] = shift(columns[name], 1)
        columns[f"next_{name}"] = shift(columns[name], -1)


def _elements(columns: Columns, document: Document, tree: Tree, node: Ints) -> None:
    # A tag is looked at once for each kind of element, not for each block.
    kind = tree.kind[node]
    number = np.array([TAG_NUMBER.get(tag, -1) for tag, _ in tree.names], dtype=np.int64)[kind]
    columns.put(TAG_NAMES, number == np.arange(len(TAGS))[:, None])
    by_kind = {
        "heading": [HEADINGS.get(tag, 0) for tag, _ in tree.names],
        "inline_element": [tag in INLINE_LEADS for tag, _ in tree.names],
        "custom_element": ["-" in tag for tag, _ in tree.names],
    }
    for name, values in by_kind.items():
        columns[name] = np.array(values, dtype=np.float32)[kind]
    columns["glued"] = np.fromiter((b.glued for b in document.blocks), dtype=np.float32, count=len(node))
    columns["depth"] = np.minimum(tree.depth[node], 40)
    bits = tree.inherited(np.array([INSIDE_BIT.get(tag, 0) for tag, _ in tree.names], dtype=np.int64)[tree.kind])[node]
    columns.put(INSIDE_NAMES, as_columns(bits, len(INSIDE)))


def _names(columns: Columns, tree: Tree, node: Ints) -> None:
    mine = np.array([groups_of(words) for _, words in tree.names], dtype=np.int64)[tree.kind]
    # What <body> and <html> are named says what page this is, not where in it.
    around = tree.inherited(np.where(tree.depth > 1, mine, 0))
    columns.put(NEAR_NAMES, as_columns(mine[node] | mine[tree.above(node, 1)], len(NAMES)))
    columns.put(WITHIN_NAMES, as_columns(around[node], len(NAMES)))
    counts = np.bincount(tree.kind)
    for level, column in enumerate(("same_element", "same_parent", "same_grandparent")):
        columns[column] = np.log1p(counts[tree.kind[tree.above(node, level)]].astype(np.float32))


def _containers(columns: Columns, tree: Tree, node: Ints, text: BlockText, links: Floats, chars: Floats) -> None:
    prose = np.where(text.prose, text.words, 0) * (1 - columns["link_density"])
    sums = {
        name: np.concatenate([np.zeros(1), np.cumsum(values, dtype=np.float64)])
        for name, values in (("prose", prose), ("links", links), ("chars", chars), ("words", text.words))
    }
    total = max(float(sums["prose"][-1]), 1.0)
    for level in LEVELS:
        container = tree.above(node, level)
        low, high = tree.first[container], tree.last[container]
        inside = {name: values[high] - values[low] for name, values in sums.items()}
        columns[f"prose_share_{level}"] = inside["prose"] / total
        cut = tree.cut_chars[container]
        columns[f"container_links_{level}"] = (inside["links"] + cut) / np.maximum(inside["chars"] + cut, 1)
        columns[f"container_prose_{level}"] = inside["prose"] / np.maximum(inside["words"], 1)
        columns[f"container_blocks_{level}"] = np.log1p((high - low).astype(np.float32))


def _core(columns: Columns, tree: Tree, node: Ints, text: BlockText, density: Floats) -> None:
    prose = np.where(text.prose, text.words, 0) * (1 - density)
    sums = np.concatenate([np.zeros(1), np.cumsum(prose, dtype=np.float64)])
    share = (sums[tree.last] - sums[tree.first]) / max(float(sums[-1]), 1.0)
    main = int(np.flatnonzero(share >= MAIN_SHARE)[-1]) if (share >= MAIN_SHARE).any() else 0
    parent = tree.above(node, 1)
    direct = np.bincount(parent, weights=prose, minlength=len(tree.parent))
    core = int(np.argmax(direct))
    n = len(node)
    index = np.arange(n)
    for name, target in (("main", main), ("core", core)):
        shared = _shared_depth(tree, target)[node]
        columns[f"{name}_distance"] = tree.depth[target] - shared
        if name == "main":
            columns["below_main"] = np.minimum(tree.depth[node] - shared, 20)
    columns["in_main"] = (index >= tree.first[main]) & (index < tree.last[main])
    columns["core_parent"] = parent == core
    columns["before_core"] = np.clip(tree.first[core] - index, 0, 30)
    columns["after_core"] = np.clip(index - tree.last[core] + 1, 0, 30)
    in_core = parent == core
    kinds = np.bincount(tree.kind[node[in_core]], weights=prose[in_core]) if in_core.any() else np.zeros(1)
    columns["same_as_core"] = tree.kind[node] == int(np.argmax(kinds))
    joined = parent[1:] == parent[:-1]
    columns["joined_prev"] = np.concatenate([[False], joined])[:n]
    columns["joined_next"] = np.concatenate([joined, [False]])[:n]


def _shared_depth(tree: Tree, target: int) -> Ints:
    """For each node the depth of the deepest element that holds both it and `target`."""
    path = []
    node = target
    while node >= 0:
        path.append(node)
        node = int(tree.parent[node])
    on_path = np.zeros(len(tree.parent), dtype=bool)
    on_path[path] = True
    result = np.where(on_path, tree.depth, 0)
    for level in itertools.islice(tree.levels(), 1, None):
        off = level[~on_path[level]]
        result[off] = result[tree.parent[off]]
    return result


def _in_article_body(said: str, texts: Sequence[str]) -> Floats:
    whole = squash(said)
    if len(whole) <= 200:
        return np.full(len(texts), -1, dtype=np.float32)
    return np.fromiter((bool(s := squash(t)) and s in whole for t in texts), dtype=np.float32, count=len(texts))
