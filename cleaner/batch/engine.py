"""Clean inputs of any size on all cores, lose nothing, and go on where a run was stopped.

One process reads and writes, others clean. Finished parts lie in a `Checkpoint` until all is done; then they are
joined into the outputs, which appear whole. The bytes written depend on the inputs and the options alone.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.batch.answer import Shape, Task, Unusable, Work, bundled
from cleaner.batch.checkpoint import Checkpoint, knowledge
from cleaner.batch.fields import find_fields
from cleaner.batch.inputs import Input, Store
from cleaner.batch.part import Part
from cleaner.batch.pool import Pool
from cleaner.batch.read_warc import CHARSET, CONTENT
from cleaner.batch.readers import columns_of, read
from cleaner.batch.records import Chunk, Record
from cleaner.batch.saved import SavedParts
from cleaner.batch.serve import Together
from cleaner.batch.summary import LineFiles, Repeated, Summary, repeated_lines
from cleaner.batch.work import Fields, Job, taken_names
from cleaner.batch.writers import Form, Target, join
from cleaner.errors import CleanerError, InputError, OptionError

PART_RECORDS = 1000


@dataclass(frozen=True)
class Plan:
    """A whole run.

    Input i's rows go to the only target, or to target i. `job.fields` are those the caller named, its `content` ""
    where they are to be found. `rejects` and `removed` are JSONL files; `partial` is the folder for parts, of
    `part_records` records each. `timeout` is in seconds a document.
    """

    inputs: tuple[Input, ...]
    targets: tuple[Target, ...]
    job: Job
    rejects: Target
    partial: Path
    removed: Target | None = None
    left_out: frozenset[str] = frozenset()
    workers: int = 0
    timeout: float | None = None
    part_records: int = PART_RECORDS
    restart: bool = False

    def target_of(self, number: int) -> int:
        """Which target an input's rows go to."""
        return number if len(self.targets) > 1 else 0

    def digest(self) -> dict[str, Any]:
        """All that the bytes of the output depend on, in words."""
        return {
            "cleaner, rules and models": knowledge(self.job.rules),
            "inputs": [[i.name, i.size, i.stamp] for i in self.inputs],
            "outputs": [[str(t.path), t.form] for t in self.targets],
            "rejects": str(self.rejects.path),
            "removed": str(self.removed.path) if self.removed else None,
            "fields": list(map(str, vars(self.job.fields).values())),
            "options": [str(self.job.options), self.job.prefix, self.job.max_bytes, sorted(self.left_out), self.part_records],
            "rule folders": list(self.job.rules),
        }


class Step(NamedTuple):
    """How far a run has come: the numbers so far, the input that is read and how far into its stored bytes."""

    summary: Summary
    input: int
    offset: int


class Done(NamedTuple):
    """What a run came to."""

    summary: Summary
    lines: list[Repeated]


Watch = Callable[[Step], None]
# Makes what answers tasks as a `Pool` does, with its arguments; `workers` may be 0.
StartPool = Callable[..., AbstractContextManager[Any]]


def this_machine(setup: Work, *, workers: int, timeout: float | None, together: Together) -> Pool:
    """The engine that takes this machine's cores."""
    return Pool(setup, workers=workers or cores(), timeout=timeout, together=together)


def run(plan: Plan, watch: Watch, engine: StartPool = this_machine) -> Done:
    """Run a plan from its beginning, or from where it was stopped; the output does not depend on the engine.

    Raises OptionError where the plan cannot be begun, CleanerError or OSError where it cannot go on now: the same
    plan goes on later.
    """
    with Checkpoint(plan.partial, plan.digest(), restart=plan.restart) as checkpoint:
        ended = checkpoint.delivered()
        if ended is not None and all(target.path.exists() for target in plan.targets):
            checkpoint.remove()
            return _said(ended)
        with SavedParts(checkpoint, plan.targets) as saved:
            saved.find()
            watch(Step(saved.summary, saved.next[0], 0))
            work = Work(plan.job, plan.removed is not None)
            with engine(work, workers=plan.workers, timeout=plan.timeout, together=bundled) as pool:
                _clean(plan, pool, _Feed(plan, saved.next), saved, watch)
            saved.end()
            done = _deliver(plan, checkpoint, saved)
        checkpoint.remove()
        return done


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Feed:
    """The inputs as tasks, from an item of one of them on; `chunks` holds those that are under way."""

    def __init__(self, plan: Plan, start: tuple[int, int]) -> None:
        self.plan = plan
        self.start = start
        self.chunks: deque[Chunk] = deque()
        self.first = first_fields(plan)

    def tasks(self) -> Iterator[Task]:
        for number, source in enumerate(self.plan.inputs):
            if number < self.start[0]:
                continue
            first = self.start[1] if number == self.start[0] else 0
            fields, shape, left_out = self._understand(source, number)
            # What a result would overwrite is looked at too, and then rejected.
            wanted = (fields.content, *filter(None, (fields.url, fields.id)), *self.plan.job.names()) if shape is Shape.RESULT else None
            for chunk in self._chunks(source, first, wanted):
                self.chunks.append(chunk)
                position = chunk.records[0].position if chunk.records else 0
                items = tuple([Unusable(record.error) if record.error else record.data for record in chunk.records])
                yield Task(number, source.name, fields, shape, left_out, position, items)
            if source.changed():
                raise CleanerError(f"{source.name} changed while it was read; run the command again with --restart")

    @staticmethod
    def _chunks(source: Input, first: int, wanted: tuple[str, ...] | None) -> Iterator[Chunk]:
        try:
            yield from read(source, first, columns=wanted)
        except InputError as error:
            if first == 0:
                yield Chunk([Record(0, {}, 0, "the file", str(error))], None, Counter(), 1, 0)

    def _understand(self, source: Input, number: int) -> tuple[Fields, Shape, frozenset[str]]:
        try:
            fields = find_fields(source, self.plan.job.fields) if number else self.first
        except (InputError, OptionError):  # its documents are rejected, each with why
            fields = self.first
        left_out = set(self.plan.left_out)
        if source.store in (Store.WARC, Store.WACZ):
            left_out |= {CONTENT, CHARSET}
        elif source.store is Store.ARTICLES:
            left_out.add("content")
        parquet = self.plan.targets[self.plan.target_of(number)].form is Form.PARQUET
        shape = Shape.LINE if not parquet else Shape.RESULT if source.store is Store.PARQUET else Shape.ROW
        return fields, shape, frozenset(left_out)


