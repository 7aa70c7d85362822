"""Score each block: how likely it is body, 0 to 1, and say in words why.

Several documents are scored at once where there are several: what the trees know is brought into the processor's caches once for
all of them, and a short document's few blocks cost less than the calls that lead to them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from cleaner import reasons
from cleaner.block import Document, Medium
from cleaner.characters import Floats
from cleaner.columns import Columns
from cleaner.features import BlockText
from cleaner.features_context import pass_columns, pass_dom_columns, word_columns
from cleaner.model import Scorer, sigmoid


class Subject(NamedTuple):
    """What is scored: a document with its texts and their columns."""

    document: Document
    text: BlockText
    columns: Columns


class Scored(NamedTuple):
    """Body scores (n,), and for block i the words that tell what decided."""

    scores: Floats
    reason: Callable[[int], str]


def score(subjects: Sequence[Subject], scorer: Scorer) -> list[Scored]:
    """Run a scorer's one or two passes over documents of its medium, at least one. Each is scored as it would be alone."""
    columns = Columns.joined([s.columns for s in subjects]) | Columns.joined([word_columns(s.text, scorer.words) for s in subjects])
    ends = list(accumulate((len(s.text.words) for s in subjects), initial=0))
    first = columns.rows(scorer.first.names)
    scores = sigmoid(scorer.first.logits(first))
    second = scorer.second
    if second is None:

        def reason(i: int) -> str:
            return reasons.describe(scorer.first.contributions(first[:, i]), columns, i)

    else:
        around = [context_columns(scores[low:high], s.text, s.document) for s, (low, high) in zip(subjects, pairwise(ends))]
        wider = columns | Columns.joined(around)
        table = wider.rows(second.names)
        scores = sigmoid(second.logits(table))

        def reason(i: int) -> str:
            found = reasons.unfold(second.contributions(table[:, i]), scorer.first.contributions(first[:, i]))
            return reasons.describe(found, wider, i)

    return [Scored(scores[low:high], _from(reason, low)) for low, high in pairwise(ends)]


def _from(reason: Callable[[int], str], low: int) -> Callable[[int], str]:
    return lambda i: reason(low + i)


def context_columns(scores: Floats, text: BlockText, document: Document) -> Columns:
    """What the second pass knows beyond the first."""
    columns = pass_columns(scores, text)
    if document.medium is Medium.HTML:
        return columns | pass_dom_columns(scores, text, document)
    return columns
