"""Cleaning for Spark: a DataFrame in, the same with the result's columns out; or one column to one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from cleaner.batch.work import Job
from cleaner.integrations import LibraryMissing
from cleaner.integrations.pandas_arrow import clean_frame, clean_record_batch
from cleaner.integrations.ready_job import ready

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType


def clean_dataframe(frame: DataFrame, job: Job | None = None) -> DataFrame:
    """The same rows and columns, and the result's columns beside them: `clean_error` says what failed.

    The rows go through Arrow, so whole numbers with gaps stay whole, which they do not in pandas. Raises OptionError
    where a column is missing or taken, RuleError where a rules folder does not exist.
    """
    work = ready(job)
    work.check(frame.columns)

    def clean(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield clean_record_batch(batch, work)

    return frame.mapInArrow(clean, result_schema(frame.schema, work.job))


def in_pandas(job: Job | None = None) -> Callable[[Iterator[pd.DataFrame]], Iterator[pd.DataFrame]]:
    """What `DataFrame.mapInPandas` takes, with `result_schema` as its schema."""
    work = ready(job)

    def clean(frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for frame in frames:
            yield clean_frame(frame, work)

    return clean


def text_udf(job: Job | None = None) -> Any:
    """A pandas UDF from a column of articles to a column of their texts, null where one failed."""
    try:
        import pandas as pd
        from pyspark.sql.functions import pandas_udf
    except ImportError:
        raise LibraryMissing("PySpark and pandas", "spark") from None
    work = ready(job)

    def clean(articles: pd.Series) -> pd.Series:
        outcomes = (work.row({work.job.fields.content: article}) for article in articles)
        return pd.Series([outcome.result.text if outcome.result else None for outcome in outcomes], dtype="object")

    # Spark reads the kind of the function in its annotations, which must be classes for that.
    clean.__annotations__ = {"articles": pd.Series, "return": pd.Series}
    return pandas_udf(clean, "string")


def result_schema(schema: StructType, job: Job | None = None) -> StructType:
    """A frame's schema with the result's columns at its end."""
    try:
        from pyspark.sql import types as t
    except ImportError:
        raise LibraryMissing("PySpark", "spark") from None
    kinds: dict[str, Any] = {
        "confidence": t.DoubleType(), "words": t.LongType(), "removed_words": t.LongType(), "warnings": t.ArrayType(t.StringType()),
        "removed": t.ArrayType(t.StructType([
            t.StructField("kind", t.StringType()), t.StructField("pieces", t.LongType()), t.StructField("words", t.LongType())
        ])),
    }  # fmt: skip
    job = job or Job()
    found = [t.StructField(name, kinds.get(name[len(job.prefix) :], t.StringType())) for name in job.names()]
    return t.StructType([*schema.fields, *found])
