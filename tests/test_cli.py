"""The command line keeps every promise it makes: what it writes, where, what it says, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import cleaner
from cleaner import cli, files, tally
from cleaner.commands import explain as cli_explain
from cleaner.commands import folder

FIXTURES = Path(__file__).parent.parent / "fixtures"
TITLE = "Skelby bridge opens two years late"
BODY = (
    "The bridge over the Skel opened on Monday, two years later than the council had promised, and was closed again for an hour "
    "when the ribbon caught fire.",
    "Mayor Ines Hollund, who had held the scissors, said that nobody was hurt and that the bridge itself had not burned, “as far as "
    "we can see from here”.",
    "The builders had waited for a shipment of steel that lay in the wrong harbour for fourteen months. The council will discuss the "
    "costs in its session on Thursday.",
)
STORY = "\n\n".join((TITLE, BODY[0], "ADVERTISEMENT", *BODY[1:], "All rights reserved.")) + "\n"
CLEANED = "\n\n".join((TITLE, *BODY)) + "\n"
PAGE = (
    f"<!doctype html><html lang=en><head><title>{TITLE}</title></head><body><main><article><h1>{TITLE}</h1>"
    + "".join(f"<p>{p}</p>" for p in BODY)
    + "<p>Advertisement</p></article></main></body></html>"
)
RULE = """
[[rule]]
id = "test-ribbon"
kind = "widget"
lang = "*"
phrases = ["Send us your pictures of the ribbon"]
match = "whole"
hit = ["Send us your pictures of the ribbon"]
miss = ["He said: send us your pictures of the ribbon, and they did."]
"""


@pytest.fixture(autouse=True)
def _in_a_plain_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "GITHUB_ACTIONS", "PY_COLORS"):
        monkeypatch.delenv(name, raising=False)


def run(*args: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(a) for a in args], input=stdin)


COMMAND = [sys.executable, "-c", "from cleaner.cli import app; app(prog_name='cleaner')"]


def environment(**extra: str) -> dict[str, str]:
    """This process's, with the package importable from wherever the test stands."""
    root = str(Path(cleaner.__file__).parent.parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH")))), **extra}


def write(path: str, content: str | bytes) -> Path:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode() if isinstance(content, str) else content)
    return target


def written(folder: str) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in Path(folder).rglob("*") if p.is_file())


def one_error(result: Result, code: int) -> str:
    """The only line on standard error of a run that failed without a word on standard output."""
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    (line,) = result.stderr.splitlines()
    assert line.startswith("cleaner: ")
    return line.removeprefix("cleaner: ")


# One input


def test_a_file_goes_to_standard_output() -> None:
    result = run("clean", write("story.txt", STORY))
    assert (result.exit_code, result.stdout, result.stderr) == (0, CLEANED, "")


def test_a_page_goes_to_standard_output() -> None:
    assert run("clean", write("story.html", PAGE)).stdout == CLEANED


@pytest.mark.parametrize("content", [STORY, PAGE])
def test_standard_input(content: str) -> None:
    assert run("clean", "-", stdin=content).stdout == CLEANED


def test_standard_input_is_read_as_bytes() -> None:
    page = PAGE.replace("<head>", '<head><meta charset="windows-1252">').encode("cp1252")
    assert run("clean", "-", stdin=page).stdout == CLEANED


def test_out_names_the_file_for_one_input() -> None:
    result = run("clean", write("story.txt", STORY), "-o", "new/folder/result")
    assert (result.exit_code, result.output) == (0, "")
    assert Path("new/folder/result").read_text("utf-8") == CLEANED


@pytest.mark.parametrize("out", ["there", "missing/"])
def test_out_may_be_a_folder_for_one_input(out: str) -> None:
    Path("there").mkdir()
    assert run("clean", write("story.v1.txt", STORY), "-o", out, "--format", "markdown").exit_code == 0
    assert written(out) == ["story.v1.md"]


def test_no_title() -> None:
    assert run("clean", write("story.txt", STORY), "--no-title").stdout == "\n\n".join(BODY) + "\n"


