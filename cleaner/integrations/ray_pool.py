"""A batch's pool on a Ray cluster: in the place of `cleaner.batch.pool.Pool`, which does one machine.

The program that was started reads, and writes; the cluster's processes clean. Each holds a pool of one process of its
own, so a document that ends its process, or takes too long, is told from a machine that is lost: the one is given up
with the same words as without Ray, the other's work is done again elsewhere.
"""

from __future__ import annotations

import logging
import os
import platform
import re
import socket
from collections import deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

from cleaner.batch.checkpoint import knowledge
from cleaner.batch.pool import Pool
from cleaner.batch.serve import Setup, Together
from cleaner.errors import CleanerError, OptionError
from cleaner.integrations import LibraryMissing

# Tasks that a process of the cluster holds at once: the next one's data travels while one is cleaned.
AHEAD = 2
# So many times a task's processes may be lost, or processes end as they start, before the run stops; it can go on later.
LOSSES = 5
MARK = object()
HOST_AND_PORT = re.compile(r"(?:ray://)?(\[[0-9a-fA-F:]+\]|[^:/\s]+):(\d{1,5})/?")
KNOCK_SECONDS = 10.0


class Desk:
    """A process of the cluster: answers tasks as a pool of one process does."""

    def __init__(self, setup: Setup, timeout: float | None, together: Together | None) -> None:
        self.pool = Pool(setup, workers=1, timeout=timeout, together=together)

    def ready(self, rules: tuple[str, ...], digest: str) -> str:
        """Why this machine must not take part, "" if it may."""
        if knowledge(rules) == digest:
            return ""
        return (
            f"the cleaner on the machine {platform.node()} differs from the one here: install the same version there, and have the same "
            f"rules at the same place ({', '.join(rules) or 'only the shipped ones'})"
        )

    def answer(self, task: Any) -> list[Any]:
        """The answers to a task's items."""
        ((_, answers),) = self.pool.run(iter([task]))
        return answers


@dataclass
class _Open:
    """A task, the answers to it when they are there, and how often a process was lost with it."""

    task: Any
    answers: list[Any] | None = None
    losses: int = 0


@dataclass
class _Actor:
    handle: Any
    ready: bool = False
    holds: int = 0


