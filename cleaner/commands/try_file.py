"""`cleaner rules try`: what a site's file would change on some pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.authoring.site_trial import Change, Totals, difference
from cleaner.commands.settings import (
    CONTROLS,
    FAILED,
    FocusOption,
    RulesOption,
    Settings,
    UrlOption,
    cleaned,
    problem,
    read_settings,
    refuse,
    say,
)
from cleaner.errors import CleanerError
from cleaner.files import ReadAs, find_sources
from cleaner.options import Focus
from cleaner.ruleset import read_fragments, shipped, shipped_folder
from cleaner.site import SiteFile, parse_site


def try_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A site's rule file.")],
    pages: Annotated[list[str], typer.Argument(metavar="PAGE", help="Pages or stored texts of the site: files or folders.")],
    url: UrlOption = None,
    rules: RulesOption = None,
    focus: FocusOption = Focus.BALANCED,
) -> None:
    """Show what a site's file would change: the lines removed and kept in addition, by rule, then totals."""
    site = read_site_file(file)
    without = read_settings(ReadAs.AUTO, url, rules, focus)
    within = without._replace(rules=(without.rules or shipped()).with_site(site))
    totals, failed = Totals(site), False

    def report(name: str, error: Exception) -> None:
        nonlocal failed
        failed = True
        say(f"{name}: {problem(name, error)}")

    for source in find_sources(pages, out=None, report=report):
        try:
            found = difference(cleaned(source, _without_sites(without)), cleaned(source, within))
        except Exception as error:
            report(source.name, error)
            continue
        totals.add(found)
        for warning in found.warnings:
            say(f"{source.name}: warning: {warning}")
        if found.removed or found.kept:
            typer.echo(source.name.translate(CONTROLS))
            _show("-", found.removed)
            _show("+", found.kept)
    if not totals.pages:
        say("no page could be read, so there is nothing to compare")
        raise typer.Exit(FAILED)
    for line in totals.lines():
        typer.echo(line.translate(CONTROLS))
    if failed:
        raise typer.Exit(FAILED)


def read_site_file(path: Path) -> SiteFile:
    """A site's file, or the end of the command with what is wrong with it."""
    if path.is_dir() or (path.exists() and path.suffix != ".toml"):
        refuse(f"{path} is no rule file: give the site's file first, as in my-rules/sites/lomvik-herald.example.toml, then its pages")
    try:
        fragments = read_fragments([shipped_folder(), path.resolve().parent.parent])
        return parse_site(path.read_text(encoding="utf-8-sig"), file=str(path), fragments=fragments)
    except (CleanerError, OSError, UnicodeError) as error:
        say(problem(str(path), error) if isinstance(error, CleanerError) else f"{path}: {problem(str(path), error)}")
        raise typer.Exit(FAILED) from None


def _without_sites(settings: Settings) -> Settings:
    """The same settings with an empty file for every site: what an installed one does is not this one's doing."""
    return settings._replace(rules=(settings.rules or shipped()).with_site(SiteFile("none", "")))


def _show(sign: str, changes: tuple[Change, ...]) -> None:
    for change in changes:
        typer.echo(f"  {sign} [{change.rule}] {change.text}".translate(CONTROLS))
