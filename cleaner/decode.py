"""Turn a page's bytes into text as a browser would: byte order mark, declared charset, then detection.

The labels and what they mean are those of the WHATWG Encoding Standard (through `webencodings`), so that
"iso-8859-1" is read as windows-1252. One step is ours: a page that is valid multi-byte UTF-8 is read as
UTF-8 whatever it declares, since text in another charset practically never is.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

import webencodings

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Browsers look for a declaration in the first 1,024 bytes; pages with long heads put it later.
PRESCAN_BYTES = 8192
DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
DETECT_BYTES = 100_000
ASCII = bytes(range(128))
# Charsets that no page of the web uses, and that detection mistakes others for.
NEVER = [
    "mac_cyrillic",
    "mac_roman",
    "mac_greek",
    "mac_turkish",
    "mac_latin2",
    "mac_iceland",
    "cp037",
    "cp500",
    "cp1140",
    "utf_16_be",
    "utf_16_le",
    "utf_16",
    "utf_7",
]


def decode(data: bytes, *, charset: str | None = None) -> str:
    """Decode `data`; `charset` is what a transport said (a Content-Type header). Never raises for its content.

    >>> decode('<meta charset="iso-8859-1">é €'.encode("cp1252"))[-3:]
    'é €'
    >>> decode("Grüße".encode())
    'Grüße'
    """
    return decode_page(data, charset=charset).text


class Page(NamedTuple):
    """A page's text, without half characters, and the same in UTF-8, which parsers want."""

    text: str
    utf8: bytes


def decode_page(data: bytes, *, charset: str | None = None) -> Page:
    """What `decode` gives, and its UTF-8: for most pages the data itself, which then is not encoded again."""
    text, verbatim = _decoded(data, charset)
    return Page(text, data if verbatim else text.encode("utf-8"))


def encode_page(text: str) -> Page:
    """Text that may hold half characters as a page that does not: "?" stands in their place."""
    try:
        return Page(text, text.encode("utf-8"))
    except UnicodeEncodeError:
        utf8 = text.encode("utf-8", "replace")
        return Page(utf8.decode("utf-8"), utf8)


def _decoded(data: bytes, charset: str | None) -> tuple[str, bool]:
    """The text of `data`, and whether `data` is its UTF-8 for sure."""
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), False
    said = _lookup(charset)
    if said is not None and said.name.startswith("utf-16"):
        return data.decode(said.name, "replace"), False
    encoding = said or declared_encoding(data)
    is_ascii = data.isascii()
    if not is_ascii or encoding is None:
        try:
            return data.decode("utf-8"), True
        except UnicodeDecodeError as error:
            # One broken sequence, or a page cut in the middle of one, does not make it another charset.
            cut_short = error.start >= len(data) - 3 and not data[: error.start].isascii()
            if (encoding is not None and encoding.name == "utf-8") or cut_short or _mostly_utf8(data):
                return data.decode("utf-8", "replace"), False
    if is_ascii and (encoding is None or encoding.name != "iso-2022-jp"):
        return data.decode("ascii"), True
    if encoding is not None and encoding.name != "utf-8":
        text: str = webencodings.decode(data, encoding, "replace")[0]
        return text, False
    return _detect(data), False


def declared_encoding(data: bytes) -> webencodings.Encoding | None:
    """The encoding named in the page's first bytes, or None. UTF-16 declared in ASCII bytes means UTF-8."""
    found = DECLARED.search(data, 0, PRESCAN_BYTES)
    encoding = _lookup(found[1].decode("ascii")) if found else None
    return webencodings.UTF8 if encoding is not None and encoding.name.startswith("utf-16") else encoding


def _lookup(label: str | None) -> webencodings.Encoding | None:
    return webencodings.lookup(label) if label else None


def _mostly_utf8(data: bytes) -> bool:
    """True when nearly all non-ASCII bytes are part of valid UTF-8 sequences."""
    high = len(data[:DETECT_BYTES].translate(None, ASCII))
    bad = data[:DETECT_BYTES].decode("utf-8", "replace").count("\ufffd")
    return bad * 20 < high


def _detect(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:DETECT_BYTES], cp_exclusion=NEVER).best()
    return data.decode(best.encoding if best else "cp1252", "replace")
