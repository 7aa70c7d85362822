"""A check of rule files finds every mistake at its place, and nothing where there is none.

The files in `mistakes/` name their own mistakes: a line that ends in "#!" has those named there, "|" between them.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from cleaner import clean_text
from cleaner.authoring.finding import Finding, Level
from cleaner.authoring.rule_check import check_rules
from cleaner.ruleset import load, shipped_folder

MISTAKES = Path(__file__).parent / "mistakes"
NAMED = re.compile(r"#! (.*)$", re.MULTILINE)
# Files that cannot name their own: one is empty, one is no text.
UNNAMED = {
    ("lang/charset.toml", 3): ["is not UTF-8 text: byte 0xe8 belongs to another charset; save the file as UTF-8"],
    ("sites/empty.example.toml", 1): ['the file is empty; write [html] with body = ["article"], or delete the file'],
}


def named_mistakes() -> dict[tuple[str, int], list[str]]:
    named = dict(UNNAMED)
    for path in MISTAKES.rglob("*.toml"):
        text = path.read_text(encoding="utf-8", errors="replace")
        for found in NAMED.finditer(text):
            place = path.relative_to(MISTAKES).as_posix(), text.count("\n", 0, found.start()) + 1
            named[place] = found[1].replace("{folder}", str(MISTAKES)).split("|")
    return named


NAMED_MISTAKES = named_mistakes()


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return check_rules([MISTAKES]).findings


def told_at(findings: list[Finding], place: tuple[str, int]) -> list[str]:
    return [str(f) for f in findings if (Path(f.file).relative_to(MISTAKES).as_posix(), f.place.line) == place]


@pytest.mark.parametrize("place", sorted(NAMED_MISTAKES), ids=str)
def test_each_mistake_is_told_at_its_line(findings: list[Finding], place: tuple[str, int]) -> None:
    told = "\n".join(told_at(findings, place))
    assert [text for text in NAMED_MISTAKES[place] if text not in told] == [], told


def test_nothing_else_is_told(findings: list[Finding]) -> None:
    assert [str(f) for f in findings if (Path(f.file).relative_to(MISTAKES).as_posix(), f.place.line) not in NAMED_MISTAKES] == []
    for place in sorted(NAMED_MISTAKES):
        assert len(told_at(findings, place)) <= len(NAMED_MISTAKES[place])


def test_there_are_enough_mistakes() -> None:
    assert sum(map(len, NAMED_MISTAKES.values())) >= 75


def test_a_place_is_told_with_its_column(findings: list[Finding]) -> None:
    told = {(Path(f.file).name, f.place.line): f.place.column for f in findings}
    assert told["patterns.toml", 62] == 5  # the second hit, on a line of its own
    assert told["tests.example.toml", 4] == 1
    assert told["charset.toml", 3] == 11


def test_the_good_rules_of_a_folder_with_mistakes_are_those_that_cleaning_uses() -> None:
    checked = check_rules([MISTAKES])
    loaded = load([shipped_folder(), MISTAKES])
    used = {rule.id for rule in loaded.rules if rule.file.startswith(str(MISTAKES))}
    common = {rule.id for rule in checked.rules if "sites" not in rule.file}
    assert {"en-good-phrases", "en-good-pattern", "en-good-protect"} <= common
    assert common <= used
    assert used - common <= {"en-replace", "en-until", "en-thread", "en-language", "en-numbers"}  # they harm nobody


def test_cleaning_goes_on_with_the_good_rules() -> None:
    rules = load([shipped_folder(), MISTAKES])
    body = "The bridge over the Skel opened on Monday, two years later than the council had promised, and was closed again for an hour."
    story = f"{body}\n\nMore from the lighthouse\n\n{body.replace('Monday', 'Friday')}\n\nRead on at the Lomvik Herald."
    common = clean_text(story, rules=rules)
    assert {"en-good-phrases"} == {r.rule for r in common.removals if r.rule.startswith("en-good")}
    assert common.text.count("The bridge over the Skel") == 2
    site = clean_text(story, rules=rules, url="https://lomvik-herald.example/news/1")
    assert "lomvik-herald-sign" in {r.rule for r in site.removals}


def test_a_folder_without_mistakes(tmp_path: Path) -> None:
    good = (MISTAKES / "sites" / "lomvik-herald.example.toml").read_text(encoding="utf-8").replace("off = ", "off = [] #")
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "lomvik-herald.example.toml").write_text("\ufeff" + good.replace("\n", "\r\n"), encoding="utf-8")
    shutil.copy(shipped_folder() / "fragments.toml", tmp_path)
    checked = check_rules([tmp_path], [shipped_folder()])
    assert checked.findings == []
    assert checked.summary() == ["by language: all 1", "by kind: boilerplate 1", "1 rule, 1 site file, no faults"]


def test_a_single_file_is_read_with_what_lies_around_it() -> None:
    alone = check_rules([MISTAKES / "sites" / "keys.example.toml"], [shipped_folder()]).findings
    assert {f.file for f in alone} == {str(MISTAKES / "sites" / "keys.example.toml")}
    assert any("did you mean 'arc'?" in f.problem for f in alone)


def test_paths_that_hold_no_rules(tmp_path: Path) -> None:
    findings = check_rules([tmp_path / "nowhere", tmp_path]).findings
    assert [str(f) for f in findings] == [
        f"{tmp_path}:1:1: the folder holds no file named *.toml: give a folder of rule files",
        f"{tmp_path / 'nowhere'}:1:1: there is no such file or folder: look at how it is written",
    ]


def test_a_later_folder_may_replace_a_rule(tmp_path: Path) -> None:
    rule = '[[rule]]\nid = "en-a"\nkind = "ad"\nphrases = ["{0} lamp"]\nhit = ["{0} lamp"]\nmiss = ["A lamp."]\n'
    for name, colour in (("first", "Red"), ("second", "Blue")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "en.toml").write_text(rule.format(colour), encoding="utf-8")
    assert check_rules([tmp_path / "first", tmp_path / "second"]).findings == []


def test_faults_make_a_level() -> None:
    checked = check_rules([MISTAKES])
    assert checked.faults == sum(f.level is Level.FAULT for f in checked.findings)
    assert checked.summary()[-1].endswith("warnings")
    assert f", {checked.faults} faults, " in checked.summary()[-1]
