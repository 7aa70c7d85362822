"""The trees of XPath 1.0 expressions, as elementpath reads them, and what single nodes of them say."""

from __future__ import annotations

from typing import Any

import regex

from cleaner.errors import CleanerError

NAME = regex.compile(r"[a-z][a-z0-9_-]*|\*")
ATTRIBUTE = regex.compile(r"[a-z_][a-z0-9_-]*")
# What may stand between two words of a text.
GAP = r"\s+"


class NotExact(CleanerError):
    """No CSS selector chooses the same elements. The message says which part of the expression is why."""


def parse_xpath(expression: str) -> Any:
    """The expression's tree, from elementpath. Raises NotExact where it is no XPath 1.0."""
    try:
        from elementpath import ElementPathError
        from elementpath.xpath1 import XPath1Parser
    except ImportError as missing:
        raise CleanerError("reading XPath needs elementpath: pip install 'article-cleaner[rules]'") from missing
    try:
        return XPath1Parser().parse(expression)
    except ElementPathError as fault:
        raise NotExact(f"{expression}: {str(fault).rsplit(']', 1)[-1].strip()}") from fault


def arms(token: Any) -> list[Any]:
    """The alternatives of a union, in order."""
    if token.symbol == "|":
        return [arm for side in token for arm in arms(side)]
    return [token]


def without_parentheses(token: Any) -> Any:
    """What stands in parentheses that only group."""
    while token.symbol == "(" and len(token) == 1:
        token = token[0]
    return token


def unwrapped(token: Any) -> tuple[Any, list[Any]]:
    """A step and its predicates, in order."""
    predicates: list[Any] = []
    while token.symbol == "[":
        predicates.insert(0, without_parentheses(token[1]))
        token = token[0]
    return token, predicates


def element_name(token: Any) -> str:
    """A name test. `node()` and `text()` are none, and names with capitals choose nothing in HTML."""
    name = token.value if token.symbol == "(name)" else token.symbol
    if not isinstance(name, str) or not NAME.fullmatch(name) or (token.symbol not in ("(name)", "*")):
        raise NotExact(f"{token.source}: not an element's name")
    return name


def conjuncts(token: Any) -> list[Any]:
    return [part for side in token for part in conjuncts(without_parentheses(side))] if token.symbol == "and" else [token]


def whole_number(token: Any) -> int:
    """A whole number of one or more, or 0."""
    value = token.value if token.symbol in ("(integer)", "(decimal)") else 0
    return value if isinstance(value, int) and value > 0 else 0


def position(token: Any) -> tuple[str, int] | None:
    """("=" | "<" | ">" | "last", number) for a predicate on the position, else None."""
    if token.symbol == "last":
        return "last", 1
    if number := whole_number(token):
        return "=", number
    if token.symbol in ("=", "<", "<=", ">", ">=") and token[0].symbol == "position":
        if token.symbol == "=" and token[1].symbol == "last":
            return "last", 1
        if number := whole_number(token[1]):
            return {"=": ("=", number), "<": ("<", number), "<=": ("<", number + 1), ">": (">", number), ">=": (">", number - 1)}[
                token.symbol
            ]
    if token.symbol in ("(integer)", "(decimal)", "position", "-", "+", "mod", "count"):
        raise NotExact(f"[{token.source}]: arithmetic")
    return None


def attribute_name(token: Any) -> str:
    if token.symbol != "@" or token[0].symbol != "(name)" or not ATTRIBUTE.fullmatch(str(token[0].value)):
        raise NotExact(f"[{token.source}]: not the value of a named attribute")
    return str(token[0].value)


def quoted(value: str) -> str:
    """A CSS string.

    >>> quoted('say "x"')
    '"say \\\\"x\\\\""'
    """
    return '"' + regex.sub(r'["\\]', r"\\\g<0>", value).replace("\n", "\\a ") + '"'


def is_padded_attribute(token: Any) -> bool:
    """concat(' ', @class, ' '), with or without normalize-space()."""
    if token.symbol != "concat" or len(token) != 3 or any(t.symbol != "(string)" or t.value != " " for t in (token[0], token[2])):
        return False
    middle = token[1]
    return bool(middle.symbol == "@" or (middle.symbol == "normalize-space" and len(middle) == 1 and middle[0].symbol == "@"))


def relative_steps(token: Any) -> list[tuple[str, Any]]:
    """The steps of a relative path, each with the "" (first), " > " or " " before it."""
    if token.symbol in ("/", "//"):
        if len(token) != 2:
            raise NotExact(f"[{token.source}]: a path from the page's root in a condition")
        steps = relative_steps(token[0])
        joint = " " if token.symbol == "//" else " > "
        return [*steps, (joint, token[1])]
    return [("", token)]


def goes_on(token: Any) -> bool:
    step = unwrapped(token)[0]
    return step.symbol in ("(name)", "*", "child", "descendant", "following-sibling")


def text_pattern(token: Any) -> str:
    """The regex for a condition on the whole text of an element, or "" where it is none such."""
    if token.symbol not in ("contains", "starts-with", "=") or len(token) != 2 or token[1].symbol != "(string)":
        return ""
    what, said = token[0], str(token[1].value)
    clean = what.symbol == "normalize-space" and (len(what) == 0 or what[0].symbol == ".")
    if (not clean and (what.symbol != "." or token.symbol != "contains")) or not said.strip():
        return ""
    words = GAP.join(regex.escape(word, special_only=True) for word in said.split())
    if words.lower() != words.upper():
        words = f"(?-i:{words})"
    return {"contains": words, "starts-with": f"^{words}", "=": f"^{words}$"}[token.symbol]


def source_of(token: Any) -> str:
    """The expression of a part of a tree. Raises NotExact where it would be read as another."""
    source = str(token.source)
    if parse_xpath(source).tree != token.tree:
        raise NotExact(f"{source}: cannot be taken out of the whole expression")
    return source


def last_test(token: Any) -> str:
    """What a path's last step asks for: a name, "*", "text", "comment", "@" …; "" where there is no telling.

    >>> last_test(parse_xpath("//p/following-sibling::text()[1]")), last_test(parse_xpath("(//p/b)[1]"))
    ('text', 'b')
    """
    token = unwrapped(token)[0]
    if token.symbol == "(name)":
        return str(token.value)
    if token.symbol in ("@", "*", "..", ".", "text", "comment", "node", "attribute") or not len(token):
        return str(token.symbol)
    return last_test(token[-1]) if token.symbol in ("/", "//", "(") or "-" in token.symbol or len(token) == 1 else ""
