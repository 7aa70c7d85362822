"""`cleaner rules check`: every mistake in rule files, in one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.authoring.finding import Finding, Level, Problem, Spot, subject
from cleaner.authoring.pattern_check import check_pattern
from cleaner.authoring.rule_file_check import Written
from cleaner.authoring.rule_files import Role
from cleaner.authoring.rule_sheet import Sheet, common_rules, read_sheets
from cleaner.authoring.rule_trial import try_alone, try_together
from cleaner.rule import Rule
from cleaner.ruleset import RuleSet


class Checked(NamedTuple):
    """What a check came to: all that was found, by file and line, and what was looked at."""

    findings: list[Finding]
    rules: list[Rule]
    sites: int

    @property
    def faults(self) -> int:
        """How many of the findings are faults."""
        return sum(f.level is Level.FAULT for f in self.findings)

    def summary(self) -> list[str]:
        """Lines of counts, the last of which says it all."""
        langs = Counter("all" if lang == "*" else lang for rule in self.rules for lang in rule.langs)
        kinds = Counter(rule.kind or "protect" for rule in self.rules)
        warnings = len(self.findings) - self.faults
        told = _counted(self.faults, "fault") if self.faults else "no faults"
        told += f", {_counted(warnings, 'warning')}" if warnings else ""
        counts = [f"{title}: {_listed(counter)}" for title, counter in (("by language", langs), ("by kind", kinds)) if counter]
        return [*counts, f"{_counted(len(self.rules), 'rule')}, {_counted(self.sites, 'site file')}, {told}"]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number != 1 else "")


def _listed(counter: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def check_rules(paths: Sequence[Path], beside: Sequence[Path] = ()) -> Checked:
    """Check all rule files that `paths` name: files, or folders of them. `beside` are the folders whose rules are
    used together with theirs, in order; of them nothing is told unless `paths` name them too."""
    sheets, checked, findings = read_sheets(paths, beside)
    for sheet in checked:
        sheet.findings += sheet.opened.findings
        for spot in sheet.form.spots:
            sheet.add(spot)
    _find_duplicates(sheets, checked)
    _try_rules(sheets, checked)
    findings = findings + [finding for sheet in checked for finding in sheet.findings]
    rules = [w.rule for sheet in checked for w in sheet.form.rules if w.good]
    sites = sum(sheet.opened.file.role is Role.SITE for sheet in checked)
    return Checked(sorted(set(findings)), rules, sites)


def _find_duplicates(sheets: Sequence[Sheet], checked: Collection[Sheet]) -> None:
    """Ids that stand twice: in one file, or in two files of common rules in one folder. Both places are named."""
    first: dict[tuple[object, ...], tuple[Sheet, str, int]] = {}
    for sheet in sheets:
        file = sheet.opened.file
        scope = file.folder.resolve() if file.role is Role.COMMON else file.path.resolve()
        for name, table, number in _ids(sheet):
            before = first.setdefault((scope, name), (sheet, table, number))
            if before == (sheet, table, number) or sheet not in checked:
                continue
            other, other_table, other_number = before
            place = other.place(other_table, other_number, Problem("", "id"))
            text = f"the id stands at {other.name}:{place.line}:{place.column} too; give one of the two another id"
            sheet.add(Spot(table, number, subject(table, {"id": name}), Problem(text, "id")))


def _ids(sheet: Sheet) -> Iterator[tuple[str, str, int]]:
    for table in ("remove", "rule", "protect"):
        found = sheet.opened.data.get(table, [])
        for number, values in enumerate(found if isinstance(found, list) else []):
            name = values.get("id") if isinstance(values, dict) else None
            if isinstance(name, str) and name:
                yield name, table, number


def _try_rules(sheets: Sequence[Sheet], checked: Sequence[Sheet]) -> None:
    """Try the checked files' rules on their examples, alone and among all common rules."""
    common = {name: written.rule for name, (_, written) in common_rules(sheets).items()}
    whole = RuleSet(tuple(common.values()))
    sound: dict[str, tuple[Sheet, Written]] = {}
    for sheet in checked:
        for written in sheet.form.rules:
            problems = list(check_pattern(written.rule))
            if not any(p.text.startswith("the pattern does not compile") for p in problems):
                problems += try_alone(written.rule, whole)
                if common.get(written.rule.id) is written.rule:
                    sound[written.rule.id] = sheet, written
            for problem in problems:
                sheet.add(_spot(written, sheet, problem))
    for rule, problem in try_together([written.rule for _, written in sound.values()], whole):
        sheet, written = sound[rule.id]
        sheet.add(_spot(written, sheet, problem))


def _spot(written: Written, sheet: Sheet, problem: Problem) -> Spot:
    values = sheet.opened.data[written.table][written.number]
    return Spot(written.table, written.number, subject(written.table, values), problem)
