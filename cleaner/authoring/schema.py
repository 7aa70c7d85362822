"""A JSON Schema of rule files, for editors that check and complete TOML as one writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cleaner.keys import Form, Key
from cleaner.rule import DEFAULTS_KEYS
from cleaner.site_keys import SINGLE, TABLES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string", "pattern": r"\S"}
FORMS: dict[Form, dict[str, Any]] = {
    Form.STRING: {"type": "string"},
    Form.STRINGS: {"anyOf": [TEXT, {"type": "array", "items": TEXT}]},
    Form.INTEGER: {"type": "integer", "minimum": 0},
    Form.BOOLEAN: {"type": "boolean"},
    # TOML's dates have no type in JSON: editors give them as text.
    Form.DATE: {"type": "string", "format": "date"},
}
TITLES = {
    "defaults": "What every rule in the file has that does not say it for itself.",
    "site": "Which articles the file is for.",
    "html": "Where on the site's pages things stand.",
    "remove": "An element that goes.",
    "rule": "Words or a pattern that go.",
    "protect": "Words or a pattern whose block stays, whatever rules and the scorer say.",
    "test": "An example: what must stay of it and what must go.",
}
# Of these keys a table has exactly one.
ONE_OF = {"rule": ("phrases", "pattern"), "protect": ("phrases", "pattern"), "test": ("html", "text", "file")}
# Keys that mean something only beside another, or with a value of it.
NEEDS = {
    "pattern": {"required": ["keywords"]},
    "replace": {"properties": {"scope": {"const": "span"}}, "required": ["scope"]},
    "until": {"properties": {"scope": {"const": "label"}}, "required": ["scope"]},
}


def rule_file_schema() -> dict[str, Any]:
    """The schema of a file of rules: common ones, a site's or a template's. Made from the declared keys."""
    tables = {"defaults": DEFAULTS_KEYS, **TABLES}
    return {
        "$schema": DIALECT,
        "title": "cleaner rule file",
        "description": "Rules by which cleaner tells an article from what stands around it.",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _top(name) for name in tables},
        "$defs": {name: _table(name, keys) for name, keys in tables.items()},
        # Defaults are for files of common rules; only a file without them can be asked for what each rule must have.
        "if": {"not": {"required": ["defaults"]}},
        "then": {"properties": {name: {"items": _complete(name, keys)} for name, keys in tables.items() if name in ONE_OF}},
    }


def _top(name: str) -> dict[str, Any]:
    table = {"$ref": f"#/$defs/{name}"}
    if name in (*SINGLE, "defaults"):
        return {"description": TITLES[name], **table}
    return {"description": TITLES[name], "type": "array", "items": table}


def _table(name: str, keys: Sequence[Key]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "description": TITLES[name],
        "additionalProperties": False,
        "properties": {key.name: _value(key) for key in keys},
    }
    if required := [key.name for key in keys if key.required]:
        schema["required"] = required
    if name in ONE_OF:
        schema["not"] = {"anyOf": [{"required": pair} for pair in _pairs(ONE_OF[name])]}
    return schema


def _complete(name: str, keys: Sequence[Key]) -> dict[str, Any]:
    """What a table must have that [defaults] could give elsewhere."""
    names = {key.name for key in keys}
    schema: dict[str, Any] = {"oneOf": [{"required": [key]} for key in ONE_OF[name]]}
    if name == "rule":
        schema["required"] = ["kind"]
    if name == "test":
        schema["anyOf"] = [{"required": ["kept"]}, {"required": ["dropped"]}]
    if needs := {key: need for key, need in NEEDS.items() if key in names}:
        schema["dependentSchemas"] = needs
    return schema


def _pairs(names: Sequence[str]) -> Iterable[list[str]]:
    return ([a, b] for number, a in enumerate(names) for b in names[number + 1 :])


def _value(key: Key) -> dict[str, Any]:
    if key.choices and key.form is Form.STRING:
        return {"enum": [str(choice) for choice in key.choices], "description": key.doc}
    return {**FORMS[key.form], "description": key.doc}
