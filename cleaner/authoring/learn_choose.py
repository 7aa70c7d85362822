"""From candidates and their evidence to rules: what is proposed, what is only shown in doubt, what is left alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import regex

from cleaner.authoring.learn_evidence import SITE_SHARE, Gathering, Hits
from cleaner.authoring.learn_text import LEAST_PAGES, Candidate
from cleaner.authoring.write_site import RuleDraft
from cleaner.errors import RuleError
from cleaner.kinds import Kind, PhraseMatch, Scope, Where
from cleaner.match import find_matches
from cleaner.rule import Rule, edge_key, parse_rule
from cleaner.ruleset import RuleSet
from cleaner.title import SENTENCE_END, looks_like_headline

# Shares of the pages from which a rule is proposed: the more of its hits the cleaner keeps, the larger.
REMOVED_SHARE, HALF_KEPT_SHARE, KEPT_SHARE, PROSE_SHARE = 0.02, 0.1, 0.3, 0.5
KEPT_PAGES, PROSE_PAGES = 4, 6
DOUBT_SHARE, CHANGING_DOUBT_SHARE = 0.05, 0.1
# A beginning that no separator ends must stand on more pages.
OPEN_PAGES, OPEN_SHARE = 5, 0.1
# The cleaner removes a line by itself if it keeps at most this share of its hits.
REMOVED_ITSELF = 0.1
# Pages without a sure body, of all, from which they speak against rules as others do.
MOST_UNSURE = 0.1
MARKER_WORDS, MARKER_PAGES, MARKER_SHARE = 8, 5, 0.1
MOSTLY = 0.6
# Longer lines hardly occur in an article by chance, wherever they stand.
CHANCE_WORDS = 12
MOST_HITS = 4
OTHER_KINDS = frozenset((Kind.BOILERPLATE, Kind.DUPLICATE, Kind.FRAGMENT, Kind.REPAIR, Kind.TEASER, Kind.AGENCY))


class Judged(NamedTuple):
    """A candidate that is worth a rule; `doubt` "" means that it is proposed."""

    name: str
    candidate: Candidate
    evidence: Hits
    kind: Kind
    scope: Scope
    where: Where
    doubt: str


def doubt_about(candidate: Candidate, found: Hits, gathering: Gathering) -> str | None:
    """"" where a rule may be proposed, words of doubt where a reviewer should look, None where it is no rule."""
    pages = gathering.pages
    if not found.hits or found.pages < max(LEAST_PAGES, REMOVED_SHARE * pages):
        return None
    many_unsure = gathering.unsure > max(1, MOST_UNSURE * (pages + gathering.unsure))
    harm = found.protected + (found.protected_open if many_unsure else 0)
    share = found.pages / pages
    if harm:
        shown = share >= SITE_SHARE and not found.kept_prose
        return f"it stands within the body {harm} times" if shown else None
    if found.kept <= REMOVED_ITSELF * found.hits:
        if share < SITE_SHARE and not found.ruled and SENTENCE_END.search(candidate.phrase):
            return "it is a sentence, only the scorer removes it, and too few pages have it" if share >= DOUBT_SHARE else None
        if 2 * found.ruled >= found.hits or found.inside <= 0.05 * found.hits:
            return ""
        if not candidate.whole and share >= SITE_SHARE:
            return ""
        return "it stands between the body's paragraphs, and only the scorer removes it" if share >= DOUBT_SHARE else None
    half = found.kept <= 0.5 * found.hits and not found.kept_prose
    needed = HALF_KEPT_SHARE if half else PROSE_SHARE if found.kept_prose else KEPT_SHARE
    least = max(PROSE_PAGES if found.kept_prose else KEPT_PAGES, needed * pages)
    if found.pages >= least:
        return ""
    return f"the cleaner keeps {found.kept} of its {found.hits}, and too few pages have it" if share >= DOUBT_SHARE else None


def judge(name: str, candidate: Candidate, gathering: Gathering) -> Judged | None:
    """Whether a candidate is worth a rule, and how far the rule reaches."""
    found = gathering.of[name]
    doubt = doubt_about(candidate, found, gathering)
    if doubt is None:
        return None
    share = found.pages / gathering.pages
    if not candidate.whole and ((doubt and share < CHANGING_DOUBT_SHARE) or (_is_open(candidate) and not _often(found, gathering))):
        return None
    kinds = sorted((-n, kind) for kind, n in found.kinds.items() if kind not in OTHER_KINDS)
    kind = kinds[0][1] if kinds else Kind.BOILERPLATE
    scope = Scope.BLOCK
    if candidate.whole and len(candidate.phrase.split()) <= MARKER_WORDS and not doubt:
        scope = _reach(found, gathering.pages)
    where = Where.ANYWHERE
    if found.longest <= CHANCE_WORDS or not candidate.whole:
        where = Where.HEAD if found.head == found.hits else Where.AFTER_BODY if found.tail == found.hits else Where.ANYWHERE
    if not doubt and candidate.whole and not found.ruled and _may_be_headline(candidate.phrase) and share < SITE_SHARE:
        return None
    if gathering.of_pages and not found.kept and scope is not Scope.REST:
        return None  # on pages the cleaner knows furniture by its place, and needs no rule for what it never kept
    return Judged(name, candidate, found, kind, scope, where, doubt)


def _is_open(candidate: Candidate) -> bool:
    return candidate.match is PhraseMatch.START and candidate.phrase[-1:].isalnum()


def _often(found: Hits, gathering: Gathering) -> bool:
    return found.pages >= max(OPEN_PAGES, OPEN_SHARE * gathering.pages)


def _may_be_headline(text: str) -> bool:
    return len(text.split()) >= 5 and looks_like_headline(text)


def _reach(found: Hits, pages: int) -> Scope:
    often = found.pages >= max(MARKER_PAGES, MARKER_SHARE * pages)
    if often and found.tail == found.hits and not found.body_after and not found.sentence_after and found.other_next >= MOSTLY * found.hits:
        return Scope.REST
    # Above the body the headlines under a line are the article's own.
    if not found.head and found.headline_after >= MOSTLY * found.hits and not found.kept_under and often:
        return Scope.LABEL
    return Scope.BLOCK


def choose(candidates: Mapping[str, Candidate], gathering: Gathering, prefix: str) -> tuple[RuleDraft, ...]:
    """The rules of a site, those in doubt last."""
    judged = [j for name, c in sorted(candidates.items()) if (j := judge(name, c, gathering)) is not None]
    changing = [j for j in judged if not j.candidate.whole]
    sure = {j.name for j in changing if not j.doubt}
    named = _Names(prefix)
    rules = [_changing(j, gathering, named) for j in changing]
    groups: dict[tuple[str, Kind, Scope, Where], list[Judged]] = defaultdict(list)
    for j in judged:
        covered = any(j.evidence.shared[name] >= j.evidence.hits for name in sure)
        if j.candidate.whole and not (covered and j.scope is Scope.BLOCK):
            groups[j.doubt and "doubt", j.kind, j.scope, j.where].append(j)
    rules += [_wholes(group, gathering, named) for _, group in sorted(groups.items())]
    found = [rule for rule in rules if rule is not None]
    return tuple(sorted(found, key=lambda r: (bool(r.doubt), r.scope is Scope.BLOCK, bool(r.pattern), r.id)))


class _Names:
    """Ids, each given once."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.given: set[str] = set()

    def name(self, text: str) -> str:
        slug = "-".join(regex.findall(r"[\p{L}\p{N}]+", text.lower())[:5]) or "lines"
        name, number = f"{self.prefix}-{slug}", 2
        while name in self.given:
            name, number = f"{self.prefix}-{slug}-{number}", number + 1
        self.given.add(name)
        return name


