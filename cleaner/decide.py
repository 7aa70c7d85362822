"""The one place where evidence becomes removals. Protect beats rule beats score, and what a site's file says the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, partial

import numpy as np

from cleaner.block import Medium
from cleaner.characters import Floats
from cleaner.decide_comments import find_thread
from cleaner.decide_site import cuts, keep_to_container, remove_marked, trusted, why_chosen
from cleaner.decision import Decision, Verdict
from cleaner.evidence import Evidence
from cleaner.kinds import Kind, Scope, Strength, Where
from cleaner.match import Match
from cleaner.removal import Removal
from cleaner.repair import find_repairs, look
from cleaner.title import looks_like_headline

# Words of prose that must stand before an end-of-article marker, and before a rule for `after_body`.
ENOUGH_BODY = 60
# The body has begun for rules of the head once this many words of prose were read.
HEAD_WORDS = 90
# For rules of the tail at most this many words of prose, or this share of them, may follow.
TAIL_WORDS = 60
TAIL_SHARE = 0.15
# After a marker, prose that has this share of its content words from the body before is the body going on.
SAME_TOPIC = 0.45
# A rule marked likely needs the scorer's doubt.
LIKELY_BELOW = 0.7
# A headline under a label that the scorer is this sure of is a subheading.
SURELY_BODY = 0.9
DUPLICATE_CHARS = 60
# The scorer doubts what stands under a label; a subheading there goes below this share of the threshold.
SUBHEADING = 0.5
# A member of an Enum takes long to look up.
ANYWHERE, HEAD, TAIL = Where.ANYWHERE, Where.HEAD, Where.TAIL
SPAN, REST, LABEL, THREAD = Scope.SPAN, Scope.REST, Scope.LABEL, Scope.THREAD
SURE, HINT = Strength.SURE, Strength.HINT


def decide(evidence: Evidence) -> Decision:
    """What of the document goes, and why. Pure: the same evidence gives the same decision."""
    decision = Decision(protected={m.block for m in evidence.matches if m.rule.kind is None})
    position = _Position(evidence)
    headline = set(evidence.title.blocks[:1])
    site = decision.site = evidence.site and trusted(evidence, evidence.site, decision)
    if site is not None:
        decision.protected |= site.kept
        remove_marked(site, decision, headline)
    for match in evidence.matches:
        if match.block in headline or match.rule.kind is None or match.rule.scope in (SPAN, THREAD):
            continue
        if match.block not in decision.protected and _stands(match, position):
            _apply(match, position, evidence, decision)
    # On a page class names tell comments, and the scorer reads them.
    if evidence.document.medium is Medium.TEXT:
        _comments(position, evidence, decision)
    thresholds = evidence.thresholds if site is None else keep_to_container(evidence, site, decision, headline)
    if decision.subheadings:
        thresholds = thresholds.copy()
        thresholds[list(decision.subheadings)] *= SUBHEADING
    low = evidence.scores < thresholds
    _duplicates(evidence, decision, headline, low.tolist())
    gone, stays, boilerplate = decision.gone, decision.protected | headline, Kind.BOILERPLATE
    for i in np.flatnonzero(low).tolist():
        if i not in gone and i not in stays:
            gone[i] = Verdict(boilerplate, "", partial(evidence.reason, i))
    return decision


def cut_spans(evidence: Evidence, decision: Decision) -> None:
    """Fill `decision.spans`: what goes inside blocks that stay. After the last change to `decision.gone`."""
    gone = decision.gone
    kept = [i for i in range(len(evidence.texts)) if i not in gone]
    taken: dict[int, list[tuple[int, int]]] = {}
    for piece, start, end in cuts(evidence, decision.site, decision) if decision.site is not None else ():
        remove = piece.selection.remove
        if remove is not None:
            taken.setdefault(piece.block, []).append((start, end))
            decision.spans.append(_span(evidence, piece.block, start, end, remove.kind, remove.id, why_chosen(piece), ""))
    matches = [m for m in evidence.matches if m.rule.scope is SPAN and m.block not in gone]
    if matches:
        last = next((i for i in reversed(kept) if i not in evidence.title.blocks), -1)
        _cut_matches(matches, last, taken, evidence, decision)
    # One look at the whole text first: most have nothing to repair.
    damaged = [i for i in kept if look(evidence.texts[i])] if look(evidence.document.text) else []
    for i in damaged:
        for repair in find_repairs(evidence.texts[i], sound=evidence.mended is not None and i not in evidence.mended):
            if all(repair.end <= s or e <= repair.start for s, e in taken.get(i, ())):
                decision.spans.append(_span(evidence, i, repair.start, repair.end, Kind.REPAIR, "", repair.reason, repair.replacement))


def _cut_matches(
    matches: Sequence[Match], last: int, taken: dict[int, list[tuple[int, int]]], evidence: Evidence, decision: Decision
) -> None:
    """Cut what span rules match in kept blocks, of which `last` is the last, unless it is `taken` already."""
    position = _Position(evidence)
    for match in matches:
        rule = match.rule
        if rule.kind is None or match.end <= match.start or not _stands(match, position):
            continue
        if rule.kind is Kind.AGENCY and match.block != last:
            continue
        spans = taken.setdefault(match.block, [])
        if all(match.end <= s or e <= match.start for s, e in spans):
            spans.append((match.start, match.end))
            reason = rule.why or f"rule {rule.id}"
            decision.spans.append(_span(evidence, match.block, match.start, match.end, rule.kind, rule.id, reason, rule.replace))
            decision.fields |= {k: v for k, v in match.fields.items() if k not in decision.fields}


class _Position:
    """Where each block stands in relation to the body, by the scorer's prose."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    @cached_property
    def body(self) -> Floats:
        """Each block's words of body, (n,)."""
        evidence = self.evidence
        return np.where(evidence.prose & (evidence.scores >= 0.5), evidence.words, np.float32(0))

    @cached_property
    def through(self) -> Floats:
        """Words of body up to the end of each block, (n,)."""
        return np.cumsum(self.body)

    @cached_property
    def before(self) -> list[float]:
        """Words of body before each block."""
        found: list[float] = (self.through - self.body).tolist()
        return found

    @cached_property
    def in_tail(self) -> list[bool]:
        """Whether little body follows."""
        total = float(self.body.sum())
        found: list[bool] = (total - self.through <= max(TAIL_WORDS, TAIL_SHARE * total)).tolist()
        return found

    @cached_property
    def doubted(self) -> list[bool]:
        """Whether the scorer is not sure that it is body."""
        found: list[bool] = (self.evidence.scores < LIKELY_BELOW).tolist()
        return found

    def allows(self, where: Where, block: int) -> bool:
        if where is ANYWHERE:
            return True
        if where is HEAD:
            return self.before[block] < HEAD_WORDS
        return self.in_tail[block] if where is TAIL else self.before[block] >= ENOUGH_BODY


