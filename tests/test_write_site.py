"""A draft is written as TOML that says the same, whatever characters it holds."""

from __future__ import annotations

import re
import tomllib

from hypothesis import given
from hypothesis import strategies as st
from invented_sites import articles

from cleaner.authoring.learn import Page, learn
from cleaner.authoring.write_site import ExampleDraft, RuleDraft, SelectorDraft, SiteDraft, literal, long_text, quoted, write_site
from cleaner.kinds import Kind, PhraseMatch, Scope, Where
from cleaner.site import parse_site

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def rule(phrase: str, doubt: str = "", note: str = "") -> RuleDraft:
    return RuleDraft(
        "x-rule", Kind.RELATED, Scope.BLOCK, Where.TAIL, PhraseMatch.WHOLE, ((phrase, note),), "", (), 0, (phrase,), ("-",), "why", (note,), doubt
    )


@given(TEXT)
def test_strings_say_what_they_said(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)}")["a"] == text
    assert tomllib.loads(f"a = {literal(text)}")["a"] == text
    assert tomllib.loads(f"a = {long_text(text)}")["a"] == text.replace("\r\n", "\n")


@given(TEXT, TEXT)
def test_a_rule_comes_back(phrase: str, note: str) -> None:
    data = tomllib.loads(write_site(SiteDraft("x.example", (note,), rules=(rule(phrase, note="on 3 pages"),))))
    assert data["rule"][0]["phrases"] == [phrase]
    assert data["rule"][0]["where"] == "tail"


@given(TEXT, TEXT)
def test_a_rule_in_doubt_is_a_comment(phrase: str, note: str) -> None:
    toml = write_site(SiteDraft("x.example", rules=(rule(phrase, doubt="too few pages", note=note),)))
    assert "rule" not in tomllib.loads(toml)
    assert "too few pages" in toml


def test_selectors_in_doubt_are_comments_beside_sure_ones() -> None:
    sure, doubt = SelectorDraft(".a", "seen"), SelectorDraft(".b", "seen", "rare")
    data = tomllib.loads(write_site(SiteDraft("x.example", body=(sure, doubt), remove=(doubt, sure))))
    assert data["html"]["body"] == [".a"]
    assert [r["select"] for r in data["remove"]] == [".a"]


def test_tests_are_read_by_the_site_parser() -> None:
    test = ExampleDraft("a page", "text", "One.\n\nTwo's.", ("One.",), ("Share",))
    site = parse_site(write_site(SiteDraft("x.example", tests=(test,))), file="x.example.toml", fragments={})
    assert site.tests[0].text == "One.\n\nTwo's."
    assert site.tests[0].dropped == ("Share",)


def test_what_is_in_doubt_can_be_uncommented() -> None:
    pages = [Page(str(a.number), a.text.encode()) for a in articles("lomvik-herald.example", 60)]
    toml = write_site(learn(lambda: pages, "lomvik-herald.example"))
    opened = re.sub(r"^# (\[\[rule\]\]|\w+ = |\]|  \")", r"\1", toml, flags=re.MULTILINE)
    before, after = (len(parse_site(t, file="lomvik-herald.example.toml", fragments={}).rules) for t in (toml, opened))
    assert after > before
