"""How far a rule's match reaches, by its strength and the scorer's word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from cleaner.decide import decide
from cleaner.evidence import Evidence
from cleaner.match import find_matches
from cleaner.ruleset import RuleSet, read_rules
from cleaner.segment_text import segment_text
from cleaner.title import Title

BODY = "The ferry crews stopped work at midnight, and eleven islands have been without a link to the mainland since then."
LINES = (BODY, "Lomara today", "Third ash cloud in a week", "Central bank keeps rate", "Herring is back")
SCORES = (0.9, 0.2, 0.65, 0.75, 0.65)
RULE = """
[[rule]]
id = "today"
kind = "related"
phrases = ["Lomara today"]
hit = ["Lomara today"]
miss = ["Lomara today is an island."]
"""


def gone(scope: str, strength: str, lines: Sequence[str] = LINES, scores: Sequence[float] = SCORES) -> list[int]:
    """Blocks that go where such a rule matches the second of `lines`; by LINES' scores alone only the second would."""
    document = segment_text("\n\n".join(lines))
    texts = [document.block_text(i) for i in range(len(document.blocks))]
    rules = RuleSet(tuple(read_rules(f'{RULE}scope = "{scope}"\nstrength = "{strength}"', file="x.toml", fragments={})))
    matches = find_matches(texts, rules).found
    prose, zeros = np.array([len(text.split()) >= 18 for text in texts]), np.zeros(len(texts), dtype=np.float32)
    words = np.where(prose, np.float32(70), np.float32(5))
    weighed = np.array(scores, dtype=np.float32)
    return sorted(decide(Evidence(document, texts, matches, Title("", ()), weighed, words, prose, zeros, zeros + 0.4, str)).gone)


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


@pytest.mark.parametrize(("heading", "score", "blocks"), [
    ("Ferry crews want rest", 0.3, [1]),
    ("Ferry crews want rest", 0.15, [1, 2]),
    ("Ferry-workers want rest", 0.3, [1]),
    # No word of it stands in the paragraph: the scorer's doubt is enough.
    ("Herring is back", 0.3, [1, 2]),
])  # fmt: skip
def test_a_subheading_under_a_label_goes_only_by_more_than_the_usual_doubt(heading: str, score: float, blocks: list[int]) -> None:
    assert gone("label", "sure", (BODY, "Lomara today", heading, BODY.replace("midnight", "noon")), (0.9, 0.2, score, 0.9)) == blocks


FRAME = "+" + "-" * 30 + "+" + "-" * 30 + "+"


HINDI = "नौका कर्मचारियों ने सोमवार की आधी रात को काम बंद कर दिया और तब से ग्यारह द्वीप मुख्य भूमि से कटे हुए हैं।"


def test_a_paragraph_that_repeats_goes_and_a_frame_stays() -> None:
    assert gone("block", "hint", (HINDI, "Lomara today", HINDI), (0.9, 0.2, 0.9)) == [1, 2]
    assert gone("block", "hint", (BODY, "Lomara today", FRAME, BODY, FRAME), (0.9, 0.2, 0.9, 0.9, 0.9)) == [1, 3]
