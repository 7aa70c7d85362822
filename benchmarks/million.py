"""How fast, and in how much memory, a million articles are cleaned.

    python -m benchmarks.million                              a million articles, with one worker and with two
    python -m benchmarks.million --documents 20000 --workers 2
    python -m benchmarks.million --folder corpus/             keep the corpus and the output there

Makes invented articles as JSONL.zst, cleans them with `cleaner clean`, and prints for each number of workers the
articles and megabytes a second, what the batch costs above bare calls of clean_text, and the peak memory of the
process that reads and writes. The outputs of all runs must be the same to the byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
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

# Bare calls are timed on so many articles, made so many at a time: a few seconds of them vary by a fifth.
BARE = 60_000
AT_ONCE = 3000
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
    """One run: wall seconds, peak memory of the parent in MB, the summary, a digest of the outputs."""

    seconds: float
    peak: float
    summary: dict[str, int]
    digest: str


def make(path: Path, count: int, seed: int) -> None:
    """Write the corpus, streaming."""
    with open(path, "wb") as file, zstandard.ZstdCompressor(level=3).stream_writer(file) as out:
        for line in lines(count, seed):
            out.write(line)


def bare(count: int, seed: int) -> float:
    """Articles a second of clean_text alone, in this process."""
    made = (article.text() for article in articles(min(count, BARE), seed))
    for text in islice(made, 50):
        cleaner.clean_text(text)
    number, seconds = 0, 0.0
    while texts := list(islice(made, AT_ONCE)):
        begun = time.perf_counter()
        for text in texts:
            _ = cleaner.clean_text(text).text
        seconds += time.perf_counter() - begun
        number += len(texts)
    return number / seconds


def run(corpus: Path, folder: Path, workers: int) -> Measured:
    """Clean the corpus with the command line in a process of its own."""
    script = folder / "run.py"
    script.write_text(RUN)
    out = folder / f"clean-{workers}.jsonl.zst"
    command = [sys.executable, str(script), "clean", str(corpus), "-o", str(out), "--workers", str(workers), "--json", "--restart"]
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=_environment())
    seconds = time.perf_counter() - begun
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    peak = int(done.stderr.rsplit("peak ", 1)[1]) / 1024
    digest = hashlib.sha256()
    for path in (out, out.with_name(f"clean-{workers}.rejects.jsonl")):
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return Measured(seconds, peak, json.loads(done.stdout), digest.hexdigest())


def report(count: int, seed: int, workers: list[int], folder: Path) -> Iterator[str]:
    """The figures, a line each."""
    corpus = folder / f"articles-{count}-{seed}.jsonl.zst"
    if not corpus.exists():
        make(corpus, count, seed)
    alone = bare(count, seed)
    yield f"corpus: {count:,} rows, {corpus.stat().st_size / 1e6:,.1f} MB compressed"
    yield f"bare clean_text: {alone:,.0f} articles a second in one process"
    digests = set()
    rates: dict[int, float] = {}
    for number in workers:
        found = run(corpus, folder, number)
        digests.add(found.digest)
        # A machine's speed changes by the minute: the calls are timed on both sides of the run that they are compared with.
        before, alone = alone, bare(count, seed)
        calls = 2 / (1 / before + 1 / alone)
        documents = found.summary["documents"] + found.summary["rejected"]
        rate = rates[number] = documents / found.seconds
        yield (
            f"{number} worker(s): {rate:,.0f} articles and {found.summary['bytes'] / found.seconds / 1e6:.2f} MB a second, "
            f"{found.seconds:,.0f} s, {number * calls / rate - 1:+.0%} over bare calls ({calls:,.0f}), parent's peak {found.peak:,.0f} MB; "
            f"{found.summary['documents']:,} out, {found.summary['rejected']:,} rejected"
        )
        first = workers[0]
        if number != first:
            yield f"{number} workers against {first}: {rate / rates[first]:.2f} times as many a second"
        if documents != count:
            yield f"WRONG: {count - documents:,} documents are missing"
    yield "the outputs are the same" if len(digests) == 1 else "WRONG: the outputs differ"


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