def test_markdown_and_html() -> None:
    story = write("story.html", PAGE)
    assert run("clean", story, "--format", "markdown").stdout.startswith(f"# {TITLE}\n\n")
    page = run("clean", story, "--format", "html").stdout
    assert page.startswith(f"<article>\n<h1>{TITLE}</h1>\n<p>") and page.endswith("</article>\n")
    assert "<h1>" not in run("clean", story, "--format", "html", "--no-title").stdout


def test_json_holds_all_of_the_result_and_the_path() -> None:
    text = run("clean", write("story.txt", STORY), "--format", "json").stdout
    assert json.loads(text) == {"path": "story.txt", **cleaner.clean_text(STORY).to_dict()}
    assert text.startswith('{\n "path": "story.txt",\n "title"') and "“as far" in text


def test_input_kind_goes_by_name_then_by_content_unless_told() -> None:
    markup = "<p>" + "</p>\n<p>".join(BODY) + "</p>"
    assert "<p>" not in run("clean", write("disguised.txt", markup)).stdout
    assert "<p>" in run("clean", write("disguised.txt", markup), "--input", "text").stdout
    # A page by its name: its text is run together as a browser would show it.
    assert json.loads(run("clean", write("plain.htm", STORY), "--format", "json").stdout)["blocks"][0]["tag"] != "line"
    assert json.loads(run("clean", write("plain", STORY), "--format", "json").stdout)["blocks"][0]["tag"] == "line"
    assert json.loads(run("clean", "plain", "--input", "html", "--format", "json").stdout)["blocks"][0]["tag"] != "line"


def test_url_is_in_the_metadata() -> None:
    text = run("clean", write("story.txt", STORY), "--url", "https://skelby.example/bridge", "--format", "json").stdout
    assert json.loads(text)["metadata"]["url"] == "https://skelby.example/bridge"


def test_rules_stand_beside_the_shipped_ones() -> None:
    story = write("story.txt", STORY.replace(BODY[1], f"{BODY[1]}\n\nSend us your pictures of the ribbon"))
    write("mine/ribbon.toml", RULE)
    removals = json.loads(run("clean", story, "--rules", "mine", "--format", "json").stdout)["removals"]
    rules = {r["text"]: r["rule"] for r in removals}
    assert rules["Send us your pictures of the ribbon"] == "test-ribbon"
    assert rules["All rights reserved."] not in ("", "test-ribbon")


