"""Every error this package raises on purpose. All are `CleanerError`s, each says what to do instead."""

from __future__ import annotations


class CleanerError(Exception):
    """The base of the documented errors: one readable line, fit to be shown to a user as it is."""


class InputError(CleanerError):
    """The input cannot be cleaned at all: wrong type, unreadable file, too large."""


class OptionError(CleanerError):
    """An option has a value that is not one of those allowed."""


class PatternError(CleanerError):
    """A pattern is no regular expression; the message says why and where."""


class RuleError(CleanerError):
    """A rule file does not say what it must.

    `file` and `line` (1-based, or None where the fault has no single line) name the place; `key` is the key at
    fault and `rule` the id of the rule that it stands in, "" where there is none.
    """

    def __init__(self, problem: str, *, file: str, line: int | None = None, key: str = "", rule: str = "") -> None:
        self.problem = problem
        self.file = file
        self.line = line
        self.key = key
        self.rule = rule
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {problem}")
