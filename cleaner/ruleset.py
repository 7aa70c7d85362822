"""Read rule files into a `RuleSet`, which finds the keywords of all its rules in one pass over a document."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.errors import RuleError
from cleaner.host import split_url
from cleaner.keys import Table, did_you_mean
from cleaner.rule import DEFAULTS_KEYS, Rule, parse_rule
from cleaner.rule_index import Limits, RuleIndex
from cleaner.rule_store import read_store, store_path
from cleaner.site import SiteFile
from cleaner.site_files import SITES, TEMPLATES, SiteFiles, When
from cleaner.site_keys import TABLES as SITE_TABLES

TABLES = ("rule", "protect")
SITE_HINT = " only a site's file has it, which lies in the folder sites/ of a rules folder: name the rules folder itself;"


class Site(NamedTuple):
    """The rules of the site that an article comes from: its file, and its pattern rules as a set of their own.

    `off` are the ids of common rules that are not used. `date` is the article's day where the file asks for it.
    """

    file: SiteFile
    rules: RuleSet
    off: frozenset[str]
    date: datetime.date | None
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class RuleSet:
    """Rules in the order of their files; of two with one id the later has replaced the earlier.

    `faults` are the faults found in the files, in their order: what they stand in was left out. `sites` finds the
    files of single sites.
    """

    rules: tuple[Rule, ...]
    faults: tuple[RuleError, ...] = ()
    sites: SiteFiles = field(default_factory=SiteFiles, compare=False, repr=False)

    @cached_property
    def _indices(self) -> dict[str, RuleIndex]:
        return {}

    @cached_property
    def limits(self) -> Limits:
        """What keeps rules from being tried, for the compiled loop."""
        return Limits.of(self.rules)

    @cached_property
    def _own_rules(self) -> dict[int, tuple[SiteFile, RuleSet]]:
        return {}

    def indices(self, lang: str) -> tuple[RuleIndex, ...]:
        """The keywords of the rules for documents in `lang`; "" means unknown, then of all rules.

        Those for all languages and the English ones, since sites of every language use English furniture, are one
        index, made once; a language's own are another.
        """
        return tuple(map(self._index, dict.fromkeys(("en", lang) if lang else ("",))))

    def _index(self, lang: str) -> RuleIndex:
        found = self._indices.get(lang)
        if found is None:
            # Two threads may build the same index: the same value, so the later one does no harm.
            found = self._indices[lang] = RuleIndex.of(self.rules, lang)
        return found

    def with_site(self, site: SiteFile) -> RuleSet:
        """These rules with one site's file, which is used for every article whatever its address."""
        ruleset = RuleSet(self.rules, self.faults, self.sites.with_only(site))
        # The same rules have the same index, which takes long to make.
        ruleset.__dict__["_indices"] = self._indices
        return ruleset

    def site(self, url: str | None, name: str = "", *, texts: Iterable[str] | None = None, when: When = lambda: None) -> Site | None:
        """The rules of the site that an article comes from, None where there are none.

        `name` is the site's domain and wins over the article's `url`; where both are missing the blocks' `texts` may
        tell the site. `when` gives the article's day, and is asked only if the site's file depends on it.
        """
        if self.sites.only is None and not self.sites:  # as of the shipped rules alone
            return None
        host, path = split_url(url) if url else ("", None)
        if name:
            host, path = split_url(name)[0], path if split_url(name)[0] == host else None
        if host or texts is None:
            found = self.sites.for_host(host, path, when)
        else:
            found = self.sites.for_text(texts, when)
        if found is None:
            return None
        own = self._own_rules.get(id(found.file))
        if own is None:
            # Kept with its file, whose id stays taken so.
            own = self._own_rules[id(found.file)] = (found.file, RuleSet(found.file.rules))
        off = frozenset(found.file.off) | {rule.id for rule in found.file.rules}
        return Site(found.file, own[1], off, found.date, told(found.faults))


def told(faults: Sequence[RuleError]) -> tuple[str, ...]:
    """What a result's warnings say of faults in rule files: nothing, or one sentence."""
    if not faults:
        return ()
    many = f"{len(faults)} faults" if len(faults) > 1 else "a fault"
    return (f"{many} in rule files, left out: {faults[0]}{' …' if len(faults) > 1 else ''}; run: cleaner rules check",)


