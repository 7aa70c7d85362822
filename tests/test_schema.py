"""The JSON Schema of rule files holds for good files and sees what is wrong in bad ones."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cleaner.authoring.schema import FORMS, rule_file_schema
from cleaner.keys import Form
from cleaner.rule import RULE_KEYS
from cleaner.ruleset import common_files, shipped_folder
from cleaner.site_keys import TABLES

jsonschema = pytest.importorskip("jsonschema")
SCHEMA = rule_file_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
MISTAKES = Path(__file__).parent / "mistakes"
GOOD = {"id": "en-a", "kind": "ad", "phrases": ["Red lamp"], "hit": ["Red lamp"], "miss": "A red lamp."}


def as_json(value: Any) -> Any:
    """A TOML value as editors hand it to a schema: dates are text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_json(v) for key, v in value.items()}
    return [as_json(v) for v in value] if isinstance(value, list) else value


def faults(data: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(as_json(data))]


def read(path: Path) -> Any:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_it_has_every_declared_key_with_its_doc() -> None:
    for name, keys in TABLES.items():
        properties = SCHEMA["$defs"][name]["properties"]
        assert {key: value["description"] for key, value in properties.items()} == {key.name: key.doc for key in keys}
    assert set(FORMS) == set(Form)
    assert len(SCHEMA["$defs"]["rule"]["properties"]) > len(RULE_KEYS)


@pytest.mark.parametrize("path", [*common_files(shipped_folder()), *sorted((shipped_folder() / "sites").rglob("*.toml"))], ids=lambda p: p.name)
def test_the_shipped_files_are_valid(path: Path) -> None:
    assert faults(read(path)) == []


def test_a_good_site_file_is_valid() -> None:
    assert faults(read(MISTAKES / "sites" / "lomvik-herald.example.toml")) == []
    assert faults({"site": {"valid_from": datetime.date(2024, 1, 1)}, "remove": [{"select": ".a"}]}) == []


@pytest.mark.parametrize("name", ["lang/keys", "lang/defaults", "lang/brackets", "sites/keys.example", "sites/removes.example",
                                  "sites/tests.example", "sites/brackets.example", "templates/arc"])  # fmt: skip
def test_files_with_mistakes_are_not(name: str) -> None:
    assert faults(read(MISTAKES / f"{name}.toml"))


@pytest.mark.parametrize(
    "changes",
    [
        {"patern": "x"}, {"id": None}, {"id": 3}, {"kind": None}, {"kind": "advert"}, {"hit": None}, {"hit": ""}, {"miss": [1]},
        {"phrases": None}, {"pattern": "x", "keywords": "x"}, {"phrases": None, "pattern": "x"}, {"scope": "page"}, {"max_words": "9"},
        {"max_words": -1}, {"case": 1}, {"lang": [""]}, {"replace": "x"}, {"until": "x", "scope": "block"}, {"valid_from": 2024},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_rule_is_not_valid(changes: dict[str, Any]) -> None:
    assert faults({"rule": [GOOD]}) == []
    assert faults({"rule": [{key: value for key, value in {**GOOD, **changes}.items() if value is not None}]})


def test_what_defaults_give_a_rule_may_lack() -> None:
    rule = {key: value for key, value in GOOD.items() if key != "kind"}
    assert faults({"rule": [rule]})
    assert faults({"defaults": {"kind": "ad"}, "rule": [rule]}) == []
