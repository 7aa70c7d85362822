"""The modules stand on floors: each imports only from floors below its own. And none grows too large to read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "cleaner"
FLOORS = (
    "block compiled decode errors host kinds language repair rule_places selectors",
    "native finding ftr_format import_report keys write_rules xpath_tree",
    "options page_head removal rule rule_files scan segment_text table_check write_site xpath_css",
    "marked_scan rule_form rule_store site_keys xpath_picks",
    "characters import_adblock import_ftr render rule_file_check schema segment_html site title",
    "selection site_check site_files",
    "rule_sheet ruleset site_evidence",
    "class_words compiled_rules confidence extract learn_text match model result vocabulary",
    "features files metadata pattern_check rule_trial site_trial",
    "decision evidence features_dom first_cut gold learn_evidence reasons rule_check rule_list tally",
    "decide_site features_context learn_choose learn_html",
    "decide learn_places score",
    "fallback",
    "reading",
    "pipeline",
    "__init__ learn stats",
    "inputs pool records rule_testing work",
    "answer read_parquet read_warc",
    "arrow readers rejects summary",
    "fields writers",
    "checkpoint part",
    "batch integrations",
    "cli_settings progress",
    "cli_batch cli_learn cli_try",
    "cli_clean cli_explain cli_import cli_new cli_stats",
    "rules_cli",
    "rules_group",
    "cli",
)
FLOOR_OF = {module: floor for floor, modules in enumerate(FLOORS) for module in modules.split()}
MODULES = sorted({*PACKAGE.glob("*.py"), *PACKAGE.glob("integrations/*.py")})
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 50


def name_of(path: Path) -> str:
    """The name that the table has for a module: that of its subpackage, where it is in one."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.Module) -> set[str]:
    """The package's modules that a module names, also inside its functions; the package itself is `__init__`."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports here are absolute"
            if node.module == "cleaner":
                names |= {f"cleaner.{alias.name}" if alias.name in FLOOR_OF else "cleaner" for alias in node.names}
            else:
                names.add(node.module or "")
    inside = [name.split(".") for name in names if name.split(".")[0] == "cleaner"]
    return {parts[1] if len(parts) > 1 else "__init__" for parts in inside}


def test_every_module_has_a_floor() -> None:
    compiled = {path.stem for path in PACKAGE.glob("*.pyx")}
    assert {name_of(path) for path in MODULES} | compiled == set(FLOOR_OF)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).with_suffix("").as_posix())
def test_imports_come_from_lower_floors(path: Path) -> None:
    floor = FLOOR_OF.get(name_of(path), -1)
    names = imported(ast.parse(path.read_text(encoding="utf-8"))) - ({name_of(path)} if path.parent != PACKAGE else set())
    wrong = {name for name in names if FLOOR_OF.get(name, len(FLOORS)) >= floor}
    assert not wrong, f"{path.stem} is on floor {floor} and imports {', '.join(f'{n} ({FLOOR_OF.get(n)})' for n in sorted(wrong))}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).with_suffix("").as_posix())
def test_modules_and_functions_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= MOST_LINES
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno + 1 > MOST_LINES_OF_A_FUNCTION] == []
