"""Read what a page says of itself, before its blocks are looked at: evidence, not the article."""

from __future__ import annotations

import datetime
import html
import json
import re

from cleaner.block import Said

TITLE = re.compile(r"<title[^>]*+>([^<]*+)<")
META = re.compile(r'<meta[^>"]*+(?:"[^"]*+"[^>"]*+)*+>')
NAME = re.compile(r' (?:property|name|itemprop)="([^"]++)"')
CONTENT = re.compile(r' content="([^"]++)"')
TITLES = ("og:title", "twitter:title")
DESCRIPTIONS = ("description", "og:description", "twitter:description")
SAYING = frozenset((*TITLES, *DESCRIPTIONS))
ARTICLE_BODY_KEY = '"articleBody"'
ARTICLE_BODY = re.compile(ARTICLE_BODY_KEY + r'\s*+:\s*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)
URL_DAY = re.compile(r"[/=_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2]|(?<=[/_-])[1-9](?=[/_-]))[/_-]?(0[1-9]|[12]\d|3[01]|(?<=[/_-])[1-9])(?!\d)")
DAY = r"((?:19|20)\d\d)-(\d\d)-(\d\d)"
PUBLISHED = re.compile(
    rf"""<meta\s[^<>]*?\barticle:published_time\b[^<>]*?\bcontent\s*=\s*["']?\s*{DAY}"""
    rf"""|<meta\s[^<>]*?\bcontent\s*=\s*["']?\s*{DAY}[^<>]*?\barticle:published_time\b"""
    rf"""|"datePublished"\s*:\s*"{DAY}""",
    re.IGNORECASE,
)
MARKUP = re.compile(r"<[^<>]{1,2000}>")
# The tag with a page's own address. It stands in the head.
ADDRESS_TAG = re.compile(r"""<(?:link\s[^<>]{0,500}?\brel\s*=\s*["']?canonical\b|meta\s[^<>]{0,500}?["']og:url\b)[^<>]{0,500}>""", re.IGNORECASE)
ADDRESS = re.compile(r"""\b(?:href|content)\s*=\s*["']?\s*(https?://[^\s"'<>]+)""", re.IGNORECASE)
HEAD_CHARS = 60_000


def what_page_says(head: str, page: str) -> Said:
    """Titles (og:title first, `<title>` last), descriptions, and JSON-LD's articleBody.

    `head` is lexbor's serialisation of the head, `page` the whole source, scripts and all.
    """
    named: dict[str, str] = {}
    for meta in META.findall(head):
        name = NAME.search(meta)
        if name and name[1].lower() in SAYING:
            content = CONTENT.search(meta)
            if content:
                named.setdefault(name[1].lower(), content[1])
    title = TITLE.search(head)
    titles = [named.get(name, "") for name in TITLES] + ([title[1]] if title else [])
    return Said(_readable(titles), _readable([named.get(name, "") for name in DESCRIPTIONS]), _article_body(page))


def published(url: str | None, page: str | None) -> datetime.date | None:
    """The day of an article, where its address, `article:published_time` or JSON-LD's datePublished says it.

    >>> published("https://lomvik-herald.example/2024/03/12/ferries", None)
    datetime.date(2024, 3, 12)
    """
    places = [(URL_DAY, url or ""), (PUBLISHED, page or "")]
    for found in (pattern.search(text) for pattern, text in places):
        if found:
            year, month, day = (int(part) for part in found.groups() if part)
            try:
                return datetime.date(year, month, day)
            except ValueError:  # no day of the calendar
                continue
    return None


def own_address(page: str) -> str | None:
    """The address that a page gives as its own (`rel="canonical"`, `og:url`), None where it gives none.

    >>> own_address('<link rel="canonical" href="https://lomvik-herald.example/news/1">')
    'https://lomvik-herald.example/news/1'
    """
    for tag in ADDRESS_TAG.finditer(page, 0, HEAD_CHARS):
        found = ADDRESS.search(tag[0])
        if found:
            return html.unescape(found[1])
    return None


def _readable(texts: list[str]) -> tuple[str, ...]:
    cleaned = (" ".join(html.unescape(t).split()) for t in texts)
    return tuple(dict.fromkeys(t for t in cleaned if t))


def _article_body(page: str) -> str:
    bodies = []
    at = page.find(ARTICLE_BODY_KEY)
    while at >= 0:
        found = ARTICLE_BODY.match(page, at)
        try:
            bodies += [json.loads(f'"{found[1]}"', strict=False)] if found else []
        except ValueError:  # no string of JSON
            pass
        at = page.find(ARTICLE_BODY_KEY, found.end() if found else at + 1)
    body = max(bodies, key=len, default="")
    return MARKUP.sub(" ", html.unescape(body)) if "<" in body or "&" in body else body
