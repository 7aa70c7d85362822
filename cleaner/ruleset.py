"""Read rule files into a `RuleSet`, which finds the keywords of all its rules in one pass over a document."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from cleaner.errors import RuleError
from cleaner.language import SIBLINGS
from cleaner.rule import Rule, parse_rule

TABLES = ("rule", "protect")


class RuleIndex(NamedTuple):
    """Which rules to try where, for documents in one language.

    `whole` maps a folded phrase that must be the whole block (see `rule.edge_key`) to its rules: they match
    without a pattern. All other rules' keywords are in one Aho-Corasick automaton, whose pattern numbers index
    `keywords`: each keyword with the rules that it wakes. So the cost of matching does not grow with the rules.
    """

    whole: dict[str, tuple[int, ...]]
    automaton: AhoCorasick
    keywords: tuple[tuple[str, tuple[int, ...]], ...]

    @classmethod
    def of(cls, rules: Sequence[Rule], lang: str) -> RuleIndex:
        """Index the rules for `lang` and for all languages; English ones too, since sites of every language use
        English furniture."""
        wanted = {lang, SIBLINGS.get(lang, lang), "en", "*"}
        whole: dict[str, list[int]] = {}
        owners: dict[str, list[int]] = {}
        for number, rule in enumerate(rules):
            if lang and rule.langs.isdisjoint(wanted):
                continue
            keys = rule.whole_keys
            for key in keys:
                whole.setdefault(key, []).append(number)
            for keyword in () if keys else rule.keywords:
                # The text searched has a line break on both sides of each block.
                word = "\n" + keyword[1:] if keyword.startswith("^") else keyword
                word = word[:-1] + "\n" if word.endswith("$") else word
                owners.setdefault(word, []).append(number)
        return cls({k: tuple(v) for k, v in whole.items()}, AhoCorasick(list(owners)), tuple((k, tuple(v)) for k, v in owners.items()))


@dataclass(frozen=True)
class RuleSet:
    """Rules in the order of their files; of two with one id the later has replaced the earlier."""

    rules: tuple[Rule, ...]

    @cached_property
    def _indices(self) -> dict[str, RuleIndex]:
        return {}

    def index(self, lang: str) -> RuleIndex:
        """The keywords of the rules for documents in `lang`; "" means unknown, then of all rules."""
        found = self._indices.get(lang)
        if found is None:
            # Two threads may build the same index: the same value, so the later one does no harm.
            found = self._indices[lang] = RuleIndex.of(self.rules, lang)
        return found


def load(folders: Sequence[Path]) -> RuleSet:
    """Read every `*.toml` below the folders, in order. Raises RuleError for the first fault found."""
    by_id: dict[str, Rule] = {}
    for folder in folders:
        if not folder.is_dir():
            raise RuleError("is not a folder of rule files", file=str(folder))
        fragments = read_fragments([shipped_folder(), folder])
        for path in sorted(folder.rglob("*.toml")):
            if path.name == "fragments.toml":
                continue
            seen: set[str] = set()
            for rule in read_rules(_read(path), file=str(path), fragments=fragments):
                if rule.id in seen:
                    raise RuleError(f"rule {rule.id!r} stands twice in this file; give one of them another id", file=str(path))
                seen.add(rule.id)
                by_id[rule.id] = rule
    return RuleSet(tuple(by_id.values()))


def read_rules(toml: str, *, file: str, fragments: Mapping[str, Sequence[str]]) -> Iterable[Rule]:
    """The rules of one file's text."""
    data = _parse(toml, file)
    for key in data:
        if key not in (*TABLES, "defaults"):
            raise RuleError(f"unknown table {key!r}; a rule file has [defaults], [[rule]] and [[protect]]", file=file)
    defaults = data.get("defaults", {})
    if not isinstance(defaults, dict):
        raise RuleError(f"[defaults] is a table of keys and values, not {defaults!r}", file=file)
    for table in TABLES:
        entries = data.get(table, [])
        if not isinstance(entries, list):
            raise RuleError(f"[{table}] must be written [[{table}]], once for each rule", file=file)
        for entry in entries:
            yield parse_rule(entry, file=file, defaults=defaults, fragments=fragments, protect=table == "protect")


def read_fragments(folders: Iterable[Path]) -> dict[str, list[str]]:
    """The word lists that patterns name as `<<name>>`, from each folder's `fragments.toml`."""
    found: dict[str, list[str]] = {}
    for folder in folders:
        path = folder / "fragments.toml"
        if path.exists():
            found |= _parse(_read(path), str(path))
    return found


def shipped_folder() -> Path:
    """Where the rules that come with the package lie: inside it when installed, beside it in a checkout."""
    inside = Path(__file__).parent / "rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


@cache
def shipped() -> RuleSet:
    """The rules that come with the package, read once."""
    return load([shipped_folder()])


def _parse(toml: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"is not valid TOML: {error}", file=file) from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RuleError(f"is not UTF-8 text: {error}; save it as UTF-8", file=str(path)) from None
