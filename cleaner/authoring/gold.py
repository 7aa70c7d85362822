"""Pages and texts to count over, with what is known of them: which of their blocks are body and which are junk."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import lzma
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.block import Document
from cleaner.errors import InputError
from cleaner.files import Report, find_sources, is_folder
from cleaner.title import squash

ROW_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.xz")
TOKEN = re.compile(r"\w+")
# Shares of a block's four-word shingles that the gold must have for body, and at most has for junk.
SHINGLE = 4
BODY_SHARE = 0.8
JUNK_SHARE = 0.2


class Label(StrEnum):
    """What a block is by the gold."""

    BODY = "body"
    JUNK = "junk"
    UNSURE = "unsure"


class Row(NamedTuple):
    """A page or text. `labels` gives one label a block of its document; None where nothing is known."""

    name: str
    source: str | bytes
    is_html: bool | None
    labels: Callable[[Document], list[Label]] | None


def read_rows(inputs: Sequence[str], report: Report) -> Iterator[Row]:
    """Every row of the JSONL files among `inputs` and in their folders, and every page and text beside them.

    A row has `text` and may have `labels`, one letter a line: b body, j junk, m neither; or it has `html` (base64)
    and may have `gold` or `paragraphs`, the body, or `with` and `without`, stretches of body and of junk. What cannot
    be read is given to `report`, and the rest is read still.
    """
    for name in inputs:
        files = sorted(p for p in Path(name).rglob("*.jsonl*") if _has_rows(p.name)) if is_folder(name) else [Path(name)]
        found = [path for path in files if _has_rows(path.name)]
        for path in found:
            try:
                yield from _rows(path, report)
            except (OSError, EOFError, lzma.LZMAError, UnicodeError) as error:
                report(str(path), error)
        if found and (not is_folder(name)):
            continue
        missing = (lambda *_: None) if found else report
        for source in find_sources([name], out=None, report=missing):
            try:
                yield Row(source.name, source.read(), True if source.is_html else None, None)
            except OSError as error:
                report(source.name, error)


def _has_rows(name: str) -> bool:
    return name.endswith(ROW_SUFFIXES)


def _rows(path: Path, report: Report) -> Iterator[Row]:
    opener: Any = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                name = f"{path}:{number}"
                try:
                    yield _row(name, json.loads(line))
                except (InputError, ValueError) as error:
                    report(name, InputError(f"is not a labelled row: {error}"))


def _row(name: str, row: Any) -> Row:
    if not isinstance(row, dict):
        raise InputError("write one JSON object a line")
    if isinstance(text := row.get("text"), str):
        letters = row.get("labels")
        if letters is None:
            return Row(name, text, False, None)
        if not isinstance(letters, (str, list)) or len(letters) != text.count("\n") + 1 or set(letters) - set("bjm"):
            raise InputError('"labels" holds one of the letters b, j and m for each line of "text"')
        by_line = "".join(letters)
        return Row(name, text, False, lambda document: _line_labels(document, by_line))
    if not isinstance(row.get("html"), str):
        raise InputError('give it "text", or "html" in base64')
    try:
        page = base64.b64decode(row["html"], validate=True)
    except binascii.Error as error:
        raise InputError(f'"html" is not base64: {error}') from None
    gold = row.get("gold") or "\n".join(_strings(row, "paragraphs"))
    keep, drop = _strings(row, "with"), _strings(row, "without")
    if isinstance(gold, str) and gold:
        return Row(name, page, True, lambda document: _gold_labels(document, gold))
    return Row(name, page, True, (lambda document: _snippet_labels(document, keep, drop)) if keep or drop else None)


def _strings(row: dict[str, Any], key: str) -> list[str]:
    value = row.get(key) or []
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise InputError(f'"{key}" is a list of strings')
    return value


def _line_labels(document: Document, by_line: str) -> list[Label]:
    """A block's label is that of its lines; unsure where they differ."""
    labels, line, position = [], 0, 0
    for block in document.blocks:
        line += document.text.count("\n", position, block.start)
        position = block.start
        letters = set(by_line[line : line + document.text.count("\n", block.start, block.end) + 1])
        labels.append({"b": Label.BODY, "j": Label.JUNK}.get(letters.pop(), Label.UNSURE) if len(letters) == 1 else Label.UNSURE)
    return labels


def _gold_labels(document: Document, gold: str) -> list[Label]:
    """Body where the gold has the block's words in their order, junk where it has not.

    What stands in the gold and again far from the body is unsure.
    """
    texts = [document.block_text(i) for i in range(len(document.blocks))]
    labels = label_by_gold(texts, gold)
    long = [i for i, label in enumerate(labels) if label is Label.BODY and len(TOKEN.findall(texts[i])) >= 15]
    if long:
        amid = range(long[0] - 3, long[-1] + 7)
        labels = [Label.UNSURE if label is Label.BODY and i not in amid else label for i, label in enumerate(labels)]
    return labels


def label_by_gold(texts: Sequence[str], gold: str) -> list[Label]:
    """What each text is, taken alone: body where the gold has its words in their order, junk where it has not."""
    known = set(_shingles(gold))
    lines, whole = {squash(line) for line in gold.split("\n")}, squash(gold)
    return [_gold_label(text, known, lines, whole) for text in texts]


def _gold_label(text: str, known: set[tuple[str, ...]], lines: set[str], whole: str) -> Label:
    said, tokens = squash(text), TOKEN.findall(text)
    if not said:
        return Label.UNSURE
    if said in lines or (len(tokens) > SHINGLE and said in whole):
        return Label.BODY
    if len(tokens) < SHINGLE:
        return Label.JUNK
    found = _shingles(text)
    share = sum(n for shingle, n in found.items() if shingle in known) / found.total()
    return Label.BODY if share >= BODY_SHARE else Label.JUNK if share <= JUNK_SHARE else Label.UNSURE


def _snippet_labels(document: Document, keep: Sequence[str], drop: Sequence[str]) -> list[Label]:
    return label_by_snippets([document.block_text(i) for i in range(len(document.blocks))], keep, drop)


def label_by_snippets(texts: Sequence[str], keep: Sequence[str], drop: Sequence[str]) -> list[Label]:
    """Body or junk where one of the stretches stands, unsure elsewhere."""
    texts = [" ".join(text.split()) for text in texts]
    labels = [Label.UNSURE] * len(texts)
    for stretches, label in ((keep, Label.BODY), (drop, Label.JUNK)):
        for said in (" ".join(stretch.split()) for stretch in stretches):
            at = [i for i, text in enumerate(texts) if said and said in text]
            # A short stretch that stands in several places names none of them.
            if len(at) == 1 or len(said) > 25:
                for i in at:
                    labels[i] = label
    return labels


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = TOKEN.findall(text)
    return Counter(tuple(tokens[i : i + SHINGLE]) for i in range(max(1, len(tokens) - SHINGLE + 1)))
