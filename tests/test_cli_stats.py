"""`cleaner rules stats` says what the counts say, as a table of tabs or as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from cleaner.commands import stats as cli_stats

FIRST = "The bridge over the Skel opened on Monday, two years later than the council had promised, when the ribbon caught fire."
SECOND = "Mayor Ines Hollund, who had held the scissors, said that nobody was hurt and that the bridge itself had not burned at all."
ROW = {"text": f"{FIRST}\nAdvertisement\n{SECOND}", "labels": "bjb"}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "set.jsonl").write_text(json.dumps(ROW) + "\n")
    return tmp_path


def run(*args: str | Path) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(cli_stats.stats_command)
    return CliRunner().invoke(app, [str(a) for a in args])


def test_a_line_a_rule_and_the_dead_at_the_end(corpus: Path) -> None:
    result = run(corpus)
    head, first, *rest = [line.split("\t") for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert tuple(head) == cli_stats.COLUMNS
    assert first == ["en-ad-label", "sure", "1", "1", "0.000", "1", "0.000", "0", "0"]
    assert len(rest) > 1000 and all(row[3] == "0" for row in rest[-1000:])


def test_json_holds_the_same(corpus: Path) -> None:
    result = json.loads(run(corpus, "--json").stdout)
    assert result["documents"] == 1
    assert (result["rules"][0]["rule"], result["rules"][0]["words"]) == ("en-ad-label", 1)
    assert "en-paywall" in result["never_matched"]


def test_sure_rules_that_took_body_are_named(corpus: Path) -> None:
    assert "every sure rule is at 98% junk or more" in run(corpus).stderr
    body = {"text": f"{FIRST}\nAdvertisement\n{SECOND}", "labels": "bbb"}
    (corpus / "more.jsonl").write_text(json.dumps(body) + "\n")
    result = run(corpus, "--json")
    assert json.loads(result.stdout)["too_sure"] == ["en-ad-label"]
    assert "sure rules under 98% junk; make them narrower, or likely: en-ad-label 0.500" in result.stderr


def test_without_labels_no_rule_is_judged(tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_text(json.dumps({"text": ROW["text"]}) + "\n")
    result = run(tmp_path, "--json")
    assert (json.loads(result.stdout)["too_sure"], result.stderr) == ([], "")


def test_rules_that_removed_little_are_left_out(corpus: Path) -> None:
    assert json.loads(run(corpus, "--json", "--min-words", "2").stdout)["rules"] == []


def test_what_cannot_be_read_is_told_and_the_exit_status_says_so(corpus: Path) -> None:
    (corpus / "set.jsonl").write_text("{}\n" + json.dumps(ROW) + "\n")
    result = run(corpus)
    assert result.exit_code == 1
    assert "set.jsonl:1" in result.stderr
    assert "en-ad-label" in result.stdout


def test_a_terminal_gets_a_table(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from cleaner.authoring.gold import read_rows
    from cleaner.authoring.stats import RuleStats
    from cleaner.ruleset import shipped

    stats = RuleStats(shipped())
    for row in read_rows([str(corpus)], lambda *_: None):
        stats.add(row)
    cli_stats._print_table(stats, stats.ordered())
    shown = capsys.readouterr().out
    assert "en-ad-label" in shown and "rules never matched:" in shown


def test_nothing_is_counted_where_nothing_can_be_read(corpus: Path) -> None:
    result = run(corpus / "gone.jsonl")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "nothing to count" in result.stderr