def _stands(match: Match, position: _Position) -> bool:
    strength = match.rule.strength
    if strength is HINT or not position.allows(match.rule.where, match.block):
        return False
    return strength is SURE or position.doubted[match.block]


def _apply(match: Match, position: _Position, evidence: Evidence, decision: Decision) -> None:
    rule = match.rule
    if match.block not in decision.gone and rule.kind is not None:
        decision.gone[match.block] = Verdict(rule.kind, rule.id, rule.why or f"rule {rule.id}")
        decision.fields |= {k: v.strip() for k, v in match.fields.items() if k not in decision.fields}
    if rule.scope is REST and position.before[match.block] >= ENOUGH_BODY:
        if not _body_goes_on(match, evidence):
            _condemn(
                range(match.block + 1, len(evidence.texts)),
                f"stands after the end marker «{_quote(evidence, match)}»",
                match,
                evidence,
                decision,
            )
    elif rule.scope is LABEL:
        headlines, subheading = _headlines_under(match, evidence, decision)
        decision.subheadings |= subheading
        _condemn(headlines, f"a headline under «{_quote(evidence, match)}»", match, evidence, decision)


def _comments(position: _Position, evidence: Evidence, decision: Decision) -> None:
    """Take the readers' comments under the article."""
    signs = [m for m in evidence.matches if m.rule.scope is THREAD and m.rule.strength is not HINT and position.allows(m.rule.where, m.block)]
    thread = find_thread(evidence, signs, position.before, ENOUGH_BODY) if signs else None
    if thread is None:
        return
    why = f"one of the readers' comments around «{_quote(evidence, thread.match)}»"
    for i in range(thread.start, thread.stop):
        if i not in decision.gone and i not in decision.protected and i not in evidence.title.blocks[:1]:
            decision.gone[i] = Verdict(Kind.COMMENTS, thread.match.rule.id, why)


