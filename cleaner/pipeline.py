"""From a source to a result: segment, gather evidence, decide, render. The whole way in one place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from cleaner import decode as decoding
from cleaner import extract
from cleaner.block import Document
from cleaner.decide import Decision, Verdict, cut_spans, decide
from cleaner.errors import InputError
from cleaner.evidence import Evidence
from cleaner.features import read_text, text_columns
from cleaner.kinds import Kind, Scope
from cleaner.match import find_matches
from cleaner.metadata import html_metadata, text_metadata
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
THRESHOLD = 0.5
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
    return _clean(document, None, url, _ruleset(rules), options)


def clean_html(source: str | bytes, *, url: str | None = None, rules: Rules = None, options: Options | None = None) -> CleanResult:
    """Clean a page. Bytes are decoded as a browser would."""
    options = options or Options()
    page = SURROGATES.sub("\ufffd", _as_text(source))
    return _clean(segment_html(page), page, url, _ruleset(rules), options)


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


def _clean(document: Document, page: str | None, url: str | None, rules: RuleSet, options: Options) -> CleanResult:
    metadata = partial(_metadata, page, {}, document.lang, url)
    if not document.blocks:
        return CleanResult(None, 0.0, ("the source holds no text",), (), document, (), (), metadata)
    evidence, warnings = gather(document, rules, options)
    decision = decide(evidence)
    confidence = _confidence(evidence)
    if _too_little(evidence, decision):
        warnings.append(_fall_back(evidence, decision, page, url, options))
        confidence = min(confidence, 0.3)
    cut_spans(evidence, decision)
    removals = _removals(evidence, decision)
    title = evidence.title.blocks[:1]
    roles = tuple(Role.TITLE if i in title else Role.REMOVED if i in decision.gone else Role.BODY for i in range(len(document.blocks)))
    shown = title_text(document, title[0], removals) if title else evidence.title.text
    return CleanResult(
        shown or None, confidence, tuple(warnings), removals, document, roles, tuple(evidence.scores.tolist()),
        partial(_metadata, page, decision.fields, document.lang, url),
    )  # fmt: skip


def gather(document: Document, rules: RuleSet, options: Options) -> tuple[Evidence, list[str]]:
    """All that is known of a document with at least one block, and what went wrong on the way."""
    texts = [document.text[b.start : b.end] for b in document.blocks]
    matches = find_matches(texts, rules, lang=options.lang or document.lang)
    ruled = {m.block for m in matches.found if m.rule.kind and m.rule.scope is not Scope.SPAN}
    title = find_title(document, texts, ruled)
    text = read_text(texts, title.text or texts[0])
    columns = text_columns(document, text, matches.found)
    scores = score(document, columns)
    evidence = Evidence(
        document, texts, matches.found, title, scores, text.words, text.prose, columns["shared_before"], THRESHOLD, lambda i: f"body score {scores[i]:.2f}"
    )
    return evidence, matches.warnings


def _confidence(evidence: Evidence) -> float:
    words = np.maximum(evidence.words, 1)
    return float((np.abs(2 * evidence.scores - 1) * words).sum() / words.sum())


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
        found.append(Removal(*verdict, float(evidence.scores[i]), block.start, block.end, evidence.texts[i]))
    return tuple(sorted(found, key=lambda r: r.start))


def _metadata(page: str | None, fields: dict[str, str], lang: str, url: str | None) -> Metadata:
    return text_metadata(fields, lang=lang, url=url) if page is None else html_metadata(page, fields, lang=lang, url=url)


__all__ = ["Title", "clean", "clean_html", "clean_text", "gather", "is_html"]
