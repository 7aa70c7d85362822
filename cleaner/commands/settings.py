"""What the commands share: the options that say how an article is cleaned, and how they speak to the user."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple, NoReturn

import typer

import cleaner
from cleaner.errors import CleanerError
from cleaner.files import ReadAs, Source
from cleaner.options import Focus, Options
from cleaner.result import CleanResult
from cleaner.ruleset import RuleSet, load, shipped, shipped_folder

FAILED = 1
WRONG_USAGE = 2
# Control characters of an article must not steer the terminal: they are shown as pictures of themselves.
CONTROLS = {c: 0x2400 + c for c in range(0x20) if chr(c) not in "\n\t"} | {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)

InputOption = Annotated[ReadAs, typer.Option("--input", help="What the input is; auto goes by the file's name, then by its content.")]
UrlOption = Annotated[str | None, typer.Option(help="The address the article came from.")]
RulesOption = Annotated[list[str] | None, typer.Option(metavar="DIR", help="A folder of rules to use beside the shipped ones.")]
SiteOption = Annotated[
    str | None, typer.Option(metavar="DOMAIN", help="Whose site's rules to use, where no URL says it or the URL should not decide.")
]
FocusOption = Annotated[Focus, typer.Option(help="What to favour in doubt: precision removes more, recall keeps more.")]


class Settings(NamedTuple):
    """How every input of a run is cleaned."""

    read_as: ReadAs
    url: str | None
    rules: RuleSet | None
    options: Options


def say(message: str) -> None:
    """One line on standard error."""
    typer.echo("cleaner: " + " ".join(message.translate(CONTROLS).split()), err=True)


def refuse(message: str) -> NoReturn:
    """Say what is wrong with the command and end."""
    say(message)
    raise typer.Exit(WRONG_USAGE)


def problem(name: str, error: Exception) -> str:
    """An error in words. One that nobody foresaw is told too: a thousand files must not stop at the one."""
    if isinstance(error, OSError):
        told = error.strerror or str(error)
        return told if error.filename is None or str(error.filename) == name else f"{error.filename}: {told}"
    if isinstance(error, (CleanerError, UnicodeError)):
        return str(error)
    return f"a fault of cleaner itself, please report it: {type(error).__name__}: {error}"


def rule_folders(given: Sequence[str | Path] | None = None) -> list[Path]:
    """The rules folders of a command, later ones winning: shipped, the user's own, CLEANER_RULES, then those `given`."""
    own = Path(typer.get_app_dir("cleaner")) / "rules"
    named = [Path(name) for name in os.environ.get("CLEANER_RULES", "").split(os.pathsep) if name]
    return [shipped_folder(), *([own] if own.is_dir() else []), *named, *map(Path, given or ())]


def rules_of(folders: Sequence[Path]) -> RuleSet | None:
    """The rules of a command's folders; None means the shipped ones alone. Raises RuleError or OSError for no folder of rules."""
    return load(folders) if len(folders) > 1 else None


def read_settings(read_as: ReadAs, url: str | None, rules: Sequence[str] | None, focus: Focus, site: str | None = None) -> Settings:
    """Read the rules once for all inputs and tell what is faulty in them; stop where a folder cannot be read."""
    folders = rule_folders(rules)
    try:
        ruleset = rules_of(folders)
    except (CleanerError, OSError, UnicodeError) as error:
        say(str(error) if isinstance(error, CleanerError) else f"--rules: {problem('', error)}")
        raise typer.Exit(FAILED) from None
    for fault in ruleset.faults if ruleset else ():
        say(f"warning: {fault}; left out")
    if site and (ruleset or shipped()).site(None, site) is None:
        say(f"warning: there is no rule file for {site}: only the common rules are used")
    return Settings(read_as, url, ruleset, Options(focus=focus, site=site or ""))


def cleaned(source: Source, settings: Settings) -> CleanResult:
    """Read and clean one input."""
    data = source.read()
    if settings.read_as is ReadAs.TEXT:
        run = cleaner.clean_text
    elif settings.read_as is ReadAs.HTML or source.is_html:
        run = cleaner.clean_html
    else:
        run = cleaner.clean
    return run(data, url=settings.url, rules=settings.rules, options=settings.options)
