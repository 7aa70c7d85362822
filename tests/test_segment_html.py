"""A page is cut into the blocks that a reader sees."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.block import Document
from cleaner.segment_html import segment_html

LONG = "The bridge is closed to cars and carts until the spring floods are over. " * 4


def texts(page: str) -> list[str]:
    document = segment_html(page)
    return [document.block_text(i) for i in range(len(document.blocks))]


def tags(page: str) -> list[str]:
    return [block.tag for block in segment_html(page).blocks]


def words_above(page: str, index: int = 0) -> list[str]:
    return [word for node in segment_html(page).ancestors(index) for word in node.words.split()]


def check_shape(document: Document) -> None:
    """What holds for the blocks and the tree of any page."""
    position = 0
    for i, block in enumerate(document.blocks):
        text = document.text[block.start : block.end]
        assert position <= block.start < block.end <= len(document.text)
        assert text == text.strip() == document.block_text(i)
        assert 0 <= block.link_chars <= len(text)
        assert all(node.first <= i < node.last for node in document.ancestors(i))
        position = block.end
    for number, node in enumerate(document.tree):
        assert -1 <= node.parent < number
        assert 0 <= node.first < node.last <= len(document.blocks)
        if node.parent >= 0:
            parent = document.tree[node.parent]
            assert parent.first <= node.first
            assert node.last <= parent.last
            assert node.depth == parent.depth + 1


# Where blocks begin and end


def test_each_paragraph_heading_item_and_caption_is_a_block() -> None:
    page = "<h1>H</h1><p>P</p><ul><li>L1<li>L2</ul><figure><img src=x><figcaption>C</figcaption></figure><blockquote>Q</blockquote>"
    assert texts(page) == ["H", "P", "L1", "L2", "C", "Q"]
    assert tags(page) == ["h1", "p", "li", "li", "figcaption", "blockquote"]


def test_text_before_between_and_after_children_is_kept_in_order() -> None:
    assert texts("<div>one<p>two</p>three<div>four<div>five</div></div>six</div>") == ["one", "two", "three", "four", "five", "six"]


def test_a_list_in_an_item_parts_the_items_text() -> None:
    assert texts("<ul><li>a<ul><li>b</li></ul>c</li></ul>") == ["a", "b", "c"]


def test_text_outside_any_element_is_a_block_of_the_body() -> None:
    assert (texts("plain text"), tags("plain text")) == (["plain text"], ["body"])


def test_a_br_splits_and_glues() -> None:
    document = segment_html("<p>one<br>two<br><br>three</p><p>four<br/>five</p>")
    assert document.text.split("\n") == ["one", "two", "three", "four", "five"]
    assert [block.glued for block in document.blocks] == [False, True, True, False, True]


def test_a_br_between_paragraphs_glues_nothing() -> None:
    assert [block.glued for block in segment_html("<br><p>one</p><br><p>two</p>").blocks] == [False, False]


def test_empty_elements_make_no_block() -> None:
    assert texts("<div> <p>\n</p><p>&nbsp;</p><p><b> </b></p><img src=x></div>") == []
    assert texts("") == []


# What a block's text is


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>foo<b>bar</b> baz</p>", "foobar baz"),
        ("<p><span>foo</span><span>bar</span></p>", "foobar"),
        ("<p><span>foo</span> <span>bar</span></p>", "foo bar"),
        ("<p>foo <i> bar</i>\n\t baz</p>", "foo bar baz"),
        ("<p>un<wbr>broken</p>", "unbroken"),
        ("<p>H<sub>2</sub>O<sup>3</sup></p>", "H2O3"),
        ("<p><ruby>橋<rt>はし</rt></ruby>が</p>", "橋はしが"),
    ],
)
def test_inline_text_is_glued_as_a_reader_sees_it(page: str, text: str) -> None:
    assert texts(page) == [text]


def test_a_formula_does_not_split_its_paragraph() -> None:
    assert texts("<p>where <math><mi>x</mi><mo>=</mo><mn>1</mn></math> holds</p>") == ["where x=1 holds"]


def test_entities_are_characters() -> None:
    assert texts("<p>Fish &amp; chips &lt;b&gt; caf&eacute;&nbsp;&euro;5 &amp;amp; &#8217;</p>") == ["Fish & chips <b> café €5 &amp; ’"]


def test_pre_keeps_its_lines() -> None:
    assert texts("<pre>first\n   second  part\n\nthird</pre><p>not\nhere</p>") == ["first\nsecond part\n\nthird", "not here"]


@pytest.mark.parametrize(
    "hidden",
    ["<script>var a = '<p>no</p>';</script>", "<style>p { color: red }</style>", "<noscript>no<img src=x></noscript>", "<template><p>no</p></template>",
     "<svg><text>no</text></svg>", "<select><option>no</select>", "<textarea>no</textarea>", "<iframe>no</iframe>", "<!-- no -->",
     "<!-- <p>no</p> -->", "<!--[if IE]><p>no</p><![endif]-->", "<!-- \"no' > no -->"],
)  # fmt: skip
def test_what_a_browser_does_not_show_is_no_text(hidden: str) -> None:
    assert texts(f"<p>before</p>{hidden}<p>aft{hidden}er</p>") == ["before", "after"]


def test_a_comment_as_text_is_text() -> None:
    assert texts("<p>write &lt;!-- so --&gt; here</p>") == ["write <!-- so --> here"]


def test_attributes_may_hold_tags_and_quotes() -> None:
    page = """<p data-x='a > b "q" <p>no</p>' title="<!--">one</p><p title="-->" class='two'>two</p>"""
    assert texts(page) == ["one", "two"]


@pytest.mark.parametrize("page", ['<p class="a"">Body.</p><p>More.</p>', '<p><a href="x"">Body.</a></p><p class="b">More.</p>'])
def test_a_stray_quote_in_a_tag_loses_no_text(page: str) -> None:
    assert texts(page) == ["Body.", "More."]


def test_a_noscript_between_blocks_is_no_text() -> None:
    assert texts("<p>before</p><noscript><div><p>no</p></div></noscript><p>after</p>") == ["before", "after"]


@pytest.mark.xfail(reason="lexbor reads <noscript> as a browser without scripts does: a <p> in it ends the paragraph around it")
def test_a_noscript_with_a_paragraph_inside_one_is_no_text() -> None:
    assert texts("<p>aft<noscript><p>no</p></noscript>er</p>") == ["after"]


# Links


def test_characters_in_links_are_counted() -> None:
    links = [
        block.link_chars for block in segment_html("<p>see <a href=x>the <b>link</b></a> now</p><p>none</p><p><a href=y>all</a></p>").blocks
    ]
    assert links == [8, 0, 3]


def test_a_link_around_blocks_counts_in_each() -> None:
    assert [block.link_chars for block in segment_html("<a href=x><h3>Head</h3><p>Text</p></a><p>after</p>").blocks] == [4, 4, 0]


@pytest.mark.parametrize("inside", ["&amp;&amp;&amp;&amp;"])
def test_link_characters_are_those_of_the_blocks_text(inside: str) -> None:
    assert segment_html(f"<p>Some words before it <a href=x>{inside}</a> and after</p>").blocks[0].link_chars == 4


# Tables


def test_a_table_row_is_a_block() -> None:
    page = "<table><tr><th>Town<th>Votes</tr><tr><td>Ashby</td><td>1,204</td></tr></table>"
    assert (texts(page), tags(page)) == (["Town | Votes", "Ashby | 1,204"], ["tr", "tr"])


def test_a_layout_tables_cells_are_blocks() -> None:
    page = f"<table><tr><td>{LONG}</td><td>{LONG}</td><td>Menu</td></tr></table>"
    assert texts(page) == [LONG.strip(), LONG.strip(), "Menu"]


def test_paragraphs_in_cells_are_blocks() -> None:
    assert texts("<table><tr><td><p>a</p><p>b</p></td><td><p>c</p></td></tr></table>") == ["a", "b", "c"]


# What stands above a block


def test_class_and_id_words_are_in_the_ancestors() -> None:
    page = '<div class="story main" id=art-1 role=main><section itemprop="articleBody"><p class=lead>x</p></section></div>'
    assert [node.tag for node in segment_html(page).ancestors(0)] == ["p", "section", "div", "body"]
    assert words_above(page) == ["lead", "articleBody", "story", "main", "art-1", "main"]


def test_an_inline_element_around_a_whole_block_names_it() -> None:
    assert words_above("<p><span class=label>Read more</span></p>") == ["label"]
    assert words_above("<p><span class=label>Read more</span> and the rest</p>") == []


@pytest.mark.parametrize(
    "attribute", ["hidden", 'style="display:none"', 'style="color: red; display: none"', 'style="visibility: hidden"', 'aria-hidden="true"']
)
def test_a_hidden_element_has_the_word_hidden(attribute: str) -> None:
    assert words_above(f"<div class=box {attribute}><p>x</p></div>") == ["box", "hidden"]


@pytest.mark.parametrize("attribute", ["", "data-hidden=1", 'aria-hidden="false"', 'style="overflow:hidden"'])
def test_a_shown_element_has_not(attribute: str) -> None:
    assert words_above(f"<div {attribute}><p>x</p></div>") == []


@pytest.mark.parametrize("attribute", ['data-title="The hidden cost of water"', 'style="overflow: hidden !important"'])
def test_the_word_hidden_in_a_value_hides_nothing(attribute: str) -> None:
    assert words_above(f"<div {attribute}><p>x</p></div>") == []


# The head


def test_titles_are_og_title_then_title() -> None:
    page = '<head><title>Fish &amp; chips | Post</title><meta content="Fish &amp; chips" property="og:title"></head><body><p>x</p></body>'
    assert segment_html(page).said.titles == ("Fish & chips", "Fish & chips | Post")


def test_equal_titles_are_one_and_empty_ones_none() -> None:
    page = '<head><meta property="og:title" content=" A  name "><meta name="twitter:title" content=""><title>A\nname</title></head><p>x'
    assert segment_html(page).said.titles == ("A name",)
    assert segment_html("<p>x").said.titles == ()


def test_the_language_is_the_declared_one() -> None:
    assert segment_html('<html class=x lang="PT-br"><p>x').lang == "pt"
    assert segment_html("<p>x").lang == ""


# Any page at all


def test_offsets_lead_to_the_blocks_text() -> None:
    document = segment_html("<h1>Title</h1><p>One &amp; two</p><p>three</p>")
    assert [document.text[b.start : b.end] for b in document.blocks] == ["Title", "One & two", "three"]
    assert document.text == "Title\nOne & two\nthree"


FRAGMENTS = st.sampled_from(
    ["<p>", "</p>", '<div class="a">', "</div>", "<td>", "<tr>", "<table>", "</table>", "<b>", "</b>", "<a href=x>", "</a>", "<br>", "text ", "<!--",
     "-->", "<span class=x>", "</span>", "<pre>", "</pre>", "\n", "<body>", "</body>", '"', "'", "<", ">", "&amp;", "<li>", "<ul>", "<title>",
     "<svg>", "</svg>", "<select>", "<script>", "</script>", "<head>", "</html>", "<math>", "<frameset>", "\x00", "\ud800", "é"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(st.characters(), max_size=60), st.lists(FRAGMENTS, max_size=30).map("".join)))
def test_malformed_pages_have_a_sound_shape(page: str) -> None:
    check_shape(segment_html(page))


def test_a_well_formed_page_has_a_sound_shape() -> None:
    check_shape(
        segment_html("<main>a<section><p>b<br>c</p>d<ul><li>e<li><b class=x>f</b></ul></section><table><tr><td>g<td>h</table></main>")
    )


def test_twenty_thousand_nested_elements_work() -> None:
    layers = 20_000
    document = segment_html(('<div class="' + "layer " * 16 + '">') * layers + "deep" + "</div>" * layers)
    assert [document.block_text(i) for i in range(len(document.blocks))] == ["deep"]
    assert len(document.ancestors(0)) == layers + 1
