"""The compiled loops give what their twins in Python give, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cleaner import characters, model, native, scan
from cleaner.block import Medium

if native.compiled is None:
    pytest.skip("the compiled loops were not built here", allow_module_level=True)

LETTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.lists(st.text(st.sampled_from("abZ é.,;!?\n-_漢字かอกİß9\u0301\U0001f600\U00020000") | LETTERS, min_size=1), min_size=1, max_size=8)
PIECES = st.lists(
    st.sampled_from([
        "<p>", "</p>", "<div class='a b'>", "</div>", "<br>", "<hr>", "<a href='x'>", "</a>", "<span id=i>", "</span>", "<em>", "</em>", "<pre>", "</pre>",
        "<table><tr><td>", "</td><td>", "</td></tr></table>", "<h2>", "</h2>", "<li>", "<x-y z>", "</x-y>", "<!-- c -->", "one two", " ", "\n", "&amp;",
        "&nbsp;", "a < b", "\u2003x", "<b a==\"q\" c='>'>", "</b>", "long " * 60, "日本", "<img>",
    ]),
    max_size=40,
)  # fmt: skip


def equal(one: Any, other: Any) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@given(TEXTS)
def test_characters(texts: list[str]) -> None:
    assert equal(characters.read_compiled(texts), characters.read_vectorised(texts))


@given(PIECES)
def test_scan(pieces: list[str]) -> None:
    markup = LexborHTMLParser("<body>" + "".join(pieces)).html or ""
    one, other = scan.scan_compiled(markup), scan.Scan().scanned(markup)
    assert (one.kinds, one.texts, one.head) == (other.kinds, other.texts, other.head)
    assert equal((one.elements, one.blocks), (other.elements, other.blocks))


@given(st.text(st.sampled_from("<>/ab =\"\n &;p!-")))
def test_scan_of_what_no_parser_wrote(markup: str) -> None:
    one, other = scan.scan_compiled(markup), scan.Scan().scanned(markup)
    assert (one.kinds, one.texts, one.head) == (other.kinds, other.texts, other.head)
    assert equal((one.elements, one.blocks), (other.elements, other.blocks))


@pytest.mark.parametrize("medium", list(Medium))
def test_leaves(medium: str) -> None:
    trees = model.shipped(medium).first
    rows = np.random.default_rng(0).normal(size=(len(trees.names), 50)).astype(np.float32)
    assert np.array_equal(trees.add_leaves_compiled(rows), trees.add_leaves(rows))
