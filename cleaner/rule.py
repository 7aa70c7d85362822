"""One rule: what it looks for, how far it reaches, and the examples that prove it.

A rule is data. It is written in TOML (`rules/`), checked here when it is read, and compiled only
when one of its keywords occurs in a document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

import regex

from cleaner.errors import RuleError
from cleaner.kinds import Kind, PhraseMatch, Scope, Strength, Where

E = TypeVar("E", bound=StrEnum)

# What may stand around a whole-block phrase without making it another phrase.
EDGE = r"[\s\p{P}\p{S}]*"
FRAGMENT_REFERENCE = regex.compile(r"<<([a-z_]+)>>")


@dataclass(frozen=True)
class Rule:
    """A pattern rule.

    `kind` is None for a protect rule, which keeps what it matches from every rule and the scorer.
    `max_words` 0 means no limit. `match` is for phrases alone.
    """

    id: str
    kind: Kind | None
    pattern_or_phrases: str | tuple[str, ...]
    match: PhraseMatch
    given_keywords: tuple[str, ...]
    langs: frozenset[str]
    scope: Scope
    where: Where
    strength: Strength
    max_words: int
    case: bool
    replace: str
    until: str
    why: str
    hit: tuple[str, ...]
    miss: tuple[str, ...]
    file: str

    @cached_property
    def pattern(self) -> str:
        """The pattern as written, or one for any of the phrases."""
        given = self.pattern_or_phrases
        return given if isinstance(given, str) else phrase_pattern(given, self.match)

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """Folded (see `fold`) strings of which one occurs in whatever the pattern matches. "^" at the start or
        "$" at the end of one ties it to the block's edge."""
        if self.given_keywords or isinstance(self.pattern_or_phrases, str):
            return self.given_keywords
        return tuple(" ".join(fold(p).split()) for p in self.pattern_or_phrases)

    @cached_property
    def whole_keys(self) -> frozenset[str]:
        """For a rule of phrases that must be the whole block: their keys (see `edge_key`); else empty."""
        given = self.pattern_or_phrases
        if isinstance(given, str) or self.match is not PhraseMatch.WHOLE or self.scope is Scope.SPAN or self.case:
            return frozenset()
        keys = frozenset(edge_key(p) for p in given)
        return frozenset() if "" in keys else keys

    @cached_property
    def plain_phrases(self) -> tuple[str, ...]:
        """The folded phrases, longest first, of a rule that needs no pattern: none for whole blocks, spans, or where
        capitals or keywords of the rule's own matter."""
        given = self.pattern_or_phrases
        if isinstance(given, str) or self.match is PhraseMatch.WHOLE or self.scope is Scope.SPAN or self.case or self.given_keywords:
            return ()
        return tuple(sorted((" ".join(fold(p).split()) for p in given), key=lambda p: (-len(p), p)))

    @cached_property
    def spaced(self) -> bool:
        """Whether the phrases' script parts words by spaces."""
        given = self.pattern_or_phrases
        return UNSPACED.search(given if isinstance(given, str) else "".join(given)) is None

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        """The pattern, ready to search a block's text with."""
        flags = regex.VERSION1 | (0 if self.case else regex.IGNORECASE)
        return regex.compile(self.pattern, flags)

    @property
    def protects(self) -> bool:
        """True for a protect rule."""
        return self.kind is None


def fold(text: str) -> str:
    """Lower-case `text` and make its spaces plain without changing its length, so that offsets stay true.

    >>> fold("İLKE\\u00a0Haber")
    'ilke haber'
    """
    if "\t" in text:
        text = text.replace("\t", " ")
    if not text.isascii():
        text = text.replace("\u0130", "i").replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ")
    return text.lower()


EDGES = regex.compile(r"^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$")


def edge_key(text: str) -> str:
    """`text` folded, without punctuation at its edges, runs of white space as one space.

    >>> edge_key("» LIRE  aussi :")
    'lire aussi'
    """
    text = fold(text)
    if not (text[:1].isalnum() and text[-1:].isalnum()):
        text = EDGES.sub("", text)
    return " ".join(text.split())


RULE_KEYS = frozenset("id kind pattern phrases match keywords lang scope where strength max_words case replace until why hit miss".split())


def parse_rule(
    table: Mapping[str, Any],
    *,
    file: str,
    defaults: Mapping[str, Any],
    fragments: Mapping[str, Sequence[str]],
    protect: bool = False,
) -> Rule:
    """Read one `[[rule]]` or `[[protect]]` table. Raises RuleError naming the rule and what to write instead."""
    if not isinstance(table, Mapping):
        raise RuleError(f"a rule is a table of keys and values, not {table!r}; write [[rule]] above its keys", file=file)
    values = {**defaults, **table}
    name = str(values.get("id", "?"))

    def fail(problem: str) -> RuleError:
        return RuleError(f"rule {name!r}: {problem}", file=file)

    unknown = sorted(set(values) - RULE_KEYS)
    if unknown:
        raise fail(f"unknown key {unknown[0]!r}; the keys are {', '.join(sorted(RULE_KEYS))}")
    if not isinstance(values.get("id"), str) or not values["id"]:
        raise fail('has no id; write id = "language-what-it-finds"')
    if protect == ("kind" in (table if protect else values)):
        raise fail("a protect rule has no kind" if protect else f"has no kind; one of {', '.join(Kind)}")
    hit, miss = _strings(values, "hit", fail), _strings(values, "miss", fail)
    if not hit or not miss:
        raise fail("needs at least one hit and one miss: a block it matches, and ordinary body text near it that it leaves alone")
    pattern, keywords = _pattern(values, fragments, fail)
    match = _enum(PhraseMatch, values, "match", PhraseMatch.WHOLE, fail)
    return Rule(
        id=values["id"],
        kind=None if protect else _enum(Kind, values, "kind", None, fail),
        pattern_or_phrases=pattern,
        match=match,
        given_keywords=keywords,
        langs=frozenset(_strings(values, "lang", fail) or ("*",)),
        scope=_enum(Scope, values, "scope", Scope.BLOCK, fail),
        where=_enum(Where, values, "where", Where.ANYWHERE, fail),
        strength=_enum(Strength, values, "strength", Strength.SURE, fail),
        max_words=_typed(values, "max_words", 0, fail),
        case=_typed(values, "case", False, fail),
        replace=_typed(values, "replace", "", fail),
        until=_typed(values, "until", "", fail),
        why=_typed(values, "why", "", fail),
        hit=hit,
        miss=miss,
        file=file,
    )


