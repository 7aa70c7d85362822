"""What each rule does over many documents: how often it matches, what it removes, and what its trying costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from cleaner import decode
from cleaner.authoring.gold import Label, Row
from cleaner.characters import read_characters
from cleaner.features import count_words
from cleaner.first_cut import FirstCut
from cleaner.kinds import Scope, Strength
from cleaner.match import attempts
from cleaner.options import Options
from cleaner.pipeline import begin_document, finish, is_html
from cleaner.reading import Reading
from cleaner.repair import mended
from cleaner.result import CleanResult
from cleaner.rule import Rule
from cleaner.ruleset import RuleSet
from cleaner.segment_html import segment_html
from cleaner.segment_text import segment_text

# A rule that decides alone takes at most this share of body, by words.
MOST_BODY = 0.02


@dataclass
class RuleCount:
    """One rule over many documents.

    `documents` and `blocks` in which it matched; `words` that it removed, whether or not the gold says what they
    were; `body` and `junk` words of those, by the gold, and `matched_body` and `matched_junk` of all blocks in which it
    matched, removed or not (a rule that cuts spans has none of these four: the gold labels whole blocks).
    `tries` of its pattern, and `hits` among them; phrases that are looked up whole are never tried.
    """

    rule: str
    strength: Strength
    documents: int = 0
    blocks: int = 0
    words: int = 0
    body: int = 0
    junk: int = 0
    matched_body: int = 0
    matched_junk: int = 0
    tries: int = 0
    hits: int = 0

    @property
    def body_share(self) -> float | None:
        """Share of the removed words that is body; None where the gold says nothing of them."""
        return self.body / (self.body + self.junk) if self.body + self.junk else None

    @property
    def matched_body_share(self) -> float | None:
        """The same of the blocks in which it matched."""
        total = self.matched_body + self.matched_junk
        return self.matched_body / total if total else None

    @property
    def wasted(self) -> int:
        """Tries of the pattern that found nothing."""
        return self.tries - self.hits

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return asdict(self) | {"wasted": self.wasted, "body_share": self.body_share, "matched_body_share": self.matched_body_share}


@dataclass
class RuleStats:
    """Counts of every rule of a set over the documents added."""

    rules: RuleSet
    options: Options = field(default_factory=Options)
    documents: int = 0
    counts: dict[str, RuleCount] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.counts = {rule.id: RuleCount(rule.id, rule.strength) for rule in self.rules.rules}

    def add(self, row: Row) -> None:
        """Clean one document as the pipeline does and count. Raises InputError where it cannot be cleaned."""
        text = row.source if isinstance(row.source, str) else decode.decode(row.source)
        page = row.is_html or (row.is_html is None and is_html(text))
        document = segment_html(text) if page else segment_text(text, lang=self.options.lang)
        self.documents += 1
        begun = begin_document(document, text if page else None, None, self.rules, self.options)
        cut, reading = begun.cut, begun.reading
        if cut is None or reading is None:
            return
        result = finish(begun, self.options)
        labels = row.labels(cut.rest) if row.labels else [Label.UNSURE] * len(cut.rest.blocks)
        for block in reading.title.blocks:
            labels[block] = Label.UNSURE
        self._count_matches(reading, labels)
        self._count_removals(result, cut, labels)

    def _count_matches(self, reading: Reading, labels: Sequence[Label]) -> None:
        seen: dict[tuple[str, int], Rule] = {(m.rule.id, m.block): m.rule for m in reading.matches}
        for name in {rule for rule, _ in seen}:
            self.counts[name].documents += 1
        for (name, block), rule in seen.items():
            count, words = self.counts[name], int(reading.text.words[block])
            count.blocks += 1
            if rule.scope is not Scope.SPAN:
                count.matched_body += words * (labels[block] is Label.BODY)
                count.matched_junk += words * (labels[block] is Label.JUNK)
        readable = [mended(text) for text in reading.texts]
        for attempt in attempts(readable, self.rules, lang=reading.lang):
            if not attempt.whole:
                self.counts[attempt.rule.id].tries += 1
                self.counts[attempt.rule.id].hits += (attempt.rule.id, attempt.block) in seen

    def _count_removals(self, result: CleanResult, cut: FirstCut, labels: Sequence[Label]) -> None:
        at = {block.start: label for block, label in zip(cut.rest.blocks, labels)}
        whole = {(block.start, block.end) for block in cut.rest.blocks}
        removals = [r for r in result.removals if r.rule in self.counts and r.text]
        words = count_words(read_characters([r.text for r in removals]), len(removals)) if removals else ()
        for removal, n in zip(removals, words):
            count = self.counts[removal.rule]
            count.words += int(n)
            if (removal.start, removal.end) in whole:
                count.body += int(n) * (at[removal.start] is Label.BODY)
                count.junk += int(n) * (at[removal.start] is Label.JUNK)

    def ordered(self) -> list[RuleCount]:
        """Rules that matched, those that removed most first."""
        return sorted((c for c in self.counts.values() if c.blocks), key=lambda c: (-c.words, -c.blocks, c.rule))

    def dead(self) -> list[RuleCount]:
        """Rules that never matched, in the order of their files."""
        return [c for c in self.counts.values() if not c.blocks]

    def too_sure(self) -> list[RuleCount]:
        """Rules that decide alone and took more than MOST_BODY of body, by the gold; the worst first."""
        wrong = [c for c in self.counts.values() if c.strength is Strength.SURE and (c.body_share or 0) > MOST_BODY]
        return sorted(wrong, key=lambda c: (-(c.body_share or 0), c.rule))
