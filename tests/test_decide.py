"""How far a rule's match reaches, by its strength and the scorer's word."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.decide import decide
from cleaner.evidence import Evidence
from cleaner.match import find_matches
from cleaner.ruleset import RuleSet, read_rules
from cleaner.segment_text import segment_text
from cleaner.title import Title

BODY = "The ferry crews stopped work at midnight, and eleven islands have been without a link to the mainland since then."
TEXT = "\n\n".join([BODY, "Lomara today", "Third ash cloud in a week", "Central bank keeps rate", "Herring is back"])
SCORES = [0.9, 0.2, 0.65, 0.75, 0.65]
RULE = """
[[rule]]
id = "today"
kind = "related"
phrases = ["Lomara today"]
hit = ["Lomara today"]
miss = ["Lomara today is an island."]
"""


def gone(scope: str, strength: str) -> list[int]:
    """Blocks that go where such a rule matches the second of TEXT's; the scorer alone would remove the second only."""
    document = segment_text(TEXT)
    texts = [document.block_text(i) for i in range(len(document.blocks))]
    rules = RuleSet(tuple(read_rules(f'{RULE}scope = "{scope}"\nstrength = "{strength}"', file="x.toml", fragments={})))
    matches = find_matches(texts, rules).found
    scores, words = np.array(SCORES, dtype=np.float32), np.array([70.0, 2.0, 6.0, 4.0, 3.0], dtype=np.float32)
    prose, zeros = np.array([True] + [False] * 4), np.zeros(5, dtype=np.float32)
    return sorted(decide(Evidence(document, texts, matches, Title("", ()), scores, words, prose, zeros, zeros + 0.4, str)).gone)


@pytest.mark.parametrize(
    ("scope", "strength", "blocks"),
    [
        ("label", "sure", [1, 2, 3, 4]),
        ("label", "likely", [1, 2, 4]),
        ("label", "hint", [1]),
        ("rest", "sure", [1, 2, 3, 4]),
        ("rest", "likely", [1, 2, 4]),
        ("rest", "hint", [1]),
    ],
)
def test_under_a_likely_marker_only_what_the_scorer_doubts_goes(scope: str, strength: str, blocks: list[int]) -> None:
    assert gone(scope, strength) == blocks
