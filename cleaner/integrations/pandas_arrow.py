"""Cleaning for pandas and Arrow: a frame, a record batch or a table in, the same with the result's columns out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.batch.arrow import result_schema, table_of
from cleaner.batch.work import ERROR_COLUMN, Job
from cleaner.integrations import LibraryMissing
from cleaner.integrations.ready_job import ReadyJob, ready

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def clean_frame(frame: pd.DataFrame, job: Job | ReadyJob | None = None) -> pd.DataFrame:
    """A new frame with the same rows, index and columns, and the result's columns beside them.

    A row that fails has its reason in `clean_error` and nothing in the others. Raises OptionError where a column is
    missing or taken.
    """
    try:
        import pandas as pd
    except ImportError:
        raise LibraryMissing("pandas", "pandas") from None
    work = job if isinstance(job, ReadyJob) else ready(job)
    work.check([*frame.columns])
    read = {name: _values(frame[name]) for name in work.read_columns()}
    found = work.columns(read)
    kinds = {"confidence": "float64", "words": "Int64", "removed_words": "Int64"}
    made = {}
    for name, values in found.items():
        made[name] = pd.Series(values, index=frame.index, dtype=kinds.get(name[len(work.job.prefix) :], "object"))
    return frame.assign(**made)


def clean_record_batch(batch: pa.RecordBatch, job: Job | ReadyJob | None = None) -> pa.RecordBatch:
    """A record batch with the same rows and columns, and the result's columns beside them, as `clean_frame`."""
    pa = _arrow()
    made = clean_table(pa.Table.from_batches([batch]), job)
    found = made.combine_chunks().to_batches()
    return found[0] if found else pa.RecordBatch.from_pylist([], schema=made.schema)


def clean_table(table: pa.Table, job: Job | ReadyJob | None = None) -> pa.Table:
    """A table with the same rows and columns, and the result's columns beside them, as `clean_frame`."""
    _arrow()
    work = job if isinstance(job, ReadyJob) else ready(job)
    work.check(table.column_names)
    found = work.columns({name: table.column(name).to_pylist() for name in work.read_columns()})
    results = results_table(found, work.job)
    for field in results.schema:
        table = table.append_column(field, results.column(field.name))
    return table


def results_table(found: dict[str, list[Any]], job: Job) -> pa.Table:
    """The result's columns as a table. Half characters, which Arrow does not take, become question marks."""
    rows = [dict(zip(found, values)) for values in zip(*found.values())]
    schema = results_schema(job)
    return table_of(rows, job.prefix).select(job.names()).cast(schema) if rows else schema.empty_table()


def results_schema(job: Job) -> pa.Schema:
    """The types of the result's columns, the error's last."""
    pa = _arrow()
    return result_schema(job.prefix).append(pa.field(job.prefix + ERROR_COLUMN, pa.string()))


def _values(column: pd.Series) -> list[Any]:
    """A column's values, those that are missing as None."""
    missing = column.isna()
    return [None if gone else value for value, gone in zip(column.tolist(), missing.tolist())]


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise LibraryMissing("pyarrow", "pandas") from None
    return pyarrow
