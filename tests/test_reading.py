"""The score below which a block goes, by its length."""

from __future__ import annotations

import pytest

from cleaner.features import read_text
from cleaner.options import Focus
from cleaner.reading import thresholds

SENTENCE = "The ferry to Lomvik was cancelled on Tuesday after a storm had damaged the pier."


@pytest.mark.parametrize("focus", list(Focus))
def test_the_longer_a_block_the_surer_the_scorer_must_be(focus: Focus) -> None:
    text = read_text(["Night on the pier", SENTENCE, " ".join([SENTENCE] * 3), " ".join([SENTENCE] * 20)], "Night ferry")
    found = thresholds([text.words, text.words[:2]], {f"short_{focus}": 0.4, f"long_{focus}": 0.2}, focus)
    # A line, a sentence, a paragraph, and a whole article in one piece.
    assert [marks.tolist() for marks in found] == [pytest.approx([0.4, 0.3, 0.2, 0.05]), pytest.approx([0.4, 0.3])]
