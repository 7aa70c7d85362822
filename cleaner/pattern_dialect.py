"""Write a rule's pattern, whose syntax is that of `regex`, as one that means the same to PCRE2.

The two disagree on what a word character is (½, Hindi vowel signs, joiners), on what belongs to a script, and on the
Turkish İ and ı. Only syntax that is known to mean the same in both is written over: a pattern with any other is not
translated, and `regex` searches for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

# What `\w` is to `regex`; the last two are the zero-width non-joiner and joiner.
WORD = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}" + "\u200c\u200d"
STARTS, ENDS = f"(?<![{WORD}])", f"(?![{WORD}])"
ESCAPES: Mapping[str, str] = {
    r"\w": f"[{WORD}]",
    r"\W": f"[^{WORD}]",
    r"\b": f"(?:(?<=[{WORD}]){ENDS}|{STARTS}(?=[{WORD}]))",
    r"\B": f"(?:(?<=[{WORD}])(?=[{WORD}])|{STARTS}{ENDS})",
}
# Where case does not matter, `regex` takes i for İ as well and I for ı, but İ for i alone and ı for I alone.
NO_LETTERS: Mapping[int, str] = {}
DOTTED_AND_DOTLESS = str.maketrans({"İ": "(?-i:[iİ])", "ı": "(?-i:[Iı])"})
ALL_LETTERS = DOTTED_AND_DOTLESS | str.maketrans({"i": "[iİ]", "I": "[Iı]"})

# Half characters, and a space that is none to `regex`.
UNTOLD = re.compile("[\ud800-\udfff\u180e]")
ESCAPE = r"\\(?:[pP]\{[A-Z][a-z]*\}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[dDsSwWbBntrf]|[^\w]|_)"
TOKEN = re.compile(
    rf"""(?P<run>[^\\*+?{{(\[)^$]+(?![*+?{{]))
    |(?P<escape>{ESCAPE})
    |(?P<repeat>(?:[*+?]|\{{\d+(?:,\d*)?\}}|\{{,\d+\}})[+?]?)
    |(?P<set>\[\^?(?:\\[^\s\w]|\\(?:[pP]\{{)?\w|\\\s|[^\]\\\[])+\])
    |(?P<open>\((?:\?(?:-?i:|:|=|!|<=|<!|>|P?<(?P<name>[A-Za-z][A-Za-z0-9]*)>)|(?![?*])))
    |(?P<again>\\[1-9](?!\d))
    |(?P<close>\))|(?P<edge>[\^$])|(?P<one>[^\\*+?{{(\[)^$])""",
    re.VERBOSE,
)
MEMBER = re.compile(f"({ESCAPE})|[^\\\\\\[]", re.DOTALL)
# One of these twice is an operator on sets.
OPERATOR = re.compile(r"--|&&|\|\||~~")
CONTROLS: Mapping[str, str] = {r"\n": "\n", r"\t": "\t", r"\r": "\r", r"\f": "\f"}
CATEGORY = re.compile(r"[LMNPSZ][a-z]?|C[fco]")
# In a set that is blind to case `regex` asks for a character's other cases too, and where these stand that shows. One
# difference is borne with: U+0345 of ancient Greek is a letter to it there, and iota a mark.
CASED = re.compile(r"\\[pP]\{(?:L[ult]|Greek)\}")
# What PCRE2 alone takes for something to repeat.
UNREPEATED = frozenset({("one", "|"), ("escape", "b"), ("escape", "B"), ("edge", "^"), ("edge", "$"), *(("repeat", c) for c in "*+?}")})
# A name may be given to several groups, which PCRE2 wants told apart: a number follows this.
AGAIN = "__"


class Untranslated(Exception):
    """The pattern has something of which it is not known that PCRE2 reads it the same way."""


def translated(pattern: str, *, case: bool, letters: Mapping[int, str]) -> str:
    """`pattern` as PCRE2 reads it; where `case` is false it is to be compiled as blind to case.

    With `letters` = ALL_LETTERS it is for every text; with DOTTED_AND_DOTLESS, which is searched faster, for texts
    that have neither İ nor ı. Names of groups get AGAIN and a number. Raises Untranslated.

    >>> translated(r"\\bphoto \\p{Han}", case=False, letters=ALL_LETTERS) == STARTS + r"photo \\p{sc:Han}"
    True
    >>> translated("i(?-i:i)[a-z]", case=False, letters=ALL_LETTERS)
    '[iİ](?-i:i)[a-zİ]'
    """
    if UNTOLD.search(pattern):
        raise Untranslated
    written: list[str] = []
    # For each open group the letters that are written otherwise in it: none where case matters.
    within = [NO_LETTERS if case else letters]
    names: Counter[str] = Counter()
    at, kind, after_letter = 0, "", False
    while at < len(pattern):
        token = TOKEN.match(pattern, at)
        if not token:
            raise Untranslated
        before, kind, text = kind, "open" if token["open"] else str(token.lastgroup), token[0]
        if kind == "run" or kind == "one":
            text = text.translate(within[-1]) if within[-1] else text
        elif kind == "set":
            text = _set(text, "" if not within[-1] else "İı" if within[-1] is ALL_LETTERS else "ı")
        elif kind == "escape":
            text = _edge(pattern, at, after_letter) if text == r"\b" else _escape(text)
        elif kind == "open":
            within.append(letters if text == "(?i:" else NO_LETTERS if text == "(?-i:" else within[-1])
            if token["name"]:
                names[token["name"]] += 1
                text = f"(?<{token['name']}{AGAIN}{names[token['name']]}>"
        elif kind == "close":
            within.pop()
            if not within:
                raise Untranslated
        elif (kind == "repeat" and (before, pattern[at - 1]) in UNREPEATED) or (kind == "again" and within[-1] is ALL_LETTERS):
            raise Untranslated
        written.append(text)
        at = token.end()
        after_letter = kind == "run" and pattern[at - 1].isalpha()
    if len(within) != 1:
        raise Untranslated
    return "".join(written)


def _edge(pattern: str, at: int, after_letter: bool) -> str:
    r"""A `\b`: beside a letter that must be there only its other side is asked for."""
    if after_letter:
        return ENDS
    if pattern[at + 2 : at + 3].isalpha() and pattern[at + 3 : at + 4] not in ("*", "?", "{"):
        return STARTS
    return ESCAPES[r"\b"]


def _escape(text: str) -> str:
    """An escape outside of sets."""
    if text[1] in "pP":
        return _property(text)
    if text[1] in "xu":
        # The four that are i somewhere are not worth the trouble.
        if chr(int(text[2:], 16)) in "iIİı":
            raise Untranslated
        return text
    return ESCAPES.get(text, text if text[1].isascii() else text[1])


def _property(text: str) -> str:
    """A property by a name that means the same to both: a script without the characters that it shares with others."""
    return text if CATEGORY.fullmatch(text[3:-1]) else f"{text[:3]}sc:{text[3:]}"


@lru_cache(maxsize=4096)
def _set(text: str, letters: str) -> str:
    """A set in brackets. `letters` is "" where case matters, "ı" in a pattern for texts without İ and ı, "İı" in one for all."""
    negated = text.startswith("[^")
    inside = text[1 + negated : -1]
    if inside.startswith("]") or OPERATOR.search(inside) or (letters and CASED.search(inside)):
        raise Untranslated
    found = list(_members(inside))
    if letters:
        found += _also(found, letters)
    written = "".join(member for member, _, _ in found if member != r"\W").replace(r"\w", WORD)
    if all(member != r"\W" for member, _, _ in found):
        return f"[{'^' if negated else ''}{written}]"
    if not written:
        return f"[{'' if negated else '^'}{WORD}]"
    return f"(?:(?![{written}])[{WORD}])" if negated else f"(?:[^{WORD}]|[{written}])"


class Member(NamedTuple):
    """What stands in a set: the characters `first` to `last`, or an escape for many, where both are ""."""

    written: str
    first: str
    last: str


def _members(inside: str) -> Iterator[Member]:
    at = 0
    while at < len(inside):
        one, at = _member(inside, at)
        if one.first and inside[at : at + 1] == "-" and at + 1 < len(inside):
            other, at = _member(inside, at + 1)
            if not other.first:
                raise Untranslated
            one = Member(f"{one.written}-{other.written}", one.first, other.first)
        elif not one.first and inside[at : at + 1] == "-" and at + 1 < len(inside):
            raise Untranslated
        yield one


def _member(inside: str, at: int) -> tuple[Member, int]:
    """The character or escape at `at`, and where the next one begins."""
    found = MEMBER.match(inside, at)
    if not found or found[0] in (r"\b", r"\B"):
        raise Untranslated
    text = found[0]
    if found[1] and text[1] in "pP":
        return Member(_property(text), "", ""), found.end()
    if found[1] and text[1] in "dDsSwW":
        return Member(text, "", ""), found.end()
    one = text if not found[1] else CONTROLS.get(text) or (chr(int(text[2:], 16)) if text[1] in "xu" else text[1])
    return Member(_literal(one), one, one), found.end()


def _also(members: Sequence[Member], letters: str) -> list[Member]:
    """What a set that is blind to case takes besides."""
    has = {c: any(m.first <= c <= m.last for m in members if m.first) for c in "iIİı"}
    if not (has["i"] or has["I"]) and has["İ"] != has["ı"]:
        # One case of i without the other, which nothing in a set can say where case does not matter.
        raise Untranslated
    more = "i" * (has["İ"] and has["ı"]) + ("İ" * has["i"] + "ı" * has["I"] if letters == "İı" else "")
    return [Member(letter, letter, letter) for letter in more]


def _literal(character: str) -> str:
    """A character as itself in a set."""
    if character.isalnum() or not character.isascii() or character in " _":
        return character
    return "\\" + character if character.isprintable() else f"\\x{ord(character):02x}"
