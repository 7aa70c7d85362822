"""Frames and Arrow: rows, index and types stay, results stand beside them."""

from __future__ import annotations

import sys

import pytest
from articles import BODY, CLEAN, NOTHING, PAGE, TEXT, URL, rows

from cleaner.batch.work import Fields, Job
from cleaner.errors import OptionError
from cleaner.integrations import LibraryMissing
from cleaner.integrations.pandas_arrow import clean_frame, clean_record_batch, clean_table, results_schema

pd = pytest.importorskip("pandas", reason="pandas is not installed")
pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
JOB = Job(Fields(url="url"))


def test_a_frame() -> None:
    frame = pd.DataFrame(rows(), index=["a", "b", "c"])
    made = clean_frame(frame, JOB)
    assert list(made.columns) == [*frame.columns, *JOB.names()] and list(made.index) == ["a", "b", "c"]
    assert made["clean_text"].tolist() == [CLEAN, None, BODY] and made["clean_error"].tolist() == [None, NOTHING, None]
    assert made["clean_words"].dtype == "Int64" and made["clean_removed_words"].tolist() == [4, pd.NA, 0]
    assert made["clean_removed"]["a"] == [{"kind": "ad", "pieces": 1, "words": 1}, {"kind": "legal", "pieces": 1, "words": 3}]
    pd.testing.assert_frame_equal(made[list(frame.columns)], frame)


def test_a_frame_of_bytes_and_of_nothing() -> None:
    assert clean_frame(pd.DataFrame({"text": [PAGE.encode("utf-16")]}))["clean_title"].tolist() == ["Skelby bridge opens"]
    assert list(clean_frame(pd.DataFrame({"text": []})).columns) == ["text", *Job().names()]
    with pytest.raises(OptionError, match="no column 'text'; there are: page"):
        clean_frame(pd.DataFrame({"page": [PAGE]}))


def test_a_record_batch_keeps_its_types() -> None:
    schema = pa.schema([("id", pa.int8()), ("url", pa.large_string()), ("text", pa.dictionary(pa.int32(), pa.string()))])
    batch = pa.RecordBatch.from_pylist(rows(), schema=schema)
    made = clean_record_batch(batch, JOB)
    assert isinstance(made, pa.RecordBatch) and made.select(range(3)).equals(batch)
    assert made.schema.names == [*schema.names, *JOB.names()]
    assert made.column("clean_text").to_pylist() == [CLEAN, None, BODY] and made.column("clean_error").to_pylist() == [None, NOTHING, None]
    assert made.schema.field("clean_words").type == pa.int64()


@pytest.mark.parametrize("found", [rows(), rows()[:1], rows()[1:2], []])
def test_the_schema_is_the_same_whatever_the_rows_hold(found: list[dict[str, object]]) -> None:
    schema = pa.schema([("id", pa.int64()), ("url", pa.string()), ("text", pa.string())])
    wanted = pa.schema([*schema, *results_schema(JOB)])
    assert clean_record_batch(pa.RecordBatch.from_pylist(found, schema=schema), JOB).schema.equals(wanted)
    assert clean_table(pa.Table.from_pylist(found, schema=schema), JOB).schema.equals(wanted)


def test_a_table_of_many_pieces() -> None:
    table = pa.concat_tables([pa.table({"text": [TEXT], "url": [URL]}), pa.table({"text": [BODY], "url": [URL]})])
    assert clean_table(table, JOB).column("clean_text").to_pylist() == [CLEAN, BODY]


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(LibraryMissing, match=r"pandas; install article-cleaner\[pandas\]"):
        clean_frame(None)
    with pytest.raises(LibraryMissing, match=r"pyarrow; install article-cleaner\[pandas\]"):
        clean_table(None)
