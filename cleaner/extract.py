"""The only door to trafilatura: a second opinion on a page's body, and a page's metadata.

trafilatura takes about half a second to import, so that happens when it is first asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.title import squash

# A block this short may stand in the text by chance.
SHORT = 12


def opinion(page: str, texts: Sequence[str], *, url: str | None = None) -> list[bool] | None:
    """For each block's text, whether trafilatura's body has it; None where trafilatura finds no body."""
    from trafilatura import extract

    try:
        body = extract(page, url=url, include_comments=False, output_format="txt")
    except Exception:  # it raises whatever lxml raises on broken pages; no opinion then
        return None
    if not body:
        return None
    lines = {squash(line.lstrip("-# ")) for line in body.split("\n")}
    whole = squash(body)
    return [said in lines or (len(said) > SHORT and said in whole) for said in map(squash, texts)]


def page_metadata(page: str, *, url: str | None = None) -> dict[str, str | None]:
    """What trafilatura reads from a page's head, JSON-LD and bylines: author, date, sitename, url, title."""
    from trafilatura.metadata import extract_metadata

    try:
        found = extract_metadata(page, default_url=url)
    except Exception:  # as above: a page that its parser refuses has no metadata
        return {}
    return {k: getattr(found, k, None) for k in ("author", "date", "sitename", "url", "title", "language")} if found else {}
