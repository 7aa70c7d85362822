"""Gather the evidence on a document: what rules match, where the headline stands, what counting says, the scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from cleaner.block import Document, Medium
from cleaner.characters import Floats
from cleaner.evidence import Evidence
from cleaner.features import BlockText, Columns, read_text, text_columns
from cleaner.features_dom import dom_columns
from cleaner.kinds import Scope
from cleaner.language import guess_language
from cleaner.match import Match, find_matches
from cleaner.model import Scorer
from cleaner.options import Focus, Options
from cleaner.repair import mended
from cleaner.ruleset import RuleSet
from cleaner.score import score
from cleaner.title import Title, find_title

# Words up to which a block is short, and from which it is long.
SHORT_WORDS = 12
LONG_WORDS = 25


class Reading(NamedTuple):
    """A document of n blocks with what rules and counting say of it; what the scorer looks at."""

    document: Document
    texts: list[str]
    matches: list[Match]
    title: Title
    text: BlockText
    columns: Columns
    lang: str
    warnings: tuple[str, ...]


def read(document: Document, rules: RuleSet, lang: str) -> Reading:
    """Match rules, find the headline and count; `document` has at least one block."""
    texts = [document.text[b.start : b.end] for b in document.blocks]
    lang = lang or guess_language(texts, document.lang)
    # Rules speak of what was written, not of what a wrong charset made of it.
    readable = [mended(t) for t in texts]
    matches = find_matches(readable, rules, lang=lang)
    found = [m for m in matches.found if m.rule.scope is not Scope.SPAN or readable[m.block] == texts[m.block]]
    ruled = {m.block for m in found if m.rule.kind and m.rule.scope is not Scope.SPAN}
    title = find_title(document, texts, ruled)
    text = read_text(texts, title.text or texts[0], " ".join(document.said.descriptions))
    columns = text_columns(document, text, found)
    if document.medium is Medium.HTML:
        columns |= dom_columns(document, text, texts)
    return Reading(document, texts, found, title, text, columns, lang, tuple(matches.warnings))


def weigh(reading: Reading, scorer: Scorer, options: Options) -> Evidence:
    """Score what was read."""
    scored = score(reading.document, reading.text, reading.columns, scorer)
    return Evidence(
        reading.document, reading.texts, reading.matches, reading.title, scored.scores, reading.text.words,
        reading.text.prose, reading.columns["shared_before"], thresholds(reading.text, scorer.settings, options.focus), scored.reason,
    )  # fmt: skip


def thresholds(text: BlockText, settings: Mapping[str, float], focus: Focus) -> Floats:
    """The score below which each block goes, (n,): by its length, since a long paragraph lost costs more than a
    short line, and a short line of junk is as ugly as a long one."""
    short, long = settings[f"short_{focus}"], settings[f"long_{focus}"]
    between = 0.5 * (short + long)
    return np.where(text.words <= SHORT_WORDS, short, np.where(text.words <= LONG_WORDS, between, long)).astype(np.float32)
