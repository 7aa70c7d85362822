"""Words kept, removed and in doubt: of one article, and over many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.characters import read_characters
from cleaner.features import count_words
from cleaner.kinds import Kind
from cleaner.result import CleanResult

# A block whose body score lies between these is in doubt: a little more evidence would turn the decision.
DOUBT = (0.3, 0.7)


class Words(NamedTuple):
    """One article's words: `kept` in its text, `removed` in each of its removals, `doubt` in blocks that the scorer
    was not sure of. What a word is, is said in `features.count_words`."""

    kept: int
    removed: tuple[int, ...]
    doubt: int


def words_of(result: CleanResult) -> Words:
    """Count one article's words."""
    low, high = DOUBT
    doubted = [block.text for block in result.blocks if low <= block.score <= high]
    texts = [result.text, *(r.text for r in result.removals), *doubted]
    # The counting wants at least one character in each.
    words = [int(n) for n in count_words(read_characters([text or "-" for text in texts]), len(texts))]
    last = 1 + len(result.removals)
    return Words(words[0], tuple(words[1:last]), sum(words[last:]))


@dataclass
class Tally:
    """What a run over many files came to, in words of text."""

    documents: int = 0
    kept: int = 0
    removed: Counter[Kind] = field(default_factory=Counter)

    @classmethod
    def of(cls, result: CleanResult) -> Tally:
        """One article's words."""
        words = words_of(result)
        found = cls(1, words.kept)
        for removal, count in zip(result.removals, words.removed):
            found.removed[removal.kind] += count
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
