"""A batch on a Ray cluster of several processes: the same bytes, also when processes are killed on the way."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import batch_runs
import pytest
from batch_runs import files, row, rows_of, run, write_lines

from cleaner.batch import records
from cleaner.batch.engine import run as run_plan
from cleaner.batch.pool import Lost
from cleaner.batch.serve import Answers, one_by_one
from cleaner.commands import batch as cli_batch
from cleaner.errors import CleanerError, OptionError
from cleaner.integrations import LibraryMissing, ray_pool
from cleaner.integrations.ray_pool import RayPool

pytest.importorskip("ray", reason="ray is not installed")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="kills by signals"),
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]


class Some(NamedTuple):
    items: tuple[Any, ...]


@pytest.fixture(autouse=True)
def _small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough of them that some are under way when a process is killed."""
    monkeypatch.setattr(records, "CHUNK_RECORDS", 16)


def start(folder: str) -> Answers:
    """What a process answers: twice the item, unless the item is a word that says what to do."""

    def answer(task: Some, i: int) -> Any:
        item = task.items[i]
        if isinstance(item, int):
            return 2 * item
        word, _, name = item.partition(" ")
        tried = Path(folder) / name
        with tried.open("a") as file:
            file.write("x")
        if word == "exit":
            os._exit(3)
        if word == "machine" or (word == "once" and tried.read_text() == "x"):
            os.kill(os.getppid(), signal.SIGKILL)  # the process that Ray started, as when a machine is lost
            signal.pause()
        return word

    return one_by_one(answer)


def broken() -> Answers:
    raise ValueError("no rules here")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    import ray

    # Where the cluster's processes find `start`.
    here = {"env_vars": {"PYTHONPATH": os.pathsep.join(map(str, Path(__file__).parents[:2]))}}
    ray.init("local", num_cpus=3, include_dashboard=False, log_to_driver=False, logging_level="ERROR", runtime_env=here)
    yield ray
    ray.shutdown()


def answers(folder: Path, *tasks: tuple[Any, ...]) -> list[list[Any]]:
    with RayPool(partial(start, str(folder)), workers=2, timeout=None) as pool:
        return [list(found) for _, found in pool.run(iter([Some(task) for task in tasks]))]


def test_answers_come_in_order(cluster: Any, tmp_path: Path) -> None:
    tasks = [tuple(range(n, n + n % 4)) for n in range(40)]
    assert answers(tmp_path, *tasks) == [[2 * i for i in task] for task in tasks]


def test_a_process_killed_on_the_way_costs_nothing(cluster: Any, tmp_path: Path) -> None:
    tasks = [(n, f"once {n}", n + 1) if n % 5 == 2 else (n, n + 1) for n in range(12)]
    assert answers(tmp_path, *tasks) == [["once" if isinstance(i, str) else 2 * i for i in task] for task in tasks]
    assert [(tmp_path / str(n)).read_text() for n in (2, 7)] == ["xx", "xx"]


def test_an_item_that_ends_its_process_is_told_as_without_ray(cluster: Any, tmp_path: Path) -> None:
    assert answers(tmp_path, (1, "exit a", 2), (3,)) == [[2, Lost("ended the process that cleaned it: exit status 3"), 4], [6]]


def test_work_with_which_processes_are_lost_again_and_again_stops_the_run(cluster: Any, tmp_path: Path) -> None:
    with pytest.raises(CleanerError, match="lost 6 processes with the same work"):
        answers(tmp_path, ("machine a",))
    assert (tmp_path / "a").read_text() == "x" * 6


def test_a_setup_that_fails_stops_all(cluster: Any) -> None:
    with RayPool(broken, workers=2, timeout=None) as pool, pytest.raises(CleanerError, match=r"^no rules here$"):
        list(pool.run(iter([Some((1,))])))


def test_a_machine_with_other_rules_takes_no_part(cluster: Any, tmp_path: Path) -> None:
    with RayPool(partial(start, str(tmp_path)), workers=1, timeout=None) as pool:
        pool.digest = "of another version"
        with pytest.raises(CleanerError, match="install the same version there"):
            list(pool.run(iter([Some((1,))])))


