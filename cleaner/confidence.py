"""How sure a result is: from the block scores alone, on a curve fitted in cross-validation."""

from __future__ import annotations

import math
from collections.abc import Mapping

from cleaner.characters import Floats


def expected_f1(words: Floats, scores: Floats) -> float:
    """The word F1 that a cut at one half would have if every score were exactly right, 0 to 1.

    >>> import numpy as np
    >>> expected_f1(np.array([10.0, 10.0]), np.array([1.0, 0.0]))
    1.0
    """
    body = scores >= 0.5
    mass = words * scores
    hit = float(mass[body].sum())
    wrong = float(words[body].sum()) - hit
    missed = float(mass.sum()) - hit
    return hit / max(hit + 0.5 * (wrong + missed), 1e-9)


def confidence(words: Floats, scores: Floats, settings: Mapping[str, float]) -> float:
    """The chance that the result's F1 is over 0.9, by the fitted curve; the expected F1 itself without one."""
    expected = expected_f1(words, scores)
    slope = settings.get("confidence_slope")
    if slope is None:
        return expected
    p = min(max(expected, 1e-4), 1 - 1e-4)
    return 1 / (1 + math.exp(-(slope * math.log(p / (1 - p)) + settings["confidence_offset"])))
