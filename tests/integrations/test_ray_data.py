"""Ray Data: actors clean the blocks, and every row comes back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from articles import BODY, CLEAN, NOTHING, URL, rows

from cleaner.batch.work import Fields, Job
from cleaner.integrations.ray_data import clean_dataset

pytest.importorskip("ray", reason="ray is not installed")
pytest.importorskip("ray.data", reason="ray[data] is not installed")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="several processes of Ray"),
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    import ray

    ray.init("local", num_cpus=3, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield ray
    ray.shutdown()


def test_a_dataset(ray: Any) -> None:
    import ray.data

    many = [*rows(), *({"id": n, "url": URL, "text": BODY} for n in range(4, 40))]
    job = Job(Fields(url="url"))
    made = clean_dataset(ray.data.from_items(many, override_num_blocks=4), job, workers=2, batch_size=5).take_all()
    by_id = {row["id"]: row for row in made}
    assert len(made) == len(many) and set(by_id) == set(range(1, 40))
    assert [by_id[i]["clean_text"] for i in (1, 2, 3)] == [CLEAN, None, BODY]
    assert [by_id[i]["clean_error"] for i in (1, 2, 3)] == [None, NOTHING, None]
    assert by_id[1]["clean_removed"] == [{"kind": "ad", "pieces": 1, "words": 1}, {"kind": "legal", "pieces": 1, "words": 3}]
    assert list(by_id[1]) == ["id", "url", "text", *job.names()]
