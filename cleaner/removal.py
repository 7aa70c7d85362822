"""The account of what was left out, and why."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.kinds import Kind


class Removal(NamedTuple):
    """A piece of the source that is not in the result.

    `start` and `end` are offsets in characters into `CleanResult.source`; `text` is what stood there.
    `rule` is the id of the rule that decided, "" where the scorer did. `score` is the scorer's body score of
    the block, 0 to 1. `replacement` is what stands there instead (repairs), mostly nothing.
    """

    kind: Kind
    rule: str
    reason: str
    score: float
    start: int
    end: int
    text: str
    replacement: str = ""

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {**self._asdict(), "kind": str(self.kind), "score": round(self.score, 3)}
