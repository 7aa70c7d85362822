"""Find where rules match. Nothing is decided here: a match is evidence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import regex

from cleaner.kinds import Scope
from cleaner.rule import Rule, fold
from cleaner.ruleset import KeywordIndex, RuleSet

# A pattern that takes longer than this on one block is dropped for the document.
TIMEOUT_SECONDS = 0.2
# Half characters, which no automaton takes.
SURROGATES = re.compile("[\ud800-\udfff]")


class Match(NamedTuple):
    """Rule `rule` matched in block `block` at `start`..`end`, offsets into that block's text."""

    rule: Rule
    block: int
    start: int
    end: int
    fields: dict[str, str]


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
    dropped: set[int] = set()
    for block, index in sorted(_candidates(texts, rules.index(lang))):
        rule = rules.rules[index]
        if index in dropped:
            continue
        text = texts[block]
        if rule.max_words and text.count(" ") >= rule.max_words:
            continue
        try:
            found.extend(match_rule(rule, block, text))
        except TimeoutError:
            dropped.add(index)
            warnings.append(f"rule {rule.id} took over {TIMEOUT_SECONDS} s on one block and was skipped for this document")
        except regex.error as error:
            dropped.add(index)
            warnings.append(f"rule {rule.id} ({rule.file}) has a faulty pattern and was skipped: {error}")
    return Matches(found, warnings)


def match_rule(rule: Rule, block: int, text: str) -> list[Match]:
    """Where one rule matches in one block: at most once, or as often as it can if it cuts spans."""
    pattern = rule.compiled
    if rule.scope is Scope.SPAN:
        hits = list(pattern.finditer(text, timeout=TIMEOUT_SECONDS))
    else:
        hit = pattern.search(text, timeout=TIMEOUT_SECONDS)
        hits = [hit] if hit else []
    return [Match(rule, block, h.start(), h.end(), {k: v for k, v in h.groupdict().items() if v}) for h in hits]


def _candidates(texts: Sequence[str], index: KeywordIndex) -> set[tuple[int, int]]:
    """Pairs of block and rule where one of the rule's keywords occurs in the block."""
    starts = []
    position = 1
    for text in texts:
        starts.append(position)
        position += len(text) + 1
    haystack = fold(SURROGATES.sub("?", "\n" + "\n".join(texts) + "\n"))
    keywords = index.keywords
    pairs: set[tuple[int, int]] = set()
    for number, start, _end in index.automaton.find_matches_as_indexes(haystack, overlapping=True):
        keyword, owners = keywords[number]
        block = bisect_right(starts, start + (keyword[0] == "\n")) - 1
        pairs.update((block, owner) for owner in owners)
    return pairs
