"""The guide to site files does what it says: its commands give what it shows, and it has every key."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import cleaner
from cleaner.authoring.rule_check import check_rules
from cleaner.decide_site import MOST_TAKEN, STALE_SHARE
from cleaner.keys import Form, Key
from cleaner.kinds import Kind
from cleaner.rule import RULE_KEYS
from cleaner.ruleset import RuleSet, shipped_folder
from cleaner.site_keys import TABLES

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "site-rules.md"
FENCE = re.compile(r"^```(sh|text|toml|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# [[protect]] has the keys of [[rule]] but one, and the guide says so.
TABLE_KEYS = {name: keys for name, keys in TABLES.items() if name != "protect"}
FORMS = {Form.STRING: "text", Form.STRINGS: "text or list", Form.INTEGER: "number", Form.BOOLEAN: "true or false", Form.DATE: "date"}
TIMEOUT_SECONDS = 120

pytestmark = pytest.mark.skipif(not GUIDE.exists(), reason="the guide is not packed with the source")


def key_table(name: str) -> str:
    """The guide's table of a table's keys."""
    rows = [f"| `{key.name}` | {form_of(key)} | {key.doc} |" for key in TABLE_KEYS[name]]
    return "\n".join(["| key | value | meaning |", "|---|---|---|", *rows])


def form_of(key: Key) -> str:
    form = FORMS[key.form]
    if key.choices is not None and key.choices is not Kind:
        form = " ".join(f"`{choice}`" for choice in key.choices)
    return form + (", needed" if key.required else "")


def steps() -> Iterator[tuple[str, str | None]]:
    """The guide's shell blocks, each with the output that is shown below it, None where none is."""
    found = FENCE.findall(GUIDE.read_text(encoding="utf-8"))
    for (language, commands), (after, output) in zip(found, [*found[1:], ("", "")]):
        if language == "sh":
            yield commands, output if after == "text" else None


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, str]]:
    """The exit status and the output of each shell block, run one after another in one folder."""
    folder = tmp_path_factory.mktemp("guide")
    command = folder / "bin" / "cleaner"
    command.parent.mkdir()
    code = "from cleaner.cli import app; app(prog_name='cleaner')"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{code}" "$@"\n', encoding="utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    surroundings = {name: value for name, value in os.environ.items() if name not in ("CLEANER_RULES", "XDG_CONFIG_HOME")}
    surroundings |= {
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder / "home"), "PYTHONUTF8": "1",
        "PYTHONPATH": str(Path(cleaner.__file__).parent.parent), "COLUMNS": "100",
    }  # fmt: skip
    (folder / "work").mkdir()
    done = []
    for commands, _ in steps():
        run = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", commands], cwd=folder / "work", env=surroundings, timeout=TIMEOUT_SECONDS,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip
        done.append((run.returncode, run.stdout))
    return done


@pytest.mark.skipif(sys.platform == "win32", reason="the guide's commands are for a Unix shell")
@pytest.mark.parametrize("number", range(len(list(steps()))) if GUIDE.exists() else [])
def test_a_step_gives_what_the_guide_shows(outputs: list[tuple[int, str]], number: int) -> None:
    commands, shown = list(steps())[number]
    status, output = outputs[number]
    assert status == 0, f"{commands}\n{output}"
    if shown is not None:
        parts = [re.escape(part) for part in shown.split("…\n")]
        assert re.fullmatch("(?:.*\n)*".join(parts), output), f"{commands}\n{output}"


def test_the_guide_has_steps_with_outputs() -> None:
    assert sum(shown is not None for _, shown in steps()) >= 6


@pytest.mark.parametrize("name", TABLE_KEYS)
def test_the_guide_has_every_key(name: str) -> None:
    assert key_table(name) in GUIDE.read_text(encoding="utf-8"), f"put this into docs/site-rules.md:\n{key_table(name)}"


def test_the_guide_has_every_table_and_kind() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [name for name in TABLES if f"[{name}]" not in text] == []
    assert " ".join(f"`{kind}`" for kind in Kind) in text
    assert {key.name for key in RULE_KEYS} <= {key.name for key in TABLE_KEYS["rule"]}


def test_the_guide_names_the_shares_that_hold() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert f"less than {STALE_SHARE:.0%}" in text.replace(" %", "%")
    assert f"over {MOST_TAKEN:.0%}" in text.replace(" %", "%")


@pytest.mark.parametrize("path", [GUIDE, ROOT / "README.md"], ids=lambda p: p.name)
def test_the_examples_in_toml_have_no_mistakes(path: Path, tmp_path: Path) -> None:
    written = [text for language, text in FENCE.findall(path.read_text(encoding="utf-8")) if language == "toml"]
    (tmp_path / "sites").mkdir()
    for number, text in enumerate(written):
        (tmp_path / "sites" / f"lomvik-{number}.example.toml").write_text(text, encoding="utf-8")
    checked = check_rules([tmp_path], [shipped_folder()])
    assert (checked.findings, checked.sites) == ([], len(written))
    assert written


def test_the_guide_says_what_python_takes(tmp_path: Path) -> None:
    (calls,) = (text for language, text in FENCE.findall(GUIDE.read_text(encoding="utf-8")) if language == "python")
    (tmp_path / "my-rules").mkdir()
    found: dict[str, object] = {"cleaner": cleaner, "Path": Path, "page": "<p>One.</p>", "text": "One."}
    exec(calls.replace("my-rules", (tmp_path / "my-rules").as_posix()), found)
    assert isinstance(found["rules"], RuleSet)
