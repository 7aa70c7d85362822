"""Metadata of an article: what rules found in its lines, and on HTML what trafilatura reads from the page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from cleaner.extract import page_metadata
from cleaner.result import Metadata

YEAR_FIRST = re.compile(r"\b((?:19|20)\d{2})\s?[-./年년]\s?(\d{1,2})\s?[-./月월]\s?(\d{1,2})")
NAMED_MONTH = re.compile(r"[^\W\d_]{2}")
TIME_OF_DAY = re.compile(r"[\s,–-]*\b\d{1,2}:\d{2}.*$")


def text_metadata(fields: Mapping[str, str], *, lang: str, url: str | None) -> Metadata:
    """From the lines that rules removed alone."""
    return Metadata(
        byline=fields.get("byline"),
        date=read_date(fields.get("date"), lang=lang),
        agency=fields.get("agency"),
        source=fields.get("source"),
        site=urlsplit(url).hostname if url else None,
        language=lang or None,
        url=url,
    )


def html_metadata(
    page: str, fields: Mapping[str, str], *, lang: str, url: str | None, chosen: Mapping[str, str] = MappingProxyType({})
) -> Metadata:
    """From what a site's selectors chose first, then from the page, then from the lines that rules removed."""
    said = page_metadata(page, url=url)
    lines = text_metadata(fields, lang=lang, url=url)
    return Metadata(
        byline=chosen.get("byline") or said.get("author") or lines.byline,
        date=read_date(chosen.get("date"), lang=lang) or said.get("date") or lines.date,
        agency=lines.agency,
        source=lines.source,
        site=said.get("sitename") or lines.site,
        language=lines.language or said.get("language"),
        url=said.get("url") or lines.url,
    )


def read_date(said: str | None, *, lang: str = "") -> str | None:
    """An ISO date where one can be read without guessing at day and month, else what was said.

    >>> read_date("August 7, 2025"), read_date("2025.8.07 10:30"), read_date("7/8/2025")
    ('2025-08-07', '2025-08-07', '7/8/2025')
    """
    if not said:
        return None
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in said)
    iso = YEAR_FIRST.search(digits)
    if iso:
        return f"{iso[1]}-{int(iso[2]):02}-{int(iso[3]):02}"
    if not NAMED_MONTH.search(digits):
        return said
    import dateparser

    try:
        found = dateparser.parse(TIME_OF_DAY.sub("", digits), languages=[lang] if lang else None, settings={"STRICT_PARSING": True})
    except ValueError:  # a language that it does not know
        return said
    return found.date().isoformat() if found else said
