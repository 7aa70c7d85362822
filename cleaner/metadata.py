"""Metadata of an article: what rules found in its lines, and on HTML what trafilatura reads from the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from cleaner.extract import page_metadata
from cleaner.result import Metadata

ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})")


def text_metadata(fields: Mapping[str, str], *, lang: str, url: str | None) -> Metadata:
    """From the lines that rules removed alone."""
    return Metadata(
        byline=fields.get("byline"),
        date=read_date(fields.get("date")),
        agency=fields.get("agency"),
        source=fields.get("source"),
        site=urlsplit(url).hostname if url else None,
        language=lang or None,
        url=url,
    )


def html_metadata(page: str, fields: Mapping[str, str], *, lang: str, url: str | None) -> Metadata:
    """From the page first, then from the lines that rules removed."""
    said = page_metadata(page, url=url)
    lines = text_metadata(fields, lang=lang, url=url)
    return Metadata(
        byline=said.get("author") or lines.byline,
        date=said.get("date") or lines.date,
        agency=lines.agency,
        source=lines.source,
        site=said.get("sitename") or lines.site,
        language=lines.language or said.get("language"),
        url=said.get("url") or lines.url,
    )


def read_date(said: str | None) -> str | None:
    """An ISO date where one can be read without guessing at day and month, else what was said.

    >>> read_date("August 7, 2025"), read_date("2025-08-07 10:30"), read_date("7 août 2025")
    ('2025-08-07', '2025-08-07', '7 août 2025')
    """
    if not said:
        return None
    iso = ISO_DATE.search(said)
    if iso:
        return iso[0]
    if re.search(r"[A-Za-z]{3}", said) and re.search(r"\b\d{4}\b", said):
        from dateutil import parser

        try:
            return parser.parse(said).date().isoformat()
        except (ValueError, OverflowError):
            return said
    return said
