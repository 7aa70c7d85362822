"""FiveFilters' site configurations as site rule files.

Selectors are carried over, as CSS where that is exact. What is about fetching pages, images or the look of the
output is not for a cleaner; the rest that cannot be said in a site's file is reported with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import regex

from cleaner.authoring.ftr_format import Directive, read_directives, target
from cleaner.authoring.import_report import Fate, Imported, Outcome
from cleaner.authoring.write_rules import write_tables
from cleaner.authoring.xpath_css import to_css
from cleaner.authoring.xpath_picks import Pick, to_pick
from cleaner.authoring.xpath_tree import NotExact, arms, last_test, parse_xpath, quoted, source_of, without_parentheses
from cleaner.errors import CleanerError
from cleaner.selectors import check_selector

PLACES = {"body": "body", "title": "title", "author": "byline", "date": "date"}
FETCHING = frozenset(
    "single_page_link single_page_link_if_contains single_page_link_in_feed next_page_link autodetect_next_page if_page_contains "
    "http_header requires_login login_uri login_username_field login_password_field login_extra_fields not_logged_in_xpath".split()
)
ENGINE = frozenset("prune tidy parser autodetect_on_failure skip_json_ld strip_comments".split())
LOOKS = frozenset(
    "wrap_in convert_double_br_tags insert_detected_image src_lazy_load_attr footnotes strip_attr post_strip_attr native_ad_clue".split()
)
# With the misspellings that occur.
TESTS = frozenset("test_url test_contains test_rul test_content test https".split())
NOT_FOR_A_CLEANER = {FETCHING: "fetching", ENGINE: "a setting of the other program", LOOKS: "looks and images", TESTS: "a test's page"}
REPLACING = ("replace_string", "find_string")
# An element's tag alone, without attributes.
BARE_TAG = regex.compile(r"</?(?P<tag>[a-z][a-z0-9-]*)>")
TAGS = regex.compile(r"<[^>]*(?:>|$)|^[^<>]*[\"'][^<>]*>")
# What a piece of a tag, an address or a script looks like, and running text does not.
MARKUP = regex.compile(r"[=\"{}\[\]\\/]|^[\w-]*[-_][\w-]*$|\.(?:jpe?g|png|gif|webp)\b|^[<>&;#\W]*$")
VALUES = ("content", "datetime")


def import_ftr(name: str, text: str) -> Imported:
    """One configuration, by its file's name and its text. Needs the extra `rules`."""
    folder, stem, hosts = target(name)
    tables = _Tables()
    outcomes = []
    directives = read_directives(text)
    for directive in directives:
        if directive.name in REPLACING:
            continue
        fate, reason = _carry(directive, tables)
        outcomes.append(Outcome(name, directive.line, directive.name, directive.value, fate, reason))
    for find, replacement in _replacements(directives):
        fate, reason = _replace(find.argument or find.value, replacement, tables)
        outcomes.append(Outcome(name, find.line, "replace_string", f"{find.argument or find.value} → {replacement}", fate, reason))
    pages = [d.value for d in directives if d.name == "test_url"]
    site: dict[str, Any] = {"hosts": list(hosts)} if hosts else {}
    site["source"] = f"FiveFilters site configuration {name} (CC0)"
    toml = write_tables(site, tables.html, tables.remove, notes=[f"A page to test it with: {page}" for page in pages]) if tables else ""
    return Imported(name, f"{folder}/{stem}.toml", toml, tuple(sorted(outcomes, key=lambda o: o.line)))


class _Tables:
    """The file's `[html]` and `[[remove]]` as they grow."""

    def __init__(self) -> None:
        self.html: dict[str, list[str]] = {}
        self.remove: list[dict[str, Any]] = []

    def __bool__(self) -> bool:
        return bool(self.html or self.remove)

    def add(self, key: str, selectors: Sequence[str]) -> None:
        listed = self.html.setdefault(key, [])
        listed += [s for s in dict.fromkeys(selectors) if s not in listed]

    def take(self, pick: Pick) -> None:
        keys = {"up": pick.up, "closest": pick.closest, "pattern": pick.pattern}
        table = {"select": pick.css, **{key: value for key, value in keys.items() if value}}
        if table not in self.remove:
            self.remove.append(table)


def _carry(directive: Directive, tables: _Tables) -> tuple[Fate, str]:
    """Put one directive into the tables; its fate, and a reason where it is not carried over."""
    for names, why in NOT_FOR_A_CLEANER.items():
        if directive.name in names:
            return Fate.FOREIGN, why
    if not directive.value:
        return Fate.FOREIGN, "empty"
    try:
        if directive.name in PLACES:
            return _place(PLACES[directive.name], directive.value, tables), ""
        if directive.name == "strip":
            return _strip(directive.value, tables), ""
        if directive.name in ("strip_id_or_class", "strip_image_src"):
            said = quoted(regex.sub(r"[\"']", "", directive.value))
            where = ("class", "id") if directive.name == "strip_id_or_class" else ("src",)
            tag = "" if directive.name == "strip_id_or_class" else "img"
            tables.add("remove", [_checked(", ".join(f"{tag}[{name}*={said}]" for name in where))])
            return Fate.CSS, ""
        if directive.name == "dissolve":
            selector = _selector(directive.value)
            tables.add("unwrap", [_checked(selector, elements=True)])
            return _fate_of(selector), ""
    except NoElements as nothing:
        return Fate.FOREIGN, str(nothing)
    except CleanerError as fault:
        return Fate.LOST, str(fault)
    return Fate.LOST, "no directive that is known"


