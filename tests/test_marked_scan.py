"""Marks: the document with them is the document without them, and their offsets are those of what they hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cleaner.block import Document
from cleaner.marked_scan import forget_marks, mark
from cleaner.segment_html import segment_html

PAGE = """<body><div class=a>pre <b>one &amp; </b> <i></i>two<p>three</p>tail</div><table><tr><td>c<td>d</table>
<pre>a\n  <u>b</u>\n c</pre><a href=x> link <em> x\u00a0y</em>,</a> z"""


def marked(page: str, *selectors: str, and_following: bool = False) -> Document:
    parser = LexborHTMLParser(page)
    forget_marks(parser)
    chosen = [(number, node) for number, selector in enumerate(selectors) for node in parser.css(selector)]
    for count, (number, node) in enumerate(chosen):
        mark(parser, node, number, count, and_following=and_following)
    return segment_html(page, parser)


def held(page: str, selector: str, *, and_following: bool = False) -> list[str]:
    document = marked(page, selector, and_following=and_following)
    return [document.text[m.start : m.end] for m in document.marks]


def test_marks_hold_what_their_elements_hold() -> None:
    assert held(PAGE, "b") == ["one &"]
    assert held(PAGE, "div") == ["pre one & two\nthree\ntail"]
    assert held(PAGE, "p") == ["three"]
    assert held(PAGE, "td") == ["c", "d"]
    assert held(PAGE, "tr") == ["c | d"]
    assert held(PAGE, "u") == ["b"]
    assert held(PAGE, "em") == ["x\u00a0y"]
    assert held(PAGE, "body") == [segment_html(PAGE).text]


def test_what_holds_no_text_has_no_mark() -> None:
    assert held(PAGE, "i, col, br") == []
    assert held("<p>a<span> </span>b<img><script>c</script>", "span, img, script") == []


def test_a_mark_may_reach_to_the_end_of_the_element_around() -> None:
    assert held(PAGE, "b", and_following=True) == ["one & two\nthree\ntail"]
    assert held("<div>a<p>b</p>c<p>d</p>e</div>f", "p", and_following=True) == ["b\nc\nd\ne", "d\ne"]


def test_marks_come_in_the_order_of_the_text_and_name_their_selection() -> None:
    document = marked(PAGE, "p", "b", "div")
    assert [(m.selection, document.text[m.start : m.end]) for m in document.marks] == [
        (2, "pre one & two\nthree\ntail"), (1, "one &"), (0, "three"),
    ]  # fmt: skip


def test_a_page_cannot_mark_itself() -> None:
    page = '<p>one <wbr data-cleaner-mark="s0-0">two<wbr DATA-CLEANER-MARK=e0-0> &lt;wbr data-cleaner-mark="s0-0"> three</p><b title=\'<wbr data-cleaner-mark="s0-0">\'>x</b>'
    assert marked(page, "h1").marks == ()
    assert [marked(page, "b").text[m.start : m.end] for m in marked(page, "b").marks] == ["x"]


INLINE = st.sampled_from(["b", "a href=x", "span class=y", "em"])
OUTER = st.sampled_from(["div", "p", "li", "td", "h2", "pre", "section id=z", "table><tr><td", "blockquote"])
WORDS = st.sampled_from(["one", " ", "two\n", " \u00a0", "&amp;", "<br>", "a  b", "\n", "<img>", "<hr>", "ß.", "&lt;"])


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        tag = draw(INLINE | OUTER) if depth else None
        if tag is None or draw(st.booleans()):
            parts.append(draw(WORDS))
        else:
            parts.append(f"<{tag}>{draw(trees(depth - 1))}</{tag.split()[0].split('>')[0]}>")
    return "".join(parts)


@given(trees(), st.lists(st.sampled_from(["b", "a", "span", "div", "p", "li", "td", "pre", "*", ":empty", "section"]), max_size=3), st.booleans())
def test_a_document_with_marks_is_the_document_without(page: str, selectors: list[str], following: bool) -> None:
    with_marks, without = marked(page, *selectors, and_following=following), segment_html(page)
    assert (with_marks.text, with_marks.blocks, with_marks.tree.names) == (without.text, without.blocks, without.tree.names)
    assert with_marks.tree.parent.tolist() == without.tree.parent.tolist()
    for m in with_marks.marks:
        text = with_marks.text[m.start : m.end]
        assert text and text == text.strip() and 0 <= m.start < m.end <= len(with_marks.text)


@given(trees())
def test_a_mark_holds_the_letters_of_its_element(page: str) -> None:
    parser = LexborHTMLParser(page)
    wanted = ["".join(node.text().split()) for node in parser.css("b, p, section")]
    got = ["".join(text.replace("|", "").split()) for text in held(page, "b, p, section")]
    assert sorted(got) == sorted(text for text in wanted if text)
