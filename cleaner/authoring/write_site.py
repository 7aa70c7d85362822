"""A site's rule file as a draft, and how it is written: TOML with the evidence beside each rule, always in one order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cleaner.kinds import Kind, PhraseMatch, Scope, Where

WIDTH = 118


@dataclass(frozen=True)
class RuleDraft:
    """A rule to be reviewed: of `phrases` with their evidence, or of a `pattern`. In `doubt` it is commented out."""

    id: str
    kind: Kind
    scope: Scope
    where: Where
    match: PhraseMatch
    phrases: tuple[tuple[str, str], ...]
    pattern: str
    keywords: tuple[str, ...]
    max_words: int
    hit: tuple[str, ...]
    miss: tuple[str, ...]
    why: str
    notes: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True)
class SelectorDraft:
    """A selector with its evidence; in `doubt` it is commented out."""

    select: str
    note: str
    doubt: str = ""
    kind: Kind = Kind.BOILERPLATE


@dataclass(frozen=True)
class ExampleDraft:
    """A page or text as it should come out."""

    name: str
    medium: str
    source: str
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class SiteDraft:
    """All that a site's file will say. `notes` stand at its top."""

    domain: str
    notes: tuple[str, ...] = ()
    lang: str = ""
    body: tuple[SelectorDraft, ...] = ()
    title: tuple[SelectorDraft, ...] = ()
    byline: tuple[SelectorDraft, ...] = ()
    date: tuple[SelectorDraft, ...] = ()
    remove: tuple[SelectorDraft, ...] = ()
    rules: tuple[RuleDraft, ...] = ()
    tests: tuple[ExampleDraft, ...] = field(default=())
    advice: bool = False


def write_site(draft: SiteDraft) -> str:
    """The draft as the text of a TOML file.

    >>> print(write_site(SiteDraft("x.example", lang="en")))
    [site]
    hosts = ["x.example", "*.x.example"]
    lang = "en"
    <BLANKLINE>
    """
    lines = [*_comments(draft.notes), *([""] if draft.notes else []), "[site]"]
    lines.append(f"hosts = {_list([draft.domain, '*.' + draft.domain])}")
    lines += [f"lang = {quoted(draft.lang)}"] if draft.lang else []
    lines += ADVICE_SITE if draft.advice else []
    html = _html(draft)
    if html:
        lines += ["", "[html]", *html]
    for number, selector in enumerate((s for s in draft.remove), 1):
        lines += ["", *_commented_if(selector.doubt, _remove(draft.domain, number, selector))]
    for rule in draft.rules:
        lines += ["", *_comments(rule.notes), *_commented_if(rule.doubt, _rule(rule))]
    for test in draft.tests:
        lines += ["", *_test(test)]
    lines += ADVICE_RULE if draft.advice and not draft.rules else []
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """`text` as a TOML string.

    >>> print(quoted('a "b"'), quoted("tab\\t\\x7f"))
    "a \\"b\\"" "tab\\t\\u007f"
    """
    # JSON's strings are TOML's, but for one control character.
    return json.dumps(text.encode("utf-8", "replace").decode("utf-8"), ensure_ascii=False).replace("\x7f", "\\u007f")


def literal(pattern: str) -> str:
    """A pattern as a TOML string, without doubled backslashes where that can be."""
    return quoted(pattern) if "'" in pattern or any(ord(c) < 32 or ord(c) == 127 for c in pattern) else f"'{pattern}'"


def long_text(text: str) -> str:
    """A text of many lines as a TOML string that can be read."""
    text = text.replace("\r\n", "\n")
    odd = "'''" in text or text.endswith("'") or any((ord(c) < 32 and c not in "\n\t") or ord(c) == 127 for c in text)
    return quoted(text) if odd or "\n" not in text else f"'''\n{text}'''"


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(quoted, values)) + "]"


