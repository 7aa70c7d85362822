"""What a batch reads: files of many documents, on this machine or behind any address that fsspec opens."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from cleaner.errors import InputError, OptionError
from cleaner.files import STANDARD_INPUT, SUFFIXES, Report, Source, find_sources, is_folder

MAGIC = "*?["
# How files of rejects are called: an earlier run's, which lie in a folder, are no input.
REJECTS = ".rejects.jsonl"


class Store(StrEnum):
    """How an input holds its documents."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    WARC = "warc"
    WACZ = "wacz"
    ARTICLES = "articles"  # a file each


STORE_OF = {
    ".jsonl": Store.JSONL, ".ndjson": Store.JSONL, ".jsonlines": Store.JSONL, ".csv": Store.CSV, ".tsv": Store.CSV,
    ".parquet": Store.PARQUET, ".warc": Store.WARC, ".wacz": Store.WACZ,
}  # fmt: skip
COMPRESSION_OF = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}


class Input(NamedTuple):
    """A file of documents. `size` is in bytes, None where the server does not say; `stamp` changes when the file does.

    `place` is where it lies below the folder that it was found in. `members` are the articles of an input that is
    many small files.
    """

    name: str
    store: Store
    compression: str
    size: int | None
    stamp: str
    place: Path
    members: tuple[Source, ...] = ()

    def open(self) -> IO[bytes]:
        """Its bytes as they are stored. Raises OSError, or what the address's library raises."""
        if is_address(self.name):
            return cast(IO[bytes], _filesystem(self.name)[0].open(self.name, "rb"))
        return open(self.name, "rb")

    def changed(self) -> bool:
        """Whether it is no longer the file that it was when it was found."""
        return not self.members and _described(self.name, self.place)[3:5] != self[3:5]


def is_address(name: str) -> bool:
    """Whether a name is an address (`s3://…`) and not a path."""
    return "://" in name


def store_of(name: str) -> tuple[Store, str] | None:
    """How a file of this name holds documents, and its compression; None for other names.

    >>> store_of("news.jsonl.zst"), store_of("news.html")
    ((<Store.JSONL: 'jsonl'>, 'zstd'), None)
    """
    path = Path(name.split("?")[0] if is_address(name) else name)
    compression = COMPRESSION_OF.get(path.suffix.lower(), "")
    store = STORE_OF.get(Path(path.stem if compression else path.name).suffix.lower())
    return None if store is None or (compression and store in (Store.PARQUET, Store.WACZ)) else (store, compression)


def is_pattern(name: str) -> bool:
    """Whether a name is a pattern such as `*.jsonl`, and no file that is called so."""
    return any(c in name for c in MAGIC) and not os.path.exists(name)


def holds_many(name: str) -> bool:
    """Whether an input is for a batch: an address, a pattern, a file of documents, or a folder with such and no articles."""
    if is_address(name) or is_pattern(name) or (store_of(name) is not None and not os.path.isdir(name)):
        return True
    if not is_folder(name) or next(_tables_below(Path(name), None), None) is None:
        return False
    return not find_sources([name], out=None, report=lambda *_: None)


def find_inputs(names: Sequence[str], *, out: str, report: Report) -> list[Input]:
    """The inputs that `names` mean, in their order, folders and patterns in sorted order.

    Articles (a file each) become one input for each run of names that mean them. What is missing is given to
    `report`. Raises OptionError for standard input, and where a folder holds both articles and files of many.
    """
    found: list[Input] = []
    articles: list[Source] = []
    for name in names:
        if name == STANDARD_INPUT:
            raise OptionError("standard input cannot be read again where a run was stopped: save it in a file and name that")
        try:
            tables, single = _meant(name, out, report)
        except (OSError, InputError) as error:
            report(name, error)
            continue
        articles += single
        if tables and articles:
            raise OptionError(f"{name}: files of many documents and articles of one file each cannot be cleaned in one run; name either")
        found += tables
    if articles and found:
        raise OptionError("files of many documents and articles of one file each cannot be cleaned in one run; name either")
    return [_articles(articles)] if articles else found


def _meant(name: str, out: str, report: Report) -> tuple[list[Input], list[Source]]:
    if is_address(name):
        return _behind(name), []
    if is_pattern(name):
        paths = sorted(p for p in glob.glob(name, recursive=True) if os.path.isfile(p))
        if not paths:
            raise InputError("no file fits the pattern")
        return [_described(p, Path(Path(p).name)) for p in paths if store_of(p)], [
            Source(p, Path(p), Path(Path(p).name)) for p in paths if not store_of(p) and Path(p).suffix.lower() in SUFFIXES
        ]
    if not is_folder(name):
        return ([_described(name, Path(Path(name).name))], []) if store_of(name) else ([], [Source(name, Path(name), Path(Path(name).name))])
    tables = [_described(str(p), p.relative_to(name)) for p in sorted(_tables_below(Path(name), out))]
    quiet: Report = (lambda _name, _error: None) if tables else report
    return tables, find_sources([name], out=out, report=quiet)


def _tables_below(root: Path, out: str | None) -> Iterator[Path]:
    results = Path(out).resolve() if out is not None else None
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = [
            f for f in folders if not f.startswith(".") and not f.endswith(".partial") and (here / f).resolve() != results
        ]  # fmt: skip
        for name in files:
            path = here / name
            wanted = not name.startswith(".") and not name.endswith(REJECTS) and store_of(name) is not None
            if wanted and path.is_file() and path.resolve() != results:
                yield path


def _articles(sources: Sequence[Source]) -> Input:
    digest = hashlib.sha256()
    total = 0
    for source in sources:
        assert source.path is not None
        try:
            stat = source.path.stat()
        except OSError:
            continue  # reading it will tell
        total += stat.st_size
        digest.update(f"{source.name}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return Input("articles", Store.ARTICLES, "", total, digest.hexdigest(), Path("articles"), tuple(sources))


def _described(name: str, place: Path) -> Input:
    store, compression = store_of(name) or (Store.JSONL, "")
    if is_address(name):
        filesystem, path = _filesystem(name)
        info = filesystem.info(path)
        stamps = (info.get(key) for key in ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "created"))
        stamp = next((str(s) for s in stamps if s), "")
        return Input(name, store, compression, info.get("size"), stamp, place)
    stat = os.stat(name)
    return Input(name, store, compression, stat.st_size, str(stat.st_mtime_ns), place)


def _behind(name: str) -> list[Input]:
    """The files that an address means: itself, those that fit its pattern, or all in its folder."""
    filesystem, path = _filesystem(name)
    try:
        if any(c in path for c in MAGIC):
            paths = sorted(filesystem.glob(path))
        elif store_of(name) is None and filesystem.isdir(path):
            paths = sorted(filesystem.find(path))
        else:
            return [_described(name, Path(Path(path).name))]
        found = [(p, filesystem.unstrip_protocol(p)) for p in paths if store_of(p)]
        if not found:
            raise InputError("no file of documents is there (.jsonl, .parquet, .csv, .warc, .wacz)")
        return [_described(address, Path(Path(p).name)) for p, address in found]
    except (OSError, InputError):
        raise
    except Exception as error:  # each protocol's library has errors of its own
        raise InputError(f"cannot be looked up: {type(error).__name__}: {error}") from None


def _filesystem(name: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise OptionError(f"{name}: addresses need fsspec; install article-cleaner[batch]") from None
    try:
        filesystem, path = url_to_fs(name)
    except ImportError as error:
        raise OptionError(f"{name}: {error}") from None
    except ValueError as error:
        raise OptionError(f"{name}: {error}") from None
    return filesystem, str(path)
