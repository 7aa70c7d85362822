"""Tables, keys and list items of a TOML text are found at their line and column."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.authoring.rule_places import Place, find_places, place_at
from cleaner.ruleset import shipped_folder

TOML = '''# remark = "[[rule]]"
top = 1

[site]
hosts = ["a", # one
  'b"]', """c
[[rule]]
""", """d""""]
"quoted key" = { x = [1, 2], y = "}" }
day = 2024-01-01

  [[rule]] # first
  id = "[[rule]]"
  hit = [ [1], ["x"], ]
[[rule]]
why = \'\'\'
[[rule]]
id = "no"\'\'\'
id = 'x' # id = 3
a.b = 4
'''


def test_everything_is_found() -> None:
    places = find_places(TOML)
    assert sorted(places) == [("", 0), ("rule", 0), ("rule", 1), ("site", 0)]
    assert places["", 0].of("top") == Place(2, 1)
    assert places["site", 0].header == Place(4, 1)
    assert [places["site", 0].of("hosts", n) for n in range(4)] == [Place(5, 10), Place(6, 3), Place(6, 10), Place(8, 6)]
    assert places["site", 0].of("quoted key") == Place(9, 1)
    assert places["rule", 0].header == Place(12, 3)
    assert places["rule", 0].of("id") == Place(13, 3)
    assert places["rule", 1].keys == {"why": Place(16, 1), "id": Place(19, 1), "a": Place(20, 1)}


def test_what_is_not_there_is_at_the_nearest_place_that_is() -> None:
    places = find_places(TOML)
    assert places["site", 0].of("hosts", 9) == Place(5, 1)
    assert places["site", 0].of("lang") == Place(4, 1)


def test_a_broken_text_gives_what_stands_before_the_fault() -> None:
    assert list(find_places('[site]\na = "x"\n[[rule\n')) == [("", 0), ("site", 0)]
    assert list(find_places('[site]\na = [1, ')) == [("", 0), ("site", 0)]


@pytest.mark.parametrize("path", sorted(shipped_folder().rglob("*.toml"))[:3], ids=lambda p: p.name)
def test_shipped_files_are_read_as_toml_reads_them(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    places = find_places(text)
    for name, tables in tomllib.loads(text).items():
        for number, table in enumerate(tables if isinstance(tables, list) and isinstance(tables[0], dict) else ()):
            assert set(places[name, number].keys) == set(table)
            assert {k: len(v) for k, v in places[name, number].items.items()} == {k: len(v) for k, v in table.items() if isinstance(v, list)}


@given(st.text(alphabet="[]{}='\"#a\n ,."))
def test_no_text_is_too_odd(text: str) -> None:
    assert ("", 0) in find_places(text)


@given(st.text(alphabet="ab\n"), st.data())
def test_a_place_is_where_the_character_is(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    line, column = place_at(text, at)
    assert sum(len(row) + 1 for row in text.split("\n")[: line - 1]) + column - 1 == at