def load(folders: Sequence[Path]) -> RuleSet:
    """Read the rule files of the folders, in order; files of single sites are read when they are needed.

    A faulty rule, or a file that cannot be read, is left out and stands in the set's `faults`. The shipped rules may
    lack their examples: `read_folder` has them. Raises RuleError where a folder does not exist.
    """
    by_id: dict[str, Rule] = {}
    faults: list[RuleError] = []
    sites = []
    for folder in folders:
        if not folder.is_dir():
            problem = "is a file; name the rules folder that it lies in" if folder.is_file() else "is not a folder of rule files"
            raise RuleError(problem, file=str(folder))
        found = _stored(folder) or read_folder(folder)
        by_id.update((rule.id, rule) for rule in found.rules)
        faults += found.faults
        sites.append((folder, found.fragments))
    return RuleSet(tuple(by_id.values()), tuple(faults), SiteFiles(sites))


class Folder(NamedTuple):
    """A rules folder's common rules, the faults in their files, and the word lists that its files may name."""

    rules: tuple[Rule, ...]
    faults: tuple[RuleError, ...]
    fragments: dict[str, list[str]]


def read_folder(folder: Path) -> Folder:
    """Read the common rules of a folder as they are written, examples and all."""
    by_id: dict[str, Rule] = {}
    faults: list[RuleError] = []
    try:
        fragments = read_fragments([shipped_folder(), folder])
    except RuleError as fault:
        faults.append(fault)
        fragments = read_fragments([shipped_folder()]) if folder != shipped_folder() else {}
    for path in common_files(folder):
        try:
            rules, wrong = check_rules(_read(path), file=str(path), fragments=fragments)
        except RuleError as fault:
            rules, wrong = [], [fault]
        by_id.update((rule.id, rule) for rule in rules)
        faults += wrong
    return Folder(tuple(by_id.values()), tuple(faults), fragments)


def _stored(folder: Path) -> Folder | None:
    """The shipped rules as they were stored when the package was installed: without examples, and read in no time."""
    if folder != shipped_folder():
        return None
    found = read_store(store_path(), folder, files_of(folder))
    return found and Folder(found.rules, (), found.fragments)


def files_of(folder: Path) -> list[Path]:
    """The files on which a folder's common rules depend."""
    return [*common_files(folder), *(p for p in [folder / "fragments.toml"] if p.exists())]


def common_files(folder: Path) -> list[Path]:
    """The files of a rules folder whose rules are for every site, in order."""
    # Folders of sites may hold thousands of files: they are not even walked through.
    inside = [path for path in folder.iterdir() if path.name not in (SITES, TEMPLATES)]
    found = [p for path in inside for p in (path.rglob("*.toml") if path.is_dir() else [path])]
    return sorted(p for p in found if p.suffix == ".toml" and p.name != "fragments.toml")


def read_rules(toml: str, *, file: str, fragments: Mapping[str, Sequence[str]]) -> Iterable[Rule]:
    """The rules of one file's text. Raises RuleError for the first fault."""
    rules, faults = check_rules(toml, file=file, fragments=fragments)
    if faults:
        raise faults[0]
    return rules


def check_rules(toml: str, *, file: str, fragments: Mapping[str, Sequence[str]]) -> tuple[list[Rule], list[RuleError]]:
    """The faultless rules of one file's text, and its faults. Raises RuleError where nothing of it can be used."""
    data = _parse(toml, file)
    rules: dict[str, Rule] = {}
    faults: list[RuleError] = []
    for key in data:
        if key not in (*TABLES, "defaults"):
            hint = SITE_HINT if key in SITE_TABLES else did_you_mean(key, (*TABLES, "defaults"))
            faults.append(RuleError(f"unknown table {key!r};{hint} a rule file has [defaults], [[rule]] and [[protect]]", file=file, key=key))
    defaults = data.get("defaults", {})
    if not isinstance(defaults, dict):
        raise RuleError(f"[defaults] is a table of keys and values, not {defaults!r}", file=file, key="defaults")
    Table(defaults, DEFAULTS_KEYS, lambda problem, key="": RuleError(f"[defaults]: {problem}", file=file, key=key)).check()
    for table in TABLES:
        entries = data.get(table, [])
        if not isinstance(entries, list):
            faults.append(RuleError(f"[{table}] must be written [[{table}]], once for each rule", file=file, key=table))
            continue
        for entry in entries:
            try:
                rule = parse_rule(entry, file=file, defaults=defaults, fragments=fragments, protect=table == "protect")
                if rule.id in rules:
                    problem = f"rule {rule.id!r} stands twice in this file; give one of them another id"
                    raise RuleError(problem, file=file, key="id", rule=rule.id)
                rules[rule.id] = rule
            except RuleError as fault:
                faults.append(fault)
    return list(rules.values()), faults


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
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleError(f"is not UTF-8 text: {error}; save it as UTF-8", file=str(path)) from None
