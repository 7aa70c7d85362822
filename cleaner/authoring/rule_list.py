"""Which rules are in force, where they are written, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.authoring.finding import Problem
from cleaner.authoring.rule_files import Role
from cleaner.authoring.rule_places import find_places
from cleaner.authoring.rule_sheet import Sheet, common_rules, read_sheets
from cleaner.authoring.rule_trial import too_long
from cleaner.host import host_name
from cleaner.match import match_rule
from cleaner.rule import Rule
from cleaner.site import SiteFile

# What the selectors of [html] do, for the column of kinds.
HTML_KINDS = {"body": "body", "title": "title", "byline": "byline", "date": "dateline", "keep": "protect", "unwrap": "unwrap"}
ELEMENT = "element"
COLUMNS = ("id", "kind", "scope", "strength", "place")


class Row(NamedTuple):
    """A rule in the list; `place` is file:line."""

    id: str
    kind: str
    scope: str
    strength: str
    place: str
    langs: frozenset[str] = frozenset()


class Shown(NamedTuple):
    """A rule in full: where and how it is written, its pattern and keywords as they are looked for, and its examples
    with what it takes of them. `used` is False where it is faulty, or a later rule of the same id stands in its place."""

    place: str
    used: bool
    toml: str
    looks_for: tuple[tuple[str, str], ...]
    examples: tuple[tuple[str, str], ...]


def common_rows(folders: Sequence[Path], off: Sequence[str] = ()) -> list[Row]:
    """The common rules that cleaning uses, without those that a site turns off."""
    found = common_rules(read_sheets((), folders).opened)
    return [_row(w.rule, _place(sheet, w.table, w.number)) for name, (sheet, w) in found.items() if name not in off]


def site_rows(site: SiteFile) -> list[Row]:
    """What a site's files say, templates and folders merged."""
    sheets = {file: _only(Path(file)) for file in dict.fromkeys(_files(site))}
    rows = []
    for key, kind in HTML_KINDS.items():
        if getattr(site.html, key):
            rows.append(Row(f"{site.name}-{key}", kind, ELEMENT, "sure", _html_place(list(sheets.values()), key)))
    for remove in site.removes:
        rows.append(Row(remove.id, str(remove.kind), ELEMENT, "sure", _written_at(sheets.get(remove.file), remove.id, remove.select)))
    rows += [_row(rule, _written_at(sheets.get(rule.file), rule.id)) for rule in site.rules]
    return rows


def _files(site: SiteFile) -> Iterator[str]:
    yield site.file
    yield from (remove.file for remove in site.removes if remove.file)
    yield from (rule.file for rule in site.rules)


def _only(path: Path) -> Sheet | None:
    wanted = read_sheets([path]).wanted
    return wanted[0] if wanted else None


def _row(rule: Rule, place: str) -> Row:
    return Row(rule.id, str(rule.kind or "protect"), str(rule.scope), str(rule.strength), place, rule.langs)


def _place(sheet: Sheet, table: str, number: int, problem: Problem = Problem("")) -> str:  # noqa: B008 a tuple
    return f"{sheet.name}:{sheet.place(table, number, problem).line}"


def _html_place(sheets: Sequence[Sheet | None], key: str) -> str:
    for sheet in sheets:
        if sheet is not None and key in _dict(sheet.opened.data.get("html")):
            return _place(sheet, "html", 0, Problem("", key))
    return ""


def _written_at(sheet: Sheet | None, name: str, select: tuple[str, ...] = ()) -> str:
    """Where a site's rule stands: by its id, or by its selectors where it has none."""
    if sheet is None:
        return ""
    for table, number, values in entries(sheet):
        if values.get("id") == name or (select and "id" not in values and values.get("select") in (select[0], list(select))):
            return _place(sheet, table, number)
    short = _dict(sheet.opened.data.get("html")).get("remove", [])
    if select and isinstance(short, list) and select[0] in short:
        return _place(sheet, "html", 0, Problem("", "remove", short.index(select[0])))
    return _place(sheet, "html", 0, Problem("", "remove"))


