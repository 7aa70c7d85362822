"""Batches lose nothing: whatever stops them, the same command ends with the same bytes."""

from __future__ import annotations

import errno
import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner.batch import checkpoint, records
from cleaner.batch import engine as batch
from tests.batch_runs import Inline, files, row, rows_of, run, text, write_lines

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No processes, and small chunks."""
    monkeypatch.setattr(batch, "Pool", Inline)
    monkeypatch.setattr(records, "CHUNK_RECORDS", 4)


class Crash(BaseException):
    """Stands for the end of the process."""


def corpus(path: str = "in.jsonl", count: int = 30) -> Path:
    rows: list[Any] = [row(n) for n in range(count)]
    rows[5], rows[17], rows[count - 1] = b"{broken", {"id": 17}, b"\xff"
    return write_lines(path, rows)


# What is written


def test_rows_keep_their_columns_to_the_byte_and_get_the_results(inline: None) -> None:
    line = b'{"text": "The ferry sank on Monday.\\n\\nADVERTISEMENT",  "n": 1.10, "n": 2, "u": "\\u00e9"}'
    write_lines("in.jsonl", [line])
    assert run("in.jsonl", "-o", "out.jsonl").exit_code == 0
    written = Path("out.jsonl").read_bytes()
    assert written.startswith(line[:-1] + b',"clean_text":"The ferry sank on Monday.",') and written.endswith(b"}\n")
    assert list(json.loads(written)) == ["text", "n", "u", *(f"clean_{n}" for n in cleaner.batch.work.RESULT_COLUMNS)]  # type: ignore[attr-defined]
    assert set(files()) == {"in.jsonl", "out.jsonl"}


def test_half_characters_survive(inline: None) -> None:
    write_lines("in.jsonl", [b'{"text": "The ferry sank on Monday \\ud83d."}'])
    assert run("in.jsonl", "-o", "out.jsonl").exit_code == 0
    assert rows_of("out.jsonl")[0]["clean_text"] == "The ferry sank on Monday \ud83d."


def test_one_process_or_three_the_bytes_are_the_same() -> None:
    corpus(count=150)
    for workers in (1, 3):
        result = run("in.jsonl", "-o", f"{workers}/out.jsonl.gz", "--removed", f"{workers}/removed.jsonl", "--workers", str(workers), "--part", "40")
        assert result.exit_code == 1, result.output
    assert files("1") == files("3") and set(files("1")) == {"out.jsonl.gz", "out.rejects.jsonl", "removed.jsonl"}
    done = [json.loads(line)["id"] for line in gzip.decompress(files("1")["out.jsonl.gz"]).splitlines()]
    assert done == [n for n in range(150) if n not in (5, 17, 149)]


def test_what_fails_is_rejected_with_its_place_and_itself(inline: None) -> None:
    corpus()
    result = run("in.jsonl", "-o", "out.jsonl", "--max-bytes", "380")
    write_lines("in.jsonl", [row(1), row(2, text=text(2) * 9), b"[1]"])
    result = run("in.jsonl", "-o", "out.jsonl", "--max-bytes", "380")
    assert result.exit_code == 1 and "cleaner: 2 documents rejected: out.rejects.jsonl" in result.stderr
    large, odd = rows_of("out.rejects.jsonl")
    assert (large["id"], large["input"], large["position"], large["place"]) == (2, "in.jsonl", 2, "line 2")
    assert "more than the 380 that are allowed" in large["error"] and large["row"]["text"] == text(2) * 9
    assert (odd["line"], odd["error"]) == ("[1]", "the line is JSON, but not an object with columns: it starts with [1]")
    assert [r["id"] for r in rows_of("out.jsonl")] == [1]


def test_rows_nested_too_deep_are_rejected_and_kept(inline: None) -> None:
    deep = {depth: b'{"text": "The ferry sank.", "x": ' + b"[" * depth + b"]" * depth + b"}" for depth in (300, 900, 990, 1000, 5000, 200_000)}
    write_lines("in.jsonl", [row(1), *deep.values(), row(2)])
    assert run("in.jsonl", "-o", "out.jsonl").exit_code == 1
    done, rejected = (Path(name).read_bytes().splitlines() for name in ("out.jsonl", "out.rejects.jsonl"))
    assert len(done) + len(rejected) == 8 and done[-1].startswith(b'{"id":2,') and len(rejected) >= 1
    assert sum(b"[" * depth in line for line in (*done, *rejected) for depth in (200_000,)) == 1


def test_exit_status_tells_all_some_none(inline: None) -> None:
    good, bad = row(1), b"{"
    for rows, status in (([good], 0), ([good, bad], 1), ([bad], 3), ([], 0)):
        write_lines("in.jsonl", rows)
        assert run("in.jsonl", "-o", "out.jsonl").exit_code == status
        assert Path("out.rejects.jsonl").exists() == (bad in rows)  # those of an earlier run are gone


def test_removals_go_to_a_file_of_their_own(inline: None) -> None:
    write_lines("in.jsonl", [row(1)])
    assert run("in.jsonl", "-o", "out.jsonl", "--removed", "removed.jsonl").exit_code == 0
    found = rows_of("removed.jsonl")
    assert [(r["kind"], r["text"], r["id"], r["position"]) for r in found] == [
        ("ad", "ADVERTISEMENT", 1, 1), ("legal", "All rights reserved.", 1, 1),
    ]  # fmt: skip
    assert all(text(1)[r["start"] : r["end"]] == r["text"] and r["rule"] for r in found)


def test_the_summary_counts_by_kind_rule_and_site_and_names_repeated_lines(inline: None) -> None:
    write_lines("in.jsonl", [row(n, text=text(n) + "\n\nFollow the Lomvik Herald") for n in range(20)])
    result = run("in.jsonl", "-o", "out.jsonl", "--json", "--part", "6")
    report = json.loads(result.stdout)
    assert (report["documents"], report["rejected"]) == (20, 0)
    assert {k["kind"]: k["pieces"] for k in report["kinds"]}.items() >= {"ad": 20, "legal": 20}.items()
    assert sum(k["words"] for k in report["kinds"]) == report["words_removed"] == sum(r["words"] for r in report["rules"])
    assert {s["site"]: s["documents"] for s in report["sites"]} == {"paper0.example": 10, "paper1.example": 10}
    repeated = {(line["site"], line["line"]): line["documents"] for line in report["repeated_lines"]}
    assert repeated["paper0.example", "Follow the Lomvik Herald"] == 10
    assert all(line != "ADVERTISEMENT" for _, line in repeated)


def test_a_column_is_never_overwritten(inline: None) -> None:
    write_lines("in.jsonl", [row(1, clean_text="mine")])
    result = run("in.jsonl", "-o", "out.jsonl")
    assert result.exit_code == 2 and "has a column 'clean_text' already" in result.stderr and not Path("out.jsonl").exists()
    assert run("in.jsonl", "-o", "out.jsonl", "--prefix", "c_", "--drop", "url", "--restart").exit_code == 0
    (done,) = rows_of("out.jsonl")
    assert done["clean_text"] == "mine" and "url" not in done and done["c_title"] == "Skelby bridge 1 opens late"


def test_a_folder_of_inputs_gives_a_folder_of_outputs(inline: None) -> None:
    write_lines("in/a.jsonl", [row(1), row(2)])
    write_lines("in/deep/b.jsonl", [row(3)])
    write_lines("in/c.jsonl", [])
    assert run("in", "-o", "out/", "--to", ".jsonl.gz").exit_code == 0
    assert {n: gzip.decompress(d).count(b"\n") for n, d in files("out").items()} == {"a.jsonl.gz": 2, "c.jsonl.gz": 0, "deep/b.jsonl.gz": 1}
    assert run("in/*.jsonl", "-o", "all.jsonl").exit_code == 0
    assert [r["id"] for r in rows_of("all.jsonl")] == [1, 2]


def test_articles_of_one_file_each_become_rows(inline: None) -> None:
    Path("in").mkdir()
    for n in (2, 1):
        Path(f"in/{n}.txt").write_text(text(n))
    assert run("in", "-o", "out.jsonl").exit_code == 0
    assert [(r["path"], r["clean_title"]) for r in rows_of("out.jsonl")] == [
        (str(Path("in/1.txt")), "Skelby bridge 1 opens late"), (str(Path("in/2.txt")), "Skelby bridge 2 opens late"),
    ]  # fmt: skip


def test_results_beside_the_inputs_are_no_inputs(inline: None) -> None:
    write_lines("in/a.jsonl", [row(1), b"{"])
    for _ in range(2):
        assert run("in", "-o", "in/out.jsonl").exit_code == 1
        assert set(files("in")) == {"a.jsonl", "out.jsonl", "out.rejects.jsonl"}
        assert [r["id"] for r in rows_of("in/out.jsonl")] == [1]


def test_articles_beside_files_of_many_are_cleaned_as_ever(inline: None) -> None:
    write_lines("in/a.csv", [b"text"])
    Path("in/b.txt").write_text(text(1))
    assert run("in", "-o", "out").exit_code == 0 and set(files("out")) == {"b.txt"}
    result = run("in", "-o", "out.jsonl")
    assert result.exit_code == 2 and "cannot be cleaned in one run" in result.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["in.jsonl"], "add -o FILE or -o FOLDER/"),
        (["in.jsonl", "-o", "out.txt"], "is called *.jsonl, *.jsonl.gz"),
        (["in.jsonl", "-o", "in.jsonl"], "would overwrite the input in.jsonl"),
        (["in.jsonl", "-o", "out.jsonl", "--removed", "out.jsonl"], "both be written to out.jsonl"),
        (["in.jsonl", "-o", "out.jsonl", "--removed", "a.parquet"], "--removed a.parquet: it is written as JSONL"),
        (["in.jsonl", "-o", "out.jsonl", "--to", ".parquet"], "--to says what is written to a folder"),
        (["in.jsonl", "-o", "out.jsonl", "--format", "markdown"], "--format is for articles of one file each"),
        (["in.jsonl", "-o", "out.jsonl", "--url", "https://a.example"], "--url is for articles of one file each"),
        (["a.txt", "--part", "2", "--drop", "x"], "--drop, --part: for files of many documents"),
        (["-", "-o", "out.jsonl"], "standard input cannot be read again"),
        (["in.jsonl", "a.txt", "-o", "out.jsonl"], "cannot be cleaned in one run"),
    ],
)
def test_commands_that_cannot_be_meant_are_refused(inline: None, args: list[str], said: str) -> None:
    before = write_lines("in.jsonl", [row(1)]).read_bytes()
    Path("a.txt").write_text(text(1))
    result = run(*args)
    assert result.exit_code == 2 and said in result.stderr and len(result.stderr.splitlines()) == 1
    assert files() == {"in.jsonl": before, "a.txt": text(1).encode()}


# What stops it


def stopped_at(monkeypatch: pytest.MonkeyPatch, number: int, *args: str) -> bool:
    """Run until the `number`-th time that the disk is told something for good; whether it came to that."""
    left = number

    def counting(real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise Crash
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        for name in ("fsync", "replace", "unlink"):
            patch.setattr(os, name, counting(getattr(os, name)))
        try:
            result = run(*args)
        except Crash:
            return True
    assert result.exit_code == 1, result.output
    return False


COMMAND = ("in.jsonl", "-o", "out/clean.jsonl.zst", "--removed", "out/removed.jsonl.gz", "--part", "8")


@pytest.mark.parametrize("shape", ["a file", "a folder"])
def test_stopped_anywhere_it_goes_on_to_the_same_bytes(inline: None, monkeypatch: pytest.MonkeyPatch, shape: str) -> None:
    if shape == "a file":
        corpus(count=20)
        command = COMMAND
        Path("out").mkdir()
    else:
        for name, count in (("a", 20), ("b", 0), ("c", 24)):
            corpus(f"in/{name}.jsonl", count) if count else write_lines(f"in/{name}.jsonl", [b"{"])
        command = ("in", "-o", "out/", "--to", ".jsonl.zst", "--rejects", "rejects.jsonl.zst", "--part", "8")
    assert run(*command).exit_code == 1
    whole = files("out")
    assert len(whole) == 3
    number = 1
    while True:
        for path in Path("out").iterdir():
            path.unlink()
        if not stopped_at(monkeypatch, number, *command):
            break
        result = run(*command)
        assert (result.exit_code, files("out")) == (1, whole), number
        number += 1
    assert number > 30


def test_stopped_again_and_again_it_comes_to_an_end(inline: None, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus()
    run(*COMMAND)
    whole = files("out")
    for path in Path("out").iterdir():
        path.unlink()
    stops = 0
    while stopped_at(monkeypatch, 9 + stops, *COMMAND):
        stops += 1
    assert stops > 3 and files("out") == whole


def test_finished_parts_are_not_done_again(inline: None, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus()
    assert stopped_at(monkeypatch, 25, *COMMAND)
    parts = len(list(Path("out/clean.jsonl.zst.partial").glob("part-*.json")))
    seen = 0
    real = Inline.run

    def counting(self: Inline, tasks: Any) -> Any:
        nonlocal seen
        for task, found in real(self, tasks):
            seen += len(task.items)
            yield task, found

    monkeypatch.setattr(Inline, "run", counting)
    assert run(*COMMAND).exit_code == 1
    assert parts > 1 and seen == 30 - 8 * parts


def test_a_torn_part_is_done_again(inline: None, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus()
    run(*COMMAND)
    whole = files("out")
    Path("out/clean.jsonl.zst").unlink()
    assert stopped_at(monkeypatch, 25, *COMMAND)
    part = Path("out/clean.jsonl.zst.partial/part-000001.out")
    part.write_bytes(part.read_bytes()[:-5])
    assert run(*COMMAND).exit_code == 1
    assert files("out") == whole


def test_nothing_is_seen_of_an_output_before_it_is_whole(inline: None, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus()
    write_lines("out/clean.jsonl.zst", [b"an earlier run's"])
    assert stopped_at(monkeypatch, 25, *COMMAND)
    assert Path("out/clean.jsonl.zst").read_bytes() == b"an earlier run's\n"


@pytest.mark.parametrize("change", ["input", "options"])
def test_parts_of_another_run_are_not_mixed_in(inline: None, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    corpus()
    assert stopped_at(monkeypatch, 25, *COMMAND)
    before = files("out")
    command = list(COMMAND)
    if change == "input":
        write_lines("in.jsonl", [row(1)])
    else:
        command += ["--focus", "recall"]
    result = run(*command)
    assert result.exit_code == 2 and f"differs from this one ({change + 's' * (change == 'input')})" in result.stderr
    assert "--restart" in result.stderr and files("out") == before
    assert run(*command, "--restart").exit_code == (0 if change == "input" else 1)
    assert "out/clean.jsonl.zst.partial" not in str(files("out"))


def test_parts_of_other_code_are_not_mixed_in(inline: None, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus()
    Path("code").mkdir()
    monkeypatch.setattr(checkpoint, "CODE", Path("code"))
    assert stopped_at(monkeypatch, 25, *COMMAND)
    Path("code/decide.py").write_text("the same version, changed")
    result = run(*COMMAND)
    assert result.exit_code == 2 and "differs from this one (cleaner, rules and models)" in result.stderr
    Path("code/decide.py").unlink()
    assert run(*COMMAND).exit_code == 1


def test_two_runs_do_not_work_in_one_folder(inline: None) -> None:
    pytest.importorskip("fcntl")
    corpus()
    with checkpoint.Checkpoint(Path("out/clean.jsonl.zst.partial"), {}, restart=False):
        result = run(*COMMAND)
    assert result.exit_code == 4 and "another run is working in" in result.stderr


def test_a_full_disk_stops_and_says_what_to_do(inline: None, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus()
    real = os.fsync
    left = 12

    def full(handle: int) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        result = run(*COMMAND)
    assert result.exit_code == 4
    assert "stopped: No space left on device; make room, then run the same command again" in result.stderr
    assert run(*COMMAND).exit_code == 1 and set(files("out")) == {"clean.jsonl.zst", "clean.rejects.jsonl", "removed.jsonl.gz"}


def test_an_input_that_changes_meanwhile_stops_the_run(inline: None, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus()
    real = Inline.run

    def writing(self: Inline, tasks: Any) -> Any:
        for done in real(self, tasks):
            with open("in.jsonl", "ab") as file:
                file.write(b"{}\n")
            yield done

    monkeypatch.setattr(Inline, "run", writing)
    result = run(*COMMAND)
    assert result.exit_code == 4 and "in.jsonl changed while it was read" in result.stderr


def test_killed_in_earnest() -> None:
    """The process that reads and writes ends by SIGKILL as it puts its third part away, its workers with it."""
    if sys.platform == "win32":
        pytest.skip("no SIGKILL")
    corpus(count=4 * records.CHUNK_RECORDS)
    assert run(*COMMAND, "--workers", "2").exit_code == 1
    whole = files("out")
    for path in Path("out").iterdir():
        path.unlink()
    code = (
        "import os, signal, sys\nfrom cleaner.batch import checkpoint\nreal = checkpoint.Checkpoint.save\n"
        "def save(self, number, *rest):\n    number == 2 and os.kill(os.getpid(), signal.SIGKILL)\n    return real(self, number, *rest)\n"
        "checkpoint.Checkpoint.save = save\nfrom cleaner.cli import app\napp(sys.argv[1:])"
    )
    root = str(Path(cleaner.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}
    done = subprocess.run([sys.executable, "-c", code, "clean", *COMMAND, "--workers", "2"], env=environment, capture_output=True)
    assert done.returncode == -signal.SIGKILL and "clean.jsonl.zst" not in files("out")
    assert run(*COMMAND, "--workers", "2").exit_code == 1
    assert files("out") == whole


@pytest.mark.parametrize(("step", "said"), [("begin_text", "given[0]"), ("conclude", "given[0].document.text")])
def test_documents_that_kill_or_stall_a_worker_are_rejected_alone(step: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever step: documents are read some at a time, scored together, and ended with one by one."""
    if sys.platform == "win32":
        pytest.skip("no SIGKILL")
    Path("patched").mkdir()
    Path("patched/sitecustomize.py").write_text(
        f"import os, signal, time\nfrom cleaner import pipeline\nreal = pipeline.{step}\n"
        f"def step(*given, **named):\n    text = {said}\n"
        "    'DIE' in text and os._exit(9)\n    'KILL' in text and os.kill(os.getpid(), signal.SIGKILL)\n"
        "    'STALL' in text and time.sleep(600)\n    return real(*given, **named)\n"
        f"pipeline.{step} = step\n"
    )
    root = str(Path(cleaner.__file__).parent.parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(Path("patched").absolute()), root)))
    rows = [row(n) for n in range(12)]
    for n, word in ((2, "DIE"), (3, "STALL"), (7, "KILL")):
        rows[n]["text"] += word
    write_lines("in.jsonl", rows)
    assert run("in.jsonl", "-o", "out.jsonl", "--workers", "2", "--timeout", "5").exit_code == 1
    assert [r["id"] for r in rows_of("out.jsonl")] == [n for n in range(12) if n not in (2, 3, 7)]
    assert [(r["id"], r["error"]) for r in rows_of("out.rejects.jsonl")] == [
        (2, "ended the process that cleaned it: exit status 9"),
        (3, "took longer than 5 seconds"),
        (7, "ended the process that cleaned it: killed by SIGKILL, as when memory runs out"),
    ]
