"""`cleaner rules` says what rules there are, where they stand, what is wrong with them, and ends with the right status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cleaner import cli
from cleaner.authoring.rule_list import Row
from cleaner.authoring.schema import rule_file_schema
from cleaner.commands import rules as rules_cli
from cleaner.ruleset import shipped_folder

MISTAKES = Path(__file__).parent / "mistakes"
GENERAL = shipped_folder() / "general.toml"


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLEANER_RULES", raising=False)
    monkeypatch.setattr("typer.get_app_dir", lambda _: str(tmp_path / "nowhere"))


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["rules", *map(str, args)])


def test_the_group_has_all_commands() -> None:
    shown = run("--help").output
    assert [name for name in "list show check test schema new learn try import stats".split() if f" {name} " not in shown] == []


def test_cleaning_does_not_import_the_commands_for_rules() -> None:
    code = "import cleaner.cli, sys; print([m for m in sys.modules if m.startswith(('cleaner.authoring', 'cleaner.commands.rules'))])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "['cleaner.commands.rules_group']"


def test_check_tells_faults_and_fails() -> None:
    path = MISTAKES / "lang" / "quotes.toml"
    result = run("check", path)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{path}:2:6: is not valid TOML: Invalid value; text stands in quotes",
        "0 rules, 0 site files, 1 fault",
    ]


def test_check_passes_good_files(tmp_path: Path) -> None:
    good = (MISTAKES / "lang" / "twice.toml").read_text(encoding="utf-8")
    (tmp_path / "en.toml").write_text(good, encoding="utf-8")
    result = run("check", tmp_path)
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "1 rule, 0 site files, no faults"


def test_test_says_what_was_removed() -> None:
    result = run("test", MISTAKES / "sites" / "lomvik-herald.example.toml")
    assert result.exit_code == 0
    assert "    lomvik-herald-sign removed 6 words" in result.output.splitlines()
    assert run("test", MISTAKES / "sites" / "removes.example.toml").exit_code == 1


def test_list_is_a_table_of_what_is_in_force() -> None:
    rows = [line.split("\t") for line in run("list").output.splitlines()]
    assert rows[0] == ["id", "kind", "scope", "strength", "place"]
    assert {len(row) for row in rows} == {5}
    places = {row[0]: row[4] for row in rows[1:]}
    assert places["any-image-file"].startswith(f"{GENERAL}:")
    line = int(places["any-image-file"].rpartition(":")[2])
    assert GENERAL.read_text(encoding="utf-8").splitlines()[line - 1 : line + 1] == ["[[rule]]", 'id = "any-image-file"']


def test_a_terminal_gets_a_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    rules_cli._print_table([Row("en-a", "ad", "block", "sure", "rules/[old]/en.toml:3")])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["id", "kind", "scope", "strength", "place"], ["en-a", "ad", "block", "sure", "rules/[old]/en.toml:3"]]


def test_list_can_be_narrowed() -> None:
    french = run("list", "--lang", "fr", "--kind", "legal").output.splitlines()[1:]
    assert french
    assert {(row.split("\t")[0][:3], row.split("\t")[1]) for row in french} == {("fr-", "legal")}
    assert all("\tprotect\t" in row for row in run("list", "--kind", "protect").output.splitlines()[1:])
    wrong = run("list", "--kind", "adverts")
    assert wrong.exit_code == 2
    assert "is not one of legal" in wrong.stderr


def test_list_of_a_site_has_its_rules_and_lacks_what_it_turns_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANER_RULES", str(MISTAKES))
    rows = run("list", "--site", "www.lomvik-herald.example").output.splitlines()[1:]
    path = MISTAKES / "sites" / "lomvik-herald.example.toml"
    assert rows[:2] == [
        f"lomvik-herald.example-remove-1\tboilerplate\telement\tsure\t{path}:6",
        f"lomvik-herald-sign\tboilerplate\tblock\tsure\t{path}:8",
    ]
    ids = {row.split("\t")[0] for row in rows}
    assert "en-good-phrases" in ids
    assert "en-good-pattern" not in ids
    other = run("list", "--site", "coastline.example")
    assert "en-good-pattern" in other.output
    assert "there is no file for coastline.example" in other.stderr


def test_show_gives_the_rule_as_written_with_its_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANER_RULES", str(MISTAKES))
    lines = run("show", "en-good-pattern").output.splitlines()
    assert lines == [
        f"# {MISTAKES / 'lang' / 'patterns.toml'}:6",
        "[[rule]]",
        'id = "en-good-pattern"',
        r"pattern = '^Tide at <<rivers>>: \d+$'",
        'keywords = ["tide at"]',
        "max_words = 6",
        'hit = ["Tide at Elm Water: 4"]',
        'miss = ["The tide at Ash was high."]',
        r"# pattern: ^Tide at (?:Elm\ Water|Ash): \d+$",
        "# keywords: tide at",
        "# hit: {Tide at Elm Water: 4}",
        "# miss: The tide at Ash was high.",
    ]


def test_show_says_which_of_two_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANER_RULES", str(MISTAKES))
    shown = [line for line in run("show", "en-twice").output.splitlines() if "patterns.toml" in line and line.startswith("# /")]
    assert [line.endswith("(not in use)") for line in shown] == [False, True]


def test_show_of_no_rule_names_the_nearest() -> None:
    result = run("show", "fr-photo-credits")
    assert result.exit_code == 1
    assert "there is no rule 'fr-photo-credits'; did you mean fr-photo-credit," in result.stderr


def test_schema_is_written(tmp_path: Path) -> None:
    assert json.loads(run("schema").output) == rule_file_schema()
    assert run("schema", "--out", tmp_path / "rules.json").output == ""
    assert json.loads((tmp_path / "rules.json").read_text(encoding="utf-8")) == rule_file_schema()
    assert run("schema", "--out", tmp_path / "no" / "rules.json").exit_code == 1


def test_list_and_show_take_folders() -> None:
    assert "lomvik-herald-sign" in run("list", "--site", "lomvik-herald.example", "--rules", MISTAKES).output
    assert 'id = "lomvik-herald-sign"' in run("show", "lomvik-herald-sign", "--rules", MISTAKES).output
    for command in (["list"], ["show", "en-ad-label"]):
        missing = run(*command, "--rules", "gone")
        assert missing.exit_code == 2
        assert "gone is not a folder of rule files" in missing.stderr


def test_show_finds_selectors_by_the_ids_that_removals_name(tmp_path: Path) -> None:
    path = tmp_path / "sites" / "lomvik.example.toml"
    path.parent.mkdir()
    path.write_text('[html]\nbody = ["main"]\nremove = [".a", ".b"]\n\n[[remove]]\nselect = ".c"\n', encoding="utf-8")
    for name, line, shown in (("body", 2, "[html]"), ("remove-2", 3, "[html]"), ("remove-3", 5, "[[remove]]")):
        lines = run("show", f"lomvik.example-{name}", "--rules", tmp_path).output.splitlines()
        assert lines[:2] == [f"# {path}:{line}", shown]
    assert run("show", "lomvik.example-remove-4", "--rules", tmp_path).exit_code == 1


def test_what_is_no_rule_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>One.</p>", encoding="utf-8")
    for command in ("check", "test"):
        result = run(command, tmp_path / "page.html")
        assert result.exit_code == 1
        assert "is no rule file: those are named *.toml" in result.output


def test_a_site_file_outside_sites_is_told_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "lomvik.example.toml").write_text('[html]\nbody = ["main"]\n', encoding="utf-8")
    assert "put the file into a folder sites/" in run("check", tmp_path / "lomvik.example.toml").output
    assert "no rule is of this language and kind" in run("list", "--lang", "xx").stderr
