"""`cleaner rules stats`: what each rule does over a folder of pages or a labelled set."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from cleaner.authoring.gold import read_rows
from cleaner.authoring.stats import MOST_BODY, RuleCount, RuleStats
from cleaner.commands.settings import FAILED, FocusOption, RulesOption, problem, read_settings, say
from cleaner.files import ReadAs
from cleaner.options import Focus
from cleaner.ruleset import shipped

COLUMNS = ("rule", "strength", "documents", "blocks", "matched body", "words", "body", "tries", "hits")


def stats_command(
    corpus: Annotated[
        list[str], typer.Argument(metavar="CORPUS", help="Pages, texts, labelled sets (.jsonl, .gz, .xz), or folders of them.")
    ],
    rules: RulesOption = None,
    focus: FocusOption = Focus.BALANCED,
    min_words: Annotated[int, typer.Option(min=0, help="Leave out rules that matched but removed fewer words.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Count what each rule matches and removes, how much of that is body by the gold, and its pattern's tries.

    Rules that never matched stand at the end. A closing line on standard error names the sure rules that took body.
    """
    settings = read_settings(ReadAs.AUTO, None, rules, focus)
    stats = RuleStats(settings.rules or shipped(), settings.options)
    failed = []

    def report(name: str, error: Exception) -> None:
        failed.append(name)
        say(f"{name}: {problem(name, error)}")

    for row in read_rows(corpus, report):
        try:
            stats.add(row)
        except Exception as error:
            report(row.name, error)
    if not stats.documents:
        say("no document could be read, so there is nothing to count")
        raise typer.Exit(FAILED)
    fired = [count for count in stats.ordered() if count.words >= min_words]
    if as_json:
        everything = {
            "documents": stats.documents,
            "rules": [c.to_dict() for c in fired],
            "too_sure": [c.rule for c in stats.too_sure()],
            "never_matched": [c.rule for c in stats.dead()],
        }
        typer.echo(json.dumps(everything, ensure_ascii=False, indent=1))
    elif sys.stdout.isatty():
        _print_table(stats, fired)
    else:
        typer.echo("\t".join(COLUMNS))
        for count in [*fired, *stats.dead()]:
            typer.echo("\t".join(_cells(count)))
    if any(count.body_share is not None for count in stats.counts.values()):
        say(_verdict(stats))
    if failed:
        raise typer.Exit(FAILED)


def _cells(count: RuleCount) -> tuple[str, ...]:
    return (
        count.rule, str(count.strength), str(count.documents), str(count.blocks), _share(count.matched_body_share),
        str(count.words), _share(count.body_share), str(count.tries), str(count.hits),
    )  # fmt: skip


def _verdict(stats: RuleStats) -> str:
    if not (wrong := stats.too_sure()):
        return f"every sure rule is at {1 - MOST_BODY:.0%} junk or more"
    named = ", ".join(f"{count.rule} {1 - (count.body_share or 0):.3f}" for count in wrong)
    return f"sure rules under {1 - MOST_BODY:.0%} junk; make them narrower, or likely: {named}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"


def _print_table(stats: RuleStats, fired: Sequence[RuleCount]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        *COLUMNS, box=None, caption=f"{stats.documents:,} documents; body: shares of the words that the gold knows", caption_justify="left"
    )
    table.columns[0].no_wrap = True
    for column in table.columns[2:]:
        column.justify = "right"
    for count in fired:
        table.add_row(*_cells(count))
    console = Console()
    console.print(table)
    dead = [count.rule for count in stats.dead()]
    console.print(f"\n{len(dead):,} rules never matched: {', '.join(dead)}" if dead else "\nEvery rule matched.", highlight=False)
