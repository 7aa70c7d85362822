"""One rule: what it looks for, how far it reaches, and the examples that prove it.

A rule is data: written in TOML (`rules/`), checked when it is read, compiled when one of its keywords occurs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import regex

from cleaner.errors import RuleError
from cleaner.keys import ALWAYS, Form, Key, Period, Table
from cleaner.kinds import Kind, PhraseMatch, Scope, Strength, Where
from cleaner.pattern import Pattern, compile_pattern

# What may stand around a whole-block phrase without making it another phrase.
EDGE = r"[\s\p{P}\p{S}]*"
FRAGMENT_REFERENCE = regex.compile(r"<<([a-z_]+)>>")


@dataclass(frozen=True)
class Rule:
    """A pattern rule.

    `kind` is None for a protect rule, which keeps what it matches from every rule and the scorer.
    `max_words` 0 means no limit. `match` is for phrases alone. `period`, the days of the articles that the rule is
    meant for, is other than always only for rules of a site.
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
    period: Period = ALWAYS

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
    def compiled(self) -> Pattern:
        """The pattern, ready to search a block's text with. Raises PatternError for a faulty one."""
        return compile_pattern(self.pattern, case=self.case)

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
# Those that mostly stand there, taken off at little cost before the pattern is asked.
COMMON_EDGES = " \n.,:;!?…'\"“”„‘’«»()[]-–—/|*•·#>→+"


def edge_key(text: str) -> str:
    """`text` folded, without punctuation at its edges, runs of white space as one space.

    >>> edge_key("» LIRE  aussi :")
    'lire aussi'
    """
    return folded_key(fold(text))


def folded_key(text: str) -> str:
    """The `edge_key` of what is folded already."""
    text = text.strip(COMMON_EDGES)
    if text and not (text[0].isalnum() and text[-1].isalnum()):
        text = EDGES.sub("", text)
    # The space is the only white space that is printable.
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


RULE_KEYS = (
    Key("id", Form.STRING, "A unique name: language or site, then what it finds.", required=True),
    Key("kind", Form.STRING, "What the removed piece was.", Kind),
    Key("pattern", Form.STRING, "A regular expression, searched in the block's text, case-blind unless case = true."),
    Key("phrases", Form.STRINGS, "Literal phrases, in the place of a pattern."),
    Key("match", Form.STRING, "Where in the block a phrase stands.", PhraseMatch),
    Key("keywords", Form.STRINGS, "Words of which one must occur before the pattern is tried."),
    Key("lang", Form.STRINGS, 'A language code or a list of them; "*" for all.'),
    Key("scope", Form.STRING, "How far a match reaches.", Scope),
    Key("where", Form.STRING, "In which part of the document the rule may match.", Where),
    Key("strength", Form.STRING, "Whether a match decides alone.", Strength),
    Key("max_words", Form.INTEGER, "The rule does not apply to longer blocks; 0 is no limit."),
    Key("case", Form.BOOLEAN, "Whether capitals matter to the pattern."),
    Key("replace", Form.STRING, 'With scope = "span": what takes the place of the matched characters.'),
    Key("until", Form.STRING, 'With scope = "label": words at which the headlines under the label end.'),
    Key("why", Form.STRING, "One sentence that the removal's reason shows."),
    Key("hit", Form.STRINGS, "Blocks that it must match.", required=True),
    Key("miss", Form.STRINGS, "Ordinary reporting that comes near it and must stay.", required=True),
)
PROTECT_KEYS = tuple(key for key in RULE_KEYS if key.name != "kind")
# What [defaults] may say for all rules of a file.
DEFAULTS_KEYS = tuple(replace(key, required=False) for key in RULE_KEYS)


