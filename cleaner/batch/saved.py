"""The parts of a batch that are finished, and the outputs that grow by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cleaner.batch.checkpoint import Checkpoint
from cleaner.batch.part import Part
from cleaner.batch.summary import SeenLines, Summary, read_hashes
from cleaner.batch.writers import Draft, Form, Target, expanded


class SavedParts:
    """The parts that are on the disk: their sum, the number and item of the input that come next, and the lines seen.

    An output of zstd is drafted as its parts are saved: to join them at the end would take long, and nothing else could be
    done meanwhile. `ended` are the numbers of those drafts that are whole. Only the parts count; a run that is taken up again
    makes the drafts anew. Use it in a `with`, which takes them away where the run is stopped.
    """

    def __init__(self, checkpoint: Checkpoint, targets: Sequence[Target]) -> None:
        self.checkpoint = checkpoint
        self.targets = targets
        self.summary = Summary()
        self.seen = SeenLines()
        self.parts = 0
        self.next = (0, 0)
        self.draft: Draft | None = None
        self.drafted = -1
        self.ended: set[int] = set()

    def __enter__(self) -> SavedParts:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if self.draft is not None:
            self.draft.drop()
        if kind is not None:
            for target in self.ended:
                self.targets[target].draft.unlink(missing_ok=True)

    def find(self) -> None:
        """Take up what an earlier run has left."""
        for record in self.checkpoint.parts():
            if "hashes" in record["files"]:
                self.seen.take(read_hashes(self.checkpoint.path(self.parts, "hashes")))
            target = record["target"]
            if "out" in record["files"] and self.targets[target].form is Form.JSONL_ZST:
                self._add(target, expanded(self.checkpoint.path(self.parts, "out")))
            self._count(record)

    def save(self, part: Part) -> None:
        """One more. Raises OSError, as for a full disk."""
        record = self.checkpoint.save(self.parts, part.files(self.seen), part.record())
        if part.lines and self.targets[part.target].form is Form.JSONL_ZST:
            self._add(part.target, b"".join(part.lines))
        self._count(record)

    def end(self) -> None:
        """End the draft: its target has all its parts."""
        if self.draft is not None:
            self.draft.end()
            self.draft = None
            self.ended.add(self.drafted)

    def _add(self, target: int, lines: bytes) -> None:
        if self.draft is None or self.drafted != target:
            self.end()  # inputs come in order
            self.draft, self.drafted = Draft(self.targets[target].draft), target
        self.draft.add(lines)

    def _count(self, record: dict[str, Any]) -> None:
        self.summary.merge(record["summary"])
        self.next = (record["next"][0], record["next"][1])
        self.parts += 1
