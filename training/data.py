"""Read the labelled sets into tables: a row a block, its columns, its label, its weight, its site.

The sets are public (see docs/training.md for where they come from) and are found through CLEANER_DATA.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from cleaner import decode as decoding
from cleaner.authoring.gold import Label, label_by_gold, label_by_snippets
from cleaner.block import Document, Medium
from cleaner.features import BlockText
from cleaner.first_cut import FirstCut, first_cut
from cleaner.pipeline import Begun
from cleaner.reading import Reading, read
from cleaner.ruleset import RuleSet
from cleaner.segment_html import segment_html
from cleaner.segment_text import segment_text
from cleaner.title import squash

HTML_SETS = ("fundus_dev", "wcxb_dev", "traf_dev")
TEXT_SETS = ("text_fundus_dev", "text_wcxb_dev")
BODY, JUNK, UNSURE = 1, 0, -1
# Public suffixes of two parts, as far as the sets have them.
TWO_PART = re.compile(r"\.(?:co|com|org|net|gov|ac|edu|go|or|gob)\.[a-z]{2}$")


def data_folder() -> Path:
    """Where the labelled data lies. Raises SystemExit with what to do where it is absent."""
    folder = Path(os.environ.get("CLEANER_DATA", Path(__file__).parent.parent.parent / "shared"))
    if not (folder / "corpus").is_dir():
        raise SystemExit(f"no labelled data in {folder}; see docs/training.md for where it comes from, and set CLEANER_DATA")
    return folder


def stick(name: str) -> ModuleType:
    """A module of the common measuring stick (`corpus`, `metrics`)."""
    folder = str(data_folder() / "eval")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return __import__(name)


@dataclass
class Example:
    """One labelled document: what was read of it, a label (body, junk, unsure) and a weight a block."""

    set: str
    row: dict[str, Any]
    site: str
    cut: FirstCut
    reading: Reading
    labels: np.ndarray
    weights: np.ndarray
    page: str | None

    @property
    def document(self) -> Document:
        return self.reading.document

    @property
    def text(self) -> BlockText:
        return self.reading.text

    @property
    def begun(self) -> Begun:
        """What the pipeline goes on with."""
        return Begun(self.cut.whole, self.page, self.row["url"] or None, self.reading.warnings, self.cut, self.reading)


def site_of(row: dict[str, Any]) -> str:
    """The registrable domain of a row's page, or its id's publisher where it has no address."""
    host = (urlsplit(row["url"] or "").hostname or "").removeprefix("www.")
    if "." not in host:
        return row["url"] or row["id"].split("-", 1)[-1].split(".")[0]
    return ".".join(host.split(".")[-3 if TWO_PART.search(host) else -2 :])


def examples(sets: Sequence[str], rules: RuleSet, limit: int | None = None) -> Iterator[Example]:
    """All documents of the sets that have text, labelled."""
    for name in sets:
        for row in stick("corpus").rows(data_folder() / "corpus", name, limit):
            example = _page(name, row, rules) if "html" in row else stored(name, row, rules)
            if example is not None:
                yield example


def _page(name: str, row: dict[str, Any], rules: RuleSet) -> Example | None:
    page = decoding.decode(row["html"])
    document = segment_html(page)
    if not document.blocks:
        return None
    cut = first_cut(document)
    reading = read(cut.rest, rules, "")
    labels = _gold_labels(reading, row["gold"]) if row["gold"] else _numbers(label_by_snippets(reading.texts, row["with"], row["without"]))
    for i in reading.title.blocks:
        labels[i] = UNSURE
    weights = np.log1p(reading.text.words) + 0.5
    return Example(name, row, site_of(row), cut, reading, labels, weights, page)


def stored(name: str, row: dict[str, Any], rules: RuleSet) -> Example | None:
    """A row of stored text with a label a line, as an example; None where it holds no text."""
    document = segment_text(row["text"])
    if not document.blocks:
        return None
    letters: list[str] = []
    by_line = list(row["labels"])
    starts = np.cumsum([0, *(len(line) + 1 for line in row["text"].split("\n"))])
    for block in document.blocks:
        low = int(np.searchsorted(starts, block.start, side="right")) - 1
        high = int(np.searchsorted(starts, block.end - 1, side="right")) - 1
        found = set(by_line[low : high + 1])
        letters.append(found.pop() if len(found) == 1 else "b" if found == {"b", "m"} else "m")
    labels = np.array([{"b": BODY, "j": JUNK}.get(letter, UNSURE) for letter in letters])
    reading = read(document, rules, "")
    return Example(name, row, site_of(row), first_cut(document), reading, labels, np.log1p(reading.text.words) + 0.5, None)


def _gold_labels(reading: Reading, gold: str) -> np.ndarray:
    """Body where a block's four-word shingles are the gold's, junk where they are not, unsure between.

    Short blocks are body where the gold has them as a line, and body stands near; a copy elsewhere is junk.
    """
    return _drop_copies(_numbers(label_by_gold(reading.texts, gold)), reading)


def _numbers(labels: Sequence[Label]) -> np.ndarray:
    return np.array([{Label.BODY: BODY, Label.JUNK: JUNK, Label.UNSURE: UNSURE}[label] for label in labels])


def _drop_copies(labels: np.ndarray, reading: Reading) -> np.ndarray:
    """Of a text that stands several times, only the copy amid the body is surely body."""
    long_body = np.flatnonzero((labels == BODY) & (reading.text.words >= 15))
    if not len(long_body):
        return labels
    low, high = long_body[0] - 3, long_body[-1] + 6
    counts = Counter(map(squash, reading.texts))
    for i in np.flatnonzero(labels == BODY):
        if not low <= i <= high:
            labels[i] = JUNK if counts[squash(reading.texts[i])] > 1 else UNSURE
    return labels


def is_html(example: Example) -> bool:
    """Whether the example is a page and not a stored text."""
    return example.document.medium is Medium.HTML
