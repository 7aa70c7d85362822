"""From a source to a result: segment, gather evidence, decide, render. The whole way in one place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from cleaner import decode as decoding
from cleaner import model
from cleaner.block import Document, Medium
from cleaner.decide import cut_spans, decide
from cleaner.decision import Decision
from cleaner.errors import InputError
from cleaner.evidence import Evidence
from cleaner.fallback import fall_back, too_little
from cleaner.features import BlockText
from cleaner.first_cut import FirstCut, first_cut
from cleaner.kinds import Kind
from cleaner.metadata import html_metadata, text_metadata
from cleaner.model import Scorer
from cleaner.options import Options
from cleaner.page_head import own_address, published
from cleaner.reading import Reading, read, weigh
from cleaner.removal import Removal
from cleaner.render import title_text
from cleaner.result import CleanResult, Counted, Metadata, Role
from cleaner.ruleset import RuleSet, Site, load, shipped, shipped_folder, told
from cleaner.segment_html import segment_html
from cleaner.segment_text import segment_text
from cleaner.selection import NOTHING_SELECTED, Selected, select, selects

# How what the first cut took is counted.
CUT = (str(Kind.NAV), "")
MARKUP = re.compile(
    r"<!doctype html|<(?:html|head|body|article|main|div|section|table|p|br|h[1-6]|ul|ol|span|a)\b[^<>]{0,2000}>", re.IGNORECASE
)
CLOSING = re.compile(r"</(?:html|body|article|main|div|section|table|p|h[1-6]|ul|ol|li|span|a|em|strong|b|i)>", re.IGNORECASE)

Rules = RuleSet | Sequence[Path | str] | None


def clean(source: str | bytes, *, url: str | None = None, rules: Rules = None, options: Options | None = None) -> CleanResult:
    """Clean a page or a stored text, whichever `source` is.

    `rules` are folders of rule files to use beside the shipped ones, or a `RuleSet` to use instead. Raises
    InputError where `source` is neither str nor bytes, RuleError for a folder that does not exist. Faults in rule files
    are told in the result's warnings, and what they stand in is left out.

    >>> clean("The bridge opened on Monday after two years of work.\\n\\nAlso Read").text
    'The bridge opened on Monday after two years of work.'
    """
    return finish(begin(source, url=url, rules=rules, options=options), options or Options())


def clean_text(source: str | bytes, *, url: str | None = None, rules: Rules = None, options: Options | None = None) -> CleanResult:
    """Clean text that a scraper stored. Offsets in the result count in `source` itself."""
    return finish(begin_text(source, url=url, rules=rules, options=options), options or Options())


def clean_html(source: str | bytes, *, url: str | None = None, rules: Rules = None, options: Options | None = None) -> CleanResult:
    """Clean a page. Bytes are decoded as a browser would. Without `url`, the address that the page gives as its own tells
    which site's rules are used."""
    return finish(begin_html(source, url=url, rules=rules, options=options), options or Options())


class Begun(NamedTuple):
    """A source that was read and not scored yet. `page` is the markup that it came from, if any; without a `reading` it holds no text.

    Whoever has many sources begins some of them, has them scored together, and concludes each: that takes less time.
    """

    document: Document
    page: str | None
    url: str | None
    warnings: tuple[str, ...]
    cut: FirstCut | None = None
    reading: Reading | None = None


def begin(source: str | bytes, *, url: str | None = None, rules: Rules = None, options: Options | None = None) -> Begun:
    """The first part of `clean`."""
    text = _as_text(source)
    return (begin_html if is_html(text) else begin_text)(text, url=url, rules=rules, options=options)


def begin_text(source: str | bytes, *, url: str | None = None, rules: Rules = None, options: Options | None = None) -> Begun:
    """The first part of `clean_text`."""
    options = options or Options()
    ruleset = _ruleset(rules)
    document = segment_text(_as_text(source), lang=options.lang)
    texts = (document.block_text(i) for i in range(len(document.blocks)))
    site = ruleset.site(url, options.site, texts=texts, when=partial(published, url, None))
    return begin_document(document, None, url, ruleset, options, site=site, warnings=_faults(rules, ruleset))


def begin_html(source: str | bytes, *, url: str | None = None, rules: Rules = None, options: Options | None = None) -> Begun:
    """The first part of `clean_html`."""
    options = options or Options()
    page, utf8 = decoding.encode_page(source) if isinstance(source, str) else decoding.decode_page(_as_bytes(source))
    ruleset = _ruleset(rules)
    address = url or (own_address(page) if ruleset.sites else None)
    site = ruleset.site(address, options.site, when=partial(published, address, page))
    selected, marked = NOTHING_SELECTED, None
    if site is not None and selects(site.file):
        marked = LexborHTMLParser(utf8)
        selected = select(marked, page, site.file, site.date)
    document = segment_html(page, marked, utf8=utf8)
    return begin_document(
        document, page, url, ruleset, options, site=site, selected=selected, warnings=_faults(rules, ruleset)
    )


def is_html(text: str) -> bool:
    """Whether `text` is markup: it opens with a tag, or tags close again and again in it.

    >>> is_html("<p>One.</p>"), is_html("if a < b and b > c: print('<p>')")
    (True, False)
    """
    if "<" not in text:  # as most stored texts
        return False
    head = text[:2000].lstrip("\ufeff \t\r\n")
    return bool(MARKUP.match(head) or head[:5].lower() == "<?xml" or len(CLOSING.findall(text, 0, 20000)) >= 3)


def _as_text(source: str | bytes) -> str:
    return source if isinstance(source, str) else decoding.decode(_as_bytes(source))


