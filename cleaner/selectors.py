"""Selectors as site files write them: CSS, or an XPath after `xpath:`. Checked here, run in `selection`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

if TYPE_CHECKING:
    from lxml.etree import XPath

XPATH = "xpath:"
# What an expression ends in that gives text or an attribute and no element.
NO_ELEMENT = re.compile(r"(?:/|^)\s*(?:text\(\)(?:\[[^\]]*\])?|@[\w:.-]+|attribute::[\w:.-]+)\s*$")
NAMESPACES = {"re": "http://exslt.org/regular-expressions"}


def xpath_of(selector: str) -> str | None:
    """The expression of a selector that is an XPath; None for CSS.

    >>> xpath_of("xpath://p[2]"), xpath_of("p.lead")
    ('//p[2]', None)
    """
    return selector[len(XPATH) :].strip() if selector.startswith(XPATH) else None


def check_selector(selector: str, *, elements: bool = False) -> str:
    """What is wrong with a selector, "" if nothing; `elements` asks that it choose elements, not text or attributes.

    >>> check_selector("p.lead"), check_selector("p..lead")
    ('', "'p..lead' is no CSS selector that can be read; an XPath begins with xpath:")
    """
    expression = xpath_of(selector)
    if expression is None:
        return check_css(selector)
    try:
        compile_xpath(expression)
    except ValueError as error:
        return f"{expression!r} is no XPath that can be read: {error}"
    if elements and NO_ELEMENT.search(expression):
        return f"{expression!r} chooses text or an attribute; what is removed is an element: name the one around it"
    return ""


def check_css(selector: str) -> str:
    """What is wrong with a CSS selector, "" if nothing."""
    try:
        LexborHTMLParser("<p></p>").css(selector)
    except (SelectolaxError, ValueError, UnicodeError):
        hint = "; an XPath begins with xpath:" if not selector.startswith("/") else f"; for an XPath write xpath:{selector}"
        return f"{selector!r} is no CSS selector that can be read{hint}"
    return ""


def compile_xpath(expression: str) -> XPath:
    """An XPath ready to run. Raises ValueError where it cannot be read. lxml is imported when first needed."""
    from lxml import etree

    try:
        return etree.XPath(expression, namespaces=NAMESPACES)
    except (etree.XPathError, UnicodeError) as error:
        raise ValueError(str(error)) from None