def expand(pattern: str, fragments: Mapping[str, Sequence[str]]) -> str:
    """Replace each `<<name>>` by the alternatives of that fragment.

    >>> expand(r"\\d+ <<months>>", {"months": ["Mai", "Juni"]})
    '\\\\d+ (?:Juni|Mai)'
    """

    def alternatives(found: regex.Match[str]) -> str:
        words = sorted(fragments[found[1]], key=lambda w: (-len(w), w))
        return "(?:" + "|".join(regex.escape(w, special_only=True) for w in words) + ")"

    return FRAGMENT_REFERENCE.sub(alternatives, pattern)


def _pattern(values: Mapping[str, Any], fragments: Mapping[str, Sequence[str]], fail: Any) -> tuple[str | tuple[str, ...], tuple[str, ...]]:
    phrases = _strings(values, "phrases", fail)
    pattern = values.get("pattern")
    if bool(phrases) == bool(pattern):
        raise fail("needs either a pattern or phrases, not both")
    keywords = tuple(fold(k) for k in _strings(values, "keywords", fail))
    if phrases:
        return phrases, keywords
    if not isinstance(pattern, str):
        raise fail("pattern must be a string")
    if not keywords:
        raise fail("a pattern needs keywords: words of which one must occur before the pattern is tried")
    missing = [m for m in FRAGMENT_REFERENCE.findall(" ".join((pattern, *keywords))) if m not in fragments]
    if missing:
        raise fail(f"unknown fragment <<{missing[0]}>>; those in fragments.toml are {', '.join(sorted(fragments))}")
    return expand(pattern, fragments), tuple(k for word in keywords for k in _keyword_expansions(word, fragments))


def _keyword_expansions(keyword: str, fragments: Mapping[str, Sequence[str]]) -> list[str]:
    """A keyword that names a fragment stands for each of its words, with what stands around the name.

    >>> _keyword_expansions("^(<<agencies>>", {"agencies": ["AP", "dpa"]})
    ['^(ap', '^(dpa']
    """
    named = FRAGMENT_REFERENCE.search(keyword)
    if not named:
        return [keyword]
    before, rest = keyword[: named.start()], _keyword_expansions(keyword[named.end() :], fragments)
    return [before + fold(word) + after for word in fragments[named[1]] for after in rest]


def phrase_pattern(phrases: Sequence[str], match: PhraseMatch) -> str:
    """A pattern for any of `phrases`, blind to runs of white space and, at a block's edges, to punctuation.

    >>> phrase_pattern(["Lire aussi"], PhraseMatch.START)
    '^[\\\\s\\\\p{P}\\\\p{S}]*(?:Lire\\\\s+aussi)(?!\\\\w)'
    """
    escaped = (r"\s+".join(regex.escape(w, special_only=True) for w in p.split()) for p in sorted(phrases, key=lambda p: (-len(p), p)))
    body = "(?:" + "|".join(escaped) + ")"
    # Scripts without spaces have no word edge to ask for.
    spaced = not UNSPACED.search("".join(phrases))
    before, after = (r"(?<!\w)", r"(?!\w)") if spaced else ("", "")
    return {
        PhraseMatch.WHOLE: f"^{EDGE}{body}{EDGE}$",
        PhraseMatch.START: f"^{EDGE}{body}{after}",
        PhraseMatch.END: f"{before}{body}{EDGE}$",
        PhraseMatch.CONTAINS: f"{before}{body}{after}",
    }[match]


# Thai, Lao; Burmese; Khmer; kana; Chinese characters and their compatibility forms; halfwidth kana.
UNSPACED = regex.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003ffff]"
)


def is_unspaced(character: str) -> bool:
    """True for letters of scripts written without spaces between words.

    >>> is_unspaced("訂"), is_unspaced("ก"), is_unspaced("한"), is_unspaced("a")
    (True, True, False, False)
    """
    return UNSPACED.match(character) is not None


def _strings(values: Mapping[str, Any], key: str, fail: Any) -> tuple[str, ...]:
    value = values.get(key, ())
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) and v for v in value):
        raise fail(f"{key} must be a string or a list of strings, none empty")
    return tuple(value)


def _enum(enum: type[E], values: Mapping[str, Any], key: str, default: E | None, fail: Any) -> E:
    value = values.get(key, default)
    try:
        return enum(value)
    except ValueError:
        raise fail(f"{key} = {value!r} is not one of {', '.join(enum)}") from None


T = TypeVar("T", int, bool, str)


def _typed(values: Mapping[str, Any], key: str, default: T, fail: Any) -> T:
    value = values.get(key, default)
    if type(value) is not type(default):
        raise fail(f"{key} must be of type {type(default).__name__}, not {value!r}")
    return value