def _account(j: Judged, pages: int) -> str:
    e = j.evidence
    places = ", ".join(f"{n} {words}" for n, words in ((e.head, "before the body"), (e.inside, "within"), (e.tail, "after it")) if n)
    return f"on {e.pages} of {pages} pages: {places}; kept without it {e.kept} times"


def _changing(j: Judged, gathering: Gathering, named: _Names) -> RuleDraft | None:
    c = j.candidate
    draft = RuleDraft(
        named.name(c.phrase or " ".join(c.keywords)), j.kind, j.scope, j.where, c.match, ((c.phrase, ""),) if c.phrase else (),
        c.pattern, c.keywords, c.max_words, tuple((j.evidence.examples.texts() or j.evidence.spared.texts())[:MOST_HITS]), (), f"Stands {_account(j, gathering.pages)}.",
        tuple(f"spared: {text[:150]}" for text in j.evidence.spared.texts()), j.doubt,
    )  # fmt: skip
    return with_examples(draft, [j.evidence], gathering)


def _wholes(group: Sequence[Judged], gathering: Gathering, named: _Names) -> RuleDraft | None:
    group = sorted(group, key=lambda j: (-j.evidence.pages, j.candidate.phrase))
    first = group[0]
    what = {Scope.REST: "end", Scope.LABEL: "label"}.get(first.scope, "lines")
    place = {Where.HEAD: " above", Where.AFTER_BODY: " below"}.get(first.where, "")
    doubts = {j.doubt for j in group if j.doubt}
    why = {
        Scope.REST: "After this line no body stood on any page.", Scope.LABEL: "A label over headlines of other stories.",
    }.get(first.scope, "The same line stands on many pages of the site.")  # fmt: skip
    draft = RuleDraft(
        named.name(f"{first.kind} {what}{place}"), first.kind, first.scope, first.where, PhraseMatch.WHOLE,
        tuple((j.candidate.phrase, _account(j, gathering.pages) + (f"; {j.doubt}" if j.doubt else "")) for j in group), "", (), 0,
        tuple(j.candidate.phrase for j in group[:MOST_HITS]), (), why, (),
        ("see the notes beside the phrases" if len(doubts) > 1 else next(iter(doubts))) if doubts else "",
    )  # fmt: skip
    return with_examples(draft, [j.evidence for j in group], gathering)


