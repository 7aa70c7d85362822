"""Find the file of the site that an article comes from, in folders that may hold thousands of them.

A file is named by its domain, so most are not even opened: only those that name other hosts, or lines to know
the site's texts by, are read beforehand.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from cleaner.errors import RuleError
from cleaner.host import host_name, levels
from cleaner.keys import ALWAYS
from cleaner.rule import Rule, edge_key
from cleaner.site import Html, Remove, SiteFile, read_site

SITES = "sites"
TEMPLATES = "templates"
KNOWN_BEFOREHAND = re.compile(rb"\b(?:hosts|fingerprint)\b[\"']?[ \t]*=")
HOSTS = re.compile(rb"^hosts = (\[[^\]\r\n]*\])$", re.MULTILINE)
When = Callable[[], datetime.date | None]
# What a template does not hand on: which pages a file is for is the file's own business.
OWN_KEYS = ("hosts", "paths", "fingerprint", "extends")
SITE_STRINGS = ("hosts", "paths", "fingerprint", "extends", "off", "lang", "source", "why")
HTML_LISTS = ("body", "title", "byline", "date", "keep", "unwrap", "remove")


@dataclass(frozen=True, eq=False)
class FoundSite:
    """All that files say of one site, templates and folders merged; `faults` are those found on the way.

    `date` is the article's day, where something in the files asks for it.
    """

    file: SiteFile
    faults: tuple[RuleError, ...] = ()
    date: datetime.date | None = None


class Layer(NamedTuple):
    """A file that says something of a site: its own, or a template that it extends."""

    file: SiteFile
    template: bool

    @property
    def dated(self) -> bool:
        """Whether anything in it is meant for a period."""
        periods = (self.file.period, *(r.period for r in self.file.removes), *(r.period for r in self.file.rules))
        return any(period != ALWAYS for period in periods)


class SiteFiles:
    """The folders `sites/` and `templates/` of some rules folders, the later ones winning.

    Files are read when first asked for and kept; what is found does not depend on what was asked before. With
    `only`, that one file is used for every article, wherever it comes from.
    """

    def __init__(self, folders: Sequence[tuple[Path, Mapping[str, Sequence[str]]]] = (), only: SiteFile | None = None) -> None:
        """`folders` are rules folders, each with the fragments that its files may name."""
        self.folders = tuple(folders)
        self.only = only
        self._parsed: dict[Path, tuple[SiteFile, list[RuleError]]] = {}
        self._layers: dict[str, tuple[tuple[Layer, ...], tuple[RuleError, ...]]] = {}
        self._merged: dict[tuple[object, ...], SiteFile] = {}

    def with_only(self, site: SiteFile) -> SiteFiles:
        """The same folders, with one file in the place of all others; its templates are still found."""
        return SiteFiles(self.folders, site)

    def __bool__(self) -> bool:
        """Whether there is any site file."""
        return bool(self._sites)

    def names(self) -> list[str]:
        """The names of all site files, sorted."""
        return sorted(self._sites)

    def paths(self) -> list[Path]:
        """Every site file and template, in the order of the folders."""
        return [path for by_name in (self._sites, self._templates) for paths in by_name.values() for path, _ in paths]

    def for_host(self, host: str, path: str | None, when: When) -> FoundSite | None:
        """What belongs to a host and, unless `path` is None, to a path on it: the nearest domain that has files."""
        if self.only is not None:
            return self._found((self.only.name,), when)
        for level in levels(host_name(host)) if host else ():
            # A file named by the domain comes after one that merely lists it as a host: the later one wins.
            names = [*sorted(self._hosted.get(level, set()) - {level}), *([level] if level in self._sites else [])]
            names = [name for name in names if self._covers(name, host_name(host), path, when)]
            if names:
                return self._found(tuple(names), when)
        return None

    def for_text(self, texts: Iterable[str], when: When) -> FoundSite | None:
        """What belongs to a text, by the lines that its site's file calls its fingerprint."""
        if self.only is not None:
            return self._found((self.only.name,), when)
        if not self._fingerprints:
            return None
        hits = Counter(name for text in texts for name in self._fingerprints.get(edge_key(text), ()))
        for name, _ in sorted(hits.items(), key=lambda hit: (-hit[1], hit[0])):
            if self._found((name,), when) is not None:
                return self._found((name,), when)
        return None

    def read(self, path: Path, fragments: Mapping[str, Sequence[str]]) -> tuple[SiteFile, list[RuleError]]:
        """One file, read once."""
        if path not in self._parsed:
            try:
                self._parsed[path] = read_site(path.read_text(encoding="utf-8-sig"), file=str(path), fragments=fragments)
            except (OSError, UnicodeDecodeError) as error:
                problem = f"cannot be read: {error}; a rule file is UTF-8 text"
                self._parsed[path] = SiteFile(host_name(path.stem), str(path)), [RuleError(problem, file=str(path))]
        return self._parsed[path]

    @cached_property
    def _sites(self) -> dict[str, list[tuple[Path, Mapping[str, Sequence[str]]]]]:
        return self._listed(SITES)

    @cached_property
    def _templates(self) -> dict[str, list[tuple[Path, Mapping[str, Sequence[str]]]]]:
        return self._listed(TEMPLATES)

    def _listed(self, kind: str) -> dict[str, list[tuple[Path, Mapping[str, Sequence[str]]]]]:
        """The files of each name, with their fragments, in the order of the folders."""
        found: dict[str, list[tuple[Path, Mapping[str, Sequence[str]]]]] = {}
        for folder, fragments in self.folders:
            for path in sorted((folder / kind).rglob("*.toml")):
                found.setdefault(host_name(path.name.removesuffix(".toml")).removeprefix("www."), []).append((path, fragments))
        return found

    @cached_property
    def _known(self) -> tuple[SiteFile, ...]:
        """The files that must be known before they are asked for by name."""
        files = [entry for entries in self._sites.values() for entry in entries]
        return tuple(self.read(path, fragments)[0] for path, fragments in files if _is_beforehand(path.name.removesuffix(".toml"), _bytes(path)))

    @cached_property
    def _hosted(self) -> dict[str, set[str]]:
        """The names of the files that list hosts, by domain."""
        found: dict[str, set[str]] = {}
        for site in self._known:
            for host in site.hosts:
                found.setdefault(host.removeprefix("*.").removeprefix("www."), set()).add(site.name.removeprefix("www."))
        return found

    @cached_property
    def _fingerprints(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for site in self._known:
            for line in site.fingerprint:
                found.setdefault(edge_key(line), set()).add(site.name.removeprefix("www."))
        found.pop("", None)
        return found

    def _covers(self, name: str, host: str, path: str | None, when: When) -> bool:
        found = self._found((name,), when)
        return found is not None and covers(found.file, host, path)

    def _found(self, names: tuple[str, ...], when: When) -> FoundSite | None:
        """The files of these names, merged; those that are not meant for the article's day are left out."""
        layers = [layer for name in names for layer in self._layers_of(name)[0]]
        faults = tuple(fault for name in names for fault in self._layers_of(name)[1])
        date = when() if any(layer.dated for layer in layers) else None
        active = tuple(layer.file.period.holds(date) for layer in layers)
        if all(layer.template for layer, on in zip(layers, active) if on):
            return None
        key = (names, active)
        if key not in self._merged:
            self._merged[key] = merge([layer.file for layer, on in zip(layers, active) if on])
        return FoundSite(self._merged[key], faults, date)

    def _layers_of(self, name: str) -> tuple[tuple[Layer, ...], tuple[RuleError, ...]]:
        """The files of a name, each after the templates that it extends, and all their faults."""
        if name not in self._layers:
            layers: list[Layer] = []
            faults: list[RuleError] = []
            given = [(self.only, [])] if self.only is not None else [self.read(*entry) for entry in self._sites.get(name, [])]
            for site, wrong in given:
                faults += wrong
                self._extend(site, layers, faults)
                layers.append(Layer(site, False))
            self._layers[name] = tuple(layers), tuple(faults)
        return self._layers[name]

    def _extend(self, site: SiteFile, layers: list[Layer], faults: list[RuleError], around: tuple[str, ...] = ()) -> None:
        """Put the templates that a file extends below it, and theirs below them. One that stands already stays."""
        for name in site.extends:
            if name in around:
                continue
            if host_name(name) not in self._templates:
                have = f"; there are {', '.join(sorted(self._templates))}" if self._templates else ""
                faults.append(RuleError(f"extends {name!r}, but no folder templates/ has {name}.toml{have}", file=site.file, key="extends"))
            for entry in self._templates.get(host_name(name), []):
                template, wrong = self.read(*entry)
                if all(layer.file.file != template.file for layer in layers):
                    faults += wrong
                    self._extend(template, layers, faults, (*around, name))
                    layers.append(Layer(template_part(template), True))


def template_part(template: SiteFile) -> SiteFile:
    """What a template hands on to the files that extend it."""
    return replace(template, hosts=(), paths=(), fingerprint=(), extends=(), tests=(), given=template.given.difference(OWN_KEYS))


def covers(site: SiteFile, host: str, path: str | None) -> bool:
    """Whether a site's file is for this host and, unless it is None, this path.

    >>> covers(SiteFile("lomvik.example", "x.toml"), "news.lomvik.example", "/")
    True
    >>> covers(SiteFile("lomvik.example", "x.toml", hosts=("lomvik.example",)), "news.lomvik.example", "/")
    False
    """
    hosts = site.hosts or (site.name.removeprefix("www."), f"*.{site.name.removeprefix('www.')}")
    bare = host.removeprefix("www.")
    if not any(host.endswith(h[1:]) if h.startswith("*.") else bare == h.removeprefix("www.") for h in hosts):
        return False
    return path is None or not site.paths or any(fnmatchcase(path, pattern) for pattern in site.paths)


def merge(layers: Sequence[SiteFile]) -> SiteFile:
    """Several files for one site as one: a later one's keys win, its rules are added, or replace those of the same id."""
    merged = layers[0]
    for layer in layers[1:]:
        strings = {key: getattr(layer if key in layer.given else merged, key) for key in SITE_STRINGS}
        lists = {key: getattr((layer if key in layer.given else merged).html, key) for key in HTML_LISTS}
        short, long = _removes(lists["remove"], merged, layer)
        rules: dict[str, Rule] = {rule.id: rule for rule in (*merged.rules, *layer.rules)}
        merged = replace(
            layer, **strings, html=Html(**{**lists, "remove": short}), remove=long, rules=tuple(rules.values()),
            tests=merged.tests + layer.tests, given=merged.given | layer.given,
        )  # fmt: skip
    return merged


def _removes(short: tuple[Remove, ...], first: SiteFile, then: SiteFile) -> tuple[tuple[Remove, ...], tuple[Remove, ...]]:
    """The short removes and the others of both files. An id that no author gave replaces nothing: it is counted on."""
    found: dict[str, Remove] = {remove.id: remove for remove in first.remove}
    taken = {*found, *(remove.id for remove in (*short, *then.remove))}
    if short is then.html.remove:
        short = tuple(_counted_on(remove, taken) if remove.id in found else remove for remove in short)
    for remove in then.remove:
        fresh = remove.numbered and (remove.id in found or any(remove.id == other.id for other in short))
        remove = _counted_on(remove, taken) if fresh else remove
        found[remove.id] = remove
    return short, tuple(found.values())


def _counted_on(remove: Remove, taken: set[str]) -> Remove:
    stem, _, number = remove.id.rpartition("-")
    count = int(number)
    while f"{stem}-{count}" in taken:
        count += 1
    taken.add(f"{stem}-{count}")
    return replace(remove, id=f"{stem}-{count}")


def _is_beforehand(name: str, file: bytes) -> bool:
    """Whether a file may be meant for other domains than its name says, or for texts.

    A list of hosts, in one line, that all lie below the file's own name is found by that name.

    >>> _is_beforehand("lomvik.example", b'hosts = ["lomvik.example", "*.lomvik.example"]')
    False
    >>> _is_beforehand("lomvik.example", b'hosts = ["lomvik.example", "dorland.example"]')
    True
    """
    own = HOSTS.sub(lambda found: b"" if all(_below(host, name) for host in found[1].decode("utf-8", "replace").split(",")) else found[0], file)
    return KNOWN_BEFOREHAND.search(own) is not None


def _below(listed: str, name: str) -> bool:
    """Whether a host, as it stands in a list in TOML, is the domain `name` or below it."""
    host = listed.strip("[] \"'\t")
    return host == name or host.endswith(f".{name}")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
