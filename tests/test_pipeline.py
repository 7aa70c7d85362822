"""What must hold for any input at all."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.pipeline import is_html

WORD = re.compile(r"\w+")
CHUNKS = st.sampled_from(
    ["Also Read", "(AP)", "according to .", "By Jana Holub", "Credit: Reuters", "\u00a0", "\u200b", "\n", "\n\n", " ", "\r\n", "â€™", ")", "© 2024",
     "The council voted on Tuesday to close the old bridge, and the mayor said that work would begin in spring.",
     "新しい橋が開通した。", "مجلس شهر رأی داد.", "<p>", "</p>", "<br>", "İstanbul"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=400), st.lists(CHUNKS, max_size=25).map("".join))
SETTINGS = settings(max_examples=150, deadline=None)


@SETTINGS
@given(TEXTS)
def test_restore_gives_the_source_back(source: str) -> None:
    assert cleaner.clean_text(source).restore() == source


@SETTINGS
@given(TEXTS)
def test_removals_lie_in_order_and_say_what_stood_there(source: str) -> None:
    result = cleaner.clean_text(source)
    position = 0
    for removal in result.removals:
        assert position <= removal.start < removal.end <= len(source)
        assert source[removal.start : removal.end] == removal.text
        assert removal.reason
        position = removal.end


@SETTINGS
@given(TEXTS)
def test_no_word_is_invented(source: str) -> None:
    result = cleaner.clean_text(source)
    replaced = " ".join(r.replacement for r in result.removals)
    if any(r.replacement.strip() or (r.start and r.kind == "repair") for r in result.removals):
        return  # a repair may join or mend words; test_repair says which
    assert set(WORD.findall(result.text)) <= set(WORD.findall(source)) | set(WORD.findall(replaced))


@SETTINGS
@given(TEXTS)
def test_pages_too(source: str) -> None:
    result = cleaner.clean_html(source)
    assert result.restore() == result.source
    result.to_html(), result.to_markdown(), result.to_dict()


@SETTINGS
@given(st.one_of(st.text(max_size=300), st.binary(max_size=300)))
def test_nothing_but_the_documented_errors(source: str | bytes) -> None:
    try:
        cleaner.clean(source)
    except cleaner.CleanerError:
        pass


@SETTINGS
@given(TEXTS.filter(lambda t: t.strip()))
def test_never_empty_in_silence(source: str) -> None:
    result = cleaner.clean_text(source)
    assert result.text or result.title or result.warnings


WORDS = "harbour council bridge engineers winter measured reopened careful villages timber answer evening workers lantern river".split()


@st.composite
def clean_articles(draw: st.DrawFn) -> str:
    """Paragraphs of invented sentences, parted by blank lines, and nothing else."""

    def sentence() -> str:
        words = draw(st.lists(st.sampled_from(WORDS), min_size=9, max_size=16))
        return f"The {' '.join(words)} near the {draw(st.sampled_from(WORDS))}."

    paragraphs = [" ".join(sentence() for _ in range(draw(st.integers(2, 4)))) for _ in range(draw(st.integers(3, 8)))]
    return "\n\n".join(dict.fromkeys(paragraphs))


@SETTINGS
@given(clean_articles())
def test_clean_text_stays_as_it_is(article: str) -> None:
    result = cleaner.clean_text(article)
    assert result.text == article
    assert result.removals == ()


def test_tells_html_from_text() -> None:
    assert is_html("  <!DOCTYPE html><html><body>x</body></html>")
    assert not is_html("Prices rose < 5 % and > 3 % in May.")


def test_wrong_type_is_a_clear_error() -> None:
    with pytest.raises(cleaner.InputError, match="str or bytes, not int"):
        cleaner.clean(3)  # type: ignore[arg-type]


def test_wrong_option_is_a_clear_error() -> None:
    with pytest.raises(cleaner.OptionError, match="balanced, precision, recall"):
        cleaner.Options(focus="best")  # type: ignore[arg-type]


def test_a_result_can_be_pickled() -> None:
    result = cleaner.clean_text("The ferry sank in shallow water on Monday, the coast guard said.\n\nADVERTISEMENT\n\nShare this")
    again = pickle.loads(pickle.dumps(result))
    assert again.text == result.text
    assert [r.to_dict() for r in again.removals] == [r.to_dict() for r in result.removals]


def test_some_removals_can_be_put_back() -> None:
    result = cleaner.clean_text("The ferry sank in shallow water on Monday, the coast guard said on the quay.\n\nADVERTISEMENT")
    assert "ADVERTISEMENT" not in result.text
    assert "ADVERTISEMENT" in result.restore(result.removals)
    with pytest.raises(ValueError, match="of this result"):
        result.restore(cleaner.clean_text("Home\nOther words entirely").removals or [object()])  # type: ignore[list-item]
