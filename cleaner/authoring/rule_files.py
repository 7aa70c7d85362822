"""The files of rules folders: which there are, what each is for, and what TOML they hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.authoring.finding import Finding
from cleaner.authoring.rule_places import TOP, Place, place_at

SITES, TEMPLATES = "sites", "templates"
FRAGMENTS = "fragments.toml"
TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
HINTS = (
    ("Unescaped", "; write patterns in single quotes, '\\d', where a backslash is a backslash"),
    ("Invalid value", "; text stands in quotes"),
    ("Cannot overwrite", "; the key stands twice in this table: keep one"),
    ("Cannot declare", "; the table stands twice: write [[rule]] with two brackets, or keep one"),
    ("Illegal character", "; a string ends on its line: close its quotes, or write '''…''' for one of many lines"),
    ("Unterminated", "; close its quotes"),
    ("Expected '=' after a key", '; write key = "value"'),
    ("Unclosed array", "; close the list with ]"),
)


class Role(StrEnum):
    """What a file of a rules folder is for."""

    COMMON = "common"
    SITE = "site"
    TEMPLATE = "template"
    FRAGMENTS = "fragments"


class RuleFile(NamedTuple):
    """A TOML file and the rules folder that it belongs to."""

    path: Path
    folder: Path
    role: Role

    @property
    def name(self) -> str:
        """What the file is named: a site file's domain."""
        return self.path.name.removesuffix(".toml")


class Opened(NamedTuple):
    """A file's text and tables; both empty where it cannot be read."""

    file: RuleFile
    text: str
    data: dict[str, Any]
    findings: tuple[Finding, ...]


def files_below(folder: Path) -> list[RuleFile]:
    """All rule files of a rules folder, common ones first, in the order in which they are read."""
    found = [RuleFile(path, folder, _role(path, folder)) for path in sorted(folder.rglob("*.toml"))]
    return sorted(found, key=lambda f: list(Role).index(f.role))


def as_rule_file(path: Path) -> RuleFile:
    """A single file, with the rules folder that it lies in: the nearest around it with word lists, a folder of sites
    or of templates; else the folder that it lies in."""
    folders = path.absolute().parents
    for folder in folders[:3]:
        if any((folder / name).exists() for name in (FRAGMENTS, SITES, TEMPLATES)):
            return RuleFile(path, folder, _role(path.absolute(), folder))
    return RuleFile(path, path.parent, _role(path, path.parent))


def _role(path: Path, folder: Path) -> Role:
    parts = path.relative_to(folder).parts
    if path.name == FRAGMENTS and len(parts) == 1:
        return Role.FRAGMENTS
    within = parts[0] if len(parts) > 1 else ""
    return {SITES: Role.SITE, TEMPLATES: Role.TEMPLATE}.get(within, Role.COMMON)


def find_rule_files(paths: Sequence[Path]) -> tuple[list[RuleFile], list[Finding]]:
    """The files that `paths` name, folders searched through, each once; and what is wrong with the paths."""
    found: dict[Path, RuleFile] = {}
    findings = []
    for path in paths:
        if path.is_dir():
            files = _in_folder(path)
            if not files:
                findings.append(Finding(str(path), TOP, "the folder holds no file named *.toml: give a folder of rule files"))
        elif path.exists() and path.suffix != ".toml":
            findings.append(Finding(str(path), TOP, "is no rule file: those are named *.toml"))
            continue
        elif path.exists():
            files = [as_rule_file(path)]
        else:
            findings.append(Finding(str(path), TOP, "there is no such file or folder: look at how it is written"))
            continue
        for file in files:
            found.setdefault(file.path.resolve(), file)
    return list(found.values()), findings


def _in_folder(path: Path) -> list[RuleFile]:
    """A rules folder's files, or those of a folder inside one."""
    if any((path / name).exists() for name in (FRAGMENTS, SITES, TEMPLATES)):
        return files_below(path)
    inside = sorted(path.rglob("*.toml"))
    folder = as_rule_file(inside[0]).folder.absolute() if inside else path
    if path.absolute() == folder or not path.absolute().is_relative_to(folder):
        return files_below(path)
    return [RuleFile(p, folder, _role(p.absolute(), folder)) for p in inside]


def open_rule_file(file: RuleFile) -> Opened:
    """Read a file, or find out why it cannot be read."""
    name = str(file.path)
    try:
        data = file.path.read_bytes()
    except OSError as error:
        return Opened(file, "", {}, (Finding(name, TOP, f"cannot be read: {error.strerror or error}"),))
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        problem = f"is not UTF-8 text: byte 0x{data[error.start]:02x} belongs to another charset; save the file as UTF-8"
        return Opened(file, "", {}, (Finding(name, place_at(before, len(before)), problem),))
    try:
        return Opened(file, text, tomllib.loads(text), ())
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Opened(file, text, {}, (_not_toml(name, text, str(error)),))


def _not_toml(name: str, text: str, error: str) -> Finding:
    said = TOML_PLACE.search(error)
    problem = error[: said.start()] if said else error
    place = Place(int(said[1]), int(said[2])) if said and said[1] else place_at(text, len(text.rstrip()))
    hint = next((hint for start, hint in HINTS if problem.startswith(start)), "")
    return Finding(name, place, f"is not valid TOML: {problem}{hint}")
