"""Score each block: how likely it is body, 0 to 1, and say in words why."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cleaner import reasons
from cleaner.block import Document, Medium
from cleaner.characters import Floats
from cleaner.columns import Columns
from cleaner.features import BlockText
from cleaner.features_context import pass_columns, pass_dom_columns, word_columns
from cleaner.model import Scorer, sigmoid


class Scored(NamedTuple):
    """Body scores (n,), and for block i the words that tell what decided."""

    scores: Floats
    reason: Callable[[int], str]


def score(document: Document, text: BlockText, columns: Columns, scorer: Scorer) -> Scored:
    """Run a scorer's one or two passes over a document's columns."""
    columns = columns | word_columns(text, scorer.words)
    first = columns.rows(scorer.first.names)
    scores = sigmoid(scorer.first.logits(first))
    if scorer.second is None:
        return Scored(scores, lambda i: reasons.describe(scorer.first.contributions(first[:, i]), columns, i))
    second = scorer.second
    wider = columns | context_columns(scores, text, document)
    table = wider.rows(second.names)

    def reason(i: int) -> str:
        found = reasons.unfold(second.contributions(table[:, i]), scorer.first.contributions(first[:, i]))
        return reasons.describe(found, wider, i)

    return Scored(sigmoid(second.logits(table)), reason)


def context_columns(scores: Floats, text: BlockText, document: Document) -> Columns:
    """What the second pass knows beyond the first."""
    columns = pass_columns(scores, text)
    if document.medium is Medium.HTML:
        return columns | pass_dom_columns(scores, text, document)
    return columns