class RayPool:
    """`workers` processes on a Ray cluster, 0 for one each of its cores. `timeout` is in seconds an item.

    `address` names a cluster; without one it is that of RAY_ADDRESS, or one that is started on this machine.
    `rules` are the rules folders that decide beside the shipped ones.
    """

    def __init__(
        self, setup: Setup, *, workers: int, timeout: float | None, together: Together | None = None, address: str | None = None,
        rules: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.setup = setup
        self.together = together
        self.most = workers
        self.timeout = timeout
        self.address = address
        self.rules = rules
        self.actors: list[_Actor] = []
        # What is under way: a reference to its result, whose it is, and the task, None for an actor that starts.
        self.under_way: dict[Any, tuple[_Actor, _Open | None]] = {}
        self.stillborn = 0

    def __enter__(self) -> RayPool:
        self.ray = _ray()
        self.connected = not self.ray.is_initialized()
        if self.connected:
            _connect(self.ray, self.address)
        self.most = self.most or max(1, int(self.ray.cluster_resources().get("CPU", 1)))
        self.make = self.ray.remote(num_cpus=1)(Desk)
        self.digest = knowledge(self.rules)
        return self

    def __exit__(self, *_: object) -> None:
        for actor in self.actors:
            self.ray.kill(actor.handle)
        self.actors, self.under_way = [], {}
        if self.connected:
            self.ray.shutdown()

    def run(self, tasks: Iterator[Any]) -> Generator[tuple[Any, list[Any]], None, None]:
        """Each task with its answers, in the order of the tasks. At most a few tasks for each process are held."""
        window: deque[_Open] = deque()
        waiting: deque[_Open] = deque()
        more = True
        while True:
            while more and len(window) < 2 * AHEAD * self.most + 2:
                task: Any = next(tasks, MARK)
                if task is MARK:
                    more = False
                    break
                window.append(_Open(task, None if task.items else []))
                if task.items:
                    waiting.append(window[-1])
            if window and window[0].answers is not None:
                first = window.popleft()
                yield first.task, first.answers or []
                continue
            if not window:
                return
            self._hand_out(waiting)
            self._listen(waiting)

    def _hand_out(self, waiting: deque[_Open]) -> None:
        while waiting:
            actor = min((a for a in self.actors if a.ready), key=lambda a: a.holds, default=None)
            if actor is None or actor.holds >= AHEAD:
                break
            todo = waiting.popleft()
            actor.holds += 1
            self.under_way[actor.handle.answer.remote(todo.task)] = (actor, todo)
        starting = sum(not a.ready for a in self.actors)
        for _ in range(min(len(waiting) - starting, self.most - len(self.actors))):
            actor = _Actor(self.make.remote(self.setup, self.timeout, self.together))
            self.actors.append(actor)
            self.under_way[actor.handle.ready.remote(self.rules, self.digest)] = (actor, None)

    def _listen(self, waiting: deque[_Open]) -> None:
        finished, _ = self.ray.wait(list(self.under_way), num_returns=1)
        for reference in finished:
            if reference in self.under_way:  # else its actor was lost a moment ago
                self._hear(reference, waiting)

    def _hear(self, reference: Any, waiting: deque[_Open]) -> None:
        actor, todo = self.under_way.pop(reference)
        try:
            answers = self.ray.get(reference)
        except self.ray.exceptions.RayTaskError as error:
            cause = getattr(error, "cause", None)
            raise (cause if isinstance(cause, CleanerError) else CleanerError(f"a process of the Ray cluster failed: {error}")) from None
        except self.ray.exceptions.RayError as error:
            self._lose(actor, todo, waiting, error)
            return
        if todo is None:
            if answers:
                raise CleanerError(answers)
            actor.ready = True
            self.stillborn = 0
        else:
            actor.holds -= 1
            todo.answers = answers

    def _lose(self, actor: _Actor, todo: _Open | None, waiting: deque[_Open], error: Exception) -> None:
        """An actor is gone, with its process or its machine: what it held is done again, first of all."""
        held = [todo, *(t for a, t in self.under_way.values() if a is actor)]
        self.under_way = {r: (a, t) for r, (a, t) in self.under_way.items() if a is not actor}
        self.actors.remove(actor)
        self.ray.kill(actor.handle)
        why = " ".join(re.sub(r"\x1b\[\d*m", "", str(error)).split())
        if not actor.ready:
            self.stillborn += 1
            if self.stillborn > LOSSES:
                raise CleanerError(f"the Ray cluster's processes end as they start; is article-cleaner installed there? {why}")
        for task in filter(None, reversed(held)):
            task.losses += 1
            waiting.appendleft(task)
        if any(task.losses > LOSSES for task in filter(None, held)):
            raise CleanerError(f"the Ray cluster lost {LOSSES + 1} processes with the same work: {why}")


def engine(address: str | None, rules: tuple[str, ...]) -> Callable[..., RayPool]:
    """What makes a batch's pool on a Ray cluster. Raises LibraryMissing where Ray is not installed."""
    _ray()

    def start(setup: Setup, *, workers: int, timeout: float | None, together: Together | None = None) -> RayPool:
        return RayPool(setup, workers=workers, timeout=timeout, together=together, address=address, rules=rules)

    return start


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise LibraryMissing("Ray", "ray") from None
    return ray


def _connect(ray: Any, address: str | None) -> None:
    # A cluster that is started here tells nobody that it was.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        _knock(address or os.environ.get("RAY_ADDRESS", ""))
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, RuntimeError, ValueError) as error:
        raise OptionError(f"--address {address or 'of RAY_ADDRESS'}: cannot connect to a Ray cluster there: {error}") from None


def _knock(address: str) -> None:
    """Raise OSError where nobody listens at HOST:PORT: Ray itself would try for minutes."""
    named = HOST_AND_PORT.fullmatch(address)
    if named:
        socket.create_connection((named[1].strip("[]"), int(named[2])), KNOCK_SECONDS).close()
