"""Which rules a command uses: the folders in their order, the site that is named, and what is said of faults."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cleaner import cli
from cleaner.commands import settings as cli_settings
from cleaner.ruleset import shipped_folder

TEXT = (
    "The ferry crews of the northern islands stopped their work at midnight, and passengers slept on their luggage.\n\n"
    "Order a boat by telephone\n\nThe port authority said that talks would go on in the morning, and that nobody had been hurt.\n"
)


def rule(name: str) -> str:
    return f'[[rule]]\nid = "{name}"\nkind = "ad"\nphrases = ["Order a boat by telephone"]\nhit = "x"\nmiss = "y"\nlang = "*"\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli_settings.typer, "get_app_dir", lambda name: str(tmp_path / f"config-{name}"))
    Path("story.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, list(args))


def ruled(*args: str) -> bool:
    """Whether a rule took the line on boats."""
    result = run("explain", "story.txt", *args)
    assert (result.exit_code, result.stderr) == (0, "")
    return "mine" in result.stdout


def test_the_order_of_the_folders(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANER_RULES", os.pathsep.join(["one", "", "two"]))
    assert cli_settings.rule_folders(["three"]) == [shipped_folder(), Path("one"), Path("two"), Path("three")]
    own = here / "config-cleaner" / "rules"
    own.mkdir(parents=True)
    assert cli_settings.rule_folders() == [shipped_folder(), own, Path("one"), Path("two")]


def test_the_users_own_rules_and_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not ruled()
    write("config-cleaner/rules/a.toml", rule("mine"))
    assert ruled()
    Path("config-cleaner/rules/a.toml").unlink()
    write("elsewhere/a.toml", rule("mine"))
    monkeypatch.setenv("CLEANER_RULES", "elsewhere")
    assert ruled()


def test_a_folder_of_the_environment_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANER_RULES", "gone")
    result = run("clean", "story.txt")
    assert (result.exit_code, result.stderr) == (1, "cleaner: gone: is not a folder of rule files\n")


def test_a_site_is_named_by_url_or_by_option() -> None:
    write("rules/sites/lomvik.example.toml", rule("mine"))
    assert not ruled("--rules", "rules")
    assert ruled("--rules", "rules", "--url", "https://lomvik.example/a")
    assert ruled("--rules", "rules", "--site", "lomvik.example")
    assert "boat" in run("clean", "story.txt", "--rules", "rules").stdout
    assert "boat" not in run("clean", "story.txt", "--rules", "rules", "--site", "lomvik.example").stdout


def test_each_fault_is_told_once_and_the_rest_is_used() -> None:
    write("rules/a.toml", rule("mine") + '[[rule]]\nid = "b"\n')
    write("rules/b.toml", "[[rule]")
    write("in/story.txt", TEXT)
    write("in/other.txt", TEXT)
    result = run("clean", "in", "-o", "out", "--rules", "rules")
    assert result.exit_code == 0
    said = [line for line in result.stderr.splitlines() if "warning" in line]
    assert [line.split(": ")[2] for line in said] == [str(Path("rules/a.toml")), str(Path("rules/b.toml"))]
    assert "boat" not in Path("out/story.txt").read_text(encoding="utf-8")


def test_a_site_without_a_file_is_told() -> None:
    write("mine/sites/lomvik.example.toml", '[html]\nremove = [".a"]\n')
    told = "cleaner: warning: there is no rule file for {}: only the common rules are used\n"
    for site, expected in (("coastline.example", told.format("coastline.example")), ("www.lomvik.example", "")):
        result = run("clean", "story.txt", "--rules", "mine", "--site", site)
        assert (result.exit_code, result.stderr) == (0, expected)


def test_what_is_no_rules_folder_is_told_which_is() -> None:
    write("mine/sites/lomvik.example.toml", '[html]\nremove = [".a"]\n')
    inside = run("clean", "story.txt", "--rules", "mine/sites")
    assert "lies in the folder sites/ of a rules folder: name the rules folder itself" in inside.stderr
    file = run("clean", "story.txt", "--rules", "mine/sites/lomvik.example.toml")
    assert "is a file; name the rules folder that it lies in" in file.stderr
