"""What a site's file changes: pages cleaned without and with it, and the lines that make the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.result import CleanResult
from cleaner.site import SiteFile

SCORER = "scorer"


class Change(NamedTuple):
    """A line that one of two cleanings removes, by `rule`, and the other keeps."""

    text: str
    rule: str

    @property
    def words(self) -> int:
        return len(self.text.split())


class Difference(NamedTuple):
    """What a site's file removes of a page in addition, what it keeps in addition, and the rules that removed anything."""

    removed: tuple[Change, ...]
    kept: tuple[Change, ...]
    fired: frozenset[str]
    warnings: tuple[str, ...]


def difference(without: CleanResult, result: CleanResult) -> Difference:
    """Compare the cleanings of one page without and with a site's file."""
    before, after = _lines(without), _lines(result)
    fired = frozenset(r.rule for r in result.removals if r.rule)
    warnings = tuple(w for w in result.warnings if w not in without.warnings)
    return Difference(_missing(before, after, result), _missing(after, before, without), fired, warnings)


def _lines(result: CleanResult) -> list[str]:
    title = [result.title] if result.title else []
    return [" ".join(text.split()) for text in (*title, *(p.text for p in result.paragraphs))]


def _missing(lines: Sequence[str], others: Sequence[str], by: CleanResult) -> tuple[Change, ...]:
    """The lines that are not among the others, each with the rule by which the other cleaning removed it."""
    have = Counter(others)
    found = []
    for line in lines:
        if have[line]:
            have[line] -= 1
        else:
            found.append(Change(line, _rule(line, by)))
    return tuple(found)


def _rule(line: str, by: CleanResult) -> str:
    whole = part = ""
    for removal in by.removals:
        text = " ".join(removal.text.split())
        if text == line or line in text:
            whole = whole or removal.rule or SCORER
        elif text and text in line and removal.rule:
            part = part or removal.rule
    return whole or part or SCORER


@dataclass
class Totals:
    """The sums over many pages: words by rule, pages on which each rule fired. Grows with the rules."""

    site: SiteFile
    pages: int = 0
    changed: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)

    def add(self, found: Difference) -> None:
        """Take in one page."""
        self.pages += 1
        self.changed += bool(found.removed or found.kept)
        for change in found.removed:
            self.removed[change.rule] += change.words
        for change in found.kept:
            self.kept[change.rule] += change.words
        self.fired.update(found.fired)

    def never(self) -> list[str]:
        """The file's rules that removed nothing on any page, in the file's order."""
        names = [*(r.id for r in self.site.removes), *(r.id for r in self.site.rules if not r.protects)]
        if self.site.html.body:
            names.append(f"{self.site.name}-body")
        return [name for name in names if name not in self.fired]

    def lines(self) -> list[str]:
        """The totals in words."""
        pages = f"{self.pages:,} page{'s' if self.pages != 1 else ''}"
        told = [f"{pages}, {self.changed:,} changed: {self.removed.total():,} words more removed, {self.kept.total():,} more kept"]
        for title, counts in (("more removed by", self.removed), ("more kept, without the file removed by", self.kept)):
            told += [f"{title} {rule}: {n:,} words" for rule, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
        return told + [f"never fired: {name}" for name in self.never()]
