"""XPath 1.0 expressions as CSS selectors, wherever CSS can choose exactly the same elements.

What CSS cannot say (text nodes, counting, the first of a whole document …) raises NotExact, and the expression is
then better left as XPath.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import regex

from cleaner.authoring.xpath_tree import (
    NotExact,
    arms,
    attribute_name,
    conjuncts,
    element_name,
    goes_on,
    is_padded_attribute,
    parse_xpath,
    position,
    quoted,
    relative_steps,
    text_pattern,
    unwrapped,
    whole_number,
    without_parentheses,
)

# Attributes whose values HTML has CSS compare without regard to case; XPath never does so.
CASE_BLIND = frozenset(
    "accept accept-charset align alink axis bgcolor charset checked clear codetype color compact declare defer dir direction disabled "
    "enctype face frame hreflang http-equiv lang language link media method multiple nohref noresize noshade nowrap readonly rel rev "
    "rules scope scrolling selected shape target text type valign valuetype vlink".split()
)
# A :has() with its balanced parentheses.
HAS = regex.compile(r":has(\((?:[^()]|(?1))*\))")


class Chosen(NamedTuple):
    """A complex selector in two parts: `before` with its combinator ("main > "), and the last compound's name and tail."""

    before: str
    name: str
    tail: str

    @property
    def css(self) -> str:
        # A star that could be left out stays before ":", where lexbor would choose too few without it.
        short = self.name == "*" and self.tail.startswith("[")
        return self.before + (self.tail if short else self.name + self.tail)

    @property
    def test(self) -> str:
        """A tail that says: this element is one of those."""
        return self.tail if self.name == "*" and not self.before else f":is({self.css})"


ANYTHING = Chosen("", "*", "")


def to_css(expression: str) -> str:
    """The CSS selector for the same elements. Raises NotExact.

    >>> to_css("//div[contains(@class, 'story')]/p[not(@id)] | //main//section[2]")
    'div[class*="story"] > p:not([id]), main section:nth-of-type(2)'
    """
    return ", ".join(dict.fromkeys(unnested(path(arm).css, arm) for arm in arms(parse_xpath(expression))))


def unnested(css: str, token: Any) -> str:
    """`css` unless it has a :has() inside another, which CSS forbids and lexbor gets wrong."""
    if any(":has(" in inner[0][5:] for inner in HAS.finditer(css)):
        raise NotExact(f"{token.source}: a condition of that kind inside another")
    return css


def path(token: Any, on_text: Callable[[str], None] | None = None) -> Chosen:
    """An absolute path. `on_text` takes a pattern for a condition on the text of what the last step chooses."""
    if token.symbol == "//" and len(token) == 1:
        return _step(token[0], ANYTHING, "", on_text)
    if token.symbol == "/" and len(token) == 1:
        root = _step(token[0], ANYTHING, "", on_text)
        return root._replace(tail=":root" + root.tail)
    if token.symbol in ("/", "//") and len(token) == 2:
        return _step(token[1], path(token[0]), " " if token.symbol == "//" else " > ", on_text)
    raise NotExact(f"{token.source}: not a path from the page's root")


def _step(token: Any, context: Chosen, joint: str, on_text: Callable[[str], None] | None = None) -> Chosen:
    """The elements that a step reaches from `context`; `joint` is " > " after "/", " " after "//", "" at the start."""
    step, predicates = unwrapped(token)
    axis = step.symbol if len(step) == 1 and step.symbol not in ("(name)", "*", "@") else "child"
    if step.symbol in (".", ".."):
        axis, test = ("self" if step.symbol == "." else "parent"), "*"
    else:
        test = element_name(step[0] if axis != "child" or step.symbol == "child" else step)
    if axis == "child":
        before = context.css + joint if joint else ""
        return filtered(Chosen(before, test, ""), predicates, on_text, counts="child")
    if axis in ("self", "descendant-or-self", "descendant") and joint == "":
        counts = None
        return filtered(Chosen("", test, ""), predicates, on_text, counts=counts)
    if joint == " ":
        raise NotExact(f"{token.source}: {axis}:: from everything in an element")
    if not joint:
        context = ANYTHING
    return _along(axis, test, context, predicates, on_text, token)


