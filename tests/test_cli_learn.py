"""`cleaner rules learn`, `try` and `new` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from invented_sites import articles
from typer.testing import CliRunner

from cleaner.authoring.rule_check import check_rules
from cleaner.authoring.rule_testing import run_tests
from cleaner.commands.learn import learn_command
from cleaner.commands.new import new_command
from cleaner.commands.try_file import try_command
from cleaner.ruleset import shipped_folder

SITE = "lomvik-herald.example"
app = typer.Typer()
app.command("learn")(learn_command)
app.command("try")(try_command)
app.command("new")(new_command)


def run(*args: str, code: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(app, list(args))
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    for medium, suffix in (("text", "txt"), ("html", "html")):
        (tmp_path / medium).mkdir()
        for article in articles(SITE, 20):
            (tmp_path / medium / f"{article.number}.{suffix}").write_text(getattr(article, medium), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("medium", ["text", "html"])
def test_learned_files_pass_the_check(stored: Path, medium: str) -> None:
    out = stored / "rules" / "sites" / f"{SITE}.toml"
    _, told = run("learn", str(stored / medium), "--site", SITE, "-o", str(out))
    assert "rules" in told and "review" in told
    checked = check_rules([stored / "rules"], [shipped_folder(), stored / "rules"])
    assert list(checked.findings) == []


def test_learn_writes_to_standard_output_and_guesses_the_site(stored: Path) -> None:
    for page in (stored / "html").iterdir():
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("<head>", f'<head><link rel="canonical" href="https://www.{SITE}/1">'), encoding="utf-8")
    assert f'hosts = ["{SITE}", "*.{SITE}"]' in run("learn", str(stored / "html"))[0]
    assert "--site DOMAIN" in run("learn", str(stored / "text"))[1]


def test_learn_refuses_standard_input_and_too_few_pages(stored: Path) -> None:
    assert "twice" in run("learn", "-", code=2)[1]
    assert "at least 3 different pages" in run("learn", str(stored / "text" / "1.txt"), code=1)[1]


def test_learn_reports_a_missing_page_and_goes_on(stored: Path) -> None:
    out, told = run("learn", str(stored / "text"), str(stored / "none.txt"), "--site", SITE, code=1)
    assert "More from the coast" in out
    assert told.count("none.txt") == 1


def test_try_shows_lines_and_sums(stored: Path) -> None:
    out = stored / f"{SITE}.toml"
    run("learn", str(stored / "text"), "--site", SITE, "-o", str(out))
    told, _ = run("try", str(out), str(stored / "text"))
    assert "The Lomvik Herald belongs to its readers." in told
    assert "20 pages, 20 changed" in told
    assert "more removed by lomvik-herald-boilerplate-lines: " in told
    assert "0 more kept" in told


def test_try_tells_what_is_wrong_with_a_file(stored: Path) -> None:
    faulty = stored / f"{SITE}.toml"
    faulty.write_text('[html]\nbodi = ["x"]\n', encoding="utf-8")
    assert "bodi" in run("try", str(faulty), str(stored / "text"), code=1)[1]
    assert "none.toml" in run("try", str(stored / "none.toml"), str(stored / "text"), code=1)[1]


@pytest.mark.parametrize("pages", [(), ("html/1.html",), ("html",), ("text/1.txt",)])
def test_new_files_pass_check_and_their_own_test(stored: Path, pages: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(stored)
    run("new", f"www.{SITE}", *pages)
    path = stored / "sites" / f"{SITE}.toml"
    before = path.read_text(encoding="utf-8")
    faults = [f for f in check_rules([path], [shipped_folder(), stored]).findings if f.level == "fault"]
    assert faults == []
    tested = run_tests([path], [shipped_folder(), stored])
    assert not tested.failed
    assert ("[[test]]" in before) == bool(pages)
    assert "exists already" in run("new", SITE, code=1)[1]
    assert path.read_text(encoding="utf-8") == before


def test_new_puts_a_long_page_beside_the_file(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(stored)
    page = stored / "html" / "1.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", f"<script>{'x = 1;' * 9000}</script></body>"), encoding="utf-8")
    run("new", SITE, str(page))
    assert f'file = "{SITE}-1.html"' in (stored / "sites" / f"{SITE}.toml").read_text(encoding="utf-8")
    assert not run_tests([stored / "sites" / f"{SITE}.toml"], [shipped_folder(), stored]).failed


def test_new_refuses_what_is_no_domain() -> None:
    assert "is no domain" in run("new", "https://lomvik-herald.example/", code=2)[1]
    assert f"write {SITE}, without" in run("new", f"https://www.{SITE}/news", code=2)[1]
    assert "as in lomvik-herald.example" in run("new", "lomvik herald", code=2)[1]


def test_new_takes_a_domain_with_letters_of_every_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("new", "WWW.Bücher.example")
    assert [path.name for path in (tmp_path / "sites").iterdir()] == ["xn--bcher-kva.example.toml"]


def test_new_writes_nothing_where_no_page_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "nothing is written" in run("new", SITE, "gone.html", code=1)[1]
    assert list(tmp_path.iterdir()) == []


def test_new_says_where_a_file_takes_effect(tmp_path: Path) -> None:
    assert f"my-rules/sites/{SITE}.toml" in run("new", SITE, "-o", str(tmp_path / "draft.toml"))[1]
    assert "takes effect" not in run("new", SITE, "-o", str(tmp_path / "sites" / "draft.toml"))[1]


def test_try_needs_a_rule_file_and_a_page(stored: Path) -> None:
    page = str(stored / "text" / "1.txt")
    for wrong in (page, str(stored)):
        assert "give the site's file first" in run("try", wrong, page, code=2)[1]
    (stored / "x.example.toml").write_text('[html]\nremove = [".a"]\n', encoding="utf-8")
    shown, told = run("try", str(stored / "x.example.toml"), str(stored / "gone.txt"), code=1)
    assert shown == "" and "no page could be read" in told