def with_examples(draft: RuleDraft, evidence: Sequence[Hits], gathering: Gathering) -> RuleDraft | None:
    """The draft with hits and misses that prove it; None where there are none."""
    rule = as_rule(draft)
    if rule is None:
        return None
    near = sorted({e.near for e in evidence if e.near is not None})
    texts = dict.fromkeys([*(text for _, _, text in near[:1]), *sorted(gathering.any_body.texts(), key=len)[:1], *gathering.any_body.texts()])
    spared = [text for e in evidence for text in e.spared.texts()]
    miss = [t for t in texts if not matches(rule, t) and t not in spared][:2]
    if draft.max_words and all(len(t.split()) >= draft.max_words for t in miss):
        # A miss that is never tried for its length proves nothing.
        short = (" ".join(t.split()[: draft.max_words - 1]) for t in texts)
        miss = [t for t in short if not matches(rule, t)][:1] + miss[:1]
    hit = [t for t in draft.hit if matches(rule, t)]
    return RuleDraft(**{**draft.__dict__, "hit": tuple(hit), "miss": tuple(miss)}) if hit and miss else None


def matches(rule: Rule, text: str) -> bool:
    """Whether a rule finds anything in a line."""
    return bool(find_matches([text], RuleSet((rule,))).found)


def as_rule(draft: RuleDraft) -> Rule | None:
    """The draft as a rule that can be tried; None where it is none."""
    table: dict[str, object] = {
        "id": draft.id, "kind": str(draft.kind), "scope": str(draft.scope), "hit": ["-"], "miss": ["-"], "max_words": draft.max_words,
    }  # fmt: skip
    if draft.pattern:
        table |= {"pattern": draft.pattern, "keywords": list(draft.keywords)}
    else:
        table |= {"phrases": [p for p, _ in draft.phrases], "match": str(draft.match)}
    try:
        return parse_rule(table, file="learned", defaults={}, fragments={})
    except RuleError:
        return None


def candidate_rule(name: str, candidate: Candidate) -> Rule | None:
    """A candidate as a rule, to see where it matches."""
    if not candidate.pattern and not edge_key(candidate.phrase):
        return None
    phrases = ((candidate.phrase, ""),) if candidate.phrase else ()
    return as_rule(RuleDraft(
        name, Kind.BOILERPLATE, Scope.BLOCK, Where.ANYWHERE, candidate.match, phrases, candidate.pattern, candidate.keywords,
        candidate.max_words, (), (), "",
    ))  # fmt: skip
