"""Pages from WARC and WACZ archives, read by FastWARC: responses that are HTML and went well."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from cleaner.batch.records import Passed, Record
from cleaner.errors import OptionError

HTML_TYPES = frozenset(("text/html", "application/xhtml+xml"))
# The columns that hold a page and what its server said of its charset; a row's other columns go into the output.
CONTENT = "html"
CHARSET = "charset"


def read_warc(stream: IO[bytes]) -> Iterator[Record | Passed]:
    """A record for each page, with what is no page passed over by why."""
    yield from _read(stream, 0, "")


def read_wacz(stream: IO[bytes]) -> Iterator[Record | Passed]:
    """The pages of all WARC files in a WACZ, in the order of their names."""
    position = 0
    try:
        with zipfile.ZipFile(stream) as archive:
            names = sorted(n for n in archive.namelist() if n.startswith("archive/") and n.endswith((".warc", ".warc.gz")))
            for name in names:
                with archive.open(name) as member:
                    for item in _read(member, position, f" of {name}"):
                        position += isinstance(item, Record)
                        yield item
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        yield Record(position, {}, 0, "the archive", f"the rest of the file cannot be read: {error}")


def _read(stream: IO[bytes], position: int, within: str) -> Iterator[Record | Passed]:
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        raise OptionError("WARC files need FastWARC; install article-cleaner[batch]") from None
    at = 0
    records = iter(ArchiveIterator(stream, parse_http=False, record_types=WarcRecordType.any_type))
    while True:
        try:
            record = next(records)
            at = record.stream_pos
            data = record.reader.read()
        except StopIteration:
            return
        except Exception as error:
            yield Record(position, {}, 0, f"after byte {at:,}{within}", f"the rest of the file cannot be read: {error}")
            return
        item = _page(record, data, position, f"the record at byte {at:,}{within}")
        position += isinstance(item, Record)
        yield item


def _page(record: Any, data: bytes, position: int, place: str) -> Record | Passed:
    headers = record.headers
    kind = headers.get("WARC-Type") or "unknown"
    if kind != "response" or not (headers.get("Content-Type") or "").lower().startswith("application/http"):
        return Passed(f"{kind} record")
    row: dict[str, Any] = {
        "warc_record_id": headers.get("WARC-Record-ID"), "url": headers.get("WARC-Target-URI"), "date": headers.get("WARC-Date"),
    }  # fmt: skip
    declared = headers.get("Content-Length") or ""
    if declared.isdigit() and int(declared) > len(data):
        error = f"the record is cut short: {len(data):,} of {int(declared):,} bytes are there"
        return Record(position, {**row, CONTENT: data}, len(data), place, error)
    if headers.get("WARC-Truncated"):
        row["warc_truncated"] = headers.get("WARC-Truncated")
    http = _http(data)
    if http is None:
        return Record(position, {**row, CONTENT: data}, len(data), place, "the record's HTTP headers cannot be read")
    status, content_type, charset, body = http
    if not 200 <= status < 300:
        return Passed("redirect" if 300 <= status < 400 else f"HTTP status {status // 100}xx")
    if content_type not in HTML_TYPES and (content_type or body.lstrip()[:1] != b"<"):
        return Passed("response that is not HTML")
    return Record(position, {**row, CHARSET: charset, CONTENT: body}, len(body), place)


def _http(data: bytes) -> tuple[int, str, str | None, bytes] | None:
    """Status, content type, charset and body of an HTTP message.

    A body that is not encoded as its headers say is taken as it stands, as archives often hold it.
    """
    from fastwarc.warc import ArchiveIterator

    head = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
    for decoding in ("all", "transfer", "content", "none"):
        try:
            message = next(iter(ArchiveIterator(io.BytesIO(head % len(data) + data + b"\r\n\r\n"), parse_http=False)))
            message.parse_http(auto_decode=decoding)
            body = message.reader.read()
        except Exception:
            continue
        status = message.http_headers.status_code if message.http_headers else None
        if status is None:
            return _headless(data)
        return status, (message.http_content_type or "").lower(), message.http_charset, body
    return None


def _headless(data: bytes) -> tuple[int, str, None, bytes] | None:
    """The same of a message that has a status line and no headers."""
    line, parted, body = data.partition(b"\r\n\r\n")
    words = line.split()
    whole = parted and line.startswith(b"HTTP/") and b"\n" not in line and len(words) > 1 and words[1].isdigit()
    return (int(words[1]), "", None, body) if whole else None
