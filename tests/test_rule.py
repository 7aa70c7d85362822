"""A rule is checked when it is read, and its phrases become a pattern."""

from __future__ import annotations

from typing import Any

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import RuleError
from cleaner.kinds import Kind, PhraseMatch, Scope, Strength, Where
from cleaner.rule import Rule, expand, fold, is_unspaced, parse_rule, phrase_pattern

FRAGMENTS = {"months": ["Mai", "Juni"], "agencies": ["Nordbote", "N.B."]}
GOOD = {"id": "de-more", "kind": "related", "phrases": ["Mehr dazu"], "hit": ["Mehr dazu"], "miss": ["Er weiß mehr."]}
WITH_PATTERN = {**GOOD, "pattern": r"\d+ Leser", "keywords": ["Leser"]}
del WITH_PATTERN["phrases"]


def read(table: dict[str, Any], *, protect: bool = False, **changes: Any) -> Rule:
    values = {key: value for key, value in {**table, **changes}.items() if value is not None}
    return parse_rule(values, file="de.toml", defaults={}, fragments=FRAGMENTS, protect=protect)


def test_a_rule_has_what_its_table_says() -> None:
    rule = read(
        WITH_PATTERN, lang=["de", "nl"], scope="span", where="tail", strength="likely", max_words=9, case=True, replace="x", why="Because."
    )
    assert (rule.id, rule.kind, rule.scope, rule.where, rule.strength) == ("de-more", Kind.RELATED, Scope.SPAN, Where.TAIL, Strength.LIKELY)
    assert (rule.langs, rule.max_words, rule.case, rule.replace, rule.why) == ({"de", "nl"}, 9, True, "x", "Because.")
    assert (rule.pattern, rule.keywords, rule.hit, rule.file) == (r"\d+ Leser", ("leser",), ("Mehr dazu",), "de.toml")


def test_what_a_table_leaves_out_is_the_common_case() -> None:
    rule = read(GOOD)
    assert (rule.scope, rule.where, rule.strength, rule.match) == (Scope.BLOCK, Where.ANYWHERE, Strength.SURE, PhraseMatch.WHOLE)
    assert (rule.langs, rule.max_words, rule.case, rule.protects) == ({"*"}, 0, False, False)


def test_defaults_fill_what_the_rule_does_not_say() -> None:
    rule = parse_rule({**GOOD, "scope": "span"}, file="f", defaults={"lang": "de", "scope": "rest"}, fragments={})
    assert (rule.langs, rule.scope) == ({"de"}, Scope.SPAN)


def test_a_string_is_a_list_of_one() -> None:
    assert read(GOOD, phrases="Mehr dazu", hit="a", miss="b").hit == ("a",)


def test_a_protect_rule_has_no_kind() -> None:
    rule = read(GOOD, protect=True, kind=None)
    assert rule.protects
    assert rule.kind is None


def test_phrases_are_their_own_keywords() -> None:
    assert read(GOOD, phrases=["Mehr  DAZU", "İlgili"]).keywords == ("mehr dazu", "ilgili")
    assert read(GOOD, keywords=["^Mehr"]).keywords == ("^mehr",)


def test_a_keyword_may_be_a_fragment() -> None:
    assert read(WITH_PATTERN, keywords=["Leser", "<<agencies>>"]).keywords == ("leser", "nordbote", "n.b.")