def parse_rule(
    table: Mapping[str, Any],
    *,
    file: str,
    defaults: Mapping[str, Any],
    fragments: Mapping[str, Sequence[str]],
    protect: bool = False,
    more_keys: Sequence[Key] = (),
) -> Rule:
    """Read one `[[rule]]` or `[[protect]]` table. Raises RuleError naming the rule and what to write instead.

    `more_keys` are allowed too: the period, which only rules of a site have.
    """
    if not isinstance(table, Mapping):
        raise RuleError(f"a rule is a table of keys and values, not {table!r}; write [[rule]] above its keys", file=file)
    values = {**defaults, **table}
    name = str(values.get("id", "?"))

    def fail(problem: str, key: str = "") -> RuleError:
        return RuleError(f"rule {name!r}: {problem}", file=file, key=key, rule=name)

    read = Table(values, (*RULE_KEYS, *more_keys), fail)
    if not set(values) <= {key.name for key in read.keys}:
        read.check()
    if not isinstance(values.get("id"), str) or not values["id"]:
        raise fail('has no id; write id = "language-what-it-finds"', "id")
    if protect == ("kind" in (table if protect else values)):
        raise fail("a protect rule has no kind" if protect else f"has no kind; one of {', '.join(Kind)}", "kind")
    hit, miss = _examples(read)
    pattern, keywords = _pattern(read, fragments)
    return Rule(
        id=values["id"],
        kind=None if protect else read.choice(Kind, "kind", None),
        pattern_or_phrases=pattern,
        match=read.choice(PhraseMatch, "match", PhraseMatch.WHOLE),
        given_keywords=keywords,
        langs=frozenset(read.strings("lang") or ("*",)),
        scope=read.choice(Scope, "scope", Scope.BLOCK),
        where=read.choice(Where, "where", Where.ANYWHERE),
        strength=read.choice(Strength, "strength", Strength.SURE),
        max_words=read.typed("max_words", 0),
        case=read.typed("case", False),
        replace=read.typed("replace", ""),
        until=read.typed("until", ""),
        why=read.typed("why", ""),
        hit=hit,
        miss=miss,
        file=file,
        period=read.period(),
    )


def _examples(read: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    hit, miss = read.strings("hit"), read.strings("miss")
    if not hit or not miss:
        problem = "needs at least one hit and one miss: a block it matches, and ordinary body text near it that it leaves alone"
        raise read.fail(problem, "miss" if hit else "hit")
    return hit, miss


def expand(pattern: str, fragments: Mapping[str, Sequence[str]]) -> str:
    """Replace each `<<name>>` by the alternatives of that fragment.

    >>> expand(r"\\d+ <<months>>", {"months": ["Mai", "Juni"]})
    '\\\\d+ (?:Juni|Mai)'
    """

    def alternatives(found: regex.Match[str]) -> str:
        words = sorted(fragments[found[1]], key=lambda w: (-len(w), w))
        return "(?:" + "|".join(regex.escape(w, special_only=True) for w in words) + ")"

    return FRAGMENT_REFERENCE.sub(alternatives, pattern)


def _pattern(read: Table, fragments: Mapping[str, Sequence[str]]) -> tuple[str | tuple[str, ...], tuple[str, ...]]:
    phrases = read.strings("phrases")
    pattern = read.values.get("pattern")
    if bool(phrases) == bool(pattern):
        raise read.fail("needs either a pattern or phrases, not both", "pattern" if phrases else "")
    keywords = tuple(fold(k) for k in read.strings("keywords"))
    if phrases:
        return phrases, keywords
    if not isinstance(pattern, str):
        raise read.fail("pattern must be a string", "pattern")
    if not keywords:
        raise read.fail("a pattern needs keywords: words of which one must occur before the pattern is tried", "pattern")
    missing = [m for m in FRAGMENT_REFERENCE.findall(" ".join((pattern, *keywords))) if m not in fragments]
    if missing:
        raise read.fail(f"unknown fragment <<{missing[0]}>>; those in fragments.toml are {', '.join(sorted(fragments))}", "pattern")
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
