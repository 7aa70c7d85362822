"""Write outputs: parts as they are done, then the whole of them in one file. The same rows give the same bytes."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from cleaner.errors import OptionError


class Form(StrEnum):
    """How rows are written; the value is the suffix that says so."""

    JSONL = ".jsonl"
    JSONL_GZ = ".jsonl.gz"
    JSONL_ZST = ".jsonl.zst"
    PARQUET = ".parquet"


# As the tools themselves have it: more costs time and hardly saves space.
GZIP_LEVEL = 6
ZSTD_LEVEL = 3


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
        frame = _zstandard().ZstdCompressor(level=ZSTD_LEVEL).compressobj()
        return [*map(frame.compress, lines), frame.flush()]
    return list(lines)


def join(parts: Sequence[Path], target: Path, form: Form, empty: Any = None) -> None:
    """Write parts one behind the other as one file, through to the disk.

    gzip's members may stand in a row, and every reader reads them. zstd's frames may too, but some readers stop
    behind the first, so they are made one. `empty` is the Arrow schema of a Parquet file without rows.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "wb") as file:
        if form is Form.PARQUET:
            from cleaner.batch.arrow import join_tables

            join_tables(parts, file, empty)
        elif form is Form.JSONL_ZST:
            _join_frames(parts, file)
        else:
            for part in parts:
                with open(part, "rb") as piece:
                    shutil.copyfileobj(piece, file, 1 << 20)
            if not parts:
                file.writelines(pack([], form))
        file.flush()
        os.fsync(file.fileno())


def _join_frames(parts: Sequence[Path], file: IO[bytes]) -> None:
    zstandard = _zstandard()
    expand = zstandard.ZstdDecompressor()
    with zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True).stream_writer(file, closefd=False) as out:
        for part in parts:
            out.write(expand.decompressobj().decompress(part.read_bytes()))


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise OptionError("zstd files need the zstandard package; install article-cleaner[batch]") from None
    return zstandard
