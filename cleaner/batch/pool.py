"""A pool of processes that loses no item: one that dies is replaced, and only the item that killed it is given up.

Each process has a pipe of its own, answers a task in one message, and marks in shared memory which item it is at. So
when one dies that item is known, the task's others are done again, and no lock is left held, which the pools of
`concurrent.futures` and `pebble` share among their processes and a SIGKILL can leave locked.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, NamedTuple, Protocol

from cleaner.batch.serve import FAILED, ITEM, SINCE, TASK, Setup, Together, serve
from cleaner.errors import CleanerError

# How often an item is tried before its process's deaths, or its slowness, are laid to it: another program may
# have killed the process, and a machine may have slept.
DEATHS = 3
SLOW = 2
# So many processes may die in a row before any was ready.
STILLBORN = 10
# Seconds in which a process whose pipe has closed must have ended.
DYING = 10.0
# Tasks that a process holds at once, so that it need not wait for the next; one of more bytes is handed over alone.
AHEAD = 2
AHEAD_BYTES = 1 << 22
MARK = object()


class Task(Protocol):
    """Some items for one process."""

    @property
    def items(self) -> Sequence[Any]: ...


class Lost(NamedTuple):
    """Stands for the answer to an item that was given up."""

    why: str


@dataclass
class _Open:
    """A task with the answers that are there so far, to its first `at` items; and what is known of the items after."""

    task: Any
    answers: list[Any] = field(default_factory=list)
    at: int = 0
    lost: dict[int, Lost] = field(default_factory=dict)
    deaths: Counter[int] = field(default_factory=Counter)
    slow: Counter[int] = field(default_factory=Counter)
    packed: bytes = b""

    @property
    def done(self) -> bool:
        return self.at == len(self.task.items)

    @property
    def stop(self) -> int:
        """The items before are the next to be answered."""
        return min(self.lost, default=len(self.task.items))

    def pack(self) -> bytes:
        """What a process is sent."""
        self.packed = self.packed or pickle.dumps((self.task, self.at, self.stop), pickle.HIGHEST_PROTOCOL)
        return self.packed

    def settle(self) -> None:
        """Put those that were given up in their places."""
        while self.at in self.lost:
            self.answers.append(self.lost.pop(self.at))
            self.at += 1
        self.packed = b""


@dataclass
class _Worker:
    """A process, and the tasks that it holds, the first of which it is at: the `handed`-th, counted from the last, that it was
    handed. `mark` is where it says how far it is; `since` is when it was last heard of."""

    process: SpawnProcess
    pipe: Connection
    mark: Any
    ready: bool = False
    holds: deque[_Open] = field(default_factory=deque)
    handed: int = 0
    since: float = 0.0
    gone: bool = False

    def hand(self, todo: _Open) -> None:
        """Hand it a task. Raises OSError where it has ended."""
        self.pipe.send_bytes(todo.pack())
        todo.packed = b""
        if not self.holds:
            self.since = time.monotonic()
        self.holds.append(todo)
        self.handed += 1

    def begun(self) -> bool:
        """Whether it says of the first task that it holds how far it is."""
        return bool(self.mark[TASK] == self.handed - len(self.holds) + 1)

    def item(self) -> int:
        """The item that it is at."""
        todo = self.holds[0]
        return max(todo.at, int(self.mark[ITEM])) if self.begun() else todo.at

    def started(self) -> float:
        """When it began with that item."""
        return float(self.mark[SINCE]) if self.begun() else self.since


class Pool:
    """`workers` processes, started when there is work for them. `timeout` is in seconds an item, None for ever.

    With `together`, what it makes of the answers to items in a row comes in their place: mostly all of a task's.
    """

    def __init__(self, setup: Setup, *, workers: int, timeout: float | None, together: Together | None = None) -> None:
        self.setup = setup
        self.most = workers
        self.timeout = timeout
        self.together = together
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
                    self._hand_out(waiting)
            if window and window[0].done:
                first = window.popleft()
                yield first.task, first.answers
                continue
            if not window:
                return
            self._hand_out(waiting)
            self._listen(waiting)

    def _hand_out(self, waiting: deque[_Open]) -> None:
        for held in range(AHEAD):
            for worker in [w for w in self.workers if w.ready and not w.gone and len(w.holds) == held]:
                if not waiting or (held and len(waiting[0].pack()) > AHEAD_BYTES):
                    break
                todo = waiting.popleft()
                try:
                    worker.hand(todo)
                except OSError:  # it died: what it holds will tell whose fault that was
                    waiting.appendleft(todo)
                    worker.gone = True
        starting = sum(not w.ready for w in self.workers)
        for _ in range(min(len(waiting) - starting, self.most - len(self.workers))):
            self._start()

    def _start(self) -> None:
        ours, theirs = self.context.Pipe()
        mark = self.context.RawArray("d", 3)
        process = self.context.Process(target=serve, args=(self.setup, self.together, theirs, mark), daemon=True)
        try:
            process.start()
        except OSError as error:  # killed while it was told what to do; or the system has no room for it
            ours.close()
            self._born_dead(str(error))
            return
        finally:
            theirs.close()
        self.workers.append(_Worker(process, ours, mark))

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
        busy = [w.started() for w in self.workers if w.holds]
        limit = max(0.0, min(busy) + self.timeout - time.monotonic()) if busy and self.timeout is not None else None
        if not self.workers:  # none could be started this time
            return
        heard = set(wait([worker.pipe for worker in self.workers], limit))
        for worker in [w for w in self.workers if w.pipe in heard]:
            self._hear(worker, waiting)
        now = time.monotonic()
        for worker in list(self.workers):
            if worker.holds and self.timeout is not None and now - worker.started() >= self.timeout and not worker.pipe.poll():
                self._give_up(worker, waiting, slow=True)

    def _hear(self, worker: _Worker, waiting: deque[_Open]) -> None:
        try:
            answer = pickle.loads(worker.pipe.recv_bytes())
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
        count, answers = answer
        todo = worker.holds[0]
        todo.answers += answers
        todo.at += count
        worker.since = time.monotonic()
        if todo.at == todo.stop:
            worker.holds.popleft()
            todo.settle()
            if not todo.done:
                waiting.appendleft(todo)

    def _give_up(self, worker: _Worker, waiting: deque[_Open], *, slow: bool) -> None:
        """A process died or must: the item that it was at is tried again, first of all in a fresh process, or lost."""
        if slow:
            worker.process.kill()
        code = self._end(worker)
        if not worker.ready:
            self._born_dead(_how(code))
        if not worker.holds:
            return
        item, todo = worker.item(), worker.holds[0]
        tried = todo.slow if slow else todo.deaths
        tried[item] += 1
        if tried[item] >= (SLOW if slow else DEATHS):
            todo.lost[item] = Lost(f"took longer than {self.timeout:g} seconds" if slow else f"ended the process that cleaned it: {_how(code)}")
        todo.settle()
        if todo.done:
            worker.holds.popleft()
        waiting.extendleft(reversed(worker.holds))


def _how(code: int | None) -> str:
    if code is None:
        return "it hung"
    if code >= 0:
        return f"exit status {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    return f"killed by {name}" + (", as when memory runs out" if name == "SIGKILL" else "")
