"""The parts of a batch that are finished."""

from __future__ import annotations

from typing import Any

from cleaner.batch.checkpoint import Checkpoint
from cleaner.batch.part import Part
from cleaner.batch.summary import SeenLines, Summary, read_hashes


class SavedParts:
    """The parts that are on the disk: their sum, the number and item of the input that come next, and the lines seen."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self.summary = Summary()
        self.seen = SeenLines()
        self.parts = 0
        self.next = (0, 0)

    @classmethod
    def in_folder(cls, checkpoint: Checkpoint) -> SavedParts:
        """Those that an earlier run has left."""
        saved = cls(checkpoint)
        for record in checkpoint.parts():
            if "hashes" in record["files"]:
                saved.seen.take(read_hashes(checkpoint.path(saved.parts, "hashes")))
            saved._count(record)
        return saved

    def save(self, part: Part) -> None:
        """One more. Raises OSError, as for a full disk."""
        self._count(self.checkpoint.save(self.parts, part.files(self.seen), part.record()))

    def _count(self, record: dict[str, Any]) -> None:
        self.summary.merge(record["summary"])
        self.next = (record["next"][0], record["next"][1])
        self.parts += 1
