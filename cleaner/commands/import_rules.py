"""`cleaner rules import`: rules that others wrote, as site rule files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cleaner.authoring.ftr_format import configurations
from cleaner.authoring.import_adblock import adblock_lists, import_adblock
from cleaner.authoring.import_ftr import import_ftr
from cleaner.authoring.import_report import Imported, report, summary
from cleaner.errors import CleanerError


class RuleFormat(StrEnum):
    """Whose rules are imported."""

    FTR = "ftr"
    ADBLOCK = "adblock"


LOOKED_FOR = {
    RuleFormat.FTR: "they stand in files named by the site, lomvik-herald.example.txt",
    RuleFormat.ADBLOCK: "they are lines such as lomvik-herald.example##.share",
}


def import_command(
    rule_format: Annotated[
        RuleFormat, typer.Argument(metavar="ftr|adblock", help="ftr: FiveFilters site configurations; adblock: EasyList, uBlock Origin.")
    ],
    source: Annotated[Path, typer.Argument(metavar="DIR|ARCHIVE|FILE", help="Where they are: a folder, a tar or zip archive, a file.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="The rules folder to write to; use it with --rules.")],
    report_path: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="What became of each expression, as JSON.")] = None,
) -> None:
    """Import rules for sites from another program's format, and say what was not carried over."""
    try:
        if not source.exists():
            raise CleanerError(f"{source} does not exist; give the folder or file that holds the rules")
        if rule_format is RuleFormat.FTR:
            imported = [import_ftr(name, text) for name, text in configurations(source)]
        else:
            imported = import_adblock(adblock_lists(source))
        if not imported:
            raise CleanerError(f"{source} has no rules in the format {rule_format}: {LOOKED_FOR[rule_format]}")
        write(imported, out)
        figures = report(imported)
        if report_path is not None:
            report_path.parent.mkdir(parents=True, exist_ok=True)
            report_path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except (CleanerError, OSError) as error:
        typer.echo(f"cleaner: {error}", err=True)
        raise typer.Exit(2) from None
    typer.echo(summary(figures))


def write(imported: Sequence[Imported], out: Path) -> None:
    """Write each file that has rules below `out`. Existing files of the same name are replaced, others stay."""
    for one in imported:
        if one.toml:
            path = out / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(one.toml, encoding="utf-8", newline="\n")
