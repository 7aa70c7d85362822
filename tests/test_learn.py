"""Rules are learned from a site's pages: its furniture is found, no body is lost, and the pages' order does not matter."""

from __future__ import annotations

import os
import random
import sys
import tracemalloc
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from invented_sites import BODY, JUNK, SITES, TITLE, Article, articles

import cleaner
from cleaner.authoring import learn as learning
from cleaner.authoring.learn import Page, learn
from cleaner.authoring.write_site import write_site
from cleaner.errors import InputError
from cleaner.match import find_matches
from cleaner.ruleset import RuleSet, shipped
from cleaner.site import parse_site

MEDIA = ("text", "html")
COUNT = 80


def source(article: Article, medium: str) -> str:
    return article.html if medium == "html" else article.text


def pages_of(site: str, medium: str, count: int = COUNT) -> list[Page]:
    return [Page(f"{a.number}", source(a, medium).encode(), medium == "html") for a in articles(site, count)]


@cache
def learned(site: str, medium: str) -> str:
    pages = pages_of(site, medium)
    return write_site(learn(lambda: pages, site))


def with_file(toml: str, site: str) -> RuleSet:
    return shipped().with_site(parse_site(toml, file=f"{site}.toml", fragments={}))


def kept_lines(article: Article, medium: str, rules: RuleSet | None) -> set[str]:
    clean = cleaner.clean_html if medium == "html" else cleaner.clean_text
    result = clean(source(article, medium), rules=rules)
    return {result.title or "", *result.text.split("\n\n")}


