"""The keys of a table in a rule file: declared once, read with errors that say what to write instead."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, TypeVar

from cleaner.errors import RuleError

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T", int, bool, str)


class Form(StrEnum):
    """What a key's value looks like in TOML."""

    STRING = "string"
    STRINGS = "strings"  # a string or a list of strings, none empty
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True)
class Key:
    """A key that a table may have. `choices` are the values allowed, None for any; `doc` is a line for the reader."""

    name: str
    form: Form
    doc: str
    choices: type[StrEnum] | None = None
    required: bool = False


class Fail(Protocol):
    """Makes the error for a problem with a key, with the place it stands in."""

    def __call__(self, problem: str, key: str = "") -> RuleError: ...


class Period(NamedTuple):
    """From and until when something holds, both days included; None is open."""

    since: datetime.date | None = None
    until: datetime.date | None = None

    def holds(self, date: datetime.date | None) -> bool:
        """Whether it holds on that day; on an unknown day it does.

        >>> Period(datetime.date(2024, 1, 1)).holds(datetime.date(2023, 12, 31)), Period().holds(None)
        (False, True)
        """
        return date is None or ((self.since is None or self.since <= date) and (self.until is None or date <= self.until))


ALWAYS = Period()
PERIOD_KEYS = (
    Key("valid_from", Form.DATE, "The first day of the articles that this is meant for, as a TOML date."),
    Key("valid_until", Form.DATE, "The last day of the articles that this is meant for, as a TOML date."),
)


class Table(NamedTuple):
    """One table's values as TOML gave them, the keys it may have, and how to complain of them."""

    values: Mapping[str, Any]
    keys: Sequence[Key]
    fail: Fail

    def check(self) -> None:
        """Raise RuleError for a key that the table cannot have, or lacks."""
        names = [key.name for key in self.keys]
        for name in sorted(set(self.values) - set(names)):
            raise self.fail(f"unknown key {name!r};{did_you_mean(name, names)} the keys are {', '.join(sorted(names))}", name)
        for key in self.keys:
            if key.required and key.name not in self.values:
                raise self.fail(f"has no {key.name}: {key.doc}", key.name)

    def strings(self, key: str) -> tuple[str, ...]:
        """A string or a list of them, as a tuple."""
        value = self.values.get(key, ())
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) and v for v in value):
            raise self.fail(f"{key} must be a string or a list of strings, none empty", key)
        return tuple(value)

    def typed(self, key: str, default: T) -> T:
        """A value of the default's type."""
        value = self.values.get(key, default)
        if type(value) is not type(default):
            raise self.fail(f"{key} must be of type {type(default).__name__}, not {value!r}", key)
        return value

    def choice(self, enum: type[E], key: str, default: E | None) -> E:
        """One of an enum's values."""
        value = self.values.get(key, default)
        try:
            return enum(value)
        except ValueError:
            close = did_you_mean(value, list(enum)) if isinstance(value, str) else ""
            raise self.fail(f"{key} = {value!r} is not one of {', '.join(enum)}{';' if close else ''}{close}", key) from None

    def period(self) -> Period:
        """What `valid_from` and `valid_until` say."""
        days = []
        for key in ("valid_from", "valid_until"):
            day = self.values.get(key)
            if isinstance(day, datetime.datetime):
                day = day.date()
            if day is not None and not isinstance(day, datetime.date):
                raise self.fail(f"{key} must be a date without quotes, {key} = 2024-01-31, not {day!r}", key)
            days.append(day)
        if days[0] and days[1] and days[1] < days[0]:
            raise self.fail("valid_until lies before valid_from", "valid_until")
        return Period(*days)


def did_you_mean(word: str, words: Sequence[str]) -> str:
    """A hint to the nearest of `words`, "" where none is near.

    >>> did_you_mean("patern", ["phrases", "pattern"])
    " did you mean 'pattern'?"
    """
    near = get_close_matches(word, words, 1)
    return f" did you mean {str(near[0])!r}?" if near else ""
