"""Score each block: how likely it is body, 0 to 1. A plain weighted sum, until one is learned."""

from __future__ import annotations

import numpy as np

from cleaner.block import Document, Medium
from cleaner.characters import Floats
from cleaner.features import Columns

BIAS = -0.6
WEIGHTS = {
    "prose": 2.0,
    "ends_sentence": 1.2,
    "log_words": 0.45,
    "shared": 0.8,
    "slashes": -1.0,
    "digit_share": -2.0,
    "prev_ends_sentence": 0.5,
    "next_ends_sentence": 0.5,
    "rule_near": -0.3,
    "copy_before": -1.0,
}


def score(document: Document, columns: Columns) -> Floats:
    """Body scores, (n,)."""
    total = np.full(len(document.blocks), BIAS, dtype=np.float32)
    for name, weight in WEIGHTS.items():
        total += np.float32(weight) * columns[name]
    if document.medium is Medium.HTML:
        density = np.array([b.link_chars / max(b.end - b.start, 1) for b in document.blocks], dtype=np.float32)
        total -= 4 * density
    result: Floats = 1 / (1 + np.exp(-total))
    return result
