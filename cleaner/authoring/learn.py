"""Learn a site's rules from some of its pages: count what repeats, see what the cleaner does with it, choose.

The pages are read twice. The first time the lines of those with the smallest hashes are counted; the second time
every page is cleaned, and speaks for or against each candidate. So the result does not depend on the pages' order,
and the memory needed not on their number.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from cleaner.authoring.learn_choose import candidate_rule, choose
from cleaner.authoring.learn_evidence import SITE_SHARE, Gathering, content_hash, view, words_of
from cleaner.authoring.learn_html import HtmlGathering, class_attributes
from cleaner.authoring.learn_text import Candidate, count_lines
from cleaner.authoring.write_site import SiteDraft
from cleaner.block import Medium
from cleaner.decode import decode
from cleaner.errors import InputError
from cleaner.kinds import PhraseMatch
from cleaner.pipeline import clean_html, clean_text, is_html
from cleaner.ruleset import RuleSet
from cleaner.segment_html import segment_html
from cleaner.segment_text import segment_text

# Pages whose lines are counted; all are cleaned.
SAMPLE = 600
LEAST_PAGES = 3


class Page(NamedTuple):
    """A page or stored text as it lies on disk. `html` None leaves it to the content what it is."""

    name: str
    data: bytes
    html: bool | None = None


Read = Callable[[], Iterable[Page]]
Problem = Callable[[str, Exception], None]


def learn(
    read: Read, domain: str, *, rules: RuleSet | None = None, least: int = LEAST_PAGES, report: Problem = lambda *_: None
) -> SiteDraft:
    """The draft of a rule file for the site `domain` whose pages `read` gives, each time anew.

    A page that cannot be read is given to `report` and left out. Raises InputError for fewer than `least` pages.
    """
    sample = _sample(read, report)
    counted = count_lines(page.lines for page in sample)
    if counted.pages < least:
        problem = f"learning needs at least {least} different pages of one site, better some dozens, and there is {counted.pages or 'none'}"
        raise InputError(f"{problem}; cleaner rules new DOMAIN PAGE makes a start with a single one")
    candidates = {f"c{number:06}": c for number, c in enumerate(counted.candidates)}
    gathering = _gathering(candidates)
    names = Counter(name for page in sample for name in page.names)
    html = HtmlGathering(frozenset(name for name, n in names.items() if n >= min(LEAST_PAGES, counted.pages)))
    langs: Counter[str] = Counter()
    for page in read():
        try:
            text, medium = read_text(page)
            result = (clean_html if medium is Medium.HTML else clean_text)(text, rules=rules)
            seen = view(result, counted.frequent, counted.repeated)
        except Exception as error:
            report(page.name, error)
            continue
        gathering.add(seen)
        langs[result.metadata.language or ""] += 1
        if medium is Medium.HTML and seen.sure:
            html.add(seen, class_attributes(text), counted.frequent)
    prefix = domain.removeprefix("www.").split(".")[0] or "site"
    lang = max(sorted(langs), key=lambda code: langs[code]) if langs else ""
    return SiteDraft(
        domain, _notes(gathering, html), lang, body=html.body(), remove=html.removes(),
        rules=choose(candidates, gathering, prefix),
    )  # fmt: skip


def _notes(gathering: Gathering, html: HtmlGathering) -> tuple[str, ...]:
    return (
        f"Learned for review. Pages read: {gathering.pages + gathering.unsure}; of these with a body that is sure, which alone "
        f"count: {gathering.pages}; of these HTML: {html.pages}.",
        "No rule that is not commented out removes a line that stands within the body on any of these pages.",
    )


def _gathering(candidates: dict[str, Candidate]) -> Gathering:
    rules = {name: rule for name, c in candidates.items() if (rule := candidate_rule(name, c)) is not None}
    of_site = frozenset(name for name, c in candidates.items() if c.share >= SITE_SHARE and c.match is not PhraseMatch.END)
    changing = frozenset(name for name, c in candidates.items() if not c.whole)
    said = [(name, c.phrase or " ".join(c.keywords)) for name, c in candidates.items()]
    return Gathering(RuleSet(tuple(rules.values())), of_site, changing, words_of(said))


def read_text(page: Page) -> tuple[str, Medium]:
    """A page's characters, and whether they are markup."""
    text = decode(page.data)
    return text, Medium.HTML if page.html or (page.html is None and is_html(text)) else Medium.TEXT


class _Sampled(NamedTuple):
    """What is counted of a page: the texts of its blocks, the names of its classes and ids."""

    lines: Sequence[str]
    names: frozenset[str]


def _sample(read: Read, report: Problem) -> list[_Sampled]:
    """The pages with the smallest hashes, alike ones once, in the order of their hashes."""
    held: list[tuple[int, _Sampled]] = []
    hashes: set[int] = set()
    for page in read():
        number = content_hash(page.data)
        if number in hashes or (len(held) == SAMPLE and -number < held[0][0]):
            continue
        try:
            sampled = _sampled(page)
        except Exception as error:
            report(page.name, error)
            continue
        hashes.add(number)
        if len(held) < SAMPLE:
            heapq.heappush(held, (-number, sampled))
        else:
            gone, _ = heapq.heapreplace(held, (-number, sampled))
            hashes.discard(-gone)
    return [sampled for _, sampled in sorted(held, key=lambda entry: -entry[0])]


def _sampled(page: Page) -> _Sampled:
    text, medium = read_text(page)
    document = segment_html(text) if medium is Medium.HTML else segment_text(text)
    attributes = class_attributes(text) if medium is Medium.HTML else None
    names = attributes.classes | attributes.ids if attributes else frozenset()
    return _Sampled([document.block_text(i) for i in range(len(document.blocks))], names)
