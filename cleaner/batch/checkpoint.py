"""The folder beside an output in which an unfinished run keeps its finished parts, so that it can go on.

A part is a few files, numbered, and a record in JSON that is renamed into its place last: with the record the part
is whole, without it the part is not there. What is renamed was written through to the disk before.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import cleaner
from cleaner import model
from cleaner.batch.json_lines import plain_to_json
from cleaner.errors import CleanerError, OptionError
from cleaner.ruleset import shipped_folder

JOB = "job.json"
DELIVERED = "delivered.json"
LOCK = "lock"
CODE = Path(cleaner.__file__).parent


class Checkpoint:
    """An unfinished run's folder, held by one process at a time. Use it in a `with`."""

    def __init__(self, folder: Path, job: Mapping[str, Any], *, restart: bool) -> None:
        self.folder = folder
        self.job = job
        self.restart = restart
        self.lock: IO[bytes] | None = None

    def __enter__(self) -> Checkpoint:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = _locked(self.folder / LOCK)
        try:
            self._begin()
        except BaseException:
            self._unlock()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._unlock()

    def _begin(self) -> None:
        if self.restart:
            self._clear()
        known = self._read(JOB)
        if known is None:
            self._clear()
            self._write(JOB, self.job)
        elif known != json.loads(json.dumps(self.job)):
            different = sorted(key for key in {*known, *self.job} if known.get(key) != json.loads(json.dumps(self.job.get(key))))
            raise OptionError(
                f"{self.folder} holds an unfinished run that differs from this one ({', '.join(different)}): run that command again to "
                "finish it, add --restart to throw its parts away, or choose another -o"
            )

    def parts(self) -> Iterator[dict[str, Any]]:
        """The records of the parts that are there whole, from the first to the last without a gap."""
        number = 0
        while (record := self._read(_record_name(number))) is not None:
            paths = {name: self.path(number, name) for name in record["files"]}
            if {name: path.stat().st_size for name, path in paths.items() if path.exists()} != record["files"]:
                return
            yield record
            number += 1

    def path(self, number: int, name: str) -> Path:
        """Where a part's file lies."""
        return self.folder / f"part-{number:06}.{name}"

    def save(self, number: int, files: Mapping[str, Sequence[bytes]], record: Mapping[str, Any]) -> dict[str, Any]:
        """Make a part of files in pieces: when this returns it is on the disk. Raises OSError, as for a full disk."""
        for name, pieces in files.items():
            with open(self.path(number, name), "wb") as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
        whole = {**record, "files": {name: sum(map(len, pieces)) for name, pieces in files.items()}}
        self._write(_record_name(number), whole)
        return whole

    def delivered(self) -> dict[str, Any] | None:
        """What `deliver` was told, where the run ended so late that only the folder was left to be removed."""
        return self._read(DELIVERED)

    def deliver(self, drafts: Mapping[Path, Path], last_words: Mapping[str, Any]) -> None:
        """Put finished files in their places, each whole, then remember that it is done, and what to say of it."""
        for draft, target in drafts.items():
            os.replace(draft, target)
            _sync_folder(target.parent)
        self._write(DELIVERED, last_words)

    def remove(self) -> None:
        """Take the folder away, its word that all is delivered last."""
        for path in sorted(self.folder.iterdir()):
            if path.name not in (DELIVERED, JOB, LOCK):
                path.unlink(missing_ok=True)
        for name in (DELIVERED, JOB):
            (self.folder / name).unlink(missing_ok=True)
        self._unlock()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _clear(self) -> None:
        # The job goes first: without it what is left counts for nothing.
        for path in sorted(self.folder.iterdir(), key=lambda p: p.name != JOB):
            if path.name != LOCK:
                path.unlink()

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads((self.folder / name).read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            raise CleanerError(f"{self.folder / name} cannot be read; add --restart to throw the folder's parts away") from None
        return found

    def _write(self, name: str, value: Mapping[str, Any]) -> None:
        draft = self.folder / f"{name}.draft"
        with open(draft, "wb") as file:
            file.write(plain_to_json(value))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.folder / name)
        _sync_folder(self.folder)

    def _unlock(self) -> None:
        if self.lock is not None:
            self.lock.close()
            self.lock = None


def knowledge(rules: Sequence[str]) -> str:
    """A digest of all that decides beside the input and the options: the version, the code, the rules, the models.

    The code is read as it is written, so that machines of another kind with the same have the same digest.
    """
    digest = hashlib.sha256(cleaner.__version__.encode())
    for path in sorted(p for suffix in ("py", "pyx", "pxd") for p in CODE.rglob(f"*.{suffix}")):
        digest.update(path.relative_to(CODE).as_posix().encode() + b"\0" + path.read_bytes())
    for folder in (shipped_folder(), *map(Path, rules)):
        for path in sorted(folder.rglob("*.toml")):
            digest.update(str(path.relative_to(folder)).encode("utf-8", "surrogateescape") + b"\0" + path.read_bytes())
    for path in sorted(model.MODELS.glob("*.npz")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _record_name(number: int) -> str:
    return f"part-{number:06}.json"


def _locked(path: Path) -> IO[bytes]:
    file = open(path, "ab")  # noqa: SIM115
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows: nothing keeps two runs apart
        pass
    except OSError:
        file.close()
        raise CleanerError(f"another run is working in {path.parent}; wait for it to end") from None
    return file


def _sync_folder(folder: Path) -> None:
    """Make sure that names, too, are on the disk; not every system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
