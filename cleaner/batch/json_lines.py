"""Values as lines of JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from functools import cache
from json.encoder import encode_basestring
from typing import Any

from cleaner.batch.work import RESULT_COLUMNS
from cleaner.native import compiled_lines


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
    """The columns of a result (`work.RESULT_COLUMNS`) as `to_json` writes them, in less time."""
    text, title, confidence, words, removed_words, removed, warnings = columns.values()
    found = (json_string(text), json_string(title), *map(json_string, warnings))
    strings = [string for string in found if string is not None]
    if len(strings) < len(found) or not prefix.isascii():
        return to_json(columns)
    head, second, numbers = _form(prefix)
    pieces = ", ".join([f'{{"kind": "{p["kind"]}", "pieces": {p["pieces"]}, "words": {p["words"]}}}' for p in removed])
    figures = (numbers % (confidence, words, removed_words, pieces)).encode()
    return b"".join((head, strings[0], second, strings[1], figures, b", ".join(strings[2:]), b"]}"))


@cache
def _form(prefix: str) -> tuple[bytes, bytes, str]:
    """What stands before the text, before the title, and between that and the warnings."""
    text, title, *numbers, warnings = (encode_basestring(prefix + name) + ": " for name in RESULT_COLUMNS)
    rest = "".join(f", {name.replace('%', '%%')}{value}" for name, value in zip(numbers, ("%r", "%d", "%d", "[%s]")))
    return f"{{{text}".encode(), f", {title}".encode(), f"{rest}, {warnings.replace('%', '%%')}["


def json_string_in_python(text: str) -> bytes | None:
    """A string as JSON in UTF-8; None where it holds half a character, which only an escape could hold."""
    try:
        return encode_basestring(text).encode()
    except UnicodeEncodeError:
        return None


json_string: Callable[[str], bytes | None] = json_string_in_python if compiled_lines is None else compiled_lines.json_string
