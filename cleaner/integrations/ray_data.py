"""Cleaning for Ray Data: a dataset in, the same dataset with the result's columns out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.batch.work import Job
from cleaner.integrations.pandas_arrow import clean_table
from cleaner.integrations.ready_job import ReadyJob, ready

if TYPE_CHECKING:
    import pyarrow as pa
    import ray.data

BATCH_ROWS = 64


class CleanBatches:
    """What `Dataset.map_batches` calls with `batch_format="pyarrow"`; an actor holds one, and reads the rules once."""

    def __init__(self, work: ReadyJob) -> None:
        self.work = work
        work.rules()

    def __call__(self, batch: pa.Table) -> pa.Table:
        return clean_table(batch, self.work)


def clean_dataset(
    dataset: ray.data.Dataset, job: Job | None = None, *, workers: int | tuple[int, int] = 1, batch_size: int = BATCH_ROWS
) -> ray.data.Dataset:
    """A dataset with the same rows, and the result's columns beside their own: `clean_error` says what failed.

    `workers` are processes of one core each, or the least and the most of them. It is lazy, as all of Ray Data is.
    Raises RuleError where a rules folder does not exist.
    """
    return dataset.map_batches(
        CleanBatches, fn_constructor_args=(ready(job),), batch_format="pyarrow", batch_size=batch_size, concurrency=workers, num_cpus=1
    )
