"""Rule files opened together: each with its rules, its mistakes, and where in the text they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cleaner.authoring.finding import Finding, Problem, Spot
from cleaner.authoring.rule_file_check import Form, Written, check_fragments, check_rule_file, sound_fragments
from cleaner.authoring.rule_files import FRAGMENTS, TEMPLATES, Opened, Role, RuleFile, find_rule_files, open_rule_file
from cleaner.authoring.rule_places import Place, TablePlace, find_places
from cleaner.authoring.site_check import Known, check_site_file


@dataclass(eq=False)
class Sheet:
    """One file while it is checked."""

    opened: Opened
    form: Form
    findings: list[Finding] = field(default_factory=list)
    places: dict[tuple[str, int], TablePlace] | None = None

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self.opened.file.path)

    def place(self, table: str, number: int, problem: Problem) -> Place:
        """Where a problem stands in the file."""
        if self.places is None:
            self.places = find_places(self.opened.text)
        found = self.places.get((table, number))
        if found is None:
            return self.places["", 0].of(table, number)
        return found.of(problem.key, problem.item)

    def add(self, spot: Spot) -> None:
        """Take down a problem."""
        table, number, about, problem = spot
        self.findings.append(Finding(self.name, self.place(table, number, problem), problem.text, about, problem.level))


class Sheets(NamedTuple):
    """All files that were opened, in the order in which they are read; those of them that were asked for; and what
    is wrong with the paths that were asked for."""

    opened: list[Sheet]
    wanted: list[Sheet]
    findings: list[Finding]


def read_sheets(paths: Sequence[Path], beside: Sequence[Path] = ()) -> Sheets:
    """Open the files that `paths` name, and the common ones of the folders `beside` them, whose rules are used
    together with theirs. Files of sites, of which there may be thousands, are opened only where `paths` name them."""
    files, findings = find_rule_files(paths)
    wanted = {file.path.resolve() for file in files}
    others, _ = find_rule_files([folder for folder in beside if folder.is_dir()])
    others = [f for f in others if f.role in (Role.COMMON, Role.FRAGMENTS) and f.path.resolve() not in wanted]
    opened = [open_rule_file(file) for file in (*others, *files)]
    sheets = _sheets(_in_order(opened, beside), beside)
    return Sheets(sheets, [sheet for sheet in sheets if sheet.opened.file.path.resolve() in wanted], findings)


def common_rules(sheets: Sequence[Sheet]) -> dict[str, tuple[Sheet, Written]]:
    """The common rules that cleaning uses, by id, with their files: of two with one id the later."""
    return {w.rule.id: (sheet, w) for sheet in sheets if sheet.opened.file.role is Role.COMMON for w in sheet.form.rules if w.good}


def _in_order(opened: Sequence[Opened], beside: Sequence[Path]) -> list[Opened]:
    """Files in the order in which rules are read: later ones override."""
    order = {folder.resolve(): number for number, folder in enumerate(beside)}
    return sorted(opened, key=lambda o: order.get(o.file.folder.resolve(), len(order)))


def _sheets(opened: Sequence[Opened], beside: Sequence[Path]) -> list[Sheet]:
    """The form of each file: word lists first, then common rules, then sites, which may name both."""
    shared: dict[str, list[str]] = {}
    by_folder: dict[Path, dict[str, list[str]]] = {}
    for o in opened:
        if o.file.role is Role.FRAGMENTS:
            shared = shared or sound_fragments(o.data)
            by_folder.setdefault(o.file.folder.resolve(), {}).update(sound_fragments(o.data))
    _read_missing_fragments(opened, by_folder)
    forms: dict[int, Form] = {}
    for number, o in enumerate(opened):
        fragments = {**shared, **by_folder.get(o.file.folder.resolve(), {})}
        if o.file.role is Role.FRAGMENTS:
            forms[number] = Form([], list(check_fragments(o.data)))
        elif o.file.role is Role.COMMON:
            forms[number] = check_rule_file(o.data, str(o.file.path), fragments)
    folders = {*beside, *(o.file.folder for o in opened)}
    templates = {path.name.removesuffix(".toml") for folder in folders for path in (folder / TEMPLATES).rglob("*.toml")}
    rules = {w.rule.id for form in forms.values() for w in form.rules}
    for number, o in enumerate(opened):
        if o.file.role in (Role.SITE, Role.TEMPLATE):
            fragments = {**shared, **by_folder.get(o.file.folder.resolve(), {})}
            known = Known(fragments, templates, rules)
            is_template = o.file.role is Role.TEMPLATE
            readable = bool(o.data) or not o.findings
            forms[number] = check_site_file(o.data, o.file.path, known, template=is_template) if readable else Form([], [])
    return [Sheet(o, forms[number]) for number, o in enumerate(opened)]


def _read_missing_fragments(opened: Sequence[Opened], by_folder: dict[Path, dict[str, list[str]]]) -> None:
    """Word lists of folders of which single files are checked."""
    for folder in {o.file.folder.resolve() for o in opened} - set(by_folder):
        path = folder / FRAGMENTS
        if path.is_file():
            by_folder[folder] = sound_fragments(open_rule_file(RuleFile(path, folder, Role.FRAGMENTS)).data)
