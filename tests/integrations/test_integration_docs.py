"""The pages about the adapters: their code runs as it stands."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.batch.work import ERROR_COLUMN, RESULT_COLUMNS

FOLDER = Path(__file__).parent.parent.parent / "docs" / "integrations"
NEEDED = {
    "README.md": (), "ray.md": ("ray", "pandas"), "spark.md": ("pyspark", "pandas"), "datatrove.md": ("datatrove", "orjson"),
    "huggingface.md": ("datasets",), "pandas-arrow.md": ("pandas", "pyarrow"), "scrapy.md": ("scrapy",),
    "langchain.md": ("langchain_core",), "llama-index.md": ("llama_index",),
}  # fmt: skip
SAID = "The ferry sank in shallow water on Monday."


def code_of(page: str) -> str:
    return "\n".join(re.findall(r"^```python\n(.*?)^```$", (FOLDER / page).read_text("utf-8"), re.DOTALL | re.MULTILINE))


def test_every_page_is_known_and_listed() -> None:
    pages = {path.name for path in FOLDER.iterdir()}
    assert pages == set(NEEDED)
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (FOLDER / "README.md").read_text("utf-8")))
    assert listed == pages - {"README.md"}


def test_all_columns_are_told() -> None:
    told = (FOLDER / "README.md").read_text("utf-8")
    assert [name for name in (*RESULT_COLUMNS, ERROR_COLUMN) if f"`clean_{name}`" not in told] == []


@pytest.mark.parametrize("page", NEEDED)
def test_the_code_of_a_page_runs(page: str, tmp_path: Path) -> None:
    missing = [name for name in NEEDED[page] if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if page == "spark.md" and shutil.which("java") is None:
        pytest.skip("Spark needs a Java runtime")
    (tmp_path / "page.py").write_text(code_of(page))
    settings = {"PYSPARK_PYTHON": sys.executable, "HF_HOME": str(tmp_path / "cache"), "RAY_USAGE_STATS_ENABLED": "0", "RAY_ADDRESS": "local"}
    done = subprocess.run(
        [sys.executable, "page.py"], cwd=tmp_path, capture_output=True, text=True, timeout=300, env={**os.environ, **settings}
    )
    assert done.returncode == 0, done.stderr
    if page == "datatrove.md":
        assert [path.name for path in (tmp_path / "clean").iterdir()] == ["00000.jsonl.gz"]
    elif page != "README.md":
        # pandas shortens it.
        assert SAID[:20] in done.stdout and "ADVERTISEMENT" not in done.stdout.replace("<p>ADVERTISEMENT", "")
