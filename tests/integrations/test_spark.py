"""Spark: a session of this machine with two worker processes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from articles import BODY, CLEAN, MORE, NOTHING, TEXT, own_rules, rows

from cleaner.batch.work import Fields, Job
from cleaner.errors import OptionError
from cleaner.integrations.spark import clean_dataframe, in_pandas, result_schema, text_udf

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java runtime"),
    pytest.mark.filterwarnings("ignore"),  # Spark's own
]
JOB = Job(Fields(url="url"))
BIG = 2**53 + 1


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "2")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = builder.getOrCreate()
        yield session
        session.stop()


def frame_of(spark: Any, found: list[dict[str, Any]]) -> Any:
    return spark.createDataFrame(found, "id long, url string, text string")


def test_a_dataframe(spark: Any) -> None:
    # With an id that pandas would round, since another is missing.
    frame = frame_of(spark, [*rows(), {"id": BIG, "text": BODY}, {"id": None, "text": BODY}]).repartition(2)
    made = {row["id"]: row.asDict(recursive=True) for row in clean_dataframe(frame, JOB).collect()}
    assert set(made) == {1, 2, 3, BIG, None}
    assert [made[i]["clean_text"] for i in (1, 2, 3)] == [CLEAN, None, BODY]
    assert [made[i]["clean_error"] for i in (1, 2, 3)] == [None, NOTHING, None]
    assert made[1]["clean_removed"] == [{"kind": "ad", "pieces": 1, "words": 1}, {"kind": "legal", "pieces": 1, "words": 3}]
    assert list(made[1]) == ["id", "url", "text", *JOB.names()] and made[1]["text"] == TEXT


def test_map_in_pandas(spark: Any) -> None:
    frame = frame_of(spark, rows())
    made = frame.mapInPandas(in_pandas(JOB), schema=result_schema(frame.schema, JOB)).orderBy("id").collect()
    assert [(row["clean_text"], row["clean_error"], row["clean_removed_words"]) for row in made] == [
        (CLEAN, None, 4), (None, NOTHING, None), (BODY, None, 0)
    ]  # fmt: skip
    assert made[0]["clean_removed"][0].asDict() == {"kind": "ad", "pieces": 1, "words": 1}


def test_a_column(spark: Any, tmp_path: Path) -> None:
    job = Job(rules=(own_rules(tmp_path / "rules", "Hand on the ribbon"),))
    frame = frame_of(spark, [*rows(), {"id": 4, "text": f"{BODY}\n\nHand on the ribbon\n\n{MORE}"}])
    made = frame.withColumn("article", text_udf(job)("text")).orderBy("id").collect()
    assert [row["article"] for row in made] == [CLEAN, None, BODY, CLEAN]


def test_columns_that_are_missing_are_told_before_anything_runs(spark: Any) -> None:
    with pytest.raises(OptionError, match="no column 'page'; there are: id, url, text"):
        clean_dataframe(frame_of(spark, rows()), Job(Fields("page")))
