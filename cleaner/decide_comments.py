"""Threads of readers' comments in stored text, which read like the article and share its words: what tells them is the lines
around each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.evidence import Evidence
from cleaner.kinds import Kind, Scope, Strength
from cleaner.match import Match

THREAD, SURE = Scope.THREAD, Strength.SURE
# So many lines that may stand at a comment make a thread, if there is another witness.
LEAST_SIGNS = 2
# A heading stands at most so many blocks above the first line that tells of a comment.
HEADING_REACH = 6
# At most so many words of prose lie between two lines of one thread.
LONGEST_COMMENT = 500
# A thread goes on to the end of the document where at most so many words of prose stand behind its last line.
LAST_COMMENT = 300


class Thread(NamedTuple):
    """Blocks `start` to `stop` of a document are readers' comments, by what `match` says."""

    start: int
    stop: int
    match: Match


def find_thread(evidence: Evidence, signs: Sequence[Match], before: Sequence[float], enough: float) -> Thread | None:
    """The thread under an article. `signs` are matches of scope thread, `before` are the words of prose before each block, and
    `enough` of them is an article.

    One rule that is sure begins it, and it has no end. Others are a line at each comment: of these there must be two, not far
    from each other, and beside them a line of another sort, be it a heading above them or a button among them.
    """
    signs = sorted((sign for sign in signs if before[sign.block] >= enough), key=lambda sign: sign.block)
    for sign in signs:
        if sign.rule.strength is SURE:
            return Thread(sign.block, len(evidence.texts), sign)
    chain = _last_chain(signs, before)
    if len({sign.block for sign in chain}) < LEAST_SIGNS:
        return None
    first, last = chain[0], chain[-1].block
    reach = range(max(first.block - HEADING_REACH, 0), last + 1)
    others = {m.block for m in evidence.matches if m.rule.kind is Kind.COMMENTS and m.rule.scope is not THREAD and m.block in reach}
    if len({sign.rule.id for sign in chain}) < 2 and not others - {sign.block for sign in chain}:
        return None
    start = min([first.block, *(block for block in others if before[block] >= enough)])
    stop = len(before) if before[-1] - before[last] <= LAST_COMMENT else last + 1
    return Thread(start, stop, first)


def _last_chain(signs: Sequence[Match], before: Sequence[float]) -> list[Match]:
    """The last of the signs, and those above it that are not too far from the next."""
    chain: list[Match] = []
    for sign in reversed(signs):
        if chain and before[chain[0].block] - before[sign.block] > LONGEST_COMMENT:
            break
        chain.insert(0, sign)
    return chain
