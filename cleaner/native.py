"""The compiled loops of `compiled.pyx`, where they were built; else None, and their twins in Python do the work."""

from __future__ import annotations

import os
from typing import Any

# What `compiled.FORM` must be: one from before a change of the loops' arguments is not used.
FORM = 1


def _load() -> Any:
    # Set CLEANER_PURE to do without: the results are the same, and it takes longer.
    if os.environ.get("CLEANER_PURE"):
        return None
    try:
        from cleaner import compiled  # type: ignore[attr-defined]
    except ImportError:
        return None
    return compiled if getattr(compiled, "FORM", 0) == FORM else None


compiled: Any = _load()
