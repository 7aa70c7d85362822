"""What a process of a batch does with records, and what it sends back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from cleaner.batch.account import Account
from cleaner.batch.json_lines import plain_to_json, to_json
from cleaner.batch.records import row_of
from cleaner.batch.serve import At
from cleaner.batch.summary import Summary
from cleaner.batch.work import Fields, Job, Outcome, Row, Started, begin_row, end_rows, gathered, read_rules
from cleaner.errors import InputError
from cleaner.result import CleanResult

# How a line begins that stands behind the record's own columns.
FOLLOWS = b","


class Shape(StrEnum):
    """What an answer holds: a line of JSON, the whole row, or the result's columns alone."""

    LINE = "line"
    ROW = "row"
    RESULT = "result"


class Unusable(NamedTuple):
    """Stands for a record that cannot be used."""

    why: str


class Task(NamedTuple):
    """Some records in a row of the input number `number`, whose name is `source`; the first is the `position`-th of it.

    `left_out` are columns not to be written. An item is a record's data (`records.Record`).
    """

    number: int
    source: str
    fields: Fields
    shape: Shape
    left_out: frozenset[str]
    position: int
    items: tuple[bytes | dict[str, Any] | Unusable, ...]


class Answer(NamedTuple):
    """What came of a record: `line` or `columns` as the task's shape says, or an `error`.

    `line` is what `whole_line` makes a line of. `removed` are lines of JSON, one for each removal.
    """

    line: bytes = b""
    columns: dict[str, Any] | None = None
    account: Account | None = None
    removed: bytes = b""
    error: str = ""


class Bundle(NamedTuple):
    """What came of `records` in a row: what `whole_line` makes lines of, or `columns`, of those that have no error; and the
    removals of all in one.

    `errors` says what was wrong, by the record's number in the bundle. `summary` are the numbers of the others as `vars`
    gives them, `lines` and `hashes` those of their accounts.
    """

    records: int
    rows: list[bytes]
    columns: list[dict[str, Any]]
    removed: bytes
    errors: dict[int, str]
    summary: dict[str, Any]
    lines: bytes
    hashes: bytes


@dataclass(frozen=True)
class Work:
    """Set up a process: what `cleaner.batch.pool` calls there once. `removed` says whether removals are wanted."""

    job: Job
    removed: bool

    def __call__(self) -> Callable[[Task, range, At], Iterator[Answer]]:
        """Read the rules; the models are read when first needed."""
        return Answerer(self)


def bundled(answers: Sequence[Answer]) -> Bundle:
    """Some answers in a row as one: what a process sends in their place."""
    summary = Summary()
    accounts = [answer.account for answer in answers if answer.account is not None]
    summary.add(accounts)
    return Bundle(
        len(answers),
        [answer.line for answer in answers if answer.line],
        [answer.columns for answer in answers if answer.columns is not None],
        b"".join([answer.removed for answer in answers]),
        {i: answer.error for i, answer in enumerate(answers) if answer.account is None},
        vars(summary),
        b"".join([account.lines for account in accounts]),
        b"".join([account.hashes for account in accounts]),
    )


class Answerer:
    """Answers the items of tasks, some at a time. `job` has the fields of the task that was at hand last."""

    def __init__(self, work: Work) -> None:
        self.job = work.job
        self.removed = work.removed
        self.rules = read_rules(work.job.rules)

    def __call__(self, task: Task, items: range, at: At) -> Iterator[Answer]:
        """The answers to some items of a task, in order. Never raises for what they hold."""
        if self.job.fields is not task.fields:
            self.job = replace(self.job, fields=task.fields)
        first = items.start
        for some in gathered(self._begun(task, items, at)):
            outcomes = end_rows(some, self.job)
            for i, started in enumerate(some, first):
                at(i)
                yield self._answer(task, i, started.row, next(outcomes))
            first += len(some)

    def _begun(self, task: Task, items: range, at: At) -> Iterator[Started]:
        for i in items:
            at(i)
            item = task.items[i]
            if isinstance(item, Unusable):
                yield Started({}, Outcome(error=item.why))
                continue
            try:
                row = row_of(item)
            except InputError as error:
                yield Started({}, Outcome(error=str(error)))
            else:
                yield begin_row(row, self.job, self.rules)

    def _answer(self, task: Task, i: int, row: Row, outcome: Outcome) -> Answer:
        columns, account = outcome.columns, outcome.account
        if outcome.result is None or columns is None or account is None:
            return Answer(error=outcome.error)
        try:
            removed = _removed(row, task, i, outcome.result) if self.removed else b""
            if task.shape is Shape.RESULT:
                return Answer(columns=columns, account=account, removed=removed)
            if task.shape is Shape.ROW:
                kept = {name: value for name, value in row.items() if name not in task.left_out}
                return Answer(columns={**kept, **columns}, account=account, removed=removed)
            return Answer(_line(task.items[i], row, columns, task.left_out), None, account, removed)
        except Exception as error:  # what the row holds beside the article, nested too deep to be written
            return Answer(error=f"the row cannot be written: {type(error).__name__}: {error}")


def _line(data: object, row: Row, columns: dict[str, Any], left_out: frozenset[str]) -> bytes:
    if isinstance(data, bytes) and row and left_out.isdisjoint(row):
        # The input's own columns stay as they were written, to the byte; who has them need not be sent them.
        return b"".join((FOLLOWS, plain_to_json(columns)[1:], b"\n"))
    return to_json({**{name: value for name, value in row.items() if name not in left_out}, **columns}) + b"\n"


def whole_line(data: bytes | dict[str, Any], line: bytes) -> bytes:
    """The line of JSON that a record's answer comes to.

    >>> whole_line(b'{"id": 7 }', b',"clean_words":1}\\n')
    b'{"id": 7,"clean_words":1}\\n'
    """
    return data[:-1].rstrip() + line if isinstance(data, bytes) and line.startswith(FOLLOWS) else line


def _removed(row: Row, task: Task, i: int, result: CleanResult) -> bytes:
    who = {"id": row.get(task.fields.id) if task.fields.id else None, "input": task.source, "position": task.position + i + 1}
    return b"".join(
        to_json({
            **who, "kind": str(r.kind), "rule": r.rule, "score": round(r.score, 3), "start": r.start, "end": r.end,
            "text": r.text, "replacement": r.replacement,
        }) + b"\n"
        for r in result.removals
    )  # fmt: skip
