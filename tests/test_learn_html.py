"""Selectors from what stands in a page's elements on all pages."""

from __future__ import annotations

import cleaner
from cleaner.authoring.learn_evidence import view
from cleaner.authoring.learn_html import HtmlGathering, class_attributes

PARAGRAPH = "The harbour board in {town} put off the plan for a new breakwater on Tuesday, because the costs had doubled within a year."
TOWNS = ("Tesk", "Skarn", "Mirow", "Velden", "Breska", "Helmoor")


def page(town: str, inside: str = "") -> str:
    body = "".join(f"<p>{PARAGRAPH.format(town=f'{town} {n}')}</p>{inside if n == 2 else ''}" for n in range(5))
    return f'<body><main id="top"><h1>{town} waits for its breakwater</h1><div class="story-text">{body}</div></main></body>'


def gathered(pages: list[str]) -> HtmlGathering:
    names = {name for text in pages for found in class_attributes(text) for name in found}
    found = HtmlGathering(frozenset(names))
    for text in pages:
        found.add(view(cleaner.clean_html(text), {}, frozenset()), class_attributes(text), {})
    return found


def test_the_tightest_container_of_the_body_is_proposed() -> None:
    drafts = gathered([page(town) for town in TOWNS]).body()
    assert [d.select for d in drafts if not d.doubt] == [".story-text"]


def test_a_container_on_too_few_pages_is_in_doubt() -> None:
    assert all(d.doubt for d in gathered([page(town) for town in TOWNS[:2]]).body())


def test_an_element_without_body_is_removed() -> None:
    box = '<div class="related-box"><a href="/x">Read more: the ferry company ends its night boats</a></div>'
    assert [d.select for d in gathered([page(town, box) for town in TOWNS]).removes()] == [".related-box"]


def test_an_element_that_holds_body_once_is_never_removed() -> None:
    box = '<div class="related-box"><a href="/x">Read more: the ferry company ends its night boats</a></div>'
    pages = [page(town, box) for town in TOWNS[:5]]
    pages.append(page(TOWNS[5], f'<div class="related-box"><p>{PARAGRAPH.format(town="Ostrand")}</p></div>'))
    assert gathered(pages).removes() == ()


def test_a_name_for_looks_alone_is_in_doubt() -> None:
    box = '<div class="mt-4"><a href="/x">Read more: the ferry company ends its night boats</a></div>'
    assert all(d.doubt for d in gathered([page(town, box) for town in TOWNS]).removes())


def test_numbered_names_are_no_selectors() -> None:
    found = class_attributes('<p class="post-12345 w:3 lead" id="a1b2c3d4e5">')
    assert found.classes == {"lead"}
    assert found.ids == frozenset()
