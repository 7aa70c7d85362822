"""Where things stand in a TOML text: the lines and columns that `tomllib` does not give."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
STRING = re.compile(
    r"\"\"\"(?:[^\\\"]|\\.|\"(?!\"\"))*\"{3,5}|'''(?:[^']|'(?!''))*'{3,5}|\"(?:[^\\\"\n]|\\.)*\"|'[^'\n]*'", re.DOTALL
)
NAME = re.compile(r"[A-Za-z0-9_-]+")
BARE = re.compile(r"[^\s,\[\]{}#=\"']+(?: \d\d:[^\s,\]}]+)?")
HEADER = re.compile(r"\[\[?")


class Place(NamedTuple):
    """A line and a column of a text, both from 1."""

    line: int
    column: int


TOP = Place(1, 1)


@dataclass
class TablePlace:
    """Where a table's header, its keys, and the items of keys that hold lists stand."""

    header: Place
    keys: dict[str, Place] = field(default_factory=dict)
    items: dict[str, list[Place]] = field(default_factory=dict)

    def of(self, key: str = "", item: int = -1) -> Place:
        """Where item number `item` of `key` stands; else the key; else the header."""
        items = self.items.get(key, [])
        return items[item] if 0 <= item < len(items) else self.keys.get(key, self.header)


def find_places(toml: str) -> dict[tuple[str, int], TablePlace]:
    """Where each table stands: by name ("" for the keys above all tables) and by number, from 0, among its like.

    The text is taken to be valid TOML; of one that is not, what was found before the fault is given.

    >>> places = find_places('[[rule]]\\nid = "a"\\n\\n[[rule]]\\nhit = ["x",\\n  "y"]\\n')
    >>> places["rule", 1].header, places["rule", 1].of("hit", 1)
    (Place(line=4, column=1), Place(line=6, column=3))
    """
    found = {("", 0): TablePlace(TOP)}
    try:
        _Reader(toml).read(found)
    except _NotToml:
        pass
    return found


def place_at(text: str, offset: int) -> Place:
    """The place of a character.

    >>> place_at("ab\\ncd", 4)
    Place(line=2, column=2)
    """
    return Place(text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1)


class _NotToml(Exception):
    pass


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]

    def read(self, found: dict[tuple[str, int], TablePlace]) -> None:
        table = found["", 0]
        while self._skip():
            place = self._place()
            if self.text[self.at] == "[":
                self._take(HEADER)
                name = ".".join(self._names())
                self._take(re.compile(r"\]\]?"))
                number = sum(1 for other, _ in found if other == name)
                table = found[name, number] = TablePlace(place)
            else:
                key = next(iter(self._names()))
                self._skip()
                self._take(re.compile("="))
                table.keys.setdefault(key, place)
                items = self._value()
                if items:
                    table.items.setdefault(key, items)

    def _names(self) -> list[str]:
        names = [self._name()]
        while self._skip() and self.text[self.at] == ".":
            self.at += 1
            names.append(self._name())
        return names

    def _name(self) -> str:
        self._skip()
        if self.text[self.at : self.at + 1] in ("'", '"'):
            return self._take(STRING)[1:-1]
        return self._take(NAME)

    def _value(self) -> list[Place]:
        """Move past a value; gives where the items of a list stand."""
        self._skip()
        opening = self.text[self.at : self.at + 1]
        if opening not in ("[", "{"):
            self._take(STRING if opening in ("'", '"') else BARE)
            return []
        self.at += 1
        items = []
        for place in self._items("]" if opening == "[" else "}"):
            items.append(place)
        return items if opening == "[" else []

    def _items(self, closing: str) -> Iterator[Place]:
        while True:
            if not self._skip():
                raise _NotToml
            here = self.text[self.at]
            if here == closing:
                self.at += 1
                return
            if here == ",":
                self.at += 1
                continue
            yield self._place()
            if closing == "}":
                self._names()
                self._skip()
                self._take(re.compile("="))
            self._value()

    def _skip(self) -> bool:
        """Move past white space and comments; whether anything follows."""
        found = SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at < len(self.text)

    def _take(self, what: re.Pattern[str]) -> str:
        found = what.match(self.text, self.at)
        if not found:
            raise _NotToml
        self.at = found.end()
        return found[0]

    def _place(self) -> Place:
        line = bisect_right(self.starts, self.at)
        return Place(line, self.at - self.starts[line - 1] + 1)
