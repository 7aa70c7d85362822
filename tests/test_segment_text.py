"""Stored text is cut into lines, or into paragraphs where it is wrapped; every offset is exact."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.block import Medium
from cleaner.segment_text import segment_text

SENTENCES = (
    "The council voted on Tuesday to close the old bridge for the winter, and the mayor said that work on its wooden piers would begin as soon "
    "as the river falls below the second mark on the gauge at the mill, which it has not done since the end of August."
)
ODD = st.text(st.sampled_from("ab .\n\r\t\x0b\x0c\x85\u2028\u2029\u00a0\x1c\x1d\x1e\x1f\u3000\u200b"))


def texts(text: str) -> list[str]:
    document = segment_text(text)
    return [document.block_text(i) for i in range(len(document.blocks))]


def test_each_line_is_a_block() -> None:
    assert texts("Headline\nFirst.\n\n\nSecond.") == ["Headline", "First.", "Second."]


def test_white_space_around_a_line_belongs_to_no_block() -> None:
    document = segment_text("  One. \n\t\n Two words.")
    assert [(b.start, b.end) for b in document.blocks] == [(2, 6), (11, 21)]


def test_the_documents_text_is_the_source() -> None:
    document = segment_text(" a \r\n b ", lang="nl")
    assert (document.text, document.medium, document.lang, len(document.tree)) == (" a \r\n b ", Medium.TEXT, "nl", 0)
    assert {block.tag for block in document.blocks} == {"line"}
    assert document.ancestors(0) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_parts_lines(end: str) -> None:
    assert texts(f"One.{end}Two.{end}{end}Three.") == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_wrapped_by_width_are_paragraphs(end: str) -> None:
    wrapped = end.join(textwrap.wrap(SENTENCES, 70))
    assert texts(f"{wrapped}{end}{end}{wrapped}{end}{end}{wrapped}") == [wrapped] * 3


def test_long_paragraphs_on_a_line_each_stay_lines() -> None:
    assert texts(f"{SENTENCES}\n{SENTENCES}\n\n{SENTENCES}") == [SENTENCES] * 3


def test_whole_sentences_of_one_width_stay_lines() -> None:
    lines = ["The ferry left the harbour at seven with nine people aboard."] * 5
    assert texts("\n".join(lines) + "\n\nEnd.\n\nEnd.") == [*lines, "End.", "End."]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\r\n\t\u00a0"])
def test_no_text_has_no_blocks(text: str) -> None:
    assert texts(text) == []


@given(st.one_of(st.text(), ODD))
def test_blocks_lie_in_order_with_only_white_space_between(text: str) -> None:
    position = 0
    for block in segment_text(text).blocks:
        assert position <= block.start < block.end <= len(text)
        assert not text[position : block.start].strip()
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        position = block.end
    assert not text[position:].strip()
