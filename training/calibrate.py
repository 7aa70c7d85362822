"""Turn a document's scores into a confidence that means what it says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaner.confidence import expected_f1
from cleaner.result import CleanResult
from training.data import Example, stick


def document_f1(example: Example, result: CleanResult) -> float | None:
    """Word F1 of one result by the gold, None where the set has none."""
    gold = example.row["gold"]
    return stick("metrics").word_f1(gold, result.text) if gold else None


def calibrate(items: Sequence[Example], results: Sequence[CleanResult]) -> dict[str, float]:
    """Slope and offset of a logistic curve from the scores' own expected F1 to the chance that F1 is over 0.9."""
    from sklearn.linear_model import LogisticRegression

    rows = [(expected_f1(e.text.words, np.array([s for s, drop in zip(r.scores, e.cut.dropped) if not drop])), f1) for e, r in zip(items, results) if (f1 := document_f1(e, r)) is not None]
    x = np.array([_logit(p) for p, _ in rows])[:, None]
    y = np.array([f1 > 0.9 for _, f1 in rows])
    curve = LogisticRegression(C=10.0).fit(x, y)
    return {"confidence_slope": float(curve.coef_[0, 0]), "confidence_offset": float(curve.intercept_[0])}


def confident_share(items: Sequence[Example], results: Sequence[CleanResult]) -> dict[str, float]:
    """Of the documents with confidence over 0.9: how many there are, and how many have F1 over 0.9."""
    sure = [f1 > 0.9 for e, r in zip(items, results) if r.confidence > 0.9 and (f1 := document_f1(e, r)) is not None]
    return {"documents over 0.9": len(sure), "of them F1 over 0.9": sum(sure) / max(1, len(sure))}


def _logit(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.log(p / (1 - p)))
