"""Hits, misses and the tests of sites are run, and what each rule removed is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.authoring.rule_testing import RulesTested, run_tests
from cleaner.ruleset import shipped_folder

BODY = (
    "The bridge over the Skel opened on Monday, two years later than the council had promised, and was closed again for an hour.",
    "Mayor Ines Hollund, who had held the scissors, said that nobody was hurt and that the bridge itself had not burned.",
)
RULE = '''[[rule]]
id = "{id}"
kind = "ad"
phrases = ["Lamps of the week"]
hit = ["{hit}"]
miss = ["It was the lamp of the week."]
'''
PAGE = f"<html><body><article><p>{BODY[0]}</p><div class=lamp>Buy our red lamps today</div><p>{BODY[1]}</p></article></body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules" / "sites").mkdir(parents=True)
    return tmp_path / "rules"


def write_site(folder: Path, text: str) -> Path:
    path = folder / "sites" / "lomvik-herald.example.toml"
    path.write_text(text, encoding="utf-8")
    return path


def run(*paths: Path) -> RulesTested:
    return run_tests(paths, [shipped_folder()])


def test_good_examples_pass(folder: Path) -> None:
    (folder / "en.toml").write_text(RULE.format(id="en-lamps", hit="Lamps of the week"), encoding="utf-8")
    tested = run(folder)
    assert list(tested.lines()) == ["1 hit and 1 miss of 1 rule, 0 tests of 0 site files: all right"]
    assert not tested.failed


def test_a_hit_that_does_not_hit_fails_at_its_line(folder: Path) -> None:
    path = folder / "en.toml"
    path.write_text(RULE.format(id="en-lamps", hit="Lamp of the week"), encoding="utf-8")
    tested = run(path)
    first, last = tested.lines()
    assert first.startswith(f"FAILED {path}:5:8: rule 'en-lamps': the rule does not match its hit 'Lamp of the week'")
    assert last.endswith("1 failure")
    assert tested.failed


def test_a_rule_that_cannot_be_tried_fails(folder: Path) -> None:
    path = folder / "en.toml"
    path.write_text(RULE.format(id="en-lamps", hit="Lamps of the week").replace("phrases", "phrase"), encoding="utf-8")
    assert run(path).failed


def test_a_sites_test_runs_with_its_file(folder: Path) -> None:
    (folder / "sites" / "page.html").write_text(PAGE, encoding="utf-8")
    test = 'kept = ["The bridge over  the Skel", "Mayor Ines Hollund"]\ndropped = ["red lamps"]\n'
    path = write_site(
        folder,
        '[html]\nbody = ["article"]\n[[remove]]\nid = "lamp-box"\nselect = ".lamp"\nkind = "ad"\n'
        f'[[test]]\nname = "a page"\nhtml = "{PAGE}"\n{test}'
        f'[[test]]\nname = "a file"\nfile = "page.html"\n{test}',
    )  # fmt: skip
    tested = run(folder)
    assert list(tested.lines()) == [
        f"ok {path}:7: test 'a page'", "    lamp-box removed 5 words",
        f"ok {path}:12: test 'a file'", "    lamp-box removed 5 words",
        "0 hits and 0 misses of 0 rules, 2 tests of 1 site file: all right",
    ]  # fmt: skip


def test_what_was_lost_or_left_is_said(folder: Path) -> None:
    story = "\\n\\n".join((BODY[0], "Lamps of the week", BODY[1]))
    write_site(
        folder,
        RULE.format(id="lamps", hit="Lamps of the week")
        + f'[[test]]\nname = "a text"\ntext = "{story}"\nkept = ["Lamps of the week", "Skel"]\ndropped = ["Ines Hollund"]\n',
    )
    tested = run(folder)
    assert tested.outcomes[0].lost == ("Lamps of the week",)
    assert tested.outcomes[0].left == ("Ines Hollund",)
    assert list(tested.lines())[1:] == [
        "    lamps removed 4 words", "    lost: 'Lamps of the week'", "    left: 'Ines Hollund'",
        "1 hit and 1 miss of 1 rule, 1 test of 1 site file: 1 failure",
    ]  # fmt: skip


def test_a_site_file_is_tested_though_it_is_for_another_period(folder: Path) -> None:
    write_site(
        folder,
        f'[site]\nvalid_until = 2020-01-01\n[html]\nremove = [".lamp"]\n[[test]]\nname = "old"\nhtml = "{PAGE}"\ndropped = ["red lamps"]\n',
    )
    assert not run(folder).failed


@pytest.mark.parametrize(
    "test", ['name = "no input"\nkept = ["a"]\n', 'name = "no file"\nfile = "nowhere.html"\nkept = ["a"]\n', "text = 3\n"]
)
def test_a_test_that_cannot_run_fails(folder: Path, test: str) -> None:
    write_site(folder, f'[html]\nbody = ["main"]\n[[test]]\n{test}')
    tested = run(folder)
    assert tested.outcomes[0].problem
    assert tested.failed
