"""Run a site's selectors on a parsed page and mark what they choose. Nothing is removed here: a mark is evidence."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from cleaner.errors import PatternError
from cleaner.marked_scan import forget_marks, mark
from cleaner.pattern import TIMEOUT_SECONDS, compile_pattern
from cleaner.rule import fold
from cleaner.selectors import compile_xpath, xpath_of
from cleaner.site import Remove, SiteFile

# Attributes that say an element's value better than its text.
VALUES = ("content", "datetime")
UNREAD = ["script", "style", "noscript", "template"]
# What stands for the whole page is never removed.
WHOLE = frozenset(("html", "body"))
ROOT = frozenset(("html", "head", "body"))


class Use(StrEnum):
    """What a selector is for."""

    BODY = "body"
    TITLE = "title"
    BYLINE = "byline"
    DATE = "date"
    KEEP = "keep"
    REMOVE = "remove"


class Selection(NamedTuple):
    """One selector that chose something. `values` are what the chosen elements say: an attribute or their text.
    `remove` is the rule that it belongs to, None for other uses than removing."""

    use: Use
    selector: str
    values: tuple[str, ...] = ()
    remove: Remove | None = None


class Selected(NamedTuple):
    """The selections of a page, which its marks count, and what went wrong on the way."""

    selections: tuple[Selection, ...] = ()
    warnings: tuple[str, ...] = ()


NOTHING_SELECTED = Selected()


class Chosen(NamedTuple):
    """An element and what a selector asked of it: an attribute's value, or None for the element itself."""

    node: LexborNode
    value: str | None


def selects(site: SiteFile) -> bool:
    """Whether a site's file has any selector."""
    html = site.html
    return bool(html.body or html.title or html.byline or html.date or html.keep or html.unwrap or site.removes)


def select(parser: LexborHTMLParser, page: str, site: SiteFile, date: datetime.date | None) -> Selected:
    """Run a site's selectors on a page, put marks into its tree, and unwrap what the site wants unwrapped.

    `page` is the page's source and `parser` that page parsed. `date` is the article's day, None if unknown.
    """
    run = _Run(parser, page, site.file)
    for use in (Use.BODY, Use.TITLE, Use.BYLINE, Use.DATE):
        run.candidates(use, getattr(site.html, use))
    for selector in site.html.keep:
        run.add(Use.KEEP, selector, run.elements(selector))
    for remove in site.removes:
        if remove.period.holds(date):
            for selector in remove.select:
                run.add(Use.REMOVE, selector, run.targets(remove, selector), remove)
    unwrapped = [chosen.node for selector in site.html.unwrap for chosen in run.elements(selector)]
    run.mark()
    done: set[int] = set()
    for node in unwrapped:
        if node.tag not in ROOT and node.mem_id not in done:
            done.add(node.mem_id)
            node.unwrap()
    return Selected(tuple(run.selections), tuple(dict.fromkeys(run.warnings)))


