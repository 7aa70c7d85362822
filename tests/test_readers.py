"""What is in the inputs comes out of them, from any place on; what cannot be read comes out with its place."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from cleaner.batch import records
from cleaner.batch.fields import find_fields
from cleaner.batch.inputs import Input, find_inputs
from cleaner.batch.readers import read
from cleaner.batch.records import Record
from cleaner.batch.work import Fields
from cleaner.errors import InputError, OptionError
from cleaner.files import ReadAs
from tests.batch_runs import row, rows_of, run, write_lines

zstandard = pytest.importorskip("zstandard")
pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(records, "CHUNK_RECORDS", 3)


def one(name: str) -> Input:
    def report(name: str, error: Exception) -> None:
        raise AssertionError((name, error))

    (found,) = find_inputs([name], out="out.jsonl", report=report)
    return found


def all_of(name: str, start: int = 0) -> list[Record]:
    return [record for chunk in read(one(name), start) for record in chunk.records]


def rows(name: str) -> list[dict[str, Any]]:
    return [record.row() for record in all_of(name)]


LINES = [json.dumps({"id": n, "text": f"Number {n}."}).encode() + b"\n" for n in range(10)]
WRITE = {
    "a.jsonl": lambda lines: b"".join(lines),
    "a.jsonl.gz": lambda lines: gzip.compress(b"".join(lines[:4])) + gzip.compress(b"".join(lines[4:])),
    "a.jsonl.zst": lambda lines: b"".join(zstandard.ZstdCompressor().compress(b"".join(part)) for part in (lines[:4], lines[4:])),
}


@pytest.mark.parametrize("name", WRITE)
def test_lines_plain_and_compressed_from_any_place(name: str) -> None:
    Path(name).write_bytes(WRITE[name](LINES))
    whole = all_of(name)
    assert [record.row()["id"] for record in whole] == list(range(10))
    assert [record.place for record in whole[:2]] == ["line 1", "line 2"]
    for chunk in read(one(name)):
        assert all_of(name, chunk.next) == whole[chunk.records[-1].position + 1 :]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_stream_that_is_cut_short_gives_what_it_has_and_says_so(name: str) -> None:
    data = WRITE[name](LINES * 2000)
    Path(name).write_bytes(data[:-9])
    *good, last = all_of(name)
    assert len(good) > 1000 and all(not record.error for record in good)
    assert last.error.startswith("the rest of the file cannot be read: ") and last.place == f"after line {len(good):,}"
    result = run(name, "-o", "out.jsonl", "--workers", "1") if name.endswith("gz") else None
    assert result is None or (result.exit_code == 1 and len(rows_of("out.jsonl")) == len(good))


def test_garbage_in_the_middle_of_a_stream_is_told() -> None:
    data = gzip.compress(b"".join(LINES[:5])) + b"no gzip at all"
    Path("a.jsonl.gz").write_bytes(data)
    *good, last = all_of("a.jsonl.gz")
    assert len(good) == 5 and "the rest of the file cannot be read" in last.error


def test_empty_lines_are_passed_over_and_odd_ones_kept() -> None:
    Path("a.jsonl").write_bytes(b'\xef\xbb\xbf{"id": 1}\r\n\n  \n[2]\nnull\n{"id": 3}')
    chunks = list(read(one("a.jsonl")))
    assert sum(chunk.passed.total() for chunk in chunks) == 2
    found = all_of("a.jsonl")
    assert (found[0].row(), found[3].row(), found[3].place) == ({"id": 1}, {"id": 3}, "line 6")
    for record in found[1:3]:
        with pytest.raises(InputError, match="not an object"):
            record.row()


def test_a_line_too_large_to_hold_is_told_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.batch.readers.LARGEST", 100)
    Path("a.jsonl").write_bytes(b'{"text": "' + b"x" * 250 + b'"}\n' + LINES[3])
    large, good = all_of("a.jsonl")
    assert "has 263 bytes" in large.error and good.row()["id"] == 3


def test_csv_and_tsv() -> None:
    Path("a.csv").write_text('\ufeffid,text\n1,"two\nlines, one ""quoted"""\n\n2,ü\n', "utf-8")
    assert rows("a.csv") == [{"id": "1", "text": 'two\nlines, one "quoted"'}, {"id": "2", "text": "ü"}]
    assert [r.place for r in all_of("a.csv")] == ["line 2", "line 5"]
    Path("b.csv").write_text("id;text\n1;a, b\n")
    Path("c.tsv").write_text("id\ttext\n1\ta, b\n")
    assert rows("b.csv") == rows("c.tsv") == [{"id": "1", "text": "a, b"}]


