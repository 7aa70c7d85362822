"""The modules stand on floors: each imports only from floors below its own. And none grows too large to read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "cleaner"
FLOORS = (
    "block decode errors kinds language repair",
    "options page_head removal rule segment_text",
    "characters render ruleset segment_html title",
    "class_words confidence extract match model result",
    "features files metadata",
    "evidence features_dom first_cut reasons",
    "decide features_context",
    "fallback score",
    "reading",
    "pipeline",
    "__init__",
    "cli",
)
FLOOR_OF = {module: floor for floor, modules in enumerate(FLOORS) for module in modules.split()}
MODULES = sorted(PACKAGE.glob("*.py"))
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 50


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
    assert {path.stem for path in MODULES} == set(FLOOR_OF)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_imports_come_from_lower_floors(path: Path) -> None:
    floor = FLOOR_OF.get(path.stem, -1)
    wrong = {name for name in imported(ast.parse(path.read_text(encoding="utf-8"))) if FLOOR_OF.get(name, len(FLOORS)) >= floor}
    assert not wrong, f"{path.stem} is on floor {floor} and imports {', '.join(f'{n} ({FLOOR_OF.get(n)})' for n in sorted(wrong))}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_modules_and_functions_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= MOST_LINES
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno + 1 > MOST_LINES_OF_A_FUNCTION] == []
