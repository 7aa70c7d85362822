"""What a process of a batch does with one record, and what it sends back."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cleaner.batch.records import Record
from cleaner.batch.work import Fields, Job, Outcome, clean_row, read_rules
from cleaner.errors import InputError
from cleaner.result import CleanResult, Role
from cleaner.ruleset import RuleSet

# A line longer than this is no furniture that a site repeats.
LINE_WORDS = 25
LINE_CHARS = 200


class Shape(StrEnum):
    """What an answer holds: a line of JSON, the whole row, or the result's columns alone."""

    LINE = "line"
    ROW = "row"
    RESULT = "result"


class Task(NamedTuple):
    """Some records of the input number `number`, whose name is `source`. `left_out` are columns not to be written."""

    number: int
    source: str
    fields: Fields
    shape: Shape
    left_out: frozenset[str]
    items: tuple[Record, ...]


class Account(NamedTuple):
    """One document in numbers of words. `removed` maps kind and rule to pieces and words.

    `lines` are its short lines that no rule removed, `hashes` eight bytes for each.
    """

    site: str
    kept: int
    doubt: int
    removed: dict[tuple[str, str], tuple[int, int]]
    lines: tuple[str, ...]
    hashes: bytes


class Answer(NamedTuple):
    """What came of a record: `line` or `columns` as the task's shape says, or an `error`.

    `removed` are lines of JSON, one for each removal.
    """

    line: bytes = b""
    columns: dict[str, Any] | None = None
    account: Account | None = None
    removed: bytes = b""
    error: str = ""


@dataclass(frozen=True)
class Work:
    """Set up a process: what `cleaner.batch.pool` calls there once. `removed` says whether removals are wanted."""

    job: Job
    removed: bool

    def __call__(self) -> Callable[[Task, int], Answer]:
        """Read the rules; the models are read when first needed."""
        return partial(_answer, self, read_rules(self.job.rules))


def site_of(url: object) -> str:
    """The host that an address names, "" where there is none.

    >>> site_of("https://www.Lomvik-Herald.example/news/1"), site_of(None)
    ('lomvik-herald.example', '')
    """
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return ""
    return (host or "").lower().removeprefix("www.")


def to_json(value: object) -> bytes:
    """A value as one line of JSON. Bytes become {"base64": …}, other values that JSON has not their words."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_in_words).encode()
    except UnicodeEncodeError:  # half characters, which only an escape can hold
        return json.dumps(value, default=_in_words).encode()


def _in_words(value: object) -> object:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"base64": base64.b64encode(bytes(value)).decode("ascii")}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _answer(work: Work, rules: RuleSet, task: Task, i: int) -> Answer:
    record = task.items[i]
    if record.error:
        return Answer(error=record.error)
    try:
        return _cleaned(work, rules, task, record)
    except InputError as error:
        return Answer(error=str(error))
    except Exception as error:  # what the row holds beside the article, nested too deep to be written
        return Answer(error=f"the row cannot be written: {type(error).__name__}: {error}")


def _cleaned(work: Work, rules: RuleSet, task: Task, record: Record) -> Answer:
    row = record.row()
    outcome = clean_row(row, replace(work.job, fields=task.fields), rules)
    if outcome.result is None or outcome.columns is None:
        return Answer(error=outcome.error)
    account = _account(row, outcome, task.fields)
    removed = _removed(row, record, task, outcome.result) if work.removed else b""
    if task.shape is Shape.RESULT:
        return Answer(columns=outcome.columns, account=account, removed=removed)
    if task.shape is Shape.ROW:
        kept = {name: value for name, value in row.items() if name not in task.left_out}
        return Answer(columns={**kept, **outcome.columns}, account=account, removed=removed)
    return Answer(_line(record, row, outcome.columns, task.left_out), None, account, removed)


def _line(record: Record, row: dict[str, Any], columns: dict[str, Any], left_out: frozenset[str]) -> bytes:
    if isinstance(record.data, bytes) and row and left_out.isdisjoint(row):
        # The input's own columns stay as they were written, to the byte.
        return record.data[:-1].rstrip() + b", " + to_json(columns)[1:] + b"\n"
    return to_json({**{name: value for name, value in row.items() if name not in left_out}, **columns}) + b"\n"


def _removed(row: dict[str, Any], record: Record, task: Task, result: CleanResult) -> bytes:
    who = {"id": row.get(task.fields.id) if task.fields.id else None, "input": task.source, "position": record.position + 1}
    return b"".join(
        to_json({
            **who, "kind": str(r.kind), "rule": r.rule, "score": round(r.score, 3), "start": r.start, "end": r.end,
            "text": r.text, "replacement": r.replacement,
        }) + b"\n"
        for r in result.removals
    )  # fmt: skip


def _account(row: dict[str, Any], outcome: Outcome, fields: Fields) -> Account:
    result, words = outcome.result, outcome.words
    assert result is not None and words is not None
    removed: dict[tuple[str, str], tuple[int, int]] = {}
    for removal, count in zip(result.removals, words.removed):
        key = (str(removal.kind), removal.rule)
        pieces, before = removed.get(key, (0, 0))
        removed[key] = (pieces + 1, before + count)
    site = site_of(row.get(fields.url)) if fields.url else ""
    lines = _lines(result)
    hashes = b"".join(hashlib.blake2b(f"{site}\n{line}".encode("utf-8", "replace"), digest_size=8).digest() for line in lines)
    return Account(site, words.kept, words.doubt, removed, lines, hashes)


def _lines(result: CleanResult) -> tuple[str, ...]:
    """The document's short lines that no rule removed, each once."""
    ruled = {removal.start for removal in result.removals if removal.rule}
    found: dict[str, None] = {}
    for block in result.blocks:
        if block.role is Role.TITLE or len(block.text) > LINE_CHARS or block.start in ruled:
            continue
        line = " ".join(block.text.split())
        if line and line.count(" ") < LINE_WORDS:
            found[line] = None
    return tuple(found)
