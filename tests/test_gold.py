"""Labelled rows are read as they were written, and each block gets the label that the gold gives it."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest

from cleaner.authoring.gold import Label, Row, read_rows
from cleaner.segment_html import segment_html
from cleaner.segment_text import segment_text

FIRST = "The bridge over the Skel opened on Monday, two years later than the council had promised."
SECOND = "Mayor Ines Hollund, who had held the scissors, said that nobody was hurt that day."
PAGE = f"<html><body><p>{FIRST}</p><p>Advertisement</p><p>{SECOND}</p></body></html>"


def write(path: Path, *rows: object) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def read(*inputs: Path) -> tuple[list[Row], list[tuple[str, str]]]:
    problems: list[tuple[str, str]] = []
    return list(read_rows([str(i) for i in inputs], lambda name, error: problems.append((name, str(error))))), problems


def labels(row: Row) -> list[Label]:
    assert row.labels is not None
    if isinstance(row.source, str):
        return row.labels(segment_text(row.source))
    return row.labels(segment_html(row.source.decode()))


def test_lines_carry_their_letters(tmp_path: Path) -> None:
    (row,), problems = read(write(tmp_path / "texts.jsonl.gz", {"text": f"{FIRST}\nAdvertisement\n\n{SECOND}", "labels": "bjmm"}))
    assert not problems
    assert labels(row) == [Label.BODY, Label.JUNK, Label.UNSURE]


@pytest.mark.parametrize(
    ("gold", "expected"),
    [
        ({"gold": f"{FIRST}\n{SECOND}"}, [Label.BODY, Label.JUNK, Label.BODY]),
        ({"paragraphs": [FIRST, SECOND]}, [Label.BODY, Label.JUNK, Label.BODY]),
        ({"with": [FIRST[:40]], "without": ["Advertisement"]}, [Label.BODY, Label.JUNK, Label.UNSURE]),
    ],
)
def test_pages_are_compared_with_their_gold(tmp_path: Path, gold: dict[str, object], expected: list[Label]) -> None:
    (row,), _ = read(write(tmp_path / "pages.jsonl", {"html": base64.b64encode(PAGE.encode()).decode(), **gold}))
    assert labels(row) == expected


def test_rows_and_files_without_gold_are_read_too(tmp_path: Path) -> None:
    write(tmp_path / "rows.jsonl", {"text": FIRST})
    (tmp_path / "page.html").write_text(PAGE)
    rows, problems = read(tmp_path)
    assert not problems
    assert [(row.is_html, row.labels) for row in rows] == [(False, None), (True, None)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "is not a labelled row"),
        ("[1]", "one JSON object a line"),
        ("{}", 'give it "text", or "html" in base64'),
        ('{"html": "%"}', "is not base64"),
        ('{"text": "a", "labels": "bb"}', "for each line"),
        ('{"html": "", "gold": "", "with": "a"}', "is a list of strings"),
    ],
)
def test_a_faulty_row_is_told_and_the_rest_is_read(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{line}\n{{"text": "One."}}\n')
    rows, ((name, problem),) = read(path)
    assert (name, len(rows)) == (f"{path}:1", 1)
    assert words in problem


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    rows, ((name, _),) = read(tmp_path)
    assert (rows, name) == ([], str(tmp_path))


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl.xz").write_bytes(b"no archive")
    rows, ((name, _),) = read(tmp_path / "rows.jsonl.xz")
    assert (rows, name) == ([], str(tmp_path / "rows.jsonl.xz"))
