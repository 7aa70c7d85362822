"""Every mistake in how a file of common rules, or of word lists, is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cleaner.authoring.finding import Problem, Spot, subject
from cleaner.authoring.rule_form import Context, read_rule
from cleaner.authoring.table_check import check_table
from cleaner.keys import did_you_mean
from cleaner.rule import DEFAULTS_KEYS, Rule
from cleaner.site_keys import TABLES as SITE_TABLES

TABLES = ("defaults", "rule", "protect")


class Written(NamedTuple):
    """A rule that can be tried, and where it is written. `good` says that cleaning uses it."""

    rule: Rule
    table: str
    number: int
    good: bool


class Form(NamedTuple):
    """What the form of a file gives: its rules and its mistakes."""

    rules: list[Written]
    spots: list[Spot]


def check_rule_file(data: Mapping[str, Any], file: str, fragments: Mapping[str, Sequence[str]]) -> Form:
    """Look through a file of common rules."""
    spots = list(check_table_names(data, TABLES, single=("defaults",)))
    defaults = data.get("defaults", {})
    if not isinstance(defaults, dict):
        defaults = {}
    problems = list(check_table(defaults, DEFAULTS_KEYS, complete=False))
    spots += [Spot("defaults", 0, "[defaults]", p) for p in problems]
    sound = {key: value for key, value in defaults.items() if key not in {p.key for p in problems}}
    rules = read_tables(data, Context(file, sound, fragments), spots)
    if problems:  # then nobody knows what any of the rules is meant to be
        rules = [written._replace(good=False) for written in rules]
    return Form(rules, spots)


def read_tables(data: Mapping[str, Any], context: Context, spots: list[Spot]) -> list[Written]:
    """A file's `[[rule]]` and `[[protect]]` tables that can be tried; what is wrong goes to `spots`."""
    rules: list[Written] = []
    for table in ("rule", "protect"):
        for number, values in enumerate(entries(data, table)):
            read = read_rule(values, context, protect=table == "protect")
            spots += [Spot(table, number, subject(table, values), p) for p in read.problems]
            if read.rule is not None:
                again = any(w.good and w.rule.id == read.rule.id for w in rules)
                rules.append(Written(read.rule, table, number, read.good and not again))
    return rules


def entries(data: Mapping[str, Any], table: str) -> list[Any]:
    """The tables named `table`; none where they are not written with two brackets."""
    found = data.get(table, [])
    return found if isinstance(found, list) else []


def check_table_names(data: Mapping[str, Any], names: Sequence[str], single: Sequence[str]) -> Iterator[Spot]:
    """What a file has at its top that is none of its tables, or not in their form."""
    written = [f"[{name}]" if name in single else f"[[{name}]]" for name in names]
    for name, value in data.items():
        if name not in names:
            hint = did_you_mean(name, list(names)).strip() or f"the tables are {', '.join(written)}"
            if name in SITE_TABLES and "defaults" in names:
                hint = "only a site's file has it: put the file into a folder sites/ of your rules folder"
            if not isinstance(value, (dict, list)) or (isinstance(value, list) and not all(isinstance(v, dict) for v in value)):
                hint = f"write it under the table that it belongs to: {', '.join(written)}"
                yield Spot("", 0, "", Problem(f"the key {name!r} stands above all tables; {hint}", name))
            else:
                yield Spot(name, 0, "", Problem(f"unknown table {name!r}; {hint}"))
        elif name in single and not isinstance(value, dict):
            yield Spot(*_where(name, value), "", Problem(f"{name!r} is written once, as [{name}] with its keys below", name))
        elif name not in single and not isinstance(value, list):
            yield Spot(*_where(name, value), "", Problem(f"[{name}] must be written [[{name}]], once for each", name))


def _where(name: str, value: object) -> tuple[str, int]:
    return (name, 0) if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)) else ("", 0)


def check_fragments(data: Mapping[str, Any]) -> Iterator[Spot]:
    """What is wrong with word lists."""
    for name, words in data.items():
        if isinstance(words, dict):
            yield Spot(name, 0, "", Problem(f"word lists stand in no table: leave out [{name}]"))
        elif not isinstance(words, list) or not words:
            yield Spot("", 0, "", Problem(f'{name} must be a list of words; write {name} = ["one", "two"]', name))
        else:
            for number, word in enumerate(words):
                if not isinstance(word, str) or not word.strip():
                    yield Spot("", 0, "", Problem(f"{name} holds {word!r}, which is no word; write it in quotes, or leave it out", name, number))


def sound_fragments(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The word lists without what is wrong with them."""
    return {name: [w for w in words if isinstance(w, str) and w] for name, words in data.items() if isinstance(words, list)}

