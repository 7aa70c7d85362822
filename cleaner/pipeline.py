"""From a source to a result: segment, gather evidence, decide, render. The whole way in one place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cleaner import decode as decoding
from cleaner import extract
from cleaner import model
from cleaner.block import Document, Medium
from cleaner.confidence import confidence
from cleaner.decide import Decision, Verdict, cut_spans, decide
from cleaner.errors import InputError
from cleaner.evidence import Evidence
from cleaner.features import BlockText, Columns, read_text, text_columns
from cleaner.features_dom import dom_columns
from cleaner.kinds import Kind, Scope
from cleaner.match import Match, find_matches
from cleaner.metadata import html_metadata, text_metadata
from cleaner.model import Scorer
from cleaner.options import Options, SecondOpinion
from cleaner.removal import Removal
from cleaner.render import title_text
from cleaner.result import CleanResult, Metadata, Role
from cleaner.ruleset import RuleSet, load, shipped, shipped_folder
from cleaner.score import score
from cleaner.segment_html import segment_html
from cleaner.segment_text import segment_text
from cleaner.title import Title, find_title

MARKUP = re.compile(r"<!doctype html|<(?:html|head|body|article|main|div|section|table|p|br|h[1-6]|ul|ol|span|a)\b[^<>]{0,2000}>", re.IGNORECASE)
CLOSING = re.compile(r"</(?:html|body|article|main|div|section|table|p|h[1-6]|ul|ol|li|span|a|em|strong|b|i)>", re.IGNORECASE)
# Less kept than this, in words, is no article; nor is less than this share of the prose.
FEW_WORDS = 15
FEW_SHARE = 0.1
SURROGATES = re.compile("[\ud800-\udfff]")

Rules = RuleSet | Sequence[Path | str] | None


def clean(source: str | bytes, *, url: str | None = None, rules: Rules = None, options: Options | None = None) -> CleanResult:
    """Clean a page or a stored text, whichever `source` is.

    `rules` are folders of rule files to use beside the shipped ones, or a `RuleSet` to use instead. Raises
    InputError where `source` is neither str nor bytes, RuleError for a faulty rule file.

    >>> clean("The bridge opened on Monday after two years of work.\\n\\nAlso Read").text
    'The bridge opened on Monday after two years of work.'
    """
    text = _as_text(source)
    return (clean_html if is_html(text) else clean_text)(text, url=url, rules=rules, options=options)


def clean_text(source: str | bytes, *, url: str | None = None, rules: Rules = None, options: Options | None = None) -> CleanResult:
    """Clean text that a scraper stored. Offsets in the result count in `source` itself."""
    options = options or Options()
    document = segment_text(_as_text(source), lang=options.lang)
    return clean_document(document, None, url, _ruleset(rules), options)


def clean_html(source: str | bytes, *, url: str | None = None, rules: Rules = None, options: Options | None = None) -> CleanResult:
    """Clean a page. Bytes are decoded as a browser would."""
    options = options or Options()
    page = SURROGATES.sub("\ufffd", _as_text(source))
    return clean_document(segment_html(page), page, url, _ruleset(rules), options)


def is_html(text: str) -> bool:
    """Whether `text` is markup: it opens with a tag, or tags close again and again in it.

    >>> is_html("<p>One.</p>"), is_html("if a < b and b > c: print('<p>')")
    (True, False)
    """
    head = text[:2000].lstrip("\ufeff \t\r\n")
    return bool(MARKUP.match(head) or head[:5].lower() == "<?xml" or len(CLOSING.findall(text, 0, 20000)) >= 3)


def _as_text(source: str | bytes) -> str:
    if isinstance(source, str):
        return source
    if isinstance(source, (bytes, bytearray, memoryview)):
        return decoding.decode(bytes(source))
    raise InputError(f"a source is str or bytes, not {type(source).__name__}; for a file pass what it holds: Path(…).read_bytes()")


def _ruleset(rules: Rules) -> RuleSet:
    if isinstance(rules, RuleSet):
        return rules
    return load([shipped_folder(), *map(Path, rules)]) if rules else shipped()


def clean_document(
    document: Document, page: str | None, url: str | None, rules: RuleSet, options: Options, scorer: Scorer | None = None
) -> CleanResult:
    """Clean a segmented source. `page` is the markup that it came from, if any; `scorer` None means the shipped one."""
    metadata = partial(_metadata, page, {}, document.lang, url)
    if not document.blocks:
        return CleanResult(None, 0.0, ("the source holds no text",), (), document, (), (), metadata)
    warnings: list[str] = []
    reading = read(document, rules, options.lang, warnings)
    scorer = scorer or model.shipped(document.medium)
    evidence = weigh(reading, scorer, options)
    decision = decide(evidence)
    sure = confidence(evidence.words, evidence.scores, scorer.settings)
    if _too_little(evidence, decision):
        warnings.append(_fall_back(evidence, decision, page, url, options))
        sure = min(sure, 0.3)
    cut_spans(evidence, decision)
    removals = _removals(evidence, decision)
    title = evidence.title.blocks[:1]
    roles = tuple(Role.TITLE if i in title else Role.REMOVED if i in decision.gone else Role.BODY for i in range(len(document.blocks)))
    shown = title_text(document, title[0], removals) if title else evidence.title.text
    return CleanResult(
        shown or None, sure, tuple(warnings), removals, document, roles, tuple(evidence.scores.tolist()),
        partial(_metadata, page, decision.fields, document.lang, url),
    )  # fmt: skip


class Reading(NamedTuple):
    """A document of n blocks with what rules and counting say of it; what the scorer looks at."""

    document: Document
    texts: list[str]
    matches: list[Match]
    title: Title
    text: BlockText
    columns: Columns


def read(document: Document, rules: RuleSet, lang: str, warnings: list[str] | None = None) -> Reading:
    """Match rules, find the headline and count; `document` has at least one block."""
    texts = [document.text[b.start : b.end] for b in document.blocks]
    matches = find_matches(texts, rules, lang=lang or document.lang)
    if warnings is not None:
        warnings.extend(matches.warnings)
    ruled = {m.block for m in matches.found if m.rule.kind and m.rule.scope is not Scope.SPAN}
    title = find_title(document, texts, ruled)
    text = read_text(texts, title.text or texts[0])
    columns = text_columns(document, text, matches.found)
    if document.medium is Medium.HTML:
        columns |= dom_columns(document, text)
    return Reading(document, texts, matches.found, title, text, columns)


def weigh(reading: Reading, scorer: Scorer, options: Options) -> Evidence:
    """Score what was read."""
    scored = score(reading.document, reading.text, reading.columns, scorer)
    threshold = scorer.settings[f"threshold_{options.focus}"]
    return Evidence(
        reading.document, reading.texts, reading.matches, reading.title, scored.scores, reading.text.words,
        reading.text.prose, reading.columns["shared_before"], threshold, scored.reason,
    )  # fmt: skip


def _too_little(evidence: Evidence, decision: Decision) -> bool:
    kept = [i for i in range(len(evidence.texts)) if i not in decision.gone and i not in evidence.title.blocks]
    words = float(evidence.words[kept].sum())
    return words < FEW_WORDS or words < FEW_SHARE * float(evidence.words[evidence.prose].sum())


def _fall_back(evidence: Evidence, decision: Decision, page: str | None, url: str | None, options: Options) -> str:
    """Keep what trafilatura would keep, else all that no rule condemned, else all. Says what was done."""
    if page is not None and options.second_opinion is not SecondOpinion.NEVER:
        opinion = extract.opinion(page, evidence.texts, url=url)
        if opinion is not None and sum(w for w, kept in zip(evidence.words, opinion) if kept) >= FEW_WORDS:
            for i, kept in enumerate(opinion):
                if kept:
                    decision.gone.pop(i, None)
                elif i not in decision.protected and i not in evidence.title.blocks:
                    decision.gone.setdefault(i, Verdict(Kind.BOILERPLATE, "", "not in trafilatura's body"))
            return "almost nothing would have been left: kept what trafilatura takes for the body"
    for i in [i for i, verdict in decision.gone.items() if not verdict.rule]:
        del decision.gone[i]
    if len(decision.gone) + len(evidence.title.blocks) < len(evidence.texts):
        return "almost nothing would have been left: kept all that no rule removes"
    decision.gone.clear()
    return "nothing would have been left: kept everything"


def _removals(evidence: Evidence, decision: Decision) -> tuple[Removal, ...]:
    found = list(decision.spans)
    for i, verdict in decision.gone.items():
        block = evidence.document.blocks[i]
        found.append(Removal(verdict.kind, verdict.rule, float(evidence.scores[i]), block.start, block.end, evidence.texts[i], why=verdict.why))
    return tuple(sorted(found, key=lambda r: r.start))


def _metadata(page: str | None, fields: dict[str, str], lang: str, url: str | None) -> Metadata:
    return text_metadata(fields, lang=lang, url=url) if page is None else html_metadata(page, fields, lang=lang, url=url)


__all__ = ["Title", "clean", "clean_html", "clean_text", "clean_document", "is_html"]
