"""Hugging Face datasets: the cache is used as long as nothing that decides has changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from articles import BODY, CLEAN, NOTHING, TEXT, own_rules, rows

import cleaner
from cleaner.batch.work import Fields, Job
from cleaner.errors import OptionError
from cleaner.integrations.huggingface import CleanColumns, clean_dataset
from cleaner.options import Options

pytest.importorskip("datasets", reason="datasets is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # datasets' own
JOB = Job(Fields(url="url"))


@pytest.fixture
def stored(tmp_path: Path) -> Any:
    from datasets import Dataset, load_from_disk

    Dataset.from_list(rows()).save_to_disk(str(tmp_path / "data"))
    return load_from_disk(str(tmp_path / "data"))


def fingerprint(job: Job) -> str:
    from datasets.fingerprint import Hasher

    return str(Hasher.hash(CleanColumns(job)))


def test_a_dataset(stored: Any) -> None:
    made = clean_dataset(stored, JOB, batch_size=1)
    assert made.column_names == [*stored.column_names, *JOB.names()]
    assert list(made["clean_text"]) == [CLEAN, None, BODY] and list(made["clean_error"]) == [None, NOTHING, None]
    assert made[0]["clean_removed"] == [{"kind": "ad", "pieces": 1, "words": 1}, {"kind": "legal", "pieces": 1, "words": 3}]
    assert list(made["text"]) == [TEXT, None, BODY]


def test_a_stream_and_processes(stored: Any) -> None:
    stream = clean_dataset(stored.to_iterable_dataset(), JOB)
    assert [row["clean_text"] for row in stream] == [CLEAN, None, BODY]
    assert list(clean_dataset(stored, JOB, num_proc=2)["clean_text"]) == [CLEAN, None, BODY]


def test_the_cache_is_used_until_something_changes(stored: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[int] = []
    clean = CleanColumns.__call__

    def counted(self: CleanColumns, columns: Any) -> Any:
        called.append(1)
        return clean(self, columns)

    monkeypatch.setattr(CleanColumns, "__call__", counted)
    job = Job(Fields(url="url"), rules=(own_rules(tmp_path / "rules", "Hand on the ribbon"),))
    first = clean_dataset(stored, job)
    assert len(called) == 1
    again = clean_dataset(stored, job)
    assert len(called) == 1 and again._fingerprint == first._fingerprint
    own_rules(tmp_path / "rules", "Nobody cut a ribbon")
    assert clean_dataset(stored, job)._fingerprint != first._fingerprint and len(called) == 2


def test_what_changes_the_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Job(rules=(own_rules(tmp_path / "rules", "Hand on the ribbon"),))
    before = {job: fingerprint(job) for job in (Job(), own, Job(options=Options("precision")), Job(options=Options(site="a.example")), JOB)}
    assert len(set(before.values())) == len(before)
    assert {job: fingerprint(job) for job in before} == before
    worked = CleanColumns()
    worked({"text": [TEXT]})
    from datasets.fingerprint import Hasher

    assert Hasher.hash(worked) == before[Job()]
    own_rules(tmp_path / "rules", "Mayor of the week")
    assert fingerprint(own) != before[own] and fingerprint(Job()) == before[Job()]
    monkeypatch.setattr(cleaner, "__version__", "99")
    assert fingerprint(Job()) != before[Job()]


def test_the_fingerprint_is_the_same_in_another_process() -> None:
    code = (
        "from datasets.fingerprint import Hasher; from cleaner.integrations.huggingface import CleanColumns; "
        "from cleaner.batch.work import Fields, Job; print(Hasher.hash(CleanColumns(Job(Fields(url='url')))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == fingerprint(JOB)


def test_columns_that_are_missing(stored: Any) -> None:
    with pytest.raises(OptionError, match="no column 'page'; there are: id, url, text"):
        clean_dataset(stored, Job(Fields("page")))
