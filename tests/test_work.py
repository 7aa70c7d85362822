"""From rows to rows: as many as came, in order, and a document that fails says so in its own row."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import cleaner
from cleaner import pipeline
from cleaner.batch import work
from cleaner.batch.work import (
    RESULT_COLUMNS,
    TOGETHER,
    TOGETHER_CHARS,
    Fields,
    Job,
    begin_row,
    clean_batch,
    clean_rows,
    gathered,
    read_rules,
)
from cleaner.errors import OptionError, RuleError
from cleaner.files import ReadAs

BODY = "The bridge over the Skel opened on Monday, two years later than the council had promised."
TEXT = f"{BODY}\n\nADVERTISEMENT\n\nAll rights reserved."
PAGE = f"<html><body><article><p>{BODY}</p><p>Größe, said the mayor, is not all that a bridge needs.</p></article></body></html>"


def test_a_row_keeps_its_columns_and_gets_the_results() -> None:
    (row,) = clean_batch([{"id": 7, "text": TEXT, "more": [1, None]}], Job())
    result = cleaner.clean_text(TEXT)
    assert {k: row[k] for k in ("id", "text", "more")} == {"id": 7, "text": TEXT, "more": [1, None]}
    assert row["clean_text"] == result.text == BODY
    assert (row["clean_confidence"], row["clean_error"], row["clean_warnings"]) == (round(result.confidence, 3), None, [])
    assert row["clean_words"] == 16 and row["clean_removed_words"] == 4
    assert row["clean_removed"] == [{"kind": "ad", "pieces": 1, "words": 1}, {"kind": "legal", "pieces": 1, "words": 3}]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": 1}, "the row has no column 'text'; it has: id"),
        ({}, "it has: none"),
        ({"text": None}, "holds nothing"),
        ({"text": ["a"]}, "holds a list"),
        ({"text": "ä" * 60}, "has 120 bytes, more than the 100 that are allowed"),
    ],
)
def test_a_document_that_fails_says_so_and_the_rest_goes_on(row: dict[str, object], said: str) -> None:
    good = {"text": "The ferry sank."}
    done = clean_batch([good, row, good], Job(max_bytes=100))
    assert [d["clean_text"] for d in done] == ["The ferry sank.", None, "The ferry sank."]
    assert said in done[1]["clean_error"] and done[1].items() >= row.items()
    assert all(done[1]["clean_" + name] is None for name in RESULT_COLUMNS)


class Panic(BaseException):
    """What a compiled dependency raises when it panics is no Exception."""


def faulty(step: Callable[..., Any]) -> Callable[..., Any]:
    """A step that panics where it is given something with the word PANIC in it."""

    def tried(*given: Any, **named: Any) -> Any:
        if "PANIC" in repr(given):
            raise Panic("deep down")
        return step(*given, **named)

    return tried


@pytest.mark.parametrize(("module", "step"), [(pipeline, "begin_text"), (work, "weigh_all"), (pipeline, "conclude")])
def test_an_unforeseen_fault_is_the_documents_own(monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str) -> None:
    rows = [{"text": TEXT}, {"text": f"PANIC\n\n{TEXT}"}, {"text": BODY}]
    expected = clean_batch(rows, Job(Fields(read_as=ReadAs.TEXT)))
    monkeypatch.setattr(module, step, faulty(getattr(module, step)))
    done = clean_batch(rows, Job(Fields(read_as=ReadAs.TEXT)))
    assert done[1]["clean_error"] == "a fault of cleaner itself, please report it: Panic: deep down"
    assert [done[0], done[2]] == [expected[0], expected[2]]


def test_an_interrupt_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "begin", interrupted)
    with pytest.raises(KeyboardInterrupt):
        clean_batch([{"text": TEXT}], Job())


def test_rows_are_gathered_by_number_and_by_what_they_hold() -> None:
    texts = [BODY] * (TOGETHER + 1) + [f"{BODY}\n\n" * (TOGETHER_CHARS // len(BODY))] + [BODY]
    started = [begin_row(row, Job(), read_rules(())) for row in [*({"text": t} for t in texts), {"id": 1}]]
    assert [len(some) for some in gathered(started)] == [TOGETHER, 2, 2]
    assert not list(gathered([]))


def test_documents_that_are_scored_together_come_out_as_alone() -> None:
    """To the last bit: who has fewer processes, or goes on after a kill, must get the same output."""
    paths = sorted((Path(__file__).parent.parent / "fixtures").iterdir())
    sources = [path.read_bytes() for path in paths if path.suffix in (".txt", ".html")]
    mixed = sources + sources[::2] + [b""] + sources[::-3]
    rules, job = read_rules(()), Job()
    together = list(clean_rows([{"text": source} for source in mixed], job, rules))
    assert len(sources) > 20
    for source, outcome in zip(mixed, together, strict=True):
        alone = cleaner.clean(source)
        assert outcome.result is not None and not outcome.error
        assert (outcome.result.to_dict(), outcome.result.scores, outcome.result.confidence) == (alone.to_dict(), alone.scores, alone.confidence)


def test_bytes_are_read_in_the_declared_charset() -> None:
    job = Job(Fields("page", ReadAs.HTML, charset="said"))
    for charset in ("iso-8859-1", "utf-8"):
        (row,) = clean_batch([{"page": PAGE.encode(charset), "said": charset}], job)
        assert "Größe" in row["clean_text"]


def test_columns_are_not_overwritten() -> None:
    with pytest.raises(OptionError, match="'clean_title' already; choose another prefix"):
        clean_batch([{"text": TEXT, "clean_title": "mine"}], Job())
    (row,) = clean_batch([{"text": TEXT, "clean_title": "mine"}], Job(prefix="c_"))
    assert row["clean_title"] == "mine" and row["c_text"] == BODY


def test_rules_of_ones_own(tmp_path: Path) -> None:
    rule = '[[rule]]\nid = "x"\nkind = "widget"\nlang = "*"\nphrases = ["Hand on the ribbon"]\nmatch = "whole"\n'
    (tmp_path / "mine.toml").write_text(rule + 'hit = ["Hand on the ribbon"]\nmiss = ["He laid a hand on the ribbon, and cut."]\n')
    (row,) = clean_batch([{"text": f"{BODY}\n\nHand on the ribbon"}], Job(rules=(str(tmp_path),)))
    assert row["clean_text"] == BODY and row["clean_removed"][0]["kind"] == "widget"
    with pytest.raises(RuleError):
        clean_batch([], Job(rules=(str(tmp_path / "missing"),)))


def test_job_and_result_can_be_pickled() -> None:
    job = Job(Fields("t", ReadAs.TEXT, "u", "i"), rules=("a",))
    assert pickle.loads(pickle.dumps(job)) == job
    done = clean_batch([{"text": TEXT}], Job())
    assert pickle.loads(pickle.dumps(done)) == done
