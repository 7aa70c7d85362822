"""What a site's file changes on a page, line by line and in sums."""

from __future__ import annotations

import cleaner
from cleaner.authoring.site_trial import Totals, difference
from cleaner.ruleset import shipped
from cleaner.site import parse_site

TEXT = """The council puts off the bridge

On Tuesday the town council in Lomvik put off the plan for a new bridge, because the costs had doubled within a year.

Tell a friend in Tesk about this

Residents had asked for more time, and the county court will hear their complaint in the spring, said the mayor.

Also read

The museum in Skarn was closed for two years after a storm, and it opens again in the first week of summer, it said.
"""
FILE = r"""
[site]
off = ["en-also-read-label"]

[[rule]]
id = "friend"
kind = "widget"
phrases = ["Tell a friend in Tesk about this"]
hit = ["Tell a friend in Tesk about this"]
miss = ["Tell a friend in Tesk."]

[[rule]]
id = "idle"
kind = "widget"
phrases = ["Print this page for your scrapbook"]
hit = ["Print this page for your scrapbook"]
miss = ["Print this."]
"""


def test_lines_are_told_with_the_rule_that_decided() -> None:
    site = parse_site(FILE, file="lomvik-herald.example.toml", fragments={})
    without = cleaner.clean_text(TEXT)
    found = difference(without, cleaner.clean_text(TEXT, rules=shipped().with_site(site)))
    assert [(c.text, c.rule) for c in found.removed] == [("Tell a friend in Tesk about this", "friend")]
    totals = Totals(site)
    totals.add(found)
    assert "friend" in found.fired
    assert totals.never() == ["idle"]
    assert totals.lines()[-1] == "never fired: idle"
    assert sum(totals.removed.values()) == sum(c.words for c in found.removed)


def test_nothing_changes_without_rules() -> None:
    site = parse_site("", file="lomvik-herald.example.toml", fragments={})
    found = difference(cleaner.clean_text(TEXT), cleaner.clean_text(TEXT, rules=shipped().with_site(site)))
    assert (found.removed, found.kept) == ((), ())
    totals = Totals(site)
    totals.add(found)
    assert totals.lines() == ["1 page, 0 changed: 0 words more removed, 0 more kept"]
