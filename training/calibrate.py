"""Turn a document's scores into a confidence that means what it says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaner.confidence import expected_f1
from cleaner.result import CleanResult
from training.data import Example, stick
from training.fit import folds


def document_f1(example: Example, result: CleanResult) -> float | None:
    """Word F1 of one result by the gold, None where the set has none."""
    gold = example.row["gold"]
    return stick("metrics").word_f1(gold, result.text) if gold else None


def calibrate(items: Sequence[Example], results: Sequence[CleanResult]) -> dict[str, float]:
    """Slope and offset of a logistic curve from the scores' own expected F1 to the chance that F1 is over 0.9."""
    slope, offset = _curve(_rows(items, results))
    return {"confidence_slope": slope, "confidence_offset": offset}


def confident_share(items: Sequence[Example], results: Sequence[CleanResult]) -> dict[str, float]:
    """Of the documents with confidence over 0.9: how many there are, and how many have F1 over 0.9.

    The curve is fitted on one half of the sites and tried on the other, both ways.
    """
    rows = _rows(items, results)
    sure = []
    for half in (0, 1):
        slope, offset = _curve([r for r in rows if r[0] == half])
        sure += [good for own, x, good in rows if own != half and 1 / (1 + np.exp(-(slope * x + offset))) > 0.9]
    return {
        "documents over 0.9": len(sure),
        "share of all": len(sure) / max(1, len(rows)),
        "of them F1 over 0.9": sum(sure) / max(1, len(sure)),
    }


def _rows(items: Sequence[Example], results: Sequence[CleanResult]) -> list[tuple[int, float, bool]]:
    """For each document with a gold text: its site's half, the logit of its expected F1, whether its F1 is over 0.9."""
    halves = folds(items, 2, 99)
    found = []
    for half, example, result in zip(halves, items, results):
        f1 = document_f1(example, result)
        if f1 is not None:
            scores = np.array([s for s, drop in zip(result.scores, example.cut.dropped) if not drop])
            found.append((int(half), _logit(expected_f1(example.text.words, scores)), f1 > 0.9))
    return found


def _curve(rows: Sequence[tuple[int, float, bool]]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=10.0).fit([[x] for _, x, _ in rows], [good for _, _, good in rows])
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _logit(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.log(p / (1 - p)))
