"""The compiled loops of each `.pyx`, where it was built; else None, and their twins in Python do the work."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any


def _load(name: str, form: int) -> Any:
    """`form` is what `FORM` must be in it: one from before a change of the loops' arguments is not used."""
    # Set CLEANER_PURE to do without: the results are the same, and it takes longer.
    if os.environ.get("CLEANER_PURE"):
        return None
    try:
        module = import_module(f"cleaner.{name}")
    except ImportError:
        return None
    return module if getattr(module, "FORM", 0) == form else None


compiled_blocks: Any = _load("compiled_blocks", 2)
compiled_characters: Any = _load("compiled_characters", 3)
compiled_language: Any = _load("compiled_language", 2)
compiled_lines: Any = _load("compiled_lines", 5)
compiled_match: Any = _load("compiled_match", 1)
compiled_page: Any = _load("compiled_page", 1)
compiled_scan: Any = _load("compiled_scan", 1)
compiled_text: Any = _load("compiled_text", 1)
compiled_topic: Any = _load("compiled_topic", 1)
compiled_trees: Any = _load("compiled_trees", 1)
