"""`cleaner rules import`: from a folder to a rules folder, with a summary and a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

pytest.importorskip("elementpath")
pytest.importorskip("tomlkit")

from cleaner.commands.import_rules import import_command
from cleaner.pipeline import clean_html

app = typer.Typer()
app.command()(import_command)
PROSE = "The stoppage leaves eleven islands without a regular link to the mainland, and nobody at the harbour could say for how long."


def test_import_then_clean(tmp_path: Path) -> None:
    source, out, told = tmp_path / "ftr", tmp_path / "rules", tmp_path / "report" / "r.json"
    source.mkdir()
    (source / "lomvik.example.txt").write_text("body: //div[@class='story']\nstrip: //p[@class='note']\nstrip: //b/text()\n")
    result = CliRunner().invoke(app, ["ftr", str(source), "--out", str(out), "--report", str(told)])
    assert result.exit_code == 0, result.output
    assert "1 file: 0 carried over whole, 1 in part" in result.output
    assert json.loads(told.read_text())["expressions by fate"]["css"] == 2
    first = (out / "sites" / "lomvik.example.toml").read_bytes()
    CliRunner().invoke(app, ["ftr", str(source), "--out", str(out)])
    assert (out / "sites" / "lomvik.example.toml").read_bytes() == first

    page = (
        f"<html><body><div class='story'><p>{PROSE}</p><p>{PROSE[::-1]}</p><p class='note'>Our ferry desk is open.</p></div></body></html>"
    )
    cleaned = clean_html(page, url="https://lomvik.example/news/1", rules=[out])
    assert PROSE in cleaned.text
    assert "ferry desk" not in cleaned.text
    assert [r.rule for r in cleaned.removals if "ferry desk" in r.text] == ["lomvik.example-remove-1"]


def test_adblock_lists(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("lomvik.example##.promo\n")
    result = CliRunner().invoke(app, ["adblock", str(tmp_path / "list.txt"), "-o", str(tmp_path / "rules")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "rules" / "sites" / "lomvik.example.toml").exists()


@pytest.mark.parametrize("name, problem", [("none", "does not exist"), ("empty", "has no rules in the format ftr")])
def test_nothing_to_import_is_an_error(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "empty").mkdir()
    result = CliRunner().invoke(app, ["ftr", str(tmp_path / name), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert problem in result.output
