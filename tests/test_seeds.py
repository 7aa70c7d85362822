"""The five seed articles come out as their editor wrote them. They lie outside the repository."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

import cleaner

DATA = Path(os.environ.get("CLEANER_DATA") or Path(__file__).parent.parent / ".." / "shared").resolve()
GOLD = sorted((DATA / "seeds").glob("*.gold.json"))
JUDGE = DATA / "eval" / "seeds.py"

if not GOLD or not JUDGE.is_file():
    pytest.skip(f"no seeds and eval/seeds.py in {DATA}; set CLEANER_DATA to the folder that holds them", allow_module_level=True)


def read(path: Path) -> tuple[str, dict[str, Any]]:
    source = path.with_name(path.name.replace(".gold.json", ".txt"))
    return source.read_text(encoding="utf-8"), json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def judge() -> Any:
    """The module that holds results against the editor's version."""
    spec = importlib.util.spec_from_file_location("shared_eval_seeds", JUDGE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)  # nothing is written outside the repository
        spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.name[:3])
def test_text_title_metadata_and_account_are_the_editors(path: Path, judge: Any) -> None:
    source, gold = read(path)
    assert judge.check(gold, cleaner.clean_text(source)) == []


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.name[:3])
def test_the_source_can_be_restored(path: Path) -> None:
    source, _ = read(path)
    assert cleaner.clean_text(source).restore() == source
