"""Where a page has its headline, its author's and its date's line, by what its elements are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cleaner.authoring.learn_html import NAME, NUMBERED
from cleaner.authoring.write_site import SelectorDraft
from cleaner.class_words import NAMES, groups_of

PLACES = ("title", "byline", "date")
# A line of an author or a date is no longer than this, in words, and does not stand on a page again and again.
MOST_WORDS = 15
MOST_MATCHES = 2
SHOWN = 3
MARKED = {
    "title": ('h1[itemprop="headline"]', '[itemprop="headline"]'),
    "byline": ('[itemprop="author"]', '[rel="author"]'),
    "date": ('[itemprop="datePublished"]', "time[datetime]"),
}
GROUP = {"title": "headline", "byline": "byline", "date": "date"}


def find_places(pages: Sequence[str]) -> dict[str, tuple[SelectorDraft, ...]]:
    """For each of title, byline, date the selectors that choose it on most of the pages; sure ones choose it on all."""
    found: dict[str, Counter[str]] = {place: Counter() for place in PLACES}
    example: dict[str, str] = {}
    for page in pages:
        parser = LexborHTMLParser(page)
        for place in PLACES:
            for selector, text in sorted(_on_page(parser, place).items()):
                found[place][selector] += 1
                example[selector] = min(text, example.get(selector, text))
    return {place: tuple(_drafts(counts, example, len(pages), place)) for place, counts in found.items()}


def _drafts(counts: Counter[str], example: dict[str, str], pages: int, place: str) -> list[SelectorDraft]:
    # What a page marks up by name comes before what a class seems to say.
    order = MARKED[place]
    ranked = sorted(counts, key=lambda s: (-counts[s], order.index(s) if s in order else len(order), len(s), s))
    return [
        SelectorDraft(s, f"on {counts[s]} of {pages} pages, as in {example[s][:80]}", "" if counts[s] == pages else "not on all pages")
        for s in ranked[:SHOWN]
    ]


def _on_page(parser: LexborHTMLParser, place: str) -> dict[str, str]:
    """The selectors for a place that choose little and short text on one page, with that text."""
    named = ["h1"] if place == "title" else []
    for node in parser.css("[class]"):
        named += [s for s in _by_class(node) if GROUP[place] in _groups(s) and (place != "title" or node.tag == "h1")]
    found = {}
    for selector in dict.fromkeys((*MARKED[place], *named)):
        nodes = parser.css(selector)
        texts = [" ".join(node.text().split()) for node in nodes]
        most = 1 if place == "title" else MOST_MATCHES
        if 0 < len(nodes) <= most and all(text and len(text.split()) <= 2 * MOST_WORDS for text in texts):
            if place != "title" and (len(texts[0].split()) > MOST_WORDS or _in_body(nodes[0])):
                continue
            found[selector] = texts[0]
    return found


def _in_body(node: LexborNode) -> bool:
    """Whether an element stands in a paragraph, which must not lose it."""
    around: LexborNode | None = node.parent
    while around is not None and around.is_element_node:
        if around.tag == "p" and len(around.text().split()) > MOST_WORDS:
            return True
        around = around.parent
    return False


def _by_class(node: LexborNode) -> list[str]:
    names = (node.attributes.get("class") or "").split()
    return [f"{node.tag}.{name}" for name in names if NAME.fullmatch(name) and not NUMBERED.search(name) and NAME.fullmatch(node.tag or "")]


def _groups(selector: str) -> list[str]:
    bits = groups_of(selector.partition(".")[2])
    return [name for number, name in enumerate(NAMES) if bits >> number & 1]
