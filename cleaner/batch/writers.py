"""Write outputs: parts as they are done, then the whole of them in one file. The same rows give the same bytes."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, NamedTuple

from cleaner.errors import OptionError


class Form(StrEnum):
    """How rows are written; the value is the suffix that says so."""

    JSONL = ".jsonl"
    JSONL_GZ = ".jsonl.gz"
    JSONL_ZST = ".jsonl.zst"
    PARQUET = ".parquet"


class Target(NamedTuple):
    """A file to be written, and how."""

    path: Path
    form: Form

    @property
    def draft(self) -> Path:
        """Where it is before it is whole."""
        return self.path.with_name(f".{self.path.name}.draft")


# As the tools themselves have it: more costs time and hardly saves space.
GZIP_LEVEL = 6
ZSTD_LEVEL = 3
# A part of zstd is read once and thrown away: this takes half the time for a twentieth more space.
ZSTD_PART_LEVEL = 1


def form_of(name: str) -> Form | None:
    """What a file's name asks for, None for other names.

    >>> form_of("clean.jsonl.zst"), form_of("clean/")
    (<Form.JSONL_ZST: '.jsonl.zst'>, None)
    """
    lower = name.lower().replace(".ndjson", ".jsonl").removesuffix(".zstd") + (".zst" if name.lower().endswith(".zstd") else "")
    return next((form for form in reversed(Form) if lower.endswith(form) and len(lower) > len(form)), None)


def pack(lines: Sequence[bytes], form: Form) -> list[bytes]:
    """Lines as a part of a file of JSONL, in pieces."""
    if form is Form.JSONL_GZ:
        # In one: how it is compressed must not depend on how the lines came.
        return [gzip.compress(b"".join(lines), GZIP_LEVEL, mtime=0)]
    if form is Form.JSONL_ZST:
        frame = _zstandard().ZstdCompressor(level=ZSTD_PART_LEVEL).compressobj()
        return [*map(frame.compress, lines), frame.flush()]
    return list(lines)


class Draft:
    """A file of zstd that is not in its place yet. It grows by a part at a time: the same parts give the same bytes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.file = open(path, "wb")  # noqa: SIM115
        compressor = _zstandard().ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True)
        self.frame = compressor.stream_writer(self.file, closefd=False)

    def add(self, part: bytes) -> None:
        """Add a part that is not compressed."""
        self.frame.write(part)

    def end(self) -> None:
        """End it, written through to the disk."""
        self.frame.close()
        _put_through(self.file)
        self.file.close()

    def drop(self) -> None:
        """Take it away."""
        with suppress(OSError):  # a full disk has no room for the rest
            self.file.close()
        self.path.unlink(missing_ok=True)


def join(parts: Sequence[Path], target: Path, form: Form, empty: Any = None) -> None:
    """Write parts one behind the other as one file, through to the disk.

    gzip's members may stand in a row, and every reader reads them. zstd's frames may too, but some readers stop
    behind the first, so they are made one. `empty` is the Arrow schema of a Parquet file without rows.
    """
    if form is Form.JSONL_ZST:
        draft = Draft(target)
        try:
            for part in parts:
                draft.add(expanded(part))
            draft.end()
        except BaseException:
            draft.drop()
            raise
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "wb") as file:
        if form is Form.PARQUET:
            from cleaner.batch.arrow import join_tables

            join_tables(parts, file, empty)
        else:
            for part in parts:
                with open(part, "rb") as piece:
                    shutil.copyfileobj(piece, file, 1 << 20)
            if not parts:
                file.writelines(pack([], form))
        _put_through(file)


def expanded(part: Path) -> bytes:
    """What is in a part of zstd."""
    return bytes(_zstandard().ZstdDecompressor().decompressobj().decompress(part.read_bytes()))


def _put_through(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise OptionError("zstd files need the zstandard package; install article-cleaner[batch]") from None
    return zstandard
