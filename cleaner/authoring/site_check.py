"""Every mistake in how a site's file, or a template, is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.authoring.finding import Level, Problem, Spot, subject
from cleaner.authoring.rule_file_check import Form, check_table_names, entries, read_tables
from cleaner.authoring.rule_form import LANGUAGE, Context
from cleaner.authoring.table_check import check_table
from cleaner.errors import PatternError
from cleaner.host import host_name
from cleaner.keys import PERIOD_KEYS, did_you_mean
from cleaner.pattern import compile_pattern
from cleaner.rule import edge_key
from cleaner.selectors import check_css, check_selector
from cleaner.site_keys import SINGLE, TABLES

DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*")
# Tables that say how an article is cleaned, and keys of [site] that do.
DOING = frozenset(("html", "remove", "rule", "protect"))
DOING_KEYS = frozenset(("extends", "off"))
INPUTS = ("html", "text", "file")
TEST_SUFFIXES = (".html", ".htm", ".txt")


class Known(NamedTuple):
    """What a site's file may name: word lists, templates, common rules."""

    fragments: Mapping[str, Sequence[str]]
    templates: Collection[str]
    rules: Collection[str]


def check_site_file(data: Mapping[str, Any], path: Path, known: Known, *, template: bool) -> Form:
    """Look through a site's file."""
    spots = list(check_table_names(data, tuple(TABLES), SINGLE))
    site, html = (_table(data, name) for name in SINGLE)
    name = path.name.removesuffix(".toml")
    spots += [Spot("site", 0, "", p) for p in _check_file(data, site, name, template=template)]
    spots += [Spot("site", 0, "[site]", p) for p in _check_site(site, name, known)]
    spots += [Spot("html", 0, "[html]", p) for p in _check_html(html)]
    for number, values in enumerate(entries(data, "remove")):
        spots += [Spot("remove", number, subject("remove", values), p) for p in _check_remove(values)]
    for number, values in enumerate(entries(data, "test")):
        spots += [Spot("test", number, subject("test", values), p) for p in _check_test(values, path.parent)]
    rules = read_tables(data, Context(str(path), {}, known.fragments, PERIOD_KEYS), spots)
    return Form(rules, spots)


def _check_file(data: Mapping[str, Any], site: Mapping[str, Any], name: str, *, template: bool) -> Iterator[Problem]:
    host = host_name(name)
    if not template and (not DOMAIN.fullmatch(host) or host != name):
        write = f"{host}.toml" if DOMAIN.fullmatch(host) else "lomvik-herald.example.toml"
        yield Problem(f"the file is named {name!r}, which is no domain in small letters; name it after the site, such as {write}")
    if not data:
        yield Problem('the file is empty; write [html] with body = ["article"], or delete the file')
    elif not DOING & set(data) and not DOING_KEYS & set(site) and set(data) <= set(TABLES):
        yield Problem("the file changes nothing; write [html], [[remove]] or [[rule]], or delete it", level=Level.WARNING)


def _check_site(site: Mapping[str, Any], name: str, known: Known) -> Iterator[Problem]:
    yield from check_table(site, TABLES["site"])
    for number, host in _strings(site, "hosts"):
        plain = host_name(host)
        if not DOMAIN.fullmatch(plain.removeprefix("*.")):
            hint = re.sub(r"^\w+://|[/?#:].*$", "", re.sub(r"^\w+://", "", plain))
            write = hint if DOMAIN.fullmatch(hint.removeprefix("*.")) else "lomvik-herald.example"
            yield Problem(f'{host!r} is no host; write "{write}", or "*.{write.removeprefix("*.")}" for its subdomains', "hosts", number)
    for number, path in _strings(site, "paths"):
        if not path.startswith(("/", "*")):
            yield Problem(f'{path!r} is no path; it begins with a slash: "/{path.lstrip("/")}"', "paths", number)
    for number, line in _strings(site, "fingerprint"):
        if not edge_key(line):
            yield Problem(f"the fingerprint {line!r} has no word; write a line that only this site's texts have", "fingerprint", number)
    for number, other in _strings(site, "extends"):
        if other == name:
            yield Problem(f"{other!r} extends itself; leave it out", "extends", number)
        elif other not in known.templates:
            yield Problem(f"there is no template {other!r} in a folder templates/{_near(other, known.templates)}", "extends", number)
    for number, rule in _strings(site, "off"):
        if rule not in known.rules:
            yield Problem(f"there is no common rule {rule!r}{_near(rule, known.rules) or '; see cleaner rules list'}", "off", number)
    lang = site.get("lang")
    if isinstance(lang, str) and (lang == "*" or not LANGUAGE.fullmatch(lang)):
        yield Problem(f'lang = {lang!r} is no language code; write two small letters, "en", or leave lang out', "lang")


