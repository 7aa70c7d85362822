"""Rule files become one set: faults are named, later folders win, keywords are indexed by language."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.errors import RuleError
from cleaner.match import find_matches
from cleaner.rule import Rule
from cleaner.ruleset import RuleSet, load, read_fragments, read_rules, shipped


def rule_toml(name: str, phrase: str = "See also", extra: str = "", table: str = "rule") -> str:
    kind = "" if table == "protect" else 'kind = "related"'
    return f'[[{table}]]\nid = "{name}"\n{kind}\nphrases = ["{phrase}"]\nhit = ["{phrase}"]\nmiss = ["Other words."]\n{extra}\n'


def read(toml: str) -> list[Rule]:
    return list(read_rules(toml, file="en.toml", fragments={}))


def folder(path: Path, **files: str) -> Path:
    path.mkdir()
    for name, text in files.items():
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    return path


def test_a_file_holds_defaults_rules_and_protect_rules() -> None:
    rules = read('[defaults]\nlang = "en"\n' + rule_toml("en-a") + rule_toml("en-b", table="protect"))
    assert [(r.id, r.protects, r.langs) for r in rules] == [("en-a", False, {"en"}), ("en-b", True, {"en"})]
    assert read("") == []


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[[rule]\n", r"en.toml: is not valid TOML: .*line 1"),
        ("[[rules]]\n", r"en.toml: unknown table 'rules'; did you mean 'rule'\? a rule file has \[defaults\], \[\[rule\]\] and \[\[protect\]\]"),
        (rule_toml("en-a", extra="scoop = 1"), r"en.toml: rule 'en-a': unknown key 'scoop'"),
        ("[defaults]\nlanguage = 'en'\n" + rule_toml("en-a"), r"en.toml: \[defaults\]: unknown key 'language'"),
    ],
)
def test_a_fault_in_a_file_is_named(toml: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        read(toml)


@pytest.mark.parametrize("toml", ['[rule]\nid = "en-a"\n', "rule = 3\n", "defaults = 3\n" + rule_toml("en-a")])
def test_a_table_of_the_wrong_form_is_a_rule_error(toml: str) -> None:
    with pytest.raises(RuleError):
        read(toml)


def test_a_file_that_is_not_utf_8_is_a_rule_error(tmp_path: Path) -> None:
    (tmp_path / "fr.toml").write_bytes("# règles".encode("cp1252"))
    assert [fault.file for fault in load([tmp_path]).faults] == [str(tmp_path / "fr.toml")]


def test_a_kind_may_be_a_default() -> None:
    assert read('[defaults]\nkind = "nav"\n' + rule_toml("en-a").replace('kind = "related"\n', ""))[0].kind == "nav"


def test_an_id_twice_in_a_file_is_a_fault(tmp_path: Path) -> None:
    rules = folder(tmp_path / "rules", en=rule_toml("en-a") + rule_toml("en-a", "Read more"))
    loaded = load([rules])
    assert [str(fault).partition("en.toml: ")[2] for fault in loaded.faults] == [
        "rule 'en-a' stands twice in this file; give one of them another id"
    ]
    assert [rule.pattern_or_phrases for rule in loaded.rules] == [("See also",)]


def test_what_is_faulty_is_left_out_and_the_rest_stands(tmp_path: Path) -> None:
    first = folder(tmp_path / "first", a="[[rule]\n", b=rule_toml("b") + rule_toml("c", extra="scoop = 1"), c="[defaults]\nlan = 1\n" + rule_toml("d"))
    second = folder(tmp_path / "second", fragments="rivers = [", e=rule_toml("e") + "[[rules]]\n")
    loaded = load([first, second])
    assert [rule.id for rule in loaded.rules] == ["b", "e"]
    assert [(Path(fault.file).name, fault.rule, fault.key) for fault in loaded.faults] == [
        ("a.toml", "", ""), ("b.toml", "c", "scoop"), ("c.toml", "", "lan"), ("fragments.toml", "", ""), ("e.toml", "", "rules"),
    ]  # fmt: skip


def test_files_of_sites_and_templates_hold_no_common_rules(tmp_path: Path) -> None:
    rules = folder(tmp_path / "rules", a=rule_toml("a"))
    folder(rules / "sites", b=rule_toml("b"))
    folder(rules / "templates", c=rule_toml("c"))
    assert [rule.id for rule in load([rules]).rules] == ["a"]


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="is not a folder of rule files") as caught:
        load([tmp_path / "nowhere"])
    assert caught.value.file == str(tmp_path / "nowhere")


def test_every_file_below_a_folder_is_read_in_order(tmp_path: Path) -> None:
    rules = folder(tmp_path / "rules", b=rule_toml("b"), a=rule_toml("a"))
    folder(rules / "lang", c=rule_toml("c"))
    assert [rule.id for rule in load([rules]).rules] == ["a", "b", "c"]


def test_a_later_folder_replaces_rules_by_id(tmp_path: Path) -> None:
    first = folder(tmp_path / "first", en=rule_toml("en-a", "See also") + rule_toml("en-b", "Read more"))
    second = folder(tmp_path / "second", mine=rule_toml("en-a", "More here"))
    rules = load([first, second]).rules
    assert {rule.id: rule.pattern_or_phrases for rule in rules} == {"en-a": ("More here",), "en-b": ("Read more",)}


def test_a_folder_may_bring_fragments(tmp_path: Path) -> None:
    toml = rule_toml("en-a").replace('phrases = ["See also"]', "pattern = '^<<rivers>>$'\nkeywords = ['<<rivers>>']")
    rules = folder(tmp_path / "rules", fragments='rivers = ["Ash", "Elm Water"]', en=toml)
    assert len(find_matches(["Ash", "Elm Water", "Elm", "Severn"], load([rules])).found) == 2
    assert read_fragments([rules, tmp_path]) == {"rivers": ["Ash", "Elm Water"]}


def test_broken_fragments_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"fragments\.toml: is not valid TOML"):
        read_fragments([folder(tmp_path / "rules", fragments="rivers = [")])


PHRASES = {"fr": "Lire aussi", "de": "Mehr dazu", "en": "See also", "*": "Photo", "no": "Les også", "cs": "Čtěte také"}


@pytest.mark.parametrize(
    ("lang", "tried"),
    [
        ("fr", {"fr", "en", "*"}),
        ("en", {"en", "*"}),
        ("da", {"no", "en", "*"}),
        ("sk", {"cs", "en", "*"}),
        ("zz", {"en", "*"}),
        ("", set(PHRASES)),
    ],
)
@pytest.mark.parametrize("match", ["whole", "contains"])
def test_a_document_meets_the_rules_of_its_language_its_sibling_english_and_all(match: str, lang: str, tried: set[str]) -> None:
    rules = RuleSet(
        tuple(rule for at, phrase in PHRASES.items() for rule in read(rule_toml(at, phrase, f'lang = "{at}"\nmatch = "{match}"')))
    )
    assert {found.rule.id for found in find_matches(list(PHRASES.values()), rules, lang=lang).found} == tried


def test_an_index_is_made_once_for_a_language() -> None:
    rules = RuleSet(tuple(read(rule_toml("a"))))
    assert rules.indices("en")[0] is rules.indices("de")[0]


def test_a_phrase_of_two_rules_is_found_for_both() -> None:
    rules = RuleSet((*read(rule_toml("a")), *read(rule_toml("b"))))
    assert [found.rule.id for found in find_matches(["See also"], rules, lang="en").found] == ["a", "b"]


def test_the_shipped_rules_load() -> None:
    assert len(shipped().rules) == len({rule.id for rule in shipped().rules}) > 0


def test_a_keyword_may_name_two_fragments() -> None:
    fragments = {"days": ["Monday"], "months": ["May"]}
    toml = rule_toml("en-a").replace('phrases = ["See also"]', "pattern = '^<<days>> <<months>>$'\nkeywords = ['<<days>> <<months>>']")
    rules = RuleSet(tuple(read_rules(toml, file="en.toml", fragments=fragments)))
    assert find_matches(["Monday May"], rules).found
