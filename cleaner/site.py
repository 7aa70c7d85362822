"""One site's rule file: selectors for its pages, rules for its texts, tests. Read from TOML and checked.

The tables' keys are declared in `site_keys`. What a selector chooses on a page is `selection`'s business, which
file belongs to a URL that of `site_files`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from cleaner.errors import PatternError, RuleError
from cleaner.host import host_name
from cleaner.keys import ALWAYS, PERIOD_KEYS, Period, Table, did_you_mean
from cleaner.kinds import Kind
from cleaner.pattern import compile_pattern
from cleaner.rule import Rule, parse_rule
from cleaner.selectors import check_css, check_selector
from cleaner.site_keys import SINGLE, TABLES

T = TypeVar("T")

@dataclass(frozen=True)
class Remove:
    """An element that goes. `select` are selectors of which each chooses; `up`, `closest` and `and_following` say
    what goes in its place or with it; `contains`, `equals` and `pattern` are conditions on the selected element's text.
    `numbered` says that the file gave no id."""

    id: str
    select: tuple[str, ...]
    kind: Kind = Kind.BOILERPLATE
    up: int = 0
    closest: str = ""
    and_following: bool = False
    contains: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    pattern: str = ""
    why: str = ""
    period: Period = ALWAYS
    file: str = ""
    numbered: bool = False


@dataclass(frozen=True)
class Html:
    """What `[html]` says: selectors, in the order written. `remove` are short removes without further keys."""

    body: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    unwrap: tuple[str, ...] = ()
    remove: tuple[Remove, ...] = ()


@dataclass(frozen=True)
class SiteTest:
    """An example page or text: what must stay of it and what must go. One of `html`, `text`, `file` is given."""

    name: str
    url: str = ""
    html: str = ""
    text: str = ""
    file: str = ""
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class SiteFile:
    """A site's file, or a template, as parsed. `name` is the file's name without .toml: the domain.

    `remove` are the `[[remove]]` tables, `rules` the `[[rule]]` and `[[protect]]` ones. `given` names the keys of
    `[site]` and `[html]` that the file has: of two files for one site the later one's win.
    """

    name: str
    file: str
    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    fingerprint: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    lang: str = ""
    period: Period = ALWAYS
    source: str = ""
    why: str = ""
    html: Html = Html()
    remove: tuple[Remove, ...] = ()
    rules: tuple[Rule, ...] = ()
    tests: tuple[SiteTest, ...] = ()
    given: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def removes(self) -> tuple[Remove, ...]:
        """Every element that goes: those of `[html]` first."""
        return self.html.remove + self.remove


def parse_site(toml: str, *, file: str, fragments: Mapping[str, Sequence[str]]) -> SiteFile:
    """Read a site's file. `file` is its path, whose name is the domain. Raises RuleError for the first fault."""
    site, faults = read_site(toml, file=file, fragments=fragments)
    if faults:
        raise faults[0]
    return site


def read_site(toml: str, *, file: str, fragments: Mapping[str, Sequence[str]]) -> tuple[SiteFile, list[RuleError]]:
    """Read a site's file as far as it can be read, and its faults in order.

    A faulty `[[remove]]`, `[[rule]]`, `[[protect]]`, `[[test]]` or key of `[html]` is left out. Where `[site]` is
    faulty, or the file is no TOML, nothing is left: nobody could tell which pages the file is for.
    """
    reader = _Reader(file, fragments)
    name = host_name(Path(file).name.removesuffix(".toml"))
    try:
        data = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return SiteFile(name, file), [RuleError(f"is not valid TOML: {error}", file=file)]
    for key in data:
        if key not in TABLES:
            hint = did_you_mean(key, list(TABLES))
            reader.faults.append(RuleError(f"unknown table {key!r};{hint} a site's file has {_table_names()}", file=file, key=key))
    site = reader.tried(lambda: reader.site(name, data))
    if site is None:
        return SiteFile(name, file), reader.faults
    return site, reader.faults


def _table_names() -> str:
    return ", ".join(f"[{name}]" if name in SINGLE else f"[[{name}]]" for name in TABLES)


