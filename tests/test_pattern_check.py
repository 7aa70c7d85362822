"""Patterns are split where they branch, and tried on long texts as real blocks could be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.authoring.pattern_check import LONG_BLOCK, check_pattern, hard_inputs, split_alternatives
from cleaner.authoring.rule_trial import too_long
from cleaner.rule import Rule, parse_rule


def rule(pattern: str, max_words: int = 0, hit: str = "Ferry 3") -> Rule:
    table = {"id": "en-a", "kind": "ad", "pattern": pattern, "keywords": "ferry", "max_words": max_words, "hit": hit, "miss": "A ferry."}
    return parse_rule(table, file="en.toml", defaults={}, fragments={})


@pytest.mark.parametrize(
    ("pattern", "branches"),
    [
        ("a", ["a"]),
        ("a|b|", ["a", "b", ""]),
        ("(a|b)c|d", ["(a|b)c", "d"]),
        (r"[|(]|\|\(|[[a|b]--[b]]", ["[|(]", r"\|\(", "[[a|b]--[b]]"]),
    ],
)
def test_alternatives_outside_of_groups(pattern: str, branches: list[str]) -> None:
    assert split_alternatives(pattern) == branches


@given(st.text(alphabet="ab|()[]\\^$"))
def test_nothing_is_lost_in_splitting(pattern: str) -> None:
    assert "|".join(split_alternatives(pattern)) == pattern


@pytest.mark.parametrize("pattern", ["^ferry|^boat", "ferry$|boat$", "^(?:ferry|boat)$", "^ferry$|^boat$", "ferry|boat", r"^ferry|boat\$|x$|^y", "(?:^|x)ferry|boat"])
def test_anchors_that_are_meant(pattern: str) -> None:
    assert list(check_pattern(rule(pattern))) == []


@pytest.mark.parametrize("pattern", [r"^ferry \d+$", r"^(?:\w+\s){1,8}ferry$", r"^[^:]{1,40}: ferry"])
def test_plain_patterns_are_fast(pattern: str) -> None:
    assert list(check_pattern(rule(pattern))) == []


def test_a_slow_pattern_is_told_with_what_it_is_slow_on() -> None:
    slow = [p.text for p in check_pattern(rule(r"^\w*[a-z]*\w*[a-z]*: ferry$", hit="Late: ferry"))]
    assert len(slow) == 1
    assert "times 'a' " in slow[0]


def test_a_limit_of_words_keeps_a_pattern_from_long_texts() -> None:
    assert list(check_pattern(rule(r"^\w*[a-z]*\w*[a-z]*: ferry$", max_words=3, hit="Late: ferry"))) == []


@given(st.integers(2, 40), st.text(alphabet="aB1 .", min_size=1, max_size=20).filter(str.strip))
def test_inputs_are_such_as_the_rule_is_tried_on(max_words: int, hit: str) -> None:
    limited = rule("a", max_words, hit)
    texts = [text for text, _ in hard_inputs(limited)]
    assert texts == [text for text, _ in hard_inputs(limited)]
    assert all(not too_long(limited, text) for text in texts) or too_long(limited, hit)
    assert all(len(text) <= LONG_BLOCK for text, _ in hard_inputs(rule("a", 0, hit)))