class NoElements(CleanerError):
    """An expression that never chooses anything with text."""


def _fate_of(selector: str) -> Fate:
    return Fate.XPATH if selector.startswith("xpath:") else Fate.CSS


def _selector(expression: str) -> str:
    """CSS where that is exact, else the XPath."""
    try:
        return _checked(to_css(expression))
    except CleanerError:
        return f"xpath:{expression}"


def _checked(selector: str, *, elements: bool = False) -> str:
    """The selector, if site files take it and it is sound; raises CleanerError."""
    if problem := check_selector(selector, elements=elements):
        raise CleanerError(f"{_why(problem)} | {problem}")
    if selector.startswith("xpath:"):
        _try(selector.removeprefix("xpath:"))
    return selector


def _why(problem: str) -> str:
    return "text, not an element" if "text or an attribute" in problem else "no XPath that can be read"


def _try(expression: str) -> None:
    """Run an XPath on a small page: what fails there fails everywhere."""
    from lxml import etree, html

    page = html.document_fromstring("<html><head><title>t</title></head><body><div class='a'><p>b</p></div></body></html>")
    if not regex.match(r"[(\s]*(?:/|\.//|id\()", expression) and not regex.match(r"[\w-]+\s*\(", expression):
        raise CleanerError("a path that does not begin with / and so finds nothing")
    try:
        found = etree.XPath(expression)(page)
    except etree.XPathError as error:
        raise CleanerError(f"no XPath 1.0 | {error}") from error
    if not isinstance(found, list):
        raise CleanerError("a computed text, not elements")


def _place(key: str, expression: str, tables: _Tables) -> Fate:
    """Body, title, byline or date: where it stands. Of a computed text, the place that it is computed from."""
    selector = _place_selector(expression, key)
    tables.add(key, [selector])
    return _fate_of(selector)


def _place_selector(expression: str, key: str) -> str:
    if key != "body":
        inner = _inner_path(expression)
        if not inner:
            raise NoElements("a fixed text")
        expression = inner
        for value in VALUES:
            stem, found, _ = expression.rpartition(f"/@{value}")
            if found and not stem.endswith("/") and expression.endswith(f"/@{value}") and "|" not in expression:
                expression = f"{stem}[@{value}]"
    return _checked(_selector(expression), elements=key == "body")


def _inner_path(expression: str) -> str:
    """The first path in a function's arguments, such as substring-after(//p, 'By '); "" where there is none."""
    try:
        token = parse_xpath(expression)
    except NotExact:
        return expression
    token = without_parentheses(token) if token.symbol == "(" and token[0].symbol == "(string)" else token
    symbols = {"substring-after", "substring-before", "substring", "normalize-space", "string", "translate", "concat"}
    while token.symbol in symbols:
        paths = [t for t in token if t.symbol in ("/", "//", "[", "(", "|") or t.symbol in symbols]
        if not paths:
            return ""
        token = paths[0]
        expression = source_of(token)
    return "" if token.symbol == "(string)" else expression


def _strip(expression: str, tables: _Tables) -> Fate:
    """An element that goes. A union of which a part needs XPath or keys is taken apart."""
    try:
        tables.add("remove", [_checked(to_css(expression))])
        return Fate.CSS
    except NotExact:
        pass
    try:
        parts = arms(parse_xpath(expression))
    except NotExact:
        tables.add("remove", [_checked(f"xpath:{expression}", elements=True)])
        return Fate.XPATH
    fates, faults = [], []
    for part in parts:
        try:
            fates.append(_strip_one(part, expression if len(parts) == 1 else source_of(part), tables))
        except CleanerError as fault:
            faults.append(fault)
    if not faults:
        return Fate.XPATH if Fate.XPATH in fates else Fate.KEYS if Fate.KEYS in fates else Fate.CSS
    raise faults[0]


def _strip_one(part: Any, source: str, tables: _Tables) -> Fate:
    last = last_test(part)
    if last in ("@", "attribute", "comment"):
        raise NoElements("an attribute or a comment, which has no text of its own")
    if last in ("text", "node"):
        raise CleanerError("text, not an element")
    try:
        pick = to_pick(part)
        _checked(pick.css)
    except CleanerError:
        tables.add("remove", [_checked(f"xpath:{source}", elements=True)])
        return Fate.XPATH
    if pick.plain:
        tables.add("remove", [pick.css])
        return Fate.CSS
    tables.take(pick)
    return Fate.KEYS


def _replacements(directives: Sequence[Directive]) -> Iterator[tuple[Directive, str]]:
    """Each string to be replaced, and by what: find_string lines belong to the replace_string lines after them, in order."""
    finds = [d for d in directives if d.name == "find_string"]
    by = [d for d in directives if d.name == "replace_string" and not d.argument]
    for n, find in enumerate(finds):
        yield find, by[n].value if n < len(by) else ""
    yield from ((d, d.value) for d in directives if d.name == "replace_string" and d.argument)


def _replace(find: str, replacement: str, tables: _Tables) -> tuple[Fate, str]:
    """Tags that are taken out are unwrapped; other markup has no text; words that are replaced are lost."""
    tag = BARE_TAG.fullmatch(find.strip())
    if tag and not replacement.strip() and not find.startswith("</"):
        tables.add("unwrap", [tag["tag"]])
        return Fate.CSS, ""
    if MARKUP.search(TAGS.sub("", find).strip()) or "</title>" in find:
        return Fate.FOREIGN, "markup rewritten"
    return Fate.LOST, "words replaced in the page's source"
