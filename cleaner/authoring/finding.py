"""What a check of rule files found, and how it is told."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from cleaner.authoring.rule_places import Place


class Level(StrEnum):
    """A fault must be mended: the rule or the file is not used, or does what it should not. A warning may be meant."""

    FAULT = "fault"
    WARNING = "warning"


class Finding(NamedTuple):
    """Something wrong at a place of a file. `subject` is what it is about: `rule 'en-more'`, or "" for the whole file."""

    file: str
    place: Place
    problem: str
    subject: str = ""
    level: Level = Level.FAULT

    def __str__(self) -> str:
        level = "warning: " if self.level is Level.WARNING else ""
        subject = f"{self.subject}: " if self.subject else ""
        return f"{self.file}:{self.place.line}:{self.place.column}: {level}{subject}{self.problem}"


class Problem(NamedTuple):
    """Something wrong with one table of a file: with its `key`, and there with list item number `item`; "" and -1
    where it is the whole table or the whole value."""

    text: str
    key: str = ""
    item: int = -1
    level: Level = Level.FAULT


class Spot(NamedTuple):
    """A problem with table number `number`, from 0, of those named `table` in a file. `subject` is as in Finding."""

    table: str
    number: int
    subject: str
    problem: Problem


def subject(table: str, values: object, single: bool = False) -> str:
    """What a message calls a table: a rule by its id.

    >>> subject("rule", {"id": "en-more"}), subject("remove", {}), subject("html", {}, single=True)
    ("rule 'en-more'", '[[remove]]', '[html]')
    """
    name = values.get("name" if table == "test" else "id") if isinstance(values, dict) else None
    if isinstance(name, str) and name:
        return f"{'rule' if table == 'protect' else table} {name!r}"
    return f"[{table}]" if single or not table else f"[[{table}]]"
