"""Rows as Arrow tables, for Parquet: types found in the values, and made one over all parts.

A column whose values have no common type becomes text: strings as they are, all else as JSON.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from cleaner.batch.json_lines import to_json
from cleaner.batch.work import RESULT_COLUMNS
from cleaner.errors import OptionError


class _Unfit(Exception):
    """A column's values do not go into the type that was chosen for it."""


def arrow() -> Any:
    """The pyarrow package. Raises OptionError where it is not installed."""
    try:
        import pyarrow
    except ImportError:
        raise OptionError("Parquet files need pyarrow; install article-cleaner[batch]") from None
    return pyarrow


def result_schema(prefix: str) -> Any:
    """The types of the columns that a result adds."""
    pa = arrow()
    removed = pa.list_(pa.struct([("kind", pa.string()), ("pieces", pa.int64()), ("words", pa.int64())]))
    types = (pa.string(), pa.string(), pa.float64(), pa.int64(), pa.int64(), removed, pa.list_(pa.string()))
    return pa.schema([(prefix + name, type_) for name, type_ in zip(RESULT_COLUMNS, types)])


def table_of(rows: Sequence[dict[str, Any]], prefix: str) -> Any:
    """Rows of any columns as a table."""
    pa = arrow()
    known = result_schema(prefix)
    names = dict.fromkeys(name for row in rows for name in row if name not in known.names)
    columns = {name: _array([row.get(name) for row in rows]) for name in names}
    for field in known:
        columns[field.name] = _array([row[field.name] for row in rows], field.type)
    return pa.table(columns)


def with_results(table: Any, kept: Sequence[int], results: Sequence[dict[str, Any]], left_out: Iterable[str], prefix: str) -> Any:
    """The rows `kept` of a record batch, in their own types, with their results beside them."""
    pa = arrow()
    wanted = [i for i, name in enumerate(table.schema.names) if name not in left_out]
    whole = pa.Table.from_batches([table]).select(wanted).take(pa.array(kept, pa.int64())).replace_schema_metadata(None)
    for field in result_schema(prefix):
        whole = whole.append_column(field.name, _array([row[field.name] for row in results], field.type))
    return whole


def pack_tables(tables: Sequence[Any]) -> bytes:
    """Tables as one part, an Arrow file."""
    pa = arrow()
    schema = merged([table.schema for table in tables], frozenset())
    text: frozenset[str] = frozenset()
    while True:
        try:
            whole = pa.concat_tables([_fitted(table, schema) for table in tables])
            break
        except _Unfit as unfit:
            text |= {str(unfit)}
            schema = merged([table.schema for table in tables], text)
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(whole.combine_chunks())
    return sink.getvalue()


def join_tables(parts: Sequence[Path], file: IO[bytes], empty: Any) -> None:
    """Write parts as one Parquet file, a row group each."""
    import pyarrow.parquet as parquet

    pa = arrow()
    text: frozenset[str] = frozenset()
    while True:
        schema = merged([_schema(part) for part in parts], text) if parts else empty
        try:
            with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
                for part in parts:
                    with pa.memory_map(str(part)) as source:
                        table = _fitted(pa.ipc.open_file(source).read_all(), schema)
                        writer.write_table(table, row_group_size=max(1, table.num_rows))
            return
        except _Unfit as unfit:
            text |= {str(unfit)}
            file.seek(0)
            file.truncate()


def merged(schemas: Sequence[Any], text: frozenset[str]) -> Any:
    """A schema that holds the columns of all, those named in `text` as text."""
    pa = arrow()
    types: dict[str, Any] = {}
    for schema in schemas:
        for field in schema:
            type_ = field.type if field.name not in text and _writable(field.type) else pa.string()
            types[field.name] = _common(types.get(field.name, type_), type_)
    return pa.schema(list(types.items()))


def _schema(part: Path) -> Any:
    pa = arrow()
    with pa.memory_map(str(part)) as source:
        return pa.ipc.open_file(source).schema


def _common(one: Any, other: Any) -> Any:
    pa = arrow()
    if one.equals(other):
        return one
    try:
        return pa.unify_schemas([pa.schema([("x", one)]), pa.schema([("x", other)])], promote_options="permissive").field(0).type
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.string()


def _writable(type_: Any) -> bool:
    """Whether Parquet can hold the type: it has no structs without fields."""
    if arrow().types.is_struct(type_) and type_.num_fields == 0:
        return False
    return all(_writable(type_.field(i).type) for i in range(type_.num_fields))


def _fitted(table: Any, schema: Any) -> Any:
    pa = arrow()
    columns = []
    for field in schema:
        if field.name not in table.schema.names:
            columns.append(pa.nulls(table.num_rows, field.type))
            continue
        column = table.column(field.name)
        if column.type.equals(field.type):
            columns.append(column)
        elif pa.types.is_string(field.type) and not pa.types.is_large_string(column.type):
            columns.append(pa.array(_in_text(column.to_pylist()), pa.string()))
        else:
            try:
                columns.append(column.cast(field.type))
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                raise _Unfit(field.name) from None
    return pa.table(columns, schema=schema)


def _array(values: Sequence[Any], type_: Any = None) -> Any:
    pa = arrow()
    try:
        found = pa.array(values, type_)
        if _writable(found.type):
            return found
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        if type_ is not None and not pa.types.is_string(type_):
            return pa.array([_readable(value) for value in values], type_)
    return pa.array(_in_text(values), pa.string())


def _in_text(values: Iterable[Any]) -> list[str | None]:
    return [None if v is None else _readable(v) if isinstance(v, str) else to_json(v).decode() for v in values]


def _readable(value: Any) -> Any:
    """A value without half characters, which Arrow does not take."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_readable(item) for item in value]
    return {key: _readable(item) for key, item in value.items()} if isinstance(value, dict) else value