def test_csv_rows_that_do_not_fit_are_told_and_kept() -> None:
    Path("a.csv").write_bytes(b"id,text\n1,a,b\n2\n3,\xff\n4,good\n")
    long, short, bad, good = all_of("a.csv")
    assert "has 3 columns, the header 2" in long.error and long.data == {"id": "1", "text": "a", "more columns": ["b"]}
    assert "has 1 columns" in short.error and short.data == {"id": "2"}
    assert bad.error == "the row is not UTF-8" and bad.data == {"id": b"3", "text": b"\xff"}
    assert not good.error and good.place == "line 5"


def test_parquet_from_any_place() -> None:
    table = pa.table({"id": list(range(11)), "text": [f"Number {n}." for n in range(11)]})
    parquet.write_table(table, "a.parquet", row_group_size=4)
    whole = all_of("a.parquet")
    assert [record.row()["id"] for record in whole] == list(range(11)) and whole[10].place == "row 11"
    for chunk in read(one("a.parquet")):
        assert [r.position for r in all_of("a.parquet", chunk.next)] == list(range(chunk.next, 11))


def test_what_is_no_parquet_file_is_rejected_as_a_whole() -> None:
    Path("in").mkdir()
    Path("in/b.parquet").write_bytes(b"PAR1 or not")
    write_lines("in/a.jsonl", [row(1)])
    write_lines("in/c.jsonl", [row(2)])
    assert run("in", "-o", "out.jsonl", "--workers", "1").exit_code == 1
    assert [r["id"] for r in rows_of("out.jsonl")] == [1, 2]
    (rejected,) = rows_of("out.rejects.jsonl")
    assert rejected["input"] == str(Path("in/b.parquet")) and "is not a Parquet file" in rejected["error"]


# Which columns


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        (["ID", "URL", "Text"], Fields("Text", ReadAs.TEXT, "URL", "ID")),
        (["text", "html", "link"], Fields("html", ReadAs.HTML, "link")),
        (["content", "uri", "uuid"], Fields("content", ReadAs.AUTO, "uri", "uuid")),
    ],
)
def test_columns_are_known_by_their_names(columns: list[str], fields: Fields) -> None:
    write_lines("a.jsonl", [dict.fromkeys(columns, "x")])
    assert find_fields(one("a.jsonl"), Fields("")) == fields


def test_columns_that_the_caller_names_win_and_unknown_ones_are_asked_for() -> None:
    write_lines("a.jsonl", [{"text": "x", "story": "y", "key": 1}])
    assert find_fields(one("a.jsonl"), Fields("story", ReadAs.HTML, None, "key")) == Fields("story", ReadAs.HTML, None, "key")
    write_lines("a.jsonl", [{"story": "y", "key": 1}])
    with pytest.raises(OptionError, match="name one with --field; there are: story, key"):
        find_fields(one("a.jsonl"), Fields(""))


# Addresses


def test_addresses_of_any_kind_that_fsspec_knows() -> None:
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    for n in (2, 1):
        with memory.open(f"/corpus/{n}.jsonl.gz", "wb") as file:
            file.write(gzip.compress(json.dumps(row(n)).encode()))
    for named in ("memory://corpus/*.jsonl.gz", "memory://corpus"):
        assert run(named, "-o", "out.jsonl", "--workers", "1", "--restart").exit_code == 0
        assert [r["id"] for r in rows_of("out.jsonl")] == [1, 2]
    result = run("memory://corpus/none.jsonl", "-o", "out.jsonl")
    assert result.exit_code == 1 and "memory://corpus/none.jsonl" in result.stderr
    assert run("nosuch://a/b.jsonl", "-o", "out.jsonl").exit_code == 2


def test_a_network_that_fails_stops_the_run_and_is_no_reject(monkeypatch: pytest.MonkeyPatch) -> None:
    write_lines("a.jsonl", [row(n) for n in range(50)])

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 0:
                raise TimeoutError("the server does not answer")
            return super().read(2000)

    monkeypatch.setattr(Input, "open", lambda self: Failing(Path(self.name).read_bytes()))
    with pytest.raises(TimeoutError):
        all_of("a.jsonl")
    monkeypatch.undo()


def test_missing_inputs_stop_before_anything_is_written(tmp_path: Path) -> None:
    write_lines(str(tmp_path / "a.jsonl"), [row(1)])
    for missing in ("gone.jsonl", "*.parquet"):
        result = run(tmp_path / "a.jsonl", str(tmp_path / missing), "-o", tmp_path / "out.jsonl")
        assert result.exit_code == 2 and missing in result.stderr and not (tmp_path / "out.jsonl").exists()
