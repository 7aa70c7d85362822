"""`cleaner rules test`: the rules' hits and misses, and the sites' tests, which run the whole way of an article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import cleaner
from cleaner.authoring.finding import Finding, Level, Problem, Spot, subject
from cleaner.authoring.rule_files import Role
from cleaner.authoring.rule_places import Place
from cleaner.authoring.rule_sheet import Sheet, read_sheets
from cleaner.authoring.rule_trial import try_alone
from cleaner.errors import CleanerError
from cleaner.kinds import Kind
from cleaner.result import CleanResult
from cleaner.ruleset import RuleSet, load
from cleaner.site import SiteTest, read_site

SCORER = "the scorer"


class Outcome(NamedTuple):
    """What became of one site's test. `removed` are words by the rule that removed them; `lost` should have been
    kept, `left` should have been dropped; `problem` says why it could not be run."""

    file: str
    place: Place
    name: str
    removed: Mapping[str, int]
    lost: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    problem: str = ""

    @property
    def failed(self) -> bool:
        """Whether the article is not as the test says."""
        return bool(self.lost or self.left or self.problem)

    def lines(self) -> Iterator[str]:
        """The outcome in words."""
        yield f"{'FAILED' if self.failed else 'ok'} {self.file}:{self.place.line}: {self.name}"
        for rule, words in sorted(self.removed.items(), key=lambda item: (-item[1], item[0])):
            yield f"    {rule} removed {_counted(words, 'word')}"
        yield from (f"    lost: {text!r}" for text in self.lost)
        yield from (f"    left: {text!r}" for text in self.left)
        yield from (f"    warning: {warning}" for warning in self.warnings)
        if self.problem:
            yield f"    {self.problem}"


class RulesTested(NamedTuple):
    """What all tests came to. `findings` are failed hits and misses, and files that cannot be read."""

    findings: list[Finding]
    outcomes: list[Outcome]
    rules: int
    hits: int
    misses: int
    sites: int

    @property
    def failed(self) -> bool:
        """Whether anything failed."""
        return bool(self.findings) or any(outcome.failed for outcome in self.outcomes)

    def lines(self) -> Iterator[str]:
        """All in words, the counts last."""
        yield from (f"FAILED {finding}" for finding in self.findings)
        for outcome in self.outcomes:
            yield from outcome.lines()
        failures = len(self.findings) + sum(outcome.failed for outcome in self.outcomes)
        examples = f"{_counted(self.hits, 'hit')} and {_counted(self.misses, 'miss', 'misses')} of {_counted(self.rules, 'rule')}"
        tests = f"{_counted(len(self.outcomes), 'test')} of {_counted(self.sites, 'site file')}"
        yield f"{examples}, {tests}: {_counted(failures, 'failure') if failures else 'all right'}"


def _counted(number: int, what: str, many: str = "") -> str:
    return f"{number} {what if number == 1 else many or what + 's'}"


def run_tests(paths: Sequence[Path], beside: Sequence[Path] = ()) -> RulesTested:
    """Run the tests in the files that `paths` name, with the rules of the folders `beside` them in force."""
    _, wanted, findings = read_sheets(paths, beside)
    folders = [*(f for f in beside if f.is_dir()), *dict.fromkeys(sheet.opened.file.folder for sheet in wanted)]
    ruleset = load(list({folder.resolve(): folder for folder in folders}.values()))
    rules = [written.rule for sheet in wanted for written in sheet.form.rules]
    for sheet in wanted:
        _try_examples(sheet, ruleset)
        findings = [*findings, *sheet.opened.findings, *sheet.findings]
    sites = [sheet for sheet in wanted if sheet.opened.file.role in (Role.SITE, Role.TEMPLATE)]
    outcomes = [outcome for sheet in sites for outcome in _site_outcomes(sheet, ruleset)]
    hits, misses = sum(len(rule.hit) for rule in rules), sum(len(rule.miss) for rule in rules)
    return RulesTested(sorted(set(findings)), outcomes, len(rules), hits, misses, len(sites))


def _try_examples(sheet: Sheet, ruleset: RuleSet) -> None:
    """Take down the hits and misses of a file that fail, and rules that are too faulty to be tried."""
    tried = {(written.table, written.number) for written in sheet.form.rules}
    for spot in sheet.form.spots:
        if spot.table in ("rule", "protect") and (spot.table, spot.number) not in tried:
            sheet.add(Spot(spot.table, spot.number, spot.subject, spot.problem))
    for rule, table, number, _ in sheet.form.rules:
        values = sheet.opened.data[table][number]
        for problem in try_alone(rule, ruleset):
            if problem.level is Level.FAULT:
                sheet.add(Spot(table, number, subject(table, values), problem))


def _site_outcomes(sheet: Sheet, ruleset: RuleSet) -> Iterator[Outcome]:
    """Run a site file's tests, each with that file as the site's."""
    fragments = next((f for folder, f in ruleset.sites.folders if folder.resolve() == sheet.opened.file.folder.resolve()), {})
    site, _ = read_site(sheet.opened.text, file=sheet.name, fragments=fragments)
    with_site = ruleset.with_site(site)
    for number, values in enumerate(sheet.opened.data.get("test", [])):
        place = sheet.place("test", number, Problem(""))
        broken = [s.problem.text for s in sheet.form.spots if (s.table, s.number) == ("test", number) and s.problem.level is Level.FAULT]
        name = subject("test", values)
        test = next((t for t in site.tests if t.name == values.get("name")), None) if isinstance(values, dict) else None
        if broken or test is None:
            yield Outcome(sheet.name, place, name, {}, problem=broken[0] if broken else "the test cannot be read; see cleaner rules check")
        else:
            yield _outcome(test, with_site, sheet, place, name)


def _outcome(test: SiteTest, rules: RuleSet, sheet: Sheet, place: Place, name: str) -> Outcome:
    try:
        result = _cleaned(test, rules, sheet.opened.file.path.parent)
    except (CleanerError, OSError) as error:
        return Outcome(sheet.name, place, name, {}, problem=f"could not be cleaned: {error}")
    text = _plain(result.to_text())
    lost = tuple(kept for kept in test.kept if _plain(kept) not in text)
    left = tuple(dropped for dropped in test.dropped if _plain(dropped) in text)
    return Outcome(sheet.name, place, name, removed_words(result), lost, left, result.warnings)


def _cleaned(test: SiteTest, rules: RuleSet, folder: Path) -> CleanResult:
    url = test.url or None
    if test.file:
        clean = cleaner.clean_text if test.file.lower().endswith(".txt") else cleaner.clean_html
        return clean((folder / test.file).read_bytes(), url=url, rules=rules)
    if test.html:
        return cleaner.clean_html(test.html, url=url, rules=rules)
    return cleaner.clean_text(test.text, url=url, rules=rules)


def removed_words(result: CleanResult) -> Counter[str]:
    """How many words each rule removed, the scorer and other means by their names."""
    words: Counter[str] = Counter()
    for removal in result.removals:
        words[removal.rule or (SCORER if removal.kind is Kind.BOILERPLATE else str(removal.kind))] += len(removal.text.split())
    return words


def _plain(text: str) -> str:
    return " ".join(text.split())

