"""A batch on a Ray cluster of two machines that is reached by its address, one of which is lost on the way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import batch_runs
import pytest
from batch_runs import files, row, run, write_lines

from cleaner.batch import engine as batch
from cleaner.commands import batch as cli_batch

pytest.importorskip("ray", reason="ray is not installed")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="several processes of Ray"),
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]
COMMAND = ("a.jsonl", "-o", "out/clean.jsonl", "--part", "32")


@pytest.fixture
def cluster() -> Iterator[Any]:
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    yield made
    made.shutdown()


def test_a_lost_machine_costs_nothing(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ray

    other = cluster.add_node(num_cpus=2)
    monkeypatch.chdir(tmp_path)
    write_lines("a.jsonl", [row(n) for n in range(400)])
    with monkeypatch.context() as here:
        here.setattr(batch, "Pool", batch_runs.Inline)
        assert run(*COMMAND).exit_code == 0
    wanted = files("out")
    Path("out/clean.jsonl").unlink()
    lost = []

    def run_and_lose(plan: Any, watch: Any, engine: Any) -> Any:
        def watched(step: Any) -> None:
            if step.summary.documents >= 100 and not lost:
                lost.append(ray.cluster_resources()["CPU"])
                cluster.remove_node(other, allow_graceful=False)
            watch(step)

        return batch.run(plan, watched, engine)

    monkeypatch.setattr(cli_batch, "run", run_and_lose)
    done = run(*COMMAND, "--engine", "ray", "--address", cluster.address)
    assert (done.exit_code, lost) == (0, [3.0]), done.output
    assert files("out") == wanted
    assert not ray.is_initialized()


def test_an_address_where_no_cluster_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_lines("a.jsonl", [row(1)])
    done = run(*COMMAND, "--engine", "ray", "--address", "nowhere")
    assert done.exit_code == 2 and "--address nowhere: cannot connect to a Ray cluster there" in done.output
