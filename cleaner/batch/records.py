"""Records: what readers give and workers take, a few at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from cleaner.batch.json_lines import from_json
from cleaner.errors import InputError

# A chunk holds at most so many records, and is full once its records have so many bytes.
CHUNK_RECORDS = 128
CHUNK_BYTES = 1 << 20
# Of a record larger than this only the beginning is held in memory.
LARGEST = 1 << 28
SHOWN = 1 << 16


class Record(NamedTuple):
    """One record of an input, the `position`-th of it (from 0).

    `data` is a line of JSON as it is stored, or a row. `place` says where it stands. `error` is why it cannot be
    used, "" if it can; then `data` is as much as could be read.
    """

    position: int
    data: bytes | dict[str, Any]
    size: int
    place: str
    error: str = ""

    def row(self) -> dict[str, Any]:
        """The record's columns. Raises InputError where it is no JSON object."""
        return row_of(self.data)


def row_of(data: bytes | dict[str, Any]) -> dict[str, Any]:
    """The columns of a record that is stored as `data`. Raises InputError where it is no JSON object."""
    if isinstance(data, dict):
        return data
    try:
        row = from_json(data)
    except UnicodeDecodeError as error:
        raise InputError(f"the line is not UTF-8: {error.reason} at its byte {error.start}") from None
    except RecursionError:
        raise InputError("the line is no JSON that can be read: it is nested too deep") from None
    except ValueError as error:
        raise InputError(f"the line is not JSON: {error}") from None
    if not isinstance(row, dict):
        raise InputError(f"the line is JSON, but not an object with columns: it starts with {data[:20].decode('utf-8', 'replace')}")
    return row


class Chunk(NamedTuple):
    """Some records in a row. `table` holds the same rows as an Arrow record batch, where they came as one.

    `passed` counts what was passed over between them on purpose, by why. `next` is the number of the item, record or
    passed over, that comes after; `offset` is how far into the stored bytes the reading has come.
    """

    records: list[Record]
    table: Any
    passed: Counter[str]
    next: int
    offset: int

    @property
    def size(self) -> int:
        """Bytes of the records."""
        return sum(record.size for record in self.records)


class Passed(NamedTuple):
    """A piece of an input that is no document, and why."""

    why: str


def in_chunks(found: Iterable[Record | Passed], start: int, offset: Callable[[], int]) -> Iterator[Chunk]:
    """Group what a reader finds from its item `start` on; where a chunk ends depends on its items alone."""
    records: list[Record] = []
    passed: Counter[str] = Counter()
    size = number = 0
    for number, item in enumerate(islice(found, start, None), start + 1):
        if isinstance(item, Passed):
            passed[item.why] += 1
        else:
            records.append(item)
            size += item.size
        if len(records) >= CHUNK_RECORDS or size >= CHUNK_BYTES:
            yield Chunk(records, None, passed, number, offset())
            records, passed, size = [], Counter(), 0
    if records or passed:
        yield Chunk(records, None, passed, number, offset())
