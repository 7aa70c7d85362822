"""How fast, and in how much memory, a million articles are cleaned.

    python -m benchmarks.million                              a million articles, with one worker and with two
    python -m benchmarks.million --documents 20000 --workers 2
    python -m benchmarks.million --folder corpus/             keep the corpus and the output there

Makes invented articles as JSONL.zst, cleans them with `cleaner clean`, and prints for each number of workers the
articles and megabytes a second, what the batch costs above bare calls of clean_text, and the peak memory of the
process that reads and writes. The outputs of all runs must be the same to the byte.

A machine's speed changes by a fifth within minutes. So the run is made to stand still again and again, for as long as some bare
calls are timed: both are measured on the same machine, and of two numbers of workers the figures set against bare calls compare.
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
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import zstandard

import cleaner
from benchmarks.synthetic import articles, lines

# Bare calls of so many articles are timed, whenever the run has gone on for so many seconds.
AT_ONCE = 4000
SLICE = 15.0
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


class Measured(NamedTuple):
    """One run: wall seconds, those in which it stood still left out, peak memory of the parent in MB, the summary, a digest of the
    outputs; and how many bare calls a second there were meanwhile."""

    seconds: float
    peak: float
    summary: dict[str, int]
    digest: str
    calls: float

    @property
    def rate(self) -> float:
        """Articles a second."""
        return (self.summary["documents"] + self.summary["rejected"]) / self.seconds


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


def run(corpus: Path, folder: Path, workers: int, seed: int) -> Measured:
    """Clean the corpus with the command line in a process of its own."""
    script = folder / "run.py"
    script.write_text(RUN)
    out = folder / f"clean-{workers}.jsonl.zst"
    command = [sys.executable, str(script), "clean", str(corpus), "-o", str(out), "--workers", str(workers), "--json", "--restart"]
    calls = Calls(seed)
    calls.time()
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=_environment(), start_new_session=True
    )
    still = 0.0
    while True:
        try:
            said, told = process.communicate(timeout=SLICE)
            break
        except subprocess.TimeoutExpired:
            still += stand_still(process.pid, calls)
    seconds = time.perf_counter() - begun - still
    calls.time()
    if process.returncode not in (0, 1):
        sys.exit(told)
    peak = int(told.rsplit("peak ", 1)[1]) / 1024
    digest = hashlib.sha256()
    for path in (out, out.with_name(f"clean-{workers}.rejects.jsonl")):
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return Measured(seconds, peak, json.loads(said), digest.hexdigest(), calls.rate)


def stand_still(group: int, calls: Calls) -> float:
    """Time bare calls while a group of processes stands still; gives for how many seconds it did."""
    begun = time.perf_counter()
    os.killpg(group, signal.SIGSTOP)
    try:
        calls.time()
    finally:
        os.killpg(group, signal.SIGCONT)
    return time.perf_counter() - begun


def report(count: int, seed: int, workers: list[int], folder: Path) -> Iterator[str]:
    """The figures, a line each."""
    corpus = folder / f"articles-{count}-{seed}.jsonl.zst"
    if not corpus.exists():
        make(corpus, count, seed)
    yield f"corpus: {count:,} rows, {corpus.stat().st_size / 1e6:,.1f} MB compressed"
    done: dict[int, Measured] = {}
    for number in workers:
        found = done[number] = run(corpus, folder, number, seed)
        summary, first = found.summary, done[workers[0]]
        yield (
            f"{number} worker(s): {found.rate:,.0f} articles and {summary['bytes'] / found.seconds / 1e6:.2f} MB a second, "
            f"{found.seconds:,.0f} s, {number * found.calls / found.rate - 1:+.1%} over bare calls ({found.calls:,.0f} a second), parent's "
            f"peak {found.peak:,.0f} MB; {summary['documents']:,} out, {summary['rejected']:,} rejected"
        )
        if found is not first:
            even = found.rate / found.calls / (first.rate / first.calls)
            yield f"{number} workers against {workers[0]}: {found.rate / first.rate:.2f} times as many a second, {even:.2f} set against bare calls"
        missing = count - summary["documents"] - summary["rejected"]
        if missing:
            yield f"WRONG: {missing:,} documents are missing"
    yield "the outputs are the same" if len({found.digest for found in done.values()}) == 1 else "WRONG: the outputs differ"


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
