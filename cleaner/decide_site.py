"""The part of the decision that a site's selectors make: what they remove, the author's line, the body's container."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cleaner.characters import Bools, Floats
from cleaner.decision import Decision, Verdict
from cleaner.evidence import Evidence
from cleaner.kinds import Kind
from cleaner.selection import Selection, Use
from cleaner.site_evidence import MOST, Piece, SiteEvidence, touches

# A container that holds less than this share of what the scorer is sure of is out of date.
STALE_SHARE = 0.4
SURE = 0.9
# Nor does a selector take more than this share of it: the site's templates have changed since.
MOST_TAKEN = 0.3
# Inside the container the site's author is trusted more than the scorer: thresholds are this much of the usual.
INSIDE = 0.75
LINES = {Use.BYLINE: Kind.BYLINE, Use.DATE: Kind.DATELINE}


def trusted(evidence: Evidence, site: SiteEvidence, decision: Decision) -> SiteEvidence:
    """The site's evidence without selectors that would take much of what the scorer is sure of: they are out of date."""
    sure = np.where(evidence.prose & (evidence.scores > SURE), evidence.words, 0)
    taken: dict[Selection, dict[int, float]] = {}
    for piece in (*site.removed, *site.lines):
        taken.setdefault(piece.selection, {})[piece.block] = piece.share * float(sure[piece.block])
    total = max(float(sure.sum()), 1.0)
    stale = {selection for selection, words in taken.items() if sum(words.values()) > MOST_TAKEN * total}
    for selection in stale:
        share = sum(taken[selection].values()) / total
        what = selection.remove.id if selection.remove is not None else str(selection.use)
        decision.warnings.append(
            f"{site.file}: {what} {selection.selector!r} would take {share:.0%} of the text that the scorer is sure of "
            "and was not used; it may be out of date"
        )
    removed, lines = (tuple(p for p in found if p.selection not in stale) for found in (site.removed, site.lines))
    return site._replace(removed=removed, lines=lines)


def remove_marked(site: SiteEvidence, decision: Decision, headline: set[int]) -> None:
    """Take the blocks that a site's selectors take whole, but not what stays."""
    for piece in site.removed:
        remove = piece.selection.remove
        if remove is not None and piece.share == 1 and piece.block not in decision.protected | headline:
            decision.gone.setdefault(piece.block, Verdict(remove.kind, remove.id, why_chosen(piece)))
    for piece in site.lines:
        if piece.share >= MOST and piece.block not in decision.protected | headline:
            use = piece.selection.use
            why = f"{piece.selection.selector}, which the site's rules name as the {use}"
            decision.gone.setdefault(piece.block, Verdict(LINES[use], f"{site.name}-{use}", why))


def why_chosen(piece: Piece) -> str:
    """Why a piece goes, in the words of the site's author if there are any."""
    remove = piece.selection.remove
    return remove.why if remove is not None and remove.why else f"chosen by {piece.selection.selector}"


def cuts(evidence: Evidence, site: SiteEvidence, decision: Decision) -> Iterator[tuple[Piece, int, int]]:
    """The parts of kept blocks that a site's selectors take, with where each begins and ends in its block.

    Of two spaces around a part one goes with it.
    """
    done: dict[int, list[tuple[int, int]]] = {}
    for piece in sorted(site.removed, key=lambda p: (p.block, p.start, -p.end)):
        text, offset = evidence.texts[piece.block], evidence.document.blocks[piece.block].start
        taken = done.setdefault(piece.block, [])
        start = max(piece.start, taken[-1][1] if taken else 0)
        # A part that is the whole block went with it, or stays with it.
        if piece.share == 1 or piece.block in decision.gone or start >= piece.end:
            continue
        if touches(site.keep, offset + piece.start, offset + piece.end):
            continue
        end = piece.end
        if start > 0 and text[start - 1] == " " and text[end : end + 1] == " ":
            end += 1
        taken.append((start, end))
        yield piece, start, end


def keep_to_container(evidence: Evidence, site: SiteEvidence, decision: Decision, headline: set[int]) -> Floats:
    """Take what stands outside the body's container; the thresholds of the scores after that, (n,)."""
    alive = np.ones(len(evidence.texts), dtype=bool)
    alive[list(decision.gone)] = False
    for selection, inside in site.bodies:
        share = _share_inside(evidence, inside, alive)
        if share < STALE_SHARE:
            holds = "nothing to read" if share < 0 else f"only {share:.0%} of the text that the scorer is sure of"
            decision.warnings.append(f"{site.file}: body {selection.selector!r} holds {holds} and was not used; it may be out of date")
            continue
        why = f"outside {selection.selector}, which the site's rules name as the body"
        decision.container = inside
        for i in np.flatnonzero(~inside & alive).tolist():
            if i not in decision.protected and i not in headline:
                decision.gone[i] = Verdict(Kind.BOILERPLATE, f"{site.name}-body", why)
        thresholds: Floats = np.where(inside, INSIDE * evidence.thresholds, evidence.thresholds)
        # An article of which the scorer would leave nothing is a short one, and its container says where it stands.
        nothing = not (alive & inside & (evidence.scores >= thresholds)).any()
        return np.where(inside, 0, thresholds) if nothing else thresholds
    return evidence.thresholds


def _share_inside(evidence: Evidence, inside: Bools, alive: Bools) -> float:
    """How much of the words of prose that the scorer is sure of stands inside; -1 where nothing readable does."""
    words = np.where(alive, evidence.words, 0)
    if words[inside].sum() <= 0:
        return -1.0
    sure = np.where(evidence.prose & (evidence.scores > SURE), words, 0)
    total = float(sure.sum())
    return float(sure[inside].sum()) / total if total > 0 else 1.0
