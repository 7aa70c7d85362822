"""Site rule files that programs write: the tables as TOML, always in the same order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cleaner.errors import CleanerError

HTML_ORDER = ("body", "title", "byline", "date", "keep", "unwrap", "remove")


def write_tables(
    site: Mapping[str, Any], html: Mapping[str, Sequence[str]], remove: Sequence[Mapping[str, Any]], *, notes: Sequence[str] = ()
) -> str:
    """The text of a site's file. `notes` become comments at its top. Needs tomlkit, from the extra `rules`.

    >>> print(write_tables({"hosts": ["lomvik.example"]}, {"body": ["main"]}, [{"select": "p", "up": 1}], notes=["By hand"]))
    # By hand
    <BLANKLINE>
    [site]
    hosts = ["lomvik.example"]
    <BLANKLINE>
    [html]
    body = ["main"]
    <BLANKLINE>
    [[remove]]
    select = "p"
    up = 1
    <BLANKLINE>
    """
    try:
        import tomlkit
    except ImportError as missing:
        raise CleanerError("writing rule files needs tomlkit: pip install 'article-cleaner[rules]'") from missing
    document = tomlkit.document()
    for note in notes:
        document.add(tomlkit.comment(" ".join(note.split())))
    if notes:
        document.add(tomlkit.nl())
    document.add("site", tomlkit.item(dict(site)))
    if html:
        table = tomlkit.table()
        for key in HTML_ORDER:
            if html.get(key):
                selectors = tomlkit.array()
                selectors.extend(html[key])
                table.add(key, selectors.multiline(len(html[key]) > 1))
        document.add("html", table)
    if remove:
        entries = tomlkit.aot()
        for entry in remove:
            entries.append(tomlkit.item(dict(entry)))
        document.add("remove", entries)
    return tomlkit.dumps(document)
