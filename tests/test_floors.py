"""The modules stand on floors: each imports only from floors below its own. And none grows too large to read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "cleaner"
FLOORS = (
    "compiled_blocks compiled_characters compiled_language compiled_lines compiled_match compiled_page compiled_scan compiled_text "
    "compiled_topic compiled_trees",
    "block decode errors host kinds native pattern_dialect selectors",
    "keys language pattern",
    "options page_head removal repair rule scan segment_text",
    "marked_scan rule_index rule_store site_keys",
    "characters render segment_html site title",
    "selection site_files",
    "ruleset site_evidence",
    "class_words columns compiled_rules confidence extract match model result vocabulary",
    "features files metadata",
    "decision evidence features_dom features_topic first_cut reasons tally",
    "decide_comments decide_site features_context",
    "decide score",
    "fallback",
    "reading",
    "pipeline",
    "__init__",
    "authoring.rule_places",
    "authoring.finding authoring.ftr_format authoring.import_report authoring.write_rules authoring.xpath_tree",
    "authoring.rule_files authoring.table_check authoring.write_site authoring.xpath_css",
    "authoring.rule_form authoring.xpath_picks",
    "authoring.import_adblock authoring.import_ftr authoring.rule_file_check authoring.schema",
    "authoring.site_check",
    "authoring.rule_sheet",
    "authoring.learn_text",
    "authoring.pattern_check authoring.rule_trial authoring.site_trial",
    "authoring.gold authoring.learn_evidence authoring.rule_check authoring.rule_list",
    "authoring.learn_choose authoring.learn_html",
    "authoring.learn_places",
    "authoring.learn authoring.stats",
    "authoring.rule_testing",
    "batch.account batch.json_lines",
    "batch.inputs batch.records batch.serve batch.work",
    "batch.pool batch.read_parquet batch.read_warc",
    "batch.arrow batch.readers batch.rejects batch.summary",
    "batch.answer batch.fields batch.writers",
    "batch.checkpoint batch.part",
    "batch.saved",
    "batch.engine",
    "batch.progress",
    "integrations",
    "commands.settings",
    "commands.batch commands.folder commands.learn commands.try_file",
    "commands.clean commands.explain commands.import_rules commands.new commands.stats",
    "commands.rules",
    "commands.rules_group",
    "cli",
)
FLOOR_OF = {module: floor for floor, modules in enumerate(FLOORS) for module in modules.split()}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent == PACKAGE)
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 50


def name_of(path: Path) -> str:
    """The name that the table has for a module: dotted, below the package. The integrations are one."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "integrations" if parts[0] == "integrations" else ".".join(parts)


def imported(tree: ast.Module) -> set[str]:
    """The package's modules that a module names, also inside its functions; the package itself is `__init__`."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports here are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {known(name.split(".")[1:]) for name in names if name.split(".")[0] == "cleaner"}


def known(parts: list[str]) -> str:
    """The module that a dotted name is, or is in."""
    while parts and ".".join(parts) not in FLOOR_OF:
        parts = parts[:-1]
    return ".".join(parts) or "__init__"


def test_every_module_has_a_floor() -> None:
    compiled = {path.stem for path in PACKAGE.glob("*.pyx")}
    assert {name_of(path) for path in MODULES} | compiled == set(FLOOR_OF)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).with_suffix("").as_posix())
def test_imports_come_from_lower_floors(path: Path) -> None:
    floor = FLOOR_OF.get(name_of(path), -1)
    names = imported(ast.parse(path.read_text(encoding="utf-8"))) - ({"integrations"} if floor == FLOOR_OF["integrations"] else set())
    wrong = {name for name in names if FLOOR_OF.get(name, len(FLOORS)) >= floor}
    assert not wrong, f"{path.stem} is on floor {floor} and imports {', '.join(f'{n} ({FLOOR_OF.get(n)})' for n in sorted(wrong))}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).with_suffix("").as_posix())
def test_modules_and_functions_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= MOST_LINES
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno + 1 > MOST_LINES_OF_A_FUNCTION] == []
