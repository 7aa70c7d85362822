"""The compiled columns are those of their twins in NumPy, to the last bit: trees compare them with borders."""

from __future__ import annotations

import base64
import json
import lzma
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import features, features_context, features_dom, features_topic, model, native
from cleaner.block import Document, Medium, Said
from cleaner.characters import Floats
from cleaner.class_words import BITS, found_by_pattern
from cleaner.columns import Columns
from cleaner.decode import decode
from cleaner.features import BlockText, read_text
from cleaner.first_cut import first_cut
from cleaner.kinds import Kind, Scope
from cleaner.match import Match, find_matches
from cleaner.model import WordWeights
from cleaner.ruleset import shipped
from cleaner.segment_html import segment_html
from cleaner.segment_text import segment_text
from cleaner.title import squash_by_pattern

if native.compiled_text is None or native.compiled_page is None:
    pytest.skip("the compiled loops were not built here", allow_module_level=True)

FIXTURES = sorted(p for p in (Path(__file__).parent.parent / "fixtures").iterdir() if p.suffix in (".txt", ".html"))
CORPUS = Path(os.environ.get("CLEANER_DATA", "")) / "corpus"
SENTENCES = st.lists(
    st.sampled_from([
        "The ferry left at nine.", "Crews walk out over nights.", "Read more", "Photo:", "A", "12:30 – 14", "Also Read: “Storm”", "漢字かな", "ЖИВОЙ мост",
        "east quay " * 12, "Nobody aboard was hurt, the harbour office said (again).", "| / >", "\n\n\n\n\n", "\n", "€ 9", "İß é", "?", "...»",
    ]),
    min_size=1, max_size=30,
)  # fmt: skip
TAGS = ["p", "div", "li", "h1", "h2", "span", "figcaption", "article", "aside", "ul", "section", "x-y", "main", "footer"]
ELEMENTS = st.lists(
    st.tuples(
        st.sampled_from(TAGS), st.sampled_from(["", ' class="article-body"', ' id="relatedPosts"', ' class="teaser" hidden=""']),
        st.sampled_from(["open", "one", "link", "close", "br"]),
    ),
    min_size=1, max_size=30,
)  # fmt: skip
RULES: list[Any] = [SimpleNamespace(kind=kind, scope=scope) for kind in (None, *Kind) for scope in Scope]


def same(names: Sequence[str], n: int, one: Callable[[Columns], None], other: Callable[[Columns], None]) -> None:
    """Both fill the same columns with the same values."""
    columns, twin = Columns.blank(tuple(names), n), Columns.blank(tuple(names), n)
    columns.table[:] = twin.table[:] = np.float32(7e7)
    one(columns)
    other(twin)
    assert [name for name in names if not np.array_equal(columns[name], twin[name])] == []


def compare(document: Document, text: BlockText, matches: Sequence[Match], words: WordWeights, scores: Floats) -> None:
    """All columns of a document, from the compiled loops and from NumPy."""
    n = len(document.blocks)
    same(
        features.NAMES, n,
        lambda c: features.fill_compiled(c, document, text, matches), lambda c: features.fill_vectorised(c, document, text, matches),
    )  # fmt: skip
    context = features_context
    same(context.WORD_NAMES, n, lambda c: context.fill_words_compiled(c, text, words), lambda c: context.fill_words(c, text, words))
    same(context.PASS_NAMES, n, lambda c: context.fill_pass_compiled(c, scores, text), lambda c: context.fill_pass(c, scores, text))
    topic = features_topic
    same(topic.NAMES, n, lambda c: topic.fill_compiled(c, text), lambda c: topic.fill_vectorised(c, text))
    if document.medium is Medium.TEXT:
        return
    same(
        context.PASS_DOM_NAMES, n,
        lambda c: context.fill_pass_dom_compiled(c, scores, text, document), lambda c: context.fill_pass_dom(c, scores, text, document),
    )  # fmt: skip
    same(
        features_dom.DOM_NAMES, n,
        lambda c: features_dom.fill_compiled(c, document, text), lambda c: features_dom.fill_vectorised(c, document, text),
    )  # fmt: skip


