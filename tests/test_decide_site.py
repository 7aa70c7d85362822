"""What becomes of a page or a text by its site's file: who wins over whom, what the account says, what comes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.decide import decide
from cleaner.evidence import Evidence
from cleaner.result import CleanResult
from cleaner.ruleset import RuleSet, load, shipped
from cleaner.segment_html import segment_html
from cleaner.selection import Selection, Use
from cleaner.site import SiteFile, parse_site, read_site
from cleaner.site_evidence import SiteEvidence
from cleaner.title import Title

LEAD = (
    "Ferry crews across the Lomara archipelago stopped work at midnight on Monday, and leaves eleven islands without a regular "
    "link to the mainland, the port authority said."
)
MORE = (
    "Passengers slept on their luggage at the terminal in East Quay, where a second boat was expected in the early morning, but "
    "none of the crews had come by then, officials said."
)
OTHER = (
    "Volcano watchers in Tesk reported the third ash cloud within a week on Thursday, and closed the road to the northern villages "
    "until the end of the month, the council said."
)
PAGE = f"""<html><head><title>Ferry crews walk out | Coastline World</title></head><body>
<nav><ul><li><a href=/>Home page</a></li><li><a href=/w>World news</a></li></ul></nav>
<div class=story><h1 class=kicker>Ferries</h1><h2 class=headline>Ferry crews walk out over night shifts</h2>
<p class=by>By <a rel=author>Jane Roe</a></p><time datetime="2024-03-12">March 12</time>
<p>{LEAD} <span class=ad>Buy a boat.</span> They went home.</p><div class=share>Share this</div>
<p>{MORE}</p><blockquote class=quote>See also</blockquote></div>
<div class=next><h2>Third ash cloud in a week over Tesk</h2><p class=other>{OTHER}</p></div><footer><p>About us, jobs and contact</p></footer></body></html>"""


def site(toml: str) -> SiteFile:
    return parse_site(toml, file="sites/lomvik.example.toml", fragments={})


def clean(toml: str, page: str = PAGE, options: cleaner.Options | None = None) -> CleanResult:
    result = cleaner.clean(page, rules=shipped().with_site(site(toml)), options=options)
    assert result.restore() == result.source
    assert result.source == cleaner.clean(page).source
    for removal in result.removals:
        assert result.source[removal.start : removal.end] == removal.text
    return result


def account(result: CleanResult, rule: str) -> list[tuple[str, str, str]]:
    return [(str(r.kind), r.reason, r.text) for r in result.removals if r.rule == rule]


def test_a_removed_element_is_accounted_for_by_its_rule() -> None:
    result = clean('[[remove]]\nid = "share"\nkind = "social"\nselect = ".share"\nwhy = "The share box."\n[[remove]]\nid = "p"\nselect = ".next p"')
    assert account(result, "share") == [("social", "The share box.", "Share this")]
    assert account(result, "p") == [("boilerplate", "chosen by .next p", OTHER)]


def test_an_element_inside_a_paragraph_is_cut_out_of_it() -> None:
    result = clean('[html]\nremove = "span.ad"')
    assert f"{LEAD} They went home." in result.text
    assert account(result, "lomvik.example-remove-1") == [("boilerplate", "chosen by span.ad", "Buy a boat. ")]


def test_elements_in_each_other_are_cut_once() -> None:
    page = PAGE.replace("Buy a boat.", "Buy <b>a <i>big</i> boat</b>.")
    result = clean('[html]\nremove = ["b", "span.ad", "i", "b"]', page)
    assert f"{LEAD} They went home." in result.text
    assert [r.text for r in result.removals if r.rule.startswith("lomvik")] == ["Buy a big boat. "]


def test_a_block_all_of_which_is_marked_goes_whole() -> None:
    result = clean('[html]\nremove = ".next a"', PAGE.replace("Third ash cloud in a week over Tesk", "<a>Third ash cloud in a week</a> <a>over Tesk</a>…"))
    assert [r.text for r in result.removals if r.rule == "lomvik.example-remove-1"] == ["Third ash cloud in a week over Tesk…"]


def test_what_is_kept_stays_whatever_says_otherwise() -> None:
    assert "See also" not in clean("").text
    result = clean('[html]\nkeep = [".quote", ".ad", "footer"]\nbody = ".story"\nremove = ["blockquote", "span.ad", "footer"]')
    for text in ("See also", "Buy a boat.", "About us, jobs and contact"):
        assert text in result.text
    assert not [r for r in result.removals if r.rule.startswith("lomvik.example-remove")]


def test_what_is_kept_survives_the_first_cut() -> None:
    assert "World news" not in clean("").text
    assert "World news" in clean('[html]\nkeep = "nav"').text


def test_a_removal_in_a_menu_is_accounted_for_by_its_rule() -> None:
    assert [r.text for r in clean('[html]\nremove = "nav"').removals if r.rule] [:2] == ["Home page", "World news"]


def test_outside_the_container_everything_goes_but_the_title() -> None:
    result = clean('[html]\nbody = [".none", ".story"]\ntitle = ".next h2"')
    assert result.title == "Third ash cloud in a week over Tesk"
    assert account(result, "lomvik.example-body")[0] == (
        "boilerplate", "outside .story, which the site's rules name as the body", OTHER,
    )  # fmt: skip
    assert result.warnings == ()
    assert LEAD in result.text and MORE in result.text


def evidence(scores: list[float], inside: list[bool]) -> Evidence:
    """Blocks of 50 words of prose with these scores; thresholds of 0.4."""
    n = len(scores)
    document = segment_html("".join(f"<p>{i}</p>" for i in range(n)))
    floats = [np.array(column, dtype=np.float32) for column in (scores, [50.0] * n, [0.0] * n, [0.4] * n)]
    said = SiteEvidence("x", "x.toml", bodies=((Selection(Use.BODY, "main"), np.array(inside)),))
    texts = [document.block_text(i) for i in range(n)]
    return Evidence(document, texts, [], Title("", ()), floats[0], floats[1], np.ones(n, dtype=bool), floats[2], floats[3], str, said)


def test_inside_the_container_the_author_is_trusted_more_than_the_scorer() -> None:
    decision = decide(evidence([0.99, 0.4, 0.05, 0.99], [True, True, True, False]))
    assert {i: verdict.rule for i, verdict in decision.gone.items()} == {2: "", 3: "x-body"}
    assert decision.warnings == []


@pytest.mark.parametrize(("sure_inside", "used"), [(3, False), (4, True), (5, True)])
def test_a_container_needs_its_share_of_what_the_scorer_is_sure_of(sure_inside: int, used: bool) -> None:
    inside = [i < sure_inside for i in range(10)]
    decision = decide(evidence([0.95] * 10, inside))
    assert (decision.container is not None, bool(decision.gone), not decision.warnings) == (used, used, used)


def test_a_container_is_used_where_the_scorer_is_sure_of_nothing() -> None:
    assert set(decide(evidence([0.8, 0.8], [True, False])).gone) == {1}


def test_a_container_that_is_out_of_date_is_not_used() -> None:
    result = clean('[html]\nbody = [".next", "nav", ".quote"]')
    assert LEAD in result.text
    assert not account(result, "lomvik.example-body")
    assert len(result.warnings) == 3
    assert result.warnings[0].startswith("sites/lomvik.example.toml: body '.next' holds only ")
    assert "may be out of date" in result.warnings[0]


def test_the_next_candidate_takes_the_place_of_one_out_of_date() -> None:
    result = clean('[html]\nbody = [".next", ".story"]')
    assert account(result, "lomvik.example-body")
    assert len(result.warnings) == 1


def test_a_short_article_in_its_container_is_an_article() -> None:
    page = "<div class=story><p>The ferry is back in harbour, all are well.</p></div><div>" + "<p>Buy now, pay later.</p>" * 3 + "</div>"
    result = clean('[html]\nbody = ".story"', page)
    assert result.text == "The ferry is back in harbour, all are well."
    assert result.warnings == ()


def test_the_headline_the_author_and_the_day() -> None:
    result = clean('[html]\ntitle = ".headline"\nbyline = "[rel=author]"\ndate = "time"')
    assert result.title == "Ferry crews walk out over night shifts"
    assert (result.metadata.byline, result.metadata.date) == ("Jane Roe", "2024-03-12")
    assert account(result, "lomvik.example-byline") == [("byline", "[rel=author], which the site's rules name as the byline", "By Jane Roe")]
    assert account(result, "lomvik.example-date") == [("dateline", "time, which the site's rules name as the date", "March 12")]


def test_an_author_named_in_a_sentence_takes_nothing_from_it() -> None:
    page = PAGE.replace("They went home.", "<a rel=author>Jane Roe</a> went home with them and the others.")
    assert "Jane Roe went home with them" in clean('[html]\nbyline = "[rel=author]"', page).text


def test_a_headline_is_not_removed_and_may_stand_in_an_attribute() -> None:
    assert clean('[html]\ntitle = ".headline"\nremove = "h2"').title == "Ferry crews walk out over night shifts"
    page = PAGE.replace("<title>", '<meta property="og:title" content="Ferry crews walk out over night shifts"><title>')
    assert clean("[html]\ntitle = \"xpath://meta[@property='og:title']/@content\"", page).title == "Ferry crews walk out over night shifts"


@pytest.mark.parametrize("key", ["remove", "byline"])
def test_a_selector_that_would_take_much_of_the_body_is_out_of_date(key: str) -> None:
    result = clean(f'[html]\nbody = ".story"\n{key} = ".story p"')
    assert LEAD in result.text and MORE in result.text
    assert "'.story p' would take 100% of the text that the scorer is sure of" in result.warnings[0]


def test_an_xpath_that_chooses_text_removes_no_element() -> None:
    assert LEAD in clean("[html]\nremove = \"xpath://p/text() | //h6\"").text


RULES = """
[site]
off = ["en-also-read-label"]
[[rule]]
id = "lomvik-boat"
kind = "ad"
phrases = ["Buy a boat today"]
hit = "Buy a boat today"
miss = "They buy a boat."
why = "The boat shop."
[[rule]]
id = "lomvik-old"
kind = "ad"
phrases = ["Old boats, cheap and good"]
hit = "Old boats, cheap and good"
miss = "They buy old boats."
valid_until = 2020-12-31
[[protect]]
id = "lomvik-weather"
phrases = ["Also Read"]
hit = "Also Read"
miss = "Also read this."
"""
TEXT = f"{LEAD}\n\nBuy a boat today\n\n{MORE}\n\nAlso Read\n\nOld boats, cheap and good"


def test_a_sites_own_rules_are_used_beside_the_common_ones() -> None:
    result = clean(RULES, TEXT)
    assert account(result, "lomvik-boat") == [("ad", "The boat shop.", "Buy a boat today")]
    assert "Also Read" in result.text
    assert "Also Read" not in clean("", TEXT).text


def test_common_rules_can_be_turned_off() -> None:
    rule = next(r.rule for r in clean("", TEXT).removals if r.text == "Also Read")
    assert account(clean(f'[site]\noff = ["{rule}"]', TEXT), rule) == []


def test_a_rule_is_for_its_period(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites/lomvik.example.toml").write_text(RULES, encoding="utf-8")
    taken = {
        year: "lomvik-old" in {r.rule for r in cleaner.clean(TEXT, url=f"https://lomvik.example/{year}/01/02/a", rules=[tmp_path]).removals}
        for year in (2019, 2021)
    }
    assert taken == {2019: True, 2021: False}


def test_the_file_is_found_by_url_by_option_and_by_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    toml = RULES.replace("[site]", '[site]\nfingerprint = "Lomvik Herald, all rights reserved"')
    (tmp_path / "sites/lomvik.example.toml").write_text(toml, encoding="utf-8")
    rules = load([tmp_path])

    def used(text: str = TEXT, **how: object) -> bool:
        return "lomvik-boat" in {r.rule for r in cleaner.clean(text, rules=rules, **how).removals}  # type: ignore[arg-type]

    assert not used()
    assert used(url="https://www.lomvik.example/a")
    assert used(options=cleaner.Options(site="lomvik.example"))
    assert used(url="https://elsewhere.example/", options=cleaner.Options(site="lomvik.example"))
    assert used(TEXT + "\n\nLOMVIK HERALD, all rights reserved.")


def test_faults_are_told_once_in_each_result_and_the_rest_is_used(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[[rule]]\nid = "a"\n[[rule]]\nid = "b"\nkind = "ad"\nphrases = "Buy a boat today"\nhit = "a"\nmiss = "b"\n')
    (tmp_path / "b.toml").write_text("[[rule]")
    result = cleaner.clean(TEXT, rules=[tmp_path])
    (warning,) = result.warnings
    assert warning.startswith(f"2 faults in rule files, left out: {tmp_path / 'a.toml'}: rule 'a': has no kind")
    assert warning.endswith("run: cleaner rules check")
    assert account(result, "b")
    assert cleaner.clean(TEXT, rules=load([tmp_path])).warnings == ()


def test_the_sites_language_is_the_documents() -> None:
    assert clean('[site]\nlang = "no"', TEXT).metadata.language == "no"
    assert clean('[site]\nlang = "no"', TEXT, cleaner.Options(lang="da")).metadata.language == "da"


SELECTORS = st.sampled_from(
    ["p", "div", "span", "h1", "nav", "body", "html", "*", ".story", ".ad", "p + p", ":not(p)", ":empty", "a", "none",
     "xpath://p", "xpath://*", "xpath://text()", "xpath://@class", "xpath:count(//p)", "xpath://p/.."]
)  # fmt: skip
LISTS = st.lists(SELECTORS, max_size=3)


@st.composite
def site_files(draw: st.DrawFn) -> str:
    keys = ("body", "title", "byline", "date", "keep", "unwrap", "remove")
    lines = ["[html]", *(f"{key} = {draw(LISTS)!r}" for key in keys if draw(st.booleans()))]
    for _ in range(draw(st.integers(0, 2))):
        lines += ["[[remove]]", f"select = {draw(SELECTORS)!r}"]
        more = ("up = 1", "closest = 'div'", "and_following = true", "contains = 'a'", "equals = 'one'", "pattern = '^o'")
        lines += draw(st.lists(st.sampled_from(more), max_size=2, unique=True))
    return "\n".join(lines)


@st.composite
def pages(draw: st.DrawFn, depth: int = 3) -> str:
    words = st.sampled_from(["one", " two ", LEAD, MORE, "By Jane Roe", "&amp;", "<br>", "<hr>", "Also Read", "\u00a0", "â€™"])
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        tag = draw(st.sampled_from(["p", "div class=story", "span class=ad", "h1", "nav", "a href=x", "li", "table><tr><td", "b", "section"]))
        inner = draw(pages(depth - 1)) if depth else ""
        parts.append(draw(words) if draw(st.booleans()) else f"<{tag}>{inner}</{tag.split()[0].split('>')[0]}>")
    return "".join(parts)


@settings(max_examples=150)
@given(site_files(), pages())
def test_any_file_over_any_page_raises_nothing_and_all_comes_back(toml: str, page: str) -> None:
    said, _ = read_site(toml, file="sites/x.example.toml", fragments={})
    result = cleaner.clean_html(page, rules=RuleSet(()).with_site(said), options=cleaner.Options(second_opinion="never"))
    assert result.restore() == result.source
    previous = 0
    for removal in result.removals:
        assert result.source[removal.start : removal.end] == removal.text
        assert removal.start >= previous
        previous = removal.end
    if "unwrap" not in toml:
        assert result.source == cleaner.clean_html(page).source


@pytest.mark.parametrize("page", ["", "<p>", "<body class=story>", "\ud800<p class=story>x"])
def test_a_page_without_anything(page: str) -> None:
    result = cleaner.clean_html(page, rules=shipped().with_site(site('[html]\nbody = ".story"\nremove = "p"\nkeep = "i"')))
    assert result.restore() == result.source


@pytest.mark.parametrize(("head", "gone"), [('<link rel="canonical" href="https://www.lomvik.example/news/1">', True), ("", False)])
def test_without_a_url_the_page_says_whose_it_is(head: str, gone: bool, tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "lomvik.example.toml").write_text('[[remove]]\nid = "quote"\nselect = ".quote"\n')
    result = cleaner.clean(PAGE.replace("<title>", head + "<title>"), rules=[tmp_path])
    assert bool(account(result, "quote")) is gone
