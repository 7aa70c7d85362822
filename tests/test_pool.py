"""The pool loses no item, whatever becomes of its processes."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cleaner.batch.pool import Lost, Pool
from cleaner.batch.serve import Answers, one_by_one
from cleaner.errors import CleanerError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")


class Some(NamedTuple):
    items: tuple[Any, ...]


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
        if word == "kill" or (word == "once" and tried.read_text() == "x"):
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "sleep" or (word == "doze" and tried.read_text() == "x"):
            time.sleep(600)
        return word

    return one_by_one(answer)


def broken() -> Answers:
    raise ValueError("no rules here")


def stillborn() -> Answers:
    os._exit(7)


def answers(tmp_path: Path, *tasks: tuple[Any, ...], workers: int = 2, timeout: float | None = None) -> list[list[Any]]:
    with Pool(partial(start, str(tmp_path)), workers=workers, timeout=timeout) as pool:
        return [list(found) for _, found in pool.run(iter([Some(task) for task in tasks]))]


def test_answers_come_in_order() -> None:
    tasks = [tuple(range(n, n + 3)) for n in range(0, 60, 3)]
    with Pool(partial(start, ""), workers=3, timeout=None) as pool:
        done = list(pool.run(iter([Some(task) for task in tasks])))
    assert [(task.items, found) for task, found in done] == [(task, [2 * i for i in task]) for task in tasks]


def test_a_task_without_items_is_answered_at_once(tmp_path: Path) -> None:
    assert answers(tmp_path, (), (1,), ()) == [[], [2], []]


def test_only_the_item_that_ends_its_process_is_lost(tmp_path: Path) -> None:
    found = answers(tmp_path, (1, "exit a", 2), (3, 4), ("kill b", 5))
    assert found[1] == [6, 8] and [found[0][0], found[0][2], found[2][1]] == [2, 4, 10]
    assert found[0][1] == Lost("ended the process that cleaned it: exit status 3")
    assert found[2][0] == Lost("ended the process that cleaned it: killed by SIGKILL, as when memory runs out")
    assert (tmp_path / "a").read_text() == "xxx"  # tried again before it is given up


def test_a_process_killed_from_outside_costs_nothing(tmp_path: Path) -> None:
    assert answers(tmp_path, (1, "once a", 2), ("once b",)) == [[2, "once", 4], ["once"]]


def test_a_slow_item_is_given_up_after_a_second_try(tmp_path: Path) -> None:
    found = answers(tmp_path, (1, "sleep a", 2), ("doze b", 3), timeout=1.5)
    assert found == [[2, Lost("took longer than 1.5 seconds"), 4], ["doze", 6]]
    assert (tmp_path / "a").read_text() == "xx"


def test_a_setup_that_fails_stops_all() -> None:
    with Pool(broken, workers=2, timeout=None) as pool, pytest.raises(CleanerError, match="no rules here"):
        list(pool.run(iter([Some((1,))])))


def test_processes_that_die_as_they_start_stop_all() -> None:
    with Pool(stillborn, workers=2, timeout=None) as pool, pytest.raises(CleanerError, match=r"as they start .exit status 7."):
        list(pool.run(iter([Some((1,))])))


def test_a_process_killed_while_it_starts_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Pool(partial(start, str(tmp_path)), workers=1, timeout=None) as pool:
        real, fails = pool.context.Process, 2

        def dying(*args: Any, **named: Any) -> Any:
            nonlocal fails
            process = real(*args, **named)
            if fails:
                fails -= 1

                def broken_pipe() -> None:
                    raise BrokenPipeError

                monkeypatch.setattr(process, "start", broken_pipe)
            return process

        monkeypatch.setattr(pool.context, "Process", dying)
        assert [found for _, found in pool.run(iter([Some((1, 2))]))] == [[2, 4]] and not fails


def test_few_tasks_are_held_at_once(tmp_path: Path) -> None:
    taken = 0

    def tasks() -> Iterator[Some]:
        nonlocal taken
        for n in range(100):
            taken += 1
            yield Some((n,))

    with Pool(partial(start, str(tmp_path)), workers=2, timeout=None) as pool:
        for done, _ in enumerate(pool.run(tasks()), 1):
            assert taken - done <= 2 * 2 + 2


def test_no_process_is_left() -> None:
    with Pool(partial(start, ""), workers=2, timeout=None) as pool:
        next(iter(pool.run(iter([Some((1,)), Some((2,)), Some((3,))]))))
        processes = [worker.process for worker in pool.workers]
        pids = [process.pid for process in processes]
    for pid in pids:
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
