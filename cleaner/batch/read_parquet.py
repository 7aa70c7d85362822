"""Rows of Parquet files, read by pyarrow: a few at a time, whatever the size of a row group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

from cleaner.batch.records import CHUNK_RECORDS, Chunk, Record
from cleaner.errors import InputError, OptionError

# Bytes of a column that are read ahead.
READ_AHEAD = 1 << 20


def read_parquet(stream: IO[bytes], start: int, columns: tuple[str, ...] | None) -> Iterator[Chunk]:
    """Chunks from row `start` on. `columns` are those that the records' rows hold; the table holds all.

    A row group that cannot be read becomes one record with an error for each of its rows' places.
    """
    file = open_parquet(stream)
    first = 0
    for group in range(file.num_row_groups):
        count = file.metadata.row_group(group).num_rows
        done = first
        if first + count > start:
            for table in _batches(file, group):
                if isinstance(table, Exception):
                    place = f"rows {done + 1:,} to {first + count:,}"
                    lost = [Record(n, {}, 0, place if n == done else f"row {n + 1:,}", f"cannot be read: {table}") for n in range(done, first + count)]
                    for i in range(0, len(lost), CHUNK_RECORDS):
                        if lost[i].position >= start:
                            some = lost[i : i + CHUNK_RECORDS]
                            yield Chunk(some, None, Counter(), some[-1].position + 1, stream.tell())
                    break
                if done >= start:
                    yield Chunk(_records(table, done, columns), table, Counter(), done + table.num_rows, stream.tell())
                done += table.num_rows
        first += count


def open_parquet(stream: IO[bytes]) -> Any:
    """A Parquet file. Raises InputError where it is none."""
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise OptionError("Parquet files need pyarrow; install article-cleaner[batch]") from None
    try:
        file = parquet.ParquetFile(stream, pre_buffer=False, buffer_size=READ_AHEAD)
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"is not a Parquet file that can be read: {error}") from None
    names = file.schema_arrow.names
    if len(set(names)) < len(names):
        twice = sorted(name for name in set(names) if names.count(name) > 1)
        raise InputError(f"the file has two columns of one name ({', '.join(twice)}); rename one")
    return file


def _batches(file: Any, group: int) -> Iterator[Any]:
    batches = file.iter_batches(CHUNK_RECORDS, row_groups=[group])
    while True:
        try:
            yield next(batches)
        except StopIteration:
            return
        except Exception as error:
            yield error
            return


def _records(table: Any, first: int, columns: tuple[str, ...] | None) -> list[Record]:
    wanted = [name for name in table.schema.names if columns is None or name in columns]
    rows: list[dict[str, Any]] = [{} for _ in range(table.num_rows)]
    for name in wanted:
        for row, value in zip(rows, values_of(table.column(table.schema.names.index(name)))):
            row[name] = value
    each = table.nbytes // max(1, table.num_rows)
    return [Record(first + i, row, each, f"row {first + i + 1:,}") for i, row in enumerate(rows)]


def values_of(column: Any) -> list[Any]:
    """An Arrow column as Python values; in words those that Python has no type for, as times in nanoseconds."""
    import pyarrow

    try:
        if pyarrow.types.is_temporal(column.type):
            raise ValueError
        return list(column.to_pylist())
    except (ValueError, pyarrow.ArrowException):
        return list(column.cast(pyarrow.string()).to_pylist())
