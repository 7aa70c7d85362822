"""The compiled loops give what their twins in Python give, to the last bit."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cleaner import characters, first_cut, language, match, model, native, render, repair, scan, segment_html, segment_text
from cleaner.block import Block, Medium
from cleaner.kinds import Kind
from cleaner.removal import Removal
from cleaner.rule import fold
from cleaner.ruleset import RuleSet, read_rules

if None in (native.compiled_scan, native.compiled_blocks, native.compiled_characters, native.compiled_language, native.compiled_match, native.compiled_trees):
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


@given(PIECES)
def test_elements_and_blocks(pieces: list[str]) -> None:
    markup = LexborHTMLParser("<body>" + "".join(pieces)).html or ""
    scanned = scan.scan(markup)
    arguments = scanned.elements, len(scanned.texts), len(scanned.kinds)
    one, other = segment_html.used_elements_compiled(*arguments), segment_html.used_elements(*arguments)
    assert equal(one, other)
    document = segment_html.document_of(scanned, "")
    nodes = one.new[scanned.blocks[0]]
    made = segment_html.make_blocks_compiled(scanned, document.tree, nodes)
    assert made == segment_html.make_blocks(scanned, document.tree, nodes) == document.blocks
    assert all(type(block) is Block and type(block.glued) is bool for block in made)


@given(st.lists(st.sampled_from([*'ab ="-é', ' class="', ' id="', " data-test=", ' rel=""', ' title="'])))
def test_naming_words(pieces: list[str]) -> None:
    attributes = "".join(pieces)
    assert native.compiled_blocks.naming_words(attributes, segment_html.NAME_SET) == " ".join(segment_html.NAMING.findall(attributes))


@given(st.lists(st.tuples(st.sampled_from("pq"), st.sampled_from(["", ' class="a"', ' id="a"', ' hidden=""', ' x="none" class="a" rel="b"', ' style="display:none" role="r"', ' href="c"'])), unique=True))
def test_named_kinds(kinds: list[tuple[str, str]]) -> None:
    used = np.array([i % 3 != 1 for i in range(len(kinds))], dtype=np.uint8)
    one, other = segment_html.named_kinds_compiled(kinds, used), segment_html.named_kinds(kinds, used)
    assert np.array_equal(one[0], other[0])
    assert one[1] == other[1]


@given(PIECES, st.data())
def test_first_cut(pieces: list[str], data: st.DataObject) -> None:
    around = data.draw(st.sampled_from(["<div>", "<footer>", "<nav>", "<footer><article>", "<button>"]))
    document = segment_html.segment_html("<p>One</p>" + around + "".join(pieces))
    dropped = first_cut.hopeless(document)
    assert np.array_equal(first_cut.hopeless_compiled(document), dropped)
    one, other = first_cut.without_compiled(document, dropped), first_cut.without(document, dropped)
    assert one.blocks == other.blocks
    assert equal([getattr(one.tree, c) for c in ("first", "last", "cut_chars")], [getattr(other.tree, c) for c in ("first", "last", "cut_chars")])


@given(st.lists(st.sampled_from(["<SCRIPT", "<script ", "<scrip", "</style>", "<svg/>", "<", "s", "é", "<é", "<template", "<!--", "<xmp>"])))
def test_tags_that_a_page_does_not_open_need_no_stripping(pieces: list[str]) -> None:
    page = "".join(pieces)
    opened = native.compiled_blocks.tags_opened(page.encode(), segment_html.INVISIBLE)
    one, other = LexborHTMLParser(page), LexborHTMLParser(page)
    one.strip_tags(opened)
    other.strip_tags(segment_html.INVISIBLE)
    assert one.html == other.html
    assert opened == [tag for tag in segment_html.INVISIBLE if f"<{tag}" in page.lower()]


@given(st.lists(st.tuples(st.integers(1, 6), st.booleans()), max_size=6), st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=4))
def test_paragraphs(blocks: list[tuple[int, bool]], cuts: list[tuple[int, int]]) -> None:
    document = segment_text.segment_text("\n".join("abc de"[:length] for length, _ in blocks))
    removals, at = [], 0
    for gap, length in cuts:
        removals.append(Removal(Kind.NAV, "", 0.0, at + gap, at + gap + length, "", "x" * (length % 2)))
        at += gap + length
    shown = [keep for _, keep in blocks][: len(document.blocks)]
    assert render.paragraphs(document, removals, shown) == render.paragraphs_in_python(document, removals, shown)


@given(st.text(st.sampled_from("a \n\r\t\x0b\x0c\x1c\x85\u2028\u2029\u00a0\u3000é")) | st.text())
def test_lines(text: str) -> None:
    assert native.compiled_blocks.lines(text, Block) == segment_text.lines(text)


@given(st.lists(st.sampled_from([*language.BY_WORD, "The", "NEM", "\u0130\u00e7in", "\u0391\u03a3", "a\x00", "\x01", "word", "x" * 20, "\u65e5\u672c", "\ud800"])), st.sampled_from([" ", "\n", "\u2003", "\x1f", "-"]))
def test_languages(words: list[str], between: str) -> None:
    sample = between.join(words)
    assert list(language.count_votes(sample).items()) == list(language.votes_in_python(sample).items())
    assert language.not_latin(sample) == language.not_latin_in_python(sample)


@given(st.text() | st.text(st.sampled_from("".join(script for _, script in language.SCRIPTS) + "a б中ー\U00020000")))
def test_scripts(sample: str) -> None:
    assert language.count_scripts(sample) == language.scripts_in_python(sample)


def test_function_words_are_as_the_compiled_loop_has_them() -> None:
    assert not [word for word in language.BY_WORD if word != word.lower() or any(c in word for c in "\u0307\u03c3\u03c2")]


@given(st.text(st.sampled_from(repair.DAMAGE + "".join(repair.LEADS) + "".join(repair.LEADS.values()) + "абвa \n€”\U0001f600")))
def test_looks(text: str) -> None:
    assert repair.look(text) == repair.look_in_python(text)


WORDS = st.text(st.sampled_from("ab\u00df \n.,A\u0130\u03a3\u03c3\u2019\u00a0\t?\U0001f449"), min_size=1, max_size=7)


@given(st.lists(st.text(st.sampled_from("abA \n.,\u0130\u03a3\u03c3\u2019\u00a0\t?\ud800\U0001f449\u00df"), max_size=30), max_size=5), st.lists(WORDS, max_size=12), st.data())
def test_attempts(texts: list[str], words: list[str], data: st.DataObject) -> None:
    """Keywords tied to the edges of a block or not, phrases that are whole blocks, and what limits a rule."""
    toml = ""
    for number, word in enumerate(word for word in words if fold(word).strip()):
        limits = data.draw(st.sampled_from(["", "max_words = 1", 'where = "head"']))
        before, after = data.draw(st.sampled_from([("", ""), ("^", ""), ("", "$"), ("^", "$")]))
        how = data.draw(st.sampled_from([f"phrases = [{json.dumps(word, ensure_ascii=False)}]", f"pattern = 'a'\nkeywords = [{json.dumps(before + word + after, ensure_ascii=False)}]"]))
        toml += f'[[rule]]\nid = "r{number}"\nkind = "nav"\nhit = ["h"]\nmiss = ["m"]\n{how}\n{limits}\n'
    rules = RuleSet(tuple(read_rules(toml, file="x.toml", fragments={})))
    assert match.attempts_compiled(texts, rules, "") == match.attempts_in_python(texts, rules, "")


def test_each_character_is_folded_alike() -> None:
    compiled = native.compiled_match.fold
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assert [c for c in every if compiled(c) != fold(c)] == []


@pytest.mark.parametrize("medium", list(Medium))
def test_leaves(medium: str) -> None:
    trees = model.shipped(medium).first
    rows = np.random.default_rng(0).normal(size=(len(trees.names), 50)).astype(np.float32)
    assert np.array_equal(trees.add_leaves_compiled(rows), trees.add_leaves(rows))
