"""A pool of processes that loses no item: one that dies is replaced, and only the item that killed it is given up.

Each process has a pipe of its own and answers item by item. So when one dies, what it had answered is kept, the
item that it was at is known, and no lock is left held, which the pools of `concurrent.futures` and `pebble` share
among their processes and a SIGKILL can leave locked.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, NamedTuple, Protocol

from cleaner.errors import CleanerError

# How often an item is tried before its process's deaths, or its slowness, are laid to it: another program may
# have killed the process, and a machine may have slept.
DEATHS = 3
SLOW = 2
# So many processes may die in a row before any was ready.
STILLBORN = 10
# Seconds in which a process whose pipe has closed must have ended.
DYING = 10.0
READY = "ready"
FAILED = "failed"
MARK = object()


class Task(Protocol):
    """Some items for one process."""

    @property
    def items(self) -> Sequence[Any]: ...


# Called in each process once; gives what answers item i of a task.
Setup = Callable[[], Callable[[Any, int], Any]]


class Lost(NamedTuple):
    """Stands for the answer to an item that was given up."""

    why: str


@dataclass
class _Open:
    """A task with the answers that are there so far."""

    task: Any
    answers: list[Any] = field(default_factory=list)
    deaths: int = 0
    slow: int = 0

    @property
    def done(self) -> bool:
        return len(self.answers) == len(self.task.items)


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Connection
    ready: bool = False
    at: _Open | None = None
    since: float = 0.0


class Pool:
    """`workers` processes, started when there is work for them. `timeout` is in seconds an item, None for ever."""

    def __init__(self, setup: Setup, *, workers: int, timeout: float | None) -> None:
        self.setup = setup
        self.most = workers
        self.timeout = timeout
        self.context = multiprocessing.get_context("spawn")
        self.workers: list[_Worker] = []
        self.stillborn = 0

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:  # all at once: they hold nothing that could be lost
            worker.process.kill()
        for worker in list(self.workers):
            self._end(worker)

    def run(self, tasks: Iterator[Any]) -> Generator[tuple[Any, list[Any]], None, None]:
        """Each task with its answers, in the order of the tasks. At most a few tasks for each process are held."""
        window: deque[_Open] = deque()
        waiting: deque[_Open] = deque()
        more = True
        while True:
            while more and len(window) < 2 * self.most + 2:
                task = next(tasks, MARK)
                if task is MARK:
                    more = False
                    break
                window.append(_Open(task))
                if not window[-1].done:
                    waiting.append(window[-1])
            if window and window[0].done:
                first = window.popleft()
                yield first.task, first.answers
                continue
            if not window:
                return
            self._hand_out(waiting)
            self._listen(waiting)

    def _hand_out(self, waiting: deque[_Open]) -> None:
        idle = [w for w in self.workers if w.ready and w.at is None]
        starting = sum(not w.ready for w in self.workers)
        for worker in idle:
            if not waiting:
                return
            todo = waiting.popleft()
            try:
                worker.pipe.send((todo.task, len(todo.answers)))
                worker.at, worker.since = todo, time.monotonic()
            except OSError:  # it died while it had nothing to do: no item's fault
                waiting.appendleft(todo)
                self._end(worker)
        for _ in range(min(len(waiting) - starting, self.most - len(self.workers))):
            self._start()

    def _start(self) -> None:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=_serve, args=(self.setup, theirs), daemon=True)
        try:
            process.start()
        except OSError as error:  # killed while it was told what to do; or the system has no room for it
            ours.close()
            self._born_dead(str(error))
            return
        finally:
            theirs.close()
        self.workers.append(_Worker(process, ours))

    def _born_dead(self, how: str) -> None:
        self.stillborn += 1
        if self.stillborn >= STILLBORN:
            raise CleanerError(f"the processes that clean end as they start ({how}); is there memory for them? use fewer --workers")

    def _end(self, worker: _Worker) -> int | None:
        """Put an end to a process and give its exit code, None where it had to be killed."""
        self.workers.remove(worker)
        worker.pipe.close()
        worker.process.join(DYING)
        code = worker.process.exitcode
        if code is None:
            worker.process.kill()
            worker.process.join()
        worker.process.close()
        return code

    def _listen(self, waiting: deque[_Open]) -> None:
        now = time.monotonic()
        busy = [w.since for w in self.workers if w.at is not None]
        limit = max(0.0, min(busy) + self.timeout - now) if busy and self.timeout is not None else None
        if not self.workers:  # none could be started this time
            return
        heard = set(wait([worker.pipe for worker in self.workers], limit))
        for worker in [w for w in self.workers if w.pipe in heard]:
            self._hear(worker, waiting)
        now = time.monotonic()
        for worker in list(self.workers):
            if worker.at is not None and self.timeout is not None and now - worker.since >= self.timeout and not worker.pipe.poll():
                self._give_up(worker, waiting, slow=True)

    def _hear(self, worker: _Worker, waiting: deque[_Open]) -> None:
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            self._give_up(worker, waiting, slow=False)
            return
        if not worker.ready:
            word, why = answer
            if word == FAILED:
                raise CleanerError(why)
            worker.ready = True
            self.stillborn = 0
            return
        todo = worker.at
        assert todo is not None
        todo.answers.append(answer)
        todo.deaths = todo.slow = 0
        worker.since = time.monotonic()
        if todo.done:
            worker.at = None

    def _give_up(self, worker: _Worker, waiting: deque[_Open], *, slow: bool) -> None:
        """A process died or must: its item is tried again, first of all in a fresh process, or lost."""
        todo = worker.at
        if slow:
            worker.process.kill()
        code = self._end(worker)
        if not worker.ready:
            self._born_dead(_how(code))
        if todo is None:
            return
        todo.slow += slow
        todo.deaths += not slow
        if todo.slow >= SLOW or todo.deaths >= DEATHS:
            why = f"took longer than {self.timeout:g} seconds" if slow else f"ended the process that cleaned it: {_how(code)}"
            todo.answers.append(Lost(why))
            todo.deaths = todo.slow = 0
        if not todo.done:
            waiting.appendleft(todo)


def _how(code: int | None) -> str:
    if code is None:
        return "it hung"
    if code >= 0:
        return f"exit status {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    return f"killed by {name}" + (", as when memory runs out" if name == "SIGKILL" else "")


def _serve(setup: Setup, pipe: Connection) -> None:
    """What a process does: answer items until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        answer = setup()
    except Exception as error:
        pipe.send((FAILED, str(error) or type(error).__name__))
        return
    try:
        pipe.send((READY, ""))
        while True:
            task, first = pipe.recv()
            for i in range(first, len(task.items)):
                pipe.send(answer(task, i))
    except (EOFError, OSError):
        return


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
