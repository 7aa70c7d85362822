"""Checked rules kept in one JSON file: TOML takes ten times as long to read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from cleaner import keys, kinds, rule
from cleaner.keys import ALWAYS
from cleaner.kinds import Kind, PhraseMatch, Scope, Strength, Where
from cleaner.rule import Rule

# What cleaning does not need, and what only the rules of sites have.
LEFT_OUT: Mapping[str, Any] = {"hit": (), "miss": (), "period": ALWAYS}
COLUMNS = tuple(f.name for f in fields(Rule) if f.name not in LEFT_OUT)
KIND: Mapping[str | None, Kind | None] = {None: None, **{str(kind): kind for kind in Kind}}


def store_path() -> Path:
    """Where the shipped rules are stored. The file is made when the package is built or installed."""
    return Path(__file__).with_name("compiled_rules.json")


def digest(folder: Path, files: Sequence[Path]) -> str:
    """A digest of rule files and their names below `folder`, and of the code that checks them. Raises OSError."""
    found = hashlib.blake2b(digest_size=16)
    for path in (*(Path(module.__file__ or "") for module in (keys, kinds, rule)), *files):
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
        data = path.read_bytes()
        found.update(f"\n{name} {len(data)}\n".encode())
        found.update(data)
    return found.hexdigest()


class Stored(NamedTuple):
    """What is stored: rules without their examples, and word lists."""

    rules: tuple[Rule, ...]
    fragments: dict[str, list[str]]


def write_store(path: Path, stored: Stored, folder: Path, files: Sequence[Path]) -> None:
    """Store what was read from `files` below `folder`; the rules' examples are left out."""
    rules, fragments = stored
    columns = {name: [_plain(getattr(r, name), name, folder) for r in rules] for name in COLUMNS}
    text = json.dumps({"digest": digest(folder, files), "fragments": fragments, "rules": columns}, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(text.encode())


def read_store(path: Path, folder: Path, files: Sequence[Path]) -> Stored | None:
    """What is stored, the rules with empty `hit` and `miss`; None where nothing is or the files have changed since."""
    try:
        stored = json.loads(path.read_bytes())
        columns = stored["rules"]
        if stored["digest"] != digest(folder, files) or tuple(columns) != COLUMNS:
            return None
        read = _readers(folder)
        values = [list(map(read[name], column)) if name in read else column for name, column in columns.items()]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Stored(tuple(map(_rule, zip(*values))), stored["fragments"])


def _rule(values: tuple[Any, ...]) -> Rule:
    # What was checked when it was stored needs no check, and fifteen hundred calls of a frozen class's __init__ take long.
    made = object.__new__(Rule)
    made.__dict__.update(zip(COLUMNS, values), **LEFT_OUT)
    return made


def _plain(value: Any, name: str, folder: Path) -> Any:
    if name == "file":
        return Path(value).relative_to(folder).as_posix()
    return sorted(value) if isinstance(value, frozenset) else value


def _readers(folder: Path) -> Mapping[str, Callable[[Any], Any]]:
    """How the columns are read that JSON does not give as they were."""
    known_langs: dict[tuple[str, ...], frozenset[str]] = {}
    known_files: dict[str, str] = {}
    return {
        "kind": KIND.__getitem__,
        "pattern_or_phrases": lambda v: v if isinstance(v, str) else tuple(v),
        "match": {str(m): m for m in PhraseMatch}.__getitem__,
        "given_keywords": tuple,
        "langs": lambda v: known_langs.setdefault(tuple(v), frozenset(v)),
        "scope": {str(s): s for s in Scope}.__getitem__,
        "where": {str(w): w for w in Where}.__getitem__,
        "strength": {str(s): s for s in Strength}.__getitem__,
        "file": lambda v: known_files.get(v) or known_files.setdefault(v, str(folder / v)),
    }
