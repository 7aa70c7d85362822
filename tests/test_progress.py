"""How far a batch has come is shown where somebody watches, and told now and then where not."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

import pytest

from cleaner.batch.engine import Step
from cleaner.batch.inputs import Input, Store
from cleaner.batch.progress import Pace, shown
from cleaner.batch.summary import Summary

INPUTS = [Input(name, Store.JSONL, "", 1000, "", Path(name)) for name in ("a", "b")]
BEFORE = Step(Summary(documents=50, bytes=1_000_000), 0, 500)
NOW = Step(Summary(documents=149, rejected=1, bytes=3_000_000, kept=75, removed=25), 1, 500)
WORDS = "149 documents, 10 and 0.2 MB a second, 25% of words removed, 0:00:05 left, 1 rejected"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_the_pace_is_that_since_the_run_was_taken_up() -> None:
    pace = Pace(INPUTS, 100.0)
    pace.words(BEFORE, 100.0)
    assert pace.words(NOW, 110.0) == WORDS


def test_a_log_gets_a_line_every_half_minute(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    lines: list[str] = []
    with shown(INPUTS, lines.append) as watch:
        for seconds in range(100, 195, 5):
            clock[0] = seconds
            watch(NOW)
    assert len(lines) == 3 and all(line.startswith("149 documents, ") for line in lines)


def test_a_terminal_gets_a_bar(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stderr", Terminal())
    with shown(INPUTS, pytest.fail) as watch:
        watch(BEFORE)
        clock[0] = 110.0
        watch(NOW)
    assert isinstance(sys.stderr, Terminal) and WORDS in sys.stderr.getvalue() and "75%" in sys.stderr.getvalue()
