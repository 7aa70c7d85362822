"""FiveFilters' site configurations as they are written: lines of `directive: value`, a file a host."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import regex

from cleaner.errors import InputError

LINE = regex.compile(r"(?P<name>[a-z_]+)\s*(?:\((?P<argument>.*?)\))?\s*:(?P<value>.*)", regex.IGNORECASE)
SUFFIX = ".txt"


class Directive(NamedTuple):
    """One line. `argument` is what stands in parentheses after the name; `line` counts from 1."""

    name: str
    argument: str
    value: str
    line: int


def read_directives(text: str) -> list[Directive]:
    """The directives of one configuration, in order. Comments and lines that are none are left out.

    >>> read_directives("# a comment\\nbody: //main\\nreplace_string(<i>): <em>")
    [Directive(name='body', argument='', value='//main', line=2), Directive(name='replace_string', argument='<i>', value='<em>', line=3)]
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        said = LINE.fullmatch(line.strip())
        if said:
            found.append(Directive(said["name"].lower(), said["argument"] or "", said["value"].strip(), number))
    return found


def configurations(source: Path) -> Iterator[tuple[str, str]]:
    """File names and texts of all configurations in a folder, a tar or zip archive, or of one file; sorted by name.

    Raises InputError where `source` is none of these.
    """
    yield from sorted(
        (PurePosixPath(name).name, data.decode("utf-8-sig", "replace")) for name, data in _files(source) if _is_configuration(name)
    )


def _is_configuration(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix == SUFFIX and path.name.lower() != "license.txt" and "." in path.name.removesuffix(SUFFIX).lstrip(".") + "."


def _files(source: Path) -> Iterator[tuple[str, bytes]]:
    if source.is_dir():
        for path in source.rglob(f"*{SUFFIX}"):
            yield path.name, path.read_bytes()
    elif source.is_file() and tarfile.is_tarfile(source):
        with tarfile.open(source) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:
                    yield member.name, content.read()
    elif source.is_file() and zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as packed:
            for name in packed.namelist():
                if not name.endswith("/"):
                    yield name, packed.read(name)
    elif source.is_file():
        yield source.name, source.read_bytes()
    else:
        raise InputError(f"{source} is neither a folder nor a file; give the folder or archive of the configurations")


def target(name: str) -> tuple[str, str, tuple[str, ...]]:
    """Where a configuration belongs, by its file's name: folder, file name without .toml, and hosts.

    >>> target("lomvik.example.txt")
    ('sites', 'lomvik.example', ('lomvik.example',))
    >>> target(".lomvik.example.txt")
    ('sites', '_.lomvik.example', ('*.lomvik.example',))
    >>> target("fingerprint.blogs.example.txt")
    ('templates', 'fingerprint.blogs.example', ())
    """
    stem = name.removesuffix(SUFFIX).lower()
    if stem.startswith("fingerprint.") or stem == "global":
        return "templates", stem, ()
    if stem.startswith("."):
        # "_" stands in no host's name, so that this file never takes the place of the domain's own.
        return "sites", f"_{stem}", (f"*{stem}",)
    return "sites", stem, (stem,)
