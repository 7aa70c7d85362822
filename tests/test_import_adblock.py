"""Cosmetic rules of blockers as site files, with invented lists."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

pytest.importorskip("tomlkit")

from cleaner.authoring.import_adblock import adblock_lists, import_adblock
from cleaner.authoring.import_report import Fate, report
from cleaner.site import parse_site

LIST = """[Adblock Plus 2.0]
! an invented list
lomvik.example,dorland.example##.promo
lomvik.example##.share
lomvik.example#?#p:has-text(Share (now)):upward(2)
lomvik.example#?#p:has-text(Share this)
lomvik.example#?#li:has-text(/^Ad\\b/i):upward(1)
lomvik.example#?#div:-abp-has(> .ad)
lomvik.example##.x:upward(.y)
lomvik.example##.x:xpath(//p)
lomvik.example##+js(abort, x)
lomvik.example#$#.x { color: red }
lomvik.example##..bad
dorland.example#@#.share
dorland.example##.share
lomvik.*##.star
~news.dorland.example,dorland.example##.mid
##.banner
||ads.example^$third-party
"""


def test_cosmetic_rules_go_to_their_domains() -> None:
    found = {one.file: one for one in import_adblock([("mine.txt", LIST)])}
    assert tomllib.loads(found["lomvik.example"].toml) == {
        "site": {"source": "Cosmetic rules of mine.txt"},
        "html": {"remove": [".promo", ".share", "div:has(> .ad)"]},
        "remove": [
            {"select": "p", "contains": "Share this"},
            {"select": "li", "pattern": "^Ad\\b", "up": 1},
        ],
    }
    assert tomllib.loads(found["dorland.example"].toml)["html"] == {"remove": [".promo"]}
    for one in found.values():
        if one.toml:
            parse_site(one.toml, file=one.path, fragments={})
    assert found["lomvik.*"].toml == ""
    reasons = {o.value: (o.fate, o.reason) for one in found.values() for o in one.outcomes if o.reason}
    assert reasons["dorland.example##.share"] == (Fate.FOREIGN, "an exception, kept out")
    assert reasons["##.banner"] == (Fate.FOREIGN, "for all sites")
    assert reasons["dorland.example##.mid"] == (Fate.LOST, "not on some subdomains")
    assert reasons["lomvik.example##.x:upward(.y)"][0] is Fate.LOST
    assert reasons["lomvik.example##..bad"] == (Fate.LOST, "a selector or pattern that cannot be read here")


def test_a_selector_excepted_everywhere_is_kept_out() -> None:
    found = import_adblock([("a.txt", "lomvik.example##.share"), ("b.txt", "#@#.share")])
    assert [one.toml for one in found] == ["", ""]
    assert report(found)["expressions by fate"]["not carried over"] == 0


def test_lists_are_read_from_a_folder_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("x.example##p", encoding="utf-8")
    (tmp_path / "a.txt").write_text("x.example##b", encoding="utf-8")
    assert [name for name, _ in adblock_lists(tmp_path)] == ["a.txt", "b.txt"]
    assert adblock_lists(tmp_path / "b.txt") == [("b.txt", "x.example##p")]
