"""Parquet in, Parquet out: types stay; JSONL in, Parquet out: types are found, and made one."""

from __future__ import annotations

import datetime
import decimal
from pathlib import Path
from typing import Any

import pytest

from cleaner.batch import engine as batch
from cleaner.batch import records
from tests.batch_runs import Inline, row, rows_of, run, text, write_lines

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(batch, "Pool", Inline)
    monkeypatch.setattr(records, "CHUNK_RECORDS", 2)


def to_parquet(rows: list[dict[str, Any]], *more: str) -> Any:
    write_lines("in.jsonl", rows)
    result = run("in.jsonl", "-o", "out.parquet", "--part", "4", *more)
    assert result.exit_code in (0, 1), result.output
    return parquet.read_table("out.parquet")


RICH = {
    "id": pa.array([1, 2, 3], pa.int8()),
    "text": pa.array([text(1), None, text(3)], pa.large_string()),
    "when": pa.array([1, 2, 3], pa.timestamp("ns")),
    "day": pa.array([datetime.date(2024, 1, n) for n in (1, 2, 3)]),
    "price": pa.array([decimal.Decimal("1.10")] * 3),
    "raw": pa.array([b"\xff", None, b""]),
    "tags": pa.array([["a"], None, []], pa.list_(pa.string())),
    "pairs": pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int32())),
    "word": pa.array(["a", "b", "a"]).dictionary_encode(),
}


def test_columns_of_parquet_keep_their_types_and_values() -> None:
    table = pa.table(RICH)
    parquet.write_table(table, "in.parquet")
    assert run("in.parquet", "-o", "out.parquet").exit_code == 1
    done = parquet.read_table("out.parquet")
    kept = parquet.read_table("in.parquet").take([0, 2])
    for name in RICH:
        assert done[name].type == kept[name].type and done[name].equals(kept[name]), name
    assert done["clean_title"].to_pylist() == ["Skelby bridge 1 opens late", "Skelby bridge 3 opens late"]
    (rejected,) = rows_of("out.rejects.jsonl")
    assert (rejected["id"], rejected["position"], rejected["row"]["day"]) == (2, 2, "2024-01-02")


def test_parquet_to_jsonl_writes_what_json_has_not_in_words() -> None:
    parquet.write_table(pa.table(RICH), "in.parquet")
    assert run("in.parquet", "-o", "out.jsonl").exit_code == 1
    first = rows_of("out.jsonl")[0]
    assert (first["id"], first["day"], first["price"], first["raw"]) == (1, "2024-01-01", "1.10", {"base64": "/w=="})
    assert first["when"].startswith("1970-01-01 00:00:00.000000001") and first["word"] == "a"


def test_types_are_found_and_made_one_over_all_parts() -> None:
    rows = [row(n) for n in range(12)]
    rows[1]["score"], rows[9]["score"] = 1, 2.5  # whole, then not
    rows[2]["late"] = "only here"
    rows[3]["deep"], rows[10]["deep"] = {"a": 1}, {"b": "x"}
    rows[0]["mixed"], rows[11]["mixed"], rows[6]["mixed"] = "word", 5, [1, {"x": None}]
    rows[4]["odd"] = "half \ud83d"
    rows[5]["nothing"] = {}
    done = to_parquet(rows)
    assert done.num_rows == 12 and done.schema.field("id").type == pa.int64()
    score, mixed, deep = (done[name].to_pylist() for name in ("score", "mixed", "deep"))
    assert (score[1], score[9], score[0]) == (1.0, 2.5, None)
    assert (mixed[0], mixed[11], mixed[6], mixed[1]) == ("word", "5", '[1,{"x":null}]', None)
    assert deep[3] == {"a": 1, "b": None} and deep[10] == {"a": None, "b": "x"}
    assert done["late"][2].as_py() == "only here" and done["odd"][4].as_py() == "half ?" and done["nothing"][5].as_py() == "{}"
    assert done["clean_removed"].to_pylist()[0] == [{"kind": "ad", "pieces": 1, "words": 1}, {"kind": "legal", "pieces": 1, "words": 3}]


def test_whole_numbers_too_large_for_a_fraction_become_text() -> None:
    rows = [row(0, n=2**60 + 1), *(row(k) for k in range(1, 8)), row(8, n=0.5)]
    assert to_parquet(rows)["n"].to_pylist()[::8] == [str(2**60 + 1), "0.5"]


def test_a_later_input_with_a_results_column_is_rejected_not_overwritten() -> None:
    parquet.write_table(pa.table({"text": [text(1)]}), "a.parquet")
    parquet.write_table(pa.table({"text": [text(2)], "clean_text": ["mine"]}), "b.parquet")
    parquet.write_table(pa.table([[text(3)], ["x"]], names=["text", "text"]), "c.parquet")
    assert run("a.parquet", "b.parquet", "c.parquet", "-o", "out.parquet").exit_code == 1
    assert parquet.read_table("out.parquet").num_rows == 1
    one, other = rows_of("out.rejects.jsonl")
    assert "'clean_text' already" in one["error"] and one["row"] == {"text": text(2), "clean_text": "mine"}
    assert "two columns of one name (text)" in other["error"] and other["input"] == "c.parquet"


def test_no_documents_give_a_file_of_no_rows() -> None:
    done = to_parquet([])
    assert done.num_rows == 0 and "clean_text" in done.schema.names


def test_a_column_can_be_left_out() -> None:
    assert "text" not in to_parquet([row(1)], "--drop", "text").schema.names
    Path("out.parquet").rename("in.parquet")
    done = run("in.parquet", "-o", "again.parquet", "--field", "clean_text", "--prefix", "again_", "--drop", "url")
    assert done.exit_code == 0, done.output
    names = parquet.read_table("again.parquet").schema.names
    assert "url" not in names and {"id", "clean_text", "again_text"} <= set(names)
