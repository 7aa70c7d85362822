"""XPath expressions whose last step goes up or asks for words, as a CSS selector with a site file's keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cleaner.authoring.xpath_css import Chosen, filtered, path, unnested
from cleaner.authoring.xpath_tree import NotExact, element_name, unwrapped, whole_number


@dataclass(frozen=True)
class Pick:
    """Elements by a CSS selector, and then others by the keys of a site file's [[remove]].

    `up` elements above, or the nearest around it that matches `closest`; `pattern` is searched in the text of what
    `css` selects, and is "" where any text will do.
    """

    css: str
    up: int = 0
    closest: str = ""
    pattern: str = ""

    @property
    def plain(self) -> bool:
        """True where the selector alone says all."""
        return not (self.up or self.closest or self.pattern)


def to_pick(token: Any) -> Pick:
    """One alternative of a union as a selector and keys. Raises NotExact.

    >>> from cleaner.authoring.xpath_tree import parse_xpath
    >>> to_pick(parse_xpath("//p[contains(., 'Share this')]/.."))
    Pick(css='p', up=1, closest='', pattern='(?-i:Share\\\\s+this)')
    """
    if token.symbol == "/" and len(token) == 2:
        outer, (step, predicates) = token[0], unwrapped(token[1])
        if step.symbol == ".." and not predicates:
            inner = to_pick(outer)
            if inner.closest:
                raise NotExact(f"{token.source}: an element above the nearest of a kind")
            return replace(inner, up=inner.up + 1)
        if step.symbol == "ancestor" and predicates and (count := whole_number(predicates[-1])):
            inner = to_pick(outer)
            name = element_name(step[0])
            if name == "*" and len(predicates) == 1 and not inner.closest:
                return replace(inner, up=inner.up + count)
            # closest begins with the selected element itself, the axis above it.
            last = unwrapped(outer[-1])[0]
            other = last.symbol == "(name)" and name not in ("*", last.value)
            if count == 1 and other and not inner.up and not inner.closest:
                return replace(inner, closest=filtered(Chosen("", name, ""), predicates[:-1], None).css)
    texts: list[str] = []
    chosen = path(token, texts.append)
    if len(texts) > 1:
        raise NotExact(f"{token.source}: two conditions on the text")
    return Pick(unnested(chosen.css, token), pattern="".join(texts))
