"""The command line: `cleaner clean` for articles, `cleaner explain` to see what was removed and why."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, NamedTuple, NoReturn

import typer

import cleaner
from cleaner.characters import read_characters
from cleaner.errors import CleanerError, OptionError
from cleaner.features import count_words
from cleaner.files import Format, ReadAs, Report, Source, find_sources, is_folder, plan_targets, rendered, write_whole
from cleaner.kinds import Kind
from cleaner.options import Focus, Options
from cleaner.removal import Removal
from cleaner.result import CleanBlock, CleanResult, Role
from cleaner.ruleset import RuleSet, load, shipped_folder

FAILED = 1
WRONG_USAGE = 2
# Control characters of an article must not steer the terminal: they are shown as pictures of themselves.
CONTROLS = {c: 0x2400 + c for c in range(0x20) if chr(c) not in "\n\t"} | {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


class Settings(NamedTuple):
    """How every input of a run is cleaned."""

    read_as: ReadAs
    url: str | None
    rules: RuleSet | None
    options: Options


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cleaner {cleaner.__version__}")
        raise typer.Exit


VersionOption = Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")]
InputOption = Annotated[ReadAs, typer.Option("--input", help="What the input is; auto goes by the file's name, then by its content.")]
UrlOption = Annotated[str | None, typer.Option(help="The address the article came from.")]
RulesOption = Annotated[list[str] | None, typer.Option(metavar="DIR", help="A folder of rules to use beside the shipped ones.")]
FocusOption = Annotated[Focus, typer.Option(help="What to favour in doubt: precision removes more, recall keeps more.")]


@app.callback()
def main(version: VersionOption = False) -> None:
    """Take a scraped article, give back the article alone and an account of what was removed."""


@app.command()
def clean(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Files, folders, or - for standard input.")],
    out: Annotated[str | None, typer.Option("-o", "--out", help="The file, or for several inputs the folder, to write.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How the article is written.")] = Format.TEXT,
    read_as: InputOption = ReadAs.AUTO,
    url: UrlOption = None,
    rules: RulesOption = None,
    title: Annotated[bool, typer.Option("--title/--no-title", help="Whether the headline stands above the text.")] = True,
    focus: FocusOption = Focus.BALANCED,
) -> None:
    """Clean articles. One goes to standard output; a folder's go to a folder of the same shape, named by -o."""
    many = len(inputs) > 1 or is_folder(inputs[0])
    if many and out is None:
        what = f"{inputs[0]} is a folder" if len(inputs) == 1 else "there are several inputs"
        _refuse(f"{what}: add -o FOLDER to say where the results go")
    if many and url is not None:
        _refuse("--url is the address of one article: clean one file at a time with it")
    settings = _settings(read_as, url, rules, focus)
    failed: list[str] = []

    def report(name: str, error: Exception) -> None:
        failed.append(name)
        _say(f"{name}: {_problem(name, error)}")

    sources = find_sources(inputs, out=out, report=report)
    try:
        targets = plan_targets(sources, out, form, folder=many)
    except OptionError as error:
        _refuse(str(error))

    def render(result: CleanResult, source: Source) -> str:
        return rendered(result, form, path=source.name, title=title, indent=None if many else 1)

    if many:
        _clean_many(sources, targets, settings, render, report)
    else:
        _clean_one(sources[0], targets, settings, render, report)
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def explain(
    source: Annotated[str, typer.Argument(metavar="INPUT", help="A file, or - for standard input.")],
    read_as: InputOption = ReadAs.AUTO,
    url: UrlOption = None,
    rules: RulesOption = None,
    focus: FocusOption = Focus.BALANCED,
    reasons: Annotated[bool, typer.Option("--reasons", help="Say of each removed piece what decided.")] = False,
) -> None:
    """Show the article with every removed piece marked: its kind, the rule that decided, the score."""
    if is_folder(source):
        _refuse(f"{source} is a folder: explain takes one file")
    settings = _settings(read_as, url, rules, focus)
    from rich.console import Console
    from rich.text import Text

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        result = _cleaned(find_sources([source], out=None, report=lambda *_: None)[0], settings)
        console = Console()
        for line in _explained(result, reasons):
            console.print(Text.assemble(*line), soft_wrap=True)
    except Exception as error:
        _say(f"{source}: {_problem(source, error)}")
        raise typer.Exit(FAILED) from None


def _say(message: str) -> None:
    typer.echo("cleaner: " + " ".join(message.translate(CONTROLS).split()), err=True)


def _refuse(message: str) -> NoReturn:
    _say(message)
    raise typer.Exit(WRONG_USAGE)


def _problem(name: str, error: Exception) -> str:
    """An error in words. One that nobody foresaw is told too: a thousand files must not stop at the one."""
    if isinstance(error, OSError):
        told = error.strerror or str(error)
        return told if error.filename is None or str(error.filename) == name else f"{error.filename}: {told}"
    if isinstance(error, (CleanerError, UnicodeError)):
        return str(error)
    return f"a fault of cleaner itself, please report it: {type(error).__name__}: {error}"


def _settings(read_as: ReadAs, url: str | None, rules: Sequence[str] | None, focus: Focus) -> Settings:
    """Read the rules once for all inputs, and stop where they are faulty."""
    try:
        ruleset = load([shipped_folder(), *map(Path, rules)]) if rules else None
    except (CleanerError, OSError, UnicodeError) as error:
        _say(str(error) if isinstance(error, CleanerError) else f"--rules: {_problem('', error)}")
        raise typer.Exit(FAILED) from None
    return Settings(read_as, url, ruleset, Options(focus=focus))


