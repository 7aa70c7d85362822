"""Numbers add up, whatever they were cut into; memory has a bound."""

from __future__ import annotations

import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.batch import summary
from cleaner.batch.account import Account, hash_of
from cleaner.batch.summary import LineFiles, SeenLines, Summary, line_files, repeated_lines


def account(site: str = "a.example", words: int = 3) -> Account:
    return Account(site, 10, 2, {("ad", "x-ad"): (1, words), ("boilerplate", ""): (2, 5)}, b"", b"")


def test_what_is_counted() -> None:
    total = Summary()
    total.add([account(), account("b.example", 4)])
    assert (total.documents, total.kept, total.removed, total.doubt) == (2, 20, 17, 4)
    report = total.report([])
    assert report["kinds"] == [{"kind": "boilerplate", "pieces": 4, "words": 10}, {"kind": "ad", "pieces": 2, "words": 7}]
    assert [r["rule"] for r in report["rules"]] == ["scorer", "x-ad"]
    assert report["sites"][0] == {"site": "a.example", "documents": 1, "words_kept": 10, "words_removed": 8, "words_in_doubt": 2}
    assert str(total).startswith("2 documents: 20 words kept, 17 removed (boilerplate 10, ad 7)\nsites with the most words in doubt: ")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=20), st.integers(1, 5))
def test_parts_add_up_to_the_whole(documents: list[tuple[str, int]], size: int) -> None:
    whole, merged = Summary(), Summary()
    for i in range(0, len(documents), size):
        part = Summary(passed={"redirect": 1})
        for site, words in documents[i : i + size]:
            whole.add([account(site, words)])
            part.add([account(site, words)])
        whole.passed["redirect"] = whole.passed.get("redirect", 0) + 1
        merged.merge(vars(part))
    assert vars(merged) == vars(whole)


def test_sites_have_a_bound_and_the_rest_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "MOST_SITES", 3)
    total = Summary()
    for n in range(10):
        total.merge({"sites": {f"{n}.example": [n, 0, 0, 0]}})
    assert len(total.sites) <= 6 and total.dropped_sites == 10 - len(total.sites) and "9.example" in total.sites


LINES = st.lists(st.lists(st.tuples(st.sampled_from("pq"), st.sampled_from("uvwxyz")), unique=True), max_size=12)


@given(LINES, st.integers(1, 40))
def test_repeated_lines_are_counted_exactly_however_many_fit_at_once(documents: list[list[tuple[str, str]]], at_once: int) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(summary, "AT_ONCE", at_once)
        patch.setattr(summary, "LEAST_DOCUMENTS", 2)
        files = []
        for n, lines in enumerate(documents):
            file = LineFiles(Path(name) / f"{n}.lines", Path(name) / f"{n}.hashes")
            file.lines.write_bytes(zlib.compress("\n".join(f"{site}\t{line}" for site, line in lines).encode()))
            np.array([(ord(site) << 40) + ord(line) * 7919 for site, line in lines], "<u8").tofile(file.hashes)
            files.append(file)
        found = repeated_lines(files)
        counts = Counter(line for lines in documents for line in lines)
        assert {(r.site, r.line): r.documents for r in found} == {line: n for line, n in counts.items() if n >= 2}
        assert [r.documents for r in found] == sorted((r.documents for r in found), reverse=True)


@given(LINES, st.integers(0, 3), st.integers(1, 8))
def test_each_repeated_line_has_its_text_in_some_part(parts: list[list[tuple[str, str]]], most_kept: int, bits: int) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(summary, "SEEN_BITS", 2 + bits)
        patch.setattr(summary, "MOST_KEPT", most_kept)
        patch.setattr(summary, "LEAST_DOCUMENTS", 2)
        seen, files = SeenLines(), []
        for n, lines in enumerate(parts):
            said = [f"{site}\t{line}".encode() for site, line in lines]
            hashes = np.array([hash_of(line) for line in said], "<u8").tobytes()
            file = LineFiles(Path(name) / f"{n}.lines", Path(name) / f"{n}.hashes")
            for path, data in zip(file, line_files(b"".join(line + b"\n" for line in said), hashes, seen)):
                path.write_bytes(data)
            files.append(file)
        counts = Counter(line for lines in parts for line in lines)
        assert {(r.site, r.line): r.documents for r in repeated_lines(files)} == {line: n for line, n in counts.items() if n >= 2}
