"""Values as lines of JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from json.encoder import encode_basestring
from typing import Any

from cleaner.batch.work import RESULT_COLUMNS


def _in_words(value: object) -> object:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"base64": base64.b64encode(bytes(value)).decode("ascii")}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


# Made once: `json.dumps` makes one for each value.
AS_WRITTEN = json.JSONEncoder(ensure_ascii=False, default=_in_words)
ESCAPED = json.JSONEncoder(default=_in_words)


def to_json(value: object) -> bytes:
    """A value as one line of JSON. Bytes become {"base64": …}, other values that JSON has not their words."""
    try:
        return AS_WRITTEN.encode(value).encode()
    except UnicodeEncodeError:  # half characters, which only an escape can hold
        return ESCAPED.encode(value).encode()


def result_to_json(columns: Mapping[str, Any], prefix: str) -> bytes:
    """The columns of a result (`work.RESULT_COLUMNS`) as `to_json` writes them, in half the time."""
    text, title, confidence, words, removed_words, removed, warnings = columns.values()
    pieces = ", ".join([f'{{"kind": "{p["kind"]}", "pieces": {p["pieces"]}, "words": {p["words"]}}}' for p in removed])
    values = (
        encode_basestring(text), encode_basestring(title), repr(confidence), words, removed_words, pieces,
        ", ".join(map(encode_basestring, warnings)),
    )  # fmt: skip
    try:
        return (_form(prefix) % values).encode()
    except UnicodeEncodeError:
        return to_json(columns)


@cache
def _form(prefix: str) -> str:
    names = [encode_basestring(prefix + name).replace("%", "%%") for name in RESULT_COLUMNS]
    return "{{{}: %s, {}: %s, {}: %s, {}: %d, {}: %d, {}: [%s], {}: [%s]}}".format(*names)
