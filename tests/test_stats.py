"""The counts of rules are those of the pipeline itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.authoring.gold import Label, Row
from cleaner.authoring.stats import RuleStats
from cleaner.ruleset import RuleSet, read_rules

RULES = """
[defaults]
lang = "*"

[[rule]]
id = "test-ad"
kind = "ad"
phrases = ["Advertisement"]
hit = ["Advertisement"]
miss = ["The advertisement was late."]

[[rule]]
id = "test-ribbon"
kind = "widget"
pattern = '^ribbon wire: .{3,40}$'
keywords = ["ribbon"]
hit = ["Ribbon wire: burns"]
miss = ["The ribbon burned."]

[[rule]]
id = "test-dead"
kind = "widget"
pattern = '^never said$'
keywords = ["never said"]
hit = ["never said"]
miss = ["It was never said."]
"""
FIRST = "The bridge over the Skel opened on Monday, two years later than the council had promised, when the ribbon caught fire."
SECOND = "Mayor Ines Hollund, who had held the scissors, said that nobody was hurt and that the bridge itself had not burned at all."
TEXT = f"{FIRST}\n\nAdvertisement\n\n{SECOND}\n\nRibbon wire: it burns\n\nAdvertisement"


@pytest.fixture
def stats() -> RuleStats:
    rules = RuleSet(tuple(read_rules(RULES, file=str(Path("test.toml")), fragments={})))
    return RuleStats(rules)


def test_matches_removals_and_tries_are_counted(stats: RuleStats) -> None:
    labels = [Label.BODY, Label.JUNK, Label.BODY, Label.BODY, Label.UNSURE]
    stats.add(Row("one", TEXT, False, lambda _: labels))
    stats.add(Row("two", SECOND, False, None))
    ribbon, ad = stats.ordered()
    assert (ad.rule, ad.documents, ad.blocks, ad.words) == ("test-ad", 1, 2, 2)
    assert (ad.tries, ad.hits, ad.wasted, ad.body_share) == (0, 0, 0, 0.0)
    assert (ribbon.rule, ribbon.words, ribbon.body_share, ribbon.matched_body_share) == ("test-ribbon", 4, 1.0, 1.0)
    assert (ribbon.tries, ribbon.hits, ribbon.wasted) == (2, 1, 1)
    assert [c.rule for c in stats.too_sure()] == ["test-ribbon"]
    assert [c.rule for c in stats.dead()] == ["test-dead"]
    assert stats.documents == 2


def test_without_gold_there_are_no_shares(stats: RuleStats) -> None:
    stats.add(Row("one", TEXT.encode(), None, None))
    ribbon = stats.ordered()[0]
    assert (ribbon.words, ribbon.body_share, ribbon.matched_body_share) == (4, None, None)
    assert ribbon.to_dict()["wasted"] == 1


def test_a_page_is_read_as_a_page(stats: RuleStats) -> None:
    page = f"<html><body><article><p>{FIRST}</p><p>{SECOND}</p><p>Advertisement</p></article></body></html>"
    stats.add(Row("page", page, None, lambda document: [Label.JUNK] * len(document.blocks)))
    (ad,) = stats.ordered()
    assert (ad.words, ad.junk) == (1, 1)


def test_an_empty_document_is_counted(stats: RuleStats) -> None:
    stats.add(Row("none", "", False, None))
    assert (stats.documents, stats.ordered()) == (1, [])
