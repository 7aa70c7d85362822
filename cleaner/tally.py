"""Words kept, removed and in doubt: of one article, and over many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.characters import read_characters
from cleaner.features import count_runs
from cleaner.native import compiled_lines
from cleaner.result import CleanResult, Counted, Role

# A block whose body score lies between these is in doubt: a little more evidence would turn the decision.
DOUBT = (0.3, 0.7)


# Pieces and words by kind and rule, "" being the scorer. Plain strings: an enum's hash is written in Python.
Removed = dict[tuple[str, str], tuple[int, int]]


class Words(NamedTuple):
    """One article's words: `kept` in its text, those `removed`, `doubt` in blocks that the scorer was not sure of. What a
    word is, is said in `features.count_words`."""

    kept: int
    removed: Removed
    doubt: int


def words_of(result: CleanResult) -> Words:
    """Count one article's words. Of blocks that were counted as they were read nothing is read again."""
    counted = _all_read(result) if result.counted.unread else result.counted
    runs, unspaced, verdicts, _ = counted
    add_up = sum_blocks if compiled_lines is None else compiled_lines.sum_blocks
    kept, kept_unspaced, doubt, removed = add_up(runs, unspaced, verdicts, result.roles, result.scores, Role.BODY, *DOUBT)
    if result.spans:
        more, more_unspaced = _count_spans(result, counted, removed)
        kept, kept_unspaced = kept + more, kept_unspaced + more_unspaced
    return Words(whole_words(kept, kept_unspaced), removed, doubt)


def sum_blocks(
    runs: Sequence[int], unspaced: Sequence[int], verdicts: dict[int, tuple[str, str]], roles: Sequence[Role], scores: Sequence[float], body: Role,
    low: float, high: float,
) -> tuple[int, int, int, Removed]:  # fmt: skip
    """Runs and unspaced characters of the body's blocks, words of the blocks scored from `low` to `high`, and what was
    removed."""
    kept = kept_unspaced = doubt = 0
    removed: Removed = {}
    for i, verdict in verdicts.items():
        _add(removed, verdict, whole_words(runs[i], unspaced[i]))
    for i, (role, score) in enumerate(zip(roles, scores)):
        if role is body:
            kept += runs[i]
            kept_unspaced += unspaced[i]
        if low <= score <= high:
            doubt += whole_words(runs[i], unspaced[i])
    return kept, kept_unspaced, doubt, removed


def _add(removed: Removed, verdict: tuple[str, str], words: int) -> None:
    pieces, before = removed.get(verdict, (0, 0))
    removed[verdict] = (pieces + 1, before + words)


def _count_spans(result: CleanResult, counted: Counted, removed: Removed) -> tuple[int, int]:
    """By how much what is left of the body's blocks differs from them; and add what was cut out of them."""
    runs, unspaced = counted.words, counted.unspaced
    shown = {paragraph.block: paragraph.text for paragraph in result.paragraphs}
    body = Role.BODY
    changed = [i for i, role in enumerate(result.roles) if role is body and shown.get(i) != result.document.block_text(i)]
    read = _read([*(shown.get(i, "") for i in changed), *(span.text for span in result.spans)])
    for span, count in zip(result.spans, read[len(changed) :]):
        _add(removed, (str(span.kind), span.rule), whole_words(*count))
    pairs = list(zip(changed, read))
    return sum(now[0] - runs[i] for i, now in pairs), sum(now[1] - unspaced[i] for i, now in pairs)


def _all_read(result: CleanResult) -> Counted:
    """The numbers with those of the blocks that were cut before they were read."""
    runs, unspaced, verdicts, unread = result.counted
    runs, unspaced = runs.copy(), unspaced.copy()
    for i, count in zip(unread, _read([result.document.block_text(i) for i in unread])):
        runs[i], unspaced[i] = count
    return Counted(runs, unspaced, verdicts)


def _read(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Runs and unspaced characters of each text."""
    if not texts:
        return []
    # The reading wants at least one character in each.
    runs, unspaced = count_runs(read_characters([text or "-" for text in texts]), len(texts))
    return list(zip(runs.tolist(), unspaced.tolist()))


def whole_words(runs: int, unspaced: int) -> int:
    """What `features.count_words` makes of runs and unspaced characters, in whole words."""
    return max(runs - unspaced, 0) + unspaced // 2


@dataclass
class Tally:
    """What a run over many files came to, in words of text."""

    documents: int = 0
    kept: int = 0
    removed: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, result: CleanResult) -> Tally:
        """One article's words."""
        words = words_of(result)
        found = cls(1, words.kept)
        for (kind, _), (_, count) in words.removed.items():
            found.removed[kind] += count
        return found

    def add(self, other: Tally) -> None:
        """Count the words of another tally too."""
        self.documents += other.documents
        self.kept += other.kept
        self.removed += other.removed

    def __str__(self) -> str:
        by_kind = sorted(((-n, kind) for kind, n in self.removed.items() if n))
        kinds = f" ({', '.join(f'{kind} {-n:,}' for n, kind in by_kind)})" if by_kind else ""
        documents = f"{self.documents:,} document" + ("s" if self.documents != 1 else "")
        return f"{documents}: {self.kept:,} words kept, {self.removed.total():,} removed{kinds}"
