"""Counting lines over pages: what repeats word for word, and what only in part."""

from __future__ import annotations

import random

import pytest
from invented_sites import articles

from cleaner.authoring.learn_text import MONTH, NUMBER, count_lines, is_strong, read_line
from cleaner.kinds import PhraseMatch


def counted(lines: list[list[str]]) -> dict[str, PhraseMatch]:
    return {c.phrase or c.pattern: c.match for c in count_lines(lines).candidates}


@pytest.mark.parametrize(
    "text, tokens",
    [
        ("Updated: 14:05", ("updated", ":", NUMBER, ":", NUMBER)),
        ("am 3. Mai 2024", ("am", NUMBER, ".", MONTH, NUMBER)),
        ("March 12, 2024", (MONTH, NUMBER, ",", NUMBER)),
        ("May we ask 2 things", ("may", "we", "ask", NUMBER, "things")),
        ("the islands' 5 schools", ("the", "islands", "'", NUMBER, "schools")),
        ("", ()),
    ],
)
def test_numbers_and_months_are_made_alike(text: str, tokens: tuple[str, ...]) -> None:
    assert read_line(text).tokens == tokens


def test_fixed_parts_need_words_and_a_separator_or_several_words() -> None:
    assert is_strong(("photo", ":"), at_end=False)
    assert is_strong(("|", "lomvik", "herald"), at_end=True)
    assert not is_strong(("on", "tuesday"), at_end=False)
    assert not is_strong(("the", "northern", "road"), at_end=True)
    assert not is_strong((NUMBER, ":"), at_end=False)
    assert not is_strong((), at_end=True)


def test_a_line_on_three_pages_is_a_candidate_and_one_on_two_is_not() -> None:
    pages = [["Follow us", "Only here"], ["FOLLOW US!", "Only here"], ["Follow us"]]
    assert counted(pages) == {"FOLLOW US!": PhraseMatch.WHOLE}
    assert count_lines(pages).repeated == {"follow us", "only here"}


def test_a_line_counts_once_a_page() -> None:
    assert counted([["Share", "Share", "Share"], ["Share"]]) == {}


def test_changing_ends_beginnings_and_numbers_are_generalised() -> None:
    words = "harbour bridge school winter ferry council museum lantern".split()
    pages = [[f"Read more: {w} opens {w}s", f"{w} at dawn / Lomvik Herald", f"{n} minutes to read"] for n, w in enumerate(words)]
    found = counted(pages)
    assert found["Read more:"] is PhraseMatch.START
    assert found["at dawn / Lomvik Herald"] is PhraseMatch.END
    assert r"^\p{N}+\s+minutes\s+to\s+read$" in found


def test_long_lines_are_known_by_their_beginning() -> None:
    line = "The Lomvik Herald is printed on paper from the mills of Tesk " * 6
    found = count_lines([[line]] * 3).candidates
    assert [c.match for c in found] == [PhraseMatch.START]
    assert line.startswith(found[0].phrase)


def test_the_order_of_pages_does_not_matter() -> None:
    pages = [[line.text for line in a.lines] for a in articles("dorland-post.example", 40)]
    shuffled = pages[:]
    random.Random(3).shuffle(shuffled)
    assert count_lines(pages) == count_lines(shuffled)


def test_scripts_without_spaces_and_no_pages_at_all() -> None:
    assert count_lines([]).candidates == ()
    assert "関連記事：" in counted([[f"関連記事：{w}"] for w in ("港の橋が開通", "冬の時刻表", "学校の新校舎", "灯台の修復", "町議会の決定")])