def _along(axis: str, test: str, context: Chosen, predicates: list[Any], on_text: Callable[[str], None] | None, token: Any) -> Chosen:
    """One step along any axis but child."""
    inner = context.css
    first = bool(predicates) and test == "*" and whole_number(predicates[0]) == 1
    rest = predicates[1:] if first else predicates
    if axis == "descendant":
        return filtered(Chosen(inner + " ", test, ""), predicates, on_text)
    if axis == "following-sibling":
        return filtered(Chosen(inner + (" + " if first else " ~ "), test, ""), rest, on_text)
    if axis == "preceding-sibling":
        return filtered(Chosen("", test, f":has({'+' if first else '~'} {_simple(context)})"), rest, on_text)
    if axis == "parent":
        return filtered(Chosen("", test, f":has(> {_simple(context)})"), predicates, on_text)
    if axis == "ancestor":
        return filtered(Chosen("", test, f":has({_simple(context)})"), predicates, on_text)
    if axis == "self":
        if test == "*" or context.name in ("*", test):
            return filtered(context._replace(name=test if test != "*" else context.name), predicates, on_text)
        raise NotExact(f"{token.source}: self::{test} of another element")
    raise NotExact(f"{token.source}: the axis {axis}")


def _simple(context: Chosen) -> str:
    """`context` as one compound, as :has() needs it: a path inside would be looked for below the element alone."""
    return context.css if not context.before else f"{context.name}{context.test}"


def filtered(chosen: Chosen, predicates: list[Any], on_text: Callable[[str], None] | None, counts: str | None = None) -> Chosen:
    """`chosen` with its predicates; positions count where `counts` is "child", among siblings."""
    texted = False
    for n, predicate in enumerate(predicates):
        place = position(predicate)
        if place:
            # lexbor miscounts among elements that are chosen by more than attributes.
            if counts != "child" or texted or ":" in chosen.tail:
                raise NotExact(f"[{predicate.source}]: a position in something other than the children of one element")
            chosen = chosen._replace(tail=chosen.tail + _nth(place, chosen, untouched=n == 0))
            continue
        for condition in conjuncts(predicate):
            pattern = text_pattern(condition) if on_text else ""
            if pattern and on_text:
                on_text(pattern)
                texted = True
            else:
                chosen = chosen._replace(tail=chosen.tail + _condition(condition))
    return chosen


def _nth(place: tuple[str, int], chosen: Chosen, *, untouched: bool) -> str:
    relation, number = place
    if untouched:
        which = {"=": f"{number}", "last": "1", "<": f"-n+{number - 1}", ">": f"n+{number + 1}"}[relation]
        return f":nth-{'last-' if relation == 'last' else ''}{'child' if chosen.name == '*' else 'of-type'}({which})"
    # Not :nth-child(1 of …), with which lexbor chooses wrong elements.
    same = chosen._replace(before="").css
    if place == ("=", 1):
        return f":not({same} ~ {same})"
    if relation == "last":
        return f":not(:has(~ {same}))"
    raise NotExact(f"{same}: one of those by its number")


def _condition(token: Any) -> str:
    """The tail of a compound that is true where the predicate is."""
    token = without_parentheses(token)
    symbol = token.symbol
    if symbol == "and":
        return _condition(token[0]) + _condition(token[1])
    if symbol == "or":
        return f":is({', '.join(_said(side) for side in token)})"
    if symbol == "not" and len(token) == 1:
        return f":not({_said(token[0])})"
    if symbol == "boolean":
        return _condition(token[0])
    if symbol == "@":
        return f"[{attribute_name(token)}]"
    if symbol in ("=", "!=", "contains", "starts-with"):
        return _comparison(token)
    if symbol in ("/", "//", "[", "(name)", "*", "..", ".") or len(token) == 1:
        return _exists(token, "")
    raise NotExact(f"[{token.source}]: no CSS for this condition")


def _said(token: Any) -> str:
    """A condition that is not always true, as :is() and :not() need it."""
    said = _condition(token)
    if not said:
        raise NotExact(f"[{token.source}]: always true")
    return said