class _Run:
    """One page, its selections so far, and the elements that they chose: marks are put in at the end."""

    def __init__(self, parser: LexborHTMLParser, page: str, file: str) -> None:
        self.parser = parser
        self.page = page
        self.file = file
        self.selections: list[Selection] = []
        self.chosen: list[tuple[LexborNode, int, bool]] = []
        self.warnings: list[str] = []
        self.find_xpath: Callable[[str], list[Chosen]] | None = None

    def candidates(self, use: Use, selectors: Sequence[str]) -> None:
        """Add the first selector that matches anything with text or a value; of the body all, for the first may be stale."""
        for selector in selectors:
            found = self.elements(selector)
            if use is not Use.BODY:
                found = [c for c in found if _value(c)]
            if found:
                self.add(use, selector, found)
                if use is not Use.BODY:
                    return

    def add(self, use: Use, selector: str, found: Iterable[Chosen], remove: Remove | None = None) -> None:
        """Add a selection of elements, each once."""
        elements: dict[int, LexborNode] = {}
        values = []
        for chosen in found:
            elements.setdefault(chosen.node.mem_id, chosen.node)
            if use in (Use.TITLE, Use.BYLINE, Use.DATE):
                values.append(_value(chosen))
        if elements:
            number = len(self.selections)
            self.selections.append(Selection(use, selector, tuple(dict.fromkeys(values)), remove))
            following = remove is not None and remove.and_following
            self.chosen += [(node, number, following) for node in elements.values()]

    def elements(self, selector: str) -> list[Chosen]:
        """What a selector chooses, in the order of the page. One that fails chooses nothing, and a warning says so."""
        try:
            expression = xpath_of(selector)
            if expression is None:
                return [Chosen(node, None) for node in self.parser.css(selector)]
            if self.find_xpath is None:
                self.find_xpath = xpath_finder(self.page, self.parser.css("*"))
            return self.find_xpath(expression)
        except (SelectolaxError, ValueError) as error:
            self.warnings.append(f"{self.file}: selector {selector!r} failed on this page and was skipped: {error}")
            return []

    def targets(self, remove: Remove, selector: str) -> Iterator[Chosen]:
        """The elements that go: those chosen that meet the rule's conditions, or what the rule takes in their place."""
        # A text or an attribute is no element: what is around it may be the whole article.
        found = [chosen for chosen in self.elements(selector) if chosen.value is None and self.meets(chosen.node, remove)]
        around = {c.node.mem_id for c in self.elements(remove.closest)} if remove.closest and found else set()
        for chosen in found:
            node: LexborNode | None = chosen.node
            for _ in range(remove.up):
                node = node and node.parent
            while remove.closest and node is not None and node.mem_id not in around:
                node = node.parent
            if node is not None and node.is_element_node and node.tag not in WHOLE:
                yield Chosen(node, None)

    def meets(self, node: LexborNode, remove: Remove) -> bool:
        """Whether an element's text is what the rule wants."""
        if not (remove.contains or remove.equals or remove.pattern):
            return True
        text = node_text(node)
        folded = fold(text)
        if remove.contains and not any(_joined(fold(word)) in folded for word in remove.contains):
            return False
        if remove.equals and folded not in {_joined(fold(word)) for word in remove.equals}:
            return False
        if not remove.pattern:
            return True
        try:
            return compile_pattern(remove.pattern).search(text) is not None
        except (TimeoutError, PatternError) as error:
            why = f"took over {TIMEOUT_SECONDS} s" if isinstance(error, TimeoutError) else f"is faulty: {error}"
            self.warnings.append(f"{self.file}: the pattern of {remove.id} {why}; it removed nothing there")
            return False

    def mark(self) -> None:
        """Put all marks into the page."""
        forget_marks(self.parser)
        for number, (node, selection, following) in enumerate(self.chosen):
            target = self.parser.body if node.tag == "html" else node
            if target is not None:
                mark(self.parser, target, selection, number, and_following=following)


def xpath_finder(page: str, nodes: Sequence[LexborNode]) -> Callable[[str], list[Chosen]]:
    """What runs an XPath on a page whose elements are `nodes`, in order: on a twin of the page in lxml.

    Raises ValueError where lxml takes no page like this, or the expression fails.
    """
    from lxml import etree, html

    # A second parse of the page, in which each element carries its number.
    twin = LexborHTMLParser(page)
    for number, node in enumerate(twin.css("*")):
        node.attrs["data-cleaner-number"] = str(number)
    try:
        root = html.document_fromstring((twin.html or "").encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    except (etree.LxmlError, AssertionError) as error:
        raise ValueError(f"lxml cannot read the page: {error}") from None

    def find(expression: str) -> list[Chosen]:
        try:
            found = compile_xpath(expression)(root)
        except etree.XPathError as error:
            raise ValueError(str(error)) from None
        if not isinstance(found, list):
            raise ValueError("it gives a value, not elements")
        return [chosen for item in found if (chosen := _chosen(item, nodes))]

    return find


def _chosen(item: Any, nodes: Sequence[LexborNode]) -> Chosen | None:
    """One result of an XPath: an element, or the element around a text or an attribute."""
    value = None
    element = item
    if isinstance(item, str):
        element = item.getparent()  # type: ignore[attr-defined]
        if item.is_tail and element is not None:  # type: ignore[attr-defined]
            element = element.getparent()
        value = _joined(item)
    if element is None or not hasattr(element, "get"):
        return None
    number = element.get("data-cleaner-number", "")
    return Chosen(nodes[int(number)], value) if number.isdecimal() and int(number) < len(nodes) else None


def node_text(node: LexborNode) -> str:
    """What a reader sees of an element, white space joined."""
    if node.css_first(", ".join(UNREAD)) is not None:
        node = node.clone()
        node.strip_tags(UNREAD)
    return _joined(node.text())


def _value(chosen: Chosen) -> str:
    if chosen.value is not None:
        return chosen.value
    for name in VALUES:
        if said := _joined(chosen.node.attributes.get(name) or ""):
            return said
    return node_text(chosen.node)


def _joined(text: str) -> str:
    return " ".join(text.split())