def _as_bytes(source: bytes) -> bytes:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    raise InputError(f"a source is str or bytes, not {type(source).__name__}; for a file pass what it holds: Path(…).read_bytes()")


def _ruleset(rules: Rules) -> RuleSet:
    if isinstance(rules, RuleSet):
        return rules
    return load([shipped_folder(), *map(Path, rules)]) if rules else shipped()


def _faults(rules: Rules, loaded: RuleSet) -> tuple[str, ...]:
    """A warning of faulty rule files. Whoever passes a `RuleSet` has its faults already."""
    return () if isinstance(rules, RuleSet) else told(loaded.faults)


def begin_document(
    document: Document, page: str | None, url: str | None, rules: RuleSet, options: Options,
    *, site: Site | None = None, selected: Selected = NOTHING_SELECTED, warnings: Sequence[str] = (),
) -> Begun:  # fmt: skip
    """Read a segmented source. `page` is the markup that it came from, if any.

    `site` are the rules of the site that it came from, `selected` is what their selectors chose; `warnings` go before
    the result's own.
    """
    told_already = (*warnings, *(site.warnings if site else ()))
    if not document.blocks:
        return Begun(document, page, url, (*told_already, "the source holds no text"))
    cut = first_cut(document, selected)
    reading = read(cut.rest, rules, options.lang, site, selected)
    return Begun(document, page, url, (*told_already, *reading.warnings), cut, reading)


def weigh_all(begun: Sequence[Begun], options: Options) -> list[Evidence | None]:
    """The evidence on each source, those of a medium scored together by the shipped scorer; None where it holds no text."""
    found: list[Evidence | None] = [None] * len(begun)
    for medium in Medium:
        mine = [(i, b.reading) for i, b in enumerate(begun) if b.reading is not None and b.document.medium is medium]
        if mine:
            weighed = weigh([reading for _, reading in mine], model.shipped(medium), options)
            for (i, _), evidence in zip(mine, weighed):
                found[i] = evidence
    return found


def finish(begun: Begun, options: Options, scorer: Scorer | None = None) -> CleanResult:
    """What follows the first part for one source alone. `scorer` None means the shipped one."""
    if begun.reading is None:
        return conclude(begun, None, options)
    (evidence,) = weigh([begun.reading], scorer or model.shipped(begun.document.medium), options)
    return conclude(begun, evidence, options)


def conclude(begun: Begun, evidence: Evidence | None, options: Options) -> CleanResult:
    """The last part, from the evidence on a source to the result; `evidence` is None where the source holds no text."""
    page, url, cut, reading = begun.page, begun.url, begun.cut, begun.reading
    if evidence is None or cut is None or reading is None:
        nothing = partial(_metadata, page, {}, {}, begun.document.lang, url)
        return CleanResult(None, 0.0, begun.warnings, begun.document, (), (), (), tuple, nothing)
    decision = decide(evidence)
    sure = evidence.confidence
    warnings = [*begun.warnings, *decision.warnings]
    if too_little(evidence, decision):
        warnings.append(fall_back(evidence, decision, page, url, options))
        sure = min(sure, 0.3)
    cut_spans(evidence, decision)
    spans = tuple(sorted(decision.spans, key=lambda r: r.start))
    title = evidence.title.blocks[:1]
    shown = title_text(reading.document, title[0], spans) if title else evidence.title.text
    roles = [Role.BODY] * len(evidence.texts)
    for i in decision.gone:
        roles[i] = Role.REMOVED
    for i in title:
        roles[i] = Role.TITLE
    chosen = evidence.site.fields if evidence.site else {}
    return CleanResult(
        shown or None, sure, tuple(warnings), cut.whole, tuple(cut.spread(roles, Role.REMOVED)), tuple(cut.spread(evidence.scores.tolist(), 0.0)), spans,
        partial(_account, cut, evidence, decision), partial(_metadata, page, decision.fields, chosen, reading.lang, url),
        partial(_count, cut, decision, reading.text),
    )  # fmt: skip


def _account(cut: FirstCut, evidence: Evidence, decision: Decision) -> tuple[Removal, ...]:
    """Every removal in the order of the source."""
    found = [*cut.removals(), *decision.spans]
    for i, verdict in decision.gone.items():
        block = evidence.document.blocks[i]
        score = float(evidence.scores[i])
        found.append(Removal(verdict.kind, verdict.rule, score, block.start, block.end, evidence.texts[i], why=verdict.why))
    return tuple(sorted(found, key=lambda r: r.start))


def _count(cut: FirstCut, decision: Decision, text: BlockText) -> Counted:
    """The numbers of all blocks; those of the first cut were not read."""
    runs, unspaced = text.runs.tolist(), text.unspaced.tolist()
    gone = {i: (str(verdict.kind), verdict.rule) for i, verdict in decision.gone.items()}
    if cut.rest is cut.whole:
        return Counted(runs, unspaced, gone)
    unread, place = np.flatnonzero(cut.dropped).tolist(), np.flatnonzero(~cut.dropped).tolist()
    gone = {**dict.fromkeys(unread, CUT), **{place[i]: verdict for i, verdict in gone.items()}}
    return Counted(cut.spread(runs, 0), cut.spread(unspaced, 0), gone, tuple(unread))


def _metadata(page: str | None, fields: dict[str, str], chosen: dict[str, str], lang: str, url: str | None) -> Metadata:
    return text_metadata(fields, lang=lang, url=url) if page is None else html_metadata(page, fields, lang=lang, url=url, chosen=chosen)
