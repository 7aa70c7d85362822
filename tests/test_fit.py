"""What training makes of labels and scores before any tree is fitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cleaner.options import Focus
from cleaner.reading import thresholds
from cleaner.ruleset import shipped
from training.data import BODY, JUNK, UNSURE, Example, stored
from training.fit import SHORT_MARKS, TEXT_LOST, text_thresholds, without_doubtful

PARAGRAPH = "The ferry to Lomvik was cancelled on Tuesday after a storm had damaged the pier, and its crew spent the night aboard in the bay."
LINES = (PARAGRAPH, "Night on the pier", "Subscribe to our newsletter", PARAGRAPH.replace("Tuesday", "Friday"))


def example(name: str = "news", site: str = "lomvik-herald.example") -> Example:
    row = {"id": f"{name}-{site}", "url": f"https://{site}/1", "text": "\n".join(LINES), "labels": "bbjb"}
    made = stored(name, row, shipped())
    assert made is not None
    return made


def test_labels_that_scores_flatly_contradict_are_left_out() -> None:
    items = [example()]
    (clean,) = without_doubtful(items, [np.array([0.05, 0.5, 0.9, 0.95])])
    assert clean.labels.tolist() == [UNSURE, BODY, UNSURE, BODY]
    assert items[0].labels.tolist() == [BODY, BODY, JUNK, BODY]


def test_labels_that_scores_only_doubt_stay() -> None:
    (clean,) = without_doubtful([example()], [np.array([0.15, 0.5, 0.75, 0.95])])
    assert clean.labels.tolist() == [BODY, BODY, JUNK, BODY]


def test_the_mark_for_short_lines_makes_most_texts_right() -> None:
    # With 0.4 and more the junk goes, with 0.5 the subheading too.
    items, scores = [example()] * 3, [np.array([0.9, 0.46, 0.37, 0.9])] * 3
    found = text_thresholds(items, scores)
    assert found["short_balanced"] == 0.4
    assert 0.4 in SHORT_MARKS


def test_no_set_loses_more_than_its_share() -> None:
    news, articles = example("news"), example("articles", "lomvik-garden.example")
    good, doubted = np.array([0.9, 0.9, 0.01, 0.9]), np.array([0.9, 0.9, 0.01, 0.11])
    # One paragraph of a hundred texts is a smaller share than may be lost, of one alone it is not.
    many = [replace(news, labels=news.labels)] * 100
    loose = text_thresholds(many, [good] * 99 + [doubted])["long_balanced"]
    tight = text_thresholds([*many, articles], [good] * 100 + [doubted])["long_balanced"]
    assert TEXT_LOST[Focus.BALANCED] > 1 / 300
    assert tight < 0.12 <= loose


@pytest.mark.parametrize("focus", list(Focus))
def test_a_whole_article_in_one_piece_needs_a_stronger_word(focus: Focus) -> None:
    row = {"id": "1", "url": "", "text": "\n".join([PARAGRAPH, " ".join([PARAGRAPH] * 12)]), "labels": "bb"}
    made = stored("news", row, shipped())
    assert made is not None
    settings = {f"short_{focus}": 0.4, f"long_{focus}": 0.2}
    short, long = thresholds(made.text, settings, focus).tolist()
    assert long == pytest.approx(0.05)
    assert short > long
