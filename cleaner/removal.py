"""The account of what was left out, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cleaner.kinds import Kind


@dataclass(frozen=True)
class Removal:
    """A piece of the source that is not in the result.

    `start` and `end` are offsets in characters into `CleanResult.source`; `text` is what stood there.
    `rule` is the id of the rule that decided, "" where the scorer did. `score` is the scorer's body score of
    the block, 0 to 1. `replacement` is what stands there instead (repairs), mostly nothing.
    """

    kind: Kind
    rule: str
    score: float
    start: int
    end: int
    text: str
    replacement: str = ""
    why: str | Callable[[], str] = field(default="", repr=False, compare=False)

    @property
    def reason(self) -> str:
        """The evidence that decided, in words. The scorer's is put into words when it is asked for."""
        return self.why if isinstance(self.why, str) else self.why()

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "kind": str(self.kind), "rule": self.rule, "reason": self.reason, "score": round(self.score, 3),
            "start": self.start, "end": self.end, "text": self.text, "replacement": self.replacement,
        }  # fmt: skip

    def __getstate__(self) -> dict[str, object]:
        """What is pickled: the reason in words, not the models that it is read from."""
        return {**self.__dict__, "why": self.reason}
