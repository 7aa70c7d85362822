"""What a site's selectors choose on a page, and what happens to those that fail."""

from __future__ import annotations

import datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from cleaner.block import Document
from cleaner.segment_html import segment_html
from cleaner.selection import Selected, Use, select, selects
from cleaner.site import parse_site

PAGE = """<html><head><meta property="og:title" content="Bridge  opens"></head><body><nav>Home</nav><article>
<h1>Bridge <i>opens</i></h1><p class=by>By <a rel=author>Jane Roe</a> and <a rel=author>Olav Penk</a></p><time datetime="2024-02-03">3 Feb</time>
<p>First words. <span class=ad>Advert</span></p><section class=box><div><b>Share</b> this<script>x</script></div><p>boxed</p></section>
<h3>Related</h3><p>other</p>stray</article><footer>foot</footer>"""


def run(toml: str, page: str = PAGE, date: datetime.date | None = None) -> tuple[Document, Selected]:
    parser = LexborHTMLParser(page)
    selected = select(parser, page, parse_site(toml, file="lomvik.example.toml", fragments={}), date)
    return segment_html(page, parser), selected


def held(toml: str, use: Use = Use.REMOVE, page: str = PAGE, date: datetime.date | None = None) -> list[str]:
    """The texts of what was chosen for one use."""
    document, selected = run(toml, page, date)
    assert selected.warnings == ()
    return [document.text[m.start : m.end] for m in document.marks if selected.selections[m.selection].use is use]


def remove(more: str) -> list[str]:
    return held(f"[[remove]]\n{more}")


def test_css_and_xpath_choose_the_same_elements() -> None:
    for css, xpath in (("span.ad", "//span[@class='ad']"), ("article > p", "//article/p"), ("body", "/html/body"), ("p:last-of-type", "//p[last()]")):
        assert held(f'[html]\nremove = "{css}"') == held(f'[html]\nremove = "xpath:{xpath}"'), css
    assert held('[html]\nremove = "xpath://div[b=\'Share\']"') == ["Share this"]


def test_the_first_candidate_that_matches_is_used_but_of_the_body_all_are_looked_at() -> None:
    assert held('[html]\ntitle = [".none", "h1", "h3"]', Use.TITLE) == ["Bridge opens"]
    assert held('[html]\nbody = [".none", "article", ".box"]', Use.BODY)[1] == "Share this\nboxed"


def test_a_text_or_an_attribute_stands_for_its_element() -> None:
    assert held("[html]\nkeep = \"xpath://p/text()[contains(., 'First')]\"", Use.KEEP) == ["First words. Advert"]
    assert held("[html]\nkeep = \"xpath://section/@class\"", Use.KEEP) == ["Share this\nboxed"]
    assert held("[html]\nkeep = \"xpath:(//article/text())[last()]\"", Use.KEEP)[0].startswith("Bridge opens")


@pytest.mark.parametrize(
    ("selector", "value"),
    [
        ("xpath://meta[@property='og:title']/@content", "Bridge opens"),
        ("meta[property='og:title']", "Bridge opens"),
        ("h1", "Bridge opens"),
        ("time", "2024-02-03"),
        ("xpath://time", "2024-02-03"),
        ("xpath://time/text()", "3 Feb"),
    ],
)
def test_what_a_chosen_element_says(selector: str, value: str) -> None:
    assert run(f'[html]\ndate = "{selector}"')[1].selections[0].values == (value,)


def test_all_authors_are_named() -> None:
    assert run('[html]\nbyline = ".by a"')[1].selections[0].values == ("Jane Roe", "Olav Penk")


def test_what_goes_in_the_place_of_the_selected_element() -> None:
    assert remove('select = "b"') == ["Share"]
    assert remove('select = "b"\nup = 1') == ["Share this"]
    assert remove('select = "b"\nup = 2') == ["Share this\nboxed"]
    assert remove('select = "b"\nup = 9') == []
    assert remove('select = "b"\nclosest = "section"') == ["Share this\nboxed"]
    assert remove('select = "b"\nclosest = "b"') == ["Share"]
    assert remove('select = "b"\nclosest = "main"') == []
    assert remove('select = "h3"\nand_following = true') == ["Related\nother\nstray"]


def test_a_page_as_a_whole_is_never_removed() -> None:
    assert remove('select = ["html", "body", "xpath:/html", "xpath:/html/body"]') == []
    assert remove('select = "nav"\nup = 1') == []


def test_conditions_on_the_text() -> None:
    assert remove('select = "div, p"\ncontains = ["SHARE  this", "nothing"]') == ["Share this"]
    assert remove('select = "b, p"\nequals = "share"') == ["Share"]
    assert remove('select = "p, h3"\npattern = "^(rel|other)"') == ["Related", "other"]
    assert remove('select = "p"\npattern = "^other"\ncontains = "boxed"') == []


def test_a_remove_is_for_its_period() -> None:
    toml = '[[remove]]\nselect = "nav"\nvalid_until = 2024-01-01'
    assert held(toml, date=datetime.date(2023, 1, 1)) == ["Home"]
    assert held(toml, date=datetime.date(2025, 1, 1)) == []
    assert held(toml) == ["Home"]


def test_unwrapped_elements_leave_their_text() -> None:
    page = "<p>B<div class=initial>ridge</div> opens<span class=initial></span></p><div class=x><p>a<div class=initial>b</div>"
    assert run('[html]\nunwrap = [".initial"]', page)[0].text == "B\nridge opens\na\nb"
    page = "<div><div class=initial>B</div>ridge opens</div>"
    assert run("", page)[0].text == "B\nridge opens"
    assert run('[html]\nunwrap = [".initial", "body", "xpath://*"]\nkeep = ".initial"', page)[0].text == "Bridge opens"
    assert held('[html]\nunwrap = ".initial"\nkeep = ".initial"', Use.KEEP, page) == ["B"]


def test_what_fails_on_a_page_is_a_warning() -> None:
    _, selected = run('[html]\nkeep = ["xpath:count(//p)", "xpath://p[nofunction()]", "h1"]\nremove = ["xpath:$x"]')
    assert [w.split(" failed")[0] for w in selected.warnings] == [
        "lomvik.example.toml: selector 'xpath:count(//p)'", "lomvik.example.toml: selector 'xpath://p[nofunction()]'",
        "lomvik.example.toml: selector 'xpath:$x'",
    ]  # fmt: skip
    assert [s.selector for s in selected.selections] == ["h1"]


def test_a_pattern_that_takes_too_long_removes_nothing() -> None:
    page = f"<p>{'a' * 5000}!</p>"
    document, selected = run("[[remove]]\nselect = 'p'\npattern = '^(a|a|aa)+$'", page)
    assert document.marks == ()
    assert "the pattern of lomvik.example-remove-1 took over" in selected.warnings[0]


@pytest.mark.parametrize("page", ["", "<", "<!--", "\x00", "<frameset><frame>", "<p>" * 400 + "deep", "<svg><p>x</svg>", "<p a='\x01'>\x0b"])
def test_odd_pages(page: str) -> None:
    document, _ = run('[html]\nbody = ["p", "xpath://p"]\nremove = ["svg", "xpath://*[not(*)]"]\nunwrap = "*"', page)
    assert document.text == segment_html(page).text or "deep" in page or "x" in page


def test_whether_a_file_has_selectors() -> None:
    asked = [parse_site(toml, file="x.toml", fragments={}) for toml in ("", '[site]\nlang = "en"', '[html]\nunwrap = "b"', "[[remove]]\nselect = 'p'")]
    assert [selects(site) for site in asked] == [False, False, True, True]
