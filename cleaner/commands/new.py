"""`cleaner rules new`: a site's rule file to start from, filled in as far as some pages tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

import cleaner
from cleaner.authoring.learn import Page, learn, read_text
from cleaner.authoring.learn_places import find_places
from cleaner.authoring.write_site import ExampleDraft, SiteDraft, write_site
from cleaner.block import Medium
from cleaner.commands.learn import read_pages, summary
from cleaner.commands.settings import FAILED, problem, refuse, say
from cleaner.errors import CleanerError
from cleaner.files import find_sources, write_whole
from cleaner.host import host_name, split_url
from cleaner.result import CleanResult
from cleaner.ruleset import shipped
from cleaner.site import parse_site

DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+")
# A page longer than this, in characters, lies beside the rule file instead of in it.
LONGEST_INSIDE = 20_000
QUOTE_CHARS = 80
MOST_DROPPED = 3
INTRODUCTION = (
    "Rules for one site. What is commented out shows what can be written; cleaner rules check tells what is wrong,",
    "cleaner rules try shows what the file changes, cleaner rules test runs the tests at its end.",
)


def new_command(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The site's domain.")],
    pages: Annotated[list[str] | None, typer.Argument(metavar="PAGE", help="Pages of the site to fill the file from.")] = None,
    out: Annotated[str | None, typer.Option("-o", "--out", metavar="FILE", help="The file to write; default: sites/DOMAIN.toml.")] = None,
) -> None:
    """Start a site's rule file, with what some pages tell of it; an existing file is never overwritten."""
    name = host_name(domain).removeprefix("www.")
    if not DOMAIN.fullmatch(name):
        said = split_url(domain)[0].removeprefix("www.")
        refuse(f"{domain} is no domain: write {said if DOMAIN.fullmatch(said) else 'it as in lomvik-herald.example'}, without https:// and path")
    if "-" in (pages or []):
        refuse("- is standard input, which can be read once only: name files or folders")
    path = Path(out) if out else Path("sites") / f"{name}.toml"
    failed = []

    def report(source: str, error: Exception) -> None:
        if source not in failed:
            failed.append(source)
            say(f"{source}: {problem(source, error)}")

    read = list(read_pages(find_sources(pages or [], out=None, report=report), report))
    if pages and not read:
        say("no page could be read, so nothing is written")
        raise typer.Exit(FAILED)
    try:
        draft, beside = draft_site(name, read)
        _write_new(path, write_site(draft))
        for other, text in beside.items():
            _write_new(path.parent / other, text)
    except (CleanerError, OSError) as error:
        say(f"{path} exists already; give another name with -o" if isinstance(error, FileExistsError) else problem("", error))
        raise typer.Exit(FAILED) from None
    say(f"{path} written. " + (summary(draft) if read else "Nothing is known of the site yet: give some of its pages to have it filled in"))
    if path.parent.name != "sites":
        say(f"it takes effect in a folder sites/ of a rules folder: my-rules/sites/{name}.toml with --rules my-rules")
    if failed:
        raise typer.Exit(FAILED)


def _write_new(path: Path, text: str) -> None:
    if path.exists():
        raise FileExistsError(17, "exists already", str(path))
    write_whole(path, text)


def draft_site(domain: str, pages: Sequence[Page]) -> tuple[SiteDraft, dict[str, str]]:
    """What the pages tell of a site, and the files that belong beside it: their names and texts."""
    empty = SiteDraft(domain, INTRODUCTION, advice=True)
    if not pages:
        return empty, {}
    learned = learn(lambda: pages, domain, least=1)
    texts = [text for text, medium in map(read_text, pages) if medium is Medium.HTML]
    draft = replace(learned, notes=(*INTRODUCTION, *learned.notes), advice=True)
    if texts:
        places = find_places(texts)
        draft = replace(draft, title=places["title"], byline=places["byline"], date=places["date"])
    test, beside = page_test(draft, pages[0])
    return replace(draft, tests=(test,) if test else ()), beside


def page_test(draft: SiteDraft, page: Page) -> tuple[ExampleDraft | None, dict[str, str]]:
    """A test of a page: what the cleaner keeps of it and drops without the draft and with it."""
    text, medium = read_text(page)
    site = parse_site(write_site(draft), file=f"{draft.domain}.toml", fragments={})
    clean = cleaner.clean_html if medium is Medium.HTML else cleaner.clean_text
    results = [clean(text, rules=shipped().with_site(site)), clean(text)]
    paragraphs = [p.text for p in results[0].paragraphs if p.text in results[1].text and len(p.text) >= QUOTE_CHARS]
    kept = tuple(dict.fromkeys(_quote(p) for p in (*paragraphs[:1], *paragraphs[-1:])))
    dropped = _dropped(results)
    if not kept and not dropped:
        return None, {}
    name = Path(page.name).name
    if len(text) <= LONGEST_INSIDE:
        return ExampleDraft(name, "html" if medium is Medium.HTML else "text", text, kept, dropped), {}
    beside = f"{draft.domain}-1{'.html' if medium is Medium.HTML else '.txt'}"
    return ExampleDraft(name, "file", beside, kept, dropped), {beside: text}


def _quote(text: str) -> str:
    """The beginning of a paragraph, cut between words."""
    return text if len(text) <= QUOTE_CHARS else text[:QUOTE_CHARS].rpartition(" ")[0] or text[:QUOTE_CHARS]


def _dropped(results: Sequence[CleanResult]) -> tuple[str, ...]:
    """The longest lines that every cleaning removes and that are not said in what is kept."""
    removed = [{r.text for r in result.removals if len(r.text.split()) >= 2 and "\n" not in r.text} for result in results]
    both = set.intersection(*removed)
    said = [f"{result.title or ''}\n{result.text}" for result in results]
    lines = [text for text in both if len(text) <= 2 * QUOTE_CHARS and not any(text in s for s in said)]
    return tuple(sorted(lines, key=lambda t: (-len(t), t))[:MOST_DROPPED])
