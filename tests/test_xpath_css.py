"""XPath as CSS: whatever is converted chooses, by lexbor, the elements that lxml chooses by the XPath."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

pytest.importorskip("elementpath")

from cleaner.authoring.xpath_css import to_css
from cleaner.authoring.xpath_picks import Pick, to_pick
from cleaner.authoring.xpath_tree import NotExact, arms, parse_xpath

CLASSES = ("", "a", "b", "a b", "ab", "A", "story lead")
WORDS = ("Ferry", "crews", "share")


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def build(tag: str, name: str, rel: str, inner: list[str]) -> str:
        return f'<{tag} class="{name}" rel="{rel}">{"".join(inner)}</{tag}>'

    # Only tags that may nest freely, so that both parsers build the same tree.
    return st.builds(
        build,
        st.sampled_from(("div", "section", "em", "b-x")),
        st.sampled_from(CLASSES),
        st.sampled_from(("", "Next", "next")),
        st.lists(children, max_size=4),
    )


PAGES = st.lists(st.recursive(st.sampled_from(WORDS), element, max_leaves=18), min_size=1, max_size=4).map(
    lambda parts: "<html><head></head><body>" + "".join(parts) + "</body></html>"
)
NAMES = st.sampled_from(("div", "section", "em", "*", "b-x"))
VALUES = st.sampled_from(("a", "b", "A", "story lead", "next", "lead"))
ATTRIBUTES = st.sampled_from(("@class", "@rel"))
TESTS = st.one_of(
    ATTRIBUTES,
    st.builds("{}='{}'".format, ATTRIBUTES, VALUES),
    st.builds("{}!='{}'".format, ATTRIBUTES, VALUES),
    st.builds("contains({}, '{}')".format, ATTRIBUTES, VALUES),
    st.builds("starts-with({}, '{}')".format, ATTRIBUTES, VALUES),
    st.builds("contains(concat(' ', normalize-space(@class), ' '), ' {} ')".format, st.sampled_from(("a", "b", "lead"))),
    NAMES,
    st.builds(".//{}".format, NAMES),
    st.builds("{}/{}".format, NAMES, NAMES),
    st.builds("{}//{}/@class".format, NAMES, NAMES),
    st.builds("{}::{}".format, st.sampled_from("self parent ancestor preceding-sibling following-sibling descendant child".split()), NAMES),
    st.builds("{}::*[1][self::{}]".format, st.sampled_from(("preceding-sibling", "following-sibling")), NAMES),
    st.builds("../{}".format, NAMES),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds("not({})".format, inner),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("{}[{}]".format, NAMES, inner),
    ),
    max_leaves=3,
)
POSITIONS = st.sampled_from(("1", "2", "last()", "position()<3", "position()>1", "position()=2", "position()<=2", "position()>=2"))
PREDICATES = st.lists(st.one_of(CONDITIONS, POSITIONS).map("[{}]".format), max_size=2).map("".join)
AXES = st.sampled_from(
    (
        "",
        "",
        "",
        "child::",
        "descendant::",
        "following-sibling::",
        "preceding-sibling::",
        "parent::",
        "ancestor::",
        "self::",
        "descendant-or-self::",
    )
)
STEPS = st.builds("{}{}{}{}".format, st.sampled_from(("/", "//")), AXES, NAMES, PREDICATES)
PATHS = st.builds("//{}{}{}".format, NAMES, PREDICATES, st.lists(STEPS, max_size=2).map("".join))


def by_xpath(page: str, expression: str) -> list[int]:
    root = lxml_html.document_fromstring(page)
    places = {e: n for n, e in enumerate(root.iter(etree.Element))}
    return sorted(places[e] for e in root.getroottree().xpath(expression) if e is not root)


def by_css(page: str, selector: str) -> list[int]:
    tree = LexborHTMLParser(page)
    places = {n.mem_id: place for place, n in enumerate(tree.css("*"))}
    return sorted({places[n.mem_id] for n in tree.css(selector) if n.tag != "html"})


@settings(max_examples=400, deadline=None)
@given(PAGES, PATHS)
def test_css_chooses_what_xpath_chooses(page: str, expression: str) -> None:
    try:
        selector = to_css(expression)
    except NotExact:
        return
    assert by_css(page, selector) == by_xpath(page, expression), selector


@pytest.mark.parametrize(
    "expression, selector",
    [
        ("//div[@class='a']", 'div[class="a"]'),
        ("//*[@id='a']", '[id="a"]'),
        ("/html/body/div", "html:root > body > div"),
        ("//div[contains(concat(' ', @class, ' '), ' story ')]//p", 'div[class~="story"] p'),
        ("//p[@class='lead'][1]", 'p[class="lead"]:not(p[class="lead"] ~ p[class="lead"])'),
        ("//h2/following-sibling::*", "h2 ~ *"),
        ("//h2/following-sibling::*[1][self::ul]", "h2 + *:is(ul)"),
        ("//div[not(.//p) or @hidden]", "div:is(:not(:has(p)), [hidden])"),
        ("//a[@rel='next']", 'a[rel="next" s]'),
        ("//aside/@class | //p", None),
        ("//p[. = 'Share']", None),
        ("//p[contains(text(), 'Share')]", None),
        ("(//p)[1]", None),
        ("p[1]", None),
        ("//p[contains(@class, '')]", None),
        ("//p[@class='a'][2]", None),
        ("//p[string-length(@class) > 3]", None),
        ("//h2/following-sibling::p[1]", None),
        ("//p[../h2]", None),
        ("//p[", None),
        ("//p[lower-case(@class)='a']", None),
    ],
)
def test_what_css_says_and_what_it_cannot(expression: str, selector: str | None) -> None:
    if selector is None:
        with pytest.raises(NotExact):
            to_css(expression)
    else:
        assert to_css(expression) == selector


PAGE = """<html><head></head><body><section><div><p>Share  this
story</p></div><p class="a">share this</p><div><a>x</a></div></section><p>All else.</p></body></html>"""


@pytest.mark.parametrize(
    "expression, pick",
    [
        ("//p[contains(., 'Share')]/..", Pick("p", up=1, pattern="(?-i:Share)")),
        ("//p[@class='a' and normalize-space(.)='share this']", Pick('p[class="a"]', pattern=r"^(?-i:share\s+this)$")),
        ("//a/../..", Pick("a", up=2)),
        ("//a/ancestor::*[2]", Pick("a", up=2)),
        ("//a/ancestor::section[1]", Pick("a", closest="section")),
        ("//p[starts-with(normalize-space(.), 'Share')]/ancestor::section[1]", Pick("p", closest="section", pattern="^(?-i:Share)")),
        ("//div//a", Pick("div a")),
    ],
)
def test_keys_choose_what_xpath_chooses(expression: str, pick: Pick) -> None:
    assert to_pick(parse_xpath(expression)) == pick
    tree = LexborHTMLParser(PAGE)
    places = {n.mem_id: place for place, n in enumerate(tree.css("*"))}
    around = {n.mem_id for n in tree.css(pick.closest)} if pick.closest else set()
    found = set()
    for node in tree.css(pick.css):
        if pick.pattern and not regex.search(pick.pattern, " ".join(node.text().split()), regex.IGNORECASE):
            continue
        for _ in range(pick.up):
            assert node.parent is not None
            node = node.parent
        while pick.closest and node.mem_id not in around:
            assert node.parent is not None
            node = node.parent
        found.add(places[node.mem_id])
    assert sorted(found) == by_xpath(PAGE, expression) != []


@pytest.mark.parametrize("expression", ["//div/ancestor::div[1]", "//*/ancestor::div[1]", "//a/ancestor::div[1]/..", "//p[.='a'][1]"])
def test_keys_are_not_used_where_they_would_choose_others(expression: str) -> None:
    with pytest.raises(NotExact):
        to_pick(parse_xpath(expression))


def test_a_union_is_taken_apart() -> None:
    assert [to_pick(arm).css for arm in arms(parse_xpath("//p | //b/i | //a"))] == ["p", "b > i", "a"]
