"""Values as lines of JSON, and back. msgspec does it where it is installed; json to the same bytes and values, slower."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

try:
    import msgspec
except ImportError:
    msgspec = None  # type: ignore[assignment]


def _in_words(value: object) -> object:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"base64": base64.b64encode(bytes(value)).decode("ascii")}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


# Made once: `json.dumps` makes one for each value.
AS_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_in_words)
ESCAPED = json.JSONEncoder(separators=(",", ":"), default=_in_words)
FAST_ENCODER = msgspec.json.Encoder() if msgspec else None
FAST_DECODER = msgspec.json.Decoder() if msgspec else None


def to_json(value: object) -> bytes:
    """A value as one line of JSON. Bytes become {"base64": …}, other values that JSON has not their words."""
    try:
        return AS_WRITTEN.encode(value).encode()
    except UnicodeEncodeError:  # half characters, which only an escape can hold
        return ESCAPED.encode(value).encode()


def plain_to_json(columns: Mapping[str, Any]) -> bytes:
    """Strings, numbers, lists and mappings of them as `to_json` writes them, in less time.

    >>> plain_to_json({"clean_text": "One.", "clean_words": 1})
    b'{"clean_text":"One.","clean_words":1}'
    """
    if FAST_ENCODER is not None:
        try:
            return FAST_ENCODER.encode(columns)
        except UnicodeEncodeError:
            pass
    return to_json(columns)


def from_json(data: bytes) -> Any:
    """The value of a line of JSON. Raises what json does where it is none."""
    if FAST_DECODER is not None:
        try:
            return FAST_DECODER.decode(data)
        except (ValueError, RecursionError):  # json takes more: NaN, half characters, numbers beyond all bounds
            pass
    return json.loads(data.decode("utf-8"))
