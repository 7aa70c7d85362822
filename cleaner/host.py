"""Hosts of URLs, written in one way so that they can be compared."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_name(host: str) -> str:
    """A host or domain in small letters, without a dot at its end, letters outside ASCII as in DNS.

    >>> host_name("Bücher.Example."), host_name("*.lomvik.example")
    ('xn--bcher-kva.example', '*.lomvik.example')
    """
    plain = host.strip().lower().rstrip(".")
    if plain.isascii():
        return plain
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain


def split_url(url: str) -> tuple[str, str]:
    """A URL's host, "" where it has none, and its path. A bare `host/path` counts as a URL.

    >>> split_url("https://News.Lomvik.example:8080/a?b"), split_url("lomvik.example")
    (('news.lomvik.example', '/a'), ('lomvik.example', '/'))
    """
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        return host_name(parts.hostname or ""), parts.path or "/"
    except ValueError:  # brackets that hold no address
        return "", "/"


def levels(host: str) -> list[str]:
    """A host and the domains above it, the nearest first; `www.` is no level.

    >>> levels("www.news.lomvik.example")
    ['news.lomvik.example', 'lomvik.example', 'example']
    """
    labels = host.removeprefix("www.").split(".")
    return [".".join(labels[i:]) for i in range(len(labels))]
