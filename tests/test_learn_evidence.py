"""What a cleaned page says for and against a rule."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from invented_sites import BODY, articles

import cleaner
from cleaner.authoring.learn_evidence import Smallest, view


@given(st.lists(st.text(max_size=8), max_size=30), st.randoms())
def test_the_smallest_hashes_do_not_depend_on_the_order(texts: list[str], order: random.Random) -> None:
    first, second = Smallest(3), Smallest(3)
    for text in texts:
        first.add(text)
    order.shuffle(texts)
    for text in texts:
        second.add(text)
    assert first.texts() == second.texts()
    assert len(first.texts()) == min(3, len(set(texts)))


def test_the_body_is_protected_and_the_site_s_lines_around_it_are_not() -> None:
    article = articles("lomvik-herald.example", 1)[0]
    support = next(line.text for line in article.lines if line.place == "support")
    page = view(cleaner.clean_text(article.text), {support.lower().rstrip("."): 1.0}, frozenset())
    protected = {text for text, yes in zip(page.texts, page.protected) if yes}
    assert set(article.of(BODY)) <= protected
    assert support in page.texts
    assert support not in protected
    assert page.sure


def test_a_page_of_repeated_text_has_no_sure_body_and_is_protected_whole() -> None:
    article = articles("lomvik-herald.example", 1)[0]
    result = cleaner.clean_text(article.text)
    keys = {text.lower().strip("“”.") : 1.0 for text in article.of(BODY)}
    page = view(result, keys, frozenset(keys))
    assert not page.sure
    assert list(page.protected) == list(page.kept)
