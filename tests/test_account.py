"""What a document came to: words counted once are those of the text, and the compiled loops write what their twins do."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import native
from cleaner.batch import account, json_lines
from cleaner.batch.work import RESULT_COLUMNS
from cleaner.block import Block
from cleaner.characters import read_characters
from cleaner.features import count_words
from cleaner.result import CleanResult, Role
from cleaner.tally import DOUBT, Removed, Words, sum_blocks, words_of

FIXTURES = sorted(p for p in (Path(__file__).parent.parent / "fixtures").iterdir() if p.suffix in (".txt", ".html"))
TEXTS = st.text(st.sampled_from("ab\"\\\n\t\r\f\b\x00\x1f\x7f é’漢😀\ud83d\u00a0\u2003") | st.characters())
compiled = pytest.mark.skipif(native.compiled_lines is None, reason="the compiled loops were not built here")


def read_again(result: CleanResult) -> Words:
    """Words kept, removed and in doubt, from the texts that the result shows."""
    doubted = [block.text for block in result.blocks if DOUBT[0] <= block.score <= DOUBT[1]]
    texts = [result.text, *(r.text for r in result.removals), *doubted]
    words = [int(n) for n in count_words(read_characters([text or "-" for text in texts]), len(texts))]
    last = 1 + len(result.removals)
    removed: Removed = {}
    for removal, count in zip(result.removals, words[1:last]):
        pieces, before = removed.get((removal.kind, removal.rule), (0, 0))
        removed[removal.kind, removal.rule] = (pieces + 1, before + count)
    return Words(words[0], removed, sum(words[last:]))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: p.name)
def test_words_counted_once_are_those_of_the_text(path: Path) -> None:
    data = path.read_bytes()
    odd = data.decode("utf-8", "replace").replace(" ", "\u00a0 ", 9) + "\n\n日本語のテキスト。abc 漢字漢字\n\nItâ€™s a teâ€™st"
    for result in (cleaner.clean(data), cleaner.clean_text(data), cleaner.clean_text(odd)):
        words = words_of(result)
        assert words == read_again(result)
        told = account.account_of(result, "https://www.a.example/1")
        assert told[:4] == ("a.example", words.kept, words.doubt, words.removed)
        assert words_of(pickle.loads(pickle.dumps(result))) == words


def test_words_of_nothing() -> None:
    assert words_of(cleaner.clean_text("")) == (0, {}, 0)


def test_sites() -> None:
    for url in ("https://www.a.example/x", "http://a.example", "https://A.Example:80/", "https://u@a.example/", "https://www.a.example?x"):
        assert account.site_of(url) == "a.example"
    assert [account.site_of(u) for u in (7, "", "a.example", "https://[x/", "https:///x", "ftp://b.example/")] == ["", "", "", "", "", "b.example"]


def test_lines_are_short_and_stand_once() -> None:
    text = "One  two\nOne two\n\u2003 \nleft out\n" + "x" * 201 + "\n" + " ".join("a" * 26) + "\n" + " ".join("a" * 25)
    blocks = [Block(at, at + len(line), "line") for line, at in zip(text.split("\n"), starts(text))]
    lines, hashes = account.short_lines_in_python(text, blocks, [0, 0, 0, 1, 0, 0, 0], b"s\t", 200, 25)
    assert lines == b"s\tOne two\ns\t" + b" ".join([b"a"] * 25) + b"\n" and len(hashes) == 16
    assert account.hash_of(b"s\tOne two") == int.from_bytes(hashes[:8], "little")


def starts(text: str) -> list[int]:
    found = [0]
    for line in text.split("\n"):
        found.append(found[-1] + len(line) + 1)
    return found


@compiled
@given(st.lists(TEXTS, max_size=9), st.data(), st.sampled_from([b"", b"a.example\t"]))
def test_compiled_lines(texts: list[str], data: st.DataObject, head: bytes) -> None:
    texts = texts + texts[:2]
    text = "\n".join(texts)
    places = [sum(map(len, texts[:i])) + i for i in range(len(texts))]
    blocks = tuple(Block(at, at + len(one), "line") for at, one in zip(places, texts))
    left_out = bytes(data.draw(st.lists(st.integers(0, 1), min_size=len(texts), max_size=len(texts))))
    arguments = (text, blocks, left_out, head, data.draw(st.integers(0, 12)), data.draw(st.integers(0, 4)))
    assert native.compiled_lines.short_lines(*arguments) == account.short_lines_in_python(*arguments)


COUNTED = st.tuples(
    st.integers(0, 9), st.integers(0, 9), st.none() | st.tuples(st.sampled_from(["ad", "nav"]), st.sampled_from(["", "en-x"])),
    st.sampled_from(Role), st.floats(0, 1) | st.sampled_from(DOUBT),
)  # fmt: skip


@compiled
@given(st.lists(COUNTED))
def test_compiled_sums(blocks: list[tuple[int, int, tuple[str, str] | None, Role, float]]) -> None:
    runs, unspaced, verdicts, roles, scores = map(list, zip(*blocks)) if blocks else ([], [], [], [], [])
    gone = {i: verdict for i, verdict in enumerate(verdicts) if verdict is not None}
    arguments = (runs, unspaced, gone, tuple(roles), tuple(scores), Role.BODY, *DOUBT)
    assert native.compiled_lines.sum_blocks(*arguments) == sum_blocks(*arguments)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=2), st.sampled_from(["clean_", "%s", "é"]))
def test_columns_are_written_as_json_writes_them(text: str, title: str, warnings: list[str], prefix: str) -> None:
    values = (text, title, 0.123, 5, 0, [{"kind": "ad", "pieces": 1, "words": 2}] * len(warnings), warnings)
    columns = {prefix + name: value for name, value in zip(RESULT_COLUMNS, values)}
    written = json_lines.plain_to_json(columns)
    assert written == json_lines.to_json(columns) and json.loads(written) == columns


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | TEXTS, lambda v: st.lists(v) | st.dictionaries(TEXTS, v), max_leaves=9)


@given(VALUES, st.booleans())
def test_lines_are_read_as_json_reads_them(value: object, ascii_only: bool) -> None:
    line = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        said = json.loads(line.decode())
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            json_lines.from_json(line)
        return
    assert repr(json_lines.from_json(line)) == repr(said)


@pytest.mark.parametrize("line", [rb'{"a": "\ud83d"}', b"[NaN]", b"[1e999]", b"[-0, -0.0]", b'{"a": 1, "a": 2}', b"[%d]" % 7**99])
def test_what_msgspec_does_not_take(line: bytes) -> None:
    assert repr(json_lines.from_json(line)) == repr(json.loads(line))


@pytest.mark.parametrize("line", [b"", b"{", b'{"a": 1} x', b"\xef\xbb\xbf{}", b'{"a": "\xff"}', b"[" * 100_000])
def test_what_is_no_json(line: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        json_lines.from_json(line)
