"""Cleaning for Hugging Face datasets: a dataset in, the same with the result's columns out, cached as their maps are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from cleaner.batch.work import Job
from cleaner.integrations import LibraryMissing
from cleaner.integrations.ready_job import Columns, ready

if TYPE_CHECKING:
    import datasets

    Data = TypeVar("Data", datasets.Dataset, datasets.IterableDataset)

BATCH_ROWS = 64


class CleanColumns:
    """What `Dataset.map` calls with `batched=True`: gives the result's columns, which are put beside the others.

    datasets reads its state to see whether it has the result in its cache. The state holds a digest of the package's
    version, its rules and models and those of the job's folders: a change in any of them cleans anew, else the cache
    is used.
    """

    def __init__(self, job: Job | None = None) -> None:
        self.work = ready(job)

    def __call__(self, columns: Columns) -> dict[str, list[Any]]:
        return self.work.columns({name: columns[name] for name in columns})


def clean_dataset(dataset: Data, job: Job | None = None, *, batch_size: int = BATCH_ROWS, **options: Any) -> Data:
    """A dataset with the same rows, and the result's columns beside their own: `clean_error` says what failed.

    Takes a `Dataset`, or an `IterableDataset` whose columns are known. `options` are those of its `map`, as
    `num_proc=8`. Raises OptionError where a column is missing or taken.
    """
    job = job or Job()
    if dataset.features is not None:
        CleanColumns(job).work.check(list(dataset.features))
        options.setdefault("features", result_features(dataset.features, job))
    return dataset.map(CleanColumns(job), batched=True, batch_size=batch_size, **options)


def result_features(features: datasets.Features, job: Job | None = None) -> datasets.Features:
    """A dataset's features with the result's columns at their end; without them a batch without errors has no type."""
    try:
        from datasets import Features, List, Value
    except ImportError:
        raise LibraryMissing("datasets", "huggingface") from None
    kinds: dict[str, Any] = {
        "confidence": Value("float64"), "words": Value("int64"), "removed_words": Value("int64"), "warnings": List(Value("string")),
        "removed": List({"kind": Value("string"), "pieces": Value("int64"), "words": Value("int64")}),
    }  # fmt: skip
    job = job or Job()
    found = {name: kinds.get(name[len(job.prefix) :], Value("string")) for name in job.names()}
    return Features({**features, **found})
