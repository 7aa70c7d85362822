"""What the pages of a site say for and against each candidate of a rule, gathered page by page."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cleaner.block import Document, Medium
from cleaner.characters import read_characters
from cleaner.features import count_words
from cleaner.kinds import Kind
from cleaner.match import find_matches
from cleaner.result import CleanResult, Role
from cleaner.rule import edge_key
from cleaner.ruleset import RuleSet
from cleaner.title import SENTENCE_END, looks_like_headline

# The scorer is sure of a paragraph from this score, if it has so many words and ends as a sentence.
SURE_SCORE = 0.7
PROSE_WORDS = 14
# A page with less of its kept prose than this in paragraphs of its own has no body that is sure.
LEAST_OWN = 0.3
# Lines on this share of pages are the site's, not one article's.
SITE_SHARE = 0.2
MOST_EXAMPLES = 4
LONGEST_EXAMPLE = 300


def content_hash(data: str | bytes) -> int:
    """A number for a text that does not depend on where or when it is read."""
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "big")


class Smallest:
    """The texts with the smallest hashes: the same ones in whatever order they come."""

    def __init__(self, most: int = MOST_EXAMPLES) -> None:
        self.most = most
        self.held: list[tuple[int, str]] = []

    def add(self, text: str) -> None:
        entry = (-content_hash(text), text)
        if len(self.held) < self.most:
            if entry not in self.held:
                heapq.heappush(self.held, entry)
        elif entry > self.held[0] and entry not in self.held:
            heapq.heapreplace(self.held, entry)

    def texts(self) -> list[str]:
        """What is held, the smallest hash first."""
        return [text for _, text in sorted(self.held, reverse=True)]


@dataclass(frozen=True)
class View:
    """One page as the cleaner sees it: n blocks, which it keeps, and between which of them the body surely stands.

    `protected` marks what no learned rule may touch. `sure` is False where too little of the page is its own.
    """

    document: Document
    texts: Sequence[str]
    kept: Sequence[bool]
    protected: Sequence[bool]
    prose: Sequence[bool]
    kinds: Mapping[int, tuple[Kind, bool]]
    first: int
    last: int
    sure: bool


def view(result: CleanResult, frequent: Mapping[str, float], repeated: frozenset[str]) -> View:
    """Look at a cleaned page, knowing which lines repeat on the site."""
    texts = [b.text for b in result.blocks]
    kept = [b.role is not Role.REMOVED for b in result.blocks]
    words = count_words(read_characters(texts), len(texts)) if texts else np.zeros(0)
    prose = [bool(n >= PROSE_WORDS and SENTENCE_END.search(t)) for n, t in zip(words.tolist(), texts)]
    keys = [edge_key(t) for t in texts]
    ours = [frequent.get(key, 0.0) < SITE_SHARE for key in keys]
    read = [kept[i] and prose[i] and result.blocks[i].role is Role.BODY for i in range(len(texts))]
    sure = [i for i in range(len(texts)) if read[i] and keys[i] not in repeated and ours[i] and result.blocks[i].score >= SURE_SCORE]
    first, last = (sure[0], sure[-1]) if sure else (len(texts), -1)
    of_its_own = sum(words[i] for i in sure) >= LEAST_OWN * sum(words[i] for i in range(len(texts)) if read[i])
    protected = [
        kept[i] and (first <= i <= last or (prose[i] and ours[i]) or result.blocks[i].role is Role.TITLE) for i in range(len(texts))
    ]
    if not (sure and of_its_own):
        protected = list(kept)
    return View(result.document, texts, kept, protected, prose, _kinds(result), first, last, bool(sure) and bool(of_its_own))


def _kinds(result: CleanResult) -> dict[int, tuple[Kind, bool]]:
    """For each removed block its kind, and whether a rule decided."""
    at = {removal.start: removal for removal in result.removals}
    found = {}
    for i, block in enumerate(result.blocks):
        if block.role is Role.REMOVED and block.start in at:
            found[i] = at[block.start].kind, bool(at[block.start].rule)
    return found


@dataclass
class Hits:
    """Counts for one candidate. All are of hits but `pages`; `open` are hits on pages whose body is not sure."""

    pages: int = 0
    hits: int = 0
    kept: int = 0
    protected: int = 0
    protected_open: int = 0
    kept_prose: int = 0
    head: int = 0
    inside: int = 0
    tail: int = 0
    ruled: int = 0
    body_after: int = 0
    sentence_after: int = 0
    other_next: int = 0
    headline_after: int = 0
    kept_under: int = 0
    longest: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    examples: Smallest = field(default_factory=Smallest)
    spared: Smallest = field(default_factory=lambda: Smallest(2))
    near: tuple[float, int, str] | None = None


class Gathering:
    """Evidence on the candidates in `rules`, which grows with their number and not with that of the pages."""

    def __init__(self, rules: RuleSet, of_site: frozenset[str], changing: frozenset[str], words: Mapping[str, Sequence[str]]) -> None:
        self.rules = rules
        # The candidates that stand on many pages: what follows a marker is what none of these is.
        self.of_site = of_site
        # Those, and lines with a part that changes: no good examples of body.
        self.doubtful = of_site | changing
        self.pages = 0
        self.unsure = 0
        self.html = 0
        self.of: dict[str, Hits] = defaultdict(Hits)
        self.any_body = Smallest(8)
        # Which candidates have a word, to find the body lines that come near one.
        self.words = words

    @property
    def of_pages(self) -> bool:
        """Whether most of what was seen are pages, not stored texts."""
        return 2 * self.html > self.pages + self.unsure

    def add(self, page: View) -> None:
        """Take in one page."""
        self.pages += page.sure
        self.unsure += not page.sure
        self.html += page.document.medium is Medium.HTML
        hits = sorted({(m.rule.id, m.block) for m in find_matches(page.texts, self.rules).found})
        hit_by: dict[int, list[str]] = defaultdict(list)
        for name, block in hits:
            hit_by[block].append(name)
        for name in {name for name, _ in hits}:
            self.of[name].pages += page.sure
        furniture = {block for name, block in hits if name in self.of_site}
        for name, block in hits:
            self._hit(self.of[name], page, block, furniture)
            self.of[name].shared.update(other for other in hit_by[block] if other != name)
        for i, text in enumerate(page.texts):
            if page.sure and page.protected[i] and page.first <= i <= page.last and self.doubtful.isdisjoint(hit_by[i]):
                self._body(text, hit_by[i])

    def _hit(self, found: Hits, page: View, i: int, furniture: set[int]) -> None:
        if not page.sure:
            found.protected_open += page.protected[i]
            if page.protected[i]:
                found.spared.add(page.texts[i])
            return
        found.hits += 1
        found.kept += page.kept[i]
        found.protected += page.protected[i]
        found.kept_prose += page.kept[i] and page.prose[i]
        found.head += i < page.first
        found.tail += i > page.last
        found.inside += page.first <= i <= page.last
        found.longest = max(found.longest, len(page.texts[i].split()))
        (found.spared if page.protected[i] else found.examples).add(page.texts[i])
        if i in page.kinds:
            kind, ruled = page.kinds[i]
            found.ruled += ruled
            found.kinds[kind] += 1
        self._after(found, page, i, furniture)

    def _after(self, found: Hits, page: View, i: int, furniture: set[int]) -> None:
        rest = [j for j in range(i + 1, len(page.texts)) if j not in furniture]
        found.body_after += page.last > i or any(page.protected[j] for j in rest)
        found.sentence_after += any(page.kept[j] and bool(SENTENCE_END.search(page.texts[j])) for j in rest)
        found.other_next += bool(rest) and rest[0] == i + 1
        run: list[int] = []
        for j in range(i + 1, min(i + 8, len(page.texts))):
            if page.prose[j] or not looks_like_headline(page.texts[j]):
                break
            run.append(j)
        found.headline_after += bool(run) and run[0] not in furniture
        found.kept_under += any(page.protected[j] for j in run)

    def _body(self, text: str, hit: Sequence[str]) -> None:
        """Keep the body lines that come nearest to each candidate: a rule's misses."""
        if len(text) > LONGEST_EXAMPLE:
            self.any_body.add(text[:LONGEST_EXAMPLE].rpartition(" ")[0])
            return
        self.any_body.add(text)
        common: Counter[str] = Counter()
        for word in set(edge_key(text).split()):
            common.update(self.words.get(word, ()))
        for name, n in common.items():
            if name in hit:
                continue
            entry = (-float(n) / (8 + len(text) / 20), content_hash(text), text)
            found = self.of[name]
            if found.near is None or entry < found.near:
                found.near = entry


def words_of(phrases: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """For each word of three letters and more the candidates (id, phrase) that have it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, phrase in phrases:
        for word in sorted(set(edge_key(phrase).split())):
            if len(word) >= 3:
                found[word].append(name)
    # Words that most candidates have say nothing.
    return {word: names for word, names in found.items() if len(names) <= 50}
