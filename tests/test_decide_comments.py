"""Readers' comments under a stored article go as one, and nothing goes on one line's word."""

from __future__ import annotations

from collections.abc import Sequence

import cleaner
from cleaner.kinds import Kind
from cleaner.result import CleanResult

ARTICLE = (
    "The shed had stood on the wrong side of the slipway since 1931, and every spring the high water came in through its doors.",
    "My grandfather wanted to move it. My father measured it, twice, and wrote the figures on the inside of the door.",
    "We jacked up one corner at a time, a hand's breadth each, until eleven round logs lay under the sills of the shed.",
    "On the Saturday the tractor pulled and two of us walked beside the shed, taking logs from behind and laying them down in front.",
)
FIRST = "We moved a boat shed on logs in 1994 and the walls came apart at the second corner, so take that floor up first as she says."
SECOND = "How did you keep the logs from rolling away on the slope? Our shed stands a good two metres above the slipway."
MORE = tuple(f"{line} So it was in year {i} of the shed, and in the year after." for i in range(4) for line in ARTICLE)


def cleaned(*more: str, article: Sequence[str] = ARTICLE) -> CleanResult:
    return cleaner.clean_text("\n\n".join((*article, *more)))


def shown(*more: str) -> list[str]:
    """What stays of `more` under the article."""
    text = cleaned(*more).text
    assert all(line in text for line in ARTICLE)
    return [line for line in more if line in text]


def test_a_heading_with_the_title_begins_comments_to_the_end() -> None:
    assert shown("2 thoughts on “How we moved a boat shed”", FIRST, SECOND) == []
    assert FIRST in shown("2 thoughts on boat sheds", FIRST, SECOND)


def test_lines_at_two_comments_and_a_heading() -> None:
    result = cleaned("2 Comments", "Petter Lund says:", FIRST, "Old Salt says:", SECOND)
    assert result.text == "\n\n".join(ARTICLE)
    gone = next(r for r in result.removals if r.text == FIRST)
    assert (gone.kind, gone.rule) == (Kind.COMMENTS, "en-thread-says") and "«Petter Lund says:»" in gone.reason


def test_lines_of_two_sorts_need_no_heading() -> None:
    assert shown("Petter Lund", "May 3, 2025 at 8:12 am", FIRST, "Reply", "Old Salt", "May 4, 2025 at 9:40 pm", SECOND, "Reply") == ["Petter Lund"]


def test_one_comment_is_no_thread() -> None:
    assert FIRST in shown("2 Comments", "Petter Lund says:", FIRST)


def test_what_experts_say_is_the_article() -> None:
    lines = ("Petter Lund says:", FIRST, "Old Salt says:", SECOND)
    assert shown(*lines, "Leave a comment") == list(lines)


def test_the_article_goes_on_behind_comments() -> None:
    lines = ("2 Comments", "Petter Lund says:", FIRST, "Old Salt says:", *MORE)
    text = cleaned(*lines).text
    assert FIRST not in text and all(line in text for line in MORE)


def test_comments_above_an_article_stay_no_article() -> None:
    text = cleaned("Petter Lund says:", FIRST, "Old Salt says:", SECOND, "2 Comments", *ARTICLE, article=()).text
    assert all(line in text for line in ARTICLE)
