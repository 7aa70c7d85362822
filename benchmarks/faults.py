"""Kill a batch again and again, and see whether it ends with the same bytes.

    python -m benchmarks.faults                      200 kills over runs of JSONL, Parquet, WARC and on a Ray cluster
    python -m benchmarks.faults --kills 20 --documents 1000 --seed 7
    python -m benchmarks.faults --only Ray

For each kind of input a corpus of invented articles is cleaned once undisturbed. Then it is cleaned again while, at
random moments, the process that reads and writes or one of its workers is killed with SIGKILL; after each kill of the
first the same command is run again. Prints kills, documents in, out, rejected, missing and doubled, and whether every
output is the same to the byte. Ends with status 1 if anything is not. POSIX only; needs the extra `batch` and warcio,
and for the cluster, which is started on this machine, the extra `ray`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.synthetic import articles, lines

ROOT = Path(__file__).parent.parent
# One page in so many is a redirect.
REDIRECTS = 50
COMMAND = [sys.executable, "-c", "from cleaner.cli import app; app(prog_name='cleaner')", "clean"]


class Kind(NamedTuple):
    """An input, the output's name, the rows' key, and how a worker's command line tells that it is one.

    On a cluster, workers are no children of the run, and are looked for among the cluster's processes.
    """

    name: str
    make: Callable[[Path, int, int], None]
    source: str
    out: str
    key: str
    worker: str = "spawn_main"
    cluster: bool = False


class Killed(NamedTuple):
    """How many processes were killed: those that read and write, and workers; and how many runs that took."""

    parents: int
    workers: int
    runs: int


def make_jsonl(path: Path, count: int, seed: int) -> None:
    """Articles as JSONL, some rows defective."""
    with open(path, "wb") as file:
        file.writelines(lines(count, seed))


def make_parquet(path: Path, count: int, seed: int) -> None:
    """Articles as Parquet, some rows without text."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    rows = [{"id": a.id, "url": a.url, "text": None if a.id % 97 == 96 else a.text()} for a in articles(count, seed)]
    parquet.write_table(pa.Table.from_pylist(rows), path, row_group_size=max(1, count // 7))


def make_warc(path: Path, count: int, seed: int) -> None:
    """Articles as pages in a WARC, some of them redirects, the last record cut short."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with open(path, "wb") as file:
        writer = WARCWriter(file, gzip=True)
        for a in articles(count, seed):
            status = "301 Moved Permanently" if a.id % REDIRECTS == 0 else "200 OK"
            headers = StatusAndHeaders(status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(a.url, "response", payload=io.BytesIO(a.html().encode()), http_headers=headers))
    os.truncate(path, path.stat().st_size - 200)


KINDS = (
    Kind("JSONL", make_jsonl, "in.jsonl", "out.jsonl.gz", "id"),
    Kind("Parquet", make_parquet, "in.parquet", "out.parquet", "id"),
    Kind("WARC", make_warc, "in.warc.gz", "out.jsonl.zst", "url"),
    Kind("Ray", make_jsonl, "in.jsonl", "out.jsonl.gz", "id", "ray::Desk", cluster=True),
)


def command(kind: Kind, folder: Path, name: str) -> list[str]:
    """The command whose outputs are compared; they are written into a folder of their own."""
    out = folder / name
    out.mkdir(exist_ok=True)
    options = ["--removed", str(out / "removed.jsonl"), "--rejects", str(out / "rejects.jsonl"), "--part", "60", "--workers", "2"]
    if kind.cluster:
        options += ["--engine", "ray"]
    return [*COMMAND, str(folder / kind.source), "-o", str(out / kind.out), *options]


@contextmanager
def ray_cluster() -> Iterator[int]:
    """A Ray cluster on this machine, told to the commands by RAY_ADDRESS. Gives the process that all of it comes from."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host, port = free.getsockname()
    ray = [sys.executable, "-c", "from ray.scripts.scripts import main; main()", "start", "--head", "--block", f"--node-ip-address={host}"]
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex()}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
    with tempfile.TemporaryFile() as said:
        arguments = [*ray, f"--port={port}", "--num-cpus=3", "--include-dashboard=false"]
        cluster = subprocess.Popen(arguments, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            for _ in range(600):
                with socket.socket() as probe:
                    if probe.connect_ex((host, port)) == 0:
                        break
                if cluster.poll() is not None:
                    said.seek(0)
                    sys.exit(f"no Ray cluster: {said.read().decode()}")
                time.sleep(0.1)
            time.sleep(5.0)  # it answers before its node is ready
            os.environ["RAY_ADDRESS"] = f"{host}:{port}"
            yield cluster.pid
        finally:
            for name in ("RAY_ADDRESS", "RAY_AUTH_MODE", "RAY_AUTH_TOKEN"):
                os.environ.pop(name, None)
            cluster.terminate()
            cluster.wait()


def started(arguments: list[str]) -> subprocess.Popen[bytes]:
    """The command under way; what it says goes into a file beside its input."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with open(said(arguments), "wb") as file:
        return subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=file)


def said(arguments: list[str]) -> Path:
    """Where what a command says is kept."""
    return Path(arguments[len(COMMAND)]).with_name("said.txt")


def ended_well(running: subprocess.Popen[bytes], arguments: list[str]) -> None:
    """Stop the test where a run that nobody killed has not done its work."""
    if running.wait() not in (0, 1):
        sys.exit(f"a run ended with status {running.returncode}: {said(arguments).read_text()}")


def workers_of(pid: int, kind: Kind) -> list[int]:
    """The workers among the children of a process, on a cluster among all that come from it."""
    children = children_of(pid)
    deeper = [worker for child in children if kind.cluster for worker in workers_of(child, kind)]
    return [child for child, command_line in children.items() if kind.worker in command_line] + deeper


def children_of(pid: int) -> dict[int, str]:
    """The command lines of a process's children, by /proc or ps."""
    if not any(Path("/proc/self/task").glob("*/children")):
        lines = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,command="], capture_output=True, text=True).stdout.splitlines()
        listed = [line.split(None, 2) for line in lines]
        return {int(child): words for child, parent, words in listed if int(parent) == pid}
    found = {}
    for of_thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # one that has ended meanwhile
            for child in of_thread.read_text().split():
                found[int(child)] = Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace")
    return found


def disturb(
    kind: Kind, arguments: list[str], kills: int, longest: float, draw: random.Random, afresh: Callable[[], None], cluster: int | None
) -> Killed:
    """Run the command, killing `kills` processes at random moments within `longest` seconds of each other; then let it
    end. Where a run ends before it is killed, it is begun `afresh`. Workers come from the process `cluster`, or the run's own."""
    parents = workers = runs = 0
    while parents + workers < kills:
        running = started(arguments)
        runs += 1
        while parents + workers < kills:
            deadline = time.monotonic() + draw.uniform(0.0, longest)
            while running.poll() is None and time.monotonic() < deadline:
                time.sleep(0.005)
            if running.poll() is not None:
                ended_well(running, arguments)
                afresh()
                break
            victims = workers_of(cluster or running.pid, kind) if draw.random() < 0.5 else []
            try:
                if victims:
                    os.kill(draw.choice(victims), signal.SIGKILL)
                    workers += 1
                    continue
            except ProcessLookupError:
                continue
            running.kill()
            running.wait()
            parents += 1
            break
        if running.wait() >= 0 and parents + workers >= kills:  # it ended by itself, a worker being the last to be killed
            ended_well(running, arguments)
            return Killed(parents, workers, runs)
    ended_well(started(arguments), arguments)
    return Killed(parents, workers, runs + 1)


def compare(kind: Kind, folder: Path) -> list[str]:
    """What is wrong with the disturbed run's files, nothing if they are those of the undisturbed one."""
    one, other = ({p.name: p.read_bytes() for p in (folder / name).iterdir()} for name in ("calm", "killed"))
    return [f"{name} is {'missing' if name not in other else 'not wanted' if name not in one else 'different'}"
            for name in sorted({*one, *other}) if one.get(name) != other.get(name)]  # fmt: skip


def counted(kind: Kind, folder: Path) -> tuple[Counter[str], int]:
    """How often each document is in the output, and how many were rejected."""
    path = folder / "killed" / kind.out
    if kind.name == "Parquet":
        import pyarrow.parquet as parquet

        keys = parquet.read_table(path, columns=[kind.key])[kind.key].to_pylist()
    else:
        keys = [json.loads(line)[kind.key] for line in _text(path).splitlines()]
    rejects = folder / "killed" / "rejects.jsonl"
    return Counter(map(str, keys)), rejects.read_bytes().count(b"\n") if rejects.exists() else 0


def _text(path: Path) -> bytes:
    if path.suffix == ".gz":
        import gzip

        return gzip.decompress(path.read_bytes())
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())


def test(kind: Kind, folder: Path, kills: int, documents: int, draw: random.Random, cluster: int | None) -> bool:
    """Test one kind of input and print what came of it; whether all is well."""
    kind.make(folder / kind.source, documents, draw.randrange(1000))
    begun = time.monotonic()
    calm = command(kind, folder, "calm")
    ended_well(started(calm), calm)
    seconds = time.monotonic() - begun
    arguments = command(kind, folder, "killed")

    def afresh() -> None:
        for path in (folder / "killed").iterdir():
            path.unlink()

    killed = disturb(kind, arguments, kills, seconds, draw, afresh, cluster)
    wrong = compare(kind, folder)
    there, rejected = counted(kind, folder)
    passed = -(-documents // REDIRECTS) if kind.name == "WARC" else 0
    doubled = there.total() - len(there)
    missing = documents - len(there) - rejected - passed
    print(
        f"{kind.name}: {killed.parents} kills of the run and {killed.workers} of workers in {killed.runs} runs; {documents:,} documents in, "
        f"{there.total():,} out, {rejected:,} rejected, {passed:,} passed over, {missing:,} missing, {doubled:,} doubled; "
        + ("; ".join(wrong) or "all files the same to the byte"),
        flush=True,
    )
    return not wrong and not missing and not doubled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=[kind.name for kind in KINDS], action="append", help="the kinds of runs; all where not given")
    chosen = parser.parse_args()
    draw = random.Random(chosen.seed)
    kinds = [kind for kind in KINDS if kind.name in (chosen.only or [k.name for k in KINDS])]
    if not chosen.only and find_spec("ray") is None:
        print("Ray is not installed: its runs are left out", flush=True)
        kinds = [kind for kind in kinds if not kind.cluster]
    good = True
    for i, kind in enumerate(kinds):
        share = chosen.kills // len(kinds) + (i < chosen.kills % len(kinds))
        with tempfile.TemporaryDirectory() as folder, ray_cluster() if kind.cluster else nullcontext() as cluster:
            good &= test(kind, Path(folder), share, chosen.documents, draw, cluster)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