def _condemn(blocks: Iterable[int], reason: str, match: Match, evidence: Evidence, decision: Decision) -> None:
    """What stands under a match goes with it; under one that is only likely, where the scorer doubts it too."""
    below = np.inf if match.rule.strength is SURE else LIKELY_BELOW
    for i in blocks:
        if i not in decision.gone and i not in decision.protected and i not in evidence.title.blocks[:1] and evidence.scores[i] < below:
            decision.gone[i] = Verdict(Kind.TEASER, match.rule.id, reason)


def _quote(evidence: Evidence, match: Match) -> str:
    return evidence.texts[match.block][:40]


def _body_goes_on(match: Match, evidence: Evidence) -> bool:
    """True where what stands after a marker is the body again: prose that the scorer is sure of.

    In stored text three teasers in full sentences look as sure as body, so there the prose must also share its
    words with the body before, unless the marker is a mere label over other stories.
    """
    after = slice(match.block + 1, None)
    prose = np.where(evidence.prose[after], evidence.words[after], 0)
    sure = evidence.scores[after] >= SURELY_BODY
    if evidence.document.medium is Medium.HTML:
        return bool(prose[sure].sum() > 0)
    if match.rule.kind is not Kind.RELATED:
        sure &= evidence.shared[after] >= SAME_TOPIC
    return bool(prose[sure].sum() > 0.5 * prose.sum())


def _headlines_under(match: Match, evidence: Evidence, decision: Decision) -> tuple[list[int], set[int]]:
    """The run of headlines below a label. The last one stays if it is the subheading of the prose after it, which is told
    beside the run where a word of it stands in that prose."""
    run: list[int] = []
    i = match.block + 1
    while i < len(evidence.texts) and not evidence.prose[i] and i not in decision.protected:
        if not looks_like_headline(evidence.texts[i]) or evidence.scores[i] >= SURELY_BODY:
            break
        if match.rule.until and match.rule.until in evidence.texts[i]:
            break
        run.append(i)
        i += 1
    prose_follows = i < len(evidence.texts) and bool(evidence.prose[i] or evidence.scores[i] >= 0.5)
    if not run or not prose_follows:
        return run, set()
    last = run[-1]
    # In stored text no markup tells a subheading from a teaser.
    told = evidence.document.medium is Medium.TEXT and _introduces(evidence.texts[last].replace("-", " "), evidence.texts[i])
    if told or len(run) == 1 or _introduces(evidence.texts[last], evidence.texts[i]):
        run.pop()
    return run, {last} if told else set()


def _introduces(heading: str, paragraph: str) -> bool:
    """Whether a heading shares a content word with the paragraph under it."""
    words = {w.strip(".,:;!?\"'“”’").lower() for w in heading.split()}
    return any(len(w) > 3 and w in paragraph.lower() for w in words)


def _duplicates(evidence: Evidence, decision: Decision, headline: set[int], low: list[bool]) -> None:
    """Take what repeats the headline or a paragraph above; `low` blocks go by their scores anyway."""
    for i in evidence.title.blocks[1:]:
        if i not in decision.protected:
            decision.gone.setdefault(i, Verdict(Kind.DUPLICATE, "", "repeats the headline"))
    seen: set[str] = set()
    for i, text in enumerate(evidence.texts):
        if low[i] or len(text) < DUPLICATE_CHARS or i in decision.gone or i in headline:
            continue
        if text in seen and i not in decision.protected and _is_prose(text):
            decision.gone[i] = Verdict(Kind.DUPLICATE, "", "repeats a paragraph above word for word")
        seen.add(text)


def _is_prose(text: str) -> bool:
    """Whether letters and digits, which vowel signs are not, make up a fifth of a text: the frame of a table or a drawing in
    characters repeats rightly."""
    return 5 * sum(map(str.isalnum, text)) >= len(text)


def _span(evidence: Evidence, block: int, start: int, end: int, kind: Kind, rule: str, reason: str, replacement: str) -> Removal:
    """A cut inside a block, from offsets in the block's text."""
    offset = evidence.document.blocks[block].start
    score = float(evidence.scores[block])
    return Removal(kind, rule, score, offset + start, offset + end, evidence.texts[block][start:end], replacement, reason)
