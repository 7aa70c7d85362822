"""A part of a batch's output while it is in memory: rows, rejects, removals, lines and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cleaner.batch.answer import Bundle, Shape, Task, whole_line
from cleaner.batch.arrow import pack_tables, table_of, with_results
from cleaner.batch.pool import Lost
from cleaner.batch.read_parquet import values_of
from cleaner.batch.records import Chunk
from cleaner.batch.rejects import reject_line
from cleaner.batch.summary import SeenLines, Summary, line_files
from cleaner.batch.writers import Form, pack

# A part is full with so many bytes of records, however few they are.
MOST_BYTES = 1 << 24


class Part:
    """Rows of output number `target`. `forms` says how "out", "rejects" and "removed" are written; `prefix` is that of
    the result's columns."""

    def __init__(self, target: int, forms: Mapping[str, Form], prefix: str) -> None:
        self.target = target
        self.forms = forms
        self.prefix = prefix
        self.summary = Summary()
        self.records = 0
        self.next = (0, 0)
        self.lines: list[bytes] = []
        self.tables: list[Any] = []
        self.rejects: list[bytes] = []
        self.removed: list[bytes] = []
        self.short: list[bytes] = []
        self.hashes: list[bytes] = []

    def add(self, task: Task, chunk: Chunk, answers: Sequence[Bundle | Lost]) -> None:
        """Take a task's answers in."""
        kept: list[int] = []
        columns: list[dict[str, Any]] = []
        first = 0
        for answer in answers:
            count, errors = (1, {0: answer.why}) if isinstance(answer, Lost) else (answer.records, answer.errors)
            for i, why in errors.items():
                self._reject(task, chunk, first + i, why)
            cleaned = [first + i for i in range(count) if i not in errors]
            kept += cleaned
            first += count
            if not isinstance(answer, Lost):
                columns += answer.columns
                lines = [whole_line(chunk.records[i].data, row) for i, row in zip(cleaned, answer.rows)]
                self._take(b"".join(lines), answer)
        if task.shape is Shape.RESULT and kept:
            self.tables.append(with_results(chunk.table, kept, columns, task.left_out, self.prefix))
        elif columns:
            self.tables.append(table_of(columns, self.prefix))
        self.records += len(chunk.records)
        self.summary.bytes += chunk.size
        for why, count in chunk.passed.items():
            self.summary.passed[why] = self.summary.passed.get(why, 0) + count
        self.next = (task.number, chunk.next)

    def full(self, most: int) -> bool:
        """Whether it holds `most` records, or as much as is held in memory."""
        return self.records >= most or self.summary.bytes >= MOST_BYTES

    def files(self, seen: SeenLines) -> dict[str, list[bytes]]:
        """What is written of it, by name, in pieces; nothing of what it has nothing of. `seen` are the lines of the parts
        before, and then its own too."""
        found = {}
        for name, lines in (("out", self.lines), ("rejects", self.rejects), ("removed", self.removed)):
            if lines:
                found[name] = pack(lines, self.forms[name])
        if self.tables:
            found["out"] = [pack_tables(self.tables)]
        if self.short:
            texts, hashes = line_files(b"".join(self.short), b"".join(self.hashes), seen)
            found |= {"lines": [texts], "hashes": [hashes]}
        return found

    def record(self) -> dict[str, Any]:
        """What is remembered of it."""
        return {"target": self.target, "next": list(self.next), "summary": vars(self.summary)}

    def _take(self, rows: bytes, bundle: Bundle) -> None:
        for lines, more in ((self.lines, rows), (self.removed, bundle.removed), (self.short, bundle.lines), (self.hashes, bundle.hashes)):
            if more:
                lines.append(more)
        self.summary.merge(bundle.summary)

    def _reject(self, task: Task, chunk: Chunk, i: int, why: str) -> None:
        record = chunk.records[i]
        row = None
        if task.shape is Shape.RESULT and chunk.table is not None:
            try:
                one = chunk.table.slice(i, 1)
                row = {name: values_of(one.column(name))[0] for name in one.schema.names}
            except (ValueError, NotImplementedError):  # a value that Python has no type for: the columns that were read must do
                row = None
        self.rejects.append(reject_line(record, source=task.source, fields=task.fields, why=why, row=row))
        self.summary.rejected += 1