def _cleaned(source: Source, settings: Settings) -> CleanResult:
    data = source.read()
    if settings.read_as is ReadAs.TEXT:
        run = cleaner.clean_text
    elif settings.read_as is ReadAs.HTML or source.is_html:
        run = cleaner.clean_html
    else:
        run = cleaner.clean
    return run(data, url=settings.url, rules=settings.rules, options=settings.options)


Render = Callable[[CleanResult, Source], str]


def _clean_one(source: Source, targets: Sequence[Path], settings: Settings, render: Render, report: Report) -> None:
    try:
        result = _cleaned(source, settings)
        text = render(result, source)
        if targets:
            write_whole(targets[0], text)
        else:
            typer.echo(text.encode("utf-8"), nl=False)
    except BrokenPipeError:
        raise  # whoever read the output has had enough; typer ends quietly
    except Exception as error:
        report(source.name, error)
    else:
        _warn(source, result)


def _clean_many(sources: Sequence[Source], targets: Sequence[Path], settings: Settings, render: Render, report: Report) -> None:
    tally = Tally()
    with _progress(len(sources)) as advance:
        for source, target in zip(sources, targets):
            try:
                result = _cleaned(source, settings)
                write_whole(target, render(result, source))
                tally.add(result)
            except Exception as error:
                report(source.name, error)
            else:
                _warn(source, result)
            advance()
    typer.echo(str(tally), err=True)


def _warn(source: Source, result: CleanResult) -> None:
    for warning in result.warnings:
        _say(f"{source.name}: warning: {warning}")


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error where somebody watches it; gives what moves it on by one."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


@dataclass
class Tally:
    """What a run over many files came to, in words of text."""

    documents: int = 0
    kept: int = 0
    removed: Counter[Kind] = field(default_factory=Counter)

    def add(self, result: CleanResult) -> None:
        """Count one article's words; what a word is, is said in `features.count_words`."""
        removals = [r for r in result.removals if r.text]
        texts = [result.text or "-", *(r.text for r in removals)]
        words = [int(n) for n in count_words(read_characters(texts), len(texts))]
        self.documents += 1
        self.kept += words[0]
        for removal, count in zip(removals, words[1:]):
            self.removed[removal.kind] += count

    def __str__(self) -> str:
        by_kind = sorted(((-n, kind) for kind, n in self.removed.items() if n))
        kinds = f" ({', '.join(f'{kind} {-n:,}' for n, kind in by_kind)})" if by_kind else ""
        documents = f"{self.documents:,} document" + ("s" if self.documents != 1 else "")
        return f"{documents}: {self.kept:,} words kept, {self.removed.total():,} removed{kinds}"


Line = list[tuple[str, str]]  # stretches of text, each with its style


def _explained(result: CleanResult, reasons: bool) -> Iterator[Line]:
    """The article's blocks, removed ones close together, others with a blank line around them; then the verdict."""
    if result.title and Role.TITLE not in result.roles:
        yield [(f"# {result.title}\n".translate(CONTROLS), "bold")]
    removals = list(reversed(result.removals))
    before = None
    for block in result.blocks:
        inside = []
        while removals and removals[-1].start < block.end:
            inside.append(removals.pop())
        if before is not None and not (before is Role.REMOVED is block.role):
            yield []
        before = block.role
        yield _marked(block, inside, reasons)
    warnings = "".join(f" · warning: {warning}" for warning in result.warnings)
    yield [(f"\nconfidence {result.confidence:.2f}{warnings}", "dim")]


def _marked(block: CleanBlock, removals: Sequence[Removal], reasons: bool) -> Line:
    if block.role is Role.REMOVED:
        tags = "".join(f"  {_tag(removal, reasons)}" for removal in removals)
        return [("- ", "dim"), (" ".join(block.text.translate(CONTROLS).split()), "dim strike"), (tags, "dim")]
    style = "bold" if block.role is Role.TITLE else ""
    line: Line = [("# ", style)] if style else []
    done = 0
    for removal in removals:
        line.append((block.text[done : removal.start - block.start].translate(CONTROLS), style))
        done = removal.end - block.start
        arrow = f"→{_visible(removal.replacement)}" if removal.replacement or removal.kind is Kind.REPAIR else ""
        line += [("{", "dim"), (_visible(removal.text), "dim strike"), (arrow, "green"), ("}", "dim")]
        # The many small repairs of a damaged text would drown it in tags, and the arrow says what they are.
        if removal.kind is not Kind.REPAIR or removal.rule or reasons:
            line.append((_tag(removal, reasons), "dim"))
    return [*line, (block.text[done:].translate(CONTROLS), style)]


def _tag(removal: Removal, reasons: bool) -> str:
    decided_by = removal.rule or ("scorer" if removal.kind is Kind.BOILERPLATE else "")
    words = " ".join(filter(None, (removal.kind, decided_by, f"{removal.score:.2f}")))
    reason = f": {removal.reason}" if reasons and removal.reason else ""
    return f"[{words}{reason}]".translate(CONTROLS)


def _visible(text: str) -> str:
    """The text with what cannot be seen spelled out, for it is often just that which was repaired."""
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in text)
