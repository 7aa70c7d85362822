"""What training makes of labels and scores before any tree is fitted."""

from __future__ import annotations

import numpy as np

from cleaner.block import Medium
from cleaner.ruleset import shipped
from training.data import BODY, JUNK, UNSURE, Example, stored
from training.fit import Fitting, without_doubtful
from training.train import Held

PARAGRAPH = (
    "The ferry to Lomvik was cancelled on Tuesday after a storm had damaged the pier, and its crew spent the night aboard in the bay."
)
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


def test_a_fold_of_texts_waits_for_its_teacher_alone() -> None:
    pages, texts = [example()], [example()]
    teacher = Held(pages, [], Fitting(Medium.HTML, 0), 1)
    assert teacher.teaches(Held(texts, pages, Fitting(Medium.TEXT, 0), 1))
    assert not teacher.teaches(Held(texts, [], Fitting(Medium.TEXT, 0), 1))
    assert not teacher.teaches(Held(texts, pages, Fitting(Medium.TEXT, 0), 2))
    assert not teacher.teaches(Held(texts, pages, Fitting(Medium.TEXT, 1), 1))
    assert not Held(texts, pages, Fitting(Medium.TEXT, 0), 1).teaches(teacher)
