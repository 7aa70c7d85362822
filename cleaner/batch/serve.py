"""What a process of a `pool.Pool` does."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from typing import Any

# What was answered is sent after so many seconds, though the task is not done.
SOON = 0.5
# Seconds after which a thread that is left waiting for the interpreter gets it.
SWITCH = 1e-5
# What a process marks: which task it is at, counted from 1, which item of it, and since when by the clock that all share.
TASK, ITEM, SINCE = range(3)
READY = "ready"
FAILED = "failed"

# What a process calls with the number of the item that it is at.
At = Callable[[int], None]
# Answers some items of a task, in order, and says before whatever it does for an item, which may be in several steps, that it is
# at it.
Answers = Callable[[Any, range, At], Iterator[Any]]
# Called in each process once; gives what answers there.
Setup = Callable[[], Answers]
# Makes one of the answers to some items in a row.
Together = Callable[[list[Any]], Any]


def one_by_one(answer: Callable[[Any, int], Any]) -> Answers:
    """Answers of items that have nothing to do with each other: `answer` gives that to item i of a task."""

    def answers(task: Any, items: range, at: At) -> Iterator[Any]:
        for i in items:
            at(i)
            yield answer(task, i)

    return answers


def serve(setup: Setup, together: Together | None, pipe: Connection, mark: Any) -> None:
    """What a process does: answer tasks until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        answer = setup()
    except Exception as error:
        pipe.send((FAILED, str(error) or type(error).__name__))
        return
    # What was set up stays: the collector of garbage need not look through it again and again.
    gc.freeze()
    # A thread that waits for the interpreter asks for it only when it was left waiting so long, and NumPy, which lets go of it and
    # takes it back at once, wakes the thread in vain before: with the usual 5 ms it waited nearly always.
    sys.setswitchinterval(SWITCH)
    tasks: SimpleQueue[bytes | None] = SimpleQueue()
    # Always read, so that who sends the next task never waits for who sends answers.
    threading.Thread(target=_receive, args=(pipe, tasks), daemon=True).start()

    def send(answers: list[Any]) -> None:
        said = (len(answers), [together(answers)] if together and answers else answers)
        pipe.send_bytes(pickle.dumps(said, pickle.HIGHEST_PROTOCOL))

    try:
        pipe.send((READY, ""))
        number = 0
        while (data := tasks.get()) is not None:
            task, first, stop = pickle.loads(data)
            number += 1
            mark[ITEM], mark[SINCE], mark[TASK] = first, time.monotonic(), number
            _work(partial(answer, task, range(first, stop)), mark, send)
    except (EOFError, OSError):
        return


def _work(answer: Callable[[At], Iterator[Any]], mark: Any, send: Callable[[list[Any]], None]) -> None:
    """Answer a task's items, all at once if it does not take long."""
    answers: list[Any] = []
    sent = time.monotonic()

    def at(i: int) -> None:
        nonlocal sent
        mark[ITEM], mark[SINCE] = i, (now := time.monotonic())
        if now - sent > SOON and answers:
            send(answers)
            answers.clear()
            sent = now

    for found in answer(at):
        answers.append(found)
    send(answers)


def _receive(pipe: Connection, tasks: SimpleQueue[bytes | None]) -> None:
    try:
        while True:
            tasks.put(pipe.recv_bytes())
    except (EOFError, OSError):
        tasks.put(None)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
