"""Gather the evidence on a document: what rules match, where the headline stands, what counting says, the scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from cleaner.block import Document, Medium
from cleaner.characters import Floats
from cleaner.columns import Columns
from cleaner.confidence import confidence
from cleaner.evidence import Evidence
from cleaner.features import BlockText, read_text, text_columns
from cleaner.features_dom import dom_columns
from cleaner.features_topic import topic_columns
from cleaner.kinds import Scope, Strength
from cleaner.language import guess_language
from cleaner.match import Match, Matches, find_matches
from cleaner.model import Scorer
from cleaner.options import Focus, Options
from cleaner.repair import all_mended
from cleaner.ruleset import RuleSet, Site
from cleaner.score import Subject, score
from cleaner.selection import NOTHING_SELECTED, Selected
from cleaner.site_evidence import SiteEvidence, site_evidence, site_title
from cleaner.title import Title, find_title

# A member of an Enum takes long to look up.
SPAN, THREAD = Scope.SPAN, Scope.THREAD
# Words up to which a block is short, beyond which it is long, and beyond which it may be a whole article in one piece.
LENGTHS = np.array([12, 25, 200], dtype=np.float32)
# Such a piece goes below this share of the threshold for long blocks.
WHOLE_ARTICLE = 0.25


class Reading(NamedTuple):
    """A document of n blocks with what rules and counting say of it; what the scorer looks at. `mended` are the blocks in which
    mojibake was put right before rules were matched."""

    document: Document
    texts: list[str]
    matches: list[Match]
    title: Title
    text: BlockText
    columns: Columns
    lang: str
    warnings: tuple[str, ...]
    site: SiteEvidence | None = None
    mended: frozenset[int] | None = None


def read(document: Document, rules: RuleSet, lang: str, site: Site | None = None, selected: Selected = NOTHING_SELECTED) -> Reading:
    """Match rules, find the headline and count; `document` has at least one block.

    `site` are the rules of the site that the document comes from, `selected` what its selectors chose.
    """
    texts = [document.text[b.start : b.end] for b in document.blocks]
    lang = lang or (site.file.lang if site else "") or guess_language(texts, document.lang)
    # Rules speak of what was written, not of what a wrong charset made of it.
    readable = all_mended(texts, document.text)
    matches = find_matches(readable, rules, lang=lang) if site is None else _with_own(readable, rules, site, lang)
    found = [m for m in matches.found if m.rule.scope is not SPAN or readable[m.block] == texts[m.block]]
    ruled = {m.block for m in found if m.rule.kind and m.rule.scope not in (SPAN, THREAD)}
    title = site_title(document, texts, selected) or find_title(document, texts, ruled)
    text = read_text(texts, title.text or texts[0], " ".join(document.said.descriptions))
    # A site's rules and those of threads decide what they match; the scorer would doubt the body beside it, and a line that
    # turns out to stand at no comment.
    own = {rule.id for rule in site.file.rules if rule.strength is not Strength.HINT} if site else set()
    columns = text_columns(document, text, [m for m in found if m.rule.scope is not THREAD and m.rule.id not in own])
    columns |= dom_columns(document, text, texts) if document.medium is Medium.HTML else topic_columns(text)
    said = site_evidence(document, texts, site.file.name, site.file.file, selected) if site and selected.selections else None
    mended = frozenset() if readable is texts else frozenset(i for i, text in enumerate(texts) if readable[i] != text)
    return Reading(document, texts, found, title, text, columns, lang, (*selected.warnings, *matches.warnings), said, mended)


def _with_own(texts: Sequence[str], rules: RuleSet, site: Site, lang: str) -> Matches:
    """The matches of a site's own rules, of any language, then those of the common ones that it has not turned off."""
    own, common = find_matches(texts, site.rules), find_matches(texts, rules, lang=lang)
    found = [m for m in own.found if m.rule.period.holds(site.date)] + [m for m in common.found if m.rule.id not in site.off]
    return Matches(found, own.warnings + common.warnings)


def weigh(readings: Sequence[Reading], scorer: Scorer, options: Options) -> list[Evidence]:
    """Score what was read, documents of the scorer's medium, at least one, all at once."""
    found = score([Subject(r.document, r.text, r.columns) for r in readings], scorer)
    marks = thresholds([r.text.words for r in readings], scorer.settings, options.focus)
    return [
        Evidence(
            r.document, r.texts, r.matches, r.title, scores, r.text.words, r.text.prose, r.columns["shared_before"], below, reason,
            r.site, r.mended, confidence(r.text.words, scores, scorer.settings),
        )
        for r, (scores, reason), below in zip(readings, found, marks)
    ]  # fmt: skip


def thresholds(words: Sequence[Floats], settings: Mapping[str, float], focus: Focus) -> list[Floats]:
    """For each document, by its blocks' `words`, (n,), the score below which each block goes: by its length, since a long paragraph
    lost costs more than a short line, and a short line of junk is as ugly as a long one."""
    short, long = settings[f"short_{focus}"], settings[f"long_{focus}"]
    by_length = np.array([short, 0.5 * (short + long), long, WHOLE_ARTICLE * long], dtype=np.float32)
    marks = by_length[np.searchsorted(LENGTHS, words[0] if len(words) == 1 else np.concatenate(words))]
    return [marks[low:high] for low, high in pairwise(accumulate(map(len, words), initial=0))]
