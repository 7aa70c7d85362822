"""Every mistake in how a rule is written, before it is tried."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cleaner.authoring.finding import Level, Problem
from cleaner.authoring.table_check import check_table
from cleaner.errors import RuleError
from cleaner.keys import Key, did_you_mean
from cleaner.kinds import Kind, Scope
from cleaner.rule import FRAGMENT_REFERENCE, PROTECT_KEYS, RULE_KEYS, Rule, parse_rule

LANGUAGE = re.compile(r"\*|[a-z]{2,3}(?:-[A-Za-z]{2,8})?")
# Mistakes in these, and unknown keys, do not change what a rule matches: it can be tried all the same.
NOT_MATCHING = frozenset("id kind why replace until strength where valid_from valid_until".split())
NAMES = frozenset(key.name for key in RULE_KEYS)


class Context(NamedTuple):
    """What a rule is read with: its file's defaults, the folders' fragments, and keys that its file allows besides."""

    file: str
    defaults: Mapping[str, Any]
    fragments: Mapping[str, Sequence[str]]
    more_keys: Sequence[Key] = ()


class Read(NamedTuple):
    """A rule's mistakes, and the rule for trying what it matches, None where they leave nothing to try."""

    problems: list[Problem]
    rule: Rule | None

    @property
    def good(self) -> bool:
        """Whether cleaning uses the rule."""
        return self.rule is not None and all(p.level is Level.WARNING for p in self.problems)


def read_rule(table: Any, context: Context, *, protect: bool) -> Read:
    """Read one `[[rule]]` or `[[protect]]` table, with all its mistakes."""
    if not isinstance(table, Mapping):
        return Read([Problem(f"a rule is a table of keys and values, not {table!r}; write [[rule]] above its keys")], None)
    problems = list(_problems(table, context, protect))
    wrong = {p.key for p in problems if p.level is Level.FAULT}
    if wrong & (NAMES - NOT_MATCHING):
        return Read(problems, None)
    values = {key: value for key, value in {**context.defaults, **table}.items() if key not in wrong}
    # Without a name or a kind a rule can still be tried.
    values.setdefault("id", "?")
    if protect:
        values.pop("kind", None)
    else:
        values.setdefault("kind", str(Kind.BOILERPLATE))
    try:
        rule = parse_rule(values, file=context.file, defaults={}, fragments=context.fragments, protect=protect, more_keys=context.more_keys)
    except RuleError as error:
        if not wrong:
            problems.append(Problem(error.problem.removeprefix(f"rule {error.rule!r}: "), error.key))
        return Read(problems, None)
    return Read(problems, rule)


def _problems(table: Mapping[str, Any], context: Context, protect: bool) -> Iterator[Problem]:
    keys = (*(PROTECT_KEYS if protect else RULE_KEYS), *context.more_keys)
    given = {**context.defaults, **table}
    if protect and "kind" in table:
        yield Problem("a protect rule has no kind: it keeps what it matches; leave kind out, or write [[rule]]", "kind")
        table = {key: value for key, value in table.items() if key != "kind"}
    # What stands in [defaults] is checked there; here it only fills what the rule lacks.
    own = {**{k.name: given[k.name] for k in keys if k.required and k.name in context.defaults}, **table}
    found = list(check_table(own, keys))
    yield from found
    unknown = {p.key for p in found if p.key not in NAMES}
    meant = {name for key in unknown for name in NAMES if repr(name) in did_you_mean(key, sorted(NAMES))}
    if not protect and "kind" not in given and "kind" not in meant:
        yield Problem(f'has no kind; write kind = "related", or another of {", ".join(Kind)}')
    wrong = {p.key for p in found} | meant
    yield from _check_what_it_looks_for(given, context, wrong)
    yield from _check_agreement(given, wrong)


def _check_what_it_looks_for(given: Mapping[str, Any], context: Context, wrong: set[str]) -> Iterator[Problem]:
    pattern, phrases = given.get("pattern"), given.get("phrases")
    if pattern and phrases:
        yield Problem("has both a pattern and phrases; keep one, or make two rules", "pattern")
    elif not pattern and not phrases and not wrong & {"pattern", "phrases"}:
        yield Problem('has neither phrases nor a pattern; write phrases = ["Also read"] or pattern = \'…\' with keywords')
    elif isinstance(pattern, str) and not given.get("keywords") and "keywords" not in wrong:
        yield Problem('a pattern needs keywords: write keywords = ["word"], words of which one is in every block that it matches', "pattern")
    for key in ("pattern", "keywords"):
        value = given.get(key, "")
        for number, text in enumerate(value if isinstance(value, list) else [value]):
            for name in FRAGMENT_REFERENCE.findall(text) if isinstance(text, str) else ():
                if name not in context.fragments:
                    hint = did_you_mean(name, list(context.fragments)).strip() or f"those there are: {', '.join(sorted(context.fragments))}"
                    yield Problem(f"unknown fragment <<{name}>>; {hint}", key, number if isinstance(value, list) else -1)


def _check_agreement(given: Mapping[str, Any], wrong: set[str]) -> Iterator[Problem]:
    """Keys that mean nothing without another."""
    scope = given.get("scope", Scope.BLOCK)
    if "replace" in given and scope != Scope.SPAN and "scope" not in wrong:
        yield Problem('replace is for scope = "span" alone: write that too, or leave replace out', "replace")
    if "until" in given and scope != Scope.LABEL and "scope" not in wrong:
        yield Problem('until is for scope = "label" alone: write that too, or leave until out', "until")
    if scope == Scope.THREAD and given.get("kind") != Kind.COMMENTS and not wrong & {"scope", "kind"}:
        yield Problem('scope = "thread" is for readers\' comments: write kind = "comments", or another scope', "scope")
    if "match" in given and given.get("pattern") and "match" not in wrong:
        yield Problem("match is for phrases; a pattern says with ^ and $ where it stands: leave match out", "match", level=Level.WARNING)
    langs = given.get("lang", "*")
    for number, lang in enumerate(langs if isinstance(langs, list) else [langs]):
        if isinstance(lang, str) and lang.strip() and not LANGUAGE.fullmatch(lang):
            place = number if isinstance(langs, list) else -1
            yield Problem(f'lang = {lang!r} is no language code; write two small letters, "en", or "*" for all languages', "lang", place)
