"""`cleaner clean`: articles in, articles out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cleaner.batch.engine import PART_RECORDS
from cleaner.batch.work import MAX_BYTES, Job
from cleaner.commands.batch import (
    AddressOption,
    BatchOptions,
    DropOption,
    Engine,
    EngineOption,
    FieldOption,
    IdFieldOption,
    JsonOption,
    MaxBytesOption,
    PartOption,
    PrefixOption,
    RejectsOption,
    RemovedOption,
    RestartOption,
    TimeoutOption,
    ToOption,
    UrlFieldOption,
    WorkersOption,
    clean_batch,
    is_batch,
)
from cleaner.commands.folder import Crew, Order, Written, clean_folder, render
from cleaner.commands.settings import (
    FAILED,
    FocusOption,
    InputOption,
    RulesOption,
    Settings,
    SiteOption,
    UrlOption,
    cleaned,
    problem,
    read_settings,
    refuse,
    rule_folders,
    say,
)
from cleaner.errors import OptionError
from cleaner.files import Format, ReadAs, Report, Source, find_sources, is_folder, plan_targets, write_whole
from cleaner.options import Focus
from cleaner.tally import Tally


def clean(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Files, folders, patterns, addresses, or - for standard input.")],
    out: Annotated[str | None, typer.Option("-o", "--out", help="The file, or for several inputs the folder, to write.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How the article is written.")] = Format.TEXT,
    read_as: InputOption = ReadAs.AUTO,
    url: UrlOption = None,
    rules: RulesOption = None,
    site: SiteOption = None,
    title: Annotated[bool, typer.Option("--title/--no-title", help="Whether the headline stands above the text.")] = True,
    focus: FocusOption = Focus.BALANCED,
    field: FieldOption = "",
    url_field: UrlFieldOption = "",
    id_field: IdFieldOption = "",
    prefix: PrefixOption = "clean_",
    drop: DropOption = None,
    to: ToOption = None,
    removed: RemovedOption = None,
    rejects: RejectsOption = None,
    workers: WorkersOption = 0,
    timeout: TimeoutOption = 60.0,
    max_bytes: MaxBytesOption = MAX_BYTES,
    part: PartOption = PART_RECORDS,
    restart: RestartOption = False,
    as_json: JsonOption = False,
    engine: EngineOption = Engine.LOCAL,
    address: AddressOption = None,
) -> None:
    """Clean articles. One goes to standard output; a folder's go to a folder of the same shape, named by -o.

    Files of many documents (.jsonl, .jsonl.gz, .jsonl.zst, .csv, .parquet, .warc, .wacz) are cleaned into the file of
    many documents, or the folder, that -o names. A run that was stopped goes on where it was. Where there is much to
    do, all cores do it.
    """
    chosen = BatchOptions(
        field, url_field, id_field, prefix, tuple(drop or ()), to, removed, rejects, workers, timeout, max_bytes, part, restart, as_json,
        engine, address,
    )
    as_written = Written(form, title, url)
    settings = partial(read_settings, read_as, url, rules, focus, site)
    if is_batch(inputs, out):
        _refuse_written(as_written)
        if out is None:
            refuse(f"{inputs[0]} holds many documents: add -o FILE or -o FOLDER/ to say where the results go")
        job = Job(options=settings().options, rules=tuple(str(folder.absolute()) for folder in rule_folders(rules)[1:]))
        clean_batch(inputs, out, job, read_as, chosen)
        return
    meaningless = [name for name in chosen.given() if name not in ("--workers", "--timeout")]
    if meaningless:
        refuse(f"{', '.join(meaningless)}: for files of many documents; write to one, as -o clean.jsonl, to have it here")
    _clean_articles(inputs, out, settings, as_written, Crew(tuple(rule_folders(rules)), workers, timeout or None))


def _refuse_written(written: Written) -> None:
    """Say which options have no meaning for rows, rather than pass them over."""
    for option, given in (("--format", written.form is not Format.TEXT), ("--no-title", not written.title), ("--url", written.url)):
        if given:
            refuse(f"{option} is for articles of one file each, but this run writes rows of documents")


def _clean_articles(inputs: Sequence[str], out: str | None, read: Callable[[], Settings], written: Written, crew: Crew) -> None:
    many = len(inputs) > 1 or is_folder(inputs[0])
    if many and out is None:
        what = f"{inputs[0]} is a folder" if len(inputs) == 1 else "there are several inputs"
        refuse(f"{what}: add -o FOLDER to say where the results go")
    if many and written.url is not None:
        refuse("--url is the address of one article: clean one file at a time with it")
    settings = read()
    failed: list[str] = []

    def report(name: str, error: Exception) -> None:
        failed.append(name)
        say(f"{name}: {problem(name, error)}")

    sources = find_sources(inputs, out=out, report=report)
    try:
        targets = plan_targets(sources, out, written.form, folder=many)
    except OptionError as error:
        refuse(str(error))
    if many:
        failed += _clean_many(list(map(Order, sources, targets)), settings, written, crew)
    else:
        _clean_one(sources[0], targets, settings, written, report)
    if failed:
        raise typer.Exit(FAILED)


def _clean_one(source: Source, targets: Sequence[Path], settings: Settings, written: Written, report: Report) -> None:
    try:
        result = cleaned(source, settings)
        text = render(result, source, written, indent=1)
        if targets:
            write_whole(targets[0], text)
        else:
            typer.echo(text.encode("utf-8"), nl=False)
    except BrokenPipeError:
        raise  # whoever read the output has had enough; typer ends quietly
    except Exception as error:
        report(source.name, error)
    else:
        _warn(source, result.warnings)


def _clean_many(orders: Sequence[Order], settings: Settings, written: Written, crew: Crew) -> list[str]:
    """Clean a folder's files; gives the names of those that failed."""
    tally = Tally()
    failed: list[str] = []
    with _progress(len(orders)) as advance:
        for told in clean_folder(orders, settings, written, crew):
            if told.error:
                failed.append(told.order.source.name)
                say(f"{told.order.source.name}: {told.error}")
            tally.add(told.tally)
            _warn(told.order.source, told.warnings)
            advance()
    typer.echo(str(tally), err=True)
    return failed


def _warn(source: Source, warnings: Sequence[str]) -> None:
    for warning in warnings:
        say(f"{source.name}: warning: {warning}")


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error where somebody watches it; gives what moves it on by one."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)
