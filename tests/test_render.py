"""What is left out is left out in one place, and nothing else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.kinds import Kind
from cleaner.removal import Removal
from cleaner.render import kept_pieces, paragraphs, title_text, weave
from cleaner.segment_text import segment_text

SOURCE = "A headline\nFirst words here.\nJunk\nLast\u00a0words."


def cut(source: str, start: int, end: int, replacement: str = "") -> Removal:
    return Removal(Kind.NAV, "", 0.0, start, end, source[start:end], replacement)


def cut_words(*words: str, **replaced: str) -> list[Removal]:
    spans = [(SOURCE.index(word), word, "") for word in words] + [(SOURCE.index(word), word, new) for word, new in replaced.items()]
    return [cut(SOURCE, start, start + len(word), new) for start, word, new in sorted(spans)]


def read(removals: list[Removal], title: tuple[int, ...] = ()) -> list[str]:
    document = segment_text(SOURCE)
    return [p.text for p in paragraphs(document, removals, [i not in title for i in range(len(document.blocks))])]


@st.composite
def sources_with_removals(draw: st.DrawFn) -> tuple[str, list[Removal]]:
    """Any text, and sorted removals that do not overlap but may touch."""
    source = draw(st.text(min_size=1))
    edges = sorted(draw(st.sets(st.integers(0, len(source)))))
    chosen = [draw(st.booleans()) for _ in edges[1:]]
    return source, [cut(source, a, b) for a, b, take in zip(edges, edges[1:], chosen) if take]


@given(sources_with_removals())
def test_kept_and_removed_pieces_are_the_source(case: tuple[str, list[Removal]]) -> None:
    source, removals = case
    assert weave(kept_pieces(source, removals), removals) == source


@given(sources_with_removals())
def test_kept_pieces_lie_outside_the_removals(case: tuple[str, list[Removal]]) -> None:
    source, removals = case
    pieces = kept_pieces(source, removals)
    assert all(text and source[start : start + len(text)] == text for start, text in pieces)
    gone = {i for r in removals for i in range(r.start, r.end)}
    assert [i for start, text in pieces for i in range(start, start + len(text))] == [i for i in range(len(source)) if i not in gone]


def test_nothing_removed_is_one_piece() -> None:
    assert kept_pieces("abc", []) == ((0, "abc"),)
    assert kept_pieces("", []) == ()


def test_everything_removed_is_no_piece() -> None:
    assert kept_pieces("abc", [cut("abc", 0, 2), cut("abc", 2, 3)]) == ()


def test_paragraphs_are_the_blocks_but_the_titles() -> None:
    assert read([]) == ["A headline", "First words here.", "Junk", "Last\u00a0words."]
    assert [(p.block, p.tag) for p in paragraphs(segment_text(SOURCE), [], [False, True, True, True])] == [
        (1, "line"),
        (2, "line"),
        (3, "line"),
    ]


def test_a_removed_block_is_no_paragraph() -> None:
    assert read(cut_words("Junk"), (0,)) == ["First words here.", "Last\u00a0words."]


def test_a_removal_over_several_blocks_takes_them_all() -> None:
    start, end = SOURCE.index("First"), SOURCE.index("Last")
    assert read([cut(SOURCE, start, end)]) == ["A headline", "Last\u00a0words."]


def test_a_cut_span_leaves_the_rest_of_its_block() -> None:
    assert read(cut_words(" words here"), (0,))[0] == "First."
    assert read(cut_words("First "), (0,))[0] == "words here."


def test_a_replacement_stands_where_the_span_stood() -> None:
    removals = [*cut_words("Junk"), *cut_words(**{"\u00a0": " "})]
    assert read(removals, (0,)) == ["First words here.", "Last words."]


def test_the_title_is_read_with_its_repairs() -> None:
    document = segment_text(SOURCE)
    assert title_text(document, 0, cut_words("A ", "Junk")) == "headline"
    assert title_text(document, 3, cut_words("Junk", **{"\u00a0": " "})) == "Last words."
