"""Show how far a batch has come: a bar on a terminal, now and then a line in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from cleaner.batch.engine import Step, Watch
from cleaner.batch.inputs import Input
from cleaner.batch.summary import Summary

# Seconds between two lines of a log, and between two looks of a bar.
LINE_SECONDS = 30.0
BAR_SECONDS = 0.2


class Pace:
    """How fast a run goes since it was begun, or taken up again."""

    def __init__(self, inputs: Sequence[Input], now: float) -> None:
        sizes = [source.size or 0 for source in inputs]
        self.before = [sum(sizes[:i]) for i in range(len(sizes))]
        self.whole = sum(sizes)
        self.begun = now
        self.first: tuple[int, int, int] | None = None

    def words(self, step: Step, now: float) -> str:
        """The numbers so far in one line."""
        read = self.read(step)
        summary = step.summary
        self.first = self.first or (summary.documents + summary.rejected, summary.bytes, read)
        seconds = max(now - self.begun, 1e-6)
        documents = (summary.documents + summary.rejected - self.first[0]) / seconds
        bytes_ = (summary.bytes - self.first[1]) / seconds
        said = [f"{summary.documents:,} documents", f"{documents:,.0f} and {bytes_ / 1e6:.1f} MB a second", _share(summary)]
        stored = (read - self.first[2]) / seconds
        if self.whole and stored > 0:
            said.append(f"{_clock((self.whole - read) / stored)} left")
        said.append(f"{summary.rejected:,} rejected")
        return ", ".join(said)

    def read(self, step: Step) -> int:
        """Stored bytes that were read."""
        return min(self.whole, self.before[step.input] + step.offset) if step.input < len(self.before) else self.whole


@contextmanager
def shown(inputs: Sequence[Input], say: Callable[[str], None]) -> Iterator[Watch]:
    """What a run tells its steps; `say` writes a line where no terminal is watched."""
    pace = Pace(inputs, time.monotonic())
    last = pace.begun
    if not sys.stderr.isatty():

        def line(step: Step) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= LINE_SECONDS or pace.first is None:
                text = pace.words(step, now)
                if now - last >= LINE_SECONDS:
                    last = now
                    say(text)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=max(1, pace.whole))

        def look(step: Step) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= BAR_SECONDS or pace.first is None:
                last = now
                bar.update(task, completed=pace.read(step), description=pace.words(step, now))

        yield look


def _share(summary: Summary) -> str:
    words = summary.kept + summary.removed
    return f"{summary.removed / words if words else 0:.0%} of words removed"


def _clock(seconds: float) -> str:
    """Seconds as hours, minutes and seconds.

    >>> _clock(3725.2)
    '1:02:05'
    """
    whole = int(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"
