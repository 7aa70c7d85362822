"""The headline is found in pages and in stored text."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from cleaner.segment_html import segment_html
from cleaner.segment_text import segment_text
from cleaner.title import Title, find_title, looks_like_headline, squash, strip_site

HEADLINE = "Harbour bridge reopens after flood"
BODY = "The old bridge over the harbour was opened again on Monday, two months after the flood that took away its northern piers."


def of_page(page: str, removed: Collection[int] = ()) -> Title:
    document = segment_html(page)
    return find_title(document, [document.block_text(i) for i in range(len(document.blocks))], removed)


def of_text(*lines: str, removed: Collection[int] = ()) -> Title:
    return find_title(segment_text("\n".join(lines)), lines, removed)


# Pages


def test_the_h1_that_the_head_names_is_the_title() -> None:
    page = f"<title>{HEADLINE} | Post</title><body><h1>The Post</h1><p>x</p><h1>{HEADLINE}</h1><p>{BODY}</p>"
    assert of_page(page) == (HEADLINE, (2,))


def test_the_h1_may_say_more_than_the_head() -> None:
    page = f'<meta property="og:title" content="{HEADLINE}"><body><h1>{HEADLINE}, mayor says</h1><p>{BODY}</p>'
    assert of_page(page).text == f"{HEADLINE}, mayor says"


def test_without_such_an_h1_the_title_is_the_heads_less_the_site() -> None:
    page = f"<title>{HEADLINE} - The Post</title><body><h1>Home</h1><h2>“{HEADLINE}”</h2><p>{BODY}</p>"
    assert of_page(page) == (HEADLINE, (1,))


def test_a_page_with_no_title_has_its_first_h1() -> None:
    assert of_page(f"<body><h1>{HEADLINE}</h1><p>{BODY}</p><h1>Other</h1>") == (HEADLINE, (0,))


def test_an_h1_that_a_rule_took_is_not_the_title() -> None:
    assert of_page(f"<body><h1>The Post</h1><h1>{HEADLINE}</h1><p>{BODY}</p>", removed={0}) == (HEADLINE, (1,))


def test_a_page_may_have_no_title() -> None:
    assert of_page(f"<p>{BODY}</p>") == ("", ())
    assert of_page("") == ("", ())


# Stored text


def test_the_first_line_is_the_title_where_prose_follows() -> None:
    assert of_text(HEADLINE, BODY) == (HEADLINE, (0,))
    assert of_text(HEADLINE, "Short", "words") == ("", ())


def test_a_line_that_a_rule_took_is_passed_over() -> None:
    assert of_text("By someone at the desk", HEADLINE, BODY, removed={0}) == (HEADLINE, (1,))


def test_a_later_line_is_the_title_only_where_it_is_said_twice() -> None:
    assert of_text("News", HEADLINE, BODY) == ("", ())
    assert of_text("News", HEADLINE, HEADLINE.upper(), BODY) == (HEADLINE, (1, 2))


def test_a_sentence_is_no_title() -> None:
    assert of_text("The bridge was opened on Monday.", BODY) == ("", ())
    assert of_text() == ("", ())


@pytest.mark.parametrize(
    "text", [HEADLINE, "Will the bridge hold?", "The bridge is open!", "新しい橋が昨日の朝ついに開通した", "“We waited for years”"]
)
def test_headlines(text: str) -> None:
    assert looks_like_headline(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "News",
        "Two words",
        "The bridge was opened.",
        "It said:",
        "新しい橋が昨日の朝ついに開通した。",
        "- one item of three",
        "a b c",
        "word " * 31,
        "x" * 230,
    ],
)
def test_no_headlines(text: str) -> None:
    assert not looks_like_headline(text)


@pytest.mark.parametrize(
    ("title", "stripped"),
    [(f"{HEADLINE} | The Post", HEADLINE), (f"{HEADLINE} — Post", HEADLINE), (HEADLINE, HEADLINE), ("Home | The Post", "Home | The Post"),
     ("Well-known bridge reopens", "Well-known bridge reopens")],
)  # fmt: skip
def test_a_sites_name_is_stripped(title: str, stripped: str) -> None:
    assert strip_site(title) == stripped


def test_squash_leaves_letters_and_digits() -> None:
    assert squash("“Ä, b!” 3") == "äb3"