def _check_html(html: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_table(html, TABLES["html"])
    for key in html:
        yield from _check_selectors(html, key, elements=key == "remove") if key in {k.name for k in TABLES["html"]} else ()


def _check_selectors(values: Mapping[str, Any], key: str, *, elements: bool) -> Iterator[Problem]:
    for number, selector in _strings(values, key):
        if problem := check_selector(selector, elements=elements):
            yield Problem(problem, key, number)


def _check_remove(values: Any) -> Iterator[Problem]:
    if not isinstance(values, dict):
        yield Problem(f"a [[remove]] is a table of keys and values, not {values!r}")
        return
    yield from check_table(values, TABLES["remove"])
    yield from _check_selectors(values, "select", elements=True)
    closest, pattern = values.get("closest"), values.get("pattern")
    if isinstance(closest, str) and closest and (problem := check_css(closest)):
        yield Problem(f"closest: {problem.split('; an XPath')[0].split('; for an XPath')[0]}; closest is CSS alone", "closest")
    if closest and values.get("up"):
        yield Problem("has both up and closest; keep the one that says what goes", "up")
    if isinstance(pattern, str) and pattern:
        try:
            empty = compile_pattern(pattern).search("")
        except PatternError as error:
            yield Problem(f"the pattern does not compile: {error}; write \\ before a character that is meant literally", "pattern")
        else:
            if empty:
                yield Problem("the pattern matches the empty string, so it is no condition: ask for at least one character", "pattern")


def _check_test(values: Any, folder: Path) -> Iterator[Problem]:
    if not isinstance(values, dict):
        yield Problem(f"a [[test]] is a table of keys and values, not {values!r}")
        return
    yield from check_table(values, TABLES["test"])
    given = [key for key in INPUTS if values.get(key)]
    if not given:
        yield Problem("has nothing to clean; write html = '''…''', text = '''…''' or file = \"page.html\"")
    elif len(given) > 1:
        yield Problem(f"has {' and '.join(given)}; keep one: it is the page or the text that is cleaned", given[1])
    file = values.get("file")
    if isinstance(file, str) and file:
        if not file.lower().endswith(TEST_SUFFIXES):
            yield Problem(f"file = {file!r} is neither a page nor a text; name it *.html or *.txt", "file")
        elif not (folder / file).is_file():
            yield Problem(f"there is no file {file!r} beside this one; put it into {folder}", "file")
    if not values.get("kept") and not values.get("dropped") and not {"kept", "dropped"} & set(values):
        yield Problem('says neither what is kept nor what is dropped; write kept = ["words of the body"] or dropped = ["words of the junk"]')
    both = {text for _, text in _strings(values, "kept")} & {text for _, text in _strings(values, "dropped")}
    for number, text in _strings(values, "dropped"):
        if text in both:
            yield Problem(f"{text!r} is to be kept and dropped; leave it out of one of the two", "dropped", number)


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _strings(values: Mapping[str, Any], key: str) -> list[tuple[int, str]]:
    """A key's strings with their places in its list, -1 for a single one; what is no string is told elsewhere."""
    found = values.get(key, [])
    if isinstance(found, str):
        return [(-1, found)] if found.strip() else []
    return [(n, v) for n, v in enumerate(found) if isinstance(v, str) and v.strip()] if isinstance(found, list) else []


def _near(name: str, known: Collection[str]) -> str:
    hint = did_you_mean(name, sorted(known)).strip()
    if hint:
        return f"; {hint}"
    return f"; those there are: {', '.join(sorted(known))}" if 0 < len(known) <= 12 else ""