def entries(sheet: Sheet) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """A file's tables that can have an id: the table's name, its number, its values."""
    for table in ("rule", "protect", "remove"):
        found = sheet.opened.data.get(table, [])
        for number, values in enumerate(found if isinstance(found, list) else []):
            if isinstance(values, dict):
                yield table, number, values


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def find_rule(name: str, folders: Sequence[Path]) -> list[Shown]:
    """Every rule of that id in common files, sites and templates, in the order in which they are read."""
    found = []
    sheets = read_sheets(folders, folders).opened
    in_use = common_rules(sheets)
    for sheet in sheets:
        written = {(w.table, w.number): w for w in sheet.form.rules}
        for table, number, values in entries(sheet):
            if values.get("id") == name:
                this = written.get((table, number))
                used = table == "remove" or (this is not None and this.good and in_use.get(name, (sheet, this))[1] is this)
                found.append(_shown(sheet, table, number, this.rule if this else None, used))
        for table, number, problem in _unnamed(sheet, name):
            found.append(Shown(_place(sheet, table, number, problem), True, _source(sheet, table, number), (), ()))
    return found


def _unnamed(sheet: Sheet, name: str) -> Iterator[tuple[str, int, Problem]]:
    """Where a site's file says what goes by this id without giving it: the selectors of [html], removes that are numbered."""
    if sheet.opened.file.role not in (Role.SITE, Role.TEMPLATE):
        return
    site, html = host_name(sheet.opened.file.path.name.removesuffix(".toml")), _dict(sheet.opened.data.get("html"))
    short = html.get("remove", [])
    ids = [("html", 0, Problem("", key), f"{site}-{key}") for key in HTML_KINDS if key in html]
    count = len(short) if isinstance(short, list) else 1
    ids += [("html", 0, Problem("", "remove", n), f"{site}-remove-{n + 1}") for n in range(count)]
    removes = [values for table, _, values in entries(sheet) if table == "remove"]
    ids += [("remove", n, Problem(""), f"{site}-remove-{count + n + 1}") for n, values in enumerate(removes) if "id" not in values]
    yield from ((table, number, problem) for table, number, problem, said in ids if said == name)


def nearest_ids(name: str, folders: Sequence[Path]) -> list[str]:
    """The ids most like a name that no rule has."""
    ids = {str(values["id"]) for sheet in read_sheets(folders, folders).opened for _, _, values in entries(sheet) if "id" in values}
    return get_close_matches(name, sorted(ids), 3, cutoff=0.5) or sorted(i for i in ids if name in i)[:3]


def _shown(sheet: Sheet, table: str, number: int, rule: Rule | None, used: bool) -> Shown:
    place, toml = _place(sheet, table, number), _source(sheet, table, number)
    if rule is None:
        return Shown(place, used, toml, (), ())
    looks_for = [("pattern", rule.pattern)]
    if not rule.whole_keys:
        looks_for.append(("keywords", ", ".join(rule.keywords)))
    examples = [(name, _taken(rule, text)) for name, texts in (("hit", rule.hit), ("miss", rule.miss)) for text in texts]
    return Shown(place, used, toml, tuple(looks_for), tuple(examples))


def _source(sheet: Sheet, table: str, number: int) -> str:
    """A table as it is written, without what belongs to the next."""
    lines = sheet.opened.text.split("\n")
    first = sheet.place(table, number, Problem("")).line
    later = [place.header.line for place in find_places(sheet.opened.text).values() if place.header.line > first]
    written = lines[first - 1 : min(later, default=len(lines) + 1) - 1]
    while written and (not written[-1].strip() or written[-1].lstrip().startswith("#")):
        written.pop()
    return "\n".join(written)


def _taken(rule: Rule, text: str) -> str:
    """An example with braces around what the rule matches in it."""
    if too_long(rule, text):
        return f"{text}   (longer than max_words)"
    try:
        for match in reversed(match_rule(rule, 0, text)):
            text = f"{text[: match.start]}{{{text[match.start : match.end]}}}{text[match.end :]}"
    except TimeoutError:
        return f"{text}   (takes too long)"
    return text