@pytest.mark.parametrize(
    ("table", "changes", "message"),
    [
        (GOOD, {"patern": "x"}, r"rule 'de-more': unknown key 'patern'; did you mean 'pattern'\? the keys are case, hit, id"),
        (GOOD, {"id": None}, r"rule '\?': has no id; write id = "),
        (GOOD, {"id": ""}, r"has no id"),
        (GOOD, {"id": 3}, r"has no id"),
        (GOOD, {"kind": None}, r"has no kind; one of legal, related"),
        (GOOD, {"hit": None}, r"needs at least one hit and one miss"),
        (GOOD, {"miss": []}, r"needs at least one hit and one miss"),
        (GOOD, {"pattern": "x"}, r"needs either a pattern or phrases, not both"),
        (GOOD, {"phrases": None}, r"needs either a pattern or phrases, not both"),
        (WITH_PATTERN, {"pattern": 3}, r"pattern must be a string"),
        (WITH_PATTERN, {"keywords": None}, r"a pattern needs keywords: words of which one must occur"),
        (WITH_PATTERN, {"pattern": "<<moons>> <<months>>"}, r"unknown fragment <<moons>>; those in fragments.toml are agencies, months"),
        (GOOD, {"kind": "advert"}, r"kind = 'advert' is not one of legal, related"),
        (GOOD, {"scope": "page"}, r"scope = 'page' is not one of block, span, rest, label"),
        (GOOD, {"where": []}, r"where = \[\] is not one of anywhere, head, tail, after_body"),
        (GOOD, {"strength": 1}, r"strength = 1 is not one of sure, likely"),
        (GOOD, {"match": "middle"}, r"match = 'middle' is not one of whole, start, end, contains"),
        (GOOD, {"max_words": "9"}, r"max_words must be of type int, not '9'"),
        (GOOD, {"max_words": True}, r"max_words must be of type int, not True"),
        (GOOD, {"case": 1}, r"case must be of type bool, not 1"),
        (GOOD, {"why": ["x"]}, r"why must be of type str, not \['x'\]"),
        (GOOD, {"hit": 3}, r"hit must be a string or a list of strings, none empty"),
        (GOOD, {"phrases": ["a", ""]}, r"phrases must be a string or a list of strings, none empty"),
        (GOOD, {"lang": [1]}, r"lang must be a string or a list of strings, none empty"),
    ],
)
def test_a_fault_is_named_with_what_to_write_instead(table: dict[str, Any], changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match=message) as caught:
        read(table, **changes)
    assert caught.value.file == "de.toml"
    assert str(caught.value).startswith("de.toml: rule ")


def test_a_protect_rule_with_a_kind_is_a_fault() -> None:
    with pytest.raises(RuleError, match="a protect rule has no kind"):
        read(GOOD, protect=True)


@given(st.text(st.characters()))
def test_fold_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_fold_lowers_and_makes_spaces_plain() -> None:
    assert fold("İLKE\u00a0Haber\u202fÉTÉ") == "ilke haber été"


def test_expand_puts_the_longest_alternative_first_and_escapes() -> None:
    assert expand("<<months>> (<<agencies>>)", FRAGMENTS) == r"(?:Juni|Mai) ((?:Nordbote|N\.B\.))"
    assert expand("no fragment", FRAGMENTS) == "no fragment"


@pytest.mark.parametrize(
    ("match", "hits", "misses"),
    [
        (PhraseMatch.WHOLE, ["See also", "» SEE  ALSO :", "“See also”"], ["See also this", "We see also", "See alsop"]),
        (PhraseMatch.START, ["See also", "- see\nalso: the ferry"], ["We see also", "See alsop"]),
        (PhraseMatch.END, ["Now see also…", "See also"], ["See also this", "oversee also"]),
        (PhraseMatch.CONTAINS, ["Now see also this", "See also"], ["oversee also", "see alsop", "see it also"]),
    ],
)
def test_where_a_phrase_must_stand(match: PhraseMatch, hits: list[str], misses: list[str]) -> None:
    pattern = regex.compile(phrase_pattern(["See also"], match), regex.VERSION1 | regex.IGNORECASE)
    assert [text for text in hits if not pattern.search(text)] == []
    assert [text for text in misses if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("match", "hits", "misses"),
    [
        (PhraseMatch.WHOLE, ["相关阅读", "【相关阅读】"], ["相关阅读材料"]),
        (PhraseMatch.START, ["相关阅读旧桥"], ["请看相关阅读"]),
        (PhraseMatch.END, ["请看相关阅读"], ["相关阅读旧桥"]),
        (PhraseMatch.CONTAINS, ["请看相关阅读旧桥"], ["相关的阅读"]),
    ],
)
def test_chinese_phrases_ask_for_no_word_edge(match: PhraseMatch, hits: list[str], misses: list[str]) -> None:
    pattern = regex.compile(phrase_pattern(["相关阅读"], match), regex.VERSION1)
    assert [text for text in hits if not pattern.search(text)] == []
    assert [text for text in misses if pattern.search(text)] == []


def test_phrases_are_literal_and_the_longest_wins() -> None:
    pattern = regex.compile(phrase_pattern(["a.b", "a.b (c)"], PhraseMatch.CONTAINS))
    assert pattern.search("axb") is None
    assert pattern.search("x a.b (c)").group() == "a.b (c)"


def test_scripts_without_spaces() -> None:
    assert [c for c in "訂ひカกມက" if not is_unspaced(c)] == []
    assert [c for c in "aé한яع 1." if is_unspaced(c)] == []
