"""What a page says of itself is read from its head and its JSON-LD."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.page_head import own_address, what_page_says
from cleaner.segment_html import segment_html


def test_titles_and_descriptions_in_their_order_without_repeats() -> None:
    head = (
        '<head><title>Bridge opens | Post</title><meta name="description" content="It &gt; opened.">'
        '<meta name="twitter:title" content="Bridge opens"><meta property="og:title" content="Bridge opens">'
        '<meta content="On  Monday." property="og:description"></head>'
    )
    said = what_page_says(head, head)
    assert said.titles == ("Bridge opens", "Bridge opens | Post")
    assert said.descriptions == ("It > opened.", "On Monday.")


def test_the_longest_article_body_is_read_without_markup() -> None:
    page = (
        '<script type="application/ld+json">[{"articleBody": "Short."}, {"articleBody" : "He said \\"no\\".\\nThen <b>left</b> &amp; slept. \\u00e9"},'
        ' {"articleBody": "bad \\x escape that is longer than all of the others by far, and more"}]</script>'
    )
    assert " ".join(segment_html(page).said.article_body.split()) == 'He said "no". Then left & slept. é'


def test_a_page_may_say_nothing() -> None:
    assert what_page_says("", "") == ((), (), "")


@given(st.text(st.sampled_from('<>"\\metaname=contentog:titlearticleBody u{}'), max_size=80))
def test_any_head_is_read(junk: str) -> None:
    what_page_says(f'<meta name="og:title" {junk}><title>{junk}', f'"articleBody": "{junk}"')


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="canonical" href="https://a.example/x?y=1&amp;z=2">',
        "<LINK href='https://a.example/x?y=1&amp;z=2' REL=canonical />",
        '<meta property="og:url" content="https://a.example/x?y=1&amp;z=2">',
        '<meta content="https://a.example/x?y=1&amp;z=2" property="og:url">',
    ],
)
def test_a_page_gives_its_own_address(tag: str) -> None:
    assert own_address(f"<html><head><link rel=icon href=https://b.example/i.png>{tag}</head>") == "https://a.example/x?y=1&z=2"


def test_a_page_without_an_address_of_its_own() -> None:
    assert own_address('<link rel="canonical" href="/x"><a href="https://b.example">canonical</a>') is None
