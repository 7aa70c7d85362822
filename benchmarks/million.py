"""How fast, and in how much memory, a million articles are cleaned.

    python -m benchmarks.million                              a million articles, with one worker and with two
    python -m benchmarks.million --documents 20000 --workers 2
    python -m benchmarks.million --folder corpus/             keep the corpus and the output there

Makes invented articles as JSONL.zst, cleans them with `cleaner clean`, and prints for each number of workers the
articles and megabytes a second, what the batch costs above bare calls of clean_text, and the peak memory of the
process that reads and writes. The outputs of all runs must be the same to the byte.

A machine's speed changes by a third within minutes. So the runs take turns: one goes on for some seconds while the others stand still,
and bare calls are timed between two turns. What is compared was measured on the same machine at about the same time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import zstandard

import cleaner
from benchmarks.synthetic import articles, lines

# Seconds of a turn of one worker; more workers have as much less. Then bare calls of so many articles are timed.
TURN = 20.0
AT_ONCE = 3000
WARM = 200
ROOT = Path(__file__).parent.parent
# The peak by /proc where there is one: getrusage's begins with that of the process which started this one.
RUN = """
import resource, sys
from cleaner.cli import app
if __name__ == "__main__":
    try:
        app(prog_name="cleaner")
    finally:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
        except OSError:
            pass
        print("peak", peak, file=sys.stderr)
"""


class Calls:
    """Bare calls of clean_text, timed in this process some at a time."""

    def __init__(self, seed: int) -> None:
        self.made = (article.text() for article in articles(1 << 40, seed))
        self.number, self.seconds = 0, 0.0
        for text in islice(self.made, WARM):
            cleaner.clean_text(text)

    def time(self) -> None:
        """Time some more."""
        texts = list(islice(self.made, AT_ONCE))
        begun = time.perf_counter()
        for text in texts:
            _ = cleaner.clean_text(text).text
        self.seconds += time.perf_counter() - begun
        self.number += len(texts)

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.number / self.seconds


def make(path: Path, count: int, seed: int) -> None:
    """Write the corpus, streaming."""
    with open(path, "wb") as file, zstandard.ZstdCompressor(level=3).stream_writer(file) as out:
        for line in lines(count, seed):
            out.write(line)


class Run:
    """A run of the command line in processes of its own, which stand still but for the turns that they are given. `seconds` are
    those of its turns; `summary`, `digest` of the outputs and `peak` memory of the parent in MB are known when it is `done`."""

    def __init__(self, corpus: Path, folder: Path, workers: int) -> None:
        self.workers = workers
        self.out = folder / f"clean-{workers}.jsonl.zst"
        script = folder / "run.py"
        script.write_text(RUN)
        self.command = [sys.executable, str(script), "clean", str(corpus), "-o", str(self.out), "--workers", str(workers), "--json", "--restart"]
        self.process: subprocess.Popen[str] | None = None
        self.seconds = 0.0
        self.done = False

    def go_on(self) -> None:
        """Give it its turn."""
        begun = time.perf_counter()
        if self.process is None:
            self.process = subprocess.Popen(
                self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=_environment(), start_new_session=True
            )
        else:
            os.killpg(self.process.pid, signal.SIGCONT)
        try:
            said, told = self.process.communicate(timeout=TURN / self.workers)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGSTOP)
            self.seconds += time.perf_counter() - begun
            return
        self.seconds += time.perf_counter() - begun
        if self.process.returncode not in (0, 1):
            sys.exit(told)
        self._end(json.loads(said), told)

    def _end(self, summary: dict[str, int], told: str) -> None:
        self.done = True
        self.summary = summary
        self.documents = summary["documents"] + summary["rejected"]
        self.rate = self.documents / self.seconds
        self.peak = int(told.rsplit("peak ", 1)[1]) / 1024
        digest = hashlib.sha256()
        for path in (self.out, self.out.with_name(f"clean-{self.workers}.rejects.jsonl")):
            with open(path, "rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        self.digest = digest.hexdigest()


def take_turns(runs: Sequence[Run], calls: Calls) -> None:
    """Let all come to their end."""
    try:
        while not all(run.done for run in runs):
            for run in runs:
                if not run.done:
                    calls.time()
                    run.go_on()
        calls.time()
    finally:
        for run in runs:
            if run.process is not None and not run.done:
                os.killpg(run.process.pid, signal.SIGKILL)


def report(count: int, seed: int, workers: Sequence[int], folder: Path) -> Iterator[str]:
    """The figures, a line each."""
    corpus = folder / f"articles-{count}-{seed}.jsonl.zst"
    if not corpus.exists():
        make(corpus, count, seed)
    yield f"corpus: {count:,} rows, {corpus.stat().st_size / 1e6:,.1f} MB compressed"
    calls = Calls(seed)
    runs = [Run(corpus, folder, number) for number in workers]
    take_turns(runs, calls)
    yield f"bare clean_text: {calls.rate:,.0f} articles a second in one process"
    for run in runs:
        yield (
            f"{run.workers} worker(s): {run.rate:,.0f} articles and {run.summary['bytes'] / run.seconds / 1e6:.2f} MB a second, "
            f"{run.seconds:,.0f} s, {run.workers * calls.rate / run.rate - 1:+.1%} over bare calls, parent's peak {run.peak:,.0f} MB; "
            f"{run.summary['documents']:,} out, {run.summary['rejected']:,} rejected"
        )
        if run is not runs[0]:
            yield f"{run.workers} workers against {runs[0].workers}: {run.rate / runs[0].rate:.2f} times as many a second"
        if run.documents != count:
            yield f"WRONG: {count - run.documents:,} documents are missing"
    yield "the outputs are the same" if len({run.digest for run in runs}) == 1 else "WRONG: the outputs differ"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", default="1,2", help="numbers of workers, with commas")
    parser.add_argument("--folder", type=Path, help="where the corpus and the outputs are kept; default: nowhere")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        folder = (chosen.folder or Path(spare)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        for line in report(chosen.documents, chosen.seed, [int(n) for n in chosen.workers.split(",")], folder):
            print(line, flush=True)


if __name__ == "__main__":
    main()
