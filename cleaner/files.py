"""Where articles come from and go to on disk: inputs found, read, and results written whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from cleaner.errors import InputError, OptionError
from cleaner.result import CleanResult

STANDARD_INPUT = "-"
HTML_SUFFIXES = frozenset((".html", ".htm", ".xhtml"))
SUFFIXES = HTML_SUFFIXES | {".txt", ".text", ".md"}


class ReadAs(StrEnum):
    """What an input is taken for."""

    AUTO = "auto"
    HTML = "html"
    TEXT = "text"


class Format(StrEnum):
    """How an article is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


SUFFIX = {Format.TEXT: ".txt", Format.MARKDOWN: ".md", Format.JSON: ".json", Format.HTML: ".html"}

Report = Callable[[str, Exception], None]


class Source(NamedTuple):
    """An article to be read. `name` is what messages call it, `path` None means standard input.

    `place` is where it lies below the folder it was found in: its result lies at the same place below the
    output folder.
    """

    name: str
    path: Path | None
    place: Path

    @property
    def is_html(self) -> bool:
        """Whether the file's name says that it is a page."""
        return self.place.suffix.lower() in HTML_SUFFIXES

    def read(self) -> bytes:
        """The bytes as they are stored; what charset they are in is for the cleaning to find out."""
        return sys.stdin.buffer.read() if self.path is None else self.path.read_bytes()


def is_folder(name: str) -> bool:
    """Whether an input names a folder; `-` never does."""
    return name != STANDARD_INPUT and os.path.isdir(name)


def find_sources(inputs: Sequence[str], *, out: str | None, report: Report) -> list[Source]:
    """The articles that `inputs` name, folders searched through in sorted order.

    A folder that cannot be read, or that holds none, is given to `report` and the rest is found still. The
    output folder `out` is not searched where it lies in an input: a second run must not clean the first's results.
    """
    found: list[Source] = []
    for name in inputs:
        if name == STANDARD_INPUT:
            found.append(Source(name, None, Path("stdin")))
        elif is_folder(name):
            inside = sorted(_below(Path(name), out, report), key=lambda s: s.place.parts)
            if not inside:
                report(name, InputError(f"the folder holds no file named {', '.join('*' + s for s in sorted(SUFFIXES))}"))
            found += inside
        else:
            found.append(Source(name, Path(name), Path(Path(name).name)))
    return found


def _below(root: Path, out: str | None, report: Report) -> Iterator[Source]:
    def unreadable(error: OSError) -> None:
        report(str(error.filename), error)

    results = Path(out).resolve() if out is not None else None
    for folder, folders, files in os.walk(root, onerror=unreadable):
        here = Path(folder)
        folders[:] = [f for f in folders if not f.startswith(".") and (here / f).resolve() != results]
        for name in files:
            path = here / name
            # A pipe or a socket would be waited on for ever; a dangling link is an error that reading will tell.
            ordinary = path.is_file() or not path.exists()
            if ordinary and not name.startswith(".") and path.suffix.lower() in SUFFIXES:
                yield Source(str(path), path, path.relative_to(root))


def plan_targets(sources: Sequence[Source], out: str | None, form: Format, *, folder: bool) -> list[Path]:
    """Where each result goes; nowhere without `out`. `folder` says that `out` must be a folder, made if missing.

    Raises OptionError where two results would be one file, or a result would take the place of a source.
    """
    if out is None:
        return []
    if folder and os.path.exists(out) and not os.path.isdir(out):
        raise OptionError(f"-o {out} is a file; the results of several inputs go to a folder")
    if not folder and not os.path.isdir(out) and not out.endswith(("/", os.sep)):
        targets = [Path(out)]
    else:
        targets = [Path(out) / _renamed(source.place, SUFFIX[form]) for source in sources]
    owners: dict[Path, Source] = {}
    for source, target in zip(sources, targets):
        other = owners.setdefault(target, source)
        if other is not source:
            raise OptionError(f"{other.name} and {source.name} would both be written to {target}; clean them into two folders")
    originals = {source.path.resolve() for source in sources if source.path is not None}
    for target in targets:
        if target.is_file() and target.resolve() in originals:
            raise OptionError(f"the result would overwrite the input {target}; choose another -o")
    return targets


def _renamed(place: Path, suffix: str) -> Path:
    return place.with_suffix(suffix) if place.suffix.lower() in SUFFIXES else place.with_name(place.name + suffix)


def rendered(result: CleanResult, form: Format, *, path: str, title: bool, indent: int | None) -> str:
    """A result as it is written, with a line break at its end; `path` goes into JSON, which always has the title."""
    if form is Format.JSON:
        readable = os.fsencode(path).decode("utf-8", "replace")
        return json.dumps({"path": readable, **result.to_dict()}, ensure_ascii=False, indent=indent) + "\n"
    write = {Format.TEXT: result.to_text, Format.MARKDOWN: result.to_markdown, Format.HTML: result.to_html}[form]
    text = write(title=title)
    return text + "\n" if text else ""


def write_whole(path: Path, text: str) -> None:
    """Write a file so that whoever looks finds the old one or the whole new one, never a part.

    Missing folders are made. Raises OSError that names `path`.
    """
    data = text.encode("utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What a link points to is written, and the link stays.
        path = path.resolve()
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a device or a pipe, which must not be replaced by a file
            return
        _replace(path, data)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f".cleaner-{secrets.token_hex(8)}.tmp")
    try:
        draft.write_bytes(data)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
