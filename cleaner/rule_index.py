"""The keywords of many rules, of which one pass over a text finds all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import AhoCorasick

from cleaner.kinds import Where
from cleaner.language import SIBLINGS
from cleaner.native import compiled_match
from cleaner.rule import Rule


@dataclass(frozen=True, eq=False)
class RuleIndex:
    """Which rules to try where, of one language.

    `whole` maps a folded phrase that must be the whole block (see `rule.edge_key`) to its rules: they match
    without a pattern. `woken` maps all other rules' keywords to the rules that each of them wakes. All keywords are
    found in one pass over a text, so the cost of matching does not grow with the rules.
    """

    whole: dict[str, tuple[int, ...]]
    woken: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, rules: Sequence[Rule], lang: str) -> RuleIndex:
        """Index the rules of one language; those for all languages are English's, and "" means every rule."""
        wanted = {"en", "*"} if lang == "en" else {lang, SIBLINGS.get(lang, lang)}
        whole: dict[str, tuple[int, ...]] = {}
        woken: dict[str, tuple[int, ...]] = {}
        for number, rule in enumerate(rules):
            if lang and (rule.langs.isdisjoint(wanted) or (lang != "en" and not rule.langs.isdisjoint({"en", "*"}))):
                continue
            keys = rule.whole_keys
            # Nearly every keyword wakes one rule: all of a rule's keywords share this.
            alone = (number,)
            for key in keys:
                whole[key] = (*whole[key], number) if key in whole else alone
            for keyword in () if keys else rule.keywords:
                # The text searched has a line break on both sides of each block.
                word = "\n" + keyword[1:] if keyword[:1] == "^" else keyword
                word = word[:-1] + "\n" if word[-1:] == "$" else word
                woken[word] = (*woken[word], number) if word in woken else alone
        return cls(whole, woken)

    @cached_property
    def automaton(self) -> AhoCorasick:
        """Finds the keywords, by their numbers in `owners`."""
        return AhoCorasick(list(self.woken))

    @cached_property
    def owners(self) -> tuple[tuple[int, ...], ...]:
        """The rules that each keyword wakes, by its number in the automaton."""
        return tuple(self.woken.values())

    @cached_property
    def compiled(self) -> Any:
        """The same for the compiled loop."""
        return compiled_match.Keywords(self.whole, list(self.woken), list(self.woken.values()))


class Limits(NamedTuple):
    """Of n rules, (n,): the words that a block has at most on which each is tried, 0 for any; and 1 for rules of the head."""

    most_words: npt.NDArray[np.int32]
    of_head: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> Limits:
        """The limits of rules, in their order."""
        most_words = np.array([rule.max_words for rule in rules], dtype=np.int32)
        return cls(most_words, np.array([rule.where is Where.HEAD for rule in rules], dtype=np.uint8))
