"""`cleaner explain`: the article with every removed piece marked."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from cleaner.commands.settings import (
    CONTROLS,
    FAILED,
    FocusOption,
    InputOption,
    RulesOption,
    SiteOption,
    UrlOption,
    cleaned,
    problem,
    read_settings,
    refuse,
    say,
)
from cleaner.files import ReadAs, find_sources, is_folder
from cleaner.kinds import Kind
from cleaner.options import Focus
from cleaner.removal import Removal
from cleaner.result import CleanBlock, CleanResult, Role


def explain(
    source: Annotated[str, typer.Argument(metavar="INPUT", help="A file, or - for standard input.")],
    read_as: InputOption = ReadAs.AUTO,
    url: UrlOption = None,
    rules: RulesOption = None,
    site: SiteOption = None,
    focus: FocusOption = Focus.BALANCED,
    reasons: Annotated[bool, typer.Option("--reasons", help="Say of each removed piece what decided.")] = False,
) -> None:
    """Show the article with every removed piece marked: its kind, the rule that decided, the score."""
    if is_folder(source):
        refuse(f"{source} is a folder: explain takes one file")
    settings = read_settings(read_as, url, rules, focus, site)
    from rich.console import Console
    from rich.text import Text

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        result = cleaned(find_sources([source], out=None, report=lambda *_: None)[0], settings)
        console = Console()
        for line in _explained(result, reasons):
            console.print(Text.assemble(*line), soft_wrap=True)
    except Exception as error:
        say(f"{source}: {problem(source, error)}")
        raise typer.Exit(FAILED) from None


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
