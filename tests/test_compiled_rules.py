"""The shipped rules are the same whether they come from TOML or from the compiled file, which is used only while it is true."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cleaner import ruleset
from cleaner.compiled_rules import write_compiled_rules
from cleaner.errors import RuleError
from cleaner.rule import Rule
from cleaner.rule_store import Stored, read_store, write_store
from cleaner.ruleset import files_of, load, read_folder, shipped_folder


def without_examples(rules: tuple[Rule, ...]) -> list[Rule]:
    return [replace(rule, hit=(), miss=()) for rule in rules]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of some shipped rules in the place of all."""
    copy = tmp_path / "rules"
    (copy / "lang").mkdir(parents=True)
    for name in ("fragments.toml", "general.toml", "lang/fr.toml"):
        shutil.copy(shipped_folder() / name, copy / name)
    monkeypatch.setattr(ruleset, "shipped_folder", lambda: copy)
    monkeypatch.setattr(ruleset, "store_path", lambda: tmp_path / "rules.json")
    return copy


def store(folder: Path) -> None:
    found = read_folder(folder)
    write_store(folder.parent / "rules.json", Stored(found.rules, found.fragments), folder, files_of(folder))


def test_both_ways_give_the_same_rules(tmp_path: Path) -> None:
    path, folder = tmp_path / "rules.json", shipped_folder()
    write_compiled_rules(path)
    stored, read = read_store(path, folder, files_of(folder)), read_folder(folder)
    assert stored is not None
    assert list(stored.rules) == without_examples(read.rules)
    assert stored.fragments == read.fragments
    for one, other in zip(stored.rules, read.rules):
        assert {key: type(value) for key, value in vars(one).items()} == {key: type(vars(other)[key]) for key in vars(one)}


def test_the_compiled_rules_are_used(folder: Path) -> None:
    assert load([folder]).rules[0].hit
    store(folder)
    compiled = load([folder])
    assert not compiled.rules[0].hit
    assert list(compiled.rules) == without_examples(read_folder(folder).rules)
    assert compiled.sites.folders == ((folder, read_folder(folder).fragments),)


@pytest.mark.parametrize("name", ["general.toml", "fragments.toml", "lang/fr.toml"])
def test_a_changed_file_is_read_again(folder: Path, name: str) -> None:
    store(folder)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n# A remark.\n")
    assert load([folder]).rules[0].hit


def test_a_new_and_a_lost_file_are_seen(folder: Path) -> None:
    store(folder)
    french = (folder / "lang" / "fr.toml").read_bytes()
    (folder / "lang" / "fr.toml").unlink()
    assert not any("fr" in rule.langs for rule in load([folder]).rules)
    (folder / "lang" / "fr2.toml").write_bytes(french)
    assert load([folder]).rules[-1].file.endswith("fr2.toml")


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"digest": 3}'])
def test_a_damaged_compiled_file_is_passed_over(folder: Path, damage: str) -> None:
    (folder.parent / "rules.json").write_text(damage, encoding="utf-8")
    assert load([folder]).rules[0].hit


def test_rules_stored_by_another_version_are_passed_over(folder: Path) -> None:
    store(folder)
    path = folder.parent / "rules.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    del stored["rules"]["why"]
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert load([folder]).rules[0].why


def test_faulty_rules_are_not_compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.compiled_rules.shipped_folder", lambda: folder)
    (folder / "general.toml").write_text("[[rule]]\nid = 3\n", encoding="utf-8")
    with pytest.raises(RuleError):
        write_compiled_rules(folder.parent / "rules.json")
    assert not (folder.parent / "rules.json").exists()