def _comments(notes: Iterable[str]) -> list[str]:
    return [f"# {_plain(note)}".rstrip() for note in notes]


def _plain(note: str) -> str:
    """A note on one line, without characters that no comment may hold."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in note).split())


def _commented_if(doubt: str, lines: Sequence[str]) -> list[str]:
    return [*_comments([f"In doubt, so commented out: {doubt}"]), *(f"# {line}".rstrip() for line in lines)] if doubt else list(lines)


def _html(draft: SiteDraft) -> list[str]:
    lines: list[str] = []
    for name in ("body", "title", "byline", "date"):
        found: tuple[SelectorDraft, ...] = getattr(draft, name)
        for selector in found:
            lines += _comments([f"{selector.select}: {selector.note}" + (f"; in doubt: {selector.doubt}" if selector.doubt else "")])
        sure = [s.select for s in found if not s.doubt]
        if sure:
            lines.append(f"{name} = {_list(sure)}")
        elif found:
            lines.append(f"# {name} = {_list(s.select for s in found)}")
        elif draft.advice:
            lines.append(f"# {name} = {ADVICE_HTML[name]}")
    return lines


def _remove(domain: str, number: int, selector: SelectorDraft) -> list[str]:
    lines = ["[[remove]]", f"select = {quoted(selector.select)}"]
    if selector.kind is not Kind.BOILERPLATE:
        lines.append(f"kind = {quoted(selector.kind)}")
    return [*lines, f"why = {quoted(selector.note)}"]


def _rule(rule: RuleDraft) -> list[str]:
    lines = ["[[rule]]", f"id = {quoted(rule.id)}", f"kind = {quoted(rule.kind)}"]
    lines += [f"scope = {quoted(rule.scope)}"] if rule.scope is not Scope.BLOCK else []
    lines += [f"where = {quoted(rule.where)}"] if rule.where is not Where.ANYWHERE else []
    if rule.pattern:
        lines += [f"pattern = {literal(rule.pattern)}", f"keywords = {_list(rule.keywords)}"]
    else:
        lines += ["phrases = ["]
        lines += [f"  {quoted(phrase)},{'  # ' + _plain(note) if note else ''}" for phrase, note in rule.phrases]
        lines += ["]", f"match = {quoted(rule.match)}"]
    lines += [f"max_words = {rule.max_words}"] if rule.max_words else []
    for name, values in (("hit", rule.hit), ("miss", rule.miss)):
        short = f"{name} = {_list(values)}"
        lines += [short] if len(short) <= WIDTH else [f"{name} = [", *(f"  {quoted(v)}," for v in values), "]"]
    return [*lines, f"why = {quoted(rule.why)}"]


def _test(test: ExampleDraft) -> list[str]:
    return [
        "[[test]]", f"name = {quoted(test.name)}", f"{test.medium} = {long_text(test.source)}",
        f"kept = {_list(test.kept)}", f"dropped = {_list(test.dropped)}",
    ]  # fmt: skip


ADVICE_SITE = [
    '# paths = ["/news/*"]                   # only these paths of the address',
    '# fingerprint = ["All rights reserved by …"]  # a line that tells the site where a text has no address',
    '# off = ["en-also-read-label"]          # common rules that are not used here',
]
ADVICE_HTML = {
    "body": '["article .story-body"]   # the article\'s container; the first that matches anything counts',
    "title": '["h1"]',
    "byline": '[".author"]',
    "date": '["time"]',
}
ADVICE_RULE = [
    "",
    "# [[remove]]",
    '# select = ".related"                   # an element that goes, CSS or "xpath:…"',
    "",
    "# [[rule]]",
    '# id = "site-what-it-finds"',
    '# kind = "related"',
    '# phrases = ["Read more:"]',
    '# match = "start"                       # whole | start | end | contains',
    '# hit = ["Read more: the bridge opens"]',
    '# miss = ["Read more carefully, the judge told the lawyers on Monday."]',
]