def first_fields(plan: Plan) -> Fields:
    """The fields of the first input, which a later one's that cannot be told are taken to be too.

    Raises OptionError where they cannot be told, or a result would overwrite one of the input's columns.
    """
    wanted = plan.job.fields
    try:
        if not plan.inputs:
            return wanted
        taken = taken_names(columns_of(plan.inputs[0]), plan.job)
        if taken:
            raise OptionError(
                f"{plan.inputs[0].name} has a column {taken[0]!r} already, which the result must not overwrite; choose another --prefix"
            )
        return find_fields(plan.inputs[0], wanted)
    except InputError:
        return replace(wanted, content=wanted.content or "text")


def _clean(plan: Plan, pool: Pool, feed: _Feed, saved: SavedParts, watch: Watch) -> None:
    part: Part | None = None
    with closing(pool.run(feed.tasks())) as answered:
        for task, answers in answered:
            chunk = feed.chunks.popleft()
            target = plan.target_of(task.number)
            if part is not None and part.target != target:
                saved.save(part)
                part = None
            part = part or Part(target, forms(plan, target), plan.job.prefix)
            part.add(task, chunk, answers)
            watch(Step(_both(saved.summary, part.summary), task.number, chunk.offset))
            if part.full(plan.part_records):
                saved.save(part)
                part = None
    if part is not None:
        saved.save(part)


def forms(plan: Plan, target: int) -> dict[str, Form]:
    """How a part's files are written."""
    found = {"out": plan.targets[target].form, "rejects": plan.rejects.form}
    return {**found, "removed": plan.removed.form} if plan.removed else found


def _both(one: Summary, other: Summary) -> Summary:
    """The numbers of two that a progress bar shows."""
    return Summary(
        one.documents + other.documents, one.rejected + other.rejected, one.bytes + other.bytes,
        one.kept + other.kept, one.removed + other.removed,
    )  # fmt: skip


def _deliver(plan: Plan, checkpoint: Checkpoint, saved: SavedParts) -> Done:
    """Join the parts, and put the outputs in their places."""
    records = [(number, record["target"], record["files"]) for number, record in enumerate(checkpoint.parts())]

    def files(name: str, target: int | None = None) -> list[Path]:
        return [checkpoint.path(n, name) for n, t, there in records if name in there and target in (None, t)]

    lines = [LineFiles(checkpoint.path(n, "lines"), checkpoint.path(n, "hashes")) for n, _, there in records if "lines" in there]
    done = Done(saved.summary, repeated_lines(lines))
    drafts: dict[Path, Path] = {}
    extra = [(plan.rejects, "rejects"), *([(plan.removed, "removed")] if plan.removed else [])]
    for target, name in extra:
        if files(name) or name == "removed":
            _join(files(name), target, drafts, None)
        else:
            target.path.unlink(missing_ok=True)  # an earlier run's rejects are none of this one's
    for i, target in enumerate(plan.targets):
        if i in saved.ended:
            drafts[target.draft] = target.path
        else:
            _join(files("out", i), target, drafts, plan.job.prefix)
    checkpoint.deliver(drafts, {"summary": vars(saved.summary), "lines": [list(line) for line in done.lines]})
    return done


def _join(parts: list[Path], target: Target, drafts: dict[Path, Path], prefix: str | None) -> None:
    draft = target.draft
    drafts[draft] = target.path
    empty = None
    if not parts and target.form is Form.PARQUET:
        from cleaner.batch.arrow import result_schema

        empty = result_schema(prefix or "")
    try:
        join(parts, draft, target.form, empty)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _said(ended: dict[str, Any]) -> Done:
    summary = Summary()
    summary.merge(ended["summary"])
    return Done(summary, [Repeated(*line) for line in ended["lines"]])

