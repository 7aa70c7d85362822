"""Every shipped rule does what its own examples say."""

from __future__ import annotations

import pytest

from cleaner.match import find_matches, match_rule
from cleaner.rule import Rule
from cleaner.ruleset import RuleSet, read_folder, shipped_folder

RULES = read_folder(shipped_folder()).rules


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_hits_hit_and_misses_miss(rule: Rule) -> None:
    alone = RuleSet((rule,))
    for example in rule.hit:
        assert find_matches([example], alone).found, f"{rule.file}: {rule.id} should match {example!r} (keywords {rule.keywords[:5]})"
    for example in rule.miss:
        assert not find_matches([example], alone).found, f"{rule.file}: {rule.id} should leave alone {example!r}"


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_no_rule_matches_nothing(rule: Rule) -> None:
    assert not match_rule(rule, 0, ""), f"{rule.file}: {rule.id} matches the empty string"


def test_no_miss_is_removed_by_another_rule() -> None:
    whole = RuleSet(tuple(r for r in RULES if not r.protects and not r.replace))
    for rule in RULES:
        if rule.protects:
            continue
        for example in rule.miss:
            lang = next(iter(sorted(rule.langs)))
            others = {m.rule.id for m in find_matches([example], whole, lang="" if lang == "*" else lang).found if m.rule.scope != "span"}
            assert not others, f"{rule.file}: a miss of {rule.id} is matched by {sorted(others)}: {example!r}"