def compare_as_read(document: Document, seed: int) -> None:
    """As `compare`, with the matches of the shipped rules and the shipped weights of words."""
    rest = first_cut(document).rest
    texts = [rest.text[b.start : b.end] for b in rest.blocks]
    if texts:
        scores = np.random.default_rng(seed).random(len(texts)).astype(np.float32)
        text = read_text(texts, texts[0], " ".join(document.said.descriptions))
        compare(rest, text, find_matches(texts, shipped()).found, model.shipped(document.medium).words, scores)


def compare_drawn(document: Document, data: st.DataObject) -> None:
    """As `compare`, with drawn matches, weights and scores, many of them equal."""
    texts = [document.text[b.start : b.end] for b in document.blocks]
    n = len(texts)
    if not n:
        return
    text = read_text(texts, data.draw(st.sampled_from(["", "Crews walk out", *texts])), " ".join(document.said.descriptions))
    found = data.draw(st.lists(st.tuples(st.sampled_from(RULES), st.integers(0, n - 1)), max_size=12))
    scores = data.draw(st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.7, 1.0]) | st.floats(0, 1, width=32), min_size=n, max_size=n))
    words = WordWeights(np.random.default_rng(n).integers(-128, 128, 1 << 6).astype(np.int8), data.draw(st.floats(0.001, 1)))
    compare(document, text, [Match(rule, block, 0, 1, {}) for rule, block in found], words, np.array(scores, dtype=np.float32))


@given(SENTENCES, st.data())
def test_stored_text(lines: list[str], data: st.DataObject) -> None:
    compare_drawn(segment_text("\n".join(lines)), data)


@given(ELEMENTS, SENTENCES, st.data())
def test_pages(elements: list[tuple[str, str, str]], texts: list[str], data: st.DataObject) -> None:
    markup = "<body>"
    for i, (tag, attributes, how) in enumerate(elements):
        text = texts[i % len(texts)]
        markup += {
            "open": f"<{tag}{attributes}>{text}", "one": f"<{tag}{attributes}>{text}</{tag}>", "close": f"</{tag}>", "br": f"{text}<br>",
            "link": f"<{tag}{attributes}><a href='x'>{text}</a> more</{tag}>",
        }[how]  # fmt: skip
    document = segment_html(markup)
    descriptions = data.draw(st.sampled_from([(), ("The ferry left.", "ЖИВОЙ"), ("",)]))
    compare_drawn(Document(document.text, document.blocks, document.medium, document.tree, Said(descriptions=descriptions)), data)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_fixtures(path: Path) -> None:
    source = decode(path.read_bytes())
    compare_as_read(segment_text(source) if path.suffix == ".txt" else segment_html(source), seed=1)


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The first 50 rows of a set."""
    with lzma.open(CORPUS / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for _, line in zip(range(50), lines):
            yield json.loads(line)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no labelled data; set CLEANER_DATA")
@pytest.mark.parametrize("name", ["fundus_dev", "wcxb_dev", "traf_dev", "text_fundus_dev", "text_wcxb_dev"])
def test_labelled_sets(name: str) -> None:
    for seed, row in enumerate(rows(name)):
        document = segment_html(decode(base64.b64decode(row["html"]))) if "html" in row else segment_text(row["text"])
        compare_as_read(document, seed)


@given(st.text(st.sampled_from("aB_9 é.-İΣ橋ſ\n\U0001f600²٣") | st.characters(exclude_categories=["Cs"])))
def test_squash(text: str) -> None:
    assert native.compiled_page.squash(text) == squash_by_pattern(text)


@given(st.lists(st.sampled_from(["article", "Body", "related", "posts", "s", "ss", "S", "AD", "Ads", "-", "_", " ", "1", "é", "x", "NAV", "news"])))
def test_groups_of_names(pieces: list[str]) -> None:
    words = "".join(pieces)
    assert native.compiled_page.groups_of(words, BITS) == found_by_pattern(words)


def test_every_column_is_compiled() -> None:
    assert features.COMPILED and features_dom.COMPILED and features_context.COMPILED and features_context.DOM_COMPILED
