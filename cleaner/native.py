"""The compiled loops of `compiled.pyx`, `compiled_text.pyx` and `compiled_page.pyx`, where they were built; else None, and
their twins in Python do the work."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

# What `FORM` must be in each: one from before a change of the loops' arguments is not used.
FORM = 2
TEXT_FORM = 1
PAGE_FORM = 1


def _load(name: str, form: int) -> Any:
    # Set CLEANER_PURE to do without: the results are the same, and it takes longer.
    if os.environ.get("CLEANER_PURE"):
        return None
    try:
        module = import_module(f"cleaner.{name}")
    except ImportError:
        return None
    return module if getattr(module, "FORM", 0) == form else None


compiled: Any = _load("compiled", FORM)
compiled_text: Any = _load("compiled_text", TEXT_FORM)
compiled_page: Any = _load("compiled_page", PAGE_FORM)
