"""Find where rules match. Nothing is decided here: a match is evidence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import regex

from cleaner.errors import PatternError
from cleaner.kinds import PhraseMatch, Scope, Where
from cleaner.native import compiled_match
from cleaner.pattern import TIMEOUT_SECONDS, Subject
from cleaner.rule import COMMON_EDGES, EDGE, Rule, edge_key, fold, folded_key
from cleaner.rule_index import RuleIndex
from cleaner.ruleset import RuleSet

# A member of an Enum takes long to look up.
HEAD, SPAN = Where.HEAD, Scope.SPAN
# Rules of the head are not even tried on what stands after this many characters.
HEAD_CHARS = 6000
# A text longer than this for each word of a rule's max_words has more words, or is no line of words at all.
WORD_CHARS = 14
WORD = regex.compile(r"\w")
EDGE_ONLY = regex.compile(EDGE)
# No phrase with its punctuation is longer, in characters.
LONGEST_PHRASE = 250


class Match(NamedTuple):
    """Rule `rule` matched in block `block` at `start`..`end`, offsets into that block's text."""

    rule: Rule
    block: int
    start: int
    end: int
    fields: dict[str, str]


class Attempt(NamedTuple):
    """Rule `rule` is to be looked for in block `block`. `whole`: it is one of the rule's phrases, and so matches."""

    block: int
    rule: Rule
    whole: bool


class Matches(NamedTuple):
    """All matches of a document, by block and then by rule, and what went wrong on the way."""

    found: list[Match]
    warnings: list[str]


def find_matches(texts: Sequence[str], rules: RuleSet, *, lang: str = "") -> Matches:
    """Match `rules` against the texts of a document's blocks.

    `lang` is the document's language, "" where it is unknown: then rules of every language are tried.
    """
    found: list[Match] = []
    warnings: list[str] = []
    dropped: set[str] = set()
    last, subject = -1, Subject("")
    for block, rule, whole in attempts(texts, rules, lang=lang):
        if dropped and rule.id in dropped:
            continue
        if whole:
            found.append(Match(rule, block, 0, len(texts[block]), {}))
            continue
        if block != last:
            last, subject = block, Subject(texts[block])
        try:
            if rule.plain_phrases or rule.compiled.may_match(subject):
                found += match_rule(rule, block, subject)
        except TimeoutError:
            dropped.add(rule.id)
            warnings.append(f"rule {rule.id} took over {TIMEOUT_SECONDS} s on one block and was skipped for this document")
        except PatternError as error:
            dropped.add(rule.id)
            warnings.append(f"rule {rule.id} ({rule.file}) has a faulty pattern and was skipped: {error}")
    return Matches(found, warnings)


def attempts(texts: Sequence[str], rules: RuleSet, *, lang: str = "") -> Sequence[Attempt]:
    """The blocks that a rule is looked for in, by block and then by rule: those where a keyword of it occurs."""
    return (attempts_in_python if compiled_match is None else attempts_compiled)(texts, rules, lang)


def attempts_compiled(texts: Sequence[str], rules: RuleSet, lang: str) -> list[Attempt]:
    """What `attempts_in_python` gives, from the compiled loop."""
    found: list[Attempt] = compiled_match.attempts(
        texts, tuple([index.compiled for index in rules.indices(lang)]), rules.rules, *rules.limits, Attempt, edge_key, fold, COMMON_EDGES,
        HEAD_CHARS, WORD_CHARS, LONGEST_PHRASE,
    )  # fmt: skip
    return found


def attempts_in_python(texts: Sequence[str], rules: RuleSet, lang: str) -> list[Attempt]:
    """`attempts` without the compiled loop."""
    indices = rules.indices(lang)
    every = len(rules.rules)
    folded = fold("\n" + "\n".join(texts) + "\n")
    # Where in `folded` each block starts, and where one after the last would.
    starts = list(accumulate([len(text) + 1 for text in texts], initial=1))
    whole = _whole(folded, starts, indices, every)
    made = []
    last = spaces = -1
    for pair in sorted(whole | _candidates(folded, starts, indices, every)):
        block, number = divmod(pair, every)
        rule, text = rules.rules[number], texts[block]
        if starts[block] - 1 - block > HEAD_CHARS and rule.where is HEAD:
            continue
        if most := rule.max_words:
            if block != last:
                last, spaces = block, text.count(" ")
            if spaces >= most or len(text) > WORD_CHARS * most + 20:
                continue
        made.append(Attempt(block, rule, pair in whole))
    return made


def match_rule(rule: Rule, block: int, text: str | Subject) -> list[Match]:
    """Where one rule matches in one block: at most once, or as often as it can if it cuts spans."""
    if rule.plain_phrases:
        at = find_phrase(rule, text.text if isinstance(text, Subject) else text)
        return [Match(rule, block, *at, {})] if at else []
    pattern = rule.compiled
    if rule.scope is SPAN:
        return [Match(rule, block, *found) for found in pattern.find_all(text)]
    found = pattern.search(text)
    return [Match(rule, block, *found)] if found else []


def find_phrase(rule: Rule, text: str) -> tuple[int, int] | None:
    """Where one of a rule's phrases stands as the rule wants it; what `rule.pattern` finds, without compiling it."""
    folded = fold(text)
    for phrase in rule.plain_phrases:
        at = folded.find(phrase)
        while at >= 0:
            end = at + len(phrase)
            before = EDGE_ONLY.fullmatch(text, 0, at) if rule.match is PhraseMatch.START else _edge(rule, text, at - 1)
            after = EDGE_ONLY.fullmatch(text, end) if rule.match is PhraseMatch.END else _edge(rule, text, end)
            if before and after:
                return at, end
            at = folded.find(phrase, at + 1)
    return None


def _edge(rule: Rule, text: str, at: int) -> bool:
    """Whether the character at `at` ends a word: scripts without spaces have no such edges to ask for."""
    return not rule.spaced or not 0 <= at < len(text) or not WORD.match(text, at)


def _whole(folded: str, starts: Sequence[int], indices: Sequence[RuleIndex], every: int) -> set[int]:
    """Pairs of block and rule, as block * every + rule, where the block is one of the rule's phrases."""
    found: set[int] = set()
    for block, (start, after) in enumerate(pairwise(starts)):
        if after - start <= LONGEST_PHRASE + 1:
            key = folded_key(folded[start : after - 1])
            for index in indices:
                if owners := index.whole.get(key):
                    found.update(block * every + owner for owner in owners)
    return found


def _candidates(folded: str, starts: Sequence[int], indices: Sequence[RuleIndex], every: int) -> set[int]:
    """Such pairs where one of the rule's keywords occurs in the block."""
    found: set[int] = set()
    for index in indices:
        for number, start, _end in _occurrences(index, folded):
            # A keyword may begin with the line break before its block.
            pair = every * (bisect_right(starts, start + 1) - 1)
            for owner in index.owners[number]:
                found.add(pair + owner)
    return found


def _occurrences(index: RuleIndex, folded: str) -> list[tuple[int, int, int]]:
    """The keywords in a text: their numbers, starts and ends."""
    try:
        return index.automaton.find_matches_as_indexes(folded, overlapping=True)
    except UnicodeEncodeError:
        # No automaton takes half characters.
        return index.automaton.find_matches_as_indexes(folded.encode("utf-8", "replace").decode(), overlapping=True)
