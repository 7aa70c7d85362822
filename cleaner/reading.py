"""Gather the evidence on a document: what rules match, where the headline stands, what counting says, the scores."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.block import Document, Medium
from cleaner.evidence import Evidence
from cleaner.features import BlockText, Columns, read_text, text_columns
from cleaner.features_dom import dom_columns
from cleaner.kinds import Scope
from cleaner.language import guess_language
from cleaner.match import Match, find_matches
from cleaner.model import Scorer
from cleaner.options import Options
from cleaner.ruleset import RuleSet
from cleaner.score import score
from cleaner.title import Title, find_title


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
    matches = find_matches(texts, rules, lang=lang)
    ruled = {m.block for m in matches.found if m.rule.kind and m.rule.scope is not Scope.SPAN}
    title = find_title(document, texts, ruled)
    text = read_text(texts, title.text or texts[0])
    columns = text_columns(document, text, matches.found)
    if document.medium is Medium.HTML:
        columns |= dom_columns(document, text, texts)
    return Reading(document, texts, matches.found, title, text, columns, lang, tuple(matches.warnings))


def weigh(reading: Reading, scorer: Scorer, options: Options) -> Evidence:
    """Score what was read."""
    scored = score(reading.document, reading.text, reading.columns, scorer)
    threshold = scorer.settings[f"threshold_{options.focus}"]
    return Evidence(
        reading.document, reading.texts, reading.matches, reading.title, scored.scores, reading.text.words,
        reading.text.prose, reading.columns["shared_before"], threshold, scored.reason,
    )  # fmt: skip