class _Reader:
    """Reads one file's tables and collects the faults."""

    def __init__(self, file: str, fragments: Mapping[str, Sequence[str]]) -> None:
        self.file = file
        self.fragments = fragments
        self.faults: list[RuleError] = []

    def tried(self, read: Callable[[], T]) -> T | None:
        """What `read` gives, or None and one more fault."""
        try:
            return read()
        except RuleError as fault:
            self.faults.append(fault)
            return None

    def table(self, kind: str, values: Any, name: str = "") -> Table:
        """A table whose keys are checked."""

        def fail(problem: str, key: str = "") -> RuleError:
            what = f"[{kind}]" if kind in SINGLE else f"{kind} {name!r}" if name else f"[[{kind}]]"
            return RuleError(f"{what}: {problem}", file=self.file, key=key, rule=name)

        if not isinstance(values, dict):
            raise fail(f"is a table of keys and values, not {values!r}")
        found = Table(values, TABLES[kind], fail)
        found.check()
        return found

    def site(self, name: str, data: Mapping[str, Any]) -> SiteFile:
        """The whole file; raises where `[site]` is faulty."""
        read = self.table("site", data.get("site", {}))
        period = read.period()
        hosts = tuple(host_name(h) for h in read.strings("hosts"))
        if wrong := [h for h in hosts if "/" in h or ":" in h or not h.removeprefix("*.") or "*" in h.removeprefix("*.")]:
            raise read.fail(f'{wrong[0]!r} is no host; write "x.example" or "*.x.example", without https:// and path', "hosts")
        if wrong := [p for p in read.strings("paths") if not p.startswith(("/", "*"))]:
            raise read.fail(f'{wrong[0]!r} is no path; it begins with a slash: "/news/*"', "paths")
        html, given = self.html(name, data.get("html", {}))
        removes = list(self.entries(data, "remove", lambda n, values: self.remove(name, len(html.remove) + n, values)))
        rules = [
            *self.entries(data, "rule", lambda _, values: self.rule(values, "rule")),
            *self.entries(data, "protect", lambda _, values: self.rule(values, "protect")),
        ]
        return SiteFile(
            name, self.file, hosts, read.strings("paths"), read.strings("fingerprint"), read.strings("extends"), read.strings("off"),
            read.typed("lang", ""), period, read.typed("source", ""), read.typed("why", ""), html,
            remove=self.unique(removes), rules=self.unique(rules),
            tests=tuple(self.entries(data, "test", lambda _, values: self.test(values))),
            given=given | set(read.values),
        )  # fmt: skip

    def entries(self, data: Mapping[str, Any], table: str, read: Callable[[int, Any], T]) -> Iterator[T]:
        """The faultless ones of `[[table]]`; `read` gets each one's number, from 1, and its values."""
        values = data.get(table, [])
        if not isinstance(values, list):
            fault = RuleError(f"[{table}] must be written [[{table}]], once for each", file=self.file, key=table)
            self.faults.append(fault)
            return
        for number, entry in enumerate(values, start=1):
            found = self.tried(lambda: read(number, entry))  # noqa: B023 called at once
            if found is not None:
                yield found

    def unique(self, entries: Sequence[T]) -> tuple[T, ...]:
        """The entries without those whose id stood before."""
        found: dict[str, T] = {}
        for entry in entries:
            name: str = entry.id  # type: ignore[attr-defined]
            if name in found:
                problem = f"{name!r} stands twice in this file; give one of them another id"
                self.faults.append(RuleError(problem, file=self.file, key="id", rule=name))
            found.setdefault(name, entry)
        return tuple(found.values())

    def html(self, name: str, values: Any) -> tuple[Html, frozenset[str]]:
        """`[html]` without its faulty keys, and the names of the others."""
        found: dict[str, Any] = {}
        for key in values if isinstance(values, dict) else [""]:
            table = self.tried(lambda: self.table("html", {key: values[key]} if key else values))  # noqa: B023 called at once
            selectors = table and self.tried(lambda: self.selectors(table, key))  # noqa: B023 called at once
            if selectors is not None:
                found[key] = selectors
        if "remove" in found:
            numbered = enumerate(found["remove"], start=1)
            found["remove"] = tuple(Remove(f"{name}-remove-{n}", (s,), file=self.file, numbered=True) for n, s in numbered)
        return Html(**found), frozenset(found)

    def selectors(self, read: Table, key: str) -> tuple[str, ...]:
        """The selectors that a key lists, each of which can be read."""
        found = read.strings(key)
        for selector in found:
            if problem := check_selector(selector, elements=key in ("remove", "select")):
                raise read.fail(f"{key}: {problem}", key)
        return found

    def remove(self, site: str, number: int, values: Any) -> Remove:
        """One `[[remove]]`."""
        given = values.get("id", "") if isinstance(values, dict) else ""
        name = given if isinstance(given, str) and given else f"{site}-remove-{number}"
        read = self.table("remove", values, name)
        read.typed("id", "")
        select = self.selectors(read, "select")
        if not select:
            raise read.fail('select names no element; write select = ".share"', "select")
        up, closest, pattern = read.typed("up", 0), read.typed("closest", ""), read.typed("pattern", "")
        if up < 0 or (up and closest):
            raise read.fail("up is a number of elements above, and does not stand beside closest", "up")
        if closest and (problem := check_css(closest)):
            raise read.fail(f"closest: {problem}", "closest")
        self.check_pattern(pattern, read)
        return Remove(
            name, select, read.choice(Kind, "kind", Kind.BOILERPLATE), up, closest, read.typed("and_following", False),
            read.strings("contains"), read.strings("equals"), pattern, read.typed("why", ""), read.period(), self.file, not given,
        )  # fmt: skip

    def rule(self, values: Any, table: str) -> Rule:
        """One `[[rule]]` or `[[protect]]`."""
        rule = parse_rule(
            values, file=self.file, defaults={}, fragments=self.fragments, protect=table == "protect", more_keys=PERIOD_KEYS
        )
        if isinstance(rule.pattern_or_phrases, str):
            self.check_pattern(rule.pattern, self.table(table, values, rule.id))
        return rule

    def check_pattern(self, pattern: str, read: Table) -> None:
        """Raise RuleError for a pattern that cannot be compiled."""
        try:
            compile_pattern(pattern)
        except PatternError as error:
            raise read.fail(f"pattern is no regular expression: {error}", "pattern") from None

    def test(self, values: Any) -> SiteTest:
        """One `[[test]]`."""
        name = values.get("name", "") if isinstance(values, dict) else ""
        read = self.table("test", values, name if isinstance(name, str) else "")
        said = {key: read.typed(key, "") for key in ("name", "url", "html", "text", "file")}
        if sum(bool(said[key]) for key in ("html", "text", "file")) != 1:
            raise read.fail("needs one of html, text and file: the page or the text that is cleaned")
        kept, dropped = read.strings("kept"), read.strings("dropped")
        if not kept and not dropped:
            raise read.fail("says neither what is kept nor what is dropped", "kept")
        return SiteTest(**said, kept=kept, dropped=dropped)
