"""Both engines find the same, and what only one of them can do is left to it."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner import pattern as module
from cleaner.errors import PatternError
from cleaner.pattern import LONGEST, Found, Pattern, compile_pattern
from cleaner.pattern_dialect import ALL_LETTERS, DOTTED_AND_DOTLESS, Untranslated, translated
from cleaner.rule import Rule
from cleaner.ruleset import read_folder, shipped_folder

needs_pcre2 = pytest.mark.skipif(module.pcre2 is None, reason="PCRE2 is not installed")


def by_regex(pattern: str, case: bool) -> Pattern:
    """The pattern as it is where PCRE2 is not installed."""
    found = Pattern(pattern, case)
    found.__dict__ |= {"by_pcre2": None, "by_pcre2_anywhere": None}
    return found


def agree(pattern: str, text: str, *, case: bool = False) -> list[Found]:
    """What both engines find, which is the same."""
    one, other = Pattern(pattern, case), by_regex(pattern, case)
    found = other.find_all(text)
    assert one.find_all(text) == found, (pattern, text)
    assert one.search(text) == other.search(text) == (found[0] if found else None), (pattern, text)
    return found


RULES = [rule for rule in read_folder(shipped_folder()).rules if not rule.plain_phrases and not rule.whole_keys]


@needs_pcre2
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_shipped_rules(rule: Rule) -> None:
    one, other = rule.compiled, by_regex(rule.pattern, rule.case)
    for text in (*rule.hit, *rule.miss, *(text.upper() for text in rule.hit), *(text.replace("i", "ı").replace("I", "İ") for text in rule.hit)):
        assert one.find_all(text) == other.find_all(text), text


@needs_pcre2
def test_nearly_all_shipped_patterns_are_for_pcre2() -> None:
    assert [rule.id for rule in RULES if rule.compiled.by_pcre2 is None] == ["any-space-before-closing-quote"]


TEXT = "Straße STRASSE ½ m² ①Ⓐ ﬁ ſ K Å µ Σς İstanbul Iğdır ışık iş कीमत क्या বাংলা می‌خواهم ❤️ 👩‍💻 naïve cafe\u0301 \u1fb3 \u180e\u00a0\u2009\u2028\x85x\x1f 訂かカー。々〆 ٣४ a_b\n"


@needs_pcre2
@pytest.mark.parametrize("case", [False, True])
@pytest.mark.parametrize(
    "pattern",
    [
        r"\w+", r"\W+", r"\b\w", r"\w\b", r"\B.", r"[\W_]", r"[^\W\d]+", r"[^\W]", r"[\W]", r"[\w-]+", r"(?<!\w)\p{L}", r"\d", r"\D+", r"\s", r"\S+", r"[^\s]+",
        r"[\s\p{P}\p{S}]+", r"\p{N}", r"\p{M}", r"\p{Han}", r"\P{Han}+", r"[\p{Katakana}]", r"\p{Devanagari}+", r"\p{Latin}+", r"\p{Lu}\p{Ll}", r"(?-i:\p{Lu})\w+",
        r"ß", r"ss", r"fi", r"s", r"k", r"å", r"μ", r"σ", "İ", "ı", "i", "I", "İ[a-z]+", "[İı]", "[İi]", "[ıI]", "[^i]", "[a-z]+", "[A-Z]+", "[À-ſ]", "[^İ]", "(?i:ış)i", "(?-i:i)",
        r"[\x00-\x7f]+", r"\u0131", r".$", r"$", r"^", r"x?", r"(?:a|ab)(?:c|bcd)?", r"(?<n>\w)\w*(?<m>\d)?", r"(?<n>a)|(?<n>\d)", r"(.)\1", r"(?i:i)[^i]", r"a\ b|\_",
    ],
)  # fmt: skip
def test_odd_characters(pattern: str, case: bool) -> None:
    agree(pattern, TEXT, case=case)
    agree(pattern, TEXT.replace("İ", "").replace("ı", ""), case=case)
    for character in TEXT:
        agree(pattern, character, case=case)


PIECES = st.sampled_from(
    [*"aiIİısſk1²½._- ", "ki", "ß", *(r"\w \W \b \B \s \S \d \p{L} \p{Lu} \p{P} \p{Han} \. \- ^ $ | . * + ? *? +? ++ {2} {1,2} {,2} {0,3}? ( (?: (?-i: (?i: (?<n> (?= (?! (?<= (?<! (?> ) ) ) )".split()),
     "[a-k]", "[^i]", r"[\w.]", r"[^\W_]", r"[\W\d]", "[İx]", r"[\s\p{P}]", "[-a]", r"[\]a]", "[a-]", "{", "]", "}", "[", "\\"]
)  # fmt: skip
TEXTS = st.text(st.sampled_from("aiIİısſKkß1²½._- \n中की\u200d\u180eA") | st.characters(exclude_categories=["Cn", "Co"], max_codepoint=0x2FFF), max_size=12)


@needs_pcre2
@given(st.lists(PIECES, min_size=1, max_size=9).map("".join), TEXTS, st.booleans())
@example("(?:^|x)*?\\b", "aı", False)
def test_any_pattern(pattern: str, text: str, case: bool) -> None:
    try:
        expected = by_regex(pattern, case)
        _ = expected.by_regex
    except PatternError as error:
        with pytest.raises(PatternError) as told:
            compile_pattern(pattern, case=case)
        assert str(told.value) == str(error)
        return
    agree(pattern, text, case=case)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("İ", "(?-i:[iİ])"), ("[ı]", None), ("[İı]", "[İıi]"), (r"[\w--a]", None), (r"[a&&b]", None), ("[[a]b]", None), ("(?:a){e<=1}", None), (r"\ma", None),
        (r"\Z", None), (r"\v", None), (r"\x{41}", None), ("(?P<a_b>x)", None), ("(?<a>x)|(?<a>y)", "(?<a__1>x)|(?<a__2>y)"), ("(?R)", None), ("(?|a)", None),
        ("(*FAIL)", None), ("a{2}{3}", None), ("\u180e", None), (r"[\p{Lu}]", None), ("a)", None), (r"\p{Greek}", r"\p{sc:Greek}"),
    ],
)  # fmt: skip
def test_only_what_means_the_same_is_written_over(pattern: str, written: str | None) -> None:
    if written is not None:
        assert translated(pattern, case=False, letters=DOTTED_AND_DOTLESS) == written
        return
    with pytest.raises(Untranslated):
        translated(pattern, case=False, letters=DOTTED_AND_DOTLESS)


def test_where_case_matters_i_is_i() -> None:
    assert translated("iİ[ı-š]", case=True, letters=ALL_LETTERS) == "iİ[ı-š]"


def test_half_characters_match_and_stay() -> None:
    assert agree(r"(?<n>a.)b", "\ud800 a\udfffb") == [Found(2, 5, {"n": "a\udfff"})]


def test_of_groups_of_one_name_the_last_to_match_counts() -> None:
    assert agree(r"(?<n>\d+)-(?<n>[a-z]*)", "12-ab 3-") == [Found(0, 5, {"n": "ab"}), Found(6, 8, {})]


@needs_pcre2
@pytest.mark.parametrize(
    ("pattern", "text", "end"),
    [(r"^(?:a|aa|b)+$", "ab" * 150, 300), (r"^(?:a|b)*c?$", "ab" * (LONGEST // 2), LONGEST), (r"^[ab]*$", "a" * (LONGEST + 1), LONGEST + 1)],
)
def test_what_is_too_much_for_one_is_left_to_the_other(pattern: str, text: str, end: int) -> None:
    assert agree(pattern, text) == [Found(0, end, {})]


def test_a_search_without_bound_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        compile_pattern(r"^(?:\w|\w\w|\s)*[:;]$").search("word " * 40 + "!;!")


@pytest.mark.parametrize("pattern", ["(word", "a{2}{3}", "x(?<a>", "[z-a]", r"\p{Foo}", "a**", "(" * 3000 + ")" * 3000])
def test_faults_are_the_same_whatever_is_installed(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PatternError) as fault:
        compile_pattern(pattern, case=True)
    compile_pattern.cache_clear()
    monkeypatch.setattr(module, "pcre2", None)
    with pytest.raises(PatternError) as other:
        compile_pattern(pattern, case=True)
    assert str(fault.value) == str(other.value)


def test_a_pattern_goes_to_other_processes() -> None:
    one = compile_pattern(r"(?<n>\d)")
    assert one.search("a1") == pickle.loads(pickle.dumps(one)).search("a1") == Found(1, 2, {"n": "1"})
