"""The command line: `cleaner clean` for articles, `cleaner explain` to see what was removed and why."""

from __future__ import annotations

from typing import Annotated

import typer

import cleaner
from cleaner.commands.clean import clean
from cleaner.commands.explain import explain
from cleaner.commands.rules_group import rules_group

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cleaner {cleaner.__version__}")
        raise typer.Exit


VersionOption = Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")]


@app.callback()
def main(version: VersionOption = False) -> None:
    """Take a scraped article, give back the article alone and an account of what was removed."""


app.command()(clean)
app.command()(explain)
app.add_typer(rules_group, name="rules")