def _comparison(token: Any) -> str:
    left, right = token[0], token[1]
    if left.symbol == "(string)" and token.symbol in ("=", "!="):
        left, right = right, left
    if right.symbol != "(string)":
        raise NotExact(f"[{token.source}]: compared with something other than a string")
    value = str(right.value)
    operator = {"=": "=", "!=": "=", "contains": "*=", "starts-with": "^="}[token.symbol]
    if token.symbol == "contains" and is_padded_attribute(left):
        word = value[1:-1]
        if value != f" {word} " or not word or regex.search(r"\s", word):
            raise NotExact(f"[{token.source}]: not one word of the attribute")
        value, operator, left = word, "~=", left[1] if left[1].symbol == "@" else left[1][0]
    if not value and operator != "=":
        raise NotExact(f"[{token.source}]: an empty string")
    if token.symbol == "=" and left.symbol in ("/", "//"):
        return _exists(left, f"={quoted(value)}")
    name = attribute_name(left)
    said = f"[{name}{operator}{quoted(value)}{' s' if name in CASE_BLIND else ''}]"
    return f"[{name}]:not({said})" if token.symbol == "!=" else said


def _exists(token: Any, value: str) -> str:
    """A tail that is true where the relative path leads to anything; `value` ("" or '="…"') to be had by its last attribute."""
    return _tail(relative_steps(token), value, token)


def _tail(steps: list[tuple[str, Any]], value: str, whole: Any) -> str:
    """The steps, from one element on, as a compound's tail."""
    if not steps:
        if value:
            raise NotExact(f"[{whole.source}]: an element's text compared")
        return ""
    joint, token = steps[0]
    step, predicates = unwrapped(token)
    if step.symbol == "@":
        if len(steps) > 1 or predicates:
            raise NotExact(f"[{whole.source}]: a step from an attribute")
        name = attribute_name(step)
        said = f"[{name}{value}{' s' if value and name in CASE_BLIND else ''}]"
        return f":is({said}, :has({said}))" if joint == " " else said
    if step.symbol in (".", "self") and joint != " ":
        if step.symbol == "." and len(steps) > 1 and steps[1][0] == " ":
            return f":has({_below(steps[1:], value, whole)})"
        test = element_name(step[0]) if step.symbol == "self" else "*"
        here = filtered(Chosen("", test, ""), predicates, None)
        if test != "*":
            here = Chosen("", "*", f":is({here.css})")
        return here.tail + _tail(steps[1:], value, whole)
    axis = step.symbol if len(step) == 1 and step.symbol not in ("(name)", "*") else "child"
    if step.symbol == ".." or axis in ("parent", "ancestor", "preceding-sibling"):
        return _behind(axis, steps, value, whole)
    return f":has({_below(steps, value, whole)})"


def _behind(axis: str, steps: list[tuple[str, Any]], value: str, whole: Any) -> str:
    """A step backwards: the element is below or after one of which the rest is true."""
    joint, token = steps[0]
    step, predicates = unwrapped(token)
    if joint == " ":
        raise NotExact(f"[{whole.source}]: a step backwards from anything below")
    if step.symbol == "..":
        # Above the root stands the document, which no selector knows.
        raise NotExact(f"[{whole.source}]: a step to what may be no element")
    test = element_name(step[0])
    beside = axis == "preceding-sibling" and bool(predicates) and test == "*" and whole_number(predicates[0]) == 1
    there = filtered(Chosen("", test, ""), predicates[1:] if beside else predicates, None)
    there = there._replace(tail=there.tail + _tail(steps[1:], value, whole))
    return f":is({there.css} {'+' if beside else {'parent': '>', 'ancestor': '', 'preceding-sibling': '~'}[axis]} *)".replace("  ", " ")


def _below(steps: list[tuple[str, Any]], value: str, whole: Any) -> str:
    """Steps forwards, as the relative selector in :has()."""
    joint, token = steps[0]
    step, predicates = unwrapped(token)
    axis = step.symbol if len(step) == 1 and step.symbol not in ("(name)", "*", "@") else "child"
    test = element_name(step[0] if axis != "child" or step.symbol == "child" else step)
    combinator = {"child": "" if joint == " " else "> ", "descendant": "", "following-sibling": "~ "}.get(axis)
    if combinator is None or (joint == " " and axis == "following-sibling"):
        raise NotExact(f"[{whole.source}]: the axis {axis} in a condition")
    if axis == "following-sibling" and predicates and test == "*" and whole_number(predicates[0]) == 1:
        combinator, predicates = "+ ", predicates[1:]
    there = filtered(Chosen("", test, ""), predicates, None, counts="child" if axis == "child" else None)
    rest = steps[1:]
    if rest and goes_on(rest[0][1]):
        return f"{combinator}{there.css} {_below(rest, value, whole)}"
    return combinator + there._replace(tail=there.tail + _tail(rest, value, whole)).css
