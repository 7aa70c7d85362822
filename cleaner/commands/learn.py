"""`cleaner rules learn`: a site's rule file, drafted from its pages, for review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cleaner.authoring.learn import Page, learn
from cleaner.authoring.write_site import SiteDraft, write_site
from cleaner.commands.settings import FAILED, problem, refuse, say
from cleaner.errors import CleanerError
from cleaner.files import Report, Source, find_sources, write_whole
from cleaner.host import split_url
from cleaner.page_head import own_address

HEAD_BYTES = 60_000
UNNAMED = "site.example"

PagesArgument = Annotated[list[str], typer.Argument(metavar="PAGE", help="Pages or stored texts of one site: files or folders.")]


def learn_command(
    pages: PagesArgument,
    site: Annotated[str | None, typer.Option(metavar="DOMAIN", help="The site's domain; default: what the pages say.")] = None,
    out: Annotated[str | None, typer.Option("-o", "--out", metavar="FILE", help="The file to write; default: standard output.")] = None,
) -> None:
    """Learn a site's rules from its pages: what repeats and is no body. The file written is a draft for review."""
    if "-" in pages:
        refuse("- is standard input, which can be read once only: learn reads its pages twice, so name files or folders")
    told: set[str] = set()

    def report(name: str, error: Exception) -> None:
        if name not in told:
            told.add(name)
            say(f"{name}: {problem(name, error)}")

    sources = find_sources(pages, out=None, report=report)
    sources = [s for s in sources if not (out and s.path and s.path.resolve() == Path(out).resolve())]
    domain = site.lower() if site else guess_domain(sources)
    try:
        draft = learn(lambda: read_pages(sources, report), domain, report=report)
        text = write_site(draft)
        if out:
            write_whole(Path(out), text)
        else:
            typer.echo(text.encode("utf-8"), nl=False)
    except (CleanerError, OSError) as error:
        say(problem(out or "", error))
        raise typer.Exit(FAILED) from None
    say(summary(draft))
    if told:
        raise typer.Exit(FAILED)


def read_pages(sources: Sequence[Source], report: Report) -> Iterator[Page]:
    """Read the sources one after another; one that cannot be read is reported and left out."""
    for source in sources:
        try:
            data = source.read()
        except OSError as error:
            report(source.name, error)
            continue
        yield Page(source.name, data, True if source.is_html else None)


def guess_domain(sources: Sequence[Source]) -> str:
    """The host that most of some pages call their own; "site.example" where none does."""
    hosts: Counter[str] = Counter()
    for source in sorted(sources, key=lambda s: s.name)[:20]:
        try:
            head = source.read()[:HEAD_BYTES].decode("utf-8", "replace")
        except OSError:
            continue
        if address := own_address(head):
            hosts[split_url(address)[0].removeprefix("www.")] += 1
    return min(hosts, key=lambda host: (-hosts[host], host)) if hosts else UNNAMED


def summary(draft: SiteDraft) -> str:
    """What a draft holds, in one line."""
    selectors = (*draft.body, *draft.title, *draft.byline, *draft.date, *draft.remove)
    sure = sum(not r.doubt for r in draft.rules), sum(not s.doubt for s in selectors)
    doubt = sum(bool(r.doubt) for r in draft.rules) + sum(bool(s.doubt) for s in selectors)
    counts = [f"{number} {what}{'s' if number != 1 else ''}" for number, what in zip(sure, ("rule", "selector"))]
    told = f"{draft.domain}: {', '.join(counts)}, {doubt} in doubt and commented out; review them before use"
    if not (any(sure) or doubt):
        told = f"{draft.domain}: nothing was found for rules or selectors; more pages tell more"
    return told + (" (no page says its address: give --site DOMAIN)" if draft.domain == UNNAMED else "")
