"""WARC files as crawlers write them, and as they break."""

from __future__ import annotations

import gc
import gzip
import io
import warnings
import zipfile
from pathlib import Path

import pytest

from cleaner.batch.inputs import find_inputs
from cleaner.batch.readers import read
from cleaner.batch.records import Chunk
from tests.batch_runs import rows_of, run

pytest.importorskip("fastwarc")
warcwriter = pytest.importorskip("warcio.warcwriter")
headers = pytest.importorskip("warcio.statusandheaders")

PAGE = (
    "<!doctype html><html><head><title>Skelby bridge opens late</title></head><body><article><h1>Skelby bridge opens late</h1>"
    "<p>Die Brücke über den Skel wurde am Montag eröffnet, zwei Jahre später, als der Rat versprochen hatte.</p>"
    "<p>Bürgermeisterin Ines Hollund sagte, dass niemand verletzt worden sei und dass die Brücke selbst nicht gebrannt habe.</p>"
    "</article></body></html>"
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def archive(*responses: tuple[bytes, dict[str, str]], status: str = "200 OK", packed: bool = True) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # warcio leaves temporary files open
        out = _archive(responses, status, packed)
        gc.collect()
    return out


def _archive(responses: tuple[tuple[bytes, dict[str, str]], ...], status: str, packed: bool) -> bytes:
    out = io.BytesIO()
    writer = warcwriter.WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a.warc.gz", {"software": "test"}))
    for n, (body, more) in enumerate(responses):
        http = headers.StatusAndHeaders(status, list(more.items()), protocol="HTTP/1.1")
        record = writer.create_warc_record(f"https://skelby.example/{n}", "response", payload=io.BytesIO(body), http_headers=http)
        writer.write_record(record)
    return out.getvalue()


def chunks(data: bytes, name: str = "a.warc.gz") -> list[Chunk]:
    Path(name).write_bytes(data)
    (source,) = find_inputs([name], out="out.jsonl", report=lambda *_: None)
    return list(read(source))


def cleaned(data: bytes, name: str = "a.warc.gz") -> list[dict[str, object]]:
    Path(name).write_bytes(data)
    result = run(name, "-o", "out.jsonl", "--workers", "1", "--restart")
    assert result.exit_code in (0, 1), result.output
    return rows_of("out.jsonl")


HTML = {"Content-Type": "text/html; charset=utf-8"}


def chunked(data: bytes) -> bytes:
    half = len(data) // 2
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (data[:half], data[half:], b""))


def test_a_page_becomes_a_row_without_its_markup() -> None:
    (row,) = cleaned(archive((PAGE.encode(), HTML)))
    assert row["url"] == "https://skelby.example/0" and str(row["warc_record_id"]).startswith("<urn:uuid:")
    assert str(row["date"])[4] == "-" and "html" not in row and "charset" not in row
    assert row["clean_title"] == "Skelby bridge opens late" and "Brücke über" in str(row["clean_text"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (PAGE.encode("iso-8859-1"), {"Content-Type": "text/html; charset=iso-8859-1"}),
        (PAGE.encode(), {"Content-Type": "text/html; charset=iso-8859-1"}),  # a wrong one
        (PAGE.encode("cp1252"), {"Content-Type": "text/html"}),
        (gzip.compress(PAGE.encode()), {**HTML, "Content-Encoding": "gzip"}),
        (chunked(PAGE.encode()), {**HTML, "Transfer-Encoding": "chunked"}),
        (chunked(gzip.compress(PAGE.encode())), {**HTML, "Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        (PAGE.encode(), {**HTML, "Content-Encoding": "gzip"}),  # stored unpacked, the header left
        (PAGE.encode(), {**HTML, "Transfer-Encoding": "chunked"}),
        (PAGE.encode(), {"Content-Type": "application/xhtml+xml"}),
        (PAGE.encode(), {}),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_however_a_page_was_sent_its_text_is_the_same(body: bytes, said: dict[str, str], packed: bool) -> None:
    found = [r for c in chunks(archive((body, said), (PAGE.encode(), HTML), packed=packed)) for r in c.records]
    assert [record.error for record in found] == ["", ""]
    if packed:
        one, other = cleaned(archive((body, said), (PAGE.encode(), HTML)))
        assert one["clean_text"] == other["clean_text"] and "Brücke über" in str(one["clean_text"])


def test_what_is_no_page_is_passed_over_and_counted() -> None:
    data = archive((PAGE.encode(), HTML), (b"%PDF", {"Content-Type": "application/pdf"}), (b"{}", {}))
    data += archive((PAGE.encode(), HTML), status="302 Found") + archive((PAGE.encode(), HTML), status="404 Not Found")
    (chunk,) = chunks(data)
    assert len(chunk.records) == 1
    assert chunk.passed == {"warcinfo record": 3, "response that is not HTML": 2, "redirect": 1, "HTTP status 4xx": 1}


@pytest.mark.parametrize("packed", [True, False])
def test_a_record_that_is_cut_short_is_told_with_its_place(packed: bool) -> None:
    data = archive((PAGE.encode(), HTML), ((PAGE * 40).encode(), HTML), packed=packed)
    (chunk,) = chunks(data[:-70], "a.warc.gz" if packed else "a.warc")
    good, *broken = chunk.records
    assert not good.error and len(broken) == 1
    assert "cut short" in broken[0].error or "cannot be read" in broken[0].error
    assert "byte " in broken[0].place


def test_garbage_between_records_is_told_and_what_came_before_is_there() -> None:
    data = archive((PAGE.encode(), HTML))
    (chunk,) = chunks(data + b"no record at all" * 20)
    assert [bool(record.error) for record in chunk.records] == [False, True]
    assert "the rest of the file cannot be read" in chunk.records[1].error


def test_wacz() -> None:
    with zipfile.ZipFile("a.wacz", "w") as out:
        out.writestr("archive/b.warc.gz", archive((PAGE.encode(), HTML)))
        out.writestr("archive/a.warc", archive((PAGE.encode(), HTML), (PAGE.encode(), HTML), packed=False))
        out.writestr("pages/pages.jsonl", "{}")
    found = [r for c in chunks(Path("a.wacz").read_bytes(), "a.wacz") for r in c.records]
    assert [(r.position, r.error) for r in found] == [(0, ""), (1, ""), (2, "")]
    assert found[2].place.endswith("of archive/b.warc.gz")
    assert len(cleaned(Path("a.wacz").read_bytes(), "a.wacz")) == 3
