"""`cleaner rules`: list, show, check and try the rules. Further commands live in modules of their own beside this one."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cleaner.authoring.finding import Level
from cleaner.authoring.rule_list import COLUMNS, Row, common_rows, find_rule, nearest_ids, site_rows
from cleaner.authoring.schema import rule_file_schema
from cleaner.commands.import_rules import import_command
from cleaner.commands.learn import learn_command
from cleaner.commands.new import new_command
from cleaner.commands.settings import CONTROLS, FAILED, RulesOption, refuse, rule_folders, say
from cleaner.commands.stats import stats_command
from cleaner.commands.try_file import try_command
from cleaner.host import host_name
from cleaner.kinds import Kind
from cleaner.ruleset import load

rules_app = typer.Typer(add_completion=False, no_args_is_help=True, help="List, show, check and try rules.")

PathsArgument = Annotated[list[Path] | None, typer.Argument(metavar="PATH", help="Rule files or folders; default: all that are in use.")]


@rules_app.command("check")
def check_command(paths: PathsArgument = None) -> None:
    """Tell every mistake in rule files, with its place and what to write instead."""
    from cleaner.authoring.rule_check import check_rules

    folders = rule_folders()
    checked = check_rules(paths or folders, folders)
    for finding in checked.findings:
        typer.echo(str(finding).translate(CONTROLS))
    for line in checked.summary():
        typer.echo(line)
    if any(finding.level is Level.FAULT for finding in checked.findings):
        raise typer.Exit(FAILED)


@rules_app.command("test")
def test_command(paths: PathsArgument = None) -> None:
    """Run the hits, the misses and the sites' tests, and say what each rule removed."""
    from cleaner.authoring.rule_testing import run_tests

    folders = rule_folders()
    tested = run_tests(paths or folders, folders)
    for line in tested.lines():
        typer.echo(line.translate(CONTROLS))
    if tested.failed:
        raise typer.Exit(FAILED)


@rules_app.command("list")
def list_command(
    site: Annotated[str | None, typer.Option(metavar="DOMAIN", help="What is in force on this site: its own rules too.")] = None,
    lang: Annotated[str | None, typer.Option(metavar="CODE", help="Only rules of this language.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only rules of this kind; protect for those that keep.")] = None,
    rules: RulesOption = None,
) -> None:
    """List the rules that are in force, with the file and line of each."""
    if kind is not None and kind not in (*Kind, "protect"):
        refuse(f"--kind {kind} is not one of {', '.join((*Kind, 'protect'))}")
    rows = _rows(site, _existing_folders(rules))
    if lang is not None:
        rows = [row for row in rows if lang in row.langs]
    if kind is not None:
        rows = [row for row in rows if row.kind == kind]
    if not rows:
        say("no rule is of this language and kind")
    if sys.stdout.isatty():
        _print_table(rows)
        return
    typer.echo("\t".join(COLUMNS))
    for row in rows:
        typer.echo("\t".join((row.id, row.kind, row.scope, row.strength, row.place)))


def _existing_folders(given: Sequence[str] | None) -> list[Path]:
    """The rules folders of a command; one that is missing ends it."""
    folders = rule_folders(given)
    if missing := [folder for folder in folders if not folder.is_dir()]:
        refuse(f"{missing[0]} is not a folder of rule files; --rules and CLEANER_RULES name folders that exist")
    return folders


def _rows(site: str | None, folders: Sequence[Path]) -> list[Row]:
    if site is None:
        return common_rows(folders)
    found = load(folders).sites.for_host(host_name(site), None, lambda: None)
    if found is None:
        say(f"there is no file for {site}: only the common rules are in force there")
        return common_rows(folders)
    return [*site_rows(found.file), *common_rows(folders, found.file.off)]


def _print_table(rows: Sequence[Row]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*COLUMNS, box=None)
    for row in rows:
        table.add_row(*map(Text, (row.id, row.kind, row.scope, row.strength, row.place)))
    Console().print(table)


@rules_app.command("show")
def show_command(
    rule: Annotated[str, typer.Argument(metavar="ID", help="The rule's id, as cleaner explain or cleaner rules list name it.")],
    rules: RulesOption = None,
) -> None:
    """Show a rule as it is written, what it looks for, and what it takes of its examples."""
    folders = _existing_folders(rules)
    found = find_rule(rule, folders)
    if not found:
        near = nearest_ids(rule, folders)
        say(f"there is no rule {rule!r}" + (f"; did you mean {', '.join(near)}?" if near else "; see cleaner rules list"))
        raise typer.Exit(FAILED)
    for number, shown in enumerate(found):
        typer.echo(("\n" if number else "") + f"# {shown.place}" + ("" if shown.used else " (not in use)"))
        typer.echo(shown.toml)
        for name, text in (*shown.looks_for, *shown.examples):
            typer.echo(f"# {name}: {text}".translate(CONTROLS))


@rules_app.command("schema")
def schema_command(
    out: Annotated[Path | None, typer.Option(help="The file to write; default: standard output.")] = None,
) -> None:
    """Write the JSON Schema of rule files, for editors: put `#:schema FILE` on a rule file's first line."""
    text = json.dumps(rule_file_schema(), ensure_ascii=False, indent=1) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        say(f"{out}: {error.strerror}")
        raise typer.Exit(FAILED) from None


rules_app.command("new")(new_command)
rules_app.command("learn")(learn_command)
rules_app.command("try")(try_command)
rules_app.command("import")(import_command)
rules_app.command("stats")(stats_command)