def corpus() -> None:
    rows: list[Any] = [row(n) for n in range(150)]
    rows[40] = b"{broken"
    rows[90] = {"id": 90, "text": None}
    write_lines("a.jsonl", rows)
    write_lines("b.jsonl", [row(n, more=[n]) for n in range(150, 200)])


COMMAND = ("a.jsonl", "b.jsonl", "-o", "out/clean.jsonl", "--part", "16", "--removed", "out/removed.jsonl", "--json", "--workers", "3")


def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, bytes], str]:
    """What a run without Ray writes and says, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    corpus()
    with monkeypatch.context() as here:
        here.setattr(cli_batch.batch, "Pool", batch_runs.Inline)
        done = run(*COMMAND)
    assert done.exit_code == 1, done.output  # two were rejected
    found = files("out")
    for name in found:
        (tmp_path / "out" / name).unlink()
    return found, done.output


def test_the_command_writes_and_says_the_same(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, said = local(tmp_path, monkeypatch)
    assert set(wanted) == {"clean.jsonl", "clean.rejects.jsonl", "removed.jsonl"}
    done = run(*COMMAND, "--engine", "ray")
    assert (done.exit_code, done.output) == (1, said)
    assert files("out") == wanted
    assert [r["id"] for r in rows_of("out/clean.jsonl")] == [n for n in range(200) if n not in (40, 90)]


def test_the_output_is_the_same_when_processes_are_killed(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, _ = local(tmp_path, monkeypatch)
    killed = []

    def run_and_kill(plan: Any, watch: Any, engine: Any) -> Any:
        pools: list[RayPool] = []

        def started(*args: Any, **options: Any) -> RayPool:
            pools.append(engine(*args, **options))
            return pools[0]

        def watched(step: Any) -> None:
            if step.summary.documents >= 50 * (len(killed) + 1) and len(killed) < 2:
                actor = next(a for a in pools[0].actors if a.ready and a not in killed)
                os.kill(cluster.get(actor.handle.__ray_call__.remote(lambda _: os.getpid())), signal.SIGKILL)
                killed.append(actor)
            watch(step)

        return run_plan(plan, watched, started)

    monkeypatch.setattr(cli_batch, "run", run_and_kill)
    done = run(*COMMAND, "--engine", "ray")
    assert (done.exit_code, len(killed)) == (1, 2), done.output
    assert files("out") == wanted


def test_a_run_that_was_stopped_without_ray_goes_on_with_it(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, said = local(tmp_path, monkeypatch)

    class Stopping(batch_runs.Inline):
        def run(self, tasks: Iterator[Any]) -> Iterator[tuple[Any, list[Any]]]:
            for number, answered in enumerate(super().run(tasks)):
                if number == 4:
                    raise OSError(28, "No space left on device")
                yield answered

    with monkeypatch.context() as here:
        here.setattr(cli_batch.batch, "Pool", Stopping)
        assert run(*COMMAND).exit_code == 4
    done = run(*COMMAND, "--engine", "ray")
    assert (done.exit_code, done.stdout, files("out")) == (1, said[said.index("{"):], wanted)


def test_options_that_do_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    corpus()
    done = run(*COMMAND, "--address", "ray://cluster:10001")
    assert done.exit_code == 2 and "--address is that of a Ray cluster: add --engine ray" in done.output
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(LibraryMissing, match=r"Ray; install article-cleaner\[ray\]"):
        ray_pool.engine(None, ())
    done = run(*COMMAND, "--engine", "ray")
    assert done.exit_code == 2 and "install article-cleaner[ray]" in done.output and not Path("out").exists()


@pytest.mark.parametrize("form", ["127.0.0.1:{}", "ray://127.0.0.1:{}"])
def test_an_address_where_nobody_listens_is_told_at_once(form: str) -> None:
    import ray

    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and does not listen
        address = form.format(bound.getsockname()[1])
        with pytest.raises(OptionError, match=r"cannot connect to a Ray cluster there: .*refused"):
            ray_pool._connect(ray, address)