@cache
def left(site: str, medium: str, first: int, last: int) -> dict[tuple[str, str], int]:
    """How many lines of each label are there, kept without the learned file, with it, and lost by it."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    rules = with_file(learned(site, medium), site)
    for article in articles(site, last)[first:]:
        without, within = kept_lines(article, medium, None), kept_lines(article, medium, rules)
        for line in article.lines:
            counts[line.label, "all"] += 1
            counts[line.label, "without"] += line.text in without
            counts[line.label, "within"] += line.text in within
            counts[line.label, "lost"] += line.text in without and line.text not in within
    return counts


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("first, last", [(0, COUNT), (COUNT, 2 * COUNT)], ids=["learned from", "not seen"])
def test_no_body_is_lost(site: str, medium: str, first: int, last: int) -> None:
    counts = left(site, medium, first, last)
    assert counts[BODY, "lost"] == 0
    assert counts[TITLE, "lost"] == 0
    assert counts[BODY, "without"] > 500


@pytest.mark.parametrize("site", SITES)
def test_furniture_of_stored_text_is_found(site: str) -> None:
    counts = left(site, "text", 0, COUNT)
    assert 1 - counts[JUNK, "within"] / counts[JUNK, "all"] > 0.9
    assert counts[JUNK, "within"] <= counts[JUNK, "without"]


def test_most_of_what_the_cleaner_leaves_is_found() -> None:
    every = [left(site, "text", COUNT, 2 * COUNT) for site in SITES]
    junk, without, within = (sum(counts[JUNK, what] for counts in every) for what in ("all", "without", "within"))
    assert within < 0.05 * junk
    assert within < 0.5 * without


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("site", SITES)
def test_the_order_of_the_pages_does_not_matter(site: str, medium: str) -> None:
    pages = pages_of(site, medium)
    random.Random(7).shuffle(pages)
    assert write_site(learn(lambda: pages, site)) == learned(site, medium)


def test_the_order_does_not_matter_where_pages_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "SAMPLE", 25)
    pages = pages_of("lomvik-herald.example", "text")
    first = write_site(learn(lambda: pages, "lomvik-herald.example"))
    assert "More from the coast" in first
    assert write_site(learn(lambda: pages[::-1], "lomvik-herald.example")) == first


def test_memory_does_not_grow_with_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "SAMPLE", 40)

    def peak(count: int) -> int:
        def read() -> Iterator[Page]:
            for number in range(count):
                article = SITES["lomvik-herald.example"](number, random.Random(number))
                yield Page(str(number), article.text.encode())

        tracemalloc.start()
        learn(read, "lomvik-herald.example")
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(50)  # what is read once, such as the shipped rules
    few, many = peak(100), peak(500)
    assert many < 1.5 * few


@pytest.mark.parametrize("site", SITES)
def test_repeated_body_is_never_proposed(site: str) -> None:
    bodies: dict[str, int] = defaultdict(int)
    for article in articles(site, COUNT):
        for text in article.of(BODY):
            bodies[text] += 1
    traps = [text for text, n in bodies.items() if n > 3]
    assert len(traps) >= 4
    rules = RuleSet(parse_site(learned(site, "text"), file=f"{site}.toml", fragments={}).rules)
    assert list(find_matches(traps, rules).found) == []


def test_lines_with_a_changing_part_are_one_rule() -> None:
    herald, post = (parse_site(learned(site, "text"), file=f"{site}.toml", fragments={}).rules for site in ("lomvik-herald.example", "dorland-post.example"))
    starts = [r for r in post if r.match == "start" and r.pattern_or_phrases == ("Topics:",)]
    assert len(starts) == 1
    assert any("published" in r.pattern and r"\p{N}" in r.pattern for r in herald)
    # Where the shipped rules take nearly every such line, none is proposed.
    kept = [line for article in articles("lomvik-herald.example", COUNT) for line in kept_lines(article, "text", None)]
    assert sum(line.startswith("Read more:") for line in kept) <= 3
    assert not any("Read more:" in r.pattern_or_phrases for r in herald)


def test_what_is_in_doubt_is_commented_out() -> None:
    toml = learned("lomvik-herald.example", "text")
    assert '#   "Story continues below the picture",' in toml
    assert "\n  \"Story continues" not in toml


def test_a_story_stored_again_and_again_is_no_template() -> None:
    same = articles("lomvik-herald.example", 1)[0]
    again = [Page(str(n), f"{same.text}\nSeen {n} times.".encode()) for n in range(12)]
    pages = pages_of("lomvik-herald.example", "text", 8) + again
    rules = with_file(write_site(learn(lambda: pages, "lomvik-herald.example")), "lomvik-herald.example")
    assert set(same.of(BODY)) <= kept_lines(same, "text", rules)


def test_pages_give_selectors() -> None:
    site = parse_site(learned("lomvik-herald.example", "html"), file="lomvik-herald.example.toml", fragments={})
    assert site.html.body == (".story-text",)
    assert ".inline-link" in {s for remove in site.remove for s in remove.select}


def test_too_few_pages_are_refused() -> None:
    pages = pages_of("lomvik-herald.example", "text", 2)
    with pytest.raises(InputError, match="at least 3 different pages"):
        learn(lambda: pages * 5, "lomvik-herald.example")


def test_no_paragraph_of_a_labelled_page_is_lost() -> None:
    """On the several pages of one publisher, rules learned from them lose nothing that is kept without them."""
    data = os.environ.get("CLEANER_DATA")
    if not data or not (Path(data) / "eval" / "corpus.py").exists():
        pytest.skip("the labelled pages are not here; CLEANER_DATA names their folder")
    sys.path.insert(0, str(Path(data) / "eval"))
    try:
        import corpus
    finally:
        sys.path.pop(0)
    by_host: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in corpus.rows(Path(data) / "corpus", "fundus_dev"):
        by_host[(urlsplit(row["url"]).hostname or row["url"]).removeprefix("www.").lower()].append(row)
    had = lost = 0
    for host, rows in sorted(by_host.items()):
        if len(rows) < 2:
            continue
        pages = [Page(str(row["id"]), row["html"], True) for row in rows]  # type: ignore[arg-type]
        rules = with_file(write_site(learn(lambda: pages, host if "." in host else f"{host}.example", least=2)), host)  # noqa: B023
        for page, row in zip(pages, rows):
            without, within = (_squash(cleaner.clean_html(page.data, rules=r).text) for r in (None, rules))
            for paragraph in map(_squash, row["paragraphs"]):  # type: ignore[call-overload]
                had += paragraph in without
                lost += paragraph in without and paragraph not in within
    assert had > 1500
    assert lost == 0


def _squash(text: str) -> str:
    return "".join(text.split())
