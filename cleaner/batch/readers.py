"""Read an input's records in order, a chunk at a time, from any item of it on.

What cannot be read becomes a record with an error that says where it stands, and the reading goes on behind it.
"""

from __future__ import annotations

import csv
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from cleaner.batch.inputs import Input, Store
from cleaner.batch.read_parquet import open_parquet, read_parquet
from cleaner.batch.read_warc import read_wacz, read_warc
from cleaner.batch.records import LARGEST, SHOWN, Chunk, Passed, Record, in_chunks
from cleaner.errors import InputError, OptionError

BLOCK = 1 << 16
DELIMITERS = ",;\t|"


def read(source: Input, start: int = 0, *, columns: tuple[str, ...] | None = None) -> Iterator[Chunk]:
    """The chunks of an input from its item `start` on.

    `columns`: those of a Parquet file that are wanted as rows; None means all. Raises OSError where the input cannot
    be opened, OptionError where a library is missing.
    """
    if source.store is Store.ARTICLES:
        yield from in_chunks(_articles(source, start), 0, lambda: 0) if start == 0 else _later(source, start)
        return
    with _opened(source) as (stream, raw):
        if source.store is Store.PARQUET:
            for chunk in read_parquet(stream, start, columns):
                if raw.failure is not None:
                    raise raw.failure
                yield chunk
            return
        reader = {Store.JSONL: _lines, Store.CSV: _csv, Store.WARC: read_warc, Store.WACZ: read_wacz}[source.store]
        for chunk in in_chunks(reader(stream), start, raw.tell):
            if raw.failure is not None:
                raise raw.failure
            yield chunk


@contextmanager
def _opened(source: Input) -> Iterator[tuple[IO[bytes], _Stored]]:
    """The input's bytes, decompressed, and the stored ones beneath."""
    with source.open() as file:
        stored = _Stored(file)
        # WARC's compression is a member for each record, which its own reader takes apart.
        plain = not source.compression or source.store is Store.WARC
        raw = stored if plain else _Decompressed(stored, source.compression)
        with io.BufferedReader(raw, BLOCK * 4) as stream:
            yield stream, stored


class _Stored(io.RawIOBase):
    """The stored bytes. Remembers a `failure` to get them: broken data is the input's fault, and becomes a record
    with an error; a disk or a network that fails is not, and stops the run, so that it can go on later."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.failure: OSError | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self.file.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def readinto(self, buffer: Any) -> int:
        try:
            data = self.file.read(len(buffer))
        except Exception as error:  # each protocol's library has errors of its own
            self.failure = error if isinstance(error, OSError) else OSError(f"{type(error).__name__}: {error}")
            raise
        buffer[: len(data)] = data
        return len(data)


class _Decompressed(io.RawIOBase):
    """gzip members or zstd frames one after the other. All that can be had is given before the error at the end."""

    def __init__(self, raw: _Stored, compression: str) -> None:
        self.raw = raw
        self.compression = compression
        self.part: Any = None
        self.ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.ready:
            data = self.part.unused_data if self.part is not None and self.part.eof else b""
            if not data:
                data = self.raw.read(BLOCK)
            if not data:
                if self.part is not None and not self.part.eof:
                    raise EOFError(f"the {self.compression} stream ends before its end")
                return 0
            if self.part is None or self.part.eof:
                self.part = self._fresh()
            self.ready = memoryview(self.part.decompress(data))
        count = min(len(buffer), len(self.ready))
        buffer[:count] = self.ready[:count]
        self.ready = self.ready[count:]
        return count

    def _fresh(self) -> Any:
        if self.compression == "gzip":
            return zlib.decompressobj(wbits=31)
        try:
            import zstandard
        except ImportError:
            raise OptionError("zstd files need the zstandard package; install article-cleaner[batch]") from None
        return zstandard.ZstdDecompressor().decompressobj()


def _lines(stream: IO[bytes]) -> Iterator[Record | Passed]:
    position = number = 0
    line = b""
    try:
        while line := stream.readline(LARGEST):
            number += 1
            size = len(line)
            error = ""
            if size >= LARGEST and not line.endswith(b"\n"):
                while rest := stream.readline(LARGEST):
                    size += len(rest)
                    if rest.endswith(b"\n"):
                        break
                line, error = line[:SHOWN], f"the line has {size:,} bytes, more than are held at once; its beginning is kept here"
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            line = line.strip()
            if line:
                yield Record(position, line, size, f"line {number:,}", error)
                position += 1
            else:
                yield Passed("empty line")
    except Exception as error:
        yield _broken(position, f"after line {number:,}", error)


def _csv(stream: IO[bytes]) -> Iterator[Record | Passed]:
    position = 0
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    csv.field_size_limit(min(LARGEST, sys.maxsize))
    try:
        header = text.readline()
        delimiter = max(DELIMITERS, key=header.count)
        names = next(csv.reader([header], delimiter=delimiter), [])
        rows = csv.reader(text, delimiter=delimiter)
        while True:
            before = rows.line_num + 2
            try:
                values = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                yield Record(position, {}, 0, f"line {before:,}", f"the row is not CSV: {error}")
                position += 1
                continue
            if not values:
                yield Passed("empty line")
                continue
            yield _csv_record(position, names, values, f"line {before:,}")
            position += 1
    except Exception as error:
        yield _broken(position, f"after row {position:,}", error)
    finally:
        text.detach()


def _csv_record(position: int, names: list[str], values: list[str], place: str) -> Record:
    row: dict[str, Any] = dict(zip(names, values))
    size = sum(map(len, values))
    error = ""
    if len(values) != len(names):
        row = {**row, "more columns": values[len(names) :]} if len(values) > len(names) else row
        error = f"the row has {len(values)} columns, the header {len(names)}"
    elif not all(value.isascii() or value.isprintable() or _is_unicode(value) for value in values):
        row = {name: value.encode("utf-8", "surrogateescape") for name, value in zip(names, values)}
        error = "the row is not UTF-8"
    return Record(position, row, size, place, error)


def _is_unicode(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _articles(source: Input, start: int) -> Iterator[Record | Passed]:
    for position, member in enumerate(source.members[start:], start):
        try:
            data = member.read()
        except OSError as error:
            yield Record(position, {"path": member.name}, 0, f"file {member.name}", error.strerror or str(error))
        else:
            yield Record(position, {"path": member.name, "content": data}, len(data), f"file {member.name}")


def _later(source: Input, start: int) -> Iterator[Chunk]:
    """Articles from `start` on, without reading those before."""
    for chunk in in_chunks(_articles(source, start), 0, lambda: 0):
        yield chunk._replace(next=chunk.next + start)


def _broken(position: int, place: str, error: Exception) -> Record:
    """The last record of an input whose bytes end in an error."""
    return Record(position, {}, 0, place, f"the rest of the file cannot be read: {error or type(error).__name__}")


def columns_of(source: Input) -> list[str]:
    """The names of an input's columns: a Parquet file's, or those of its first records."""
    if source.store is Store.PARQUET:
        with _opened(source) as (stream, _):
            return [str(name) for name in open_parquet(stream).schema_arrow.names]
    names: dict[str, None] = {}
    for chunk in read(source):
        for record in chunk.records:
            try:
                names |= dict.fromkeys(record.row())
            except InputError:
                continue
        break
    return list(names)
