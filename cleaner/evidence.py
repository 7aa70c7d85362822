"""What is known of a document before anything is decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from cleaner.block import Document
from cleaner.characters import Bools, Floats
from cleaner.match import Match
from cleaner.site_evidence import SiteEvidence
from cleaner.title import Title


class Evidence(NamedTuple):
    """A document of n blocks with all that rules and the scorer say of it.

    `scores`, `words`, `shared` (content words seen in prose before, of the block's) are (n,) floats, `prose`
    (n,) marks blocks of full sentences. `thresholds` (n,) are the body scores below which a block goes. `reason`
    puts into words why the scorer gave block i its score. `site` is what a site's file says, None without one. `mended` are
    the blocks of which mojibake was put right before rules were matched, None where that is not known. `confidence` is the
    result's, by its scores.
    """

    document: Document
    texts: Sequence[str]
    matches: Sequence[Match]
    title: Title
    scores: Floats
    words: Floats
    prose: Bools
    shared: Floats
    thresholds: Floats
    reason: Callable[[int], str]
    site: SiteEvidence | None = None
    mended: frozenset[int] | None = None
    confidence: float = 0.0
