"""Make the file from which the shipped rules are read fast: `python -m cleaner.compiled_rules`."""

from __future__ import annotations

import sys
from pathlib import Path

from cleaner.errors import RuleError
from cleaner.rule_store import Stored, store_path, write_store
from cleaner.ruleset import files_of, read_folder, shipped_folder


def write_compiled_rules(path: Path) -> None:
    """Check the shipped rules and store them. Raises RuleError for a fault in them, OSError where `path` cannot be written."""
    folder = shipped_folder()
    found = read_folder(folder)
    if found.faults:
        raise found.faults[0]
    write_store(path, Stored(found.rules, found.fragments), folder, files_of(folder))


if __name__ == "__main__":
    try:
        write_compiled_rules(store_path())
    except (RuleError, OSError) as error:
        sys.exit(f"the rules are not compiled: {error}")
