"""`cleaner clean` for files of many documents: what the options mean, and how a run ends."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cleaner.batch import engine as batch
from cleaner.batch.engine import PART_RECORDS, Done, Plan, run
from cleaner.batch.inputs import REJECTS, Input, Store, find_inputs, holds_many
from cleaner.batch.progress import shown
from cleaner.batch.work import MAX_BYTES, Fields, Job
from cleaner.batch.writers import Form, Target, form_of
from cleaner.commands.settings import FAILED, WRONG_USAGE, problem, refuse, say
from cleaner.errors import CleanerError, OptionError
from cleaner.files import ReadAs

NONE_SUCCEEDED = 3
STOPPED = 4
INTERRUPTED = 130


class Engine(StrEnum):
    """Where a batch is cleaned."""

    LOCAL = "local"  # on the cores of this machine
    RAY = "ray"  # on a Ray cluster


PANEL = "Files of many documents"
FieldOption = Annotated[str, typer.Option("--field", help="The column that holds the article.", rich_help_panel=PANEL)]
UrlFieldOption = Annotated[str, typer.Option("--url-field", help="The column with its address.", rich_help_panel=PANEL)]
IdFieldOption = Annotated[str, typer.Option("--id-field", help="The column with its name.", rich_help_panel=PANEL)]
PrefixOption = Annotated[str, typer.Option("--prefix", help="What the names of the result's columns begin with.", rich_help_panel=PANEL)]
DropOption = Annotated[list[str] | None, typer.Option("--drop", metavar="COLUMN", help="A column to leave out.", rich_help_panel=PANEL)]
ToOption = Annotated[Form | None, typer.Option("--to", help="What is written to a folder.", rich_help_panel=PANEL)]
RemovedOption = Annotated[
    str | None, typer.Option("--removed", metavar="FILE", help="Write every removal here, as JSONL.", rich_help_panel=PANEL)
]
RejectsOption = Annotated[
    str | None, typer.Option("--rejects", metavar="FILE", help="Where documents that failed go; beside the output.", rich_help_panel=PANEL)
]
WorkersOption = Annotated[int, typer.Option("--workers", min=0, help="Processes; 0 means one a core.", rich_help_panel=PANEL)]
TimeoutOption = Annotated[float, typer.Option("--timeout", min=0, help="Seconds a document; 0 means for ever.", rich_help_panel=PANEL)]
MaxBytesOption = Annotated[int, typer.Option("--max-bytes", min=1, help="Larger documents are rejected.", rich_help_panel=PANEL)]
PartOption = Annotated[int, typer.Option("--part", min=1, help="Documents between two checkpoints.", rich_help_panel=PANEL)]
RestartOption = Annotated[bool, typer.Option("--restart", help="Throw away what an unfinished run has done.", rich_help_panel=PANEL)]
EngineOption = Annotated[Engine, typer.Option("--engine", help="What cleans: this machine's cores, or a Ray cluster.", rich_help_panel=PANEL)]
AddressOption = Annotated[str | None, typer.Option("--address", help="The Ray cluster's, as ray://HOST:10001.", rich_help_panel=PANEL)]
JsonOption = Annotated[bool, typer.Option("--json", help="Write the summary as JSON to standard output.", rich_help_panel=PANEL)]


@dataclass(frozen=True)
class BatchOptions:
    """The options that only a batch has."""

    field: str = ""
    url_field: str = ""
    id_field: str = ""
    prefix: str = "clean_"
    drop: tuple[str, ...] = ()
    to: Form | None = None
    removed: str | None = None
    rejects: str | None = None
    workers: int = 0
    timeout: float = 60.0
    max_bytes: int = MAX_BYTES
    part: int = PART_RECORDS
    restart: bool = False
    json: bool = False
    engine: Engine = Engine.LOCAL
    address: str | None = None

    def given(self) -> list[str]:
        """The names of those that are not as they are by default."""
        return ["--" + f.name.replace("_", "-") for f in fields(self) if getattr(self, f.name) != f.default]


def is_batch(inputs: Sequence[str], out: str | None) -> bool:
    """Whether a command means files of many documents: one is named or found in a folder, or is to be written."""
    return (out is not None and form_of(out) is not None and not os.path.isdir(out)) or any(map(holds_many, inputs))


def clean_batch(names: Sequence[str], out: str, job: Job, read_as: ReadAs, chosen: BatchOptions) -> None:
    """Run a batch, show how it goes, and end with the status that tells how it went."""
    plan = _plan(names, out, job, read_as, chosen)
    try:
        engine = _engine(job, chosen)
        with shown(plan.inputs, say) as watch:
            done = run(plan, watch, engine)
    except OptionError as error:
        refuse(str(error))
    except KeyboardInterrupt:
        say(f"stopped; the same command goes on from where it was ({plan.partial})")
        raise typer.Exit(INTERRUPTED) from None
    except (CleanerError, OSError) as error:
        full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        advice = "make room, then run the same command again" if full else "the same command goes on from where it was"
        say(f"stopped: {problem('', error)}; {advice}")
        raise typer.Exit(STOPPED) from None
    except Exception as error:
        say(f"stopped: {problem('', error)}; what was done is kept in {plan.partial}")
        raise typer.Exit(STOPPED) from None
    _tell(done, plan, chosen)


def _engine(job: Job, chosen: BatchOptions) -> batch.StartPool:
    if chosen.engine is Engine.RAY:
        from cleaner.integrations import ray_pool

        return ray_pool.engine(chosen.address, job.rules)
    if chosen.address is not None:
        raise OptionError("--address is that of a Ray cluster: add --engine ray")
    return batch.this_machine


def _plan(names: Sequence[str], out: str, job: Job, read_as: ReadAs, chosen: BatchOptions) -> Plan:
    missing: list[str] = []

    def report(name: str, error: Exception) -> None:
        missing.append(name)
        say(f"{name}: {problem(name, error)}")

    try:
        inputs = find_inputs(names, out=out, report=report)
        if missing:
            say("nothing was cleaned: an input that is missing would be missing in the output")
            raise typer.Exit(WRONG_USAGE if inputs else FAILED)
        targets = _targets(inputs, out, chosen.to)
        where = out.rstrip("/" + os.sep)
        stem = where[: -len(targets[0].form)] if form_of(out) is targets[0].form and where.endswith(targets[0].form) else where
        wanted = Fields(chosen.field, read_as, chosen.url_field or None, chosen.id_field or None)
        plan = Plan(
            tuple(inputs), tuple(targets), Job(wanted, job.options, job.rules, chosen.max_bytes, chosen.prefix),
            _lines_file(chosen.rejects or f"{stem}{REJECTS}", "--rejects"), Path(f"{where}.partial"),
            _lines_file(chosen.removed, "--removed") if chosen.removed else None, frozenset(chosen.drop),
            chosen.workers, chosen.timeout or None, chosen.part, chosen.restart,
        )  # fmt: skip
        _check_places(plan)
        return plan
    except OptionError as error:
        refuse(str(error))


def _targets(inputs: Sequence[Input], out: str, to: Form | None) -> list[Target]:
    form = form_of(out)
    if form is not None and not os.path.isdir(out):
        if to is not None:
            raise OptionError(f"--to says what is written to a folder; -o {out} is a file that says it by its name")
        return [Target(Path(out), form)]
    if (os.path.exists(out) and not os.path.isdir(out)) or (Path(out).suffix and not os.path.isdir(out) and not out.endswith(("/", os.sep))):
        raise OptionError(f"-o {out}: a file of many documents is called *.jsonl, *.jsonl.gz, *.jsonl.zst or *.parquet; for a folder write {out}/")
    found: dict[Path, Input] = {}
    for source in inputs:
        as_form = to or _same_form(source)
        name = source.place.name.removesuffix("".join(source.place.suffixes[-1 - bool(source.compression) :])) + as_form
        path = Path(out) / source.place.parent / name
        if path in found:
            raise OptionError(f"{found[path].name} and {source.name} would both be written to {path}; clean them into two folders")
        found[path] = source
    return [Target(path, to or _same_form(source)) for path, source in found.items()]


def _same_form(source: Input) -> Form:
    if source.store is Store.PARQUET:
        return Form.PARQUET
    return {"gzip": Form.JSONL_GZ, "zstd": Form.JSONL_ZST}.get(source.compression, Form.JSONL)


def _lines_file(name: str, option: str) -> Target:
    form = form_of(name)
    if form is None or form is Form.PARQUET:
        raise OptionError(f"{option} {name}: it is written as JSONL, so name it *.jsonl, *.jsonl.gz or *.jsonl.zst")
    return Target(Path(name), form)


def _check_places(plan: Plan) -> None:
    sources = {os.path.realpath(i.name) for i in plan.inputs} | {os.path.realpath(m.name) for i in plan.inputs for m in i.members}
    places = [target.path for target in (*plan.targets, plan.rejects, *([plan.removed] if plan.removed else []))]
    for i, place in enumerate(places):
        if os.path.realpath(place) in sources:
            raise OptionError(f"the result would overwrite the input {place}; choose another name")
        if place in places[:i]:
            raise OptionError(f"two results would both be written to {place}; choose another name for one")


def _tell(done: Done, plan: Plan, chosen: BatchOptions) -> None:
    for line in str(done.summary).splitlines():
        typer.echo(line, err=True)
    if done.lines:
        first = done.lines[0]
        typer.echo(f"lines that sites repeat and no rule removes: {len(done.lines)}, such as «{first.line}» ({first.site or 'no site'})", err=True)
    rejected = done.summary.rejected
    if rejected:
        say(f"{rejected:,} document{'s' if rejected != 1 else ''} rejected: {plan.rejects.path}")
    if chosen.json:
        report: dict[str, Any] = done.summary.report(done.lines)
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    if rejected:
        raise typer.Exit(FAILED if done.summary.documents else NONE_SUCCEEDED)
