"""Every fixture comes out as its editor wrote it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import cleaner

FOLDER = Path(__file__).parent.parent / "fixtures"
EXPECTED = sorted(FOLDER.glob("*.expected.toml"))


def load(path: Path) -> tuple[cleaner.CleanResult, dict[str, Any]]:
    expected = tomllib.loads(path.read_text(encoding="utf-8"))
    (source,) = [p for p in FOLDER.glob(path.name.replace(".expected.toml", ".*")) if p.suffix in (".txt", ".html")]
    clean = cleaner.clean_text if source.suffix == ".txt" else cleaner.clean_html
    return clean(source.read_bytes()), expected


def cases(key: str) -> list[Any]:
    """Every fixture; one whose expected file says under `key` why it fails must fail, until it is mended."""
    found = []
    for path in EXPECTED:
        reason = tomllib.loads(path.read_text(encoding="utf-8")).get(key)
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        found.append(pytest.param(path, id=path.name.removesuffix(".expected.toml"), marks=marks))
    return found


@pytest.mark.parametrize("path", cases("fails_text"))
def test_article(path: Path) -> None:
    result, expected = load(path)
    want = expected["text"].strip().split("\n\n")
    got = result.text.split("\n\n")
    lost = [p for p in want if p not in got]
    left = [p for p in got if p not in want]
    assert (lost, left) == ([], [])
    assert result.text == expected["text"].strip()
    assert result.title == expected.get("title")


@pytest.mark.parametrize("path", cases("fails_account"))
def test_account(path: Path) -> None:
    result, expected = load(path)
    gone = "\n".join(r.text for r in result.removals)
    for removed in expected.get("removed", []):
        assert " ".join(removed["text"].split()) in " ".join(gone.split()), f"not accounted for: {removed}"
    if path.with_name(path.name.replace(".expected.toml", ".txt")).exists():
        for field, value in expected.get("metadata", {}).items():
            assert getattr(result.metadata, field) == value