def test_focus_reaches_the_cleaning(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = cleaner.clean

    def spy(*args: object, **kwargs: object) -> cleaner.CleanResult:
        seen.append(kwargs["options"])
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(cleaner, "clean", spy)
    story = write("story.txt", STORY)
    for focus in ("balanced", "precision", "recall"):
        assert run("clean", story, "--focus", focus).exit_code == 0
        assert run("explain", story, "--focus", focus).exit_code == 0
    assert [o.focus for o in seen] == [f for focus in ("balanced", "precision", "recall") for f in (focus, focus)]  # type: ignore[attr-defined]


def test_a_warning_is_a_line_on_standard_error_that_names_the_file() -> None:
    result = run("clean", write("empty.txt", ""))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "cleaner: empty.txt: warning: the source holds no text\n"


# Folders


def test_a_folder_keeps_its_shape() -> None:
    for place in ("b.html", "a.txt", "deep/er/c.HTM", "deep/d.xhtml", "e.text", "f.md"):
        write(f"in/{place}", PAGE if "htm" in place.lower() else STORY)
    for place in ("picture.jpg", ".hidden.txt", ".git/g.txt", "deep/.h.html", "noending"):
        write(f"in/{place}", STORY)
    result = run("clean", "in", "-o", "out")
    assert (result.exit_code, result.stdout) == (0, "")
    assert written("out") == ["a.txt", "b.txt", "deep/d.txt", "deep/er/c.txt", "e.txt", "f.txt"]
    assert all((Path("out") / place).read_text("utf-8") == CLEANED for place in written("out"))


@pytest.mark.parametrize(("form", "suffix"), [("text", ".txt"), ("markdown", ".md"), ("json", ".json"), ("html", ".html")])
def test_the_suffix_is_that_of_the_format(form: str, suffix: str) -> None:
    write("in/a.html", PAGE)
    assert run("clean", "in", "-o", "out", "--format", form).exit_code == 0
    assert written("out") == [f"a{suffix}"]


def test_json_of_many_is_a_line_each_and_names_its_source() -> None:
    write("in/a.html", PAGE)
    run("clean", "in", "-o", "out", "--format", "json")
    text = Path("out/a.json").read_text("utf-8")
    assert text.count("\n") == 1 and json.loads(text)["path"] == str(Path("in/a.html"))


def test_several_inputs_go_to_one_folder() -> None:
    write("in/a.html", PAGE)
    result = run("clean", write("b.txt", STORY), "in", write("page.php", PAGE), "-", "-o", "out", stdin=STORY)
    assert result.exit_code == 0
    assert written("out") == ["a.txt", "b.txt", "page.php.txt", "stdin.txt"]


def test_standard_input_among_many_leaves_the_rest_to_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        write(f"in/{name}.html", PAGE)
    here = []
    real = folder.clean_into

    def noted(order: folder.Order, *rest: Any) -> folder.Told:
        here.append(order.source.name)
        return real(order, *rest)

    monkeypatch.setattr(folder, "clean_into", noted)
    assert run("clean", "in", "-", "in/../page.txt", "-o", "out", "--workers", "2", stdin=STORY).exit_code == 1
    assert here == ["-"]
    assert written("out") == ["a.txt", "b.txt", "c.txt", "stdin.txt"]


def test_the_closing_line_counts_words() -> None:
    write("in/a.txt", STORY)
    write("in/b.html", PAGE)
    *_, line = run("clean", "in", "-o", "out").stderr.splitlines()
    results = [cleaner.clean_text(STORY), cleaner.clean_html(PAGE)]
    count = re.compile(r"\w+")
    kept = sum(len(count.findall(r.text)) for r in results)
    removed = sum(len(count.findall(x.text)) for r in results for x in r.removals)
    said = re.fullmatch(r"2 documents: (\d+) words kept, (\d+) removed \((.+)\)", line)
    assert said and [int(said[1]), int(said[2])] == [kept, removed]
    kinds = [k.rsplit(" ", 1) for k in said[3].split(", ")]
    assert sum(int(n) for _, n in kinds) == removed
    assert [int(n) for _, n in kinds] == sorted((int(n) for _, n in kinds), reverse=True)
    assert {k for k, _ in kinds} == {str(x.kind) for r in results for x in r.removals}


def test_many_files_on_several_cores_as_on_one() -> None:
    """Two processes write the same files as one, in whatever order they end, and tell the same in the same order."""
    for i in range(21):
        write(f"in/{i:02}.html", PAGE)
    write("in/07a.txt", "")
    Path("in/11a.txt").symlink_to("nowhere")
    alone = run("clean", "in", "-o", "alone", "--workers", "1")
    shared = run("clean", "in", "-o", "shared", "--workers", "2", "--timeout", "120", "--format", "text")
    assert (alone.exit_code, shared.exit_code) == (1, 1)
    assert shared.stderr == alone.stderr and "11a.txt: No such file" in alone.stderr
    assert written("shared") == written("alone") and len(written("alone")) == 22


def test_several_cores_know_the_rules_given() -> None:
    write("rules/own.toml", RULE)
    for i in range(9):
        write(f"in/{i}.txt", STORY.replace("ADVERTISEMENT", "Send us your pictures of the ribbon"))
    assert run("clean", "in", "-o", "out", "--rules", "rules", "--workers", "2").exit_code == 0
    assert {(Path("out") / place).read_text("utf-8") for place in written("out")} == {CLEANED}


def test_the_closing_line_without_removals() -> None:
    write("in/a.txt", "")
    assert run("clean", "in", "-o", "out").stderr.splitlines()[-1] == "1 document: 0 words kept, 0 removed"


def test_the_tally_sorts_kinds_by_count() -> None:
    counted = tally.Tally(3, 1200)
    counted.removed.update({cleaner.Kind.AD: 2, cleaner.Kind.LEGAL: 1500, cleaner.Kind.CAPTION: 2, cleaner.Kind.REPAIR: 0})
    assert str(counted) == "3 documents: 1,200 words kept, 1,504 removed (legal 1,500, ad 2, caption 2)"


def test_a_bad_file_is_reported_and_the_rest_goes_on() -> None:
    write("in/a.txt", STORY)
    Path("in/b.txt").symlink_to("nowhere")
    write("in/c.txt", "")
    result = run("clean", "in", "gone.txt", "-o", "out")
    assert result.exit_code == 1
    assert written("out") == ["a.txt", "c.txt"]
    c = Path("in/c.txt")
    first, second, third, closing = result.stderr.splitlines()
    assert first == f"cleaner: {Path('in/b.txt')}: No such file or directory"
    assert second == f"cleaner: {c}: warning: the source holds no text"
    assert third == "cleaner: gone.txt: No such file or directory"
    assert closing.startswith("2 documents: ")


def test_an_unforeseen_fault_is_told_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    real = cleaner.clean

    def faulty(source: bytes, **kwargs: object) -> cleaner.CleanResult:
        if source == b"bad":
            raise ZeroDivisionError("by\nnought")
        return real(source, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(cleaner, "clean", faulty)
    write("in/a.txt", "bad")
    write("in/b.txt", STORY)
    result = run("clean", "in", "-o", "out")
    assert (result.exit_code, written("out")) == (1, ["b.txt"])
    assert result.stderr.startswith(
        f"cleaner: {Path('in/a.txt')}: a fault of cleaner itself, please report it: ZeroDivisionError: by nought\n"
    )


def test_results_inside_the_input_are_not_cleaned_again() -> None:
    write("in/a.html", PAGE)
    for _ in range(2):
        assert run("clean", "in", "-o", "in/out").exit_code == 0
    assert written("in") == ["a.html", "out/a.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_a_folder_is_not_waited_for() -> None:
    write("in/a.txt", STORY)
    os.mkfifo("in/b.txt")
    assert run("clean", "in", "-o", "out").exit_code == 0
    assert written("out") == ["a.txt"]


def test_real_fixtures() -> None:
    result = run("clean", FIXTURES, "-o", "out", "--format", "json")
    sources = [p for p in FIXTURES.rglob("*") if p.suffix in files.SUFFIXES]
    assert result.exit_code == 0 and len(written("out")) == len(sources) > 10
    assert f"{len(sources)} documents: " in result.stderr


# Errors


def test_a_missing_file() -> None:
    assert one_error(run("clean", "gone.txt"), 1) == "gone.txt: No such file or directory"
    assert one_error(run("explain", "gone.txt"), 1) == "gone.txt: No such file or directory"


def test_a_folder_needs_out() -> None:
    write("in/a.txt", STORY)
    message = one_error(run("clean", "in"), 2)
    assert message.startswith("in is a folder") and "-o" in message
    assert "-o" in one_error(run("clean", "in/a.txt", "in/a.txt"), 2)
    assert "explain takes one file" in one_error(run("explain", "in"), 2)


def test_a_folder_without_articles() -> None:
    Path("in").mkdir()
    result = run("clean", "in", "-o", "out")
    assert result.exit_code == 1
    assert result.stderr.startswith("cleaner: in: the folder holds no file named *.htm, *.html")


def test_two_results_in_one_file_stop_all_before_anything_is_written() -> None:
    for name in ("a.txt", "b.html", "b.txt"):
        write(f"in/{name}", STORY)
    message = one_error(run("clean", "in", "-o", "out"), 2)
    assert all(str(Path(p)) in message for p in ("in/b.html", "in/b.txt", "out/b.txt"))
    assert not Path("out").exists()


@pytest.mark.parametrize(("inputs", "out"), [(["in"], "in"), (["in/a.txt"], "in/a.txt"), (["in/a.txt"], "in"), (["in/a.txt"], "link")])
def test_an_input_is_never_overwritten(inputs: list[str], out: str) -> None:
    write("in/a.txt", STORY)
    Path("link").symlink_to("in/a.txt")
    assert "would overwrite the input" in one_error(run("clean", *inputs, "-o", out), 2)
    assert Path("in/a.txt").read_text("utf-8") == STORY


def test_out_that_is_a_file_cannot_hold_a_folder() -> None:
    write("in/a.txt", STORY)
    write("out", "mine")
    assert "-o out is a file" in one_error(run("clean", "in", "-o", "out"), 2)
    assert Path("out").read_text("utf-8") == "mine"


def test_an_unwritable_place_is_named() -> None:
    write("file", "")
    message = one_error(run("clean", write("a.txt", STORY), "-o", "file/b.txt"), 1)
    assert message.startswith("a.txt: ") and str(Path("file/b.txt")) in message


def test_faulty_rules() -> None:
    story = write("a.txt", STORY)
    assert one_error(run("clean", story, "--rules", "gone"), 1) == "gone: is not a folder of rule files"
    for fault, told in ((b"[[rule]\n", "is not valid TOML"), (b"# \xff\n", "is not UTF-8")):
        write("rules/x.toml", fault)
        for command in ("clean", "explain"):
            result = run(command, story, "--rules", "rules")
            assert (result.exit_code, result.stderr.count("\n")) == (0, 1)
            assert result.stderr.startswith(f"cleaner: warning: {Path('rules/x.toml')}: {told}")
            assert "Skelby bridge" in result.stdout


def test_url_is_of_one_article() -> None:
    write("in/a.txt", STORY)
    assert "--url" in one_error(run("clean", "in", "-o", "out", "--url", "https://skelby.example"), 2)


@pytest.mark.parametrize(
    "args", [["clean"], ["clean", "a.txt", "--format", "pdf"], ["clean", "a.txt", "--focus", "x"], ["clean", "--no"], ["x"]]
)
def test_wrong_usage_is_2(args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2 and "Traceback" not in result.output


@pytest.mark.parametrize("content", [b"\x00" * 50, b"\xff\xfe\x00\xd8", bytes(range(256)) * 4, b"<" * 500, b"<p>&#xD800;" * 9, b"\x1b[2J"])
@pytest.mark.parametrize("name", ["odd.html", "odd.txt"])
def test_odd_bytes_do_no_harm(content: bytes, name: str) -> None:
    odd = write(name, content)
    for command in (["clean"], ["clean", "--format", "json"], ["explain"]):
        result = run(*command, odd)
        assert (result.exit_code, result.exception) == (0, None), result.output
        assert command[0] == "clean" or "\x1b" not in result.stdout


# Writing


def test_a_failed_write_leaves_the_old_file_and_no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    out = write("out.txt", "old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    message = one_error(run("clean", write("a.txt", STORY), "-o", "out.txt"), 1)
    assert message.startswith("a.txt: ") and message.endswith("out.txt: No space left on device")
    assert out.read_text("utf-8") == "old"
    assert written(".") == ["a.txt", "out.txt"]


def test_a_link_is_written_through_and_a_device_is_not_replaced() -> None:
    out = write("real.txt", "old")
    Path("link.txt").symlink_to("real.txt")
    files.write_whole(Path("link.txt"), "new")
    assert Path("link.txt").is_symlink() and out.read_text("utf-8") == "new"
    if os.path.exists("/dev/null"):
        Path("null").symlink_to("/dev/null")
        files.write_whole(Path("null"), "new")
        assert not Path("/dev/null").is_file()


def test_a_new_file_has_the_usual_rights() -> None:
    plain = write("plain", "")
    files.write_whole(Path("whole"), "")
    assert Path("whole").stat().st_mode == plain.stat().st_mode


# Explaining


def test_explain_marks_what_was_removed() -> None:
    lines = run("explain", write("story.txt", STORY)).stdout.splitlines()
    result = cleaner.clean_text(STORY)
    assert lines[0] == f"# {TITLE}"
    ad, rights = (next(line for line in lines if line.startswith(f"- {text}")) for text in ("ADVERTISEMENT", "All rights reserved."))
    for line, removal in zip((ad, rights), result.removals):
        assert line == f"- {removal.text}  [{removal.kind} {removal.rule or 'scorer'} {removal.score:.2f}]"
    order = [lines.index(line) for line in (BODY[0], ad, BODY[1], BODY[2], rights)]
    assert order == sorted(order)
    assert lines[-1] == f"confidence {result.confidence:.2f}"


def test_explain_gives_reasons_when_asked() -> None:
    story = write("story.txt", STORY)
    reason = next(r.reason for r in cleaner.clean_text(STORY).removals if r.text == "All rights reserved.")
    assert reason and reason not in run("explain", story).stdout
    assert f": {reason}]" in run("explain", story, "--reasons").stdout


def test_explain_shows_repairs_as_removed_and_replacement() -> None:
    story = write("story.txt", STORY.replace("had promised, and", "hadnâ€™t promised,\u00a0and").replace("the steel", "ste\u00adel"))
    text = run("explain", story).stdout
    assert "hadn{â€™→’}t promised,{U+00A0→ }and" in text
    assert "{â€™→’}[repair 0." in run("explain", story, "--reasons").stdout


def test_explain_shows_a_piece_cut_out_of_a_block() -> None:
    result = cleaner.clean_text(STORY)
    block = next(b for b in result.blocks if b.text == BODY[1])
    cut = cleaner.Removal(cleaner.Kind.CAPTION, "en-x", 0.5, block.start + 6, block.start + 10, "Ines", why="because")
    (line,) = [cli_explain._marked(block, [cut], True)]
    assert "".join(text for text, _ in line).startswith("Mayor {Ines}[caption en-x 0.50: because] Hollund, who")


def test_explain_ends_with_the_warnings() -> None:
    assert run("explain", write("empty.txt", " \n")).stdout.splitlines()[-1] == "confidence 0.00 · warning: the source holds no text"


def test_explain_takes_a_page_and_standard_input() -> None:
    for text in (run("explain", "-", stdin=PAGE).stdout, run("explain", write("p.html", PAGE)).stdout):
        assert f"# {TITLE}\n\n{BODY[0]}\n\n{BODY[1]}" in text and "- Advertisement  [" in text


def test_explain_does_not_wrap_lines_in_a_pipe() -> None:
    assert BODY[0] in run("explain", write("story.txt", STORY)).stdout.splitlines()


# Real runs


def test_version_is_quick_and_loads_nothing_heavy() -> None:
    code = "import sys; sys.argv = ['cleaner', '--version']\nfrom cleaner.cli import app\ntry: app()\nexcept SystemExit: pass\n"
    code += "print(sorted({m for m in sys.modules if m in ('rich.progress', 'rich.console', 'trafilatura', 'charset_normalizer')}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), timeout=60)
    assert done.stdout.splitlines() == [f"cleaner {cleaner.__version__}", "[]"], done.stderr


def test_a_pipe_in_a_narrow_locale() -> None:
    env = environment(PYTHONIOENCODING="ascii", PYTHONWARNINGS="error")
    done = subprocess.run([*COMMAND, "clean", "-"], input=PAGE.encode(), capture_output=True, env=env, timeout=60)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, CLEANED, b"")
    done = subprocess.run([*COMMAND, "explain", "-"], input=PAGE.encode(), capture_output=True, env=env, timeout=60)
    assert done.returncode == 0 and b"\\u201cas far" in done.stdout


def test_a_reader_who_has_had_enough_sees_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    write("story.txt", STORY)
    done = subprocess.run([*COMMAND, "clean", "story.txt"], stdout=writing, stderr=subprocess.PIPE, env=environment(), timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def in_a_terminal(*args: str) -> str:
    """All that a command writes to a terminal."""
    ours, theirs = pytest.importorskip("pty").openpty()
    env = environment(TERM="xterm-256color", COLORTERM="")
    done = subprocess.Popen([*COMMAND, *args], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # how Linux says that the other side has closed
        while chunk := os.read(ours, 65536):
            seen += chunk
    os.close(ours)
    assert done.wait(60) == 0, seen
    return seen.decode()


def test_a_terminal_shows_a_bar_and_styles() -> None:
    write("in/a.txt", STORY)
    write("in/b.txt", "")
    bar = in_a_terminal("clean", "in", "-o", "out")
    assert "2/2" in bar and "b.txt: warning: the source holds no text" in bar and "2 documents: " in bar
    article = in_a_terminal("explain", "in/a.txt")
    assert f"\x1b[1m{TITLE}\x1b[0m" in article and "\x1b[2;9mADVERTISEMENT" in article
