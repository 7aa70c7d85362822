"""Find out which columns of an input hold the article, its address and its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaner.batch.inputs import Input, Store
from cleaner.batch.read_warc import CHARSET, CONTENT
from cleaner.batch.readers import columns_of
from cleaner.batch.work import Fields
from cleaner.errors import OptionError
from cleaner.files import ReadAs

# Names in the order in which they are looked for; case does not matter.
HTML_NAMES = ("html", "raw_html", "page_html", "html_content", "content_html", "body_html", "page")
TEXT_NAMES = ("text", "raw_text", "article_text", "plain_text", "maintext", "fulltext", "full_text")
EITHER_NAMES = ("content", "body", "article", "document", "raw_content")
URL_NAMES = ("url", "uri", "source_url", "page_url", "requested_url", "final_url", "link", "warc_target_uri")
ID_NAMES = ("id", "_id", "doc_id", "document_id", "article_id", "uuid", "guid")


def find_fields(source: Input, wanted: Fields) -> Fields:
    """The fields of one input. `wanted` holds what the caller named; its `content` is "" where he named none.

    Raises OptionError where no column is known by its name.
    """
    if source.store in (Store.WARC, Store.WACZ):
        return Fields(CONTENT, ReadAs.HTML, "url", "warc_record_id", CHARSET)
    if source.store is Store.ARTICLES:
        return Fields("content", wanted.read_as, None, "path")
    names = columns_of(source)
    found = replace(wanted, url=wanted.url or _named(URL_NAMES, names), id=wanted.id or _named(ID_NAMES, names))
    if wanted.content:
        return found
    for known, read_as in ((HTML_NAMES, ReadAs.HTML), (TEXT_NAMES, ReadAs.TEXT), (EITHER_NAMES, ReadAs.AUTO)):
        name = _named(known, names)
        if name is not None:
            return replace(found, content=name, read_as=read_as if wanted.read_as is ReadAs.AUTO else wanted.read_as)
    if not names:
        return replace(found, content="text")
    raise OptionError(f"{source.name} has no column that is known to hold articles; name one with --field; there are: {', '.join(names)}")


def _named(known: Sequence[str], names: Sequence[str]) -> str | None:
    there = {name.lower(): name for name in reversed(names)}
    return next((there[name] for name in known if name in there), None)
